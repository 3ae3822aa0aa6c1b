"""Child processes: what a parser does to one, it does to nobody else."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pii.errors import DataError
from pii.findings import Finding
from pii.intake import workers
from pii.intake.book import opened
from pii.intake.files import InputFile, input_files, refuse_name
from pii.intake.second import disagreement
from pii.intake.workers import read_files
from tests.corpus import container, entries, framework, good, inside

FILES = [InputFile(f"{i}.xlsx", good()) for i in range(5)]


def test_files_come_back_in_their_order() -> None:
    files = [*FILES, InputFile("x.xlsx", b"%PDF")]
    read = list(read_files(files, framework()))
    assert [s[0].place.file for s, _ in read[:5]] == [f.name for f in FILES]
    assert [f.rule for f in read[5][1]] == ["F108"]


def test_children_are_kept_for_the_next_call() -> None:
    list(read_files(FILES[:1], framework()))
    before = [w.child.pid for w in workers._team() if w.child]
    list(read_files(FILES[:1], framework()))
    assert [w.child.pid for w in workers._team() if w.child][: len(before)] == before


def test_a_child_that_was_started_ahead_is_the_one_that_reads() -> None:
    for worker in workers._team():
        worker.stop()
    workers.start(1)
    first, second = workers._team()
    assert first.child and second.child is None
    before = first.child.pid
    ((submissions, _),) = read_files(FILES[:1], framework())
    assert len(submissions) == 1 and first.child.pid == before and second.child is None


def test_where_there_are_no_processes_none_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_has_processes", lambda: False)
    monkeypatch.setattr(workers, "_team", lambda: pytest.fail("a child was asked for"))
    workers.start()


def test_a_child_finds_pii_where_this_process_did(monkeypatch: pytest.MonkeyPatch) -> None:
    """An editable installation may stand in no folder of the path."""
    path = [one for one in sys.path if not (Path(one) / "pii/__init__.py").is_file()]
    monkeypatch.setattr(sys, "path", path)
    worker = workers._Worker()
    try:
        submissions, findings = worker.read(FILES[0], framework(), ())
    finally:
        worker.stop()
    assert (len(submissions), findings) == (1, ())


def test_a_child_loads_only_what_reads_cells() -> None:
    """Of what openpyxl would load where it is installed, nothing: it costs time and memory."""
    code = (
        "import sys; from pii.intake import child; child.main(); "
        "loaded = [name for name, one in sys.modules.items() if one]; "
        "print(*(name for name in ('openpyxl', 'numpy', 'PIL', 'pandas') if name in loaded))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=b"", capture_output=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stderr.split() == [b"openpyxl"]  # where the child's prints go


def test_a_child_that_died_costs_its_file_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second file ends the process that reads it, as calamine can by a panic in Rust."""
    send = workers.send

    def deadly(stream: object, body: bytes) -> None:
        # not a frame the child understands: it ends with an exception
        send(stream, b"x" if b"1.xlsx" in body else body)  # type: ignore[arg-type]

    monkeypatch.setattr(workers, "send", deadly)
    read = list(read_files(FILES, framework()))
    assert [[f.rule for f in findings] for _, findings in read] == [[], ["F125"], [], [], []]
    assert "broke down" in read[1][1][0].sentence("en")


def test_a_child_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    list(read_files(FILES[:1], framework()))  # so that starting up does not count
    monkeypatch.setattr(workers, "PATIENCE", 0.2)
    monkeypatch.setattr(workers, "send", lambda *_: None)  # it is never asked, so never answers
    ((submissions, findings),) = read_files(FILES[:1], framework())
    assert submissions == ()
    assert [f.rule for f in findings] == ["F125"]
    assert "takes too long" in findings[0].sentence("en")


def test_where_there_are_no_processes_one_reader_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_has_processes", lambda: False)
    monkeypatch.setattr(workers, "_team", lambda: pytest.fail("a child was asked for"))
    ((submissions, findings),) = read_files(FILES[:1], framework())
    assert (len(submissions), findings) == (1, ())


def test_two_readers_that_disagree_are_said_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A calamine that reads 12.5 as 99: the cell is named and the file refused."""

    def other(data: bytes, cells: dict[str, dict[tuple[int, int], object]]) -> object:
        title, row, column = next(
            (title, row, column)
            for title, sheet in cells.items()
            for (row, column), cell in sheet.items()
            if cell.value == 12.5  # type: ignore[attr-defined]
        )
        cells[title][row, column].value = 99  # type: ignore[attr-defined]
        return disagreement(data, cells)

    monkeypatch.setattr("pii.intake.book.disagreement", other)
    refused = opened(good(), "x.xlsx", second=True)
    assert isinstance(refused, Finding)
    assert (refused.rule, refused.place.sheet, refused.place.cell[0]) == ("F124", "Chỉ số", "G")


def test_the_two_readers_agree_on_the_known_differences() -> None:
    for body, kind in (("<v>#DIV/0!</v>", "e"), ("<v>1</v>", "b"), ("<v>0</v>", "b"),
                       ("<v></v>", "str"), ("<v>9007199254740993</v>", "n"),
                       ("<is><t> x  y </t></is>", "inlineStr"), ("<v>2024-05-01</v>", "d"),
                       ("<is><r><t>a</t></r><r><t>b</t></r></is>", "inlineStr")):  # fmt: skip
        book = opened(inside("1.1.1", body, kind), "x.xlsx", second=True)
        assert not isinstance(book, Finding), (body, book)


# ------------------------------------------------------------------------- links and folders ------


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no links and pipes on this system")
def test_a_link_or_pipe_is_never_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_bytes(good())
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "link.xlsx").symlink_to(secret)
    (folder / "loop.xlsx").symlink_to(folder / "loop.xlsx")
    (folder / "elsewhere").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(folder / "pipe.xlsx")
    files, passed = input_files([folder])
    assert {file.name: file.data for file in files} == dict.fromkeys(
        ("link.xlsx", "loop.xlsx", "pipe.xlsx"), b""
    )
    assert passed == ("elsewhere",)
    read = read_files(files, framework())
    assert [[f.rule for f in findings] for _, findings in read] == [["F101"]] * 3
    ((named,), _) = input_files([folder / "link.xlsx"])
    assert named.data == b""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no links on this system")
def test_a_folder_that_is_named_by_a_link_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "in", target_is_directory=True)
    with pytest.raises(DataError, match=r"is a link to a folder.*name the folder itself: .*in"):
        input_files([tmp_path / "link"])


def test_a_folder_that_cannot_be_listed_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").mkdir()
    listed = Path.iterdir

    def closed(folder: Path) -> Iterator[Path]:
        if folder.name == "closed":
            raise PermissionError(13, "Permission denied")
        return listed(folder)

    monkeypatch.setattr(Path, "iterdir", closed)
    with pytest.raises(DataError, match=r"closed: cannot be listed \(Permission denied\)"):
        input_files([tmp_path])


@pytest.mark.parametrize("name", ["a\udcff.xlsx", "a\u202excod.xlsx", "a\u2028.xlsx"])
def test_a_name_that_cannot_be_shown_or_kept_is_refused(name: str) -> None:
    with pytest.raises(DataError, match="cannot be a file name on every system; rename"):
        refuse_name(name, ())


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / "a.xlsx").open("wb") as file:
        file.truncate(1 << 34)
    ((read,), _) = input_files([tmp_path])
    assert len(read.data) == (8 << 20) + 1
    assert read_one(read) == ["F102"]


def read_one(file: InputFile) -> list[str]:
    ((_, findings),) = read_files([file], framework())
    return [finding.rule for finding in findings]


def test_a_name_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file or folder"):
        input_files([tmp_path / "x.xlsx"])


def test_equal_bytes_however_they_are_packed() -> None:
    again = container(entries())
    assert again != good()
    one, other = read_files([InputFile("a", good()), InputFile("a", again)], framework())
    assert repr(one) == repr(other)
