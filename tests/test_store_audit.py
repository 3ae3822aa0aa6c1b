"""The audit in a run folder: whole or not at all, never over another, proved by verify."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pii.cli import main
from pii.errors import StoreError
from pii.store import (
    AuditManifest,
    audit_differences,
    fingerprint,
    read_audit,
    refuse_audited,
    write_audit,
)

OPEN = Path(__file__).parents[1] / "data/open-2022"
GIVEN = AuditManifest("", "vi", 1, 100, "pii", "3", {"numpy": "2"}, "2026")
FILES = [("spread.yaml", b"weights: {}\n"), ("tables/ranks.csv", b"a,b\n")]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    (tmp_path / "run").mkdir()
    (tmp_path / "run/run.json").write_text("{}", "utf-8")
    return tmp_path / "run"


def test_an_audit_is_written_with_all_that_proves_it(run: Path) -> None:
    written = write_audit(run, GIVEN, FILES)
    assert read_audit(run) == written
    assert written.run == fingerprint(b"{}")
    assert written.outputs["audit/tables/ranks.csv"] == fingerprint(b"a,b\n")
    assert list(audit_differences(run, written, FILES)) == []


def test_an_audit_that_breaks_off_leaves_the_run_as_it_was(run: Path) -> None:
    def files() -> object:
        yield FILES[0]
        raise KeyboardInterrupt("on purpose")

    with pytest.raises(KeyboardInterrupt, match="on purpose"):
        write_audit(run, GIVEN, files())  # type: ignore[arg-type]
    assert [path.name for path in run.iterdir()] == ["run.json"]
    assert read_audit(run) is None


def test_an_audit_is_never_overwritten(run: Path) -> None:
    write_audit(run, GIVEN, FILES)
    with pytest.raises(StoreError, match="an audit is never overwritten; move it away"):
        write_audit(run, GIVEN, FILES)
    with pytest.raises(StoreError, match="an audit is never overwritten; move it away"):
        refuse_audited(run)


def test_what_was_changed_is_named(run: Path) -> None:
    written = write_audit(run, GIVEN, FILES)
    (run / "audit/tables/ranks.csv").write_bytes(b"a,c\n")
    assert list(audit_differences(run, written, FILES)) == [
        ("audit/tables/ranks.csv", "changed or gone on disk")
    ]
    (run / "audit/tables/ranks.csv").write_bytes(b"a,b\n")
    (run / "run.json").write_text("{ }", "utf-8")
    assert list(audit_differences(run, written, FILES)) == [
        ("audit/audit.json", "made of another run.json")
    ]


@pytest.mark.parametrize("text", ["{", "[]", '{"run": "x"}'])
def test_a_damaged_manifest_is_said_to_be(run: Path, text: str) -> None:
    write_audit(run, GIVEN, FILES)
    (run / "audit/audit.json").write_text(text, "utf-8")
    with pytest.raises(StoreError, match=r"audit\.json cannot be read: it is damaged"):
        read_audit(run)


def test_audit_then_verify_then_a_change(tmp_path: Path) -> None:
    lines = (OPEN / "figures.csv").read_text("utf-8").splitlines(keepends=True)
    kept = {"01", "04", "31", "48", "79", "92", "74", "56"}
    some = tmp_path / "some.csv"
    some.write_text(
        "".join([lines[0], *(x for x in lines[1:] if x.split(",")[1] in kept)]), "utf-8"
    )
    folder = tmp_path / "run"

    def pii(*arguments: object) -> tuple[int, str]:
        done = CliRunner().invoke(main, [str(one) for one in arguments])
        return done.exit_code, done.output

    edition = ("--framework", OPEN / "edition.yaml", "--charts", "none", "--lang", "en")
    assert pii("run", some, *edition, "--out", folder)[0] == 0
    code, said = pii("audit", folder, "--seed", 1, "--draws", 200, "--lang", "en")
    assert code == 0, said
    assert "audit.html" in said
    manifest = json.loads((folder / "audit/audit.json").read_text("utf-8"))
    assert (manifest["seed"], manifest["draws"], manifest["lang"]) == (1, 200, "en")
    assert {"audit/audit.xlsx", "audit/spread.yaml"} <= manifest["outputs"].keys()
    code, said = pii("verify", folder, "--lang", "en")
    assert (code, "Proved: all" in said) == (0, True), said
    code, said = pii("audit", folder, "--seed", 2, "--lang", "en")
    assert code == 2 and "an audit is never overwritten" in said
    page = folder / "audit/audit.html"
    page.write_bytes(page.read_bytes().replace(b"99", b"98", 1) + b" ")
    code, said = pii("verify", folder, "--lang", "en")
    assert code == 1 and "audit/audit.html: changed or gone on disk" in said
    (folder / "audit/spread.yaml").write_text("choices: {}\n", "utf-8")
    code, said = pii("verify", folder, "--lang", "en")
    assert code == 1 and "audit/spread.yaml: changed or gone on disk" in said
