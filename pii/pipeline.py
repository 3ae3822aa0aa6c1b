"""compute(matrix, framework, method) → Scores: one pure function from values to ranks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import fsum

import numpy as np
import numpy.typing as npt

from pii.errors import DataError
from pii.findings import Finding
from pii.framework import Framework, Language, standing_caveats
from pii.matrix import Array, Matrix
from pii.method import Method, refuse_misfit
from pii.provinces import ProvinceList
from pii.steps.aggregate import covered, power_mean
from pii.steps.normalise import (
    between_goalposts,
    borda,
    distance_to_best,
    fractions_of_best,
    observed_goalposts,
    percentile_ranks,
    rank_scores,
    z_scores,
)
from pii.steps.rank import competition_rank
from pii.steps.treat import Treated, gii_treatment, no_treatment


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything a run computes; arrays are read-only.

    provinces : codes, in the matrix's order
    nodes : printed codes, groups from the index down, then indicators in leaf order
    score, rank, coverage : (provinces, nodes); score NaN where not published; coverage is the
        share (0–1) of the indicators beneath the node that have a value
    treated : what treatment did, per indicator
    worst, best : (indicators,) goalposts, in treated units; NaN without data
    normalised : (provinces, indicators), scores of the indicators
    weight : (provinces, indicators), effective weight in the index as it was for that province:
        local weights multiplied down the tree, those of absent nodes shared out among their
        present siblings; 0 where the indicator took no part; NaN where no index is published
    contribution : (provinces, indicators), points each indicator adds to the index; they sum to
        the index. NaN where a mean on the way is not arithmetic
    """

    provinces: tuple[str, ...]
    nodes: tuple[str, ...]
    score: Array
    rank: Array
    coverage: Array
    treated: Treated
    worst: Array
    best: Array
    normalised: Array
    weight: Array
    contribution: Array

    def column(self, node: str) -> int:
        """Position of a node in the arrays."""
        return self.nodes.index(node)


def compute(matrix: Matrix, framework: Framework, method: Method) -> Scores:
    """Treat, normalise, aggregate up the tree, rank.

    Pure: reads no file, changes nothing it is given.

    Raises
    ------
    DefinitionError
        Where the method does not fit the framework.
    DataError
        Where an indicator cannot be scored, naming it and the remedy.
    """
    refuse_misfit(method, framework)
    if matrix.indicators != framework.codes:
        raise DataError(
            "the matrix has other columns than the framework; "
            "build it with assemble(submissions, framework)"
        )
    treated = treat(matrix, framework, method)
    worst, best = goalposts(treated, framework, method)
    normalised = normalise(treated.values, worst, best, framework, method)
    return aggregate(matrix.provinces, framework, method, treated, worst, best, normalised)


def treat(matrix: Matrix, framework: Framework, method: Method) -> Treated:
    """Tame outliers as the method says; indicators with fixed goalposts stay as they are."""
    rule = method.treatment
    if rule.rule == "none":
        return no_treatment(matrix.values)
    return gii_treatment(
        matrix.values,
        skewness_limit=rule.skewness,
        kurtosis_limit=rule.kurtosis,
        points=rule.points,
        exempt=np.array([code in method.goalposts for code in framework.codes]),
    )


def goalposts(treated: Treated, framework: Framework, method: Method) -> tuple[Array, Array]:
    """What scores worst and best, in treated units: fixed in advance, else the data's extremes."""
    higher = np.array([indicator.direction == "higher" for indicator in framework.indicators])
    worst, best = observed_goalposts(treated.values, higher)
    for j, code in enumerate(framework.codes):
        if code in method.goalposts:
            worst[j], best[j] = method.goalposts[code].worst, method.goalposts[code].best
    return worst, best


def normalise(
    values: Array, worst: Array, best: Array, framework: Framework, method: Method
) -> Array:
    """Scores of the indicators, by the method's rule; the values themselves under rule `none`."""
    rule = method.normalisation
    if rule.rule == "none":
        return values
    flat = [code for code, w, b in zip(framework.codes, worst, best, strict=True) if w == b]
    if flat:
        raise DataError(
            f"{', '.join(flat)}: there is only one value, or every province has the same, so "
            "provinces cannot be told apart. Give the indicator fixed goalposts in the method "
            "(with min-max), or leave it out of the framework"
        )
    higher = np.array([indicator.direction == "higher" for indicator in framework.indicators])
    match rule.rule:
        case "min-max":
            return between_goalposts(values, worst, best, scale=rule.scale)
        case "z-score":
            return z_scores(values, higher, mean=rule.mean, sd=rule.sd)
        case "rank":
            return rank_scores(values, higher)
        case "borda":
            return borda(values, higher)
        case "percentile":
            return percentile_ranks(values, higher)
        case "distance-to-best":
            return distance_to_best(values, higher)
        case "fraction-of-best":
            try:
                return fractions_of_best(values, higher)
            except ValueError as error:
                raise DataError(f"fraction-of-best: {error}; choose another rule") from None


def aggregate(
    provinces: tuple[str, ...],
    framework: Framework,
    method: Method,
    treated: Treated,
    worst: Array,
    best: Array,
    normalised: Array,
) -> Scores:
    """Scores, coverage and ranks of every node, and each indicator's part in the index."""
    nodes = tuple(framework.by_code)
    column = {code: j for j, code in enumerate(nodes)}
    shape = (len(provinces), len(nodes))
    score, coverage = np.full(shape, np.nan), np.full(shape, np.nan)
    present = ~np.isnan(normalised)
    for code, leaves in weighted_leaves(framework, method).items():
        coverage[:, column[code]] = present[:, list(leaves)].mean(axis=1)
    for j, code in enumerate(framework.codes):
        score[:, column[code]] = normalised[:, j]
    for code in framework.bottom_up:
        heavy = [child for child in framework.children[code] if method.weight(child) > 0]
        children = [column[child] for child in heavy]
        level = framework.level(code)
        rule = method.coverage[level]
        weights = np.array([method.weight(child) for child in heavy])
        published = covered(
            coverage[:, column[code]],
            (~np.isnan(score[:, children])).sum(axis=1),
            share=rule.share,
            count=rule.count,
        )
        try:
            score[:, column[code]] = power_mean(
                score[:, children], weights, power=method.power[level], published=published
            )
        except (ValueError, ArithmeticError) as error:
            raise DataError(f"{code}: {error}; choose another power for level {level}") from None
    rank = competition_rank(score.T, tolerance=method.ties.tolerance).T
    weight = effective_weights(framework, method, ~np.isnan(score))
    linear = all(method.power[framework.level(code)] == 1 for code in framework.children)
    contribution = np.where(present, weight * np.nan_to_num(normalised), 0.0 * weight)
    scores = Scores(
        provinces=provinces,
        nodes=nodes,
        score=score,
        rank=rank,
        coverage=coverage,
        treated=treated,
        worst=worst,
        best=best,
        normalised=normalised,
        weight=weight,
        contribution=contribution if linear else np.full_like(contribution, np.nan),
    )
    parts = (part for part in treated if isinstance(part, np.ndarray))
    for array in (
        score, rank, coverage, worst, best, normalised, weight, scores.contribution, *parts
    ):  # fmt: skip
        array.setflags(write=False)
    return scores


def weighted_leaves(framework: Framework, method: Method) -> Mapping[str, tuple[int, ...]]:
    """Columns that count for each node: those it reaches through weights above zero.

    An indicator without weight decides nothing, so it can neither cover nor uncover its parents.
    """
    leaves: dict[str, tuple[int, ...]] = {code: (j,) for j, code in enumerate(framework.codes)}
    for code in framework.bottom_up:
        heavy = [child for child in framework.children[code] if method.weight(child) > 0]
        leaves[code] = tuple(j for child in heavy for j in leaves[child])
    return leaves


def effective_weights(
    framework: Framework, method: Method, published: npt.NDArray[np.bool_] | None = None
) -> Array:
    """Local weights multiplied down the tree.

    published : (provinces, nodes), whether each node has a score; None: as if all had.
    Returns (provinces, indicators), or (1, indicators) without `published`. Each row sums to 1;
    NaN where the index itself is not published.
    """
    nodes = tuple(framework.by_code)
    column = {code: j for j, code in enumerate(nodes)}
    if published is None:
        published = np.ones((1, len(nodes)), dtype=bool)
    weight = np.zeros(published.shape)
    weight[:, column[framework.index]] = np.where(
        published[:, column[framework.index]], 1.0, np.nan
    )
    for code in reversed(framework.bottom_up):
        children = framework.children[code]
        at = [column[child] for child in children]
        local = np.array([method.weight(child) for child in children]) * published[:, at]
        total = np.array([[fsum(row)] for row in local])
        share = np.divide(local, total, out=np.zeros_like(local), where=total > 0)
        weight[:, at] = weight[:, [column[code]]] * share
    return weight[:, [column[code] for code in framework.codes]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One scored edition with all that its outputs must say.

    provinces : the list that counts, or None where the framework ranks any units by name
    findings : of all submissions, in order
    left_out : codes of provinces whose errors kept them out (`--skip-invalid`)
    unread : files or rows that could not be taken for any province's submission (likewise)
    """

    framework: Framework
    method: Method
    provinces: ProvinceList | None
    matrix: Matrix
    scores: Scores
    findings: tuple[Finding, ...]
    left_out: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    def name(self, code: str, lang: Language) -> str:
        """Name of a province; the code itself where there is no list."""
        province = self.provinces.by_code.get(code) if self.provinces else None
        return province.name(lang) if province else code

    def caveats(self, lang: Language) -> tuple[str, ...]:
        """What every output must say on its face, the label first."""
        return tuple(_caveats(self, lang))


def _caveats(outcome: Outcome, lang: Language) -> Iterator[str]:
    vi = lang == "vi"
    framework, scores = outcome.framework, outcome.scores
    if label := framework.label(lang):
        yield label
    ranked = int((~np.isnan(scores.score[:, scores.column(framework.index)])).sum())
    total = len(outcome.provinces) if outcome.provinces else len(scores.provinces)
    if ranked < total:
        yield (
            f"Xếp hạng {ranked} trên {total} tỉnh, thành phố."
            if vi
            else f"{ranked} of {total} provinces are ranked."
        )
    if outcome.left_out:
        names = ", ".join(outcome.name(code, lang) for code in outcome.left_out)
        yield (
            f"Bị loại vì bài nộp có lỗi: {names}."
            if vi
            else f"Left out because their submissions have errors: {names}."
        )
    if outcome.unread:
        files = ", ".join(outcome.unread)
        yield f"Không đọc được, không tính: {files}." if vi else f"Not read, not counted: {files}."
    unseen = [
        group.code
        for group in framework.groups
        if np.isnan(scores.score[:, scores.column(group.code)]).all()
    ]
    if unseen:
        yield (
            f"Không đủ độ phủ để công bố cho bất kỳ nơi nào: {', '.join(unseen)}."
            if vi
            else f"Covered too thinly to be published for anyone: {', '.join(unseen)}."
        )
    passes = zip(framework.codes, scores.treated.passes, strict=True)
    yield from standing_caveats(framework, [code for code, ok in passes if not ok], lang)
