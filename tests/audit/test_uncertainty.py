"""What many draws say of a province: by brute force, and the same bytes wherever it is computed."""

import pickle
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import fields, replace
from functools import cache

import numpy as np
import pytest
from strategies import leaf, method, tree

from pii.audit.draws import UNCERTAINTY, words
from pii.audit.plan import Plan, plan_of
from pii.audit.sensitivity import sensitivity
from pii.audit.uncertainty import Uncertainty, quantiles, uncertainty
from pii.matrix import matrix_of
from pii.method import Coverage, Normalisation
from pii.pipeline import compute
from pii.spread import Spread, VariedWeights


@cache
def plan() -> Plan:
    framework = tree(
        [
            ("X", "index", None),
            ("S", "subindex", "X"),
            ("T", "subindex", "X"),
            *((f"{s}{k}", "pillar", s) for s in "ST" for k in range(2)),
        ],
        [leaf(f"{s}{k}{i}", f"{s}{k}") for s in "ST" for k in range(2) for i in range(3)],
    )
    values = np.random.default_rng(2).random((9, 12))
    values[np.random.default_rng(3).random((9, 12)) < 0.1] = np.nan
    values[8] = np.arange(12) / 12
    values[8, :6] = np.nan
    nominal = method(
        normalisation=Normalisation(scale=(1.0, 100.0)),
        coverage={level: Coverage(0.5, 1) for level in ("index", "subindex", "pillar")},
    )
    spread = Spread(
        choices={
            "mean": ({}, {"aggregation.all.power": 0.0}),
            "scores": ({}, {"normalisation.rule": "rank"}),
        },
        weights={"subindex": VariedWeights("uniform", 0.5), "S": VariedWeights("dirichlet", 9.0)},
        dropped=("T11", "T1", "S0"),
    )
    return plan_of(matrix_of(values, list("ABCDEFGHI"), framework), framework, nominal, spread)


def test_every_number_is_what_draws_one_by_one_give() -> None:
    draws = 150
    found = uncertainty(plan(), seed=8, draws=draws)
    ranks, scores, comparable = [], [], []
    for k in range(draws):
        drawn, rows = plan().draw(words(8, UNCERTAINTY, k, 1, plan().width))
        result = compute(rows, plan().framework, drawn)
        ranks.append(result.rank[:, result.column("X")])
        scores.append(result.score[:, result.column("X")])
        comparable.append(drawn.normalisation.rule == "min-max")
    r, s, own = np.array(ranks), np.array(scores), np.array(comparable)
    assert 0 < np.isnan(r[:, 8]).mean() < 1  # I has half of the indicators
    np.testing.assert_allclose(found.unranked, np.isnan(r).mean(axis=0))
    for place in range(9):
        np.testing.assert_allclose(found.places[:, place], (r == place + 1).mean(axis=0))
    with np.errstate(invalid="ignore"):
        beats = (s[:, :, None] > s[:, None, :] + 1e-9).mean(axis=0)
    np.testing.assert_allclose(found.beats, beats)
    last = np.where(np.isnan(r), np.inf, r)
    for share, ours in ((0.05, found.rank_interval[:, 0]), (0.5, found.median_rank),
                        (0.95, found.rank_interval[:, 1])):  # fmt: skip
        expected = np.quantile(last, share, axis=0, method="inverted_cdf")
        np.testing.assert_array_equal(ours, np.where(np.isinf(expected), np.nan, expected))
    assert found.score_draws == own.sum()
    kept = s[own]
    expected = np.nanquantile(kept[:, :8], [0.05, 0.95], axis=0).T
    off = np.abs(found.score_interval[:8] - expected)
    spacing = np.diff(np.sort(kept[:, :8], axis=0), axis=0).max(axis=0)
    assert (off <= found.score_resolution[:8, None] + spacing[:, None]).all()
    nominal = compute(plan().matrix, plan().framework, plan().method)
    np.testing.assert_array_equal(found.nominal_rank, nominal.rank[:, nominal.column("X")])


def test_quantiles_by_hand() -> None:
    counted = np.array([[1, 18, 1], [20, 0, 0], [10, 0, 0]])
    ends = np.array([0.05, 0.5, 0.95])
    assert quantiles(counted, ends, 20)[:2].tolist() == [[0, 1, 1], [0, 0, 0]]
    assert quantiles(counted, ends, 20)[2, :2].tolist() == [0, 0]
    assert np.isnan(quantiles(counted, ends, 20)[2, 2])  # half of the draws are in no place


def test_the_published_weights_alone_give_the_published_ranks() -> None:
    spread = Spread(weights={"pillar": VariedWeights("uniform", 1e-9)})
    still = plan_of(plan().matrix, plan().framework, plan().method, spread)
    found = uncertainty(still, seed=0, draws=50)
    ranked = ~np.isnan(found.nominal_rank)
    np.testing.assert_array_equal(found.median_rank[ranked], found.nominal_rank[ranked])
    np.testing.assert_array_equal(found.rank_interval[ranked, 0], found.rank_interval[ranked, 1])


DRAWS = 40_000
"""Several blocks, the last of them not full."""


def as_bytes(found: object) -> bytes:
    parts = [getattr(found, one.name) for one in fields(found)]  # type: ignore[arg-type]
    return b"".join(
        part.tobytes() if isinstance(part, np.ndarray) else pickle.dumps(part) for part in parts
    )


@cache
def serial() -> Uncertainty:
    return uncertainty(plan(), seed=1, draws=DRAWS)


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_threads_and_processes_give_the_bytes_of_one_loop(pool: type[Executor]) -> None:
    assert 2 * plan().block < DRAWS
    with pool(2) as executor:  # type: ignore[call-arg]
        found = uncertainty(plan(), seed=1, draws=DRAWS, executor=executor)
        moved = sensitivity(plan(), seed=1, n=256, most=256, executor=executor)
    assert as_bytes(found) == as_bytes(serial())
    here = sensitivity(plan(), seed=1, n=256, most=256)
    assert as_bytes(moved.mean_shift) == as_bytes(here.mean_shift)
    assert [as_bytes(one) for one in moved.per_province] == [
        as_bytes(one) for one in here.per_province
    ]


def test_a_dask_cluster_of_two_processes_gives_the_same_bytes() -> None:
    distributed = pytest.importorskip("distributed", reason="the extra `dask` is not installed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        executor = client.get_executor()
        found = uncertainty(plan(), seed=1, draws=DRAWS, executor=executor)
        moved = sensitivity(plan(), seed=1, n=256, most=256, executor=executor)
    assert as_bytes(found) == as_bytes(serial())
    here = sensitivity(plan(), seed=1, n=256, most=256)
    assert as_bytes(moved.mean_shift) == as_bytes(here.mean_shift)


def test_another_seed_gives_other_bytes_and_the_same_seed_the_same() -> None:
    assert as_bytes(uncertainty(plan(), seed=1, draws=DRAWS)) == as_bytes(serial())
    other = replace(uncertainty(plan(), seed=2, draws=DRAWS), seed=1)
    assert as_bytes(other) != as_bytes(serial())
