"""Exact answers: by hand, by brute force, by law (they contain every sampled one)."""

from itertools import combinations, product

import numpy as np
import pytest
from audits import drawn_scores
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from small import small_outcome
from strategies import leaf, method, tree

from pii.audit.admissible import (
    Admissible,
    admissible_weights,
    around,
    boxes,
    furthest,
    greatest_mean,
    tree_of,
    under,
)
from pii.audit.exact import _conflicts, _ends, exact_answers, least_moved
from pii.errors import DefinitionError
from pii.matrix import matrix_of
from pii.method import Normalisation
from pii.pipeline import Outcome, compute
from pii.spread import Spread, VariedWeights
from pii.steps.rank import competition_rank

AS_GIVEN = Normalisation("none")


def outcome_of(values, groups=None, leaves=None, **changes) -> Outcome:
    """Scores as they are given, on a tree of two pillars of two indicators unless another."""
    framework = tree(
        groups or [("X", "index", None), ("A", "pillar", "X"), ("B", "pillar", "X")],
        leaves or [leaf("a1", "A"), leaf("a2", "A"), leaf("b1", "B"), leaf("b2", "B")],
    )
    choices = method(normalisation=AS_GIVEN, **changes)
    table = np.array(values, dtype=float)
    rows = matrix_of(table, [f"{i:02}" for i in range(len(table))], framework)
    return Outcome(framework, choices, None, rows, compute(rows, framework, choices), ())


def two_pillars(values) -> Outcome:
    groups = [("X", "index", None)]
    return outcome_of(values, groups, [leaf(f"a{j}", "X") for j in range(len(values[0]))])


def all_levels(outcome: Outcome, by: float) -> Admissible:
    return around(outcome, dict.fromkeys(outcome.framework.levels, by))


# ---- by hand


def test_a_swap_by_hand() -> None:
    # 60 and 40 against 50 and 48: equal weights lead by 1. The lead is gone where the first weight
    # over the second is 8/10, so with w1 = 1 − c and w2 = 1 + c at c = 1/9; or where the first
    # has 8/18 of the weight, 1/18 less than its half.
    outcome = two_pillars([[60, 40], [50, 48]])
    found = exact_answers(outcome, all_levels(outcome, 0.25)).pairs
    assert found.lead.tolist() == [1.0]
    assert found.change == pytest.approx([1 / 9], abs=2e-7)
    assert found.change_reached == pytest.approx([1 / 9], abs=2e-7)
    assert found.moved == pytest.approx([1 / 18], abs=1e-12)
    # Weights 0.75 and 1.25: (0.75·60 + 1.25·40 − 0.75·50 − 1.25·48) / 2
    assert found.least == pytest.approx([-1.25], abs=1e-12)
    assert found.reached == pytest.approx([-1.25], abs=1e-12)
    assert found.swaps.tolist() == [True] and found.always.tolist() == [False]


def test_who_is_ahead_everywhere_is_never_overtaken() -> None:
    outcome = two_pillars([[60, 40], [50, 39]])
    found = exact_answers(outcome, all_levels(outcome, 0.9))
    assert found.pairs.always.tolist() == [True]
    assert np.isnan(found.pairs.change).all() and np.isnan(found.pairs.moved).all()
    assert found.ranks.best.tolist() == found.ranks.worst.tolist() == [1, 2]


def test_a_tie_needs_no_change() -> None:
    outcome = two_pillars([[60, 40], [40, 60]])
    found = exact_answers(outcome, all_levels(outcome, 0.1))
    assert found.pairs.change == pytest.approx([0], abs=1e-7)
    assert found.pairs.moved == pytest.approx([0], abs=1e-12)
    assert found.ranks.best.tolist() == [1, 1] and found.ranks.worst.tolist() == [2, 2]


def test_pairs_alone_would_promise_too_much() -> None:
    # Three beat the first pairwise under some weights, but never two of them at once: its worst
    # rank by pairs would be 4, by the integer programme it is 2.
    outcome = two_pillars([[50, 50, 50], [60, 45, 44], [44, 60, 45], [45, 44, 60]])
    wide = Admissible(
        dict.fromkeys(("a0", "a1", "a2"), 0.85), dict.fromkeys(("a0", "a1", "a2"), 1.15)
    )
    found = exact_answers(outcome, wide)
    first = found.ranks
    assert (first.best[0], first.best_reached[0]) == (1, 1)
    assert first.worst[0] == first.worst_reached[0] == brute(outcome, wide)[1][0]
    assert first.worst[0] < 4


def test_no_answers_where_a_level_is_no_arithmetic_mean() -> None:
    outcome = outcome_of([[60, 40, 30, 20], [50, 48, 10, 30]], power=0.5)
    with pytest.raises(DefinitionError, match="exact answers need arithmetic means"):
        exact_answers(outcome, all_levels(outcome, 0.25))


def test_a_range_upside_down_is_refused() -> None:
    with pytest.raises(DefinitionError, match=r"weight of a from 2 to 1: give a range that rises"):
        Admissible({"a": 2.0}, {"a": 1.0})


# ---- the spread as a box


def test_the_box_of_a_spread() -> None:
    outcome = small_outcome()
    spread = Spread(
        weights={
            "subindex": VariedWeights("uniform", by=0.2),
            "subpillar": VariedWeights("dirichlet", by=10),
            "1": VariedWeights("range", low=0.4, high=0.6),
        }
    )
    box = admissible_weights(outcome, spread)
    ends = {code: (box.low[code], box.high[code]) for code in box.low}
    assert ends["input"] == pytest.approx((0.8, 1.2))
    assert ends["1.1"] == ends["1.2"] == (0.4, 0.6)  # the parent goes before the level
    assert ends["2.1"] == (0.0, 1.0)
    assert ends["1.1.1"] == ends["1"] == (1.0, 1.0)


# ---- by brute force


def brute(outcome: Outcome, box: Admissible, steps: int = 9) -> tuple[np.ndarray, np.ndarray]:
    """Best and worst ranks on a grid over the box."""
    linear = tree_of(outcome)
    n = len(outcome.scores.provinces)
    codes = [code for code in box.low if box.low[code] < box.high[code]]
    ends = [np.linspace(box.low[code], box.high[code], steps) for code in codes]
    best, worst = np.full(n, n), np.zeros(n, int)
    for chosen in product(*ends):
        weights = {code: np.full(n, weight) for code, weight in box.low.items()}
        weights |= {code: np.full(n, w) for code, w in zip(codes, chosen, strict=True)}
        rank = competition_rank(under(linear, np.arange(n), weights), tolerance=1e-9)
        best, worst = np.minimum(best, rank), np.maximum(worst, rank)
    return best, worst


@pytest.mark.parametrize("seed", range(3))
def test_ranks_are_those_of_a_fine_grid(seed: int) -> None:
    x = np.random.default_rng(seed).uniform(30, 70, (6, 3))
    outcome = two_pillars(x.tolist())
    box = all_levels(outcome, 0.4)
    found = exact_answers(outcome, box).ranks
    best, worst = brute(outcome, box, steps=13)
    assert (found.best == found.best_reached).all() and (found.worst == found.worst_reached).all()
    # A grid may miss a rank that only a sliver of weights gives, and never has one too many.
    assert (found.best <= best).all() and (found.worst >= worst).all()
    assert int((best - found.best).sum() + (found.worst - worst).sum()) <= 2


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_the_greatest_mean_is_that_of_a_corner(data: st.DataObject) -> None:
    k = data.draw(st.integers(1, 5))
    numbers = st.lists(st.integers(-50, 50), min_size=k, max_size=k)
    x = np.array(data.draw(numbers), dtype=float)
    low = np.array(data.draw(st.lists(st.integers(0, 4), min_size=k, max_size=k)), dtype=float)
    high = low + np.array(data.draw(st.lists(st.integers(1, 4), min_size=k, max_size=k)))
    value, weights = greatest_mean(x[:, None], low[:, None], high[:, None])
    corners = [np.array(c) for c in product(*zip(low, high, strict=True))]
    means = [float(c @ x / c.sum()) for c in corners if c.sum() > 0]
    assert value[0] == pytest.approx(max(means), abs=1e-12)
    assert weights[:, 0] @ x / weights.sum() == pytest.approx(value[0], abs=1e-12)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_the_least_weight_moved_is_that_of_a_linear_programme(data: st.DataObject) -> None:
    k = data.draw(st.integers(2, 6))
    lead = np.array(data.draw(st.lists(st.integers(-20, 20), min_size=k, max_size=k)), dtype=float)
    parts = np.array(data.draw(st.lists(st.integers(1, 9), min_size=k, max_size=k)), dtype=float)
    weight = parts / parts.sum()
    found = least_moved(lead, weight)
    # v = w + p − q with p, q ≥ 0: least sum of p and q.
    programme = linprog(
        np.full(2 * k, 0.5),
        A_ub=np.vstack([np.hstack([lead, -lead]), np.hstack([-np.eye(k), np.eye(k)])]),
        b_ub=np.append(-lead @ weight, weight),
        A_eq=np.hstack([np.ones(k), -np.ones(k)])[None],
        b_eq=[0.0],
    )
    if programme.status == 2:
        assert np.isnan(found)
    else:
        assert found == pytest.approx(programme.fun, abs=1e-9)


# ---- by law


def with_gaps(seed: int) -> Outcome:
    """9 provinces, 2 sub-indices over 3 pillars of 2 to 4 indicators, some missing."""
    rng = np.random.default_rng(seed)
    groups = [
        ("X", "index", None),
        ("S", "subindex", "X"),
        ("T", "subindex", "X"),
        ("A", "pillar", "S"),
        ("B", "pillar", "S"),
        ("C", "pillar", "T"),
    ]
    leaves = [leaf(f"{p}{j}", p) for p, k in (("A", 2), ("B", 3), ("C", 4)) for j in range(k)]
    x = rng.uniform(20, 80, (9, len(leaves)))
    x[rng.random(x.shape) < 0.12] = np.nan
    return outcome_of(x, groups, leaves, weights={"A0": 2.0, "C3": 0.5, "T": 1.5})


@pytest.mark.parametrize("seed", range(3))
def test_no_draw_is_outside_of_what_is_exact(seed: int) -> None:
    outcome = with_gaps(seed)
    box = all_levels(outcome, 0.3)
    found = exact_answers(outcome, box)
    scores = drawn_scores(outcome, box, 200, seed)
    ranks = competition_rank(scores, tolerance=1e-9)
    known = found.ranks.nominal > 0
    assert known.sum() >= 6
    assert (ranks[:, known] >= found.ranks.best[known]).all()
    assert (ranks[:, known] <= found.ranks.worst[known]).all()
    pairs = found.pairs
    leads = scores[:, pairs.ahead] - scores[:, pairs.behind]
    assert (leads >= pairs.least - 1e-9).all()
    assert (pairs.reached >= pairs.least - 1e-9).all()
    assert not (pairs.always & pairs.swaps).any()
    # What is said to be reached lies within what is said to be possible.
    ranks_found = found.ranks
    assert (ranks_found.best <= ranks_found.best_reached).all()
    assert (ranks_found.best_reached <= ranks_found.nominal).all()
    assert (ranks_found.nominal <= ranks_found.worst_reached).all()
    assert (ranks_found.worst_reached <= ranks_found.worst).all()


@pytest.mark.parametrize("seed", range(3))
def test_where_nothing_is_missing_every_answer_is_reached(seed: int) -> None:
    full = with_gaps(seed)
    x = np.nan_to_num(full.matrix.values, nan=50.0)
    rows = matrix_of(x, full.matrix.provinces, full.framework)
    outcome = Outcome(
        full.framework, full.method, None, rows, compute(rows, full.framework, full.method), ()
    )
    found = exact_answers(outcome, all_levels(outcome, 0.3))
    pairs, ranks = found.pairs, found.ranks
    assert pairs.reached == pytest.approx(pairs.least, abs=1e-9)
    assert (ranks.best == ranks.best_reached).all() and (ranks.worst == ranks.worst_reached).all()
    assert (pairs.always | pairs.swaps).all()


@pytest.mark.parametrize("seed", range(4))
def test_weights_that_are_brought_up_are_admissible(seed: int) -> None:
    # What neither of two provinces has weighs nothing between them, and still has to weigh
    # something: a third may have it.
    outcome = with_gaps(seed)
    linear, box = tree_of(outcome), all_levels(outcome, 0.3)
    ranked = np.flatnonzero(linear.present["X"])
    one, other = (rows.ravel() for rows in np.meshgrid(ranked, ranked))
    low, high = boxes(box, len(one))
    found = furthest(linear, one, other, low, high)
    for code, weight in found.weights.items():
        assert (low[code] <= weight).all() and (weight <= high[code]).all()
    lead = under(linear, one, found.weights) - under(linear, other, found.weights)
    assert lead == pytest.approx(found.reached, abs=1e-11)
    assert (found.reached <= found.bound + 1e-9).all()


@pytest.mark.parametrize("best", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_rivals_are_said_to_exclude_each_other_where_a_linear_programme_has_it(
    seed: int, best: bool
) -> None:
    x = np.random.default_rng(seed).uniform(30, 70, (8, 4))
    outcome = two_pillars(x.tolist())
    linear, box = tree_of(outcome), all_levels(outcome, 0.4)
    told = 0
    for i in range(len(x)):
        rivals = np.delete(np.arange(len(x)), i)
        found = _conflicts(linear, box, _ends(linear, box), i, rivals, best=best).tolist()
        for one, other in combinations(range(len(rivals)), 2):
            # The greatest m with both leads m or more: shares e, 0.6 t ≤ e ≤ 1.4 t, then t and m.
            lead = (x[i] - x[rivals[[one, other]]]) * (1 if best else -1)
            found_by = linprog(
                [0, 0, 0, 0, 0, -1],
                A_ub=np.vstack(
                    [
                        np.column_stack([-lead, [0, 0], [1, 1]]),
                        np.column_stack([-np.eye(4), np.full(4, 0.6), np.zeros(4)]),
                        np.column_stack([np.eye(4), np.full(4, -1.4), np.zeros(4)]),
                    ]
                ),
                b_ub=np.zeros(10),
                A_eq=[[1, 1, 1, 1, 0, 0]],
                b_eq=[1],
                bounds=[(0, None)] * 5 + [(None, None)],
            )
            if [one, other] in found:
                assert -found_by.fun < 0
                told += 1
            else:  # a few mixtures only are tried
                assert -found_by.fun > -0.7
    assert told > 20


@pytest.mark.parametrize("seed", range(3))
def test_large_programmes_bound_what_small_ones_prove(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = with_gaps(seed)
    box = all_levels(outcome, 0.3)
    small = exact_answers(outcome, box).ranks
    monkeypatch.setattr("pii.audit.exact.LARGE", 0)
    large = exact_answers(outcome, box).ranks
    assert (large.best <= small.best_reached).all() and (large.worst >= small.worst_reached).all()
    assert (large.best <= large.best_reached).all() and (large.worst >= large.worst_reached).all()


def test_a_change_below_the_least_swaps_nobody_and_one_a_little_above_does() -> None:
    outcome = with_gaps(3)
    found = exact_answers(outcome, all_levels(outcome, 0.3)).pairs
    linear = tree_of(outcome)
    known = ~np.isnan(found.change_reached)
    assert known.sum() > 10
    for factor, swapped in ((0.999, False), (1.001, True)):
        for k in np.flatnonzero(known & (found.change > 1e-4)):
            change = (found.change if not swapped else found.change_reached)[k]
            box = all_levels(outcome, min(0.999999, float(change) * factor))
            lead = furthest(linear, found.behind[[k]], found.ahead[[k]], *boxes(box, 1))
            assert (lead.reached[0] >= -1e-6) if swapped else (lead.bound[0] < 0)


def test_the_nominal_scores_are_those_of_the_run() -> None:
    outcome = with_gaps(5)
    n = len(outcome.scores.provinces)
    weights = {code: np.full(n, w) for code, w in all_levels(outcome, 0.0).low.items()}
    index = outcome.scores.score[:, outcome.scores.column("X")]
    assert under(tree_of(outcome), np.arange(n), weights) == pytest.approx(index, rel=1e-13)


def test_whoever_has_no_index_is_in_no_pair() -> None:
    outcome = small_outcome()
    found = exact_answers(outcome, all_levels(outcome, 0.25))
    assert len(found.pairs.lead) == 10 and found.ranks.best[5] == 0
