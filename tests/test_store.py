"""The only writer: whole or not at all, never over anything, nowhere else."""

import os
from pathlib import Path

import pytest

from pii.errors import StoreError
from pii.store import (
    appearing,
    differences,
    fingerprint,
    read_manifest,
    write_file,
    write_folder,
    write_page,
)


def test_a_folder_appears_whole(tmp_path: Path) -> None:
    write_folder(tmp_path / "run", [("a.txt", b"1"), ("deep/er/b.txt", b"2")])
    assert (tmp_path / "run/deep/er/b.txt").read_bytes() == b"2"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.skipif(os.name == "nt", reason="permissions are another matter on Windows")
def test_it_is_as_open_as_the_user_s_other_folders(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_folder(tmp_path / "run", [("a.txt", b"1")])
    finally:
        os.umask(before)
    assert (tmp_path / "run").stat().st_mode & 0o777 == 0o750


def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def files() -> object:
        yield "a.txt", b"1"
        raise KeyboardInterrupt("on purpose")

    with pytest.raises(KeyboardInterrupt, match="on purpose"):
        write_folder(tmp_path / "run", files())  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["folder", "file", "link to nowhere"])
def test_nothing_is_overwritten(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "run"
    if kind == "folder":
        target.mkdir()
    elif kind == "file":
        target.write_text("mine", "utf-8")
    else:
        target.symlink_to(tmp_path / "nowhere")
    with pytest.raises(StoreError, match="never overwritten"), appearing(target):
        pass


@pytest.mark.parametrize("name", ["../out.txt", "a/../../b", "/etc/x", "a\\b", ""])
def test_nothing_is_written_elsewhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(StoreError, match="is no name for a file in a run folder"):
        write_file(tmp_path, name, b"x")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    outside, run = tmp_path / "outside", tmp_path / "run"
    outside.mkdir()
    run.mkdir()
    (outside / "mine.txt").write_text("mine", "utf-8")
    (run / "tables").symlink_to(outside)
    (run / "page.html").symlink_to(outside / "mine.txt")
    (run / "new.html").symlink_to(outside / "not there yet.html")
    with pytest.raises(StoreError, match="tables is a link"):
        write_file(run, "tables/a.csv", b"x")
    with pytest.raises(FileExistsError, match=r"page\.html"):
        write_file(run, "page.html", b"x")
    for name in ("page.html", "new.html"):
        with pytest.raises(StoreError, match="is a link, and nothing is written through one"):
            write_page(run / name, b'<meta name="generator" content="pii">')
    assert [path.name for path in outside.iterdir()] == ["mine.txt"]
    assert (outside / "mine.txt").read_text("utf-8") == "mine"


def test_a_file_is_written_once(tmp_path: Path) -> None:
    write_file(tmp_path, "a.txt", b"1")
    with pytest.raises(FileExistsError, match=r"a\.txt"):
        write_file(tmp_path, "a.txt", b"2")


def test_a_page_replaces_only_a_page_of_ours(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    ours = b'<html><meta name="generator" content="pii"></html>'
    write_page(page, ours)
    write_page(page, ours + b"2")
    assert page.read_bytes().endswith(b"2")
    page.write_bytes(b"<html>other</html>")
    with pytest.raises(StoreError, match="is not one that pii wrote"):
        write_page(page, ours)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "is no run folder"),
        ("{", "damaged, or a newer pii"),
        ("[]", "damaged, or a newer pii"),
        ('{"options": {"accept": []}, "inputs": []}', "damaged, or a newer pii"),
    ],
)
def test_a_manifest_that_cannot_be_read(tmp_path: Path, text: str | None, said: str) -> None:
    if text is not None:
        (tmp_path / "run.json").write_text(text, "utf-8")
    with pytest.raises(StoreError, match=said):
        read_manifest(tmp_path)


def test_an_output_that_is_not_made_any_more_is_named(tmp_path: Path) -> None:
    class Manifest:
        inputs: dict[str, str] = {}  # noqa: RUF012
        outputs = {"old.csv": fingerprint(b"1"), "kept.csv": fingerprint(b"2")}  # noqa: RUF012

    (tmp_path / "old.csv").write_bytes(b"1")
    (tmp_path / "kept.csv").write_bytes(b"2")
    found = list(differences(tmp_path, Manifest(), [("kept.csv", b"2"), ("new.csv", b"3")]))  # type: ignore[arg-type]
    assert found == [("new.csv", "not recorded"), ("old.csv", "not made any more")]
