"""Files read in child processes, two at a time: a file that ends its process loses only itself."""

import atexit
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue
from threading import Timer
from typing import TYPE_CHECKING

from pii.intake.child import received, send

if TYPE_CHECKING:  # so that `start` comes before everything that takes time to load
    from pii.findings import Finding
    from pii.framework import Framework
    from pii.intake.files import InputFile
    from pii.submission import Submission

    Read = tuple[tuple[Submission, ...], tuple[Finding, ...]]

ROOT = str(Path(__file__).parents[2])
WORKERS = 2
PATIENCE = 60.0  # seconds for one file, whatever the machine is busy with


def start(most: int = WORKERS) -> None:
    """Start the children ahead of `read_files`: they get ready while this process does.

    most : how many are needed, one for a single file
    """
    for worker in _team()[:most] if _has_processes() else ():
        worker.running()


def read_files(
    files: "Sequence[InputFile]", framework: "Framework", *, accept: tuple[str, ...] = ()
) -> "Iterator[Read]":
    """Submissions and first findings of each file, in their order.

    Each is parsed in a child process under limits of time and memory, by two readers that must
    agree. Where a system has no processes (a browser), this one parses, with one reader.
    """
    if not _has_processes():
        from pii.intake.files import read_file

        yield from (read_file(file, framework, accept=accept) for file in files)
        return
    from concurrent.futures import ThreadPoolExecutor

    idle: SimpleQueue[_Worker] = SimpleQueue()
    team = _team()
    for worker in team:
        idle.put(worker)

    def read(file: "InputFile") -> "Read":
        worker = idle.get()
        try:
            return worker.read(file, framework, accept)
        finally:
            idle.put(worker)

    with ThreadPoolExecutor(len(team)) as pool:
        yield from pool.map(read, files)


def _has_processes() -> bool:
    return sys.platform not in ("emscripten", "wasi") and bool(sys.executable)


class _Worker:
    """One child process, started when it is first needed and again after each that was lost."""

    def __init__(self) -> None:
        self.child: subprocess.Popen[bytes] | None = None

    def read(self, file: "InputFile", framework: "Framework", accept: tuple[str, ...]) -> "Read":
        child = self.running()
        late: list[bool] = []
        clock = Timer(PATIENCE, _end(child, late))
        clock.daemon = True
        clock.start()
        try:
            assert child.stdin and child.stdout
            send(child.stdin, pickle.dumps((file, framework, accept)))
            answer = received(child.stdout)
        except OSError:  # it ended while it was being asked
            answer = None
        finally:
            clock.cancel()
        if answer is not None:
            read: Read = pickle.loads(answer)
            return read
        self.stop()
        return (), (_lost(file.name, bool(late)),)

    def running(self) -> "subprocess.Popen[bytes]":
        """The child, which may still be getting ready."""
        if self.child is None or self.child.poll() is not None:
            self.stop()
            # -P: nothing beside the files that are checked is ever imported. -S: what `site` would
            # put on the path again stands on it already, and pii itself too.
            path = (*filter(None, sys.path), ROOT)
            self.child = subprocess.Popen(
                [sys.executable, "-P", "-S", "-m", "pii.intake.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path)},
            )
        return self.child

    def stop(self) -> None:
        if self.child is not None:
            self.child.kill()
            self.child.wait()
            for pipe in (self.child.stdin, self.child.stdout):
                if pipe:
                    try:
                        pipe.close()
                    except OSError:
                        continue
            self.child = None


def _end(child: "subprocess.Popen[bytes]", late: list[bool]) -> Callable[[], None]:
    def end() -> None:
        late.append(True)
        child.kill()

    return end


def _lost(name: str, late: bool) -> "Finding":
    from pii.findings import Finding
    from pii.submission import Place

    why = (
        ("đọc quá lâu", "reading it takes too long")
        if late
        else (
            "trình đọc dừng đột ngột hoặc hết bộ nhớ",
            "the reader broke down or ran out of memory",
        )
    )
    return Finding("F125", Place(name), facts={"why_vi": why[0], "why_en": why[1]})


_TEAMS: dict[int, tuple[_Worker, ...]] = {}  # by process: a fork must not share its parent's pipes


def _team() -> tuple[_Worker, ...]:
    """The workers of this process, kept for the next call: starting one costs more than a file."""
    if os.getpid() not in _TEAMS:
        _TEAMS.clear()
        _TEAMS[os.getpid()] = tuple(_Worker() for _ in range(WORKERS))
        atexit.register(_dismiss, os.getpid())
    return _TEAMS[os.getpid()]


def _dismiss(pid: int) -> None:
    for worker in _TEAMS.get(pid, ()) if pid == os.getpid() else ():
        worker.stop()
