"""Every refusal of a step, in its exact words: they reach the analyst."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from pii.steps import aggregate, denominate, frontier, impute, normalise, outrank, screen, treat
from pii.steps import weigh as w

NAN = np.nan
FREE = np.zeros(2, dtype=bool)
UP = np.array([True, True])
DOWN = ~UP
SHOWN = np.array(True)
ONES = np.ones(2)
X = np.array([[1.0, 5.0], [2.0, 3.0], [4.0, 4.0]])
FLAT = np.array([[1.0, 5.0], [2.0, 5.0], [4.0, 5.0]])
GAPS = np.array([[1.0, NAN], [2.0, 5.0], [4.0, NAN]])
APART = np.array([[1.0, NAN], [2.0, NAN], [NAN, 5.0], [NAN, 6.0]])
LINE = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0], [4.0, NAN]])
NEAR = np.array([[1.0, 2.0], [2.0, 5.0], [3.0, 6.0], [4.0, NAN]])
SKEW = np.array([[-1.0, -1.0]] + [[float(v), float(v)] for v in range(1, 9)] + [[99.0, 99.0]])


def mean(x: list[float], power: float = 1.0) -> object:
    row = np.array(x)
    return aggregate.power_mean(row, np.ones(len(x)), power=power, published=SHOWN)


def owa(*v: float) -> object:
    return aggregate.owa(X, np.array(v), published=SHOWN)


def posts(worst: list[float], best: list[float]) -> object:
    return normalise.between_goalposts(X, np.array(worst), np.array(best))


def frozen(form: str, parameter: float = NAN) -> object:
    return treat.retreated(
        X,
        form=np.array([form, form]),
        low=X.min(axis=0),
        high=X.max(axis=0),
        side=ONES,
        parameter=np.array([parameter, parameter]),
    )


def whole(x: np.ndarray, form: str, parameter: float = NAN) -> object:
    return treat.transformation(x, treat.Transform(form, parameter), exempt=FREE)


MEANS = "a mean of power "
CATEGORIES = "categories need rising bounds, and one score more than there are bounds"
BENEFIT = "benefit of the doubt needs every score, none below 0 and not all 0"
OWA = "an OWA of 2 children needs 2 order weights, none negative, not all 0"
RATIO = "the reference of a ratio is not above zero in column 1"
SQUARE = "comparisons are a square of 1 to 10 indicators; group a longer list"
ALPHA = "Cronbach's alpha needs 2 indicators and units whose sums differ"

REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: mean([1, 2], np.inf), MEANS + "inf is no mean; for the lowest score: `minimum`"),
    (lambda: mean([1, 0], 0), MEANS + "0 needs scores above zero"),
    (lambda: mean([1, 0], -0.5), MEANS + "-0.5 needs scores above zero"),
    (lambda: mean([1, -1], 2), MEANS + "2 needs scores of zero or more"),
    (lambda: mean([1, np.inf]), "a score is infinite"),
    (
        lambda: aggregate.mazziotta_pareto(
            np.array([1.0, -1.0]), ONES, downward=True, published=SHOWN
        ),
        "a Mazziotta–Pareto index needs scores with a mean above zero",
    ),
    (
        lambda: aggregate.adjusted_mpi_scores(X, reference=ONES, worst=ONES, best=ONES),
        "worst and best coincide in column 0, 1",
    ),
    (lambda: owa(1), OWA),
    (lambda: owa(0, 0), OWA),
    (lambda: owa(2, -1), OWA),
    (lambda: owa(1, NAN), OWA),
    (
        lambda: denominate.denominated(X, ONES, 0.0),
        "a scale factor is a finite number other than zero",
    ),
    (lambda: frontier.benefit_of_the_doubt(-X), BENEFIT),
    (lambda: frontier.benefit_of_the_doubt(GAPS), BENEFIT),
    (lambda: frontier.benefit_of_the_doubt(0 * X), BENEFIT),
    (
        lambda: frontier.benefit_of_the_doubt(X, 0.6),
        "no shares sum to 1 between [0.6, 0.6] and [1.0, 1.0]",
    ),
    (
        lambda: frontier.benefit_of_the_doubt(np.array([[0.0, 1.0]]), 0.0, np.array([1.0, 0.0])),
        "under these bounds no unit scores above 0",
    ),
    (
        lambda: impute.filled_by_row(X, np.array([0, 0]), worst=ONES),
        "give both goalposts, or none for values on one scale",
    ),
    (
        lambda: impute.filled_by_row(X, np.array([0, 0]), worst=ONES, best=np.array([2.0, 1.0])),
        "worst and best coincide in column 1",
    ),
    (
        lambda: impute.carried_forward(X, -1),
        "a value is carried forward, so reach is 0 or more, not -1",
    ),
    (
        lambda: impute.interpolated(X, np.array([1.0, 1.0, 2.0]), ends="nearest"),
        "the years of a panel must rise from one to the next",
    ),
    (
        lambda: impute.em_normal(GAPS),
        "fewer than two different values in column 1; leave it out",
    ),
    (
        lambda: impute.em_normal(LINE, ridge=-1.0),
        "a ridge is a number of units, 0 or more, not -1",
    ),
    (
        lambda: impute.em_normal(LINE[2:] * [1, NAN] + [0, 0]),
        "fewer than two different values in column 1; leave it out",
    ),
    (
        lambda: impute.em_normal(np.array([[1.0, 2.0, 3.0], [2.0, 1.0, 4.0], [3.0, 3.0, NAN]])),
        "3 units for 3 indicators; use fewer indicators or a ridge above 0",
    ),
    (
        lambda: impute.em_normal(APART),
        "columns 0 and 1 share no unit; use fewer indicators or a ridge above 0",
    ),
    (
        lambda: impute.em_normal(LINE),
        "indicators in a linear relation; leave one out or set a ridge above 0",
    ),
    (
        lambda: impute.em_normal(NEAR, iterations=1),
        "no convergence in 1 iterations; set a ridge above 0",
    ),
    (lambda: posts([1, 2], [3, 2]), "worst and best coincide in column 1"),
    (lambda: normalise.z_scores(FLAT, UP), "all values are equal in column 1"),
    (
        lambda: normalise.percentile_ranks(GAPS, UP),
        "a single value has no percentile rank in column 1",
    ),
    (lambda: normalise.percentile_bands(X, UP, bounds=(0.5, 0.5), scores=(1, 2, 3)), CATEGORIES),
    (lambda: normalise.percentile_bands(X, UP, bounds=(0.5,), scores=(1, 2, 3)), CATEGORIES),
    (
        lambda: normalise.above_or_below_mean(X - [0, 4], UP),
        "the mean is not above zero in column 1",
    ),
    (
        lambda: normalise.distance_to_target(X, UP, np.array([5.0, NAN])),
        "the target has no value in column 1",
    ),
    (
        lambda: normalise.distance_to_target(X, UP, np.array([5.0, 3.0])),
        "the target is no better than the worst value in column 1",
    ),
    (lambda: normalise.ratios_to(X, UP, np.array([1.0, 0.0])), RATIO),
    (lambda: normalise.differences_to(X, UP, np.array([1.0, 0.0])), RATIO),
    (
        lambda: normalise.ratios_to(X - [0, 3], DOWN, ONES),
        "lower is better, and a value is not above zero: no ratio in column 1",
    ),
    (
        lambda: outrank.kemeny(np.array([[0.0, NAN], [0.5, 0.0]]), tolerance=0),
        "units 0 and 1 cannot be compared: leave one of them out",
    ),
    (
        lambda: screen.screened(X, present=75, nonzero=0),
        "present is a share from 0 to 1 (75 % is 0.75), not 75",
    ),
    (
        lambda: screen.screened(X, present=0, nonzero=-0.5),
        "nonzero is a share from 0 to 1 (75 % is 0.75), not -0.5",
    ),
    (
        lambda: screen.screened(
            X,
            present=0,
            nonzero=0,
            force_in=np.array([True, False, True]),
            force_out=np.array([True, True, True]),
        ),
        "forced both in and out: row 0, 2; a unit can be forced one way only",
    ),
    (
        lambda: treat.winsorisable(2.5, 9),
        "points to winsorise: 2.5 is neither a number nor a share below 1",
    ),
    (
        lambda: whole(SKEW, "boxcox", 0.5),
        "a value is not above zero, as Box–Cox needs, in column 0, 1",
    ),
    (
        lambda: whole(SKEW, "sqrt"),
        "a value is below zero, and has no square root, in column 0, 1",
    ),
    (lambda: whole(SKEW, "log_gii", 1.0), "log_gii needs k above 1, not 1"),
    (lambda: whole(SKEW, "boxcox"), "boxcox needs a lambda"),
    (lambda: frozen("sqrt"), "a treatment of form sqrt needs its parameter"),
    (lambda: frozen("logarithm"), "unknown form of treatment: logarithm"),
    (
        lambda: w.normalised(np.array([1.0, -1.0])),
        "weights are finite and not negative, these are [1.0, -1.0]",
    ),
    (lambda: w.normalised(np.zeros(2)), "no weight is above zero"),
    (lambda: w.cronbach_alpha(X[:, :1]), ALPHA),
    (lambda: w.cronbach_alpha(X[:1]), ALPHA),
    (lambda: w.cronbach_alpha(np.array([[1.0, 2.0], [2.0, 1.0]])), ALPHA),
    (lambda: w.factor_weights(X, 3), "3 factors cannot be kept of these data"),
    (
        lambda: w.factor_weights(X, 1, rotation="oblimin"),
        "rotation is varimax or none, not 'oblimin'",
    ),
    (
        lambda: w.critic_weights(LINE[:3]),
        "all indicators are perfectly correlated: none says more than another",
    ),
    (
        lambda: w.budget_allocation(np.array([[1.0, 2.0], [2.0, 2.0]])),
        "expert 1 gave 4 points, expert 0 3",
    ),
    (lambda: w.ahp_weights(X), SQUARE),
    (lambda: w.ahp_weights(np.ones((11, 11))), SQUARE),
    (
        lambda: w.ahp_weights(np.array([[1.0, 0.0], [2.0, 1.0]])),
        "every comparison is a number above zero",
    ),
    (
        lambda: w.ahp_weights(np.array([[1.0, 3.0], [0.5, 1.0]])),
        "[0, 1] is 3, so [1, 0] must be 0.3333333, not 0.5",
    ),
    (
        lambda: w.balanced_weights(LINE[:3]),
        "linearly dependent indicators: balanced weights would not be unique",
    ),
    (lambda: w.correlations(GAPS), "2 of 3 units have missing values: impute or leave them out"),
    (lambda: w.correlations(X[:2]), "correlations need 3 units or more, there are 2"),
    (lambda: w.correlations(FLAT), "no correlation: all values are equal in column 1"),
]


@pytest.mark.parametrize(("refused", "message"), REFUSED, ids=[text for _, text in REFUSED])
def test_a_refusal_says(refused: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(message)}$"):
        refused()
