"""The steps in plain Python against those on arrays, value by value."""

from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pii.method import Normalisation
from pii.preview.one import Frozen, normalised_value, rank_among, rank_between, treated_value
from pii.preview.reference import quantiles
from pii.steps.normalise import between_goalposts
from pii.steps.rank import competition_rank
from pii.steps.treat import retreated
from pii.target import untreated_value

FORMS = ("none", "winsorised", "log", "log_gii", "log_ct", "boxcox", "boxcox_shifted", "sqrt")
PARAMETER = {"log_gii": 12.0, "boxcox": 0.4, "boxcox_shifted": -0.5}


def frozen(form: str, side: float = 1.0, low: float = 2.0, high: float = 30.0) -> Frozen:
    parameter = low + high if form == "sqrt" else PARAMETER.get(form, nan)
    return Frozen(form, low, high, side, parameter, True, 0.0, 1.0)


@pytest.mark.parametrize("side", [1.0, -1.0])
@pytest.mark.parametrize("form", FORMS)
@given(x=st.floats(-50, 100))
def test_a_value_is_treated_as_the_array_is(form, side, x):
    one = frozen(form, side)
    as_array = retreated(
        np.array([[x]]),
        form=np.array([form]),
        low=np.array([-np.inf if form == "none" else one.low]),
        high=np.array([np.inf if form == "none" else one.high]),
        side=np.array([side]),
        parameter=np.array([one.parameter]),
    )
    assert treated_value(x, one) == pytest.approx(as_array[0, 0], rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("side", [1.0, -1.0])
@pytest.mark.parametrize("form", FORMS)
@given(x=st.floats(2, 30))
def test_untreating_finds_the_value_again(form, side, x):
    one = frozen(form, side)
    assert untreated_value(treated_value(x, one), one) == pytest.approx(x, rel=1e-9)


def test_an_unknown_form_and_a_lacking_parameter_are_refused():
    with pytest.raises(ValueError, match="unknown form of treatment: cube"):
        treated_value(3.0, frozen("cube"))
    with pytest.raises(ValueError, match="a treatment of form boxcox needs its parameter"):
        treated_value(3.0, Frozen("boxcox", 2, 30, 1, nan, True, 0, 1))
    with pytest.raises(ValueError, match="unknown form of treatment: cube"):
        untreated_value(3.0, frozen("cube"))


@given(
    x=st.one_of(st.just(nan), st.floats(-100, 100)),
    worst=st.floats(-50, 50),
    best=st.floats(-50, 50),
    low=st.floats(0, 10),
)
def test_a_value_lies_between_goalposts_as_the_array_does(x, worst, best, low):
    if abs(worst - best) < 1e-9:
        return
    scale = (low, low + 90.0)
    one = Frozen("none", nan, nan, 1.0, nan, True, worst, best)
    as_array = between_goalposts(np.array([[x]]), np.array([worst]), np.array([best]), scale=scale)[
        0, 0
    ]
    assert normalised_value(x, one, Normalisation("min-max", scale)) == pytest.approx(
        as_array, abs=1e-12, nan_ok=True
    )


def test_a_constant_indicator_has_its_stated_score_or_none():
    flat = Frozen("none", nan, nan, 1.0, nan, True, 5.0, 5.0)
    assert normalised_value(5.0, flat, Normalisation("min-max", constant=50.0)) == 50.0
    assert isnan(normalised_value(5.0, flat, Normalisation("min-max")))


SCORES = st.lists(
    st.one_of(st.just(nan), st.integers(0, 20).map(lambda n: n / 2)), min_size=1, max_size=12
)


@given(SCORES, st.integers(0, 20).map(lambda n: n / 2), st.sampled_from([0.0, 1e-9, 0.6]))
def test_the_rank_among_others_is_the_competition_rank(others, mine, tolerance):
    expected = competition_rank(np.array([mine, *others]), tolerance=tolerance)[0]
    assert rank_among(mine, others, tolerance) == expected


@settings(max_examples=300)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=70), st.floats(-5, 105))
def test_the_span_of_ranks_holds_the_rank(scores, mine):
    span = rank_between(mine, quantiles(scores), len(scores))
    better, equal = sum(x > mine for x in scores), sum(x == mine for x in scores)
    assert span is not None
    # An interpolated quantile may lie a bit beside a value that it stands on.
    near = sum(0 < abs(x - mine) <= 1e-9 for x in scores)
    assert span[0] - near <= better + 1
    assert better + equal + 1 <= span[1] + near + equal + 1


def test_the_span_is_narrow_where_quantiles_are_the_values():
    scores = [float(x) for x in range(21)]  # as many as there are quantiles
    assert rank_between(7.5, quantiles(scores), 21) == (14, 14)
    assert rank_between(25.0, quantiles(scores), 21) == (1, 1)
    assert rank_between(-1.0, quantiles(scores), 21) == (22, 22)
    assert rank_between(nan, quantiles(scores), 21) is None
    assert rank_between(7.5, (), 0) is None


def test_quantiles_are_numpys():
    rng = np.random.default_rng(3)
    for n in (1, 2, 7, 34, 63):
        values = rng.normal(size=n)
        np.testing.assert_allclose(
            quantiles(values.tolist()), np.quantile(values, np.arange(21) / 20)
        )
    assert quantiles([]) == ()
