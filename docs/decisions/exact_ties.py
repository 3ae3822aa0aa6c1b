"""Measure what decision 4 states: how many exact ties each way of adding up breaks.

From the repository: .venv/bin/python docs/decisions/exact_ties.py
"""

import random
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import click
import numpy as np

import pii
from pii.report.numbers import printed
from pii.steps.aggregate import power_mean

ROOT = Path(__file__).resolve().parents[2]
PAIRS = 20_000
Mean = Callable[[Sequence[float]], float]


def plain(scores: Sequence[float]) -> float:
    """Add from left to right in binary, as a loop does; sum() itself compensates since 3.12."""
    total = 0.0
    for score in scores:
        total += score
    return total / len(scores)


def weighted(scores: Sequence[float]) -> float:
    """Multiply each score by a weight of 1/n and add up, as most programs do."""
    total = 0.0
    for score in scores:
        total += score * (1 / len(scores))
    return total


def exact(scores: Sequence[float]) -> float:
    """Mean as the engine takes it."""
    row, ones = np.array([scores]), np.ones(len(scores))
    return float(power_mean(row, ones, power=1, published=np.array([True]))[0])


def twins(rng: random.Random, n: int) -> tuple[list[float], list[float]]:
    """Two rows of scores that differ in order only: their means are exactly tied."""
    one = [rng.uniform(0, 100) for _ in range(n)]
    return one, rng.sample(one, n)


def decimal_twins(rng: random.Random, n: int) -> tuple[list[float], list[float]]:
    """Two rows of scores of two decimals with one decimal sum, most terms different."""
    while True:
        one = [rng.randrange(10_001) for _ in range(n)]
        other = [rng.randrange(10_001) for _ in range(n - 1)]
        last = sum(one) - sum(other)
        if 0 <= last <= 10_000:
            return [x / 100 for x in one], [x / 100 for x in (*other, last)]


def broken(make: Callable[..., tuple[list[float], list[float]]], mean: Mean, n: int) -> str:
    """Share of pairs that the mean tells apart, and the widest gap."""
    rng = random.Random(0)
    gaps = [abs(mean(one) - mean(other)) for one, other in (make(rng, n) for _ in range(PAIRS))]
    return f"{100 * sum(gap > 0 for gap in gaps) / PAIRS:5.1f} %  widest gap {max(gaps):.1e}"


def tree(mean: Mean) -> str:
    """The same through the whole tree of indicators.yaml, twins in every sub-pillar."""
    framework = pii.load_framework(ROOT / "indicators.yaml")
    rng = random.Random(0)

    def index(scores: dict[str, float]) -> float:
        for code in framework.bottom_up:
            scores[code] = mean([scores[child] for child in framework.children[code]])
        return scores[framework.index]

    apart, pairs = 0, PAIRS // 10
    for _ in range(pairs):
        one, other = {}, {}
        for group in framework.at_level("subpillar"):
            codes = framework.children[group.code]
            scores, shuffled = twins(rng, len(codes))
            one |= dict(zip(codes, scores, strict=True))
            other |= dict(zip(codes, shuffled, strict=True))
        apart += index(one) != index(other)
    return f"{100 * apart / pairs:5.1f} %"


def seconds(means: Callable[[list[list[float]]], object]) -> float:
    """Time of 20,000 means of four scores."""
    rng = random.Random(0)
    rows = [[rng.uniform(0, 100) for _ in range(4)] for _ in range(PAIRS)]
    start = time.perf_counter()
    means(rows)
    return time.perf_counter() - start


def rational(scores: Sequence[float]) -> float:
    """Mean in fractions, rounded once at the end."""
    return float(sum(map(Fraction, scores)) / len(scores))


if __name__ == "__main__":
    ways = {"plain": plain, "weights 1/n": weighted, "engine": exact}
    for title, make in (("same scores, other order", twins), ("same decimal sum", decimal_twins)):
        for n in (3, 4, 7):
            for name, mean in ways.items():
                click.echo(f"{title}, {n} scores, {name:12} {broken(make, mean, n)}")
    for name, mean in ways.items():
        click.echo(f"index of the 52, sub-pillars shuffled, {name:12} {tree(mean)}")
    halves = [(10 * k + 5) / 1000 for k in range(10_000)]
    wrong = sum(f"{round(x, 2):.2f}" != printed(x, 2, "en") for x in halves)
    click.echo(f"0.005, 0.015, … 99.995 by round(): {100 * wrong / len(halves):.1f} % not away")
    everywhere = np.ones(PAIRS, dtype=bool)
    for name, means in {
        "plain": lambda rows: [plain(row) for row in rows],
        "engine": lambda rows: power_mean(
            np.array(rows), np.ones(4), power=1, published=everywhere
        ),
        "fractions": lambda rows: [rational(row) for row in rows],
    }.items():
        click.echo(f"{PAIRS} means of 4, {name:12} {seconds(means):.2f} s")
