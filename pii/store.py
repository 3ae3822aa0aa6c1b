"""The only writer. A run folder appears whole or not at all, and is never overwritten."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from pii.errors import StoreError
from pii.framework import Framework, Language
from pii.intake.definition import edition_bytes, load_edition
from pii.intake.files import InputFile
from pii.method import Method
from pii.pipeline import Outcome
from pii.preview.reference import Reference, reference_of
from pii.scoring import Inputs, gather, province_list, score

if TYPE_CHECKING:  # pandas and matplotlib are not wanted by whoever only reads a run
    from pii.report.files import Charts

MANIFEST = "run.json"
PAGE_MARK = b'<meta name="generator" content="pii"'
EDITION = "inputs/edition.yaml"
SUBMISSIONS = "inputs/submissions"
CENTRAL = "inputs/central"


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


def fingerprint(data: bytes) -> str:
    """SHA-256 as hexadecimal text."""
    return sha256(data).hexdigest()


@contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """A folder to write in that takes its final name only when everything in it is written.

    Raises
    ------
    StoreError
        Where the folder exists, or cannot be written.
    """
    target = Path(folder)
    if target.exists() or target.is_symlink():
        raise StoreError(
            f"{target} exists, and a run is never overwritten; name a new folder with --out"
        )
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
    """Write one file beneath a folder, and nowhere else."""
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or name.startswith("/") or "\\" in name:
        raise StoreError(f"{name!r} is no name for a file in a run folder")
    path = folder.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


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
        EDITION: edition_bytes(framework, method),
        **{f"{SUBMISSIONS}/{file.name}": file.data for file in inputs.submissions},
        **{f"{CENTRAL}/{file.name}": file.data for file in inputs.central},
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


def write_folder(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write a new folder of files, whole or not at all."""
    with appearing(folder) as partial:
        for name, data in files:
            write_file(partial, name, data)


def write_page(path: Path, data: bytes) -> None:
    """Write an HTML page, over an older page of pii's own but over nothing else."""
    try:
        if path.exists():
            if PAGE_MARK not in path.read_bytes()[:2000]:
                raise StoreError(f"{path} exists and is no page of pii; name another with --out")
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
    parts: dict[str, list[InputFile]] = {SUBMISSIONS: [], CENTRAL: []}
    for name in manifest.inputs:
        data = _proved(folder, name, manifest.inputs)
        for part, files in parts.items():
            if name.startswith(f"{part}/"):
                files.append(InputFile(name.removeprefix(f"{part}/"), data))
    return Inputs(tuple(parts[SUBMISSIONS]), tuple(parts[CENTRAL]), accept=manifest.options.accept)


def read_edition(folder: Path, manifest: RunManifest) -> tuple[Framework, Method]:
    """Framework and method of a run, from the copy it keeps."""
    _proved(folder, EDITION, manifest.inputs)
    return load_edition(Path(folder) / EDITION)


def read_run(folder: str | Path) -> Outcome:
    """The outcome of a run, computed again from the inputs it recorded."""
    manifest = read_manifest(Path(folder))
    framework, method = read_edition(Path(folder), manifest)
    provinces = province_list(framework)
    gathered = gather(read_inputs(Path(folder), manifest), framework, provinces)
    return score(gathered, framework, method, skip_invalid=manifest.options.skip_invalid)


def read_reference(folder: str | Path) -> Reference:
    """What a run froze, for one province to be held against: nothing is computed again."""
    manifest = read_manifest(Path(folder))
    framework, method = read_edition(Path(folder), manifest)
    tables = {
        f"{name}_csv": read_output(Path(folder), manifest, f"tables/{name}.csv")
        for name in ("scores", "indicators", "treatment")
    }
    return reference_of(
        framework,
        method,
        run=Path(folder).resolve().name,
        names=province_list(framework),
        left_out=manifest.left_out,
        **tables,
    )


def differences(
    folder: Path, manifest: RunManifest, made: Iterable[tuple[str, bytes]]
) -> Iterator[tuple[str, str]]:
    """Outputs of a run that differ, on disk or from what is computed now: (name, what is wrong)."""
    again: set[str] = set()
    for name, data in made:
        again.add(name)
        if name not in manifest.outputs:
            yield name, "not recorded"
        elif fingerprint(data) != manifest.outputs[name]:
            yield name, "computed differently"
    for name in sorted(set(manifest.outputs) - again):
        yield name, "not made any more"
    for name in manifest.outputs:
        try:
            _proved(folder, name, manifest.outputs)
        except StoreError:
            yield name, "changed or gone on disk"
    on_disk = {
        path.relative_to(folder).as_posix() for path in Path(folder).rglob("*") if path.is_file()
    }
    for name in sorted(on_disk - {MANIFEST, *manifest.inputs, *manifest.outputs}):
        yield name, "not part of the run"
