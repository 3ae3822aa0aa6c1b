"""Targets: brute force on small cases; every answer reaches, and none has a change to spare."""

from dataclasses import replace
from itertools import combinations
from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pii.errors import DataError
from pii.method import Aggregation, Normalisation
from pii.preview.estimate import preview
from pii.preview.whatif import changed, levers, what_if
from pii.target import (
    reach_means,
    reach_score,
    score_of_rank,
    spreads,
    yearly_steps,
)
from tests.preview.test_estimate import reference_to, submission_of
from tests.small import small_framework, small_method, small_outcome, small_values

OWN = {"1.1.1", "1.1.2", "1.2.1", "2.1.2"}


def own_outcome(values=None, method=None):
    framework = small_framework()
    indicators = tuple(
        replace(one, supplier="province" if one.code in OWN else "central")
        for one in framework.indicators
    )
    return small_outcome(values, framework=replace(framework, indicators=indicators), method=method)


def best_within_reach(submission, reference, units, reach):
    """For every own indicator, the value that goes as far as it may."""
    ends = {}
    for row in preview(submission, reference).rows:
        sign = 1 if row.indicator.direction == "higher" else -1
        if row.indicator.code in OWN and not isnan(row.value):
            ends[row.indicator.code] = row.value + sign * reach * units[row.indicator.code]
    return ends


def index_of(submission, reference, values):
    after = preview(changed(submission, reference, values), reference)
    return after.standing(reference.framework.index)


def smallest_by_brute_force(submission, reference, ends, goal):
    for size in range(1, len(ends) + 1):
        for codes in combinations(ends, size):
            if index_of(submission, reference, {c: ends[c] for c in codes}).score >= goal:
                return size
    return None


@settings(max_examples=40, deadline=None)
@given(
    values=st.lists(st.lists(st.floats(0.5, 100), min_size=5, max_size=5), min_size=6, max_size=6),
    share=st.floats(0.05, 1.1),
    reach=st.floats(0.3, 2.0),
)
def test_answers_are_smallest_reach_and_have_no_change_to_spare(values, share, reach):
    table = np.array(values)
    table[0], table[1] = 0.5, 100.0
    outcome = own_outcome(table)
    reference, submission = reference_to(outcome), submission_of(outcome, "31")
    units = spreads(reference)
    ends = best_within_reach(submission, reference, units, reach)
    now, most = (index_of(submission, reference, v).score for v in ({}, ends))
    if most - now < 1e-3:
        return
    goal = now + share * (most - now)
    found = reach_score(submission, reference, goal, units, reach=reach)
    assert found.limit == pytest.approx(most, abs=1e-9)
    smallest = smallest_by_brute_force(submission, reference, ends, goal)
    if smallest is None:
        assert found.answers == ()
        return
    assert len(found.answers[0].steps) == smallest
    for answer in found.answers:
        made = {step.code: step.value for step in answer.steps}
        assert index_of(submission, reference, made).score >= goal - 1e-9
        assert answer.score == index_of(submission, reference, made).score
        assert set(made) <= OWN
        for step in answer.steps:
            assert step.effort <= reach + 1e-6
            rest = {code: value for code, value in made.items() if code != step.code}
            assert index_of(submission, reference, rest).score < goal
    chosen = [frozenset(step.code for step in answer.steps) for answer in found.answers]
    assert all(not a <= b for a, b in combinations(chosen, 2))


def test_effort_is_least_within_a_set():
    # Two indicators of one sub-pillar, the same points a unit of score: effort decides.
    outcome = own_outcome()
    reference, submission = reference_to(outcome), submission_of(outcome, "48")
    units = spreads(reference)
    ends = best_within_reach(submission, reference, units, 1.0)
    now = index_of(submission, reference, {}).score
    most = index_of(submission, reference, ends).score
    answer = reach_score(
        submission, reference, now + 0.97 * (most - now), units, reach=1.0
    ).answers[0]
    made = {step.code: step.value for step in answer.steps}
    rng = np.random.default_rng(0)
    for _ in range(300):  # no nearby split of the same set reaches with less effort
        a, b = rng.choice(list(made), 2, replace=False)
        other = dict(made)
        shift = rng.uniform(0, 0.3)
        for code, sign in ((a, 1), (b, -1)):
            direction = 1 if made[code] > preview_value(submission, reference, code) else -1
            other[code] = made[code] + sign * direction * shift * units[code]
        effort = sum(
            abs(v - preview_value(submission, reference, c)) / units[c] for c, v in other.items()
        )
        steps = [
            abs(v - preview_value(submission, reference, c)) / units[c] for c, v in other.items()
        ]
        if max(steps) <= 1.0 and effort < answer.total - 1e-6:
            assert index_of(submission, reference, other).score < answer.score - 1e-9


def preview_value(submission, reference, code):
    rows = preview(submission, reference).rows
    return next(row.value for row in rows if row.indicator.code == code)


def test_a_rank_is_reached_and_what_is_reached_already_asks_nothing():
    outcome = own_outcome()
    reference, submission = reference_to(outcome), submission_of(outcome, "48")
    units, now = spreads(reference), index_of(reference=reference, submission=submission, values={})
    assert now.rank == 3
    goal = score_of_rank(submission, reference, 2)
    found = reach_score(submission, reference, goal, units, reach=3.0)
    assert found.answers and all(answer.rank <= 2 for answer in found.answers)
    assert reach_score(submission, reference, score_of_rank(submission, reference, 4), units,
                       reach=1.0).done  # fmt: skip
    with pytest.raises(DataError, match="the run ranks 5, so a rank is 1 to 5"):
        score_of_rank(submission, reference, 6)


def test_what_own_indicators_cannot_reach_has_no_answer():
    outcome = own_outcome()
    reference, submission = reference_to(outcome), submission_of(outcome, "04")
    found = reach_score(submission, reference, 99.0, spreads(reference), reach=0.5)
    assert not found.done and found.answers == ()
    assert found.now < found.limit < 99


def test_indicators_are_lifted_above_the_mean_at_least_effort():
    outcome = own_outcome()
    reference, submission = reference_to(outcome), submission_of(outcome, "04")

    def above(values):
        after = preview(changed(submission, reference, values), reference)
        one = after.reference.framework.codes
        return sum(after.standing(c).score > after.standing(c).mean for c in one)

    units = spreads(reference)
    found = reach_means(submission, reference, above({}) + 2, units, reach=4.0)
    made = {step.code: step.value for step in found.answers[0].steps}
    assert len(made) == 2 and above(made) == above({}) + 2
    for code in made:
        assert above({c: v for c, v in made.items() if c != code}) == above({}) + 1
    assert not reach_means(submission, reference, 5, units, reach=4.0).answers  # one is central
    assert reach_means(submission, reference, above({}), units, reach=4.0).done


def test_targets_need_arithmetic_means_and_a_score_to_start_from():
    levels = ("index", "subindex", "pillar", "subpillar")
    method = small_method(
        aggregation={**dict.fromkeys(levels, Aggregation()), "index": Aggregation(power=0.0)},
        normalisation=Normalisation("min-max", (1.0, 100.0)),
    )
    outcome = own_outcome(method=method)
    submission = submission_of(outcome, "48")
    with pytest.raises(DataError, match="every level is an arithmetic mean"):
        reach_score(submission, reference_to(outcome), 50.0, {}, reach=1.0)
    outcome = own_outcome()
    reference = reference_to(outcome)
    with pytest.raises(DataError, match="the index has no score yet"):
        reach_score(submission_of(outcome, "92"), reference, 50.0, spreads(reference), reach=1.0)


def test_effort_by_hand():
    reference = reference_to(own_outcome())
    column = small_values()[:, 0]
    assert spreads(reference)["1.1.1"] == pytest.approx(np.std(column, ddof=1))
    earlier = {("01", "1.1.1"): 9.0, ("04", "1.1.1"): 2.0, ("31", "1.1.1"): 5.0}
    steps = yearly_steps(earlier, reference)
    assert steps["1.1.1"] == pytest.approx(0.2)  # 0.1, 0.2, 0.5
    assert isnan(steps["1.2.1"])


def test_what_if_names_whom_it_passes():
    outcome = own_outcome()
    reference, submission = reference_to(outcome), submission_of(outcome, "48")
    better = what_if(submission, reference, {"1.1.1": 9.1, "2.1.2": 120.0})
    assert better.overtaken == ("79",) and better.lost_to == ()
    worse = what_if(submission, reference, {"1.1.1": 2.2, "1.1.2": 0.9})
    assert worse.overtaken == () and worse.lost_to[:1] == ("31",)
    with pytest.raises(DataError, match=r"the edition has no indicator 9\.9\.9"):
        what_if(submission, reference, {"9.9.9": 1.0})


def test_levers_by_hand():
    outcome = own_outcome()
    reference, submission = reference_to(outcome), submission_of(outcome, "48")
    found = {lever.code: lever for lever in levers(submission, reference)}
    # 1.1.1 weighs 1/2 (input) x 1 (pillar) x 1/2 (1.1 of 1.1, 1.2) x 1/2: 1/8 of 100 / (9.1 - 2.2)
    assert found["1.1.1"].per_unit == pytest.approx(100 / 6.9 / 8)
    assert found["1.1.1"].to_best == pytest.approx((9.1 - 7.3) / 6.9 * 100 / 8)
    assert found["1.1.2"].best == 0.2  # lower is better
    gains = [lever.to_best for lever in levers(submission, reference)]
    assert gains == sorted(gains, reverse=True)


def test_a_unit_that_the_bounds_do_not_leave_is_not_tried():
    """A share between 0 and 1 cannot go up by 1: its points per unit are those of what is left."""
    outcome = own_outcome()
    reference, submission = reference_to(outcome), submission_of(outcome, "48")
    first, *rest = reference.framework.indicators
    narrow = replace(reference.framework, indicators=(replace(first, bounds=(0.0, 7.8)), *rest))
    found = levers(submission, replace(reference, framework=narrow))
    one = next(lever for lever in found if lever.code == "1.1.1")
    assert one.best == 7.8
    assert one.per_unit == pytest.approx(100 / 6.9 / 8)
    assert one.to_best == pytest.approx(0.5 * 100 / 6.9 / 8)
    done = levers(submission_of(outcome, "48", **{"x1.1.1": 9.1}), reference_to(outcome))
    assert next(lever for lever in done if lever.code == "1.1.1").per_unit == 0
