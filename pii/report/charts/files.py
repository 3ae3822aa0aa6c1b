"""All charts as (file name, bytes), and what the files are called."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from matplotlib.figure import Figure

from pii.framework import Language
from pii.pipeline import Outcome
from pii.report.charts.heatmap import pillar_heatmap
from pii.report.charts.page import png_bytes, svg_bytes
from pii.report.charts.profile import pillar_profile
from pii.report.charts.ranking import ranking_chart


def chart_files(
    outcome: Outcome,
    lang: Language,
    *,
    mapped: Callable[..., Iterable[list[tuple[str, bytes]]]] = map,
) -> Iterator[tuple[str, bytes]]:
    """All charts as (file name, bytes), in the same order every time.

    mapped : how profiles are drawn, as `map` does; pass `executor.map` of a process pool, with
        `partial(executor.map, chunksize=8)`, to share them among processes.
    """
    yield from _both("ranking", ranking_chart(outcome, lang))
    yield from _both("pillars", pillar_heatmap(outcome, lang))
    one = partial(profile_files, outcome, lang=lang)
    for files in mapped(one, outcome.scores.provinces):
        yield from files


def profile_files(outcome: Outcome, province: str, lang: Language) -> list[tuple[str, bytes]]:
    """Profile of one province as (file name, bytes), SVG and PNG; may run in another process.

    Raises
    ------
    DataError
        Where the outcome has no such province.
    """
    figure = pillar_profile(outcome, province, lang)
    return _both(f"profiles/{profile_names(outcome)[province]}", figure)


def profile_names(outcome: Outcome) -> Mapping[str, str]:
    """For each province a file name without extension: ASCII, safe on any system, unique.

    A code stays as it is, in lower case; a name becomes a slug ("Côte d'Ivoire": cote-d-ivoire).
    """
    names: dict[str, str] = {}
    for province in outcome.scores.provinces:
        slug = stem = _slug(province)
        number = 1
        while slug in names.values():
            number += 1
            slug = f"{stem}-{number}"
        names[province] = slug
    return names


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in kept).split()
    slug = "-".join(words)[:60].strip("-") or "unit"
    # Names that Windows keeps for its devices.
    devices = {"con", "prn", "aux", "nul", *(f"{d}{k}" for d in ("com", "lpt") for k in range(10))}
    return f"{slug}-unit" if slug in devices else slug


def _both(stem: str, figure: Figure) -> list[tuple[str, bytes]]:
    return [(f"{stem}.svg", svg_bytes(figure)), (f"{stem}.png", png_bytes(figure))]
