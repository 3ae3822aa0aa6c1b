"""A spread made ready for drawing: every combination of options worked out once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod

import numpy as np
import numpy.typing as npt

from pii.audit.batch import (
    FailedDrawError,
    Skeleton,
    Tree,
    skeleton_of,
    tree_of,
    weight_rows,
)
from pii.audit.draws import FURTHEST, Words, between_0_and_1, normal, one_of
from pii.audit.indicators import BELOW_THE_TREE, Indicators, indicators_of, powers
from pii.errors import DataError, DefinitionError
from pii.framework import Framework
from pii.matrix import Array, Matrix
from pii.method import Method, refuse_misfit
from pii.pipeline import Scores, compute
from pii.spread import Option, Spread, VariedWeights, changed, refuse_unfit, shown, varied_weights
from pii.steps.rank import competition_rank

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]

MOST = 20_000
"""Combinations of options; each is worked out before the first draw."""
ELEMENTS = 1_200_000
"""Random words held at a time, so that memory does not grow with the number of draws."""
PIECE = 50_000
"""Scores worked on at a time: few enough for the processor's cache."""


@dataclass(frozen=True, slots=True)
class Combination:
    """One option of every choice, and what it decides.

    method : with the published weights; dropped : what is left out, or None
    heavy : (nodes,), which weights take part; weights : (nodes,), the published ones
    low, span : (nodes, 1), what of a weight does not vary, and what a word adds to it
    comparable : whether its scores are on the scale of the published ones
    """

    method: Method
    dropped: str | None
    options: tuple[Option, ...]
    heavy: Mask
    weights: Array
    low: Array
    span: Array
    indicators: Indicators
    tree: Tree | None
    comparable: bool


@dataclass(frozen=True, slots=True)
class Varied:
    """Weights that vary: their rows among the weights, and the columns of words they take."""

    rule: VariedWeights
    rows: Rows
    columns: Rows
    choice: int


@dataclass(frozen=True, slots=True)
class Errors:
    """Measurement error: of which indicators, how large, and what is possible.

    sd : (provinces, indicators, 1), in the indicator's unit
    cells : numbers of those cells, row by row, that an error could carry beyond their bounds
    low, high : (cells, 1), bounds
    columns : of words
    """

    indicators: Rows
    sd: Array
    cells: Rows
    low: Array
    high: Array
    columns: slice


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that draws share; it travels to other processes.

    nominal_score, nominal_rank : (provinces,), of the published method; NaN where not published
    choices : names; columns : per choice, which columns of words decide it
    free : columns with a word for every weight, whether it varies or not
    width : words per draw; sizes : options of each choice that is a category
    """

    matrix: Matrix
    framework: Framework
    method: Method
    spread: Spread
    choices: tuple[str, ...]
    columns: tuple[Rows, ...]
    width: int
    sizes: tuple[int, ...]
    combinations: tuple[Combination, ...]
    varied: tuple[Varied, ...]
    free: slice
    errors: Errors | None
    nominal_score: Array
    nominal_rank: Array

    @property
    def block(self) -> int:
        """How many draws are made at a time."""
        widest = max(self.width, len(self.matrix.provinces) // 4)
        return max(64, min(16_384, ELEMENTS // widest))

    def scores(self, drawn: Words) -> Iterator[tuple[Rows, Combination, Mask, Array]]:
        """Index of every draw, in parts: which draws, of what combination, whom they rank, index.

        drawn : (draws, width); the index is (provinces, draws), NaN or any number if not ranked
        Raises
        ------
        FailedDrawError
            With the number of the draw among those given.
        """
        which = self._which(drawn)
        order = np.argsort(which, kind="stable")
        ends = np.searchsorted(which[order], np.arange(len(self.combinations) + 1))
        n, m = self.matrix.values.shape
        for number, combination in enumerate(self.combinations):
            most = max(16, PIECE // n if self.errors is None else 8 * PIECE // (n * m))
            most = 1 if combination.tree is None else most
            for first in range(ends[number], ends[number + 1], most):
                draws = order[first : min(first + most, ends[number + 1])]
                try:
                    ranked, scores = self._index(combination, drawn[draws].T.copy())
                except FailedDrawError as failed:
                    raise FailedDrawError(str(failed), int(draws[failed.column])) from None
                yield draws, combination, ranked, scores

    def draw(self, words: Words) -> tuple[Method, Matrix]:
        """The method and the matrix of one draw (1, width), as `compute` takes them."""
        combination = self.combinations[int(self._which(words)[0])]
        column = words.T.copy()
        weights = self._weights(combination, column)[:, 0]
        rows = weight_rows(self.framework)
        local = {
            code: float(weights[row]) if combination.heavy[row] else 0.0
            for code, row in rows.items()
            if self._is_given(combination.method, code)
        }
        method = replace(combination.method, weights=local)
        if self.errors is None:
            return method, self.matrix
        values = self._cells(self.errors, column)[:, :, 0]
        values.setflags(write=False)
        return method, replace(self.matrix, values=values)

    def _is_given(self, method: Method, code: str) -> bool:
        parent = self.framework.by_code[code].parent or self.framework.index
        return method.weighted_by(self.framework.level(parent)).rule == "given"

    def _which(self, drawn: Words) -> Rows:
        number = np.zeros(len(drawn), dtype=np.int64)
        for column, size in enumerate(self.sizes):
            number = number * size + one_of(drawn[:, column], size)
        return number

    def _index(self, combination: Combination, drawn: Words) -> tuple[Mask, Array]:
        tree = combination.tree
        if tree is None:
            return self._computed(drawn)
        weights = self._weights(combination, drawn)
        if self.errors is None:
            return tree.ranked, tree.index(weights)
        values = self._cells(self.errors, drawn)
        return tree.ranked, tree.index(weights, combination.indicators.scores(values))

    def _computed(self, drawn: Words) -> tuple[Mask, Array]:
        """One draw (width, 1), where no array program has its means."""
        method, matrix = self.draw(drawn.T)
        try:
            scores = compute(matrix, self.framework, method)
        except DataError as error:
            raise FailedDrawError(str(error), 0) from None
        index = scores.score[:, [scores.column(self.framework.index)]]
        return ~np.isnan(index[:, 0]), index

    def _weights(self, combination: Combination, drawn: Words) -> Array:
        """Local weights of the nodes in the draws (width, draws) at hand."""
        weights = np.multiply(drawn[self.free], combination.span, dtype=np.float64)
        weights += combination.low
        for varied in self.varied:
            if varied.rule.rule == "dirichlet":
                weights[varied.rows] = _dirichlet(
                    varied.rule.by,
                    combination.weights[varied.rows, None],
                    between_0_and_1(drawn[varied.columns]),
                )
        return weights

    def _cells(self, errors: Errors, drawn: Words) -> Array:
        n, erring = errors.sd.shape[0], errors.sd.shape[1]
        wrong = normal(drawn[errors.columns])[: n * erring].reshape(n, erring, -1)
        wrong *= errors.sd
        wrong += self.matrix.values[:, errors.indicators, None]
        if errors.cells.size:
            flat = wrong.reshape(n * erring, -1)
            flat[errors.cells] = np.clip(flat[errors.cells], errors.low, errors.high)
        if erring == self.matrix.values.shape[1]:
            return wrong
        values = np.repeat(self.matrix.values[:, :, None], drawn.shape[1], axis=2)
        values[:, errors.indicators] = wrong
        return values


def _dirichlet(concentration: float, published: Array, uniform: Array) -> Array:
    """Gamma numbers that, rescaled among siblings, have the Dirichlet distribution."""
    from scipy.special import gammaincinv

    shape = concentration * published / published.sum(axis=0)
    return np.asarray(np.maximum(gammaincinv(shape, uniform), 1e-300), dtype=np.float64)


def _line(varied: Sequence[Varied], published: Array) -> tuple[Array, Array]:
    """(nodes, 1) each: a weight is `low` + `span` × its word; where it does not vary, span is 0."""
    low, span = published.copy(), np.zeros_like(published)
    for one in varied:
        rule, own = one.rule, published[one.rows]
        if rule.rule == "uniform":
            low[one.rows], span[one.rows] = own * (1 - rule.by), own * (2 * rule.by)
        elif rule.rule == "range":
            low[one.rows], span[one.rows] = rule.low, rule.high - rule.low
    step = span * 2.0**-32
    return (low + step / 2)[:, None], step[:, None]


def plan_of(
    matrix: Matrix,
    framework: Framework,
    method: Method,
    spread: Spread,
    nominal: Scores | None = None,
) -> Plan:
    """Refuse what cannot be drawn from, and work out all that draws share.

    nominal : what `compute` gives for the published method, where it is known already

    Raises
    ------
    DefinitionError
        Where the spread does not fit, the published method is not inside, or options cannot go
        together: named, before the first draw.
    DataError
        Where a combination of options cannot score these data.
    """
    refuse_unfit(spread, framework, method)
    nominal = nominal or compute(matrix, framework, method)
    # Where each value came from is not asked in a draw, and is heavy to send to other processes.
    matrix = replace(matrix, observations=())
    published = nominal.score[:, nominal.column(framework.index)]
    rows = weight_rows(framework)
    options: list[Sequence[Option | str | None]] = list(spread.choices.values())
    if spread.dropped:
        options.append((None, *spread.dropped))
    sizes = tuple(len(given) for given in options)
    if prod(sizes) > MOST:
        raise DefinitionError(
            f"the choices have {prod(sizes):,} combinations, and {MOST:,} are the most; vary fewer "
            "at a time, or fewer options of each"
        )
    first = len(sizes)
    free = slice(first, first + len(rows))
    varied: list[Varied] = []
    for where, children, rule in varied_weights(spread, framework):
        at = np.array([rows[child] for child in children])
        varied.append(Varied(rule, at, at + first, list(spread.weights).index(where)))
    errors = _errors(matrix, framework, spread, free.stop)
    made = _Made({}, {})
    combinations = []
    for picked in product(*options):
        dropped = picked[-1] if spread.dropped else None
        chosen = tuple(one for one in picked[: len(spread.choices)] if isinstance(one, Mapping))
        combinations.append(
            _combination(
                matrix, framework, method, chosen, str(dropped) if dropped else None, varied, made
            )
        )
    return Plan(
        matrix=matrix,
        framework=framework,
        method=method,
        spread=spread,
        choices=spread.names,
        columns=_columns(spread, varied, first, errors),
        width=errors.columns.stop if errors else free.stop,
        sizes=sizes,
        combinations=tuple(combinations),
        varied=tuple(varied),
        free=free,
        errors=errors,
        nominal_score=published,
        nominal_rank=competition_rank(published, tolerance=method.ties.tolerance),
    )


def _columns(
    spread: Spread, varied: Sequence[Varied], categories: int, errors: Errors | None
) -> tuple[Rows, ...]:
    """Per choice, in the order of `Spread.names`, the columns of words that decide it."""
    return (
        *(np.array([k]) for k in range(len(spread.choices))),
        *(
            np.concatenate([one.columns for one in varied if one.choice == k])
            for k in range(len(spread.weights))
        ),
        *((np.array([categories - 1]),) if spread.dropped else ()),
        *((np.arange(errors.columns.start, errors.columns.stop),) if errors else ()),
    )


def _free(framework: Framework, varied: Sequence[Varied]) -> Mask:
    """(nodes,), weights that a range makes positive whatever is published."""
    free = np.zeros(len(weight_rows(framework)), dtype=bool)
    for one in varied:
        if one.rule.rule == "range":
            free[one.rows] = True
    return free


@dataclass(frozen=True, slots=True)
class _Made:
    """What several combinations share."""

    scores: dict[tuple[object, ...], tuple[Indicators, Array]]
    skeletons: dict[tuple[object, ...], Skeleton]


def _combination(
    matrix: Matrix,
    framework: Framework,
    nominal: Method,
    options: tuple[Option, ...],
    dropped: str | None,
    varied: Sequence[Varied],
    made: _Made,
) -> Combination:
    rows = weight_rows(framework)
    try:
        method = changed(nominal, *options)
        if dropped:
            method = replace(method, weights={**method.weights, dropped: 0.0})
        refuse_misfit(method, framework)
        weights = np.array([method.weight(code) for code in rows])
        heavy = (weights > 0) | _free(framework, varied)
        if dropped:
            heavy[rows[dropped]] = False
        _refuse_free_weights(framework, method, varied)
        key = tuple(getattr(method, part) for part in BELOW_THE_TREE)
        if key not in made.scores:
            indicators = indicators_of(matrix, framework, method)
            values = matrix.values[:, :, None].copy()
            made.scores[key] = indicators, indicators.scores(values)[:, :, 0]
        indicators, scores = made.scores[key]
        by_level = powers(method, framework)
        tree = None
        if by_level is not None:
            shape = (indicators.missing.tobytes(), indicators.counted.tobytes(), heavy.tobytes(),
                     tuple(method.coverage.items()))  # fmt: skip
            if shape not in made.skeletons:
                made.skeletons[shape] = skeleton_of(
                    framework, np.isnan(scores), indicators.counted, heavy, method.coverage
                )
            tree = tree_of(framework, made.skeletons[shape], scores, by_level)
    except (DefinitionError, DataError) as error:
        picked = "; ".join(shown(option) for option in options if option) or "as published"
        without = f", without {dropped}" if dropped else ""
        remedy = "take the option out, or name its choice under where_possible"
        raise type(error)(
            f"{picked}{without}: {error}. Such a draw would fail: "
            f"{f'do not drop {dropped}' if dropped else remedy}"
        ) from None
    scale = ("normalisation", "normalisation_of")
    same = all(getattr(method, part) == getattr(nominal, part) for part in scale)
    line = _line(varied, weights)
    return Combination(method, dropped, options, heavy, weights, *line, indicators, tree, same)


def _refuse_free_weights(framework: Framework, method: Method, varied: Sequence[Varied]) -> None:
    codes = tuple(weight_rows(framework))
    for one in varied:
        parent = framework.by_code[codes[one.rows[0]]].parent or framework.index
        rule = method.weighted_by(framework.level(parent)).rule
        if rule != "given":
            raise DefinitionError(
                f"the weights under {parent} vary, but they come from the data by {rule}; "
                "take one of the two out"
            )


def _errors(matrix: Matrix, framework: Framework, spread: Spread, first: int) -> Errors | None:
    if not spread.errors:
        return None
    at = [j for j, one in enumerate(framework.indicators) if one.code in spread.errors]
    values = matrix.values[:, at]
    rules = [spread.errors[framework.codes[j]] for j in at]
    relative = np.array([rule.relative for rule in rules])
    sd = np.array([rule.sd for rule in rules]) * np.where(relative, np.abs(values), 1.0)
    bounds = [framework.indicators[j].bounds for j in at]
    low = np.array([-np.inf if below is None else below for below, _ in bounds])
    high = np.array([np.inf if above is None else above for _, above in bounds])
    # A value that is beyond its bounds already may stay where it is.
    low, high = np.fmin(low, values), np.fmax(high, values)
    could = (values - FURTHEST * sd < low) | (values + FURTHEST * sd > high)
    words_taken = (values.size + 1) // 2
    return Errors(
        indicators=np.array(at),
        sd=sd[:, :, None],
        cells=np.flatnonzero(could),
        low=low[could][:, None],
        high=high[could][:, None],
        columns=slice(first, first + words_taken),
    )
