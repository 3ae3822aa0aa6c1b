"""Scores of the indicators under one method: for one matrix, or for many at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pii.audit.batch import FailedDrawError
from pii.audit.cells import FlatColumnError, Limits, between_extremes, standardised, treated
from pii.errors import DataError
from pii.framework import Framework
from pii.matrix import Array, Matrix
from pii.method import Method, Treatment
from pii.steps.treat import LOG, LOG_CT, LOG_CT_ORIG, Transform
from pii.values import goalposts, normalised_scores, prepare, treat

Mask = npt.NDArray[np.bool_]

BELOW_THE_TREE = (
    "screening", "denomination", "imputation", "treatment", "treatment_of", "normalisation",
    "normalisation_of", "goalposts",
)  # fmt: skip
"""The choices that decide the scores of indicators; all others act above them."""

_NOTHING = Limits(np.inf, np.inf, 0.0, None)
_OTHERWISE: Mapping[str, Transform | None] = {
    "none": None, "log": LOG, "log-ct": LOG_CT, "log-ct-orig": LOG_CT_ORIG,
}  # fmt: skip


def powers(method: Method, framework: Framework) -> Mapping[str, float] | None:
    """The power of each level's mean; None where a level is no power mean of given weights."""
    levels = {group.level for group in framework.groups}
    if any(
        method.aggregation[level].rule != "power" or method.weighted_by(level).rule != "given"
        for level in levels
    ):
        return None
    return {level: method.aggregation[level].power for level in levels}


@dataclass(frozen=True, slots=True)
class Indicators:
    """How scores of indicators come from values.

    missing : (provinces, indicators), no score in any draw
    counted : which scores count for coverage
    """

    matrix: Matrix
    framework: Framework
    method: Method
    missing: Mask
    counted: Mask

    def scores(self, x: Array) -> Array:
        """(provinces, indicators, draws), NaN where missing; `x`, the values, is changed.

        Raises
        ------
        FailedDrawError
            Where a draw cannot be scored.
        """
        method, rule = self.method, self.method.normalisation
        limits = _limits(method.treatment)
        own = method.denomination or method.treatment_of or method.normalisation_of
        if (
            limits is None
            or own
            or method.imputation.rule != "none"
            or rule.constant is not None
            or rule.rule not in ("none", "min-max", "z-score")
        ):
            return self._one_by_one(x)
        codes = self.framework.codes
        worst, best = np.full((2, len(codes)), np.nan)
        for code, posts in method.goalposts.items():
            worst[codes.index(code)], best[codes.index(code)] = posts.worst, posts.best
        x[self.missing] = np.nan
        if limits != _NOTHING:
            exempt = np.array([code in method.treatment.exempt for code in codes])
            treated(x, self.missing, exempt | ~np.isnan(worst), limits)
        higher = np.array([one.direction == "higher" for one in self.framework.indicators])
        try:
            if rule.rule == "min-max":
                return between_extremes(x, self.missing, higher, (worst, best), rule.scale)
            if rule.rule == "z-score":
                return standardised(x, self.missing, higher, rule.mean, rule.sd)
            return x
        except FlatColumnError as flat:
            raise FailedDrawError(
                f"{codes[flat.indicator]}: there is only one value, or every province has the "
                "same, so provinces cannot be told apart",
                flat.draw,
            ) from None

    def _one_by_one(self, values: Array) -> Array:
        scores = np.empty_like(values)
        for draw in range(values.shape[2]):
            one = replace(self.matrix, values=np.ascontiguousarray(values[:, :, draw]))
            try:
                scores[:, :, draw] = _scores(one, self.framework, self.method)
            except DataError as error:
                raise FailedDrawError(str(error), draw) from None
        return scores


def _scores(matrix: Matrix, framework: Framework, method: Method) -> Array:
    done = treat(prepare(matrix, framework, method).values, framework, method)
    worst, best = goalposts(done, framework, method)
    return normalised_scores(done.values, worst, best, framework, method, matrix.provinces)


def indicators_of(matrix: Matrix, framework: Framework, method: Method) -> Indicators:
    """What stays the same in every draw of a method's values."""
    prepared = prepare(matrix, framework, method)
    missing = np.isnan(prepared.values)
    counted = ~missing if method.imputation.counts else ~missing & ~prepared.imputed
    return Indicators(matrix, framework, method, missing, counted)


def _limits(rule: Treatment) -> Limits | None:
    """The treatment, where many matrices can be treated at once; None where not."""
    if rule.rule == "none":
        return _NOTHING
    if rule.rule not in ("gii", "coinr") or rule.otherwise not in _OTHERWISE:
        return None
    otherwise, together = _OTHERWISE[rule.otherwise], rule.rule == "coinr"
    return Limits(rule.skewness, rule.kurtosis, rule.points, otherwise, together)
