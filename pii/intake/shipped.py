"""Where the files that come with the engine lie: beside the package, or in the environment."""

import sysconfig
from pathlib import Path

from pii.errors import DefinitionError

_USER = sysconfig.get_preferred_scheme("user")


def shipped(name: str) -> Path:
    """Path of a file that ships with the engine, such as "indicators.yaml".

    A source tree keeps it beside the package; an installed wheel puts it under share/pii-vn.
    """
    beside = Path(__file__).resolve().parents[2]
    schemes = ("data", sysconfig.get_default_scheme()), ("data", _USER)
    places = [Path(sysconfig.get_path(*scheme)) for scheme in schemes]
    roots = [folder / "share/pii-vn" for folder in (*places, beside)]
    if (beside / "setup.cfg").is_file():  # a source tree, not somebody else's site-packages
        roots.insert(0, beside)
    for root in roots:
        if (root / name).is_file():
            return root / name
    raise DefinitionError(f"{name} does not come with this installation; name the file yourself")
