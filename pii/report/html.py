"""Pages that cannot bite: every text escaped, made plain and cut; nothing undefined passes."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from pii.texts import quoted

LONGEST = 4000
"""Characters of one text on a page; no field of ours is longer, somebody else's may be."""


def environment() -> Environment:
    """The templates of this room; each brings its own content security policy."""
    return Environment(
        loader=PackageLoader("pii", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: quoted(value, LONGEST) if type(value) is str else value,
    )
