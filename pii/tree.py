"""From the scores of indicators up the tree: local weights, means, who is published."""

from dataclasses import dataclass
from math import fsum

import numpy as np
import numpy.typing as npt

from pii.errors import DataError
from pii.framework import Framework
from pii.matrix import Array
from pii.method import Aggregation, Method, Weighting
from pii.steps import aggregate, outrank, weigh
from pii.steps.frontier import benefit_of_the_doubt

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Tree:
    """Scores of every node; nodes are groups from the index down, then indicators.

    score, coverage : (provinces, nodes); as in `pii.pipeline.Scores`
    local : (provinces, nodes), weight of each node among its siblings as it was used
    """

    score: Array
    coverage: Array
    local: Array


def climb(
    provinces: tuple[str, ...],
    framework: Framework,
    method: Method,
    normalised: Array,
    counted: Mask,
    local: Array | None = None,
    known: Tree | None = None,
) -> Tree:
    """Every group from its children, the index last.

    normalised : (provinces, indicators), scores; NaN where missing
    counted : (provinces, indicators), which of them count for coverage
    local : (nodes,), weights that are already decided (a preview's, from its run)
    known : of the same provinces under the same method; a mean of the same scores under the same
        weights is taken from there, and nothing else changes
    """
    nodes = tuple(framework.by_code)
    column = {code: j for j, code in enumerate(nodes)}
    shape = (len(provinces), len(nodes))
    score, coverage = np.full(shape, np.nan), np.full(shape, np.nan)
    there = np.zeros(shape, dtype=bool)
    used = np.ones(shape)
    own = [column[code] for code in framework.codes]
    score[:, own], coverage[:, own], there[:, own] = normalised, counted, counted
    leaves: dict[str, tuple[int, ...]] = {code: (j,) for j, code in enumerate(framework.codes)}
    for code in framework.bottom_up:
        at = [column[child] for child in framework.children[code]]
        level = framework.level(code)
        family = _Family(code, framework.children[code], provinces, score[:, at])
        weights = local[at] if local is not None else _weights(family, method, level)
        used[:, at] = weights
        heavy = [k for k, weight in enumerate(weights) if weight > 0]
        # An indicator without weight decides nothing, so it can neither cover nor uncover.
        leaves[code] = tuple(j for k in heavy for j in leaves[family.children[k]])
        coverage[:, column[code]] = counted[:, list(leaves[code])].mean(axis=1)
        rule = method.coverage[level]
        published = aggregate.covered(
            coverage[:, column[code]],
            there[:, at][:, heavy].sum(axis=1),
            share=rule.share,
            count=rule.count,
        )
        try:
            if local is None and method.weighted_by(level).rule == "benefit-of-the-doubt":
                score[:, column[code]], used[:, at] = _own_best(
                    family, method.weighted_by(level), published
                )
            else:
                new, kind = np.ones(len(provinces), dtype=bool), method.aggregation[level]
                if known is not None and kind.rule in EACH_BY_ITSELF:
                    score[:, column[code]] = known.score[:, column[code]]
                    new = _is_new(family.x, weights, known, at)
                    new |= published != ~np.isnan(score[:, column[code]])
                x = np.ascontiguousarray(family.x[new][:, heavy])
                score[new, column[code]] = combined(
                    x, weights[heavy], kind, published[new], method.ties.tolerance
                )
        except (ValueError, ArithmeticError) as error:
            which = "power" if method.aggregation[level].rule == "power" else "rule"
            raise DataError(f"{code}: {error}; choose another {which} for level {level}") from None
        there[:, column[code]] = ~np.isnan(score[:, column[code]])
    return Tree(score, coverage, used)


EACH_BY_ITSELF = ("power", "median", "minimum", "mpi", "owa")
"""Rules under which a province's score hangs on its own alone."""


def _is_new(x: Array, weights: Array, known: Tree, at: list[int]) -> Mask:
    """(provinces,), whether scores or weights of the children are others than those known."""
    before = known.score[:, at]
    same = ((x == before) | (np.isnan(x) & np.isnan(before))).all(axis=1)
    return np.asarray(~same | (known.local[:, at] != weights).any(axis=1))


def effective_weights(
    framework: Framework,
    method: Method,
    published: Mask | None = None,
    local: Array | None = None,
) -> Array:
    """Local weights multiplied down the tree.

    published : (provinces, nodes), whether each node has a score; None: as if all had.
    local : (provinces, nodes), as `Scores.local` has them; None: as they are given.
    Returns (provinces, indicators), or (1, indicators) without `published`. Each row sums to 1;
    NaN where the index itself is not published.
    """
    nodes = tuple(framework.by_code)
    column = {code: j for j, code in enumerate(nodes)}
    if local is None:
        local = np.array([[method.weight(node) for node in nodes]])
    if published is None:
        published = np.ones((1, len(nodes)), dtype=bool)
    weight = np.zeros(published.shape)
    weight[:, column[framework.index]] = np.where(
        published[:, column[framework.index]], 1.0, np.nan
    )
    for code in reversed(framework.bottom_up):
        at = [column[child] for child in framework.children[code]]
        present = local[:, at] * published[:, at]
        total = np.array([[fsum(row)] for row in present])
        share = np.divide(present, total, out=np.zeros_like(present), where=total > 0)
        weight[:, at] = weight[:, [column[code]]] * share
    return weight[:, [column[code] for code in framework.codes]]


@dataclass(frozen=True, slots=True)
class _Family:
    """A group, its children and their scores (provinces, children)."""

    code: str
    children: tuple[str, ...]
    provinces: tuple[str, ...]
    x: Array


def combined(
    x: Array, weights: Array, rule: Aggregation, published: Mask, tolerance: float
) -> Array:
    """One score per province (provinces,) from those of the children that have weight."""
    match rule.rule:
        case "power":
            return aggregate.power_mean(x, weights, power=rule.power, published=published)
        case "median":
            return aggregate.weighted_median(x, weights, published=published)
        case "minimum":
            return aggregate.minimum(x, weights, published=published)
        case "mpi":
            return aggregate.mazziotta_pareto(
                x, weights, downward=rule.downward, published=published
            )
        case "owa":
            return aggregate.owa(x, np.array(rule.order), published=published)
        case "copeland" | "kemeny":
            return _by_majority(x, weights, rule, published, tolerance)


def _by_majority(
    x: Array, weights: Array, rule: Aggregation, published: Mask, tolerance: float
) -> Array:
    """Copeland's score, or how many units stand below in Kemeny's order; among the published."""
    scores = np.full(len(x), np.nan)
    some = published & ~np.isnan(x).all(axis=1)
    if not some.any():
        return scores
    matrix = outrank.outranking(x[some], weights, tolerance=tolerance)
    if rule.rule == "copeland":
        scores[some] = outrank.copeland(matrix, tolerance=tolerance)
        return scores
    found = outrank.kemeny(matrix, tolerance=tolerance)
    # Where several orders are equally good, the mean of a unit's places in all of them; where
    # there are too many to list, its block alone.
    places = np.argsort(found.orders, axis=1).mean(axis=0) if found.complete else found.block
    scores[some] = len(matrix) - 1 - places
    return scores


def _weights(family: _Family, method: Method, level: str) -> Array:
    rule = method.weighted_by(level)
    n = len(family.children)
    if rule.rule == "given":
        return np.array([method.weight(child) for child in family.children])
    if n == 1 or rule.rule in ("equal", "benefit-of-the-doubt"):
        return np.ones(n)
    try:
        return _derived(family, rule)
    except ValueError as error:
        raise DataError(
            f"weights under {family.code} by {rule.rule}: {error} (columns are "
            f"{', '.join(family.children)}); impute, or choose other weights"
        ) from None


def _derived(family: _Family, rule: Weighting) -> Array:
    if rule.rule == "ahp":
        return weigh.ahp_weights(np.array(rule.judgements[family.code])).weights
    if rule.rule == "budget":
        return weigh.budget_allocation(np.array(rule.judgements[family.code])).weights
    x = family.x[weigh.complete(family.x)]
    match rule.rule:
        case "pca":
            found = weigh.pca_weights(x)
            _refuse_negative(family, rule, found.negative)
            return found.weights
        case "factor":
            factors = weigh.factor_weights(x, rule.factors, rotation=rule.rotation)
            _refuse_negative(family, rule, factors.against)
            return factors.weights
        case "entropy":
            return weigh.entropy_weights(x)
        case "critic":
            return weigh.critic_weights(x)
        case _:
            return weigh.balanced_weights(x).weights


def _refuse_negative(family: _Family, rule: Weighting, negative: Mask) -> None:
    against = [code for code, no in zip(family.children, negative, strict=True) if no]
    if against:
        raise DataError(
            f"weights under {family.code} by {rule.rule}: {', '.join(against)} would weigh "
            "negatively, for it moves against its siblings. Reverse its direction if that is "
            "wrong, or choose other weights"
        )


def _own_best(family: _Family, rule: Weighting, published: Mask) -> tuple[Array, Array]:
    """Scores (0–100) and shares under each province's own best weights."""
    score, shares = np.full(len(family.x), np.nan), np.full(family.x.shape, np.nan)
    holes = published & np.isnan(family.x).any(axis=1)
    if holes.any():
        names = ", ".join(np.array(family.provinces)[holes])
        raise ValueError(f"benefit of the doubt needs every score, and {names} lacks one")
    if published.any():
        alone = len(family.children) == 1
        bounds = (0.0, 1.0) if alone else (rule.low, rule.high)
        found = benefit_of_the_doubt(family.x[published], *bounds)
        score[published] = 100 * found.scores
        own = found.weights / found.weights.sum(axis=1, keepdims=True)
        # Whoever scores 0 does so under any weights.
        shares[published] = np.where(np.isnan(own), 1 / len(family.children), own)
    return score, shares
