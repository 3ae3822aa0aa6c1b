"""The only writer. A run folder appears whole or not at all, and is never overwritten."""

import csv
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from io import StringIO
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from pii.checks.past import Past
from pii.errors import StoreError
from pii.framework import Framework, Language
from pii.intake.definition import edition_json, load_edition
from pii.intake.files import InputFile, input_files
from pii.intake.registry import PUBLISHED, published_scores, same_places
from pii.method import Method
from pii.preview.movement import Movement, movement
from pii.preview.reference import Reference, reference_of
from pii.provinces import ProvinceList
from pii.scoring import Inputs, gather, past_table, province_list, score

if TYPE_CHECKING:  # numpy, pandas and matplotlib are not wanted by whoever only reads a run
    from pii.pipeline import Outcome
    from pii.report.files import Charts

MANIFEST = "run.json"
AUDIT = "audit"
AUDIT_MANIFEST = f"{AUDIT}/audit.json"
SPREAD = f"{AUDIT}/spread.yaml"
PAGE_MARK = b'<meta name="generator" content="pii"'
EDITION = "inputs/edition.json"
FORMER_EDITION = "inputs/edition.yaml"  # of runs made before JSON was written, which is read faster
SUBMISSIONS = "inputs/submissions"
CENTRAL = "inputs/central"
OTHER_YEARS = "inputs/other-years"


@dataclass(frozen=True, slots=True)
class Options:
    """What the analyst chose when the run was made; enough to make it again."""

    lang: Language
    charts: "Charts"
    skip_invalid: bool
    accept: tuple[str, ...]
    compared_with: int | None


@dataclass(frozen=True, slots=True)
class RunManifest:
    """What went in, what came out, and with what: enough to repeat a run and to prove it.

    inputs, outputs : SHA-256 by path within the run folder
    """

    edition: str
    title: str
    label: str | None
    engine: str
    python: str
    packages: Mapping[str, str]
    written_at: str
    options: Options
    method: Mapping[str, Any]
    caveats: tuple[str, ...]
    provinces: int
    ranked: int
    left_out: tuple[str, ...]
    findings: Mapping[str, int]
    notes: tuple[str, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditManifest:
    """What was audited, how, and what came out: enough to repeat an audit and to prove it.

    run : SHA-256 of the run's own manifest
    outputs : SHA-256 by path within the run folder, the spread among them
    """

    run: str
    lang: Language
    seed: int
    draws: int
    engine: str
    python: str
    packages: Mapping[str, str]
    written_at: str
    outputs: Mapping[str, str] = field(default_factory=dict)


def fingerprint(data: bytes) -> str:
    """SHA-256 as hexadecimal text."""
    return sha256(data).hexdigest()


_NEW_FOLDER = "a run is never overwritten; name a new folder with --out"


@contextmanager
def appearing(folder: Path, remedy: str = _NEW_FOLDER) -> Iterator[Path]:
    """A folder to write in that takes its final name only when everything in it is written.

    remedy : what is said where it exists

    Raises
    ------
    StoreError
        Where the folder exists, or cannot be written.
    """
    target = Path(folder)
    if target.exists() or target.is_symlink():
        raise StoreError(f"{target} exists, and {remedy}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise StoreError(f"{target}: cannot be written ({error.strerror})") from None
    try:
        yield partial
        partial.chmod(0o777 & ~_umask())
        partial.rename(target)
    except OSError as error:
        raise StoreError(f"{target}: cannot be written ({error.strerror})") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _umask() -> int:
    """The permissions this user withholds; a folder made by `mkdtemp` withholds all others'."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_file(folder: Path, name: str, data: bytes) -> None:
    """Write one new file beneath a folder, and nowhere else: through no link, over no file."""
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or name.startswith("/") or "\\" in name or "\0" in name:
        raise StoreError(f"{name!r} is no name for a file in a run folder")
    path = folder
    for part in parts[:-1]:
        path = path / part
        if path.is_symlink():
            raise StoreError(f"{path} is a link, and nothing is written through one; remove it")
    path = folder.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "xb", opener=_no_link) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o666)


def write_run(
    folder: Path,
    manifest: RunManifest,
    outputs: Iterable[tuple[str, bytes]],
    inputs: Inputs,
    framework: Framework,
    method: Method,
) -> RunManifest:
    """Write a whole run folder: copies of the inputs, the outputs, and the manifest last."""
    kept = {
        EDITION: edition_json(framework, method),
        **{f"{SUBMISSIONS}/{file.name}": file.data for file in inputs.submissions},
        **{f"{CENTRAL}/{file.name}": file.data for file in inputs.central},
        **{f"{OTHER_YEARS}/{y}/{file.name}": file.data for y, file in inputs.other_years},
    }
    made: dict[str, str] = {}
    with appearing(folder) as partial:
        for name, data in kept.items():
            write_file(partial, name, data)
        for name, data in outputs:
            write_file(partial, name, data)
            made[name] = fingerprint(data)
        whole = {
            **asdict(manifest),
            "inputs": {name: fingerprint(data) for name, data in kept.items()},
            "outputs": made,
        }
        text = json.dumps(whole, ensure_ascii=False, indent=1)
        write_file(partial, MANIFEST, (text + "\n").encode())
    return read_manifest(folder)


def refuse_audited(folder: Path) -> None:
    """Raise `StoreError` where a run has an audit already; said before anything is computed."""
    if (Path(folder) / AUDIT).exists():
        raise StoreError(f"{Path(folder) / AUDIT} exists, and {_ONE_AUDIT}")


_ONE_AUDIT = "an audit is never overwritten; move it away, or audit a copy of the run"


def write_audit(
    folder: Path, manifest: AuditManifest, outputs: Iterable[tuple[str, bytes]]
) -> AuditManifest:
    """Write the audit of a run into its folder, whole or not at all, its manifest last.

    manifest : its `run` and `outputs` are filled in here
    outputs : (name within audit/, bytes), the spread among them
    """
    run = Path(folder) / MANIFEST
    made: dict[str, str] = {}
    with appearing(Path(folder) / AUDIT, _ONE_AUDIT) as partial:
        for name, data in outputs:
            write_file(partial, name, data)
            made[f"{AUDIT}/{name}"] = fingerprint(data)
        whole = replace(manifest, run=fingerprint(run.read_bytes()), outputs=made)
        text = json.dumps(asdict(whole), ensure_ascii=False, indent=1)
        write_file(partial, PurePosixPath(AUDIT_MANIFEST).name, (text + "\n").encode())
    return whole


def read_audit(folder: Path) -> AuditManifest | None:
    """The manifest of a run's audit; None where the run has none.

    Raises
    ------
    StoreError
        Where it cannot be read.
    """
    path = Path(folder) / AUDIT_MANIFEST
    if not path.exists():
        return None
    try:
        found = AuditManifest(**json.loads(path.read_text("utf-8")))
        if not isinstance(found.outputs, dict) or not isinstance(found.packages, dict):
            raise TypeError("outputs")
        return found
    except (OSError, ValueError, TypeError):
        raise StoreError(
            f"{path} cannot be read: it is damaged, or a newer pii wrote it; take the audit from "
            "its backup, or move it away and audit again"
        ) from None


def write_folder(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write a new folder of files, whole or not at all."""
    with appearing(folder) as partial:
        for name, data in files:
            write_file(partial, name, data)


def write_page(path: Path, data: bytes, mark: bytes = PAGE_MARK) -> None:
    """Write a file that people name themselves, over an older one of pii's own but nothing else.

    mark : what stands near the beginning of every such file
    """
    try:
        if path.is_symlink():
            raise StoreError(f"{path} is a link, and nothing is written through one; name a file")
        if path.exists():
            if not path.is_file() or mark not in path.read_bytes()[:2000]:
                raise StoreError(f"{path} exists and is not one that pii wrote; name another file")
            path.unlink()
        write_file(path.parent, path.name, data)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror})") from None


def write_new(path: Path, data: bytes) -> None:
    """Write one new file; nothing that exists is overwritten."""
    try:
        write_file(path.parent, path.name, data)
    except FileExistsError:
        raise StoreError(f"{path} exists; name a new file with --out") from None
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror})") from None


def read_manifest(folder: Path) -> RunManifest:
    """The manifest of a run folder.

    Raises
    ------
    StoreError
        Where it is no run folder, or its manifest cannot be read.
    """
    try:
        whole: dict[str, Any] = json.loads((Path(folder) / MANIFEST).read_text("utf-8"))
        options = {**whole["options"], "accept": tuple(whole["options"]["accept"])}
        lists = {key: tuple(part) for key, part in whole.items() if isinstance(part, list)}
        whole |= {**lists, "options": Options(**options)}
        for key in ("inputs", "outputs", "packages", "method", "findings"):
            if not isinstance(whole[key], dict):
                raise TypeError(key)
        return RunManifest(**whole)
    except OSError:
        raise StoreError(
            f"{folder} is no run folder: it has no {MANIFEST}; name a folder that `pii run` made"
        ) from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise StoreError(
            f"{folder}/{MANIFEST} cannot be read: it is damaged, or a newer pii wrote it"
        ) from None


def read_output(folder: Path, manifest: RunManifest, name: str) -> bytes:
    """One output of a run, refused where it is not what the run wrote."""
    return _proved(folder, name, manifest.outputs)


def _proved(folder: Path, name: str, recorded: Mapping[str, str]) -> bytes:
    try:
        data = (Path(folder) / name).read_bytes()
    except OSError:
        raise StoreError(f"{folder}: {name} is gone; take the run from its backup") from None
    if fingerprint(data) != recorded.get(name):
        raise StoreError(
            f"{folder}: {name} is not what the run wrote (its SHA-256 differs from {MANIFEST}); "
            "take the run from its backup, or run again"
        )
    return data


def altered_inputs(folder: Path, manifest: RunManifest) -> Iterator[str]:
    """Names of recorded inputs that are no longer there, or no longer what they were."""
    for name in manifest.inputs:
        try:
            _proved(folder, name, manifest.inputs)
        except StoreError:
            yield name


def read_inputs(folder: Path, manifest: RunManifest) -> Inputs:
    """The inputs that a run recorded, refused where one of them was changed."""
    parts: dict[str, list[InputFile]] = {SUBMISSIONS: [], CENTRAL: [], OTHER_YEARS: []}
    for name in manifest.inputs:
        data = _proved(folder, name, manifest.inputs)
        for part, files in parts.items():
            if name.startswith(f"{part}/"):
                files.append(InputFile(name.removeprefix(f"{part}/"), data))
    dated = [(file.name.partition("/"), file.data) for file in parts[OTHER_YEARS]]
    return Inputs(
        tuple(parts[SUBMISSIONS]),
        tuple(parts[CENTRAL]),
        accept=manifest.options.accept,
        other_years=tuple((int(year), InputFile(name, data)) for (year, _, name), data in dated),
    )


def read_edition(folder: Path, manifest: RunManifest) -> tuple[Framework, Method]:
    """Framework and method of a run, from the copy it keeps."""
    name = FORMER_EDITION if FORMER_EDITION in manifest.inputs else EDITION
    _proved(folder, name, manifest.inputs)
    return load_edition(Path(folder) / name)


def read_run(folder: str | Path) -> "Outcome":
    """The outcome of a run, computed again from the inputs it recorded."""
    manifest = read_manifest(Path(folder))
    framework, method = read_edition(Path(folder), manifest)
    provinces = province_list(framework)
    gathered = gather(read_inputs(Path(folder), manifest), framework, provinces)
    return score(gathered, framework, method, skip_invalid=manifest.options.skip_invalid)


def read_past(path: str | Path, framework: Framework, provinces: ProvinceList | None) -> Past:
    """The figures of an earlier year, from a run folder or a table, in this edition's codes.

    A run's indicators are found by their permanent ids, and left out where the unit was another;
    provinces that were merged since are left out.
    """
    if not Path(path).is_dir():
        return past_table(input_files([path])[0][0], framework, provinces)
    manifest = read_manifest(Path(path))
    then, _ = read_edition(Path(path), manifest)
    units = {one.id: one.unit_vi for one in then.indicators}
    codes = {one.id: one.code for one in framework.indicators if units.get(one.id) == one.unit_vi}
    old = province_list(then)
    places = same_places(old, provinces)
    table = read_output(Path(path), manifest, "tables/indicators.csv").decode("utf-8")
    values = {
        (places.get(row["province"], row["province"]), codes[row["id"]]): float(row["raw"])
        for row in csv.DictReader(StringIO(table))
        if row["raw"] and row["id"] in codes and (old is None or row["province"] in places)
    }
    if not values:
        raise StoreError(
            f"{path} has no figure to compare with: no indicator of the same id and unit, or no "
            "province that is still the same; name another run, or a table"
        )
    return Past(Path(path).name, values)


_ALWAYS = ("scores", "indicators", "treatment")


def read_reference(
    folder: str | Path, edition: tuple[Framework, Method] | None = None
) -> Reference:
    """What a run froze, for one province to be held against: nothing is computed again.

    edition : the run's own, where `read_edition` has given it already
    """
    manifest = read_manifest(Path(folder))
    framework, method = edition or read_edition(Path(folder), manifest)
    tables = {
        f"{name}_csv": read_output(Path(folder), manifest, f"tables/{name}.csv")
        for name in ("scores", "indicators", "treatment", "weights", "variables")
        if name in _ALWAYS or f"tables/{name}.csv" in manifest.outputs
    }
    return reference_of(
        framework,
        method,
        run=Path(folder).resolve().name,
        names=province_list(framework),
        left_out=manifest.left_out,
        movement=_published_movement(framework, method),
        **tables,
    )


def _published_movement(framework: Framework, method: Method) -> Movement | None:
    """How published scores of the index moved; None where the run's scores are of another kind."""
    rule = method.normalisation
    if framework.provinces_on is None or (rule.rule, rule.scale) != ("min-max", (0.0, 100.0)):
        return None
    return movement({str(year): published_scores(year) for year in PUBLISHED})


def differences(
    folder: Path, manifest: RunManifest, made: Iterable[tuple[str, bytes]]
) -> Iterator[tuple[str, str]]:
    """Outputs of a run that differ, on disk or from what is computed now: (name, what is wrong)."""
    yield from _compared(folder, manifest.outputs, made)
    audit = read_audit(folder)
    audited = {AUDIT_MANIFEST, *audit.outputs} if audit else set()
    on_disk = {
        path.relative_to(folder).as_posix() for path in Path(folder).rglob("*") if path.is_file()
    }
    for name in sorted(on_disk - {MANIFEST, *manifest.inputs, *manifest.outputs} - audited):
        yield name, "not part of the run"


def altered_spread(folder: Path, audit: AuditManifest) -> bool:
    """Whether the spread of an audit is no longer what it was: then nothing can be repeated."""
    try:
        _proved(folder, SPREAD, audit.outputs)
    except StoreError:
        return True
    return False


def audit_differences(
    folder: Path, audit: AuditManifest, made: Iterable[tuple[str, bytes]]
) -> Iterator[tuple[str, str]]:
    """Outputs of an audit that differ, on disk or from what is computed now.

    made : (name within audit/, bytes)
    """
    if fingerprint((Path(folder) / MANIFEST).read_bytes()) != audit.run:
        yield AUDIT_MANIFEST, f"made of another {MANIFEST}"
    yield from _compared(folder, audit.outputs, ((f"{AUDIT}/{name}", data) for name, data in made))


def _compared(
    folder: Path, recorded: Mapping[str, str], made: Iterable[tuple[str, bytes]]
) -> Iterator[tuple[str, str]]:
    again: set[str] = set()
    for name, data in made:
        again.add(name)
        if name not in recorded:
            yield name, "not recorded"
        elif fingerprint(data) != recorded[name]:
            yield name, "computed differently"
    for name in sorted(set(recorded) - again):
        yield name, "not made any more"
    for name in recorded:
        try:
            _proved(folder, name, recorded)
        except StoreError:
            yield name, "changed or gone on disk"
