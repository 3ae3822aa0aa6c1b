"""The audit as one self-contained HTML page of plain sentences: no script, no network."""

import re
from base64 import b64encode
from collections.abc import Mapping

from markupsafe import Markup

from pii.audit.sensitivity import Sensitivity
from pii.audit.uncertainty import Uncertainty
from pii.audit.unsampled import Unsampled
from pii.framework import Language
from pii.pipeline import Outcome
from pii.report.audit.sentences import lead, sections
from pii.report.html import environment

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "vi": {
        "audit": "Kiểm định độ vững của thứ hạng",
        "caveats": "Cần biết khi đọc",
        "pictures": "Hình",
        "rest": "Bảng đầy đủ: audit.xlsx, tables/; các hình khác: charts/.",
        "rank-intervals": "Khoảng hạng của từng nơi",
        "sensitivity": "Lựa chọn nào làm hạng thay đổi",
        "correlations": "Tương quan của từng thành phần với các cấp trên nó",
    },
    "en": {
        "audit": "How robust the ranking is",
        "caveats": "To bear in mind",
        "pictures": "Charts",
        "rest": "All tables: audit.xlsx, tables/; further charts: charts/.",
        "rank-intervals": "Range of ranks of each",
        "sensitivity": "Which choice moves the ranks",
        "correlations": "Correlation of each part with what is above it",
    },
}
_SHOWN = ("rank-intervals", "sensitivity", "correlations")
"""Charts at the end of the page: whoever prints the sentences has them on one sheet or two."""


def audit_page(
    outcome: Outcome,
    found: Unsampled,
    uncertainty: Uncertainty,
    sensitivity: Sensitivity | None,
    lang: Language,
    charts: Mapping[str, bytes],
) -> bytes:
    """The page, UTF-8; equal audits give equal bytes.

    charts : SVG by stem
    """
    words, framework = _WORDS[lang], outcome.framework
    label = framework.label(lang)
    text = (
        environment()
        .get_template("audit.html.j2")
        .render(
            lang=lang,
            w=words,
            title=framework.title(lang),
            how=lead(outcome, found.spread, uncertainty, lang),
            label=label,
            sections=sections(outcome, found, uncertainty, sensitivity, lang),
            pictures=[
                {
                    "words": words[stem],
                    "width": _width(charts[stem]),
                    # A picture is no text: it must not be shortened like a name out of a file.
                    "data": Markup(b64encode(charts[stem]).decode("ascii")),
                }
                for stem in _SHOWN
                if stem in charts
            ],
            caveats=outcome.caveats(lang)[1 if label else 0 :],
        )
    )
    return text.encode("utf-8")


def _width(svg: bytes) -> int:
    """How wide a chart is meant to be, in points."""
    found = re.search(rb'<svg[^>]* width="([0-9.]+)pt"', svg)
    assert found is not None
    return int(float(found[1]))
