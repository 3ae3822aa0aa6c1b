"""Treatment and normalisation of many matrices at once against one at a time."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pii.audit import cells
from pii.audit.cells import FlatColumnError, Limits, between_extremes, standardised, treated
from pii.steps.normalise import between_goalposts, observed_goalposts, z_scores
from pii.steps.treat import LOG, LOG_CT, gii_treatment

HIGHER = np.array([True, False, True, True])


@settings(max_examples=60)
@given(
    st.integers(1, 14),
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.0, 1.0, 2.0, 5.0, 0.2, np.inf]),
    st.sampled_from([(2.25, 3.5), (0.7, 0.5), (0.0001, -1.5)]),
    st.sampled_from([LOG, LOG_CT, None]),
    st.booleans(),
    st.sampled_from([1, 50, cells.AT_ONCE]),
)
def test_treatment_bit_for_bit(
    n: int,
    seed: int,
    points: float,
    limits: tuple[float, float],
    otherwise: object,
    together: bool,
    at_once: int,
) -> None:
    rng = np.random.default_rng(seed)
    missing = rng.random((n, 4)) < 0.15
    x = np.exp(rng.normal(0, rng.choice([0.0, 1.0, 2.0]), (n, 4, 6)))
    x = np.where(rng.random((n, 4, 6)) < 0.3, 1.0, x)  # ties, and columns all of one value
    x[missing] = np.nan
    exempt = np.array([False, False, True, False])
    rule = Limits(*limits, points, otherwise, together)  # type: ignore[arg-type]
    with patch.object(cells, "AT_ONCE", at_once):
        found = treated(x.copy(), missing, exempt, rule)
    for k in range(6):
        one = gii_treatment(
            x[:, :, k],
            skewness_limit=limits[0],
            kurtosis_limit=limits[1],
            points=points,
            exempt=exempt,
            otherwise=otherwise,  # type: ignore[arg-type]
            together=together,
        )
        np.testing.assert_array_equal(found[:, :, k], one.values)


def test_normalisation_to_rounding() -> None:
    rng = np.random.default_rng(4)
    x = rng.normal(5, 3, (9, 4, 7))
    missing = rng.random((9, 4)) < 0.2
    missing[:, 3] = True
    x[missing] = np.nan
    nothing = np.full(4, np.nan)
    fixed = np.array([nothing, nothing])
    fixed[:, 0] = 1.0, 6.0
    ours = between_extremes(x.copy(), missing, HIGHER, (fixed[0], fixed[1]), (1.0, 100.0))
    scores = standardised(x.copy(), missing, HIGHER, 10.0, 2.0)
    for k in range(7):
        worst, best = observed_goalposts(x[:, :, k], HIGHER)
        worst[0], best[0] = 1.0, 6.0
        one = between_goalposts(x[:, :, k], worst, best, scale=(1.0, 100.0))
        np.testing.assert_allclose(ours[:, :, k], one, rtol=1e-13, atol=1e-12)
        z = z_scores(x[:, :, k], HIGHER, mean=10.0, sd=2.0)
        np.testing.assert_allclose(scores[:, :, k], z, rtol=1e-13, atol=1e-12)


def test_a_draw_in_which_all_are_equal_is_named() -> None:
    x = np.random.default_rng(0).random((3, 4, 5))
    x[:, 2, 3] = 0.1  # the mean of three of which is not 0.1
    missing, nothing = np.zeros((3, 4), dtype=bool), np.full(4, np.nan)
    with pytest.raises(FlatColumnError, match="all values are equal in column 2") as caught:
        between_extremes(x.copy(), missing, HIGHER, (nothing, nothing), (0.0, 100.0))
    assert caught.value.draw == 3
    with pytest.raises(FlatColumnError, match="all values are equal in column 2") as caught:
        standardised(x.copy(), missing, HIGHER, 0.0, 1.0)
    assert caught.value.draw == 3
