"""Write values.csv beside this file: an invented, complete edition for tests and teaching.

SYNTHETIC: no figure below describes a real province, with one exception. Where the lowest and
highest value of the country are published (../published/khanh_hoa_2025.csv), the column keeps
exactly these two, and Khánh Hòa keeps its own published value. Who else stands where in such a
column is invented too.

Run from anywhere: ``python data/synthetic-2025/make_values.py``. The same bytes come out each time:
normal deviates are sums of uniform ones, and these are read from the raw stream of PCG64, which
NumPy promises to keep (NEP 19) while it does not promise the same for its distributions.
"""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML

Array = NDArray[np.float64]

SEED = 20250701
EDITION_DAY = "2025-07-01"
PUBLISHED_PROVINCE = "56"  # Khánh Hòa
MISSING_CELLS = 12
# One whole sub-pillar of one province stays empty, so that coverage can be seen at work.
EMPTY_SUBPILLAR = ("12", ("6.1.1", "6.1.2"))

HERE = Path(__file__).resolve().parent
DATA = HERE.parent

# How a column looks, in the unit of indicators.yaml: from the lowest to the highest of ordinary
# provinces, evenly; and how many decimals are printed. All figures are guesses of a plausible size.
EVEN: Mapping[str, tuple[float, float, int]] = {
    "1.1.1": (28, 56, 2),
    "1.1.2": (6.3, 8.5, 2),
    "1.1.3": (6.1, 8.1, 2),
    "1.2.1": (6.6, 8.9, 2),
    "1.2.2": (5.2, 7.2, 2),
    "1.2.3": (82, 94, 2),
    "1.2.4": (4.7, 7.1, 2),
    "2.1.1": (5.4, 6.6, 2),
    "2.1.2": (9, 141, 2),
    "2.1.3": (14, 34, 2),
    "2.2.2": (0.08, 0.95, 2),
    "3.1.1": (0.42, 0.83, 3),
    "3.1.2": (2.3, 3.9, 3),
    "3.2.1": (1.6, 2.4, 3),
    "3.2.2": (22, 96, 1),
    "3.2.3": (2.9, 4.2, 3),
    "4.1.1": (55, 190, 1),
    "4.2.1": (45, 135, 1),
    "4.2.2": (3, 23, 1),
    "5.1.1": (0.4, 3.6, 2),
    "5.1.2": (16, 49, 1),
    "5.1.3": (2, 17, 1),
    "5.1.4": (12, 52, 1),
    "5.2.1": (20, 88, 0),
    "5.2.2": (48, 98, 1),
    "6.3.1": (5, 42, 2),
    "7.1.1": (97, 121, 1),
    "7.1.4": (2.5, 13.5, 2),
    "7.2.1": (0.2, 3.4, 2),
    "7.2.2": (0.42, 0.62, 4),
    "7.2.3": (3400, 9300, 0),
    "7.2.4": (0.64, 0.81, 3),
}
# The same for columns with a long right tail: the median, the spread of the logarithm, decimals.
SKEWED: Mapping[str, tuple[float, float, int]] = {
    "2.2.1": (6.5, 0.8, 2),
    "2.2.3": (0.22, 0.7, 2),
    "2.2.4": (0.06, 0.7, 3),
    "4.1.2": (2.4, 0.5, 2),
    "4.1.3": (13, 0.6, 2),
    "4.1.4": (42, 0.7, 2),
    "4.2.3": (1.7, 0.9, 2),
    "5.2.3": (64, 0.6, 0),
    "5.3.1": (1.9, 1.2, 2),
    "5.3.2": (14, 0.5, 1),
    "6.1.1": (0.25, 1.2, 2),
    "6.1.2": (0.02, 1.0, 3),
    "6.2.1": (55, 0.6, 1),
    "6.2.2": (0.12, 1.1, 2),
    "6.2.3": (0.006, 1.0, 4),
    "6.2.4": (0.05, 0.8, 3),
    "6.3.2": (1.1, 0.7, 2),
    "6.3.3": (1.6, 0.7, 2),
    "7.1.2": (1.3, 0.5, 2),
    "7.1.3": (45, 0.9, 1),
}


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, all as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def provinces_on(day: str) -> list[tuple[str, str]]:
    """Code and name of the provinces valid on that day, in code order."""
    return sorted(
        (row["code"], row["name_vi"])
        for row in read_rows(DATA / "provinces.csv")
        if row["valid_from"] <= day and (not row["valid_to"] or day <= row["valid_to"])
    )


def published() -> dict[str, tuple[str, str, str]]:
    """Per indicator: Khánh Hòa's value, the country's lowest and highest, as printed."""
    return {
        row["code"]: (row["value_or_score"], row["national_lowest"], row["national_highest"])
        for row in read_rows(DATA / "published" / "khanh_hoa_2025.csv")
        if row["level"] == "indicator"
    }


def uniform(stream: np.random.PCG64, *shape: int) -> Array:
    """Numbers in [0, 1) with 53 random bits each."""
    raw = np.asarray(stream.random_raw(int(np.prod(shape))), dtype=np.uint64)
    return np.asarray((raw >> np.uint64(11)) * 2.0**-53, dtype=np.float64).reshape(shape)


def nearly_normal(stream: np.random.PCG64, *shape: int) -> Array:
    """Mean 0, variance 1: twelve uniform numbers added, less six."""
    return np.asarray(uniform(stream, *shape, 12).sum(axis=-1) - 6.0, dtype=np.float64)


def correlated(stream: np.random.PCG64, provinces: int, pillars: Sequence[str]) -> Array:
    """(provinces, indicators): one factor for all, one per pillar, and noise; variance 1."""
    general = nearly_normal(stream, provinces, 1)
    names = sorted(set(pillars))
    of_pillar = nearly_normal(stream, provinces, len(names))
    own = nearly_normal(stream, provinces, len(pillars))
    shared = of_pillar[:, [names.index(pillar) for pillar in pillars]]
    z = np.sqrt(0.25) * general + np.sqrt(0.20) * shared + np.sqrt(0.55) * own
    return np.asarray(z, dtype=np.float64)


def column(code: str, z: Array) -> list[str]:
    """The printed values of one indicator from its deviates."""
    if code in EVEN:
        low, high, decimals = EVEN[code]
        values = low + (high - low) / (1.0 + np.exp(-1.6 * z))
    else:
        median, spread, decimals = SKEWED[code]
        values = median * np.exp(spread * z)
    return [f"{value:.{decimals}f}" for value in values]


def between_published(z: Array, own: int, printed: tuple[str, str, str]) -> list[str]:
    """A column whose extremes are the published ones and whose own row is as published."""
    value, lowest, highest = printed
    others = np.delete(z, own)
    share = (z - others.min()) / (others.max() - others.min())
    cells = [f"{float(lowest) + (float(highest) - float(lowest)) * s:.2f}" for s in share]
    cells[int(np.flatnonzero(z == others.min())[0])] = lowest
    cells[int(np.flatnonzero(z == others.max())[0])] = highest
    cells[own] = value
    return cells


def choose_missing(
    stream: np.random.PCG64, codes: Sequence[str], indicators: Sequence[str], kept: set[str]
) -> set[tuple[str, str]]:
    """The cells left empty: never Khánh Hòa's, never in a column with published extremes."""
    rows = [code for code in codes if code not in (PUBLISHED_PROVINCE, EMPTY_SUBPILLAR[0])]
    columns = [code for code in indicators if code not in kept]
    chosen = {(EMPTY_SUBPILLAR[0], code) for code in EMPTY_SUBPILLAR[1]}
    while len(chosen) < MISSING_CELLS + len(EMPTY_SUBPILLAR[1]):
        at = uniform(stream, 2)
        chosen.add((rows[int(at[0] * len(rows))], columns[int(at[1] * len(columns))]))
    return chosen


def refuse_out_of_bounds(indicator: Mapping[str, Any], cells: Sequence[str]) -> None:
    """Raise ValueError where a value cannot be, by the bounds of indicators.yaml."""
    low, high = indicator["bounds"]
    for cell in cells:
        if (low is not None and float(cell) < low) or (high is not None and float(cell) > high):
            raise ValueError(
                f"{indicator['code']}: {cell} lies outside {low} to {high}; adapt EVEN or SKEWED"
            )


def make_table() -> list[list[str]]:
    """Header and one row per province: code, name, the indicators in printed order."""
    indicators = YAML().load(DATA.parent / "indicators.yaml")["indicators"]
    codes = [str(indicator["code"]) for indicator in indicators]
    provinces = provinces_on(EDITION_DAY)
    facts = published()
    own = [code for code, _ in provinces].index(PUBLISHED_PROVINCE)
    stream = np.random.PCG64(SEED)
    z = correlated(stream, len(provinces), [code.split(".")[0] for code in codes])
    columns: dict[str, list[str]] = {}
    for j, indicator in enumerate(indicators):
        code = codes[j]
        deviates = z[:, j] if indicator["direction"] == "higher" else -z[:, j]
        columns[code] = (
            between_published(deviates, own, facts[code])
            if code in facts
            else column(code, deviates)
        )
        refuse_out_of_bounds(indicator, columns[code])
    empty = choose_missing(stream, [code for code, _ in provinces], codes, set(facts))
    return [["province", "name", *codes]] + [
        [code, name, *("" if (code, c) in empty else columns[c][i] for c in codes)]
        for i, (code, name) in enumerate(provinces)
    ]


if __name__ == "__main__":
    with (HERE / "values.csv").open("w", encoding="utf-8", newline="") as target:
        csv.writer(target, lineterminator="\n").writerows(make_table())
