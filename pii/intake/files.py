"""Which files are submissions, and which reader each needs."""

import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from pii.errors import DataError
from pii.findings import Finding
from pii.framework import Framework
from pii.intake.layout import HIDDEN, VALUES
from pii.intake.tables import read_table
from pii.intake.workbook import read_workbook
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
        if not path.exists():
            raise DataError(f"{path}: no such file or folder; check the name")
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


def refuse_name(name: str, others: Iterable[str]) -> None:
    """Raise `DataError` for a name that a run folder could not keep on every system."""
    if _NO_NAME.search(name):
        raise DataError(f"{name!r} cannot be a file name on every system; rename the file")
    if _bare(name) in {_bare(other) for other in others}:
        raise DataError(f"two input files are named {name} (case aside); rename one of them")


def _bare(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise DataError(f"{file}: cannot be read ({error.strerror}); is it open?") from None


def _beneath(path: Path) -> Iterator[tuple[str, Path]]:
    if path.is_file():
        yield path.name, path
        return
    for file in path.rglob("*"):
        name = file.relative_to(path).as_posix()
        if file.is_file() and not any(part.startswith(".") for part in name.split("/")):
            yield name, file


def _is_sheet(file: Path) -> bool:
    return file.suffix.lower() in (*SHEETS, *TABLES) and not file.name.startswith("~$")


def read_file(
    file: InputFile, framework: Framework, *, accept: tuple[str, ...] = ()
) -> tuple[tuple[Submission, ...], tuple[Finding, ...]]:
    """Submissions and first findings of one file: a filled template, or a table."""
    if file.name.lower().endswith(TABLES) or _is_plain_workbook(file.data):
        return read_table(file.data, file.name, framework)
    submission, findings = read_workbook(file.data, file.name, framework, accept=accept)
    return ((submission,) if submission else ()), findings


def _is_plain_workbook(data: bytes) -> bool:
    """Whether it is a workbook with neither of the template's sheets: then it can be a table."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            sheets = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    except (zipfile.BadZipFile, KeyError, OSError):
        return False
    return not any(f'name="{name}"' in sheets for name in (HIDDEN, VALUES))
