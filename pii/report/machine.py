"""A check as JSON for machines, under a schema that docs/check-json.md describes."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from math import isnan
from typing import Any

from pii.cost import Cost, Standing
from pii.findings import Finding, Severity
from pii.framework import Framework
from pii.intake.files import InputFile
from pii.provinces import ProvinceList
from pii.report.states import States
from pii.submission import Submission

SCHEMA = "pii-check/1"
"""Fields may be added under the same number; one that changes its meaning raises it."""
MARK = f'{{\n"schema": "{SCHEMA[:-1]}'.encode()
"""How a file of ours begins."""

Costs = Mapping[tuple[str, str], Cost]


def check_json(
    *,
    engine: str,
    files: Sequence[InputFile],
    submissions: Sequence[Submission],
    findings: Sequence[Finding],
    framework: Framework,
    provinces: ProvinceList | None,
    states: States,
    costs: Costs | None = None,
) -> bytes:
    """Everything a check found, as one JSON object in UTF-8.

    costs : None where nobody asked what hangs on the values
    """
    whole: dict[str, Any] = {
        "schema": SCHEMA,
        "engine": engine,
        "edition": framework.id,
        "provinces_on": str(provinces.on) if provinces else None,
        "files": [{"name": f.name, "sha256": sha256(f.data).hexdigest()} for f in files],
        "counts": {s.value: sum(f.severity is s for f in findings) for s in Severity},
        "findings": [_finding(finding, costs) for finding in findings],
        "provinces": [_province(code, provinces, submissions, states) for code in states.provinces],
        "cells": _cells(submissions, states),
    }
    # No NaN is JSON; U+2028 and its like stay as they are, control characters are escaped.
    text = json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=0)
    return f"{text}\n".encode("utf-8", "replace")


def _finding(finding: Finding, costs: Costs | None) -> Mapping[str, Any]:
    said = {
        lang: dict(
            zip(("there", "expected", "remedy"), finding.parts(lang), strict=True),
            sentence=finding.sentence(lang),
        )
        for lang in ("vi", "en")
    }
    told: dict[str, Any] = {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "province": finding.province or None,
        "indicator": finding.indicator or None,
        "file": finding.place.file or None,
        "sheet": finding.place.sheet or None,
        "cell": finding.place.cell or None,
        "facts": dict(finding.facts),
        **said,
    }
    if costs is not None:
        cost = costs.get((finding.province, finding.indicator))
        told["cost"] = None if cost is None else _cost(cost)
    return told


def _cost(cost: Cost) -> Mapping[str, Any]:
    return {
        "given": None if cost.given is None else _standing(cost.given),
        "without": _standing(cost.without),
        "corrected": [_standing(one) for one in cost.corrected],
        "places": _figure(cost.places),
        "points": _figure(cost.points),
        "moved": cost.moved,
    }


def _standing(one: Standing) -> Mapping[str, Any]:
    return {
        "value": _figure(one.value),
        "score": _figure(one.score),
        "rank": _figure(one.rank),
        "moved": one.moved,
        "failed": one.failed or None,
    }


def _figure(x: float) -> float | int | None:
    if isnan(x):
        return None
    return int(x) if x.is_integer() and abs(x) < 1e15 else x


def _province(
    code: str, provinces: ProvinceList | None, submissions: Sequence[Submission], states: States
) -> Mapping[str, Any]:
    province = provinces.by_code.get(code) if provinces else None
    return {
        "code": code,
        "name_vi": province.name_vi if province else None,
        "name_en": province.name_en if province else None,
        "files": sorted({s.place.file for s in submissions if s.province == code}),
        **{f"{kind}s": count for kind, count in states.row(code).items()},
        "errors_of_the_whole": states.whole.get(code, 0),
    }


def _cells(submissions: Sequence[Submission], states: States) -> list[Mapping[str, Any]]:
    given = {
        (s.province, cell.indicator): cell for s in reversed(submissions) for cell in s.observations
    }
    cells: list[Mapping[str, Any]] = []
    for (province, indicator), state in states.of.items():
        cell = given.get((province, indicator))
        told: dict[str, Any] = {
            "province": province,
            "indicator": indicator,
            "state": state.name.lower(),
            "kind": state.kind,
        }
        if cell is not None:
            told |= {
                "status": cell.status.value,
                "value": _figure(cell.value),
                "text": cell.text,
                "data_year": cell.data_year,
                "file": cell.place.file or None,
                "sheet": cell.place.sheet or None,
                "cell": cell.place.cell or None,
            }
        cells.append(told)
    return cells
