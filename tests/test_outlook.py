"""What may become of a score: scenarios by hand and by law, and what their spans are worth."""

from dataclasses import replace
from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pii.errors import DataError
from pii.method import Goalposts
from pii.outlook import backtest, changes, outlook, outlook_of
from pii.preview.estimate import preview
from pii.preview.movement import Outlook
from pii.preview.reference import Reference, withheld
from pii.provinces import ProvinceList
from pii.report.terminal import range_lines
from tests.preview.test_estimate import reference_to, submission_of
from tests.small import small_framework, small_indicator, small_method, small_outcome, small_values

VALUES = np.array(small_values())
FINAL, CARRIED = [True] * 5, [False] * 5
CODES = ("1.1.1", "1.1.2", "1.2.1", "2.1.1", "2.1.2")
FIXED = small_method(
    goalposts={
        code: Goalposts(300.0, -100.0) if code == "1.1.2" else Goalposts(-100.0, 300.0)
        for code in CODES
    }
)


def ran(values, **changes) -> Reference:
    return reference_to(small_outcome(values=np.array(values), **changes))


def test_who_moved_how_far_is_read_per_place():
    before, after = ran(VALUES), ran(VALUES + 2.0)
    moved = changes(before, after)
    known = ~np.isnan(VALUES)
    np.testing.assert_allclose(moved[known], 2.0)
    assert np.isnan(moved[~known]).all()


def test_a_place_that_is_another_one_since_is_not_compared():
    before, after = ran(VALUES), ran(VALUES + 2.0)
    renamed = tuple(
        replace(p, name_vi="Nơi khác") if p.code == "48" else p for p in before.names or ()
    )
    with pytest.raises(DataError, match="share no province"):
        # The lists differ, and no concordance knows these codes as unmerged under other names.
        changes(replace(before, names=ProvinceList(None, renamed), provinces=("x",) * 6), after)
    lists = replace(before, names=None), replace(after, names=None)
    assert changes(*lists).shape == (6, 5)


def test_other_indicators_are_refused():
    other = small_framework(
        indicators=tuple(
            small_indicator(i.code, i.parent, id=f"other-{i.code}", direction=i.direction)
            for i in small_framework().indicators
        )
    )
    with pytest.raises(DataError, match="measure other indicators"):
        changes(ran(VALUES, framework=other), ran(VALUES))


def test_where_nothing_moves_every_scenario_is_the_run_itself():
    reference = ran(VALUES)
    k = reference.nodes.index("PII")
    for i, who in enumerate(reference.provinces):
        moved = changes(reference, reference)
        found = outlook(reference.raw[i], who, reference, moved, final=CARRIED)
        if isnan(reference.score[i][k]):
            assert found.score == ()
        else:
            assert found.score == pytest.approx([reference.score[i][k]] * 6)
            assert set(found.rank) == {reference.rank[i][k]}


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_what_the_file_holds_stands_and_what_was_carried_over_moves(seed):
    rng = np.random.default_rng(seed)
    before = ran(np.nan_to_num(VALUES, nan=30.0), method=FIXED)
    reference = ran(np.nan_to_num(VALUES, nan=30.0) + rng.normal(0, 3, VALUES.shape), method=FIXED)
    moved = changes(before, reference)
    k, i = reference.nodes.index("PII"), 3
    who, values = reference.provinces[i], reference.raw[i]
    stands = outlook(values, who, reference, moved, final=FINAL)
    # Fixed goalposts: a province whose figures stand keeps its score, whatever the others do.
    assert stands.score == pytest.approx([reference.score[i][k]] * 6)
    moves = outlook(values, who, reference, moved, final=CARRIED)
    assert len(moves.score) == 6
    assert moves.score[0] < moves.score[-1]
    assert moves.score == tuple(sorted(moves.score))
    # One of the scenarios lets it move as it moved itself; another, as the next one did.
    by_hand = []
    for step in moved:
        later = np.array(reference.raw)
        later[i] += step
        by_hand.append(ran(later, method=FIXED).score[i][k])
    assert moves.score == pytest.approx(sorted(by_hand))


def test_spans_of_a_preview_name_the_runs_and_the_test():
    first, second = ran(VALUES), ran(VALUES + 1.0)
    outcome = small_outcome(values=VALUES + 2.0)
    reference = reference_to(outcome)
    result = preview(submission_of(outcome, "48"), reference)
    one = outlook_of(result, second)
    assert one.runs == (second.run, reference.run)
    assert one.backtest is None
    two = outlook_of(result, first, second)
    assert (two.score, two.rank) == (one.score, one.rank)
    # Everybody moved by one, twice: what was foretold came true wherever it could be told.
    assert two.backtest is not None
    scored = sum(not isnan(row[0]) for row in reference.score)
    assert two.backtest.tested == scored
    assert two.backtest.score_held == two.backtest.rank_held == scored


def test_a_backtest_can_fail():
    own = small_framework(
        indicators=tuple(replace(i, supplier="central") for i in small_framework().indicators)
    )
    rng = np.random.default_rng(1)
    first = np.nan_to_num(VALUES, nan=30.0)
    still = ran(first, framework=own, method=FIXED)
    again = ran(first + rng.uniform(5, 50, first.shape), framework=own, method=FIXED)
    found = backtest(still, still, again)
    assert found.tested == 6
    assert found.score_held == 0


def test_a_new_province_is_added_to_the_table():
    reference = ran(VALUES)
    moved = changes(reference, reference)
    found = outlook(reference.raw[3], "99", reference, moved, final=FINAL)
    assert isinstance(found, Outlook)
    assert len(found.score) == 6
    assert isnan(outlook([nan] * 5, "99", reference, moved, final=FINAL).score_span[0])


@pytest.mark.parametrize(
    ("lang", "why"), [("vi", "không cùng nằm trong khoảng này"), ("en", "do not both lie in")]
)
def test_a_range_beside_the_score_says_why_and_one_around_it_need_not(lang, why):
    result = preview(submission_of(small_outcome(), "48"), ran(VALUES))
    index = result.standing("PII")
    around = Outlook((index.score - 1, index.score + 1), (index.rank, index.rank))
    beside = replace(around, score=(index.score + 1, index.score + 2))
    worse = replace(around, rank=(index.rank + 1, index.rank + 2))
    assert why not in " ".join(range_lines(result, around, lang))
    assert why in range_lines(result, beside, lang)[1]
    assert why in range_lines(result, worse, lang)[1]
    shut = replace(result, reference=withheld(result.reference))  # a span of ranks, which touches
    assert why not in " ".join(range_lines(shut, around, lang))
