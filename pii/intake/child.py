"""The process in which files are parsed: `python -m pii.intake.child`, under limits, by `workers`.

It reads frames from its standard input and answers each on its standard output; what a parser
does to it, it does to nobody else.
"""

import pickle
import sys
from struct import pack, unpack
from typing import IO

MEMORY = 1 << 30  # bytes of address space
SECONDS = 20  # of processor time, for one file


def limit_memory() -> None:
    """Hold this process to its memory, where the system can."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock is all there is
        return
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))


def limit_time() -> None:
    """Give this process so much more processor time, where the system can."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def received(stream: IO[bytes]) -> bytes | None:
    """The next frame, or None where the other side has ended."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    (length,) = unpack("<Q", head)
    body = stream.read(length)
    return body if len(body) == length else None


def send(stream: IO[bytes], body: bytes) -> None:
    """One frame."""
    stream.write(pack("<Q", len(body)) + body)
    stream.flush()


def without_extras() -> None:
    """Keep openpyxl from loading what it uses where it is installed, and reads no cell with."""
    for extra in ("numpy", "PIL"):
        sys.modules[extra] = None  # type: ignore[assignment]  # importing it is now an ImportError


def main() -> None:
    """Read files until there are no more."""
    without_extras()
    import openpyxl  # noqa: F401 - before the limits: what is loaded once counts for no file
    import python_calamine  # noqa: F401

    from pii.intake.files import read_file

    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    limit_memory()
    while (asked := received(sys.stdin.buffer)) is not None:
        limit_time()
        file, framework, accept = pickle.loads(asked)
        try:
            answer = read_file(file, framework, accept=accept, second=True)
        except (MemoryError, RecursionError):
            sys.exit(1)  # the parent says which file it was
        send(answers, pickle.dumps(answer))


if __name__ == "__main__":
    main()
