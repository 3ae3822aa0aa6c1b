"""How good a province's data are, on the ministry's four words, 0–100 each.

.. math:: q = 100 \\left(1 - \\frac{1}{n} \\sum_{j=1}^{n} w_j\\right)

over the n indicators of the edition; :math:`w_j` is the weight of the worst finding of that word
that concerns the province's cell j: error 1, warning ½, note 0. A cell without a figure weighs 1
under *complete*, whoever supplies it: the index lacks it all the same. A finding about a group
concerns the cells beneath it; one about the submission as a whole, all its cells.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import nan

from pii.findings import Finding, Severity, Word
from pii.framework import Framework

WEIGHTS = {Severity.ERROR: 1.0, Severity.WARNING: 0.5, Severity.NOTE: 0.0}
HOLES = frozenset({"V101", "V108", "T107"})
"""The rules of a cell without a figure."""
NOT_IN = "P104"


@dataclass(frozen=True, slots=True)
class Quality:
    """One province's data: a share (0–100) per word; NaN where nothing came to be judged."""

    province: str
    scores: Mapping[Word, float]


def quality(
    findings: Iterable[Finding], provinces: Sequence[str], framework: Framework
) -> tuple[Quality, ...]:
    """The quality of each province's data, in the order of `provinces`.

    A province that has not submitted is 0 on *complete*, and has no score on the other words.
    """
    by_province: dict[str, list[Finding]] = {code: [] for code in provinces}
    for finding in findings:
        if finding.province in by_province:
            by_province[finding.province].append(finding)
    return tuple(_of(code, told, framework) for code, told in by_province.items())


def _of(province: str, findings: Sequence[Finding], framework: Framework) -> Quality:
    count = len(framework.codes)
    if any(finding.rule == NOT_IN for finding in findings):
        return Quality(province, {w: 0.0 if w is Word.COMPLETE else nan for w in Word})
    weights = {word: [0.0] * count for word in Word}
    for finding in findings:
        cells = weights[finding.word]
        weight = 1.0 if finding.rule in HOLES else WEIGHTS[finding.severity]
        for j in framework.leaves.get(finding.indicator, range(count)):
            cells[j] = max(cells[j], weight)
    return Quality(province, {w: 100 - 100 * sum(cells) / count for w, cells in weights.items()})
