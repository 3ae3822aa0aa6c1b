"""Laws that every normalisation and every form of treatment keeps."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from strategies import Array

from pii.steps.normalise import (
    above_or_below_mean,
    between_goalposts,
    borda,
    differences_to,
    distance_to_best,
    distance_to_reference,
    distance_to_target,
    fractions_of_best,
    observed_goalposts,
    percentile_bands,
    percentile_ranks,
    rank_scores,
    rank_shares,
    ratios_to,
    z_scores,
)
from pii.steps.treat import (
    LOG,
    LOG_CT,
    LOG_CT_ORIG,
    LOG_CT_PLUS,
    LOG_GII,
    Transform,
    Treated,
    changed_points,
    coinr_treatment,
    eis_treatment,
    retreated,
    transformation,
    winsorisable,
)

Normalise = Callable[[Array, np.ndarray], Array]


def min_max(x: Array, higher: np.ndarray) -> Array:
    return between_goalposts(x, *observed_goalposts(x, higher))


def to_target(x: Array, higher: np.ndarray) -> Array:
    worst, best = observed_goalposts(x, higher)
    return distance_to_target(x, higher, worst + 0.75 * (best - worst))


def to_best_unit(x: Array, higher: np.ndarray) -> Array:
    best = int(np.nanargmax(np.where(higher, x, -x)[:, 0]))
    return distance_to_reference(x, higher, best)


def to_mean(x: Array, higher: np.ndarray) -> Array:
    return ratios_to(x, higher, np.nanmean(x, axis=0))


def from_mean(x: Array, higher: np.ndarray) -> Array:
    return differences_to(x, higher, np.nanmean(x, axis=0))


LINEAR: dict[str, Normalise] = {
    "min-max": min_max,
    "z": z_scores,
    "best": distance_to_best,
    "target": to_target,
    "reference": to_best_unit,
}
ORDINAL: dict[str, Normalise] = {
    "rank": rank_scores,
    "borda": borda,
    "percentile rank": percentile_ranks,
    "rank share": rank_shares,
    "bands": percentile_bands,
}
RATIO: dict[str, Normalise] = {
    "fraction": fractions_of_best,
    "ratio": to_mean,
    "difference": from_mean,
    "above or below": above_or_below_mean,
}
EVERY = LINEAR | ORDINAL | RATIO
STRICT = LINEAR | RATIO | {name: ORDINAL[name] for name in ("rank", "borda", "percentile rank")}
MERGING = {"target", "above or below"}  # a cap and a margin make unequal values equal

every = pytest.mark.parametrize("name", EVERY)

# Positive sixteenths, so that ratios exist; coarse enough for ties.
column = st.lists(st.integers(1, 3200).map(lambda n: n / 16), min_size=4, max_size=12)
ways = st.booleans().map(lambda way: np.array([way]))


def shaped(values: list[float], gaps: list[int]) -> Array:
    x = np.array(values)[:, None].copy()
    x[[gap for gap in gaps if gap < len(values)]] = np.nan
    assume(len(np.unique(x[~np.isnan(x)])) > 1)
    return x


columns = st.builds(shaped, column, st.lists(st.integers(0, 30), max_size=4))


@every
@given(x=columns, higher=ways)
def test_better_values_never_score_lower(name: str, x: Array, higher: np.ndarray) -> None:
    scores = EVERY[name](x, higher)[:, 0]
    better = np.where(higher, x, -x)[:, 0]
    pairs = better[:, None] > better
    gain = (scores[:, None] - scores)[pairs]
    assert (gain >= 0).all()
    if name in STRICT and name not in MERGING:
        assert (gain > 0).all()
    assert (scores[:, None] == scores)[better[:, None] == better].all()


@every
@given(x=columns, higher=ways)
def test_missing_values_are_the_only_missing_scores(
    name: str, x: Array, higher: np.ndarray
) -> None:
    np.testing.assert_array_equal(np.isnan(EVERY[name](x, higher)), np.isnan(x))


@every
@given(x=columns, higher=ways, unit=st.sampled_from([2.0**-20, 0.25, 8.0, 2.0**30]))
def test_a_change_of_unit_changes_no_score(
    name: str, x: Array, higher: np.ndarray, unit: float
) -> None:
    np.testing.assert_array_equal(EVERY[name](unit * x, higher), EVERY[name](x, higher))


@pytest.mark.parametrize("name", LINEAR | ORDINAL)
@given(x=columns, higher=ways, origin=st.integers(-100, 100))
def test_a_change_of_origin_changes_no_score(
    name: str, x: Array, higher: np.ndarray, origin: int
) -> None:
    moved, kept = EVERY[name](x + origin, higher), EVERY[name](x, higher)
    np.testing.assert_allclose(moved, kept, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", LINEAR | ORDINAL)
@given(x=columns, higher=ways)
def test_turning_direction_and_values_round_changes_no_score(
    name: str, x: Array, higher: np.ndarray
) -> None:
    np.testing.assert_array_equal(EVERY[name](-x, ~higher), EVERY[name](x, higher))


@pytest.mark.parametrize("name", ["fraction"])
@given(x=columns)
def test_fractions_of_reciprocals_are_the_same(name: str, x: Array) -> None:
    up, down = np.array([True]), np.array([False])
    np.testing.assert_allclose(EVERY[name](1 / x, down), EVERY[name](x, up), rtol=1e-14)


@every
@given(x=columns, higher=ways, data=st.data())
def test_scores_follow_the_province_not_the_row(
    name: str, x: Array, higher: np.ndarray, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(x))))
    if name == "ratio" or name == "difference":  # numpy's own mean here is not exact
        np.testing.assert_allclose(EVERY[name](x[order], higher), EVERY[name](x, higher)[order])
    else:
        np.testing.assert_array_equal(EVERY[name](x[order], higher), EVERY[name](x, higher)[order])


@given(x=columns, higher=ways)
def test_scales_are_what_they_say(x: Array, higher: np.ndarray) -> None:
    z = z_scores(x, higher, mean=50, sd=10)
    assert np.nanmean(z) == pytest.approx(50, rel=1e-12)
    assert np.nanstd(z, ddof=1) == pytest.approx(10, rel=1e-12)
    n = np.count_nonzero(~np.isnan(x))
    ranks = rank_scores(x, higher)
    assert np.nanmin(ranks) == 1
    assert np.nanmax(ranks) <= n
    assert np.nanmax(borda(x, higher)) + np.nanmax(borda(x, ~higher)) <= 2 * (n - 1)
    for scores in (distance_to_best(x, higher), fractions_of_best(x, higher)):
        assert np.nanmax(scores) == 1
        assert np.nanmin(scores) >= 0
    assert np.nanmax(to_best_unit(x, higher)) == 1


@given(x=columns, higher=ways)
def test_places_from_above_and_below_add_up(x: Array, higher: np.ndarray) -> None:
    # Worse + better + tied with it (itself among them) is everybody.
    present = x[~np.isnan(x)]
    ties = np.array([(present == value).sum() for value in present])
    both = borda(x, higher) + borda(x, ~higher)
    np.testing.assert_array_equal(both[~np.isnan(x)] + ties, len(present))


# ---------------------------------------------------------------- treatment

FORMS = [
    LOG,
    LOG_GII,
    LOG_CT,
    LOG_CT_PLUS,
    LOG_CT_ORIG,
    Transform("boxcox", 0.0),
    Transform("boxcox", 0.5),
    Transform("boxcox", -1.0),
    Transform("boxcox_shifted", 0.3),
    Transform("sqrt"),
]
tables = hnp.arrays(
    np.float64, st.tuples(st.integers(4, 12), st.just(2)), elements=st.integers(1, 4000)
).map(lambda x: x / 16)


def rules() -> dict[str, Callable[[Array], Treated]]:
    def bound(form: Transform) -> Callable[[Array], Treated]:
        return lambda x: transformation(x, form, exempt=np.zeros(2, dtype=bool))

    given = {f"{form.form} {form.parameter} {form.mirrored}": bound(form) for form in FORMS}
    none = np.zeros(2, dtype=bool)
    given["eis"] = lambda x: eis_treatment(x, skewness_limit=0.8, exempt=none, deviations=1.5)
    given["coinr"] = lambda x: coinr_treatment(x, points=0.3, exempt=none)
    return given


every_rule = pytest.mark.parametrize("rule", rules().values(), ids=rules())


@every_rule
@given(x=tables)
def test_treatment_keeps_the_order(rule: Callable[[Array], Treated], x: Array) -> None:
    done = rule(x)
    for j in range(2):
        rises = x[:, j][:, None] < x[:, j]
        capped = (x[:, j] < done.low[j]) | (x[:, j] > done.high[j])
        drops = done.values[:, j][:, None] - done.values[:, j]
        assert (drops[rises] <= 0).all()
        assert (drops[rises & ~capped & ~capped[:, None]] < 0).all()
    same = x[:, None, :] == x
    assert (done.values[:, None, :] == done.values)[same].all()


@every_rule
@given(x=tables)
def test_a_frozen_treatment_gives_the_same_values(
    rule: Callable[[Array], Treated], x: Array
) -> None:
    done = rule(x)
    frozen = {name: getattr(done, name) for name in ("form", "low", "high", "side", "parameter")}
    np.testing.assert_array_equal(retreated(x, **frozen), done.values)
    one = np.concatenate([retreated(row[None, :], **frozen) for row in x])
    np.testing.assert_array_equal(one, done.values)


@every_rule
@given(x=tables)
def test_changed_points_put_back_give_the_values_before(
    rule: Callable[[Array], Treated], x: Array
) -> None:
    done = rule(x)
    points = changed_points(x, done)
    back = done.values.copy()
    back[points.unit, points.indicator] = points.before
    np.testing.assert_array_equal(back, x)
    np.testing.assert_array_equal(done.values[points.unit, points.indicator], points.after)
    assert (points.before != points.after).all()


@given(x=tables)
def test_mirrored_transformations_treat_both_tails_alike(x: Array) -> None:
    # Turned round within its own range a column keeps its extremes, so every form can be compared.
    turned = x.min(axis=0) + x.max(axis=0) - x
    for form in FORMS:
        if not form.mirrored:
            continue
        none = np.zeros(2, dtype=bool)
        one = transformation(x, form, exempt=none)
        other = transformation(turned, form, exempt=none)
        flipped = (one.form != "none") & (one.side != other.side)
        np.testing.assert_allclose(
            one.values[:, flipped], -other.values[:, flipped], rtol=1e-9, atol=1e-12
        )


@pytest.mark.parametrize("form", [LOG, Transform("log_gii", 50.0)], ids=["log", "log_gii"])
@given(x=tables, unit=st.sampled_from([2.0**-20, 8.0]))
def test_forms_of_the_share_of_the_range_do_not_depend_on_the_unit(
    form: Transform, x: Array, unit: float
) -> None:
    none = np.zeros(2, dtype=bool)
    one = transformation(x, form, exempt=none)
    moved = one.form != "none"
    other = transformation(unit * x, form, exempt=none)
    np.testing.assert_array_equal(one.values[:, moved], other.values[:, moved])


@given(points=st.floats(0, 0.999), units=st.integers(0, 200))
def test_a_share_of_the_points_never_exceeds_the_share(points: float, units: int) -> None:
    count = winsorisable(points, units)
    assert 0 <= count <= points * units + 1e-9
    assert count + 1 > points * units
