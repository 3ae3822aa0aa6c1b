"""Formulas behind values: which call a program, and which no longer give what is stored."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import fsum, isclose

from pii.intake.markup import Ref, ref_of

_STRING = re.compile(r'"[^"]*"')
_PROGRAM = re.compile(
    r"\||\b(RTD|CALL|REGISTER(\.ID)?|EXEC|SQL\.REQUEST|IMAGE|FILTERXML)\s*\(", re.IGNORECASE
)
_VOLATILE = re.compile(
    r"\b(NOW|TODAY|RAND|RANDBETWEEN|RANDARRAY|OFFSET|INDIRECT|CELL|INFO)\s*\(", re.IGNORECASE
)
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<range>\$?[A-Z]{1,3}\$?\d{1,7}:\$?[A-Z]{1,3}\$?\d{1,7})"
    r"|(?P<cell>\$?[A-Z]{1,3}\$?\d{1,7})(?![\w(!.])"
    r"|(?P<call>SUM|AVERAGE|MIN|MAX|ABS)\s*\("
    r"|(?P<mark>[-+*/^%(),]))",
    re.ASCII,
)
_MAX_LENGTH, _MAX_RANGE, _MAX_DEPTH = 500, 10_000, 50

Look = Callable[[Ref], float | None]


def calls_a_program(formula: str) -> bool:
    """Whether a formula asks another program (DDE, RTD, a library); links are V110's business."""
    return bool(_PROGRAM.search(_STRING.sub("", formula)))


def changes_by_itself(formula: str) -> bool:
    """Whether a formula gives something else each time the file is opened."""
    return bool(_VOLATILE.search(_STRING.sub("", formula)))


def recalculated(formula: str, look: Look) -> float | None:
    """What a simple formula gives now, or None where it is beyond this small reckoner.

    It knows numbers, cells and ranges of its own sheet, + - * / ^ %, brackets, SUM, AVERAGE, MIN,
    MAX and ABS. The cells it names count as they are stored, so nothing can go round in circles.

    look : the number in a cell, 0 where it is blank, None where it is no number.
    """
    if len(formula) > _MAX_LENGTH:
        return None
    try:
        return _Reckoner(tuple(_tokens(formula.removeprefix("="))), look).whole()
    except (_Beyond, ArithmeticError, ValueError):
        return None


def is_stale(stored: float, now: float | None) -> bool:
    """Whether a stored result differs from what the formula gives, beyond rounding."""
    return now is not None and not isclose(stored, now, rel_tol=1e-9, abs_tol=1e-12)


class _Beyond(Exception):  # noqa: N818
    """Not simple arithmetic."""


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if not match or not match.lastgroup:
            raise _Beyond
        yield match.lastgroup, match[match.lastgroup]
        at = match.end()


@dataclass(slots=True)
class _Reckoner:
    """Recursive descent over the tokens, in the order of precedence of spreadsheets."""

    tokens: Sequence[tuple[str, str]]
    look: Look
    at: int = 0
    depth: int = 0

    def whole(self) -> float:
        value = self._sum()
        if self.at != len(self.tokens):
            raise _Beyond
        return value

    def _next(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _take(self, mark: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at] == ("mark", mark):
            self.at += 1
            return True
        return False

    def _sum(self) -> float:
        value = self._product()
        while self._next() in ("+", "-"):
            value = value + self._product() if self._take("+") else self._minus(value)
        return value

    def _minus(self, value: float) -> float:
        self._take("-")
        return value - self._product()

    def _product(self) -> float:
        value = self._power()
        while self._next() in ("*", "/"):
            if self._take("*"):
                value *= self._power()
            else:
                self._take("/")
                value /= self._power()
        return value

    def _power(self) -> float:
        value = self._signed()
        while self._take("^"):
            value = value ** self._signed()
            if isinstance(value, complex):
                raise _Beyond
        return value

    def _signed(self) -> float:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise _Beyond
        if self._take("-"):
            value = -self._signed()
        elif self._take("+"):
            value = self._signed()
        else:
            value = self._atom()
            while self._take("%"):
                value /= 100
        self.depth -= 1
        return value

    def _atom(self) -> float:
        if self.at >= len(self.tokens):
            raise _Beyond
        kind, text = self.tokens[self.at]
        self.at += 1
        match kind:
            case "number":
                return float(text)
            case "cell":
                return self._seen(ref_of(text))
            case "call":
                return self._call(text)
        if text != "(":
            raise _Beyond
        value = self._sum()
        if not self._take(")"):
            raise _Beyond
        return value

    def _seen(self, ref: Ref) -> float:
        value = self.look(ref)
        if value is None:
            raise _Beyond
        return value

    def _call(self, name: str) -> float:
        values: list[float] = []
        while True:
            if self.at < len(self.tokens) and self.tokens[self.at][0] == "range":
                if name not in ("SUM",):  # the others pass over blanks: not so simple
                    raise _Beyond
                values += self._range(self.tokens[self.at][1])
                self.at += 1
            else:
                values.append(self._sum())
            if self._take(")"):
                break
            if not self._take(","):
                raise _Beyond
        match name:
            case "SUM":
                return fsum(values)
            case "AVERAGE":
                return fsum(values) / len(values)
            case "ABS" if len(values) == 1:
                return abs(values[0])
            case "MIN" | "MAX":
                return min(values) if name == "MIN" else max(values)
        raise _Beyond

    def _range(self, text: str) -> Iterator[float]:
        one, other = map(ref_of, text.split(":"))  # two corners, in whatever order
        (top, low), (left, right) = map(sorted, zip(one, other, strict=True))
        if (low - top + 1) * (right - left + 1) > _MAX_RANGE:
            raise _Beyond
        for row in range(top, low + 1):
            for column in range(left, right + 1):
                yield self._seen((row, column))
