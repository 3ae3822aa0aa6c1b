"""What the offline page asks of Python: read a workbook, check it, score it, try other values.

Runs inside the browser on bare Python (no numpy, no network), from the same modules that the
server runs. Everything goes in and out as bytes and JSON text.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isnan
from typing import Any

from pii.checks import checked
from pii.errors import RefusedError
from pii.findings import Finding
from pii.framework import Language
from pii.intake.workbook import read_workbook
from pii.preview.estimate import Preview, Row, preview
from pii.preview.one import Frozen
from pii.preview.reference import Reference
from pii.preview.whatif import WhatIf, what_if
from pii.records import from_json
from pii.report.numbers import printed
from pii.report.terminal import ranked, signed, upper
from pii.submission import Submission


@dataclass(frozen=True, slots=True)
class Reading:
    """One workbook as the page shows it; `submission` is None where nothing could be read."""

    reference: Reference
    file: str
    submission: Submission | None
    findings: tuple[Finding, ...]

    def report(self, lang: Language) -> str:
        """JSON: `main`, the page's HTML, and `levers`, a slider for each indicator; or `faults`."""
        if self.submission is None:
            return _json({"faults": [finding.sentence(lang) for finding in self.findings]})
        from pii.report.page import preview_main

        result = preview(self.submission, self.reference)
        return _json(
            {
                "main": preview_main(result, self.findings, lang, file=self.file),
                "standing": _standing(result, lang),
                "levers": list(_levers(result, self.reference, lang)),
            }
        )

    def try_values(self, values: str, lang: Language) -> str:
        """JSON of what would be with other values, given as JSON by code; or `problem`."""
        if self.submission is None:
            return _json({"problem": ""})
        try:
            found = what_if(self.submission, self.reference, json.loads(values))
        except RefusedError as error:
            return _json({"problem": error.vi if lang == "vi" else str(error)})
        return _json(
            {
                **_standing(found.after, lang),
                "change": signed(_index(found.after) - _index(found.before), 2, lang),
                "passed": _passed(found, lang),
                "scores": {
                    row.indicator.code: printed(row.score, 2, lang) for row in found.after.rows
                },
            }
        )


def opened(reference: str) -> Reference:
    """The frozen run that the page was made with."""
    return from_json(Reference, reference)


def warm() -> None:
    """Load what the first file will need, so that the page is ready before it."""
    import openpyxl  # noqa: F401

    import pii.report.page  # noqa: F401


def read(reference: Reference, data: bytes | memoryview, file: str) -> Reading:
    """A workbook read and checked; its faults are findings, never exceptions."""
    submission, faults = read_workbook(bytes(data), file, reference.framework)
    if submission is None:
        return Reading(reference, file, None, faults)
    understood, more = checked((submission,), reference.framework, reference.names, whole=False)
    return Reading(reference, file, next(iter(understood), None), (*faults, *more))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _index(result: Preview) -> float:
    return result.standing(result.reference.framework.index).score


def _standing(result: Preview, lang: Language) -> Mapping[str, Any]:
    reference = result.reference
    return {
        "score": printed(_index(result), 2, lang),
        "rank": ranked(result, reference.framework.index, lang),
        "groups": [
            (group.code, group.name(lang), printed(result.standing(group.code).score, 2, lang))
            for group in upper(result)
        ],
    }


def _passed(found: WhatIf, lang: Language) -> Mapping[str, list[str]]:
    name = found.after.reference.name
    return {
        "overtaken": [name(code, lang) for code in found.overtaken],
        "lost_to": [name(code, lang) for code in found.lost_to],
    }


def _levers(result: Preview, reference: Reference, lang: Language) -> Iterator[Mapping[str, Any]]:
    for row, frozen in zip(result.rows, reference.frozen, strict=True):
        low, high = span(row, frozen)
        if isnan(low) or isnan(high):
            continue
        yield {
            "code": row.indicator.code,
            "name": row.indicator.name(lang),
            "unit": row.indicator.unit(lang),
            "own": row.indicator.supplier == "province",
            "value": None if isnan(row.value) else row.value,
            "low": low,
            "high": high,
            "score": printed(row.score, 2, lang),
        }


def span(row: Row, frozen: Frozen) -> tuple[float, float]:
    """From the lowest to the highest value that moves the score, in the indicator's unit."""
    if frozen.form == "none":
        low, high = sorted((frozen.worst, frozen.best))
    else:
        low, high = frozen.low, frozen.high
    least, most = row.indicator.bounds
    return (
        low if least is None else max(low, least),
        high if most is None else min(high, most),
    )
