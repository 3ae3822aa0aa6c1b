"""The audit as one self-contained HTML page of plain sentences: no script, no network."""

from base64 import b64encode
from collections.abc import Mapping

from markupsafe import Markup

from pii.audit.sensitivity import Sensitivity
from pii.audit.uncertainty import Uncertainty
from pii.audit.unsampled import Unsampled
from pii.framework import Language
from pii.pipeline import Outcome
from pii.report.audit.sentences import sections
from pii.report.html import environment
from pii.report.intervals import counted

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "vi": {
        "audit": "Kiểm định độ vững của thứ hạng",
        "caveats": "Cần biết khi đọc",
        "rest": "Bảng đầy đủ: audit.xlsx, tables/; các hình khác: charts/.",
        "rank-intervals": "Khoảng hạng của từng nơi: 90 % lần thử, và mọi bộ trọng số trong phạm "
        "vi.",
        "sensitivity": "Lựa chọn nào làm hạng thay đổi (chỉ số Sobol').",
        "correlations": "Tương quan của từng thành phần với các cấp trên nó.",
    },
    "en": {
        "audit": "How robust the ranking is",
        "caveats": "To bear in mind",
        "rest": "All tables: audit.xlsx, tables/; further charts: charts/.",
        "rank-intervals": "Range of ranks of each: 90 % of the draws, and all admissible weights.",
        "sensitivity": "Which choice moves the ranks (Sobol' indices).",
        "correlations": "Correlation of each part with what is above it.",
    },
}
_UNDER = {"rank-intervals": 0, "sensitivity": 1, "correlations": 3}
"""Under which section a chart stands."""


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
    told = sections(outcome, found, uncertainty, sensitivity, lang)
    how = (
        f"{counted(uncertainty.draws, lang)} lần thử, hạt giống {uncertainty.seed}"
        if lang == "vi"
        else f"{counted(uncertainty.draws, lang)} draws, seed {uncertainty.seed}"
    )
    text = (
        environment()
        .get_template("audit.html.j2")
        .render(
            lang=lang,
            w=words,
            title=framework.title(lang),
            how=how,
            label=label,
            sections=told,
            pictures=[
                {
                    "under": min(under, len(told) - 1),
                    "words": words[stem],
                    # A picture is no text: it must not be shortened like a name out of a file.
                    "data": Markup(b64encode(charts[stem]).decode("ascii")),
                }
                for stem, under in _UNDER.items()
                if stem in charts
            ],
            caveats=outcome.caveats(lang)[1 if label else 0 :],
        )
    )
    return text.encode("utf-8")
