"""Laws of weighting: what holds whatever the data."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pii.steps.frontier import benefit_of_the_doubt
from pii.steps.weigh import (
    ahp_weights,
    balanced_weights,
    budget_allocation,
    correlations,
    critic_weights,
    entropy_weights,
    equal,
    factor_weights,
    normalised,
    pca_weights,
)

Array = npt.NDArray[np.float64]


@st.composite
def scores(draw: st.DrawFn, most: int = 5) -> Array:
    """Scores 0–100 that differ, of 7 to 15 units and 2 to 5 indicators not wholly alike."""
    units, indicators = draw(st.integers(7, 15)), draw(st.integers(2, most))
    tenths = draw(arrays(np.int64, (units, indicators), elements=st.integers(0, 1000)))
    x = np.asarray(tenths / 10, dtype=np.float64)
    assume((np.ptp(x, axis=0) > 5).all())
    assume(float(np.linalg.eigvalsh(correlations(x))[0]) > 1e-3)
    return x


@st.composite
def judgements(draw: st.DrawFn) -> Array:
    n = draw(st.integers(2, 7))
    above = draw(arrays(np.int64, (n, n), elements=st.integers(-8, 8)))
    ratios = (np.abs(above) + 1.0) ** np.where(above < 0, -1.0, 1.0)
    upper = np.triu(ratios, 1)
    return np.asarray(upper + np.tril(1 / ratios.T, -1) + np.eye(n))


def pca(x: Array) -> Array:
    # A common part keeps most first components above zero.
    return pca_weights(x + 2 * x.mean(axis=1, keepdims=True)).weights


def factor(x: Array) -> Array:
    return factor_weights(x, 1).weights


def balanced(x: Array) -> Array:
    return balanced_weights(x).weights


def budget(x: Array) -> Array:
    points = x + x.max() / 100  # nobody keeps the whole budget
    return budget_allocation(points / points.sum(axis=1, keepdims=True)).weights


def judged(x: Array) -> Array:
    ratios = 1 + x[0]
    return ahp_weights(ratios[:, None] / ratios).weights


FROM_DATA: list[Callable[[Array], Array]] = [factor, balanced, entropy_weights, critic_weights]
ALL = pytest.mark.parametrize("weigh", [*FROM_DATA, pca, budget, judged])


def tried(weigh: Callable[[Array], Array], x: Array) -> Array:
    w = weigh(x)
    if weigh is pca:
        assume(not np.isnan(w).any())
    return w


@ALL
@given(x=scores())
def test_weights_are_not_negative_and_sum_to_one(weigh: Callable[[Array], Array], x: Array) -> None:
    w = tried(weigh, x)
    assert w.shape == (x.shape[1],)
    assert (w >= 0).all()
    assert w.sum() == pytest.approx(1, abs=1e-12)


@ALL
@given(x=scores(), data=st.data())
def test_weights_follow_the_indicator_not_its_column(
    weigh: Callable[[Array], Array], x: Array, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(x.shape[1])))
    if weigh is pca:  # the sign of a component is not fixed where its sum is zero
        assume(abs(pca_weights(x).vectors[:, 0].sum()) > 1e-6)
        found = pca_weights(x).eigenvalues
        assume(found[0] - found[1] > 1e-3)
    if weigh is factor:
        found = pca_weights(x).eigenvalues
        assume(found[0] - found[1] > 1e-3)
    assert weigh(x[:, order]) == pytest.approx(tried(weigh, x)[order], abs=1e-9)


@pytest.mark.parametrize("weigh", [*FROM_DATA, budget])
@given(x=scores(), data=st.data())
def test_the_order_of_units_or_experts_changes_no_weight(
    weigh: Callable[[Array], Array], x: Array, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(x))))
    if weigh is factor:
        found = pca_weights(x).eigenvalues
        assume(found[0] - found[1] > 1e-3)
    assert weigh(x[order]) == pytest.approx(tried(weigh, x), abs=1e-9)


@pytest.mark.parametrize("weigh", [*FROM_DATA, pca, budget])
@given(x=scores(), factor_=st.floats(1e-6, 1e6))
def test_another_scale_for_all_scores_changes_no_weight(
    weigh: Callable[[Array], Array], x: Array, factor_: float
) -> None:
    assert weigh(x * factor_) == pytest.approx(tried(weigh, x), abs=1e-9)


@given(x=scores(), data=st.data())
def test_a_change_of_one_unit_of_measurement_changes_no_component_and_no_factor(
    x: Array, data: st.DataObject
) -> None:
    k = x.shape[1]
    units = np.array(data.draw(st.lists(st.floats(1e-3, 1e3), min_size=k, max_size=k)))
    before, after = pca_weights(x), pca_weights(x * units + 7)
    assert after.eigenvalues == pytest.approx(before.eigenvalues, abs=1e-9)
    assert before.eigenvalues.sum() == pytest.approx(k)
    assert before.shares.sum() == pytest.approx(1)
    assert (before.loadings**2).sum(axis=1) == pytest.approx(np.ones(k))


@given(x=scores(), data=st.data())
def test_balance_undoes_a_change_of_unit(x: Array, data: st.DataObject) -> None:
    k = x.shape[1]
    units = np.array(data.draw(st.lists(st.floats(0.1, 10), min_size=k, max_size=k)))
    before, after = balanced_weights(x), balanced_weights(x * units)
    assert after.correlations == pytest.approx(before.correlations, abs=1e-9)
    assert after.weights == pytest.approx(normalised(before.weights / units), abs=1e-9)


@given(x=scores())
def test_balanced_means_equal_where_there_is_weight_and_more_elsewhere(x: Array) -> None:
    found = balanced_weights(x)
    some = found.weights > 0
    assert np.ptp(found.correlations[some]) < 1e-9
    assert (found.correlations >= found.correlations[some].max() - 1e-9).all()
    assert found.balanced == (np.ptp(found.correlations) <= 1e-6)
    closed = np.linalg.solve(correlations(x), np.ones(x.shape[1]))
    if (closed > 1e-9).all():  # the equations without the bound
        assert found.balanced
        assert found.weights == pytest.approx(normalised(closed / x.std(axis=0)), abs=1e-9)


@given(x=scores(), data=st.data())
def test_no_other_weights_raise_the_smallest_correlation(x: Array, data: st.DataObject) -> None:
    k = x.shape[1]
    w = np.array(data.draw(st.lists(st.integers(0, 50), min_size=k, max_size=k)), dtype=float)
    assume(w.sum() > 0)
    other = correlations(np.column_stack([x, x @ w]))[-1, :-1]
    assert other.min() <= balanced_weights(x).correlations.min() + 1e-9


@given(x=scores())
def test_balanced_weights_of_uncorrelated_standardised_columns_are_equal(x: Array) -> None:
    q, _ = np.linalg.qr(x - x.mean(axis=0))
    found = balanced_weights(q)
    assert found.weights == pytest.approx(equal(x.shape[1]), abs=1e-9)
    assert found.correlations == pytest.approx(np.full(x.shape[1], x.shape[1] ** -0.5))
    assert found.balanced


@given(x=scores())
def test_critic_weights_of_two_indicators_are_their_spreads(x: Array) -> None:
    pair = x[:, :2]
    assert critic_weights(pair) == pytest.approx(normalised(pair.std(axis=0)))


@given(x=scores(), factors=st.integers(1, 3), rotation=st.sampled_from(["varimax", "none"]))
def test_a_rotation_loses_no_variance(x: Array, factors: int, rotation: str) -> None:
    assume(factors <= x.shape[1])
    found, plain = factor_weights(x, factors, rotation=rotation), pca_weights(x)
    assert found.explained.sum() == pytest.approx(plain.eigenvalues[:factors].sum())
    assert (found.loadings**2).sum(axis=1) == pytest.approx(
        (plain.loadings[:, :factors] ** 2).sum(axis=1), abs=1e-9
    )
    assert (np.diff(found.explained) <= 1e-12).all()
    assert (found.weights >= 0).all() and found.weights.sum() == pytest.approx(1)


@given(w=arrays(np.float64, st.integers(1, 9), elements=st.floats(0, 1e9)), c=st.floats(0.1, 10))
def test_only_ratios_of_given_weights_matter(w: Array, c: float) -> None:
    assume(w.max() > 1e-3)
    assert normalised(w * c) == pytest.approx(normalised(w), abs=1e-15)
    order = np.argsort(w, kind="stable")
    assert normalised(w[order]).tolist() == normalised(w)[order].tolist()  # to the last bit


@given(a=judgements(), data=st.data())
def test_judgements_are_consistent_or_worse_and_follow_the_indicator(
    a: Array, data: st.DataObject
) -> None:
    found = ahp_weights(a)
    assert found.consistency_ratio >= 0
    assert found.eigenvalue >= len(a)
    assert a @ found.weights == pytest.approx(found.eigenvalue * found.weights)
    order = data.draw(st.permutations(range(len(a))))
    assert ahp_weights(a[np.ix_(order, order)]).weights == pytest.approx(found.weights[order])


@given(points=scores())
def test_agreement_lies_between_none_and_full(points: Array) -> None:
    assume((points.sum(axis=1) > 0).all())
    found = budget_allocation(points / points.sum(axis=1, keepdims=True))
    assert -1e-12 <= found.agreement <= 1 + 1e-12
    same = np.tile(points[:1] + np.arange(points.shape[1]) * 1e-3, (4, 1))
    assert budget_allocation(same).agreement == pytest.approx(1)


# ---- benefit of the doubt


@given(y=scores(), low=st.floats(0, 0.2), high=st.floats(0.5, 1))
def test_the_best_unit_under_its_own_weights_is_one(y: Array, low: float, high: float) -> None:
    found = benefit_of_the_doubt(y, low, high)
    assert found.scores.max() == pytest.approx(1, abs=1e-12)
    assert (found.scores <= 1).all()
    assert (found.scores >= 0).all()
    shares = found.weights / found.weights.sum(axis=1, keepdims=True)
    some = ~np.isnan(shares).any(axis=1)
    assert (shares[some] >= low - 1e-7).all() and (shares[some] <= high + 1e-7).all()
    assert (y @ found.weights[some].T <= 1 + 1e-9).all()


@given(y=scores(), low=st.floats(0.05, 0.2), high=st.floats(0.5, 0.9), less=st.floats(0, 1))
def test_wider_bounds_never_lower_a_score(y: Array, low: float, high: float, less: float) -> None:
    narrow = benefit_of_the_doubt(y, low, high).scores
    wide = benefit_of_the_doubt(y, low * less, high + (1 - high) * (1 - less)).scores
    assert (wide >= narrow - 1e-7).all()


@given(y=scores(), data=st.data())
def test_the_benefit_is_never_less_than_with_any_common_weights(
    y: Array, data: st.DataObject
) -> None:
    k = y.shape[1]
    w = np.array(data.draw(st.lists(st.integers(1, 50), min_size=k, max_size=k)), dtype=float)
    common = y @ w / (y @ w).max()
    assert (benefit_of_the_doubt(y).scores >= common - 1e-7).all()


@given(y=scores())
def test_better_in_everything_never_scores_lower(y: Array) -> None:
    found = benefit_of_the_doubt(np.vstack([y, y[0] * 0.9]), 0.1, 0.6).scores
    assert found[-1] <= found[0] + 1e-7
    with_best = benefit_of_the_doubt(np.vstack([y, y.max(axis=0)]), 0.1, 0.6).scores
    assert with_best[-1] == pytest.approx(1)


@given(y=scores(), data=st.data(), c=st.floats(1e-3, 1e3))
def test_benefit_follows_unit_and_indicator_whatever_the_scale(
    y: Array, data: st.DataObject, c: float
) -> None:
    rows = data.draw(st.permutations(range(len(y))))
    cols = data.draw(st.permutations(range(y.shape[1])))
    before = benefit_of_the_doubt(y, 0.1, 0.7).scores
    after = benefit_of_the_doubt(c * y[np.ix_(rows, cols)], 0.1, 0.7).scores
    assert after == pytest.approx(before[rows], abs=1e-7)
