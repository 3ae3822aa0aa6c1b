"""Weights: by hand, at the edges, and worked examples of the literature."""

from itertools import pairwise
from math import log, sqrt

import numpy as np
import numpy.typing as npt
import pytest
from scipy.optimize import LinearConstraint, minimize
from scipy.stats import friedmanchisquare, kendalltau

from pii.steps.normalise import between_goalposts, observed_goalposts
from pii.steps.weigh import (
    ahp_weights,
    balanced_weights,
    budget_allocation,
    complete,
    correlations,
    critic_weights,
    cronbach_alpha,
    entropy_weights,
    equal,
    factor_weights,
    normalised,
    pca_weights,
)

Array = npt.NDArray[np.float64]
NAN = float("nan")


def array(*rows: list[float]) -> Array:
    return np.array(rows, dtype=np.float64)


def columns(r: float, units: int = 200) -> Array:
    """Two columns with exactly this correlation."""
    raw = np.random.default_rng(7).normal(size=(units, 2))
    q, _ = np.linalg.qr(raw - raw.mean(axis=0))
    return np.column_stack([q[:, 0], r * q[:, 0] + sqrt(1 - r * r) * q[:, 1]])


def lively(units: int = 40, indicators: int = 5, seed: int = 3) -> Array:
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(units, 1))
    return np.asarray(rng.normal(size=(units, indicators)) + common * np.arange(1, indicators + 1))


# ---- equal, given


def test_equal_weights_sum_to_one() -> None:
    assert equal(4).tolist() == [0.25] * 4


def test_given_weights_keep_their_ratios() -> None:
    assert normalised(np.array([1.0, 3.0, 0.0])).tolist() == [0.25, 0.75, 0]
    assert normalised(np.array([1e308, 1e308])).tolist() == [0.5, 0.5]
    assert normalised(np.array([5e-324])).tolist() == [1]


@pytest.mark.parametrize("bad", [NAN, float("inf"), -1e-9])
def test_a_weight_that_is_none_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="finite and not negative"):
        normalised(np.array([1.0, bad]))


@pytest.mark.parametrize("none", [np.zeros(3), np.zeros(0)])
def test_no_weight_at_all_is_refused(none: Array) -> None:
    with pytest.raises(ValueError, match="no weight is above zero"):
        normalised(none)


def test_complete_units_are_those_with_every_value() -> None:
    x = array([1, 2], [NAN, 2], [1, NAN], [0, 0])
    assert complete(x).tolist() == [True, False, False, True]


# ---- correlations, alpha


def test_correlations_by_hand() -> None:
    x = array([1, 1, -1], [2, 3, -2], [3, 2, -3])
    assert correlations(x) == pytest.approx(
        array([1, 0.5, -1], [0.5, 1, -0.5], [-1, -0.5, 1]), abs=1e-15
    )


def test_correlations_survive_tiny_and_huge_units() -> None:
    x = lively()
    scaled = x * np.array([1e-300, 1e300, 1, 1, 1])
    assert correlations(scaled) == pytest.approx(correlations(x), abs=1e-14)


DATA_DRIVEN = [
    correlations,
    cronbach_alpha,
    pca_weights,
    entropy_weights,
    critic_weights,
    balanced_weights,
    budget_allocation,
    lambda x: factor_weights(x, 1),
]


@pytest.mark.parametrize("weigh", DATA_DRIVEN)
def test_a_missing_value_is_refused_and_counted(weigh: object) -> None:
    x = np.abs(lively())
    x[[3, 5], 1] = NAN
    x[3, 2] = NAN
    with pytest.raises(ValueError, match="2 of 40 units have missing values"):
        weigh(x)  # type: ignore[operator]


BY_CORRELATION = [correlations, pca_weights, critic_weights, balanced_weights]


@pytest.mark.parametrize("weigh", BY_CORRELATION)
def test_constant_columns_are_refused_by_number(weigh: object) -> None:
    x = lively()
    x[:, 1] = 5
    x[:, 4] = 0.1
    with pytest.raises(ValueError, match="no correlation: all values are equal in column 1, 4"):
        weigh(x)  # type: ignore[operator]


@pytest.mark.parametrize("weigh", BY_CORRELATION)
def test_two_units_tell_no_correlation(weigh: object) -> None:
    with pytest.raises(ValueError, match="3 units or more, there are 2"):
        weigh(lively(units=2))  # type: ignore[operator]


def test_three_units_do() -> None:
    assert correlations(array([1, 0], [2, 0], [3, 1])).shape == (2, 2)


def test_alpha_by_hand() -> None:
    # Variances 1 and 1; sums 2, 5, 5 with variance 3: 2/1 · (1 − 2/3).
    assert cronbach_alpha(array([1, 1], [2, 3], [3, 2])) == pytest.approx(2 / 3, rel=1e-14)
    assert cronbach_alpha(array([1, 1], [2, 2])) == pytest.approx(1, rel=1e-14)


@pytest.mark.parametrize(
    "x", [array([1], [2]), array([1, -1], [2, -2]), array([1, 2])], ids=["one", "sum", "unit"]
)
def test_alpha_of_nothing_is_refused(x: Array) -> None:
    with pytest.raises(ValueError, match="needs 2 indicators and units whose sums differ"):
        cronbach_alpha(x)


# ---- principal components, factors


@pytest.mark.parametrize("r", [0.2, 0.9])
def test_components_of_two_indicators(r: float) -> None:
    found = pca_weights(columns(r) * [2, 1000] + [0, 5])
    half = sqrt(0.5)
    assert found.eigenvalues == pytest.approx([1 + r, 1 - r])
    assert found.shares == pytest.approx([(1 + r) / 2, (1 - r) / 2])
    assert found.vectors[:, 0] == pytest.approx([half, half])
    assert found.loadings[:, 0] == pytest.approx([half * sqrt(1 + r)] * 2)
    assert found.weights == pytest.approx([0.5, 0.5])
    assert not found.negative.any()


def test_a_negative_weight_is_flagged_and_never_given() -> None:
    x = lively()
    x[:, 4] *= -1
    found = pca_weights(x)
    assert found.negative.tolist() == [False] * 4 + [True]
    assert np.isnan(found.weights).all()
    assert found.vectors[4, 0] < 0 < found.vectors[:, 0].sum()
    assert found.loadings == pytest.approx(found.vectors * np.sqrt(found.eigenvalues))


def test_an_uncorrelated_indicator_has_no_weight_and_no_sign() -> None:
    for seed in range(20):
        raw = np.random.default_rng(seed).normal(size=(50, 3))
        z, _ = np.linalg.qr(raw - raw.mean(axis=0))
        found = pca_weights(np.column_stack([z[:, 0], z[:, 0] + z[:, 1], z[:, 2]]))
        assert not found.negative.any()
        assert found.weights == pytest.approx([0.5, 0.5, 0], abs=1e-12)


def test_loadings_are_correlations_with_the_component() -> None:
    x = lively()
    found = pca_weights(x)
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    for k in range(5):
        with_component = correlations(np.column_stack([x, z @ found.vectors[:, k]]))[-1, :-1]
        assert found.loadings[:, k] == pytest.approx(with_component, abs=1e-12)


def test_fewer_units_than_indicators_have_fewer_components() -> None:
    found = pca_weights(lively(units=4))
    assert found.vectors.shape == (5, 4)
    assert found.eigenvalues.sum() == pytest.approx(5)
    assert found.eigenvalues[3] == pytest.approx(0, abs=1e-12)


def test_one_factor_is_the_first_component_squared() -> None:
    x = lively()
    first = pca_weights(x).loadings[:, 0]
    for rotation in ("varimax", "none"):
        found = factor_weights(x, 1, rotation=rotation)
        assert found.weights == pytest.approx(first**2 / (first**2).sum())
        assert found.squared[:, 0] == pytest.approx(found.weights)


def blocks() -> Array:
    """Columns 0–2 follow one thing, 3–4 another; 4 goes against it."""
    rng = np.random.default_rng(11)
    hidden = rng.normal(size=(300, 2))
    x = hidden[:, [0, 0, 0, 1, 1]] + 0.4 * rng.normal(size=(300, 5))
    return np.asarray(x * [1, 1, 1, 1.2, -1])


def test_varimax_finds_the_blocks_and_says_who_works_against_them() -> None:
    found = factor_weights(blocks(), 2)
    assert (np.abs(found.loadings) > 0.9).tolist() == [[True, False]] * 3 + [[False, True]] * 2
    assert (np.abs(found.loadings) < 0.1).tolist() == [[False, True]] * 3 + [[True, False]] * 2
    assert found.against.sum() == 1 and found.against[3:].any()
    assert found.weights.min() > 0 and found.weights.sum() == pytest.approx(1)
    assert found.squared.sum(axis=0) == pytest.approx([1, 1])
    assert found.explained == pytest.approx((found.loadings**2).sum(axis=0))


def test_rotation_keeps_what_the_factors_explain_together() -> None:
    x = lively(indicators=6)
    turned, plain = factor_weights(x, 3), factor_weights(x, 3, rotation="none")
    assert turned.loadings @ turned.loadings.T == pytest.approx(plain.loadings @ plain.loadings.T)
    assert plain.loadings == pytest.approx(pca_weights(x).loadings[:, :3])
    assert all(a >= b for found in (turned, plain) for a, b in pairwise(found.explained))


def kaiser_criterion(loadings: Array) -> float:
    shares = loadings**2 / (loadings**2).sum(axis=1, keepdims=True)
    return float(shares.var(axis=0).sum())


def test_no_other_angle_beats_varimax() -> None:
    x = lively(indicators=6, seed=5)
    found = factor_weights(x, 2).loadings
    angles = np.linspace(0, np.pi, 2001)
    turns = [np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) for a in angles]
    best = max(kaiser_criterion(found @ turn) for turn in turns)
    assert kaiser_criterion(found) >= best - 1e-12


def test_an_indicator_without_loading_does_not_stop_the_rotation() -> None:
    x = np.column_stack([columns(0.9, 8), np.array([1.0, -1, 1, -1, 1, -1, 1, -1])])
    assert np.isfinite(factor_weights(x, 2).weights).all()


@pytest.mark.parametrize("factors", [0, 4])
def test_factors_that_are_not_there_are_refused(factors: int) -> None:
    with pytest.raises(ValueError, match=f"{factors} factors cannot be kept"):
        factor_weights(lively(units=4), factors)
    assert factor_weights(lively(units=4), 3).explained.sum() == pytest.approx(5)


def test_another_rotation_is_refused() -> None:
    with pytest.raises(ValueError, match="varimax or none, not 'promax'"):
        factor_weights(lively(), 2, rotation="promax")


# ---- entropy, CRITIC


def test_entropy_by_hand() -> None:
    # Shares 1/4, 3/4 and 0, 1; the constant column says nothing.
    x = array([1, 0, 7], [3, 5, 7])
    first = 1 + (0.25 * log(0.25) + 0.75 * log(0.75)) / log(2)
    assert entropy_weights(x) == pytest.approx([first / (1 + first), 1 / (1 + first), 0])


@pytest.mark.parametrize(
    ("x", "published"),
    [
        # Xu (2004), European Journal of Operational Research 156(2), 530–532.
        (
            array([30, 30, 38, 29], [19, 54, 86, 29], [19, 15, 85, 28.9], [68, 70, 60, 29]),
            [0.4630, 0.3992, 0.1378, 0.0000],
        ),
        # Zavadskas & Podvezko (2016), Int. J. Information Technology & Decision Making 15(2).
        (
            array([3.0, 100, 10, 7], [2.5, 80, 8, 5], [1.8, 50, 20, 11], [2.2, 70, 12, 9]),
            [0.1146, 0.1981, 0.4185, 0.2689],
        ),
    ],
    ids=["Xu 2004", "Zavadskas & Podvezko 2016"],
)
def test_entropy_weights_of_the_literature(x: Array, published: list[float]) -> None:
    assert entropy_weights(x) == pytest.approx(published, abs=0.5001e-4)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (array([1, -1], [2, 1]), "not negative"),
        (array([1, 0], [2, 0]), "no weight is above zero"),
        (array([2, 3], [2, 3]), "no weight is above zero"),
        (array([2, 3]), "no weight is above zero"),
    ],
    ids=["negative", "column of zeros", "no difference", "one unit"],
)
def test_scores_without_entropy_are_refused(x: Array, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        entropy_weights(x)


def test_nearly_equal_scores_have_no_negative_weight() -> None:
    x = np.full((34, 2), 0.1)
    x[0, 0] += 2e-17
    x[1, 1] = 0.2
    assert entropy_weights(x).min() >= 0


def test_critic_weights_of_the_literature() -> None:
    # Tuş & Aytaç Adalı (2019), Opsearch 56(2), 528–538: five programmes, six criteria.
    x = array(
        [5000, 3, 3, 4, 3, 2],
        [680, 5, 3, 2, 2, 1],
        [2000, 3, 2, 3, 4, 3],
        [600, 4, 3, 1, 2, 2],
        [800, 2, 4, 3, 3, 4],
    )
    scores = between_goalposts(x, *observed_goalposts(x, np.ones(6, bool)), scale=(0, 1))
    published = [0.157, 0.249, 0.168, 0.121, 0.154, 0.151]
    assert critic_weights(scores) == pytest.approx(published, abs=0.5001e-3)


def test_critic_by_hand() -> None:
    # Correlations 1 between the first two, 0 with the third: conflicts 1, 1, 2; spreads 1, 2, 1.
    x = np.column_stack([columns(0.0) @ [[1, 2], [0, 0]], columns(0.0)[:, 1]])
    assert critic_weights(x) == pytest.approx([1 / 5, 2 / 5, 2 / 5])


def test_strongly_correlated_scores_still_have_weights() -> None:
    assert critic_weights(columns(0.99)) == pytest.approx([0.5, 0.5])


def test_perfectly_correlated_scores_are_refused() -> None:
    with pytest.raises(ValueError, match="perfectly correlated"):
        critic_weights(array([1, 2], [2, 4], [5, 10]))


# ---- people


def test_budget_by_hand() -> None:
    found = budget_allocation(array([50, 30, 20], [70, 20, 10]))
    assert found.weights == pytest.approx([0.6, 0.25, 0.15])
    assert found.spread == pytest.approx([0.2 / sqrt(2), 0.1 / sqrt(2), 0.1 / sqrt(2)])
    assert found.agreement == pytest.approx(1)


@pytest.mark.parametrize(
    ("points", "agreement"),
    [
        (array([3, 2, 1], [1, 2, 3]), 0.0),
        (array([3, 2, 1], [2, 3, 1], [2, 1, 3]), 1 / 9),  # rank sums 7, 6, 5: 12 · 2/(9 · 24)
        (array([4, 4, 2], [4, 4, 2]), 1.0),  # ties, but the same ones
    ],
)
def test_agreement_by_hand(points: Array, agreement: float) -> None:
    assert budget_allocation(points).agreement == pytest.approx(agreement, abs=1e-15)


def test_agreement_is_friedmans_statistic_rescaled() -> None:
    points = np.random.default_rng(2).integers(0, 6, size=(9, 5)).astype(float)
    points[:, 4] = 30 - points[:, :4].sum(axis=1)
    statistic = friedmanchisquare(*points.T).statistic
    assert budget_allocation(points).agreement == pytest.approx(statistic / (9 * 4))
    pair = budget_allocation(points[:, [0, 4]] + [[1, 29 - k] for k in points[:, [0, 4]].sum(1)])
    assert 0 <= pair.agreement <= 1


def test_one_expert_agrees_with_nobody() -> None:
    found = budget_allocation(array([60, 40]))
    assert found.weights.tolist() == [0.6, 0.4]
    assert np.isnan(found.agreement) and np.isnan(found.spread).all()


def test_experts_without_preferences_do_not_agree() -> None:
    found = budget_allocation(array([50, 50], [50, 50]))
    assert np.isnan(found.agreement)
    assert found.spread.tolist() == [0, 0]


def test_budgets_differ() -> None:
    with pytest.raises(ValueError, match="expert 1 gave 90 points, expert 0 100"):
        budget_allocation(array([50, 50], [50, 40]))
    assert budget_allocation(array([0.1, 0.2, 0.7], [0.3, 0.3, 0.4])).weights.sum() == 1


@pytest.mark.parametrize(("points", "message"), [([-1, 2], "not negative"), ([0, 0], "no weight")])
def test_points_that_are_none(points: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        budget_allocation(array(points))


# ---- pairwise comparisons


def reciprocal(*above: float) -> Array:
    """The matrix whose upper triangle is this, row by row."""
    n = int((1 + sqrt(1 + 8 * len(above))) / 2)
    matrix = np.eye(n)
    for (i, j), value in zip(zip(*np.triu_indices(n, 1), strict=True), above, strict=True):
        matrix[i, j], matrix[j, i] = value, 1 / value
    return matrix


def test_three_comparisons_by_hand() -> None:
    # For three, geometric means of rows are the eigenvector; λ = 1 + k + 1/k, k³ = b/(ac).
    a, b, c = 1 / 3, 1 / 5, 1 / 4
    found = ahp_weights(reciprocal(a, b, c))
    rows = np.cbrt([a * b, c / a, 1 / (b * c)])
    k = (b / (a * c)) ** (1 / 3)
    assert found.weights == pytest.approx(rows / rows.sum())
    assert found.weights == pytest.approx([0.1007, 0.2255, 0.6738], abs=0.5e-4)
    assert found.eigenvalue == pytest.approx(1 + k + 1 / k)
    assert found.consistency_ratio == pytest.approx((k + 1 / k - 2) / 2 / 0.58)
    assert found.consistency_ratio == pytest.approx(0.074, abs=5e-4)


def test_saatys_drinks() -> None:
    # Saaty (2008), Int. J. Services Sciences 1(1): coffee, wine, tea, beer, sodas, milk, water.
    a, t = 1 / 9, 1 / 3
    above = (9, 5, 2, 1, 1, 0.5, t, a, a, a, a, t, 0.25, t, a, 0.5, 1, t, 2, 0.5, t)
    found = ahp_weights(reciprocal(*above))
    published = [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327]
    assert found.weights == pytest.approx(published, abs=0.5001e-3)
    assert found.consistency_ratio == pytest.approx(0.022, abs=5e-4)


@pytest.mark.parametrize(
    ("n", "index"),
    [(3, 0.58), (4, 0.9), (5, 1.12), (6, 1.24), (7, 1.32), (8, 1.41), (9, 1.45), (10, 1.49)],
)
def test_one_wrong_judgement_is_measured_against_random_ones(n: int, index: float) -> None:
    matrix = np.ones((n, n))
    matrix[0, 1], matrix[1, 0] = 9, 1 / 9
    found = ahp_weights(matrix)
    assert found.consistency_ratio == pytest.approx((found.eigenvalue - n) / (n - 1) / index)
    # Saaty's index is the mean of 500 random ones; here are 150 others.
    rng = np.random.default_rng(n)
    scale = np.concatenate([1 / np.arange(9.0, 1, -1), np.arange(1.0, 10)])
    draws = [reciprocal(*rng.choice(scale, n * (n - 1) // 2)) for _ in range(150)]
    chance = np.mean([(ahp_weights(draw).eigenvalue - n) / (n - 1) for draw in draws])
    assert chance == pytest.approx(index, abs=0.12)


@pytest.mark.parametrize("n", [1, 2, 3, 7, 10])
def test_judgements_without_contradiction_give_their_weights_back(n: int) -> None:
    w = np.arange(1.0, n + 1)
    found = ahp_weights(w[:, None] / w)
    assert found.weights == pytest.approx(w / w.sum())
    assert found.consistency_ratio == pytest.approx(0, abs=1e-12)
    assert found.eigenvalue == pytest.approx(n)
    assert found.consistency_ratio >= 0


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (array([1, 3], [0.33, 1]), r"\[0, 1\] is 3, so \[1, 0\] must be 0.3333333, not 0.33"),
        (array([2, 1], [1, 1]), r"\[0, 0\] is 2"),
        (array([1, -2], [-0.5, 1]), "a number above zero"),
        (array([1, NAN], [NAN, 1]), "a number above zero"),
        (array([1, float("inf")], [0, 1]), "a number above zero"),
        (array([1, 2, 3], [0.5, 1, 2]), "a square of 1 to 10"),
        (np.ones((11, 11)), "a square of 1 to 10"),
        (np.ones((0, 0)), "a square of 1 to 10"),
    ],
)
def test_comparisons_that_are_none(matrix: Array, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ahp_weights(matrix)


# ---- balanced


def test_two_indicators_are_balanced_by_their_spread() -> None:
    found = balanced_weights(columns(0.3) * [1, 4])
    assert found.weights == pytest.approx([0.8, 0.2])
    assert found.correlations == pytest.approx([sqrt(0.65)] * 2)
    assert found.balanced


def test_balance_by_hand() -> None:
    # R⁻¹1 for r = 0.5, 0, 0: the pair shares what the loner has, 2/3 + 2/3 against 1.
    raw = np.random.default_rng(1).normal(size=(50, 3))
    z, _ = np.linalg.qr(raw - raw.mean(axis=0))
    x = np.column_stack([z[:, 0], 0.5 * z[:, 0] + sqrt(0.75) * z[:, 1], z[:, 2]])
    found = balanced_weights(x)
    assert found.weights == pytest.approx([2 / 7, 2 / 7, 3 / 7])
    assert found.balanced


def test_where_no_weights_balance_the_smallest_correlation_is_as_large_as_can_be() -> None:
    x = lively()
    found = balanced_weights(x)
    assert not found.balanced
    some = found.weights > 0
    assert np.ptp(found.correlations[some]) < 1e-12
    assert (found.correlations[~some] > found.correlations[some].max()).all() and (~some).any()
    others = np.random.default_rng(0).dirichlet(np.ones(5), size=2000)
    smallest = [correlations(np.column_stack([x, x @ w]))[-1, :-1].min() for w in others]
    assert max(smallest) <= found.correlations.min() + 1e-12


def test_a_second_solver_agrees() -> None:
    x = lively(indicators=4, seed=9)
    r = correlations(x)

    def variance(v: Array) -> float:
        return float(v @ r @ v)

    second = minimize(
        variance,
        np.full(4, 0.25),
        bounds=[(0, 1)] * 4,
        constraints=LinearConstraint(np.ones((1, 4)), 1, 1),
        method="SLSQP",
        options={"ftol": 1e-15},
    )
    weights = second.x / x.std(axis=0)
    assert balanced_weights(x).weights == pytest.approx(weights / weights.sum(), abs=1e-5)


def test_the_tolerance_decides_what_counts_as_equal() -> None:
    x = lively()
    apart = np.ptp(balanced_weights(x).correlations)
    assert balanced_weights(x, tolerance=apart * 1.001).balanced
    assert not balanced_weights(x, tolerance=apart * 0.999).balanced


def test_dependent_indicators_have_no_unique_balance() -> None:
    x = lively()
    with pytest.raises(ValueError, match="linearly dependent"):
        balanced_weights(np.column_stack([x, x[:, 0] + x[:, 1]]))
    with pytest.raises(ValueError, match="linearly dependent"):
        balanced_weights(lively(units=5))
    assert balanced_weights(lively(units=6)).weights.sum() == pytest.approx(1)


def test_kendalls_w_of_two_experts_is_their_order() -> None:
    points = array([10, 20, 30, 40], [10, 30, 20, 40])
    assert kendalltau(points[0], points[1]).statistic > 0
    assert budget_allocation(points).agreement == pytest.approx((1 + 0.8) / 2)  # Spearman is 0.8


def test_after_varimax_no_pair_of_factors_can_be_turned_to_advantage() -> None:
    # Kaiser's criterion of a pair is stationary, and greatest, where its "twist" is real and
    # not negative; with four factors that takes more than one round.
    x = np.random.default_rng(5).normal(size=(60, 7)) @ np.random.default_rng(6).normal(size=(7, 7))
    loadings = factor_weights(x, 4).loadings
    unit = loadings / np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    for a in range(4):
        for b in range(a):
            z = (unit[:, a] + 1j * unit[:, b]) ** 2
            twist = (z * z).mean() - z.mean() ** 2
            assert abs(twist.imag) < 1e-12 < twist.real


def test_critic_of_indicators_that_hardly_conflict() -> None:
    x = np.array([[1.0, 2, 0], [2, 4, 1], [3, 5, 5], [4, 9, 6], [5, 10, 7]])
    conflict = 3 - np.corrcoef(x.T).sum(axis=0)
    assert conflict.max() < 0.5
    expected = x.std(axis=0) * conflict
    np.testing.assert_allclose(critic_weights(x), expected / expected.sum(), rtol=1e-12)
