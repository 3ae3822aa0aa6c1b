"""How far scores moved, who the peers are, and where a province stands: by hand and by law."""

from dataclasses import replace
from datetime import date
from itertools import product
from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pii.intake.registry import PUBLISHED, provinces_on, published_scores
from pii.method import Strengths
from pii.preview.estimate import Preview, preview
from pii.preview.movement import Movement, Outlook, movement
from pii.preview.peers import FEWEST, Peers, peers_of
from pii.preview.reference import Reference, withheld
from pii.preview.sides import percentile, sides
from pii.preview.span import ranks_of, span_of
from pii.provinces import Province, ProvinceList
from pii.report.tables import strengths_table
from tests.preview.test_estimate import reference_to, submission_of
from tests.small import small_method, small_outcome, small_values

LIST_34, LIST_63 = provinces_on(date(2025, 7, 1)), provinces_on(date(2022, 12, 31))


def test_movement_by_hand():
    before = {"a": 10.0, "b": 20.0, "c": 30.0, "d": 40.0, "e": 50.0, "gone": 1.0}
    after = {"a": 11.0, "b": 18.0, "c": 33.0, "d": 36.0, "e": 55.0, "new": 9.0}
    last = {"a": 15.0, "b": 22.5, "e": 55.0}
    found = movement({"1": before, "2": after, "3": last}, share=0.8)
    # Moves 1, 2, 3, 4, 5: four of five are within 4. A year later 4 and 0 are, 4.5 is not.
    assert found == Movement(4.0, 0.8, 5, ("1", "2"), 2, 3, ("2", "3"))
    assert movement({"1": before, "2": after}, share=0.8) == Movement(4.0, 0.8, 5, ("1", "2"))
    assert movement({"1": before, "2": {"a": 1.0}}) is None


@given(st.lists(st.floats(-50, 50), min_size=5, max_size=40), st.sampled_from([0.5, 0.8, 0.9, 1]))
def test_the_span_holds_its_share_and_no_shorter_one_does(moves, share):
    before = {str(k): 0.0 for k in range(len(moves))}
    found = movement({"1": before, "2": {str(k): x for k, x in enumerate(moves)}}, share=share)
    sizes = [abs(x) for x in moves]
    assert sum(x <= found.points for x in sizes) >= share * len(moves) - 1e-9
    assert sum(x < found.points for x in sizes) < share * len(moves)


def test_published_scores_moved_as_the_page_says():
    found = movement({str(year): published_scores(year) for year in PUBLISHED})
    assert found.points == pytest.approx(3.65)
    assert (found.provinces, found.editions) == (13, ("2023", "2024"))
    assert (found.held, found.tested, found.test) == (0, 2, ("2024", "2025"))


def test_outlook_spans_are_order_statistics():
    # 5 % of 40 is two on either side.
    assert Outlook(tuple(map(float, range(40))), ()).score_span == (2.0, 37.0)
    assert Outlook((3.0,), (1.0,)).rank_span == (1.0, 1.0)
    assert isnan(Outlook((), ()).score_span[0])


def listed(*regions: str, grdp: float | None = None) -> ProvinceList:
    return ProvinceList(
        None,
        tuple(
            Province(f"{k:02}", f"P{k}", f"P{k}", region, region, region,
                     population=10.0, grdp=grdp)
            for k, region in enumerate(regions)
        ),
    )  # fmt: skip


def means(found: tuple[Peers, ...]) -> dict[str, tuple[float, ...]]:
    return {one.key: one.mean for one in found if one.kind == "region"}


def test_a_small_group_is_not_told_nor_what_gives_it_away():
    names = listed(*"AAAAAABBBBCC")
    codes = tuple(names.by_code)
    score = [(float(k), nan if k == 0 else 2.0 * k) for k in range(12)]
    # C has two; with A and B told, the national mean would give it away, so B goes as well.
    assert means(peers_of(names, codes, score)) == {"A": (2.5, 6.0), "B": (), "C": ()}
    # Without C in the run, nothing is left over to work out.
    assert means(peers_of(names, codes[:10], score[:10]))["B"] == (7.5, 15.0)
    # Too few with a score on one node: told on none, for the nodes hang together.
    thin = [(a, b if k not in (1, 2) else nan) for k, (a, b) in enumerate(score)]
    assert means(peers_of(names, codes, thin))["A"] == ()
    assert peers_of(None, codes, score) == ()


@pytest.mark.parametrize("names", [LIST_34, LIST_63])
def test_nobodys_score_can_be_worked_out_from_the_means(names):
    """Whoever knows one score and every mean told cannot solve for another single one."""
    codes = tuple(names.by_code)
    found = peers_of(names, codes, [(1.0,)] * len(codes))
    told = [set(one.members) for one in found if one.mean] + [set(codes)]
    assert len(told) > 6
    known = np.array([[float(code in group) for code in codes] for group in told])
    rank = np.linalg.matrix_rank(known)
    one = np.eye(len(codes))
    for i, j in product(range(len(codes)), repeat=2):
        if i != j:
            more = np.vstack([known, one[i]])
            assert np.linalg.matrix_rank(np.vstack([more, one[j]])) == rank + 2


def test_income_bands_are_thirds_of_the_list():
    found = [one for one in peers_of(LIST_34, (), []) if one.kind == "income"]
    assert [len(one.members) for one in found] == [12, 11, 11]
    place = {who: p for p in LIST_34 for who in [p.code]}
    heads = [[place[who].grdp / place[who].population for who in one.members] for one in found]
    assert min(heads[0]) >= max(heads[1])
    assert min(heads[1]) >= max(heads[2])
    assert {who for one in found for who in one.members} == set(LIST_34.by_code)
    assert not [one for one in peers_of(listed(*"AAAA"), (), []) if one.kind == "income"]


def previews() -> list[tuple[object, Preview]]:
    outcome = small_outcome()
    reference = reference_to(outcome)
    return [
        (outcome, preview(submission_of(outcome, who), reference)) for who in reference.provinces
    ]


def test_strengths_are_those_of_the_run():
    for outcome, result in previews():
        table = strengths_table(outcome)
        mine = table[table["province"] == result.province]
        for found, side in zip(sides(result), ("strength", "weakness"), strict=True):
            theirs = set(mine.loc[mine["side"] == side, "indicator"])
            assert {one.row.indicator.code for one in found} == theirs


@given(st.lists(st.sampled_from([1.0, 2.0, 2.5, 7.0, nan]), min_size=30, max_size=30))
def test_strengths_are_those_of_the_run_with_any_ties(figures):
    values = np.array(figures).reshape(6, 5)
    values[:2] = [[1.0, 7.0, 1.0, 7.0, 1.0], [7.0, 1.0, 7.0, 1.0, 7.0]]
    method = small_method(strengths=Strengths(count=2))
    outcome = small_outcome(values=values, method=method)
    table, reference = strengths_table(outcome), reference_to(outcome)
    for who in reference.provinces:
        result = preview(submission_of(outcome, who), reference)
        mine = table[table["province"] == who]
        for found, side in zip(sides(result), ("strength", "weakness"), strict=True):
            theirs = set(mine.loc[mine["side"] == side, "indicator"])
            assert {one.row.indicator.code for one in found} == theirs, (who, side)


def with_quantiles(result: Preview, node: str, quantiles: tuple[float, ...]) -> Preview:
    reference = result.reference
    k = reference.nodes.index(node)
    all_of_them = (*reference.quantiles[:k], quantiles, *reference.quantiles[k + 1 :])
    return replace(result, reference=replace(reference, quantiles=all_of_them))


def at(result: Preview, node: str, score: float) -> Preview:
    k = result.reference.nodes.index(node)
    moved = replace(result.standings[k], score=score)
    return replace(result, standings=(*result.standings[:k], moved, *result.standings[k + 1 :]))


@pytest.mark.parametrize(
    ("score", "share"),
    [(-1, 0), (0, 0), (5, 0.125), (10, 0.25), (20, 0.625), (25, 0.8125), (40, 1), (41, 1)],
)
def test_percentiles_by_hand(score, share):
    _, result = previews()[0]
    result = with_quantiles(result, "PII", (0.0, 10.0, 20.0, 20.0, 40.0))
    expected = 0.875 - 0.0625 if score == 25 else share
    assert percentile(at(result, "PII", float(score)), "PII") == pytest.approx(expected)
    assert isnan(percentile(at(result, "PII", nan), "PII"))


def test_the_span_of_a_movement_by_hand():
    _, result = previews()[3]
    reference = result.reference
    k = reference.nodes.index("PII")
    others = [row[k] for who, row in zip(reference.provinces, reference.score, strict=True)
              if who != result.province]  # fmt: skip
    points = 30.0
    score = result.standing("PII").score
    found = span_of(result, Movement(points, 0.9, 13, ("a", "b")))
    assert found.score == (max(0.0, score - points), min(100.0, score + points))
    assert found.rank == (
        1 + sum(x > found.score[1] for x in others), 1 + sum(x > found.score[0] for x in others)
    )  # fmt: skip
    assert found.rank[0] < found.rank[1]
    wide = span_of(result, Movement(1000.0, 0.9, 13, ("a", "b")))
    assert wide.score == (0.0, 100.0)
    assert isnan(span_of(at(result, "PII", nan), Movement(1.0, 0.9, 13, ("a", "b"))).score[0])


def test_a_withheld_reference_gives_spans_that_hold_the_rank():
    for _, result in previews():
        shut = replace(result, reference=withheld(result.reference))
        for node in result.reference.nodes:
            score, rank = result.standing(node).score, result.standing(node).recorded_rank
            if not isnan(score):
                best, worst = ranks_of(shut, node, score)
                assert best <= rank <= worst, node


def test_a_withheld_reference_keeps_peers_and_movement():
    reference: Reference = reference_to(small_outcome(values=small_values()))
    known = replace(reference, movement=Movement(1.0, 0.9, 13, ("a", "b")))
    assert withheld(known).peers == known.peers
    assert withheld(known).movement == known.movement
    assert FEWEST == 4
