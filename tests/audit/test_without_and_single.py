"""Leave-one-out, own best weights, and the one value on which a rank hangs."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import PROVINCES, small_framework, small_indicator, small_method, small_outcome

from pii.audit.frontier import frontier
from pii.audit.leave_one_out import leave_one_out
from pii.audit.single import hinges
from pii.audit.unsampled import unsampled
from pii.matrix import matrix_of
from pii.method import Aggregation, Normalisation
from pii.pipeline import compute
from pii.spread import Spread
from pii.steps.frontier import benefit_of_the_doubt
from pii.tree import Tree


def told(outcome):
    return {(one.kind, one.left_out): one for one in leave_one_out(outcome)}


def test_without_an_indicator_the_rest_is_computed_as_if_it_had_never_been() -> None:
    outcome = small_outcome()
    found = told(outcome)["indicator", "1.1.2"]
    rest = small_framework(
        indicators=tuple(i for i in small_framework().indicators if i.code != "1.1.2")
    )
    x = np.delete(outcome.matrix.values, 1, axis=1)
    fresh = compute(matrix_of(x, PROVINCES, rest), rest, small_method())
    at = fresh.column("PII")
    assert np.array_equal(found.score, fresh.score[:, at], equal_nan=True)
    assert np.array_equal(found.rank, fresh.rank[:, at], equal_nan=True)
    assert found.also == () and found.ranked == 5


def test_an_only_child_takes_its_parent_with_it() -> None:
    found = told(small_outcome())["indicator", "1.2.1"]
    assert found.also == ("1.2",)
    # Province 31 lacked 1.2.1 and is compared on the same indicators as everybody now.
    assert found.ranked == 5


def test_what_leaves_nothing_to_publish_is_said() -> None:
    # Without pillar 2 the index has one child, and its coverage asks for two.
    found = told(small_outcome())["pillar", "2"]
    assert found.also == ("output",) and found.ranked == 0 and np.isnan(found.shift).all()


def test_without_a_province_goalposts_are_those_of_the_others() -> None:
    outcome = small_outcome()
    found = told(outcome)["province", "01"]
    others = [k for k, code in enumerate(PROVINCES) if code != "01"]
    codes = [PROVINCES[k] for k in others]
    fresh = compute(
        matrix_of(outcome.matrix.values[others], codes, small_framework()),
        small_framework(),
        small_method(),
    )
    at = fresh.column("PII")
    assert np.array_equal(found.score[others], fresh.score[:, at], equal_nan=True)
    assert np.isnan(found.score[0])
    # Compared with the published order of the rest: whoever was behind has moved up by nothing.
    nominal = outcome.scores.rank[others, outcome.scores.column("PII")]
    assert sorted(found.nominal[others][:4]) == sorted(nominal[:4] - (nominal[:4] > 1))


def test_what_has_no_weight_cannot_be_left_out() -> None:
    outcome = small_outcome(method=small_method(weights={"2.1.2": 0.0}))
    assert ("indicator", "2.1.2") not in told(outcome)
    assert told(outcome)["indicator", "2.1.1"].also == ("2.1", "2", "output")


# ---- own best weights


def test_own_best_weights_within_five_and_twenty_per_cent_for_seven() -> None:
    pillars = [str(k) for k in range(1, 8)]
    from strategies import leaf, method, tree

    from pii.method import Normalisation
    from pii.pipeline import Outcome

    framework = tree(
        [("X", "index", None), *((p, "pillar", "X") for p in pillars)],
        [leaf(f"{p}.1", p) for p in pillars],
    )
    x = np.random.default_rng(0).uniform(10, 90, (12, 7))
    choices = method(normalisation=Normalisation("none"))
    rows = matrix_of(x, [f"{k:02}" for k in range(12)], framework)
    outcome = Outcome(framework, choices, None, rows, compute(rows, framework, choices), ())
    found = frontier(outcome)
    assert (found.low, found.high) == pytest.approx((0.05, 0.2))
    assert found.score == pytest.approx(benefit_of_the_doubt(x, 0.05, 0.2).scores, abs=1e-12)
    assert found.share.min() >= 0.05 - 1e-9 and found.share.max() <= 0.2 + 1e-9
    # Nobody scores less than under equal weights against the best under equal weights.
    equal = x.mean(axis=1) / x.mean(axis=1).max()
    assert (found.score >= equal - 1e-9).all() and found.rank.min() == 1


def test_without_every_pillar_there_is_no_such_score() -> None:
    found = frontier(small_outcome(), low=0.2, high=0.8)
    assert found.pillars == ("1", "2")
    assert np.isnan(found.score[5]) and np.isnan(found.rank[5])
    assert np.nanmax(found.score) == pytest.approx(1)


# ---- one value


def test_the_value_that_swaps_by_hand() -> None:
    # Two leaves of one weight each at the end: the index moves by the share of the indicator.
    outcome = small_outcome()
    scores = outcome.scores
    at = scores.column("PII")
    for one in hinges(outcome):
        i, k = (scores.provinces.index(code) for code in (one.province, one.neighbour))
        assert one.gap == pytest.approx(abs(scores.score[i, at] - scores.score[k, at]))
        if not one.indicator:
            continue
        j = outcome.framework.codes.index(one.indicator)
        assert one.points * scores.weight[i, j] == pytest.approx(one.gap)
        # With goalposts held the index is level with the neighbour's.
        sign = 1 if one.direction == "up" else -1
        moved = scores.score[i, at] + sign * one.points * scores.weight[i, j]
        assert moved == pytest.approx(scores.score[k, at])
        higher = outcome.framework.indicators[j].direction == "higher"
        rises = (one.needed > one.value) == higher
        assert rises == (one.direction == "up")


def test_the_rank_after_it_is_that_of_a_whole_new_run() -> None:
    outcome = small_outcome()
    checked = 0
    for one in hinges(outcome):
        if np.isnan(one.needed):
            continue
        x = outcome.matrix.values.copy()
        i = outcome.scores.provinces.index(one.province)
        j = outcome.framework.codes.index(one.indicator)
        x[i, j] = one.needed + 1e-3 * (one.needed - one.value)
        fresh = compute(
            matrix_of(x, PROVINCES, small_framework()), small_framework(), small_method()
        )
        assert one.rank == fresh.rank[i, fresh.column("PII")]
        checked += 1
    assert checked >= 4


def test_no_single_value_where_the_gap_is_too_wide() -> None:
    one = small_indicator("2.1.1", "2.1")
    framework = replace(small_framework(), indicators=(*small_framework().indicators[:3], one))
    x = np.array([[9, 1, 9, 9], [1, 9, 1, 1], [1.1, 9, 1, 1]], dtype=float)
    outcome = small_outcome(x, framework=framework, provinces=("01", "04", "31"))
    up = {one.province: one for one in hinges(outcome) if one.direction == "up"}
    assert up["31"].indicator == "" and np.isnan(up["31"].points) and np.isnan(up["31"].rank)


def test_all_of_it_with_and_without_varied_weights() -> None:
    found = unsampled(small_outcome(), Spread())
    assert found.widened and found.exact is not None and found.frontier is not None
    assert found.exact.admissible.low["1.1.1"] == 0.75


@given(st.integers(0, 5), st.integers(0, 7), st.floats(-50, 150), st.sampled_from([1.0, 0.5, -1.0]))
@settings(max_examples=60, deadline=None)
def test_what_is_known_changes_no_bit(row: int, column: int, value: float, power: float) -> None:
    known = small_outcome()
    x = known.matrix.values.copy()
    x[row % x.shape[0], column % x.shape[1]] = value
    method = replace(
        known.method,
        aggregation={level: Aggregation(power=power) for level in known.method.aggregation},
        normalisation=Normalisation(scale=(1.0, 100.0)),
        weights={**known.method.weights, known.framework.codes[0]: 2.0},
    )
    first = compute(known.matrix, known.framework, method)
    tree = Tree(first.score, first.coverage, first.local)
    changed = replace(known.matrix, values=x)
    again = compute(changed, known.framework, method, known=tree)
    anew = compute(changed, known.framework, method)
    for part in ("score", "rank", "coverage", "local", "weight"):
        assert getattr(again, part).tobytes() == getattr(anew, part).tobytes(), part


def test_scores_taken_as_they_are_stay_on_their_scale_and_are_the_value_needed() -> None:
    """Of the GII, Switzerland was to lose 100.38 of 32.9 points of an indicator."""
    x = np.array([[9, 1, 9, 9, 90], [1, 9, 1, 30, 45], [1.1, 9, 1, 1, 1]], dtype=float)
    as_given = small_method(normalisation=Normalisation("none", scale=(0.0, 100.0)))
    outcome = small_outcome(x, method=as_given, provinces=("01", "04", "31"))
    found = {(one.province, one.direction): one for one in hinges(outcome)}
    for one in found.values():
        if one.indicator:
            assert 0 <= one.needed <= 100
            assert abs(one.needed - one.value) == pytest.approx(one.points)
            assert not np.isnan(one.rank)
    assert found["31", "up"].indicator and found["04", "up"].indicator
    assert found["01", "down"].indicator == "2.1.2"
    # Beyond the scale that was written down, what is there is possible.
    x[0, 4] = 190
    beyond = {
        (one.province, one.direction): one
        for one in hinges(small_outcome(x, method=as_given, provinces=("01", "04", "31")))
    }
    assert 100 < beyond["04", "up"].needed <= 190
