"""Numbers as people type them."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pii.decimals import Ambiguous, as_typed, in_words, read_decimal


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        ("-12", "-12"),
        ("+12", "12"),
        ("\u221212,5", "-12.5"),  # the minus sign of word processors
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        (" 12,5 ", "12.5"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234.567,8", "1234567.8"),
        ("-1.234,5", "-1234.5"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234,5", "1234.5"),
        ("1\u202f234\u2009567", "1234567"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("-0,125", "-0.125"),
        ("1234,567", "1234.567"),  # four digits are no group
        ("12,3456", "12.3456"),
        ("1.2345", "1.2345"),
        ("007", "7"),
        ("100000000000000000000,25", "100000000000000000000.25"),
    ],
)
def test_a_number(text: str, number: str) -> None:
    assert read_decimal(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["", " ", "abc", "12%", "12 tỷ", "1,234,56", "1.23.456", "1234.567,8", "12,", "1.234,", ".5",
     "1e5", "1,2,3", "1-2", "(5)", "1.234.5678", "0x10", "NaN", "inf", "1,234.56.7", ",", "-",
     "--1"],
)  # fmt: skip
def test_no_number(text: str) -> None:
    assert read_decimal(text) is None


@pytest.mark.parametrize("text", ["9" * 400, "9" + ".999" * 200, "-" + "9" * 400 + ",5"])
def test_what_no_spreadsheet_holds_as_a_number_is_none(text: str) -> None:
    assert read_decimal(text) is None


@pytest.mark.parametrize(
    ("text", "thousands", "fraction"),
    [
        ("1.234", "1234", "1.234"),
        ("1,234", "1234", "1.234"),
        ("-12.500", "-12500", "-12.500"),
        ("+999,000", "999000", "999"),
        (" 1.234", "1234", "1.234"),
    ],
)
def test_two_meanings_are_asked_back(text: str, thousands: str, fraction: str) -> None:
    assert read_decimal(text) == Ambiguous(Decimal(thousands), Decimal(fraction))


@pytest.mark.parametrize(
    ("number", "vi", "en"),
    [
        ("1234.5", "1.234,5", "1,234.5"),
        ("0.5", "0,5", "0.5"),
        ("-1234567", "-1.234.567", "-1,234,567"),
        ("100", "100", "100"),
        ("1E+3", "1.000", "1,000"),
        ("0.00", "0", "0"),
        ("-0.0", "0", "0"),
        ("2.50", "2,5", "2.5"),
        ("1E-7", "0,0000001", "0.0000001"),
    ],
)
def test_in_words(number: str, vi: str, en: str) -> None:
    assert (in_words(Decimal(number), "vi"), in_words(Decimal(number), "en")) == (vi, en)


def test_in_words_rounds_nothing() -> None:
    assert in_words(Decimal("12345678901234567890123456789.5"), "en").endswith("789.5")


def test_a_float_in_words_is_what_it_was_typed_as() -> None:
    assert in_words(0.1, "en") == "0.1"
    assert in_words(84.1406, "vi") == "84,1406"
    assert in_words(5, "vi") == "5"


@pytest.mark.parametrize(
    ("number", "vi", "en"),
    [("1.234", "1,2340", "1.2340"), ("1234", "1234", "1234"), ("12.5", "12,5", "12.5")],
)
def test_as_typed(number: str, vi: str, en: str) -> None:
    assert (as_typed(Decimal(number), "vi"), as_typed(Decimal(number), "en")) == (vi, en)


decimals = st.decimals(
    min_value=-(10**12), max_value=10**12, places=4, allow_nan=False, allow_infinity=False
) | st.decimals(min_value=-999, max_value=999, places=3, allow_nan=False, allow_infinity=False)


@given(decimals, st.sampled_from(["vi", "en"]))
def test_what_we_tell_to_type_is_read_back(number: Decimal, lang: str) -> None:
    assert read_decimal(as_typed(number, lang)) == number


@given(decimals, st.sampled_from(["vi", "en"]))
def test_what_we_write_is_read_back_or_asked_back(number: Decimal, lang: str) -> None:
    back = read_decimal(in_words(number, lang))
    if isinstance(back, Ambiguous):
        assert number in (back.thousands, back.fraction)
    else:
        assert back == number


@given(decimals)
def test_both_notations_mean_the_same(number: Decimal) -> None:
    vi, en = f"{number:,f}".translate(str.maketrans(",.", ".,")), f"{number:,f}"
    assert read_decimal(vi) == read_decimal(en)
    assume(abs(number) >= 1000)
    assert read_decimal(vi) == number  # with both marks there is one meaning only


@given(st.text(alphabet="0123456789.,-+ \u00a0\u2212aE%", max_size=12))
def test_no_text_stops_the_reader(text: str) -> None:
    back = read_decimal(text)
    if isinstance(back, Ambiguous):
        assert back.thousands == back.fraction * 1000
    elif back is not None:
        assert back.is_finite()
        digits = "".join(c for c in text if c.isdigit())
        assert "".join(map(str, back.as_tuple().digits)).strip("0") in digits
