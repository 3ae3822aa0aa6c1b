"""What hangs on suspicious values, in words and as a table; the most urgent first."""

from collections.abc import Mapping, Sequence
from math import isnan, nan

import pandas as pd

from pii.cost import Cost, Standing
from pii.decimals import in_words
from pii.findings import Finding, Severity
from pii.framework import Language
from pii.report.numbers import printed
from pii.report.tables import findings_table

Costs = Mapping[tuple[str, str], Cost]


def most_urgent_first(findings: Sequence[Finding], costs: Costs) -> tuple[Finding, ...]:
    """Findings by what hangs on their cells; those on which nothing can hang last, errors first."""
    order = tuple(Severity)

    def key(finding: Finding) -> tuple[object, ...]:
        cost = costs.get((finding.province, finding.indicator))
        if cost is None or finding.severity is Severity.NOTE:
            return (1, order.index(finding.severity))
        return (0, *(-x for x in cost.urgency))

    return tuple(sorted(findings, key=key))


def cost_words(cost: Cost, lang: Language) -> str:
    """What hangs on a cell, in one line."""
    vi = lang == "vi"
    parts = [_standing("bỏ ô này" if vi else "without the cell", cost.without, lang)]
    if cost.given is not None:
        value = in_words(cost.given.value, lang)
        parts.insert(0, _standing(f"với {value}" if vi else f"with {value}", cost.given, lang))
    for one in cost.corrected:
        value = in_words(one.value, lang)
        parts.append(_standing(f"nếu là {value}" if vi else f"if it is {value}", one, lang))
    others = cost.moved
    parts.append(f"{others} nơi khác đổi hạng" if vi else f"{others} others change rank")
    return "; ".join(parts)


def _standing(head: str, one: Standing, lang: Language) -> str:
    if one.failed:
        return f"{head}: " + ("không tính được" if lang == "vi" else "cannot be scored")
    if isnan(one.score):
        return f"{head}: " + ("không được công bố" if lang == "vi" else "not published")
    rank, points = printed(one.rank, 0), printed(one.score, 2, lang)
    return f"{head}: hạng {rank} ({points})" if lang == "vi" else f"{head}: rank {rank} ({points})"


def costed_table(findings: Sequence[Finding], costs: Costs | None, lang: Language) -> pd.DataFrame:
    """The table of findings, in the order given, with what hangs on each where it was reckoned.

    Further columns value, score_with, rank_with, score_without, rank_without, value_corrected,
    score_corrected, rank_corrected (the first correction), places, points, moved; all missing
    where nothing can hang on the finding.
    """
    frame = findings_table(findings, lang)
    if costs is None:
        return frame
    rows = [_figures(costs.get((f.province, f.indicator))) for f in findings]
    columns = (
        "value", "score_with", "rank_with", "score_without", "rank_without", "value_corrected",
        "score_corrected", "rank_corrected", "places", "points", "moved",
    )  # fmt: skip
    figures = pd.DataFrame(rows, columns=list(columns), dtype="float64")
    for name in ("rank_with", "rank_without", "rank_corrected", "places", "moved"):
        figures[name] = figures[name].astype("Int64")
    return pd.concat([frame, figures], axis=1)


def _figures(cost: Cost | None) -> tuple[float, ...]:
    if cost is None:
        return (nan,) * 11
    given = cost.given or Standing(nan)
    meant = cost.corrected[0] if cost.corrected else Standing(nan)
    return (
        given.value, given.score, given.rank, cost.without.score, cost.without.rank,
        meant.value, meant.score, meant.rank, cost.places, cost.points, cost.moved,
    )  # fmt: skip
