"""What the terminal shows of an edition and a run: the league, the tree, the agreement."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from math import fsum

import numpy as np

from pii.framework import Framework, Language
from pii.method import Method
from pii.pipeline import Outcome, effective_weights
from pii.report.numbers import printed
from pii.report.tables import agreement, framework_table, league_order, upper_groups
from pii.report.words import level_word
from pii.texts import quoted


def width(text: str) -> int:
    """Columns a text takes on a terminal: combining marks take none."""
    return sum(not unicodedata.combining(c) for c in unicodedata.normalize("NFC", text))


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """A text filled up with spaces to a number of terminal columns."""
    fill = " " * max(0, columns - width(text))
    return fill + text if right else text + fill


def aligned(rows: Sequence[Sequence[str]], left: frozenset[int]) -> Iterator[str]:
    """Rows with every column as wide as its widest cell; `left` names the columns of text."""
    widths = [max(width(row[j]) for row in rows) for j in range(len(rows[0]))]
    for row in rows:
        cells = [padded(cell, widths[j], right=j not in left) for j, cell in enumerate(row)]
        yield "  ".join(cells).rstrip()


def place_word(outcome: Outcome, lang: Language) -> str:
    """What the ranked places are called: provinces, or units where the framework is any index."""
    if outcome.provinces is None:
        return "Đơn vị" if lang == "vi" else "Unit"
    return "Tỉnh, thành phố" if lang == "vi" else "Province"


def league_lines(outcome: Outcome, lang: Language) -> Iterator[str]:
    """The league table, with what must be said on the face of every output."""
    framework, scores = outcome.framework, outcome.scores
    yield ""
    yield framework.title(lang)
    for caveat in outcome.caveats(lang):
        yield f"  {caveat}"
    yield ""
    groups = upper_groups(framework)
    words = ("Hạng", "Mã") if lang == "vi" else ("Rank", "Code")
    rows = [[*words, place_word(outcome, lang), *(group.code for group in groups)]]
    index = scores.column(framework.index)
    for i in league_order(outcome):
        rank = scores.rank[i, index]
        code = scores.provinces[i]
        name = quoted(outcome.name(code, lang), 60)
        points = (printed(scores.score[i, scores.column(g.code)], 2, lang) for g in groups)
        place = "–" if np.isnan(rank) else f"{rank:.0f}"
        rows.append([place, quoted(code, 60) if outcome.provinces else "", name, *points])
    yield from aligned(rows, frozenset({1, 2}))
    yield ""


def framework_lines(framework: Framework, method: Method, lang: Language) -> Iterator[str]:
    """The tree with local and effective weights in percent, and what is assumed about it."""
    vi = lang == "vi"
    yield framework.title(lang)
    if label := framework.label(lang):
        yield label
    yield ""
    marks = {"verified": "", "paraphrase": "~", "unattested": "?"}
    table = framework_table(framework, method, lang)
    head = (
        ["Mã và tên", "Cục bộ %", "Hiệu dụng %"]
        if vi
        else ["Code and name", "Local %", "Effective %"]
    )
    rows = [head]
    for row in table.to_dict("records"):
        name = f"{'  ' * int(row['depth'])}{row['code']}  {row['name']}{marks[row['attested']]}"
        shares = (printed(100 * float(row[key]), 2, lang) for key in ("local", "effective"))
        rows.append([name if width(name) <= 84 else name[:83] + "…", *shares])
    yield from aligned(rows, frozenset({0}))
    yield ""
    yield (
        "Trọng số hiệu dụng: phần của chỉ số tổng hợp do nút đó quyết định khi đủ số liệu."
        if vi
        else "Effective weight: the share of the index a node decides where nothing is missing."
    )
    for level, rule in method.weighting.items():
        if rule.rule not in ("given", "equal"):
            name = level_word(level, lang)
            yield (
                f"Trọng số dưới cấp {name} được tính từ số liệu ({rule.rule}); ở đây in là bằng "
                "nhau."
                if vi
                else f"Weights beneath a {name} come from {rule.rule} when a run is made; here "
                "they are printed as equal."
            )
    yield from _average_weights(framework, method, lang)
    yield (
        "? tên chưa được nguồn công khai xác nhận; ~ tên diễn đạt lại."
        if vi
        else "? name unattested in public sources; ~ name paraphrased."
    )
    for assumption in framework.assumptions:
        yield ("Giả định: " if vi else "Assumed: ") + assumption.text(lang)


def _average_weights(framework: Framework, method: Method, lang: Language) -> Iterator[str]:
    """How much one indicator weighs on average under each child of the index."""
    weight = effective_weights(framework, method)[0]
    for code in framework.children[framework.index]:
        beneath = [float(weight[j]) for j in framework.leaves[code]]
        mean = printed(100 * fsum(beneath) / len(beneath), 2, lang)
        name = framework.name(code, lang)
        yield (
            f"  {code} ({name}): {len(beneath)} chỉ số, trung bình {mean} % mỗi chỉ số."
            if lang == "vi"
            else f"  {code} ({name}): {len(beneath)} indicators, {mean} % each on average."
        )


def agreement_line(
    outcome: Outcome, published: Mapping[str, int], year: int, lang: Language
) -> str:
    """How the ranks agree with those published for a year, in one sentence."""
    found = agreement(outcome, published)
    rho = printed(found.spearman, 2, lang)
    places = printed(found.mean_difference, 1, lang)
    if lang == "vi":
        return (
            f"So với PII {year} đã công bố: {found.provinces} tỉnh, thành phố biết hạng, "
            f"tương quan hạng Spearman {rho}, lệch trung bình {places} bậc."
        )
    return (
        f"Against the published PII {year}: {found.provinces} provinces with known ranks, "
        f"Spearman's rank correlation {rho}, mean difference {places} places."
    )
