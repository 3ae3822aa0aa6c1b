"""Scores of the indicators under one method: for one matrix, or for many at once."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from pii.audit.batch import FailedDrawError
from pii.audit.cells import FlatColumnError, Limits, between_extremes, standardised, treated
from pii.errors import DataError
from pii.framework import Framework
from pii.matrix import Array, Matrix
from pii.method import Method
from pii.pipeline import goalposts, normalise, treat
from pii.steps.treat import LOG

Mask = npt.NDArray[np.bool_]

BELOW_THE_TREE = ("treatment", "normalisation", "goalposts")
"""The choices that decide the scores of indicators; all others act above them."""


def powers(method: Method, framework: Framework) -> Mapping[str, float]:
    """The power of each level's mean."""
    return {group.level: method.power[group.level] for group in framework.groups}


def scores_of(values: Array, matrix: Matrix, framework: Framework, method: Method) -> Array:
    """Scores of the indicators, (provinces, indicators, draws), NaN where missing.

    values : of the same shape; what is missing in the matrix is missing in every draw

    Raises
    ------
    FailedDrawError
        Where a draw cannot be scored.
    """
    missing = np.isnan(matrix.values)
    limits = _limits(method)
    if limits is None or method.normalisation.rule not in ("none", "min-max", "z-score"):
        return _one_by_one(values, matrix, framework, method)
    fixed = np.full((2, len(framework.codes)), np.nan)
    for j, code in enumerate(framework.codes):
        if (posts := method.goalposts.get(code)) is not None:
            fixed[:, j] = posts.worst, posts.best
    x = values.copy()
    if limits != NONE:
        treated(x, missing, ~np.isnan(fixed[0]), limits)
    higher = np.array([indicator.direction == "higher" for indicator in framework.indicators])
    rule = method.normalisation
    try:
        if rule.rule == "min-max":
            return between_extremes(x, missing, higher, (fixed[0], fixed[1]), rule.scale)
        if rule.rule == "z-score":
            return standardised(x, missing, higher, rule.mean, rule.sd)
        return x
    except FlatColumnError as flat:
        code = framework.codes[flat.indicator]
        raise FailedDrawError(
            f"{code}: every province has the same value, so provinces cannot be told apart",
            flat.draw,
        ) from None


NONE = Limits(np.inf, np.inf, 0.0, None)


def _limits(method: Method) -> Limits | None:
    """The treatment, where many matrices can be treated at once; None where not."""
    rule = method.treatment
    if rule.rule == "none":
        return NONE
    return Limits(rule.skewness, rule.kurtosis, rule.points, LOG)


def _one_by_one(values: Array, matrix: Matrix, framework: Framework, method: Method) -> Array:
    scores = np.empty_like(values)
    for draw in range(values.shape[2]):
        one = replace(matrix, values=np.ascontiguousarray(values[:, :, draw]))
        try:
            done = treat(one, framework, method)
            worst, best = goalposts(done, framework, method)
            scores[:, :, draw] = normalise(done.values, worst, best, framework, method)
        except DataError as error:
            raise FailedDrawError(str(error), draw) from None
    return scores
