"""Every output of a run as (name, bytes), in a stable order, whoever computes it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal

from pii.framework import Language
from pii.pipeline import Outcome
from pii.report import tables
from pii.report.charts import chart_files
from pii.report.quality import quality_table
from pii.report.workbook import results_workbook

Charts = Literal["all", "national", "none"]
Mapped = Callable[..., Iterable[Any]]


def report_files(
    outcome: Outcome,
    lang: Language,
    *,
    charts: Charts = "all",
    footnotes: Sequence[str] = (),
    mapped: Mapped = map,
) -> Iterator[tuple[str, bytes]]:
    """Tables, results.xlsx and charts; the bytes depend on nothing but the arguments.

    charts : "national" leaves out the profiles of single provinces
    mapped : how the profiles are drawn, as `map` does; the `map` of a process pool is quicker
    """
    frames = {
        "scores": tables.scores_table(outcome),
        "indicators": tables.indicators_table(outcome),
        "treatment": tables.treatment_table(outcome),
        "treated_points": tables.treated_points_table(outcome),
        "findings": tables.findings_table(outcome.findings, lang),
        **{name: made(outcome) for name, made in _asked_for(outcome).items()},
        "quality": quality_table(outcome),
    }
    for name, frame in frames.items():
        yield f"tables/{name}.csv", tables.csv_bytes(frame)
    yield "results.xlsx", results_workbook(outcome, lang, footnotes=footnotes)
    if charts != "none":
        drawn = mapped if charts == "all" else _nothing
        for name, data in chart_files(outcome, lang, mapped=drawn):
            yield f"charts/{name}", data


def _asked_for(outcome: Outcome) -> dict[str, Callable[[Outcome], Any]]:
    """The tables that only some methods have something to say in."""
    method = outcome.method
    asked = {
        "prepared": (
            tables.prepared_table,
            method.denomination or method.imputation.rule != "none",
        ),
        "screening": (tables.screening_table, method.screening.rule != "none"),
        "variables": (tables.variables_table, outcome.framework.variables),
        "weights": (tables.weights_table, method.weighting),
        "strengths": (tables.strengths_table, method.strengths.rule != "none"),
        "group_ranks": (tables.group_ranks_table, method.ties.within),
    }
    return {name: made for name, (made, wanted) in asked.items() if wanted}


def _nothing(*_: object) -> tuple[()]:
    return ()


def file_count(outcome: Outcome, charts: Charts) -> int:
    """How many files `report_files` gives, for a progress bar."""
    profiles = 2 * len(outcome.scores.provinces)
    return 7 + len(_asked_for(outcome)) + {"none": 0, "national": 4, "all": 4 + profiles}[charts]
