"""The page that needs nothing: one HTML file with Python, the engine and a run's reference in it.

A content security policy forbids every load; what the page asks for, it carries.
"""

import gzip
from base64 import b64encode
from collections.abc import Mapping

from markupsafe import Markup

from pii.preview.reference import Reference
from pii.records import as_json
from pii.report.html import environment
from pii.report.page import WORDS

_SHARED = ("score", "rank", "value")


def offline_page(reference: Reference, files: Mapping[str, bytes], abi: str) -> bytes:
    """The page as one HTML file, UTF-8; equal inputs give equal bytes.

    files : Pyodide's files and `engine.zip`, by name
    abi : the binary interface that this Pyodide declares
    """
    framework = reference.framework
    parts = {**files, "reference.json": as_json(reference).encode()}
    text = (
        environment()
        .get_template("offline/page.html.j2")
        .render(
            title_vi=framework.title_vi,
            title_en=framework.title_en,
            label_vi=framework.label_vi,
            label_en=framework.label_en,
            run=reference.run,
            open=not reference.closed,
            abi=abi,
            words={lang: {word: WORDS[lang][word] for word in _SHARED} for lang in WORDS},
            parts=[(name, _packed(data)) for name, data in parts.items()],
        )
    )
    return text.encode("utf-8")


def _packed(data: bytes) -> Markup:
    # Letters, digits and + / = alone: nothing to escape, and not to be cut like a text.
    return Markup(b64encode(gzip.compress(data, 9, mtime=0)).decode("ascii"))
