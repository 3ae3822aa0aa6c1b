"""Random small editions and matrices for the laws; also plain builders for tests of the core."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from pii.framework import Framework, Group, Indicator
from pii.matrix import matrix_of
from pii.method import Aggregation, Coverage, Method, Normalisation, Treatment
from pii.pipeline import Scores, compute

Array = npt.NDArray[np.float64]
LEVELS = ("index", "subindex", "pillar", "indicator")
ALWAYS = dict.fromkeys(LEVELS[:-1], Coverage(0, 1))
"""Coverage under which every node with at least one value is published."""


def leaf(code: str, parent: str, **changes: Any) -> Indicator:
    given: dict[str, Any] = dict.fromkeys(
        ("name_vi", "name_en", "definition_vi", "definition_en", "source_vi", "source_en"), "x"
    )
    given |= {"id": f"id_{code}", "code": code, "parent": parent, "direction": "higher"}
    given |= {"unit_vi": "tỷ đồng", "unit_en": "billion VND", "denominator": None}
    given |= {"bounds": (None, None), "supplier": "province", "evidence": False}
    given |= {"data_year": 2024, "attested": "verified"}
    return Indicator(**(given | changes))


def tree(
    groups: Sequence[tuple[str, str, str | None]], indicators: Sequence[Indicator], **changes: Any
) -> Framework:
    """A framework of groups (code, level, parent) over indicators."""
    given: dict[str, Any] = dict.fromkeys(
        ("id", "title_vi", "title_en", "label_vi", "label_en", "template_version"), "x"
    )
    given |= {"provinces_on": None, "levels": LEVELS, "indicators": tuple(indicators)}
    given["groups"] = tuple(Group(c, lev, up, c, c, "verified") for c, lev, up in groups)
    return Framework(**(given | changes))


def means(power: float | Mapping[str, float]) -> dict[str, Aggregation]:
    """Power means by level; one number: of every level."""
    by_level = power if isinstance(power, Mapping) else dict.fromkeys(LEVELS[:-1], power)
    return {level: Aggregation("power", its) for level, its in by_level.items()}


def method(
    power: float | Mapping[str, float] = 1,
    coverage: Mapping[str, Coverage] = ALWAYS,
    **changes: Any,
) -> Method:
    return Method(aggregation=means(power), coverage=coverage, **changes)


ABOVE_ZERO = Normalisation("min-max", (1.0, 100.0))
"""The scale on which means of power 0 and less exist."""


@dataclass(frozen=True)
class Case:
    """One small index: framework, method, provinces and values (provinces, indicators)."""

    framework: Framework
    method: Method
    provinces: tuple[str, ...]
    values: Array

    def scores(self, **changes: Any) -> Scores:
        """Computed, with another framework, method, provinces or values where given."""
        framework = changes.get("framework", self.framework)
        values = changes.get("values", self.values)
        rows = matrix_of(values, changes.get("provinces", self.provinces), framework)
        return compute(rows, framework, changes.get("method", self.method))


# Sixteenths: exact in binary, coarse enough for ties, so that sums and ties are really tested.
sixteenths = st.integers(-3200, 3200).map(lambda n: n / 16)
weights = st.sampled_from([0.1, 0.25, 1 / 3, 0.5, 1.0, 1.5, 2.0, 7.0])


@st.composite
def frameworks(draw: st.DrawFn) -> Framework:
    """1–2 sub-indices of 1–2 pillars of 1–4 indicators; a pillar may hang beneath the index."""
    groups: list[tuple[str, str, str | None]] = [("X", "index", None)]
    leaves: list[Indicator] = []
    for s in range(draw(st.integers(1, 2))):
        groups.append((f"S{s}", "subindex", "X"))
        for p in range(draw(st.integers(1, 2))):
            code = f"S{s}P{p}"
            groups.append((code, "pillar", f"S{s}"))
            for i in range(draw(st.integers(1, 4))):
                direction = draw(st.sampled_from(["higher", "lower"]))
                leaves.append(leaf(f"{code}I{i}", code, direction=direction))
    if draw(st.booleans()):
        groups.append(("P", "pillar", "X"))
        leaves.append(leaf("PI", "P"))
    return tree(groups, leaves)


@st.composite
def columns(draw: st.DrawFn, rows: int, missing: bool) -> list[float]:
    """A column that is not constant; some have a far outlier, some have gaps."""
    column = draw(st.lists(sixteenths, min_size=rows, max_size=rows))
    if draw(st.booleans()):
        column[0] *= 1024.0
    if missing:
        gaps = draw(st.lists(st.integers(0, 6), min_size=rows, max_size=rows))
        column = [np.nan if gap == 0 else x for gap, x in zip(gaps, column, strict=True)]
    if len({x for x in column if x == x}) == 1:
        column[0], column[-1] = -1.0, 1.0
    return column


treatments = st.one_of(
    st.just(Treatment("none")),
    # Limits below the GII's, so that columns of a few values are treated at all.
    st.builds(
        Treatment,
        rule=st.just("gii"),
        skewness=st.sampled_from([0.7, 1.3]),
        kurtosis=st.just(0.5),
        points=st.integers(0, 3),
    ),
)


@st.composite
def cases(
    draw: st.DrawFn,
    *,
    missing: bool = True,
    powers: Sequence[float] = (1.0,),
    treatment: st.SearchStrategy[Treatment] = treatments,
    coverage: st.SearchStrategy[Mapping[str, Coverage]] | None = None,
    normalisation: Normalisation | None = None,
) -> Case:
    framework = draw(frameworks())
    rows = draw(st.integers(3, 9))
    width = len(framework.codes)
    table = [draw(columns(rows, missing)) for _ in range(width)]
    chosen = {code: draw(weights) for code in framework.by_code if draw(st.booleans())}
    scale = normalisation or (ABOVE_ZERO if min(powers) <= 0 else Normalisation())
    return Case(
        framework,
        method(
            {level: draw(st.sampled_from(powers)) for level in LEVELS[:-1]},
            draw(coverage) if coverage is not None else ALWAYS,
            treatment=draw(treatment),
            normalisation=scale,
            weights=chosen,
        ),
        tuple(f"{i:02}" for i in range(rows)),
        np.array(table).T,
    )


coverages = st.fixed_dictionaries(
    {
        level: st.builds(
            Coverage, share=st.sampled_from([0.0, 1 / 3, 0.5, 2 / 3, 1.0]), count=st.integers(1, 2)
        )
        for level in LEVELS[:-1]
    }
)
