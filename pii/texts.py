"""What people wrote, made fit to be shown: it must steer no terminal, page or spreadsheet."""

_KEPT = "\u00a0\u202f"  # spaces that hold a figure together
SHOWN = 400
"""Characters of somebody else's text that a sentence quotes; the cell itself holds the rest."""


def plain(text: str) -> str:
    """Text without control characters, escape sequences, bidirectional or invisible marks."""
    return "".join(c if c.isprintable() or c in _KEPT else " " for c in text)


def quoted(text: str, most: int = SHOWN) -> str:
    """A plain text, cut with … where it is longer than a reader needs to know which is meant."""
    shown = plain(text[: most + 1])
    return shown if len(text) <= most else f"{shown[: most - 1]}…"
