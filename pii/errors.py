"""What stops the engine at once: our own fault, or a configuration that makes no sense.

A province's mistake is never one of these; it is a `pii.findings.Finding`.
"""


class PiiError(Exception):
    """A sentence for the user: what is there, what was expected, what to do."""


class DefinitionError(PiiError):
    """An edition, framework or method that cannot be used as written.

    `at` leads to the entry at fault: ("nodes", code, key) or ("method", key, …); the reader of
    edition files turns it into line and column.
    """

    def __init__(self, message: str, at: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.at = at


class DataError(PiiError):
    """A matrix that cannot be scored under this method, naming the columns."""


class RefusedError(DataError):
    """What a province officer asked for and cannot be, said in both languages."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.vi = vi


class StoreError(PiiError):
    """A run folder that cannot be written or read."""
