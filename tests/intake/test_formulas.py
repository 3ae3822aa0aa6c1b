"""The small reckoner, against results worked out by hand and against Python."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pii.intake.book import is_disguised
from pii.intake.formulas import calls_a_program, changes_by_itself, is_stale, recalculated

CELLS: dict[tuple[int, int], float | None] = {(1, 1): 2.0, (2, 1): 3.0, (1, 2): None}


def now(formula: str) -> float | None:
    return recalculated(formula, lambda at: CELLS.get(at, 0.0))


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("=1+1", 2),
        ("=2+3*4", 14),
        ("=(2+3)*4", 20),
        ("=7-2-1", 4),
        ("=8/4/2", 1),
        ("=-2^2", 4),  # as spreadsheets do: the sign binds before the power
        ("=2^-1", 0.5),
        ("=2^3^2", 64),  # from the left
        ("=50%", 0.5),
        ("=200*5%", 10),
        ("=A1*A2", 6),
        ("=$A$1+A$2", 5),
        ("=Z99+1", 1),  # a blank counts as nothing
        ("=SUM(A1:A9)", 5),
        ("=SUM(A1,A2,4)", 9),
        ("=SUM(A1:A2)/2", 2.5),
        ("=AVERAGE(2,4)", 3),
        ("=MIN(A1,A2)", 2),
        ("=MAX(1,2,3)", 3),
        ("=ABS(-3)", 3),
        ("= 1 + 1 ", 2),
        ("=1.5E2", 150),
    ],
)
def test_a_simple_formula(formula: str, result: float) -> None:
    assert now(formula) == pytest.approx(result, rel=1e-15)


@pytest.mark.parametrize(
    "formula",
    ["=1/0", "=A1+", "=(1", "=1)", "=ROUND(1,2)", "=B1", "=Sheet2!A1", '="a"', "=A1:A2", "", "=",
     "=AVERAGE(A1:A9)", "=SUM(A1:XFD1048576)", "=IF(1,2,3)", "=A1&A2", "=A1=A2", "=TRUE",
     "=10^999", "=(-8)^0.5", "=" + "(" * 400 + "1" + ")" * 400, "=" + "-" * 400 + "1",
     "=" + "1+" * 400 + "1", "=ABS(1,2)", "=A0", "=SUM()", "=[1]A!A1", "=#REF!"],
)  # fmt: skip
def test_what_is_beyond_it(formula: str) -> None:
    assert now(formula) is None


@given(st.lists(st.integers(-999, 999), min_size=1, max_size=8))
def test_sums_of_whole_numbers(numbers: list[int]) -> None:
    assert now("=" + "+".join(map(str, numbers)).replace("+-", "-")) == sum(numbers)


@given(st.text(max_size=60))
def test_any_text_gives_a_number_or_nothing(text: str) -> None:
    assert isinstance(now(f"={text}"), float | None)


def test_stale() -> None:
    assert is_stale(99.0, 2.0)
    assert not is_stale(2.0, 2.0)
    assert not is_stale(0.3, 0.1 + 0.2)
    assert not is_stale(99.0, None)


@pytest.mark.parametrize(
    ("formula", "calls", "changes"),
    [
        ("=cmd|'/c calc'!A0", True, False),
        ('=RTD("x","","y")', True, False),
        ('="a|b"', False, False),
        ("=1+1", False, False),
        ("=RAND()", False, True),
        ("=today()+1", False, True),
        ("=BRAND(1)", False, False),
        ('="NOW("', False, False),
    ],
)
def test_what_a_formula_does(formula: str, calls: bool, changes: bool) -> None:
    assert calls_a_program(formula) == calls
    assert changes_by_itself(formula) == changes


def test_a_range_is_named_by_any_two_corners() -> None:
    cells = {(1, 1): 1.0, (1, 2): 2.0, (2, 1): 4.0, (2, 2): 8.0}
    for named in ("A1:B2", "B2:A1", "A2:B1", "B1:A2"):
        assert recalculated(f"=SUM({named})", cells.get) == 15.0


def test_a_range_of_millions_of_rows_is_left_alone_whatever_its_corners() -> None:
    for named in ("B2:PA5555555", "PA2:B5555555"):
        assert recalculated(f"=SUM({named})", lambda _: 1.0) is None


@pytest.mark.parametrize(
    ("value", "number_format"),
    [
        (47.83, ";;;"),
        (47.83, '"không có"'),
        (47.83, '[>40]"không có";0.0'),
        (47.83, '"1"0.00'),
        (47.83, "\\10.00"),
        (47, '0"000"'),
        (-5, "0.0;"),
    ],
)
def test_a_format_that_hides_or_changes_a_number(value: float, number_format: str) -> None:
    assert is_disguised(value, number_format)


@pytest.mark.parametrize(
    ("value", "number_format"),
    [
        (47.83, "General"),
        (47.83, "@"),
        (47.83, "0.00"),
        (47.83, "#,##0.00"),
        (0, '#,##0;-#,##0;"-"'),
        (0, ";;;"),
        (47.83, '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)'),
        (-47.83, '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)'),
        (47.83, '0.0" m2"'),
        (47.83, '0.0" tỷ đồng (giá 2010)"'),
        (47.83, "[Red]0.0;[Blue]-0.0"),
        (47.83, '0.0"%"'),
        (47.83, "0.00E+00"),
        (0.5, "# ?/?"),
    ],
)
def test_a_format_that_shows_the_number(value: float, number_format: str) -> None:
    assert not is_disguised(value, number_format)
