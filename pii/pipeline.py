"""compute(matrix, framework, method) → Scores: one pure function from values to ranks."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pii.errors import DataError
from pii.findings import Finding
from pii.framework import Framework, Language, standing_caveats
from pii.matrix import Array, Matrix
from pii.method import Method, Ties, refuse_misfit
from pii.provinces import ProvinceList
from pii.steps.rank import average_rank, competition_rank, dense_rank, rank_within
from pii.steps.strengths import Sides, furthest, gii_sides, group_sides, unfit
from pii.steps.treat import Treated
from pii.submission import Place
from pii.tree import climb
from pii.tree import effective_weights as effective_weights
from pii.values import (
    Prepared,
    goalposts,
    impossible_divisions,
    normalised_scores,
    prepare,
    treat,
)

RANKS = {"competition": competition_rank, "dense": dense_rank, "average": average_rank}


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything a run computes; arrays are read-only.

    provinces : codes, in the matrix's order
    nodes : printed codes, groups from the index down, then indicators in leaf order
    score, rank, coverage : (provinces, nodes); score NaN where not published; coverage is the
        share (0–1) of the indicators beneath the node that have a value
    prepared : what became of the values before treatment: screened, denominated, imputed
    treated : what treatment did, per indicator
    worst, best : (indicators,) goalposts, in treated units; NaN without data
    normalised : (provinces, indicators), scores of the indicators
    local : (provinces, nodes), weight of each node among its siblings, given or derived
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
    prepared: Prepared
    treated: Treated
    worst: Array
    best: Array
    normalised: Array
    local: Array
    weight: Array
    contribution: Array

    def column(self, node: str) -> int:
        """Position of a node in the arrays."""
        return self.nodes.index(node)


def compute(matrix: Matrix, framework: Framework, method: Method) -> Scores:
    """Screen, denominate, impute, treat, normalise, aggregate up the tree, rank.

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
    prepared = prepare(matrix, framework, method)
    treated = treat(prepared.values, framework, method)
    worst, best = goalposts(treated, framework, method)
    normalised = normalised_scores(treated.values, worst, best, framework, method, matrix.provinces)
    return aggregate(
        matrix.provinces, framework, method, prepared, treated, worst, best, normalised
    )


def aggregate(
    provinces: tuple[str, ...],
    framework: Framework,
    method: Method,
    prepared: Prepared,
    treated: Treated,
    worst: Array,
    best: Array,
    normalised: Array,
    local: Array | None = None,
) -> Scores:
    """Scores, coverage and ranks of every node, and each indicator's part in the index.

    local : (nodes,), weights that are already decided; None: as the method has them
    """
    present = ~np.isnan(normalised)
    counted = present if method.imputation.counts else present & ~prepared.imputed
    tree = climb(provinces, framework, method, normalised, counted, local)
    score = tree.score
    rank = RANKS[method.ties.rank](score.T, tolerance=method.ties.tolerance).T
    weight = effective_weights(framework, method, ~np.isnan(score), tree.local)
    contribution = np.where(present, weight * np.nan_to_num(normalised), 0.0 * weight)
    scores = Scores(
        provinces=provinces,
        nodes=tuple(framework.by_code),
        score=score,
        rank=rank,
        coverage=tree.coverage,
        prepared=prepared,
        treated=treated,
        worst=worst,
        best=best,
        normalised=normalised,
        local=tree.local,
        weight=weight,
        contribution=(
            contribution if is_linear(framework, method) else np.full_like(contribution, np.nan)
        ),
    )
    parts = (part for part in treated if isinstance(part, np.ndarray))
    for array in (
        score, rank, tree.coverage, worst, best, normalised, tree.local, weight,
        scores.contribution, *parts,
    ):  # fmt: skip
        array.setflags(write=False)
    return scores


def computed_findings(
    matrix: Matrix, framework: Framework, method: Method, scores: Scores
) -> Iterator[Finding]:
    """What computing met: units that screening left out, values that could not be divided."""
    prepared, rule = scores.prepared, method.screening
    for i in np.flatnonzero(~prepared.kept).tolist():
        province = matrix.provinces[i]
        shares = {
            "present": prepared.present[i],
            "nonzero": prepared.nonzero[i],
            "least_present": rule.present,
            "least_nonzero": rule.nonzero,
        }
        facts = {key: "–" if np.isnan(x) else f"{100 * x:.4g}" for key, x in shares.items()}
        yield Finding("M101", Place(""), province, facts={"province": province, **facts})
    for i, j, by in impossible_divisions(prepared, matrix, method):
        cell = matrix.variables[by][i]
        found = {
            "found_vi": "trống" if np.isnan(cell.value) else cell.text,
            "found_en": "missing" if np.isnan(cell.value) else cell.text,
        }
        code = framework.codes[j]
        facts = {"code": code, "by": by, **found}
        yield Finding("M102", cell.place, matrix.provinces[i], code, facts)
    for j in np.flatnonzero(~scores.treated.passes).tolist():
        code, treated = framework.codes[j], scores.treated
        shown = {
            "skewness": f"{treated.skewness[1, j]:.3g}",
            "kurtosis": f"{treated.kurtosis[1, j]:.3g}",
        }
        yield Finding("M103", Place(""), "", code, {"code": code, **shown})


def is_linear(framework: Framework, method: Method) -> bool:
    """Whether the index is a weighted sum of indicators, so that each has its points of it."""
    levels = {framework.level(code) for code in framework.children}
    return all(
        method.aggregation[level].linear
        and method.weighted_by(level).rule != "benefit-of-the-doubt"
        for level in levels
    )


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

    @property
    def as_weighted(self) -> Method:
        """The method with the weights that were derived as if they had been given."""
        if not self.method.weighting:
            return self.method
        local = dict(zip(self.scores.nodes, self.scores.local[0].tolist(), strict=True))
        for code, children in self.framework.children.items():
            rule = self.method.weighted_by(self.framework.level(code)).rule
            if rule == "benefit-of-the-doubt":  # every province has its own: none is everybody's
                local |= dict.fromkeys(children, 1.0)
        return replace(self.method, weights=local, weighting={})

    def caveats(self, lang: Language) -> tuple[str, ...]:
        """What every output must say on its face, the label first."""
        return tuple(_caveats(self, lang))


def ranked_within(labels: npt.NDArray[np.str_], scores: Array, ties: Ties) -> Array:
    """(provinces,), ranks by the rule of ties among the provinces of one label."""
    return rank_within(labels, scores, tolerance=ties.tolerance, rank=RANKS[ties.rank])


def sides_of(outcome: Outcome) -> Sides:
    """Strengths and weaknesses (provinces, indicators), by the method's rule."""
    rule, tolerance = outcome.method.strengths, outcome.method.ties.tolerance
    scores = outcome.scores.normalised
    nothing = np.zeros(scores.shape, dtype=bool)
    why = unfit(
        scores, values=rule.values, distinct=rule.distinct, tied=rule.tied, tolerance=tolerance
    )
    usable = why == ""
    match rule.rule:
        case "none":
            return Sides(nothing, nothing)
        case "pii":
            return furthest(scores, count=rule.count, usable=usable, tolerance=tolerance)
        case "gii":
            return gii_sides(
                scores, count=rule.count, usable=usable, tolerance=tolerance, always=rule.always
            )
        case "group":
            labels = np.array(outcome.matrix.labels(rule.group))
            return group_sides(scores, labels, usable=usable)


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
    screened = [
        outcome.name(scores.provinces[i], lang) for i in np.flatnonzero(~scores.prepared.kept)
    ]
    if screened:
        names = ", ".join(screened)
        yield (
            f"Không tính vì thiếu số liệu theo tiêu chí sàng lọc: {names}."
            if vi
            else f"Screened out for lack of data, and not scored: {names}."
        )
    if imputed := int(scores.prepared.imputed.sum()):
        yield (
            f"{imputed} giá trị thiếu được ước lượng."
            if vi
            else f"{imputed} missing values are estimates."
        )
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
