"""Which files are submissions, and which reader each needs."""

import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pii.errors import DataError
from pii.findings import Finding
from pii.framework import Framework
from pii.intake.archive import MAX_FILE
from pii.intake.book import LARGE, opened
from pii.intake.guard import text_refusal
from pii.intake.layout import HIDDEN, VALUES
from pii.intake.tables import read_table
from pii.intake.workbook import read_book
from pii.submission import Submission

SHEETS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
TABLES = (".csv", ".tsv")


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file as it was read: its name within the input, and its bytes."""

    name: str
    data: bytes


def input_files(paths: Sequence[str | Path]) -> tuple[tuple[InputFile, ...], tuple[str, ...]]:
    """The files to read, in name order, and the names of those passed over.

    A folder gives the spreadsheets beneath it, and passes over hidden files and the lock files
    (~$…) of an open Excel; a file that is named itself is always read.

    Raises
    ------
    DataError
        Where a path does not exist, or two files would carry one name.
    """
    files: dict[str, InputFile] = {}
    passed: list[str] = []
    for path in map(Path, paths):
        if not os.path.lexists(path):
            raise DataError(f"{path}: no such file or folder; check the name")
        if path.is_symlink() and path.is_dir():
            raise DataError(f"{path} is a link to a folder, and links are not followed; name the "
                            f"folder itself: {path.resolve()}")  # fmt: skip
        for name, file in _beneath(path):
            if path.is_dir() and not _is_sheet(file):
                passed.append(name)
                continue
            refuse_name(name, files)
            files[name] = InputFile(name, _bytes(file))
    return tuple(files[name] for name in sorted(files)), tuple(sorted(passed))


_NO_NAME = re.compile(
    r'[<>:"|?*\\\x00-\x1f]|[. ](/|$)|(^|/)(con|prn|aux|nul|com\d|lpt\d)(\.|/|$)', re.IGNORECASE
)
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")  # Cs: bytes that are no UTF-8


def refuse_name(name: str, others: Iterable[str]) -> None:
    """Raise `DataError` for a name that a run folder could not keep on every system."""
    if _NO_NAME.search(name) or any(unicodedata.category(c) in _UNSEEN for c in name):
        raise DataError(f"{name!r} cannot be a file name on every system; rename the file")
    if _bare(name) in {_bare(other) for other in others}:
        raise DataError(f"two input files are named {name} (case aside); rename one of them")


def _bare(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _bytes(file: Path) -> bytes:
    """What a file holds, to one byte beyond what is read; nothing where it is no regular file.

    A link is never followed: it could lead anywhere on this machine.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        if not stat.S_ISREG(file.lstat().st_mode):
            return b""
        with open(file, "rb", opener=lambda name, _: os.open(name, flags | _BINARY)) as opened_file:
            if not stat.S_ISREG(os.fstat(opened_file.fileno()).st_mode):
                return b""
            return opened_file.read(MAX_FILE + 1)
    except OSError as error:
        raise DataError(f"{file}: cannot be read ({error.strerror}); is it open?") from None


_BINARY = getattr(os, "O_BINARY", 0)


def _beneath(path: Path) -> Iterator[tuple[str, Path]]:
    if not path.is_dir() or path.is_symlink():
        yield path.name, path
        return
    for file in _all_in(path):
        name = file.relative_to(path).as_posix()
        if not _is_folder(file) and not any(part.startswith(".") for part in name.split("/")):
            yield name, file


def _all_in(folder: Path) -> Iterator[Path]:
    """Everything beneath a folder; links to folders are not followed.

    A folder that cannot be listed stops the reading: what lies in it would be missed in silence.
    """
    waiting = [folder]
    while waiting:
        at = waiting.pop()
        try:
            entries = list(at.iterdir())
        except OSError as error:
            raise DataError(f"{at}: cannot be listed ({error.strerror}); allow it") from None
        yield from entries
        waiting += [one for one in entries if _is_folder(one) and not one.name.startswith(".")]


def _is_folder(file: Path) -> bool:
    return stat.S_ISDIR(file.lstat().st_mode)


def _is_sheet(file: Path) -> bool:
    return file.suffix.lower() in (*SHEETS, *TABLES) and not file.name.startswith("~$")


def read_file(
    file: InputFile, framework: Framework, *, accept: tuple[str, ...] = (), second: bool = False
) -> tuple[tuple[Submission, ...], tuple[Finding, ...]]:
    """Submissions and first findings of one file: a filled template, or a table.

    Safe, but not proof against a parser that ends its process: `workers.read_files` is.

    second : whether a second reader must agree on every cell (`book.opened`).
    """
    # What provinces send is held to the size of a template; researchers bring whole indices.
    size = 1 if framework.provinces_on else LARGE
    if file.name.lower().endswith(TABLES) and not file.data.startswith(b"PK"):
        refused = text_refusal(file.data, file.name, size)
        return ((), (refused,)) if refused else read_table(file.data, file.name, framework)
    book = opened(file.data, file.name, second=second, size=size)
    if isinstance(book, Finding):
        return (), (book,)
    if not (book.titles_like(HIDDEN) or book.titles_like(VALUES)):
        return read_table(book, file.name, framework)
    submission, findings = read_book(book, framework, accept)
    return ((submission,) if submission else ()), findings
