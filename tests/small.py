"""A small edition, built in code: 2 pillars, 3 sub-pillars, 5 indicators, 6 provinces."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pii.findings import Finding
from pii.framework import Assumption, Framework, Group, Indicator
from pii.matrix import Matrix, matrix_of
from pii.method import Aggregation, Coverage, Method
from pii.pipeline import Outcome, compute
from pii.provinces import Province, ProvinceList

LEVELS = ("index", "subindex", "pillar", "subpillar", "indicator")
PROVINCES = ("01", "04", "31", "48", "79", "92")
NAMES = ("Hà Nội", "Cao Bằng", "Hải Phòng", "Đà Nẵng", "TP. Hồ Chí Minh", "Cần Thơ")


def small_indicator(code: str, parent: str, **changes: Any) -> Indicator:
    given: dict[str, Any] = {
        "id": f"id-{code}",
        "code": code,
        "parent": parent,
        "name_vi": f"Chỉ số {code}",
        "name_en": f"Indicator {code}",
        "definition_vi": "",
        "definition_en": "",
        "unit_vi": "%",
        "unit_en": "%",
        "direction": "higher",
        "bounds": (None, None),
        "denominator": None,
        "source_vi": "",
        "source_en": "",
        "supplier": "central",
        "evidence": False,
        "data_year": 2024,
        "attested": "verified",
    }
    return Indicator(**(given | changes))


def small_framework(**changes: Any) -> Framework:
    groups = [
        ("PII", "index", None), ("input", "subindex", "PII"), ("output", "subindex", "PII"),
        ("1", "pillar", "input"), ("2", "pillar", "output"),
        ("1.1", "subpillar", "1"), ("1.2", "subpillar", "1"), ("2.1", "subpillar", "2"),
    ]  # fmt: skip
    given: dict[str, Any] = {
        "id": "small",
        "title_vi": "Bộ chỉ số nhỏ",
        "title_en": "Small edition",
        "label_vi": "GIẢ LẬP & thử",
        "label_en": "SYNTHETIC & small",
        "provinces_on": None,
        "template_version": "1",
        "levels": LEVELS,
        "groups": tuple(
            Group(code, level, parent, f"Nhóm {code}", f"Group {code}", "verified")
            for code, level, parent in groups
        ),
        "indicators": (
            small_indicator("1.1.1", "1.1"),
            small_indicator("1.1.2", "1.1", direction="lower"),
            small_indicator("1.2.1", "1.2"),
            small_indicator("2.1.1", "2.1"),
            small_indicator("2.1.2", "2.1", attested="unattested"),
        ),
        "assumptions": (Assumption("weights", "Trọng số bằng nhau.", "Equal weights.", "none"),),
    }
    return Framework(**(given | changes))


def powers(**by_level: float) -> dict[str, Aggregation]:
    """Power means, arithmetic at every level that is not named."""
    return {level: Aggregation("power", by_level.get(level, 1.0)) for level in LEVELS[:-1]}


def small_method(**changes: Any) -> Method:
    groups = LEVELS[:-1]
    given: dict[str, Any] = {
        "aggregation": powers(),
        "coverage": {level: Coverage(0.5, 2 if level == "index" else 1) for level in groups},
    }
    return Method(**(given | changes))


def small_values() -> np.ndarray:
    """Province 31 lacks one indicator; 92 lacks all of the output, so has no index."""
    return np.array(
        [
            [9.1, 0.3, 71.0, 3.3, 120.0],
            [2.2, 0.9, 12.5, 1.1, 7.0],
            [5.5, 0.45, np.nan, 2.9, 33.3],
            [7.3, 0.2, 55.0, 3.1, 41.0],
            [8.8, 0.6, 66.6, 4.7, 39.9],
            [4.4, 0.5, 31.0, np.nan, np.nan],
        ]
    )


def small_list(codes: Sequence[str] = PROVINCES) -> ProvinceList:
    names = dict(zip(PROVINCES, NAMES, strict=True))
    return ProvinceList(
        None, tuple(Province(c, names[c], names[c], "R", "Vùng", "Region") for c in codes)
    )


def small_outcome(
    values: np.ndarray | None = None,
    *,
    framework: Framework | None = None,
    method: Method | None = None,
    findings: Sequence[Finding] = (),
    left_out: Sequence[str] = (),
    provinces: Sequence[str] = PROVINCES,
    matrix: Matrix | None = None,
) -> Outcome:
    tree, choices = framework or small_framework(), method or small_method()
    table = matrix or matrix_of(small_values() if values is None else values, provinces, tree)
    known: ProvinceList | None = small_list() if set(provinces) <= set(PROVINCES) else None
    scores = compute(table, tree, choices)
    return Outcome(tree, choices, known, table, scores, tuple(findings), tuple(left_out))


def by_province(outcome: Outcome, node: str) -> Mapping[str, float]:
    """Score of a node by province code."""
    at = outcome.scores.column(node)
    return dict(zip(outcome.scores.provinces, outcome.scores.score[:, at].tolist(), strict=True))
