"""One province in plain Python: the steps of `pii.steps`, for single values under frozen choices.

No numpy: the same lines run on a ministry's server and inside a browser page. That they agree
with `pii.pipeline.compute` is proved by the tests, not assumed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, fsum, inf, isnan, log, log1p, nan, sqrt

from pii.framework import Direction, Framework
from pii.method import Method, Normalisation, RankRule
from pii.steps.means import Pairs, median_of, ordered_mean_of, penalised_mean_of, power_mean_of

LOG_OFFSET = 0.01  # as in pii.steps.treat


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a run froze of one indicator.

    form, low, high, side, parameter : the treatment, as `pii.steps.treat.Treated` has it
    passes : whether its thresholds hold after treatment
    worst, best : goalposts in treated units; NaN where the run had no value
    """

    form: str
    low: float
    high: float
    side: float
    parameter: float
    passes: bool
    worst: float
    best: float


def treated_value(x: float, frozen: Frozen) -> float:
    """`pii.steps.treat.retreated` for one value; NaN stays NaN.

    Where nothing was capped, low and high only record the run's extremes. They are no caps:
    goalposts fixed in advance reach beyond them.

    Raises
    ------
    ValueError
        For an unknown form, or one whose parameter is not given.
    """
    form, p = frozen.form, frozen.parameter
    if isnan(x) or form == "none":
        return x
    low, high, left = frozen.low, frozen.high, frozen.side < 0
    x = min(max(x, low), high)
    if form == "winsorised":
        return x
    if form in ("log_gii", "boxcox", "boxcox_shifted", "sqrt") and isnan(p):
        raise ValueError(f"a treatment of form {form} needs its parameter")
    spread, away = high - low, high - x if left else x - low
    match form:
        case "log":
            t = (x - low) / spread
            y = log((1 - t if left else t) + LOG_OFFSET)
        case "log_gii":
            y = log1p((p - 1) * (away / spread))
        case "log_ct":
            y = log(away + LOG_OFFSET * spread)
        case "boxcox":
            y = _box_cox(low + away if left else x, p)
        case "boxcox_shifted":
            y = _box_cox(away + 1, p)
        case "sqrt":
            y = sqrt(p - x if left else x)
        case _:
            raise ValueError(f"unknown form of treatment: {form}")
    return -y if left else y


def _box_cox(x: float, p: float) -> float:
    return log(x) if p == 0 else (x**p - 1) / p


def normalised_value(
    x: float, frozen: Frozen, rule: Normalisation, direction: Direction = "higher"
) -> float:
    """`pii.steps.normalise` for one treated value, by the rules that need no other province."""
    if rule.rule == "none" or isnan(x):
        return x
    if rule.rule == "upwards":
        return x if direction == "higher" else 0.0 - x
    if isnan(frozen.worst) or isnan(frozen.best):
        return nan
    if frozen.worst == frozen.best:
        return nan if rule.constant is None else rule.constant
    low, high = rule.scale
    share = (x - frozen.worst) / (frozen.best - frozen.worst)
    return min(max(low + (high - low) * share, low), high)


@dataclass(frozen=True, slots=True)
class OneScored:
    """What `pii.pipeline.Scores` holds, for one province.

    score, coverage : by printed code of every node; NaN where not published
    weight, contribution : by code of every indicator, as in `Scores`
    """

    score: Mapping[str, float]
    coverage: Mapping[str, float]
    weight: Mapping[str, float]
    contribution: Mapping[str, float]


def scored(
    values: Sequence[float],
    frozen: Sequence[Frozen],
    framework: Framework,
    method: Method,
    local: Mapping[str, float],
) -> OneScored:
    """Treat, normalise and aggregate one province's values, in leaf order; NaN where missing.

    local : weight of each node among its siblings
    """
    normalised = [
        normalised_value(treated_value(x, one), one, method.normalised_by(i.code), i.direction)
        for x, one, i in zip(values, frozen, framework.indicators, strict=True)
    ]
    return aggregated(normalised, framework, method, local)


def aggregated(
    normalised: Sequence[float],
    framework: Framework,
    method: Method,
    local: Mapping[str, float],
) -> OneScored:
    """Scores and coverage up the tree, and each indicator's part in the index."""
    score = dict(zip(framework.codes, normalised, strict=True))
    coverage = {code: float(not isnan(x)) for code, x in score.items()}
    # What counts for each node: see `pii.pipeline.weighted_leaves`.
    beneath: dict[str, tuple[str, ...]] = {code: (code,) for code in framework.codes}
    for code in framework.bottom_up:
        heavy = [child for child in framework.children[code] if local[child] > 0]
        beneath[code] = tuple(leaf for child in heavy for leaf in beneath[child])
        coverage[code] = fsum(coverage[leaf] for leaf in beneath[code]) / len(beneath[code])
        pairs = [(local[child], score[child]) for child in heavy if not isnan(score[child])]
        rule = method.coverage[framework.level(code)]
        published = coverage[code] >= rule.share - 1e-12 and len(pairs) >= rule.count
        score[code] = _mean(pairs, code, framework, method) if published and pairs else nan
    weight = _effective(score, framework, local)
    linear = all(method.aggregation[framework.level(code)].linear for code in framework.children)
    contribution = {
        code: (0.0 * weight[code] if isnan(score[code]) else weight[code] * score[code])
        if linear
        else nan
        for code in framework.codes
    }
    return OneScored(score, coverage, {c: weight[c] for c in framework.codes}, contribution)


def _mean(pairs: Pairs, code: str, framework: Framework, method: Method) -> float:
    rule = method.aggregation[framework.level(code)]
    match rule.rule:
        case "power":
            return power_mean_of(pairs, rule.power)
        case "median":
            return median_of(pairs)
        case "minimum":
            return min(score for _, score in pairs)
        case "mpi":
            return penalised_mean_of(pairs, downward=rule.downward)
        case "owa":
            return ordered_mean_of(pairs, rule.order)
    raise ValueError(f"{rule.rule} compares provinces with each other; one alone has no score")


def _effective(
    score: Mapping[str, float], framework: Framework, local: Mapping[str, float]
) -> Mapping[str, float]:
    """Local weights multiplied down the tree, those of absent nodes shared out (see pipeline)."""
    weight = {framework.index: nan if isnan(score[framework.index]) else 1.0}
    for code in reversed(framework.bottom_up):
        there = {
            child: 0.0 if isnan(score[child]) else local[child]
            for child in framework.children[code]
        }
        total = fsum(there.values())
        for child, own in there.items():
            weight[child] = weight[code] * (own / total if total > 0 else 0.0)
    return weight


def rank_among(
    score: float, others: Sequence[float], tolerance: float, rule: RankRule = "competition"
) -> float:
    """Rank of a score among others' (NaN: not ranked); chains of ties as in `pii.steps.rank`."""
    if isnan(score):
        return nan
    ordered = sorted((*(x for x in others if not isnan(x)), score), reverse=True)
    # Groups of equals, from the top: a gap above the tolerance begins a new one.
    first, place, groups = 1, 1, 0
    for before, x in zip((inf, *ordered), ordered, strict=False):
        if before - x > tolerance:
            first, groups = place, groups + 1
        if x == score:
            break
        place += 1
    if rule == "dense":
        return float(groups)
    if rule == "competition":
        return float(first)
    last = first
    for before, x in pairwise(ordered[first - 1 :]):
        if before - x > tolerance:
            break
        last += 1
    return (first + last) / 2


def rank_between(score: float, quantiles: Sequence[float], ranked: int) -> tuple[int, int] | None:
    """The best and worst rank a score could have had, where only quantiles of the run are known.

    Among `ranked` scores, the one at place i (0 the lowest) is the quantile i / (ranked − 1).
    None without a score or without quantiles.
    """
    if isnan(score) or not quantiles:
        return None
    steps = len(quantiles) - 1
    below = [k for k, q in enumerate(quantiles) if q < score]
    above = [k for k, q in enumerate(quantiles) if q > score]
    # The values at a whole place up to quantile k are below what lies beyond it, and so on.
    surely_below = int(below[-1] * (ranked - 1) / steps + 1e-9) + 1 if below else 0
    surely_above = ranked - ceil(above[0] * (ranked - 1) / steps - 1e-9) if above else 0
    return surely_above + 1, ranked - surely_below + 1
