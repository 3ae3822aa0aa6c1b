"""How long an audit takes: CPU seconds, the best of some runs, and how far from a matrix product.

    make bench

Design of COINr's vignette: 1 to 5 values winsorised at most, min-max on 1 to 100 or z-scores,
noisy weights, arithmetic or geometric means. Two differences: weights are drawn anew in every draw,
at every level, not taken from 100 sets; and geometric means of z-scores are left out, because they
are refused.
"""

import os
import resource
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from pii import assemble, load_edition, read_submissions
from pii.audit.plan import Plan, plan_of
from pii.audit.sensitivity import sensitivity
from pii.audit.uncertainty import uncertainty
from pii.framework import Framework
from pii.matrix import Matrix, matrix_of
from pii.method import Method, Normalisation
from pii.pipeline import compute
from pii.spread import MeasurementError, Spread, VariedWeights

DATA = Path(__file__).resolve().parents[1] / "data/synthetic-2025"
LEVELS = ("indicator", "subpillar", "pillar", "subindex")
VIGNETTE = Spread(
    choices={
        "outliers": [{"treatment.points": float(points)} for points in (5, 4, 3, 2, 1)],
        "scores": [
            {},
            {"aggregation.all.power": 0.0},
            {"normalisation.rule": "z-score", "normalisation.mean": 10.0, "normalisation.sd": 2.0},
        ],
    },
    weights={level: VariedWeights("uniform", by=0.25) for level in LEVELS},
)


def edition() -> tuple[Matrix, Framework, Method]:
    """The invented edition, scored on 1 to 100 so that geometric means exist."""
    framework, method = load_edition(DATA / "edition.yaml")
    submissions, _ = read_submissions(DATA / "values.csv", framework)
    nominal = replace(method, normalisation=Normalisation(scale=(1.0, 100.0)))
    return assemble(submissions, framework), framework, nominal


def larger(matrix: Matrix, framework: Framework, times: int) -> Matrix:
    """Every province so many times, each value moved a little."""
    noise = np.random.default_rng(0).normal(1.0, 0.05, (times, *matrix.values.shape))
    values = (matrix.values * noise).reshape(-1, matrix.values.shape[1])
    names = [f"{code}-{k:03}" for k in range(times) for code in matrix.provinces]
    return matrix_of(values, names, framework)


def best(work: Callable[[], object], runs: int) -> tuple[float, float]:
    """(CPU seconds, seconds on the clock) of the fastest run."""
    found = []
    for _ in range(runs):
        cpu, clock = process_time(), perf_counter()
        work()
        found.append((process_time() - cpu, perf_counter() - clock))
    return min(found)


def product(provinces: int, draws: int) -> float:
    """CPU seconds of the plain matrix product of as many scores."""
    a, b = (
        np.random.default_rng(0).random((provinces, 52)),
        np.random.default_rng(1).random((52, 512)),
    )
    return best(lambda: a @ b, 20)[0] / 512 * draws


def two_cores(plan: Plan, draws: int) -> tuple[float, float]:
    """(CPU seconds of all processes, seconds on the clock)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu, clock = process_time(), perf_counter()
    with ProcessPoolExecutor(2) as executor:
        uncertainty(plan, seed=0, draws=draws, executor=executor)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent + process_time() - cpu, perf_counter() - clock


def main() -> None:
    """Print the table."""
    out = sys.stdout
    matrix, framework, nominal = edition()
    scores = compute(matrix, framework, nominal)
    gaps = int(np.isnan(matrix.values).sum())
    out.write(f"34 x 52, {gaps} values missing; CPU seconds (clock), and times a matrix product\n")

    def told(what: str, cpu: float, clock: float, floor: float) -> None:
        times = f"{cpu / floor:.0f} x" if floor else "-"
        out.write(f"{what:60} {cpu:8.3f} ({clock:.3f})  {times}\n")

    planning = best(lambda: plan_of(matrix, framework, nominal, VIGNETTE, scores), 5)
    told("planning: 15 combinations worked out", *planning, 0.0)
    plan = plan_of(matrix, framework, nominal, VIGNETTE, scores)
    told("1,000 draws", *best(lambda: uncertainty(plan, seed=0, draws=1000), 9), product(34, 1000))
    sobol = best(lambda: sensitivity(plan, seed=0, n=500, most=500), 5)
    told("Sobol', N = 500, 6 choices, 100 bootstraps", *sobol, product(34, 4000))
    errors = Spread(errors=dict.fromkeys(framework.codes, MeasurementError(0.05, relative=True)))
    wrong = plan_of(matrix, framework, nominal, errors, scores)
    told(
        "10,000 draws, error in every cell, all steps anew",
        *best(lambda: uncertainty(wrong, seed=0, draws=10_000), 9),
        product(34, 10_000),
    )
    one = best(lambda: uncertainty(plan, seed=0, draws=1_000_000), 1)
    told("1,000,000 draws, one core", *one, product(34, 1_000_000))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    out.write(f"  resident so far: {peak:.0f} MB\n")
    told("1,000,000 draws, two processes", *two_cores(plan, 1_000_000), product(34, 1_000_000))
    many = larger(matrix, framework, 100)
    plan = plan_of(many, framework, nominal, VIGNETTE)
    told(
        "3,400 x 52, 1,000 draws",
        *best(lambda: uncertainty(plan, seed=0, draws=1000), 2),
        product(3400, 1000),
    )


if __name__ == "__main__":
    main()
