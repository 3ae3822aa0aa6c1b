"""Laws that any honest composite index obeys, on random small editions through `compute`."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from math import isnan
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import (
    ABOVE_ZERO,
    Array,
    Case,
    cases,
    coverages,
    leaf,
    means,
    method,
    treatments,
    tree,
)

from pii.errors import DataError, DefinitionError
from pii.framework import Direction, Framework
from pii.matrix import Matrix, matrix_of
from pii.method import Aggregation, Coverage, Goalposts, Normalisation, Treatment
from pii.pipeline import Scores, compute, effective_weights
from pii.values import treat

UNTREATED = st.just(Treatment("none"))


def bits(x: Array) -> bytes:
    """The array to the last bit; all NaN count as the same."""
    return np.where(np.isnan(x), np.nan, x).tobytes()


def by_code(scores: Scores, array: Array) -> dict[str, bytes]:
    return {code: bits(array[:, j]) for j, code in enumerate(scores.nodes)}


def assert_same(one: Scores, other: Scores) -> None:
    """Every score, rank and coverage alike to the bit, whatever the order of the nodes."""
    assert one.provinces == other.provinces
    for name in ("score", "rank", "coverage"):
        assert by_code(one, getattr(one, name)) == by_code(other, getattr(other, name)), name


def close(one: Array, other: Array, tolerance: float = 1e-9) -> None:
    np.testing.assert_array_equal(np.isnan(one), np.isnan(other))
    np.testing.assert_allclose(one, other, rtol=0, atol=tolerance)


def groups(case: Case, scores: Scores) -> list[tuple[int, list[int]]]:
    """(column of a group, columns of its children), for every group."""
    return [
        (scores.column(code), [scores.column(child) for child in children])
        for code, children in case.framework.children.items()
    ]


# ---------------------------------------------------------------- means


@pytest.mark.parametrize("power", [1.0, 0.0, -1.0, 2.0, 0.5])
def test_a_mean_lies_between_its_members(power: float) -> None:
    @given(cases(powers=(power,)))
    def law(case: Case) -> None:
        scores = case.scores()
        for parent, children in groups(case, scores):
            for row in scores.score:
                members = row[children][~np.isnan(row[children])]
                if not isnan(row[parent]):
                    slack = 1e-12 * np.abs(members).max()
                    assert members.min() - slack <= row[parent] <= members.max() + slack

    law()


@given(cases(), st.data())
def test_doubling_the_weights_of_siblings_changes_no_bit(case: Case, data: st.DataObject) -> None:
    factors = {c: 2.0 ** data.draw(st.integers(-3, 3)) for c in case.framework.children}
    scaled = {
        child: case.method.weight(child) * factors[parent]
        for parent, children in case.framework.children.items()
        for child in children
    }
    assert_same(case.scores(), case.scores(method=replace(case.method, weights=scaled)))


@given(cases(powers=(1.0, 0.0, -1.0)), st.floats(0.01, 100))
def test_only_the_ratios_of_weights_matter(case: Case, factor: float) -> None:
    scaled = {code: case.method.weight(code) * factor for code in case.framework.by_code}
    other = case.scores(method=replace(case.method, weights=scaled))
    close(case.scores().score, other.score)


@given(cases(normalisation=ABOVE_ZERO))
def test_harmonic_geometric_arithmetic_quadratic_stand_in_order(case: Case) -> None:
    by_power = [
        case.scores(method=replace(case.method, aggregation=means(power))).score
        for power in (-1.0, 0.0, 1.0, 2.0)
    ]
    for lower, higher in pairwise(by_power):
        np.testing.assert_array_equal(np.isnan(lower), np.isnan(higher))
        assert (np.nan_to_num(higher - lower) >= -1e-9).all()


# ---------------------------------------------------------------- order of things


@given(cases(powers=(1.0, 0.0, -1.0), coverage=coverages), st.data())
def test_rank_follows_the_province_not_the_row(case: Case, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(case.provinces))))
    shuffled = case.scores(
        values=case.values[order], provinces=tuple(case.provinces[i] for i in order)
    )
    assert_same(case.scores(), shuffled)


@given(cases(powers=(1.0, 0.0), coverage=coverages), st.data())
def test_a_matrix_that_was_not_sorted_gives_the_same_scores(
    case: Case, data: st.DataObject
) -> None:
    # `assemble` sorts; the steps themselves must not need it.
    order = list(data.draw(st.permutations(range(len(case.provinces)))))
    matrix = matrix_of(case.values, case.provinces, case.framework)
    shuffled = Matrix(
        tuple(matrix.provinces[i] for i in order),
        matrix.indicators,
        matrix.values[order],
        tuple(matrix.observations[i] for i in order),
    )
    one = compute(matrix, case.framework, case.method)
    other = compute(shuffled, case.framework, case.method)
    for name in ("score", "rank", "coverage", "weight", "contribution"):
        assert bits(getattr(one, name)[order]) == bits(getattr(other, name)), name


@given(cases(powers=(1.0, 0.0, -1.0, 2.0), coverage=coverages), st.data())
def test_the_order_of_indicators_and_groups_changes_no_bit(case: Case, data: st.DataObject) -> None:
    leaves = data.draw(st.permutations(range(len(case.framework.codes))))
    nodes = data.draw(st.permutations(range(len(case.framework.groups))))
    framework = replace(
        case.framework,
        indicators=tuple(case.framework.indicators[j] for j in leaves),
        groups=tuple(case.framework.groups[j] for j in nodes),
    )
    one, other = case.scores(), case.scores(framework=framework, values=case.values[:, leaves])
    assert_same(one, other)
    assert bits(one.weight[:, leaves]) == bits(other.weight)
    assert bits(one.contribution[:, leaves]) == bits(other.contribution)


@pytest.mark.parametrize("power", [1.0, 0.0, -1.0])
def test_the_order_of_many_indicators_changes_no_bit(power: float) -> None:
    # Wide enough that plain binary sums do depend on the order of the columns.
    generator = np.random.default_rng(7)
    leaves = [leaf(f"a{i}", "A") for i in range(12)]
    framework = tree([("X", "index", None), ("A", "pillar", "X")], leaves)
    weights = {item.code: 1 / (3 + i) for i, item in enumerate(leaves)}
    values = generator.uniform(0, 1, (40, 12))
    nominal = method(power, weights=weights, normalisation=ABOVE_ZERO)
    case = Case(framework, nominal, tuple(f"{i:02}" for i in range(40)), values)
    one = case.scores()
    plain = np.array(list(weights.values())) * one.normalised
    order = generator.permutation(12)
    assert any(sum(row) != sum(row[order]) for row in plain)
    turned = replace(framework, indicators=tuple(leaves[j] for j in order))
    assert_same(one, case.scores(framework=turned, values=values[:, order]))


@given(cases(coverage=coverages))
def test_the_same_again(case: Case) -> None:
    before = case.values.copy()
    assert_same(case.scores(), case.scores())
    assert bits(case.values) == bits(before)


def test_what_was_computed_cannot_be_changed() -> None:
    case = two_pillars()
    for name in ("score", "rank", "coverage", "worst", "best", "normalised", "weight"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(case.scores(), name)[0] = 0.0
    with pytest.raises(ValueError, match="read-only"):
        case.scores().contribution[0] = 0.0


# ---------------------------------------------------------------- units and directions


@given(cases(powers=(1.0, 0.0, -1.0), coverage=coverages), st.data())
def test_a_unit_of_a_power_of_two_changes_no_bit(case: Case, data: st.DataObject) -> None:
    width = len(case.framework.codes)
    exponents = data.draw(st.lists(st.integers(-30, 30), min_size=width, max_size=width))
    scaled = case.values * np.exp2(exponents)
    assert_same(case.scores(), case.scores(values=scaled))


@given(cases(), st.data())
def test_a_change_of_unit_moves_no_score(case: Case, data: st.DataObject) -> None:
    width = len(case.framework.codes)
    units = st.tuples(st.floats(0.3, 300), st.floats(-200, 200))
    factor, shift = np.array(data.draw(st.lists(units, min_size=width, max_size=width))).T
    one, other = case.scores(), case.scores(values=factor * case.values + shift)
    # A column at the very edge of a threshold may be treated otherwise: that is not this law.
    assume((one.treated.form == other.treated.form).all())
    assume((one.treated.points == other.treated.points).all())
    close(one.score, other.score)
    for j in range(one.score.shape[1]):
        drop = one.score[:, j][:, None] - one.score[:, j]
        other_rank = other.rank[:, j][:, None] - other.rank[:, j]
        assert (other_rank[drop > 5e-9] < 0).all()  # clearly better stays better


@given(cases(coverage=coverages), st.data())
def test_turning_direction_and_data_round_changes_no_score(case: Case, data: st.DataObject) -> None:
    width = len(case.framework.codes)
    turned = np.array(data.draw(st.lists(st.booleans(), min_size=width, max_size=width)))
    other_way: dict[str, Direction] = {"higher": "lower", "lower": "higher"}
    indicators = tuple(
        replace(item, direction=other_way[item.direction]) if turn else item
        for item, turn in zip(case.framework.indicators, turned, strict=True)
    )
    one = case.scores()
    other = case.scores(
        framework=replace(case.framework, indicators=indicators),
        values=np.where(turned, -case.values, case.values),
    )
    assert one.treated.form.tolist() == other.treated.form.tolist()
    if "log" in one.treated.form[turned]:
        close(one.score, other.score)  # 1 − t is rounded where t is not
    else:
        assert_same(one, other)


@given(cases(treatment=UNTREATED, powers=(1.0, 0.0), coverage=coverages))
def test_goalposts_on_the_data_s_own_extremes_are_min_max(case: Case) -> None:
    posts = {}
    for j, item in enumerate(case.framework.indicators):
        there = case.values[:, j][~np.isnan(case.values[:, j])]
        if there.size:
            low, high = float(there.min()), float(there.max())
            posts[item.code] = (
                Goalposts(low, high) if item.direction == "higher" else Goalposts(high, low)
            )
    frozen = case.scores(method=replace(case.method, goalposts=posts))
    assert_same(case.scores(), frozen)


@given(cases(treatment=st.just(Treatment("gii", 0.7, 0.5, 2))), st.data())
def test_an_indicator_with_fixed_goalposts_is_not_treated(case: Case, data: st.DataObject) -> None:
    j = data.draw(st.integers(0, len(case.framework.codes) - 1))
    item = case.framework.indicators[j]
    ends = (-5000.0, 5000.0) if item.direction == "higher" else (5000.0, -5000.0)
    fixed = replace(case.method, goalposts={item.code: Goalposts(*ends)})
    scores = case.scores(method=fixed)
    assert scores.treated.form[j] == "none"
    assert bits(scores.treated.values[:, j]) == bits(case.values[:, j])
    assert (scores.worst[j], scores.best[j]) == ends


# ---------------------------------------------------------------- better and worse


@given(cases(missing=False, powers=(1.0, 0.0, -1.0, 2.0)), st.data())
def test_better_in_everything_never_ranks_lower(case: Case, data: st.DataObject) -> None:
    better, worse = 0, 1
    width = len(case.framework.codes)
    gain = np.array(data.draw(st.lists(st.integers(0, 64), min_size=width, max_size=width))) / 16
    sign = np.array([1 if i.direction == "higher" else -1 for i in case.framework.indicators])
    values = case.values.copy()
    values[better] = values[worse] + sign * gain
    assume((values.min(axis=0) < values.max(axis=0)).all())
    scores = case.scores(values=values)
    assert (scores.score[better] >= scores.score[worse] - 1e-9).all()
    assert (scores.rank[better] <= scores.rank[worse]).all()


@given(cases(treatment=treatments))
def test_treatment_never_changes_the_order_of_values(case: Case) -> None:
    matrix = matrix_of(case.values, case.provinces, case.framework)
    after = treat(matrix.values, case.framework, case.method).values
    np.testing.assert_array_equal(np.isnan(after), np.isnan(case.values))
    for before, now in zip(case.values.T, after.T, strict=True):
        rises = before[:, None] < before
        assert (now[:, None] <= now)[rises].all()
        same = before[:, None] == before
        assert (now[:, None] == now)[same].all()


# ---------------------------------------------------------------- coverage


def published(case: Case, scores: Scores, i: int, code: str) -> bool:
    """Second program: whether a node must have a score, from the values alone."""
    if code in case.framework.codes:
        return not isnan(case.values[i, case.framework.codes.index(code)])
    leaves = [c for c in case.framework.codes if code in case.framework.ancestors(c)]
    share = sum(published(case, scores, i, c) for c in leaves) / len(leaves)
    children = [c for c in case.framework.children[code] if published(case, scores, i, c)]
    rule = case.method.coverage[case.framework.level(code)]
    return share >= rule.share and len(children) >= rule.count


@given(cases(coverage=coverages))
def test_a_node_has_a_score_exactly_where_coverage_holds(case: Case) -> None:
    scores = case.scores()
    for i in range(len(case.provinces)):
        for j, code in enumerate(scores.nodes):
            assert published(case, scores, i, code) == (not isnan(scores.score[i, j])), code


@given(cases(coverage=coverages))
def test_not_covered_is_never_zero(case: Case) -> None:
    scores = case.scores()
    np.testing.assert_array_equal(np.isnan(scores.score), np.isnan(scores.rank))
    np.testing.assert_array_equal(np.isnan(scores.normalised), np.isnan(case.values))
    leaves = [scores.column(code) for code in case.framework.codes]
    np.testing.assert_array_equal(scores.score[:, leaves], scores.normalised)
    lost = np.isnan(scores.score[:, scores.column(case.framework.index)])
    assert np.isnan(scores.weight[lost]).all()
    assert np.isnan(scores.contribution[lost]).all()


@given(cases(coverage=coverages))
def test_coverage_is_the_share_of_indicators_with_a_value(case: Case) -> None:
    scores = case.scores()
    for code, leaves in case.framework.leaves.items():
        there = (~np.isnan(case.values[:, list(leaves)])).sum(axis=1) / len(leaves)
        np.testing.assert_array_equal(scores.coverage[:, scores.column(code)], there)


def two_pillars(values: Any = None, **changes: Any) -> Case:
    framework = tree(
        [("X", "index", None), ("A", "pillar", "X"), ("B", "pillar", "X")],
        [leaf("a1", "A"), leaf("a2", "A"), leaf("b1", "B", direction="lower"), leaf("b2", "B")],
    )
    table = [[0, 10, 5, 2], [4, 30, 1, 4], [1, 20, 3, 0]] if values is None else values
    return Case(framework, method(**changes), ("p", "q", "r"), np.array(table, dtype=float))


def test_a_small_index_by_hand() -> None:
    scores = two_pillars(weights={"b2": 3.0}).scores()
    # Scores of the leaves: p 0 0 0 50, q 100 100 100 100, r 25 50 50 0.
    assert scores.normalised.tolist() == [[0, 0, 0, 50], [100] * 4, [25, 50, 50, 0]]
    assert scores.score[:, :3].tolist() == [
        [18.75, 0, 37.5],  # B = (0 + 3·50)/4
        [100, 100, 100],
        [25, 37.5, 12.5],
    ]
    assert scores.rank[:, 0].tolist() == [3, 1, 2]
    assert scores.weight.tolist() == [[0.25, 0.25, 0.125, 0.375]] * 3
    assert scores.contribution[2].tolist() == [6.25, 12.5, 6.25, 0]


def test_weights_of_absent_nodes_go_to_their_siblings() -> None:
    nan = float("nan")
    scores = two_pillars([[0, nan, 5, 2], [4, 30, 1, 4], [nan, 20, nan, nan]]).scores()
    assert scores.weight.tolist() == [[0.5, 0, 0.25, 0.25], [0.25] * 4, [0, 1, 0, 0]]
    assert scores.contribution[0, 1] == 0
    assert scores.score[2, 0] == scores.contribution[2, 1] == 0  # the lowest of two
    assert scores.coverage[:, 0].tolist() == [0.75, 1, 0.25]


# ---------------------------------------------------------------- weights and contributions


@given(cases(coverage=coverages))
def test_effective_weights_sum_to_one(case: Case) -> None:
    scores = case.scores()
    there = ~np.isnan(scores.score[:, scores.column(case.framework.index)])
    close(scores.weight[there].sum(axis=1), np.ones(there.sum()), 1e-12)
    assert (scores.weight[there] >= 0).all()
    assert (scores.weight[there] * np.isnan(case.values[there]) == 0).all()
    nominal = effective_weights(case.framework, case.method)
    close(nominal.sum(axis=1), np.ones(1), 1e-12)
    complete = there & ~np.isnan(scores.score).any(axis=1)
    close(scores.weight[complete], np.repeat(nominal, complete.sum(), axis=0), 1e-15)


@given(cases(coverage=coverages))
def test_contributions_sum_to_the_index(case: Case) -> None:
    scores = case.scores()
    index = scores.score[:, scores.column(case.framework.index)]
    close(scores.contribution.sum(axis=1), index)


@given(cases(powers=(0.0, 2.0)))
def test_no_contributions_where_a_mean_is_not_arithmetic(case: Case) -> None:
    assert np.isnan(case.scores().contribution).all()


@given(cases(missing=False), st.data())
def test_a_weight_of_zero_takes_an_indicator_out_of_the_scores(
    case: Case, data: st.DataObject
) -> None:
    large = [
        code
        for code in case.framework.codes
        if len(case.framework.children[case.framework.by_code[code].parent or ""]) > 1
    ]
    assume(large)
    j = case.framework.codes.index(data.draw(st.sampled_from(large)))
    code = case.framework.codes[j]
    without = replace(case.method, weights={**case.method.weights, code: 0.0})
    one = case.scores(method=without)
    assert (one.weight[:, j] == 0).all()
    assert (one.contribution[:, j] == 0).all()
    # Whatever it says, no group's score moves; …
    other_values = case.values.copy()
    other_values[:, j] = np.arange(len(case.provinces)) ** 2
    other = case.scores(method=without, values=other_values)
    for group in case.framework.groups:
        at = one.column(group.code)
        assert bits(one.score[:, at]) == bits(other.score[:, at])
    # … it is as if the framework did not have it; …
    rest = [k for k in range(len(case.framework.codes)) if k != j]
    smaller = replace(case.framework, indicators=tuple(case.framework.indicators[k] for k in rest))
    weights = {c: w for c, w in without.weights.items() if c != code}
    gone = case.scores(
        framework=smaller, values=case.values[:, rest], method=replace(without, weights=weights)
    )
    for group in case.framework.groups:
        assert bits(one.score[:, one.column(group.code)]) == bits(
            gone.score[:, gone.column(group.code)]
        )
    # … and out of the coverage: what decides nothing can uncover nothing.
    other_values[0, j] = np.nan
    hole = case.scores(method=without, values=other_values)
    parent = hole.column(case.framework.by_code[code].parent or "")
    assert hole.coverage[0, parent] == one.coverage[0, parent]


def test_a_pillar_without_weight_is_not_in_the_index() -> None:
    nan = float("nan")
    case = two_pillars([[0, 10, 5, 2], [4, 30, 1, 4], [nan, nan, 3, 0]], weights={"B": 0.0})
    scores = case.scores()
    assert scores.score[:2, 0].tolist() == scores.score[:2, 1].tolist()
    # Where only the pillar without weight is there, there is nothing to make an index of.
    assert isnan(scores.score[2, 0])
    assert isnan(scores.rank[2, 0])
    assert np.isnan(scores.weight[2]).all()


# ---------------------------------------------------------------- refusals


def test_a_constant_indicator_is_refused_by_name() -> None:
    case = two_pillars([[7, 1, 1, 1], [7, 2, 2, 2], [7, 3, 3, 3]])
    with pytest.raises(
        DataError, match=r"^a1: there is only one value, or every province has the same.*goalposts"
    ):
        case.scores()
    fixed = replace(case.method, goalposts={"a1": Goalposts(0, 10)})
    assert case.scores(method=fixed).normalised[:, 0].tolist() == [70, 70, 70]


def test_a_score_of_zero_under_a_geometric_mean_is_refused_by_name() -> None:
    # Rule `none` promises a scale that the values need not keep.
    already = Normalisation("none", (1.0, 100.0))
    case = two_pillars([[0, 1, 1, 1], [2, 2, 2, 2], [3, 3, 3, 3]], power=0, normalisation=already)
    with pytest.raises(DataError, match="above zero"):
        case.scores()


def test_another_matrix_is_refused() -> None:
    case = two_pillars()
    matrix = matrix_of(case.values, case.provinces, case.framework)
    other: Framework = replace(
        case.framework, indicators=tuple(reversed(case.framework.indicators))
    )
    with pytest.raises(DataError, match=r"other columns than the framework; build it with"):
        compute(matrix, other, case.method)


@pytest.mark.parametrize(
    "change",
    [
        lambda m: {"weights": {"a1": -1.0}},
        lambda m: {"weights": {"a1": float("nan")}},
        lambda m: {"aggregation": {**m.aggregation, "pillar": Aggregation("power", 0.0)}},
        lambda m: {"aggregation": {**m.aggregation, "pillar": Aggregation("power", float("inf"))}},
    ],
)
def test_impossible_methods_are_refused_at_birth(change: Callable[[Any], dict[str, Any]]) -> None:
    nominal = method()
    with pytest.raises(DefinitionError, match=r"weight of a1|pillar"):
        replace(nominal, **change(nominal))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Treatment("gii", skewness=0), "skewness must be above 0"),
        (lambda: Treatment("gii", points=-1), "points not negative"),
        (lambda: Normalisation("min-max", (5, 5)), "the scale must rise"),
        (lambda: Normalisation("min-max", (0, float("inf"))), "the scale must rise"),
        (lambda: Goalposts(1, 1), "two different numbers"),
        (lambda: Goalposts(float("nan"), 1), "two different numbers"),
        (lambda: Coverage(1.1, 1), "share lies between 0 and 1"),
        (lambda: Coverage(0.5, 0), "count is at least 1"),
    ],
)
def test_impossible_parts_are_refused_at_birth(build: Callable[[], Any], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        build()
