"""Data frames from an outcome, at full precision; a blank always means "not there", never zero."""

from collections.abc import Iterable, Iterator, Mapping
from math import fsum, nan
from typing import NamedTuple

import numpy as np
import pandas as pd

from pii.findings import Finding
from pii.framework import Framework, Group, Indicator, Language
from pii.method import Method
from pii.pipeline import Outcome, effective_weights, ranked_within, sides_of
from pii.safe import guarded
from pii.submission import Place


def scores_table(outcome: Outcome) -> pd.DataFrame:
    """One row per province and node, provinces in matrix order, nodes from the index down.

    Columns province, node, level, score, rank, coverage (share, 0–1). Score and rank are missing
    where the node is not published.
    """
    scores, framework = outcome.scores, outcome.framework
    count = len(scores.provinces)
    return pd.DataFrame(
        {
            "province": np.repeat(np.array(scores.provinces, dtype=object), len(scores.nodes)),
            "node": list(scores.nodes) * count,
            "level": [framework.level(node) for node in scores.nodes] * count,
            "score": scores.score.ravel(),
            "rank": places(scores.rank.ravel()),
            "coverage": scores.coverage.ravel(),
        }
    )


def indicators_table(outcome: Outcome) -> pd.DataFrame:
    """One row per province and indicator: the way from the cell to the points it adds.

    Columns province, indicator (printed code), id, raw (in the indicator's unit), treated (after
    winsorising in the same unit, after a logarithm in none), normalised (score), weight
    (effective), contribution (points of the index), data_year, status, text (as typed), file,
    sheet, cell, evidence, prepared (what was treated: divided by its denominator or estimated,
    where the method says so), imputed (whether it is an estimate). Figures are missing as in
    `pii.pipeline.Scores`.
    """
    columns = (
        "province", "indicator", "id", "raw", "treated", "normalised", "weight", "contribution",
        "data_year", "status", "text", "file", "sheet", "cell", "evidence", "prepared", "imputed",
    )  # fmt: skip
    frame = pd.DataFrame(_indicator_rows(outcome), columns=list(columns))
    frame["data_year"] = frame["data_year"].astype("Int64")
    return frame


def _indicator_rows(outcome: Outcome) -> Iterator[tuple[object, ...]]:
    matrix, scores = outcome.matrix, outcome.scores
    for i, province in enumerate(matrix.provinces):
        for j, indicator in enumerate(outcome.framework.indicators):
            cell = matrix.observations[i][j]
            yield (
                province, indicator.code, indicator.id, matrix.values[i, j],
                scores.treated.values[i, j], scores.normalised[i, j], scores.weight[i, j],
                scores.contribution[i, j], cell.data_year, cell.status.value, cell.text,
                cell.place.file, cell.place.sheet, cell.place.cell, cell.evidence,
                scores.prepared.values[i, j], bool(scores.prepared.imputed[i, j]),
            )  # fmt: skip


def treatment_table(outcome: Outcome) -> pd.DataFrame:
    """What treatment did, one row per indicator.

    Columns indicator, form (none, winsorised, log), points (values winsorised), low and high
    (caps, or the extremes where nothing was capped, in the unit), side of the long tail where a
    logarithm was taken (1 right, -1 left), skewness and kurtosis before
    and after (missing for constant or very short columns), passes, worst and best (goalposts, in
    treated units), parameter (of the form: Box–Cox's lambda; missing where it has none).
    """
    treated = outcome.scores.treated
    return pd.DataFrame(
        {
            "indicator": list(outcome.framework.codes),
            "form": [str(form) for form in treated.form],
            "points": treated.points,
            "low": treated.low,
            "high": treated.high,
            "side": treated.side,
            "skewness_before": treated.skewness[0],
            "skewness_after": treated.skewness[1],
            "kurtosis_before": treated.kurtosis[0],
            "kurtosis_after": treated.kurtosis[1],
            "passes": treated.passes,
            "worst": outcome.scores.worst,
            "best": outcome.scores.best,
            "parameter": np.full(len(treated.form), nan)
            if treated.parameter is None
            else treated.parameter,
        }
    )


def treated_points_table(outcome: Outcome) -> pd.DataFrame:
    """Every value that winsorising changed: indicator, province, before, after, in the unit.

    Indicators under a logarithm are not listed: there every value changes, and none its order.
    """
    treated, before = outcome.scores.treated, outcome.scores.prepared.values
    capped = (treated.form == "winsorised")[None, :] & (before != treated.values)
    places = np.argwhere(capped & ~np.isnan(before))
    rows = places[np.argsort(places[:, 1], kind="stable")]
    return pd.DataFrame(
        {
            "indicator": [outcome.framework.codes[j] for _, j in rows],
            "province": [outcome.matrix.provinces[i] for i, _ in rows],
            "before": before[rows[:, 0], rows[:, 1]],
            "after": treated.values[rows[:, 0], rows[:, 1]],
        }
    )


def prepared_table(outcome: Outcome) -> pd.DataFrame:
    """Every value that was divided or estimated before treatment.

    Columns indicator, province, step (denomination, imputation), rule (the variable divided by,
    or the rule of imputation), divisor (missing for an estimate), before (missing for an
    estimate), after (missing where it could not be divided).
    """
    matrix, method, prepared = outcome.matrix, outcome.method, outcome.scores.prepared
    rows: list[tuple[object, ...]] = []
    for j, code in enumerate(outcome.framework.codes):
        rule = method.denomination.get(code)
        for i, province in enumerate(matrix.provinces):
            raw, divided = matrix.values[i, j], prepared.denominated[i, j]
            if rule is not None and prepared.kept[i] and not np.isnan(raw):
                divisor = matrix.variables[rule.by][i].value / rule.scale
                rows.append((code, province, "denomination", rule.by, divisor, raw, divided))
            if prepared.imputed[i, j]:
                how, estimate = method.imputation.rule, prepared.values[i, j]
                rows.append((code, province, "imputation", how, nan, nan, estimate))
    columns = ("indicator", "province", "step", "rule", "divisor", "before", "after")
    return pd.DataFrame(rows, columns=list(columns))


def variables_table(outcome: Outcome) -> pd.DataFrame:
    """What travelled beside the data: province, variable, value, text, and where it stands.

    Columns province, variable, value (missing for a group), text, file, sheet, cell.
    """
    rows = [
        (cell.province, code, cell.value, cell.text, *place(cell.place))
        for code, cells in outcome.matrix.variables.items()
        for cell in cells
    ]
    columns = ("province", "variable", "value", "text", "file", "sheet", "cell")
    return pd.DataFrame(rows, columns=list(columns))


def place(where: Place) -> tuple[str, str, str]:
    """File, sheet and cell, as the tables have them."""
    return where.file, where.sheet, where.cell


def screening_table(outcome: Outcome) -> pd.DataFrame:
    """Per province: present, nonzero (shares, 0–1) and kept, as screening judged."""
    prepared = outcome.scores.prepared
    return pd.DataFrame(
        {
            "province": list(outcome.matrix.provinces),
            "present": prepared.present,
            "nonzero": prepared.nonzero,
            "kept": prepared.kept,
        }
    )


def weights_table(outcome: Outcome) -> pd.DataFrame:
    """Local weights as they were used, scaled to sum 1 among siblings.

    Columns node, parent, rule (where the weight comes from), weight; and province where every
    province has weights of its own (else blank: the same for all).
    """
    framework, method, scores = outcome.framework, outcome.method, outcome.scores
    rows: list[tuple[object, ...]] = []
    for parent, children in framework.children.items():
        rule = method.weighted_by(framework.level(parent)).rule
        own = rule == "benefit-of-the-doubt"
        local = scores.local[:, [scores.column(child) for child in children]]
        for i, province in enumerate(scores.provinces if own else ("",)):
            total = fsum(local[i])
            for child, weight in zip(children, local[i], strict=True):
                rows.append((child, parent, rule, weight / total if total else nan, province))
    return pd.DataFrame(rows, columns=["node", "parent", "rule", "weight", "province"])


def strengths_table(outcome: Outcome) -> pd.DataFrame:
    """Which indicators of a province stand out by the method's rule.

    Columns province, indicator, side (strength, weakness), score, rank.
    """
    scores, sides = outcome.scores, sides_of(outcome)
    rows: list[tuple[object, ...]] = []
    for i, province in enumerate(scores.provinces):
        for side, mask in zip(("strength", "weakness"), sides, strict=True):
            for j in np.flatnonzero(mask[i]):
                code = outcome.framework.codes[j]
                at = scores.column(code)
                rows.append((province, code, side, scores.score[i, at], scores.rank[i, at]))
    return pd.DataFrame(rows, columns=["province", "indicator", "side", "score", "rank"])


def group_ranks_table(outcome: Outcome) -> pd.DataFrame:
    """Ranks of the index among the provinces of one label: province, group, rank, of."""
    variable, scores = outcome.method.ties.within, outcome.scores
    labels = np.array(outcome.matrix.labels(variable))
    own = scores.score[:, scores.column(outcome.framework.index)]
    own = np.where(labels == "", nan, own)  # a province without a label is ranked among nobody
    ranks = ranked_within(labels, own, outcome.method.ties)
    count = [int((~np.isnan(own) & (labels == label)).sum()) for label in labels]
    return pd.DataFrame(
        {"province": list(scores.provinces), "group": labels, "rank": places(ranks), "of": count}
    )


def places(ranks: np.ndarray) -> pd.Series:
    """Ranks as whole numbers, where they are: average ranks need not be."""
    column = pd.Series(ranks, dtype="float64")
    return column if (column.dropna() % 1 != 0).any() else column.astype("Int64")


def findings_table(findings: Iterable[Finding], lang: Language) -> pd.DataFrame:
    """One row per finding, in the order given, in that language.

    Columns rule, severity, file, sheet, cell, province, indicator, there, expected, remedy.
    """
    columns = (
        "rule", "severity", "file", "sheet", "cell",
        "province", "indicator", "there", "expected", "remedy",
    )  # fmt: skip
    rows = [
        (
            finding.rule, finding.severity_word(lang), finding.place.file, finding.place.sheet,
            finding.place.cell, finding.province, finding.indicator, *finding.parts(lang),
        )
        for finding in findings
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns))


def upper_groups(framework: Framework) -> tuple[Group, ...]:
    """The groups of the first three levels (index, sub-indices, pillars), level by level."""
    return tuple(
        group for level in framework.levels[:-1][:3] for group in framework.at_level(level)
    )


def league_order(outcome: Outcome) -> tuple[int, ...]:
    """Rows of the matrix by rank of the index, then by code; unpublished provinces last."""
    rank = outcome.scores.rank[:, outcome.scores.column(outcome.framework.index)]
    return tuple(int(i) for i in np.argsort(rank, kind="stable"))


def league_table(outcome: Outcome, lang: Language) -> pd.DataFrame:
    """The ranking: rank, code, name, and a score per node down to the pillars.

    Columns of scores are named by printed code (PII, input, output, 1, 2, …). Ordered by rank,
    then code; provinces without a published index stand at the end, without a rank.
    """
    scores, rows = outcome.scores, list(league_order(outcome))
    codes = [scores.provinces[i] for i in rows]
    rank = scores.rank[rows, scores.column(outcome.framework.index)]
    frame = pd.DataFrame(
        {
            "rank": places(rank),
            "code": codes,
            "name": [outcome.name(code, lang) for code in codes],
        }
    )
    nodes = [group.code for group in upper_groups(outcome.framework)]
    points = scores.score[np.ix_(rows, [scores.column(node) for node in nodes])]
    return pd.concat([frame, pd.DataFrame(points, columns=nodes)], axis=1)


def framework_table(framework: Framework, method: Method, lang: Language) -> pd.DataFrame:
    """The tree, every node before its children.

    Columns code, level, depth (0 for the index), parent, name, unit, direction, attested, weight
    (as the method gives it), local (share among its siblings, 0–1), effective (share of the
    index where nothing is missing, 0–1). Unit and direction are empty for groups.
    """
    columns = (
        "code", "level", "depth", "parent", "name", "unit", "direction", "attested",
        "weight", "local", "effective",
    )  # fmt: skip
    leaf_weight = effective_weights(framework, method)[0]
    rows = []
    for code in framework.top_down:
        node = framework.by_code[code]
        effective = fsum(leaf_weight[j] for j in framework.leaves[code])
        weights = (method.weight(code), _local_share(framework, method, code), effective)
        place = (code, framework.level(code), len(framework.ancestors(code)), node.parent or "")
        measured = (node.unit(lang), node.direction) if isinstance(node, Indicator) else ("", "")
        rows.append((*place, node.name(lang), *measured, node.attested, *weights))
    return pd.DataFrame(rows, columns=list(columns))


def _local_share(framework: Framework, method: Method, code: str) -> float:
    parent = framework.by_code[code].parent
    if parent is None:
        return 1.0
    return method.weight(code) / fsum(method.weight(c) for c in framework.children[parent])


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A frame as CSV: UTF-8 without byte order mark, LF, floats in their shortest exact form.

    What is missing is blank; text is guarded as `pii.safe` says, numbers stay numbers.
    """
    safe = frame.rename(columns=_guarded)
    for place, column in enumerate(safe.columns):
        if not pd.api.types.is_numeric_dtype(safe.dtypes.iloc[place]):
            safe[column] = safe[column].map(_guarded)
    return safe.to_csv(index=False, lineterminator="\n").encode("utf-8", "replace")


def _guarded(value: object) -> object:
    return guarded(value) if isinstance(value, str) else value


class Agreement(NamedTuple):
    """How two rankings of the same provinces agree.

    provinces : how many are in both
    spearman : rank correlation, -1 to 1; NaN for fewer than two, or where one side is all ties
    mean_difference : mean absolute difference of ranks; NaN for none
    """

    provinces: int
    spearman: float
    mean_difference: float


def agreement(outcome: Outcome, published_ranks: Mapping[str, float]) -> Agreement:
    """How the index's ranks agree with published ones, by province code (NaN: not known).

    Only provinces ranked on both sides count, and both sides are ranked anew among them (ties get
    their mean rank), so that gaps in the published list are not taken for disagreement.
    Spearman's coefficient is the correlation of those ranks.
    """
    scores = outcome.scores
    own = pd.Series(
        scores.rank[:, scores.column(outcome.framework.index)], index=list(scores.provinces)
    )
    theirs = pd.Series(dict(published_ranks), dtype="float64").reindex(own.index)
    both = own.notna() & theirs.notna()
    x, y = own[both].rank().to_numpy(), theirs[both].rank().to_numpy()
    count = int(both.sum())
    if count == 0:
        return Agreement(0, nan, nan)
    varied = bool(np.ptp(x) > 0 and np.ptp(y) > 0)
    spearman = float(np.corrcoef(x, y)[0, 1]) if varied else nan
    return Agreement(count, spearman, float(np.abs(x - y).mean()))
