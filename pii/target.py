"""The smallest sets of changes that reach a target, over what a province itself can move.

An index of arithmetic means is a weighted sum of the scores that are present, so the question is
an integer programme: which indicators, and how far. A missing value is no candidate: filling it
in changes every weight beside it; `pii whatif` shows what that does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, expm1, isnan, nan, sqrt

import numpy as np

from pii.errors import DataError, RefusedError
from pii.preview.estimate import Origin, Preview, Row, preview
from pii.preview.one import Frozen, normalised_value, treated_value
from pii.preview.reference import Reference
from pii.preview.whatif import changed
from pii.submission import Submission


@dataclass(frozen=True, slots=True)
class Step:
    """One change of an answer.

    effort : in the unit of effort of that indicator (its standard deviation, or a yearly step)
    points : what it adds to the index, made alone
    """

    code: str
    value: float
    was: float
    effort: float
    points: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A set of changes that reaches the target, and from which none can be left out.

    score, rank : of the index once all are made; total : the sum of efforts
    """

    steps: tuple[Step, ...]
    total: float
    score: float
    rank: float


@dataclass(frozen=True, slots=True)
class Targeted:
    """What was asked, and what reaches it: smallest sets first.

    goal : the score of the index asked for, or NaN where indicators above the mean were
    now : score of the index as submitted
    limit : the highest score that all own indicators together could reach within `reach` of effort
    answers : () where the target is reached already (`done`), or cannot be by own indicators alone
    blank : codes of own indicators without a usable value, which are no candidates
    above : how many indicators are above the mean asked for, now, and at most by own indicators;
        None where a score was asked for
    """

    goal: float
    now: float
    limit: float
    done: bool
    answers: tuple[Answer, ...]
    blank: tuple[str, ...] = ()
    above: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Move:
    """How far one indicator can go: scores from `low` (now) to `high`, each worth `weight`."""

    code: str
    was: float
    low: float
    high: float
    weight: float
    effort: Callable[[float], float]
    value: Callable[[float], float]

    @property
    def room(self) -> float:
        return self.weight * (self.high - self.low)


def spreads(reference: Reference) -> Mapping[str, float]:
    """One unit of effort per indicator: the standard deviation (n − 1) over the run's provinces.

    NaN with fewer than two values.

    Raises
    ------
    DataError
        For a reference that withholds the figures of provinces.
    """
    if reference.closed:
        raise DataError("effort is measured in the provinces' spread; name the run folder itself")
    columns = zip(*reference.raw, strict=True)
    return dict(zip(reference.framework.codes, map(_deviation, columns), strict=True))


def _deviation(column: Sequence[float]) -> float:
    values = [x for x in column if not isnan(x)]
    if len(values) < 2:
        return nan
    mean = sum(values) / len(values)
    return sqrt(sum((x - mean) ** 2 for x in values) / (len(values) - 1))


def yearly_steps(
    earlier: Mapping[tuple[str, str], float], reference: Reference
) -> Mapping[str, float]:
    """One unit of effort per indicator: the median absolute change since the year before.

    earlier : by (province, indicator code); NaN where no province has both years, or none moved
    """
    steps: dict[str, float] = {}
    for j, code in enumerate(reference.framework.codes):
        moved = sorted(
            abs(row[j] - earlier[province, code])
            for province, row in zip(reference.provinces, reference.raw, strict=True)
            if (province, code) in earlier and not isnan(row[j])
        )
        middle = moved[len(moved) // 2] if moved else nan
        steps[code] = middle if middle > 0 else nan
    return steps


def reach_score(
    submission: Submission,
    reference: Reference,
    goal: float,
    units: Mapping[str, float],
    *,
    reach: float,
    answers: int = 3,
) -> Targeted:
    """The smallest sets of changes with which the index is at least `goal`.

    units : one unit of effort per indicator code, in the indicator's unit; NaN: it cannot move
    reach : the most units that one indicator can move

    Raises
    ------
    DataError
        Where the index is no weighted sum, or has no score to start from.
    """
    _refuse_what_is_not_linear(reference)
    now = preview(submission, reference)
    score = now.standing(reference.framework.index).score
    if isnan(score):
        raise RefusedError(
            "chưa đủ số liệu nên chưa có điểm tổng hợp; xem còn thiếu gì: pii preview",
            "the index has no score yet: too few values; see `pii preview`",
        )
    moves = _moves(now, reference, units, reach)
    limit = score + sum(move.room for move in moves)
    if score >= goal:
        return Targeted(goal, score, limit, True, (), _blank(now))
    sets = _smallest_sets(moves, goal - score, answers)
    found = tuple(_answer(submission, reference, _spent(one, goal - score)) for one in sets)
    return Targeted(goal, score, limit, False, found, _blank(now))


def score_of_rank(submission: Submission, reference: Reference, rank: int) -> float:
    """The least score of the index with which the province would have had that rank or better.

    Raises
    ------
    DataError
        For a rank that the run does not have, or a reference without the others' scores.
    """
    if reference.closed:
        raise DataError("a rank needs the others' scores; name the run folder itself")
    k = reference.nodes.index(reference.framework.index)
    rows = zip(reference.provinces, reference.score, strict=True)
    others = sorted(
        (row[k] for who, row in rows if who != submission.province and not isnan(row[k])),
        reverse=True,
    )
    if not 1 <= rank <= len(others) + 1:
        most = len(others) + 1
        raise RefusedError(
            f"lần tính xếp hạng {most} nơi, nên hạng là từ 1 đến {most}",
            f"the run ranks {most}, so a rank is 1 to {most}",
        )
    return others[rank - 1] if rank <= len(others) else -np.inf


def reach_means(
    submission: Submission,
    reference: Reference,
    count: int,
    units: Mapping[str, float],
    *,
    reach: float,
) -> Targeted:
    """The least effort with which `count` indicators score above the mean of the run.

    One answer: the cheapest indicators to lift, which no other set of that size undercuts.
    """
    now = preview(submission, reference)
    framework = reference.framework
    above = [c for c in framework.codes if (s := now.standing(c)).score > s.mean]
    score = now.standing(framework.index).score
    lifts = []
    for move in _moves(now, reference, units, reach, weighted=False):
        mean = now.standing(move.code).mean
        if move.code not in above and mean < move.high:
            just = mean + 1e-6 * (move.high - move.low)  # above, not level with it
            lifts.append((move.effort(just), move.code, move, just))
    needed = count - len(above)
    counts = count, len(above), len(above) + len(lifts)
    if not 0 < needed <= len(lifts):
        return Targeted(nan, score, nan, needed <= 0, (), _blank(now), counts)
    cheapest = [(move, just) for _, _, move, just in sorted(lifts, key=lambda x: x[:2])[:needed]]
    answer = _answer(submission, reference, cheapest)
    return Targeted(nan, score, nan, False, (answer,), _blank(now), counts)


def _blank(now: Preview) -> tuple[str, ...]:
    return tuple(
        row.indicator.code
        for row in now.rows
        if row.indicator.supplier == "province" and not _usable(row)
    )


def _usable(row: Row) -> bool:
    return row.origin in (Origin.OWN, Origin.CENTRAL, Origin.CARRIED)


def _refuse_what_is_not_linear(reference: Reference) -> None:
    framework, method = reference.framework, reference.method
    if not all(method.aggregation[framework.level(code)].linear for code in framework.children):
        raise RefusedError(
            "lần tính này không lấy trung bình cộng ở mọi cấp nên không giải mục tiêu được; hãy "
            "thử giá trị bằng `pii whatif`",
            "a target is solved exactly where every level is an arithmetic mean; this run has "
            "another mean: try values with `pii whatif`",
        )


def _moves(
    now: Preview,
    reference: Reference,
    units: Mapping[str, float],
    reach: float,
    *,
    weighted: bool = True,
) -> list[_Move]:
    moves = []
    for row, frozen in zip(now.rows, reference.frozen, strict=True):
        code, unit = row.indicator.code, units[row.indicator.code]
        own = row.indicator.supplier == "province"
        if not own or not _usable(row) or isnan(unit) or isnan(row.score):
            continue
        sign = 1.0 if row.indicator.direction == "higher" else -1.0
        low, high = row.indicator.bounds
        end = row.value + sign * reach * unit
        if high is not None:
            end = min(end, high)
        if low is not None:
            end = max(end, low)
        rule = reference.method.normalised_by(code)
        most = normalised_value(treated_value(end, frozen), frozen, rule)
        if most > row.score and (row.weight > 0 or not weighted):
            scale = rule.scale if rule.rule == "min-max" else None
            value = _value_of(frozen, scale)
            effort = _effort_of(value, row.value, unit)
            moves.append(_Move(code, row.value, row.score, most, row.weight, effort, value))
    return moves


def _effort_of(
    value: Callable[[float], float], was: float, unit: float
) -> Callable[[float], float]:
    """Units of effort from where the value stands to a score.

    A value below the worst goalpost scores what the goalpost does, so the way there comes first.
    """
    return lambda score: abs(value(score) - was) / unit


def _value_of(frozen: Frozen, scale: tuple[float, float] | None) -> Callable[[float], float]:
    """From a score back to the value that has it: the inverse of treatment and min-max."""

    def value(score: float) -> float:
        t = score
        if scale is not None:
            low, high = scale
            t = frozen.worst + (frozen.best - frozen.worst) * (score - low) / (high - low)
        return untreated_value(t, frozen)

    return value


def untreated_value(y: float, frozen: Frozen) -> float:
    """The value of which `treated_value` is y, between the caps; each form keeps the order.

    Raises
    ------
    ValueError
        For an unknown form.
    """
    if frozen.form in ("none", "winsorised"):
        return y
    low, high, p, left = frozen.low, frozen.high, frozen.parameter, frozen.side < 0
    spread, z = high - low, -y if left else y
    match frozen.form:
        case "log":
            away = (exp(z) - 0.01) * spread
        case "log_gii":
            away = expm1(z) / (p - 1) * spread
        case "log_ct":
            away = exp(z) - 0.01 * spread
        case "boxcox":
            away = (exp(z) if p == 0 else (p * z + 1) ** (1 / p)) - low
        case "boxcox_shifted":
            away = (exp(z) if p == 0 else (p * z + 1) ** (1 / p)) - 1
        case "sqrt":
            return p - z * z if left else z * z
        case _:
            raise ValueError(f"unknown form of treatment: {frozen.form}")
    return high - away if left else low + away


def _smallest_sets(moves: Sequence[_Move], gap: float, most: int) -> list[list[_Move]]:
    """Sets of moves that together cover the gap, fewest first, then least effort; none a superset.

    min M Σ z + Σ e d, with Σ w d ≥ gap, 0 ≤ d ≤ D z, z binary, and for every set S already found
    Σ_S z ≤ |S| − 1. Effort is taken as linear in the score here; where a treatment bends it, that
    decides only between sets of equal size.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    if sum(move.room for move in moves) < gap:
        return []
    n = len(moves)
    # In units of the gap, so that the solver's absolute tolerances mean something.
    room = np.array([move.room / gap for move in moves])
    start = np.array([move.effort(move.low) for move in moves])
    whole = np.array([move.effort(move.high) for move in moves])
    large = 1 + whole.sum()
    cost = np.concatenate([whole - start, large + start])  # per share of its room, and per change
    link = np.hstack([np.eye(n), -np.eye(n)])
    rows = [LinearConstraint(link, -np.inf, 0), LinearConstraint([*room, *np.zeros(n)], 1, np.inf)]
    found: list[list[_Move]] = []
    while len(found) < most:
        solved = milp(
            cost / large,
            integrality=np.concatenate([np.zeros(n), np.ones(n)]),
            bounds=Bounds(0, 1),
            constraints=rows,
            options={"mip_rel_gap": 0},
        )
        if not solved.success:
            break
        chosen = [j for j in range(n) if solved.x[n + j] > 0.5]
        found.append([moves[j] for j in chosen])
        cut = np.zeros(2 * n)
        cut[[n + j for j in chosen]] = 1
        rows.append(LinearConstraint(cut, -np.inf, len(chosen) - 1))
    return found


def _spent(moves: Sequence[_Move], gap: float) -> list[tuple[_Move, float]]:
    """How far each of a set goes so that effort is least: equal marginal effort per point.

    Effort is convex in the score (linear, or growing along a long tail), so the marginal effort
    that is just enough is found by bisection.
    """

    def at(price: float) -> list[float]:
        return [_until(move, price) for move in moves]

    def covered(scores: Sequence[float]) -> float:
        return sum(m.weight * (s - m.low) for m, s in zip(moves, scores, strict=True))

    cheap, dear = 0.0, max(_marginal(move, move.high) for move in moves) * (1 + 1e-9)
    for _ in range(200):
        middle = (cheap + dear) / 2
        cheap, dear = (cheap, middle) if covered(at(middle)) >= gap else (middle, dear)
    below, above = at(cheap), at(dear)
    # Linear efforts jump at their price: fill up what is still missing, in order of code.
    scores = list(below)
    for j, move in enumerate(moves):
        missing = gap - covered(scores)
        if missing <= 0:
            break
        scores[j] = min(above[j], scores[j] + missing / move.weight)
    # Binary noise must not leave the target a hair away.
    return [
        (move, min(move.high, score + 1e-11 * (move.high - move.low)))
        for move, score in zip(moves, scores, strict=True)
    ]


def _marginal(move: _Move, score: float) -> float:
    h = 1e-6 * (move.high - move.low)
    score = min(max(score, move.low + h), move.high - h)
    return (move.effort(score + h) - move.effort(score - h)) / (2 * h * move.weight)


def _until(move: _Move, price: float) -> float:
    """The score at which the marginal effort per point reaches the price."""
    if _marginal(move, move.low) > price:
        return move.low
    if _marginal(move, move.high) <= price:
        return move.high
    low, high = move.low, move.high
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _marginal(move, middle) <= price else (low, middle)
    return low


def _answer(
    submission: Submission, reference: Reference, spent: Sequence[tuple[_Move, float]]
) -> Answer:
    index = reference.framework.index
    now = preview(submission, reference).standing(index).score
    steps = []
    for move, score in spent:
        if score <= move.low:
            continue
        value = move.value(score)
        alone = preview(changed(submission, reference, {move.code: value}), reference)
        points = alone.standing(index).score - now
        steps.append(Step(move.code, value, move.was, move.effort(score), points))
    together = {step.code: step.value for step in steps}
    after = preview(changed(submission, reference, together), reference).standing(index)
    ordered = tuple(sorted(steps, key=lambda step: -step.points))
    return Answer(ordered, sum(step.effort for step in steps), after.score, after.rank)
