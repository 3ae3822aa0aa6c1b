"""What the charts read from an outcome: names, words, scores, order."""

import unicodedata
from collections.abc import Sequence
from math import fsum, inf, isnan, nan

import numpy as np

from pii.framework import Language
from pii.pipeline import Outcome
from pii.texts import quoted

LONGEST = 300
"""Characters of one text on a chart."""


def say(lang: Language, vi: str, en: str) -> str:
    """The one of two texts that is in the language."""
    return vi if lang == "vi" else en


def clean(text: str) -> str:
    """Composed letters, one short line, nothing that cannot be printed or stand in XML."""
    return " ".join(quoted(unicodedata.normalize("NFC", text[: LONGEST + 1]), LONGEST).split())


def node_name(outcome: Outcome, node: str, lang: Language) -> str:
    """Name of a group or indicator, fit to print."""
    return clean(outcome.framework.name(node, lang))


def province_name(outcome: Outcome, row: int, lang: Language) -> str:
    """Name of the province in a row, fit to print."""
    return clean(outcome.name(outcome.scores.provinces[row], lang))


def units(outcome: Outcome, lang: Language) -> str:
    """How many provinces there are; "units" where the edition names no provinces."""
    return f"{len(outcome.provinces or outcome.scores.provinces)} {units_word(outcome, lang)}"


def units_word(outcome: Outcome, lang: Language) -> str:
    """What is ranked, in the plural."""
    if outcome.provinces is None:
        return say(lang, "đơn vị", "units")
    return say(lang, "tỉnh, thành phố", "provinces")


def not_published(lang: Language) -> str:
    """What stands where there is no score."""
    return say(lang, "chưa công bố", "not published")


def mean_word(outcome: Outcome, lang: Language) -> str:
    """What the mean of all is called."""
    if outcome.provinces is None:
        return say(lang, "trung bình chung", "mean of all")
    return say(lang, "trung bình cả nước", "national mean")


def absent(outcome: Outcome, lang: Language) -> list[str]:
    """A sentence naming the provinces that count but were not scored at all, if there are any."""
    names = [
        clean(province.name(lang))
        for province in outcome.provinces or ()
        if province.code not in outcome.scores.provinces
    ]
    return listed(say(lang, "Không có trong lần tính này", "Not in this run"), names)


def listed(head: str, names: Sequence[str]) -> list[str]:
    """A sentence, or none where there is nobody to name."""
    return [f"{head} ({len(names)}): {', '.join(names)}."] if names else []


def score_of(outcome: Outcome, row: int, node: str) -> float:
    """Score of a row in a node; NaN if none."""
    return float(outcome.scores.score[row, outcome.scores.column(node)])


def mean_and_best(outcome: Outcome, node: str) -> tuple[float, float]:
    """Plain mean and highest score of a node over the provinces that have one; NaN if none."""
    column = outcome.scores.score[:, outcome.scores.column(node)]
    known = column[~np.isnan(column)]
    return (fsum(known) / len(known), float(known.max())) if len(known) else (nan, nan)


def rank_order(outcome: Outcome) -> list[int]:
    """Rows by rank in the index, then by code; those without an index last."""
    rank = outcome.scores.rank[:, outcome.scores.column(outcome.framework.index)]
    return sorted(range(len(rank)), key=lambda row: (inf if isnan(rank[row]) else rank[row], row))


def ranked(outcome: Outcome) -> list[int]:
    """Rows that have an index, in rank order."""
    index = outcome.framework.index
    return [row for row in rank_order(outcome) if not isnan(score_of(outcome, row, index))]


def subindices(outcome: Outcome) -> tuple[str, ...]:
    """Groups of the level `subindex`, if the framework has it."""
    return tuple(group.code for group in outcome.framework.at_level("subindex"))


def pillars_of(outcome: Outcome) -> tuple[str, ...]:
    """Groups of the level `pillar`; in a framework without that level, what makes up the index."""
    framework = outcome.framework
    pillars = tuple(group.code for group in framework.at_level("pillar"))
    return pillars or framework.children[framework.index]
