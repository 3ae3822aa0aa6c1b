"""Sobol' indices: analytic functions, a second program, and a plan whose answer is known."""

import numpy as np
import pytest
from SALib.analyze import sobol as salib
from SALib.test_functions import Ishigami, Sobol_G
from strategies import Array, leaf, method, tree

from pii.audit.draws import FIRST, SECOND, between_0_and_1, words
from pii.audit.plan import plan_of
from pii.audit.sensitivity import estimates, indices, picks, sensitivity
from pii.matrix import matrix_of
from pii.spread import Spread, VariedWeights

ISHIGAMI = ([0.3139, 0.4424, 0.0], [0.5576, 0.4424, 0.2437])
G = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])


def samples(n: int, inputs: int) -> list[Array]:
    """A, B, and A with one column from B at a time."""
    a, b = (between_0_and_1(words(3, stream, 0, n, inputs)) for stream in (FIRST, SECOND))
    mixed = [np.where(np.arange(inputs) == i, b, a) for i in range(inputs)]
    return [a, b, *mixed]


def ishigami(x: Array) -> Array:
    return np.asarray(Ishigami.evaluate(np.pi * (2 * x - 1)))[:, None]


def g(x: Array) -> Array:
    return np.prod((np.abs(4 * x - 2) + G) / (1 + G), axis=1)[:, None]


def test_ishigami() -> None:
    y = np.array([ishigami(x) for x in samples(200_000, 3)])
    found = indices(y[0], y[1], y[2:], picks(0, 200_000, 20))
    assert np.abs(found.first[:, 0] - ISHIGAMI[0]).max() < 0.01
    assert np.abs(found.total[:, 0] - ISHIGAMI[1]).max() < 0.01


def test_sobol_g() -> None:
    y = np.array([g(x) for x in samples(200_000, 8)])
    found = indices(y[0], y[1], y[2:], picks(0, 200_000, 20))
    assert np.abs(found.first[:, 0] - Sobol_G.sensitivity_index(G)).max() < 0.01
    assert np.abs(found.total[:, 0] - Sobol_G.total_sensitivity_index(G)).max() < 0.01


def test_salib_gives_the_same_numbers_on_the_same_sample() -> None:
    n, inputs = 400, 8
    y = np.array([g(x) for x in samples(n, inputs)])
    centre = y[:2].mean()
    first, total = estimates(y[0] - centre, y[1] - centre, y[2:] - centre, np.ones((1, n)))
    # SALib's order is A, AB1, AB2, …, B by row; its variance divides by 2n, ours by 2n − 1, and it
    # centres on the mean of all rows, so that mean is taken out of ours first.
    everything = np.concatenate([y[:1], y[2:], y[1:2]])[:, :, 0].T.ravel()
    problem = {"num_vars": inputs, "names": list("abcdefgh"), "bounds": [[0, 1]] * inputs}
    theirs = salib.analyze(problem, everything, calc_second_order=False, seed=1)
    scale = 2 * n / (2 * n - 1)
    y = y - everything.mean()
    first, total = estimates(y[0], y[1], y[2:], np.ones((1, n)))
    assert np.abs(first[0, :, 0] * scale - theirs["S1"]).max() < 1e-9
    assert np.abs(total[0, :, 0] * scale - theirs["ST"]).max() < 1e-9


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    inside = 0
    every = np.array([ishigami(x) for x in samples(16_000, 3)])
    for start in range(40):
        y = every[:, start * 400 :][:, :400]
        found = indices(y[0], y[1], y[2:], picks(start, 400, 200))
        low, high = found.total_interval[:, 0].T
        inside += int(((low <= ISHIGAMI[1]) & (ISHIGAMI[1] <= high)).sum())
    assert 0.8 < inside / 120 < 0.97  # 90 % is what they say


def test_a_resample_of_every_row_once_is_the_sample() -> None:
    picked = picks(7, 50, 30)
    assert picked.shape == (31, 50)
    assert (picked.sum(axis=1) == 50).all() and (picked[0] == 1).all()
    assert picked[1:].std() > 0.9  # binomial: about 1
    y = np.random.default_rng(0).random((5, 50, 2))
    rows = np.repeat(np.arange(50), picked[4].astype(int))
    first, total = estimates(y[0], y[1], y[2:], picked)
    own, own_total = estimates(y[0][rows], y[1][rows], y[2:][:, rows], np.ones((1, 50)))
    np.testing.assert_allclose(first[4], own[0], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(total[4], own_total[0], rtol=1e-12, atol=1e-12)


def two_provinces() -> tuple:  # type: ignore[type-arg]
    """A beats B while the weight of P is above that of Q, as it is a little in the nominal."""
    framework = tree(
        [("X", "index", None), ("S", "subindex", "X"), ("P", "pillar", "S"), ("Q", "pillar", "S")],
        [leaf("P1", "P"), leaf("Q1", "Q")],
    )
    values = np.array([[1.0, 0.0], [0.0, 1.0]])
    return matrix_of(values, ["A", "B"], framework), framework, method(weights={"P": 1.2})


def test_a_choice_that_does_nothing_has_no_index_and_one_that_does_all_has_all() -> None:
    rows, framework, nominal = two_provinces()
    spread = Spread(
        weights={
            "pillar": VariedWeights("uniform", 0.5),
            "indicator": VariedWeights("uniform", 0.5),
        }
    )
    found = sensitivity(plan_of(rows, framework, nominal, spread), seed=0, n=512, most=4096)
    assert found.choices == ("weights: pillar", "weights: indicator")
    assert found.converged and found.widest <= 0.1
    for one in (found.per_province[0], found.per_province[1]):
        assert one.first[0] == pytest.approx(1.0, abs=0.1) and one.total[0] == pytest.approx(
            1.0, abs=0.1
        )
        assert one.first[1] == 0 and one.total[1] == 0


def test_what_never_moves_has_no_indices_and_asks_for_no_more_draws() -> None:
    rows, framework, nominal = two_provinces()
    spread = Spread(weights={"indicator": VariedWeights("uniform", 0.5)})
    found = sensitivity(plan_of(rows, framework, nominal, spread), seed=0, n=128, most=4096)
    assert np.isnan(found.mean_shift.first).all() and found.n == 128


def test_where_intervals_stay_wide_it_says_so() -> None:
    rows, framework, nominal = two_provinces()
    spread = Spread(weights={"pillar": VariedWeights("uniform", 0.5)})
    plan = plan_of(rows, framework, nominal, spread)
    found = sensitivity(plan, seed=0, n=32, most=64, width=0.01)
    assert not found.converged and found.n == 64 and found.draws == 64 * 3
    assert found.widest > 0.01


def test_doubling_gives_what_the_larger_sample_gives_at_once() -> None:
    rows, framework, nominal = two_provinces()
    spread = Spread(weights={"pillar": VariedWeights("dirichlet", 5.0)})
    plan = plan_of(rows, framework, nominal, spread)
    doubled = sensitivity(plan, seed=4, n=64, most=256, width=0.0)
    once = sensitivity(plan, seed=4, n=256, most=256, width=0.0)
    np.testing.assert_array_equal(doubled.mean_shift.total, once.mean_shift.total)
    assert doubled.n == once.n == 256
