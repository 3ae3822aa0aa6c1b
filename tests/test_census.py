"""Every cell is counted once, and the three counts add up."""

from dataclasses import replace

import pytest

from pii.census import Census, State, cell_states, census
from pii.checks import checked
from pii.errors import DataError
from pii.findings import Finding
from pii.intake.files import InputFile
from pii.scoring import Inputs, gather
from pii.submission import HOLES, Kind, Observation, Place, Status, Submission, stated_hole
from tests.small import small_framework, small_list

FRAMEWORK = small_framework()
TABLE = (
    "province,1.1.1,1.1.2,1.2.1,2.1.1,2.1.2\n"
    "01,1,2,3,4,5\n"
    "04,1,,n/a,x,5\n"
)  # fmt: skip


def read(text: str, provinces: tuple[str, ...] = ("01", "04", "31")) -> Census:
    files = (InputFile("t.csv", text.encode()),)
    return gather(Inputs(files), FRAMEWORK, small_list(provinces)).cells


def test_values_holes_and_errors() -> None:
    # 01: five values; 04: two values, two holes, one error; 31: five holes
    assert read(TABLE) == Census(15, 7, 7, 1)


def test_a_province_that_came_twice_is_all_errors() -> None:
    assert read(TABLE + "04,1,2,3,4,5\n") == Census(15, 5, 5, 5)


def test_a_value_with_an_error_is_an_error() -> None:
    submission = Submission(
        "01",
        Place("f"),
        tuple(
            Observation("01", c, Place("f", "", c), Kind.NUMBER, "1", 1.0, Status.VALUE)
            for c in FRAMEWORK.codes
        ),
    )
    wrong = Finding("C102", Place("f"), "01", "1.1.1", {"code": "1.1.1", "count": "2", "cells": ""})
    states = cell_states([submission], [wrong], FRAMEWORK, None)
    assert states["01", "1.1.1"] is State.ERROR
    assert census(states, FRAMEWORK) == Census(5, 4, 0, 1)


def test_a_lost_cell_stops_the_run() -> None:
    understood, _ = checked(
        [Submission("01", Place("f"), ())], FRAMEWORK, small_list(("01",)), whole=False
    )
    short = replace(understood[0], observations=understood[0].observations[:-1])
    states = cell_states([short], (), FRAMEWORK, small_list(("01",)))
    with pytest.raises(DataError, match="0 values, 4 holes and 0 errors are not the 5 cells"):
        census(states, FRAMEWORK)


def test_every_status_is_counted() -> None:
    assert {*HOLES, Status.VALUE, Status.UNREADABLE} == set(Status)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("n/a", Status.NOT_APPLICABLE),
        (" N/A ", Status.NOT_APPLICABLE),
        ("không áp dụng", Status.NOT_APPLICABLE),
        ("-", Status.DASH),
        ("–", Status.DASH),
        ("…", Status.NO_FIGURE),
        ("không có số liệu", Status.NO_FIGURE),
        ("Không có", Status.NONE_THERE),
        ("không\u00a0có", Status.NONE_THERE),
        ("kh\u00f4ng c\u006f\u0301", Status.NONE_THERE),
        ("Chưa có số liệu.", Status.NOT_YET),
        ("(chưa có)", Status.NOT_YET),
        ("đã rút", Status.WITHDRAWN),
        ("không có thay đổi", None),
        ("12", None),
        ("", None),
        ("0", None),
    ],
)
def test_stated_holes(text: str, status: Status | None) -> None:
    assert stated_hole(text) is status


def test_a_file_that_was_refused_came_all_the_same() -> None:
    """Its cells are errors and no holes, and nobody says that its province did not submit."""
    cut = InputFile("31-hai-phong.xlsx", b"PK\x03\x04 cut short")
    files = (cut, InputFile("t.csv", TABLE.encode()))
    gathered = gather(Inputs(files), FRAMEWORK, small_list(("01", "04", "31")), whole=True)
    assert gathered.cells == Census(15, 7, 2, 6)
    assert [f.rule for f in gathered.findings if f.rule in ("F109", "P104")] == ["F109"]
