"""What an audit found, as data frames at full precision; a blank means "not there", never zero."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd

from pii.audit.exact import Exact
from pii.audit.frontier import Frontiers
from pii.audit.leave_one_out import Without
from pii.audit.sensitivity import Indices, Sensitivity
from pii.audit.uncertainty import Uncertainty
from pii.audit.unsampled import Unsampled
from pii.pipeline import Outcome
from pii.spread import MeasurementError, Spread, VariedWeights, shown


def audit_tables(
    outcome: Outcome,
    found: Unsampled,
    uncertainty: Uncertainty,
    sensitivity: Sensitivity | None,
) -> Mapping[str, pd.DataFrame]:
    """Every table by name, in a stable order."""
    told = found.coherence
    frames = {
        "ranks": ranks_table(uncertainty),
        "rank_distribution": distribution_table(uncertainty),
        "correlations": _records(told.correlations),
        "consistency": _records(told.consistency),
        "components": components_table(outcome, found),
        "importance": _records(told.importance),
        "outside": _records(told.outside),
        "leave_one_out": left_out_table(outcome, found.without),
        "leave_one_out_summary": left_out_summary(outcome, found.without),
        "single_values": _records(found.hinges),
        "spread": spread_table(found.spread),
    }
    if uncertainty.beats is not None:
        frames["pairwise"] = _square(uncertainty.beats, uncertainty.provinces)
    if sensitivity is not None:
        frames["sensitivity"] = sensitivity_table(sensitivity)
        frames["sensitivity_by_province"] = sensitivity_by_province(sensitivity)
    if found.exact is not None:
        frames["exact_ranks"] = exact_ranks_table(found.exact)
        frames["exact_pairs"] = exact_pairs_table(found.exact)
        frames["admissible_weights"] = admissible_table(found.exact)
    if found.frontier is not None:
        frames["frontier"] = frontier_table(outcome, found.frontier)
    return dict(sorted(frames.items()))


def _records(rows: tuple[Any, ...]) -> pd.DataFrame:
    """One row per value; fields as columns."""
    names = [field.name for field in fields(rows[0])] if rows else []
    return pd.DataFrame([[getattr(row, name) for name in names] for row in rows], columns=names)


def _square(x: np.ndarray[Any, Any], names: tuple[str, ...]) -> pd.DataFrame:
    return pd.concat(
        [pd.Series(list(names), name="province"), pd.DataFrame(x, columns=list(names))], axis=1
    )


def _whole(x: np.ndarray[Any, Any]) -> pd.Series:
    return pd.Series(x).astype("Int64")


def spread_table(spread: Spread) -> pd.DataFrame:
    """Every choice, option by option, and those that were left out.

    Columns choice, option (as spread.yaml writes it), drawn (yes or no), why (zero, same, refused),
    message.
    """
    rows = [
        (name, shown(one), "yes", "", "") for name, all_ in spread.choices.items() for one in all_
    ]
    rows += [
        (f"weights: {where}", _in_full(varied), "yes", "", "")
        for where, varied in spread.weights.items()
    ]
    rows += [("dropped", code, "yes", "", "") for code in spread.dropped]
    rows += [
        (f"errors: {code}", _in_full(one), "yes", "", "") for code, one in spread.errors.items()
    ]
    rows += [(one.choice, shown(one.option), "no", one.why, one.message) for one in spread.omitted]
    return pd.DataFrame(rows, columns=["choice", "option", "drawn", "why", "message"])


def _in_full(part: VariedWeights | MeasurementError) -> str:
    return ", ".join(f"{field.name} {getattr(part, field.name)}" for field in fields(part))


def ranks_table(found: Uncertainty) -> pd.DataFrame:
    """Per province: nominal, median, 5 % and 95 % of rank and score, share unranked."""
    return pd.DataFrame(
        {
            "province": list(found.provinces),
            "nominal_rank": _whole(found.nominal_rank),
            "median_rank": found.median_rank,
            "rank_5": found.rank_interval[:, 0],
            "rank_95": found.rank_interval[:, 1],
            "unranked": found.unranked,
            "nominal_score": found.nominal_score,
            "median_score": found.score_median,
            "score_5": found.score_interval[:, 0],
            "score_95": found.score_interval[:, 1],
            "score_resolution": found.score_resolution,
        }
    )


def distribution_table(found: Uncertainty) -> pd.DataFrame:
    """Share of the draws with each rank: one row per province, one column per rank."""
    places = [str(place + 1) for place in range(found.places.shape[1])]
    shares = pd.DataFrame(found.places, columns=places)
    return pd.concat([pd.Series(list(found.provinces), name="province"), shares], axis=1)


def sensitivity_table(found: Sensitivity) -> pd.DataFrame:
    """Sobol' indices of the mean rank shift, one row per choice."""
    return pd.DataFrame({"choice": list(found.choices), **_indices(found.mean_shift)})


def sensitivity_by_province(found: Sensitivity) -> pd.DataFrame:
    """Sobol' indices of each province's rank, one row per province and choice."""
    frames = [
        pd.DataFrame({"province": province, "choice": list(found.choices), **_indices(one)})
        for province, one in zip(found.provinces, found.per_province, strict=True)
    ]
    return pd.concat(frames, ignore_index=True)


def _indices(found: Indices) -> Mapping[str, np.ndarray[Any, Any]]:
    return {
        "first": found.first,
        "first_5": found.first_interval[:, 0],
        "first_95": found.first_interval[:, 1],
        "total": found.total,
        "total_5": found.total_interval[:, 0],
        "total_95": found.total_interval[:, 1],
    }


def components_table(outcome: Outcome, found: Unsampled) -> pd.DataFrame:
    """Loadings, one row per group, variable and component; refused ones with the reason."""
    rows: list[tuple[object, ...]] = []
    for one in found.coherence.components:
        if one.refused:
            rows.append((one.group, "", pd.NA, np.nan, np.nan, one.n, one.refused))
        for j, variable in enumerate(one.variables):
            for k, share in enumerate(one.shares):
                rows.append((one.group, variable, k + 1, share, one.loadings[j, k], one.n, ""))
    columns = ["group", "variable", "component", "share", "loading", "n", "refused"]
    return pd.DataFrame(rows, columns=columns)


def left_out_table(outcome: Outcome, found: tuple[Without, ...]) -> pd.DataFrame:
    """One row per what is left out and province: score, rank, places gained."""
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "kind": one.kind,
                    "left_out": one.left_out,
                    "province": list(outcome.scores.provinces),
                    "score": one.score,
                    "rank": _whole(one.rank),
                    "gained": _whole(one.shift),
                }
            )
            for one in found
        ],
        ignore_index=True,
    )


def left_out_summary(outcome: Outcome, found: tuple[Without, ...]) -> pd.DataFrame:
    """One row per what is left out: mean and greatest shift, and whose."""
    rows = []
    for one in found:
        size = np.abs(one.shift)
        known = ~np.isnan(size)
        most = int(np.nanargmax(size)) if known.any() else -1
        rows.append(
            (
                one.kind,
                one.left_out,
                " ".join(one.also),
                one.ranked,
                float(size[known].mean()) if known.any() else np.nan,
                float(size[most]) if known.any() else np.nan,
                outcome.scores.provinces[most] if known.any() and size[most] else "",
            )
        )
    columns = ["kind", "left_out", "also", "ranked", "mean_shift", "greatest_shift", "province"]
    return pd.DataFrame(rows, columns=columns)


def exact_ranks_table(found: Exact) -> pd.DataFrame:
    """The widest ranks; `exact` where both ends are reached."""
    ranks = found.ranks
    known = ranks.nominal > 0
    frame = pd.DataFrame(
        {
            "province": list(found.provinces),
            "nominal": ranks.nominal,
            "best": ranks.best,
            "best_reached": ranks.best_reached,
            "worst_reached": ranks.worst_reached,
            "worst": ranks.worst,
            "exact": (ranks.best == ranks.best_reached) & (ranks.worst == ranks.worst_reached),
        }
    )
    return frame[known].sort_values(["nominal", "province"], ignore_index=True)


def exact_pairs_table(found: Exact) -> pd.DataFrame:
    """Every pair, the one nominally ahead first; see `pii.audit.exact.Pairs`."""
    pairs = found.pairs
    names = np.array(found.provinces, dtype=object)
    return pd.DataFrame(
        {
            "ahead": names[pairs.ahead],
            "behind": names[pairs.behind],
            "verdict": verdicts(found),
            "lead": pairs.lead,
            "least_lead": pairs.least,
            "least_lead_reached": pairs.reached,
            "least_change": pairs.change,
            "least_change_reached": pairs.change_reached,
            "least_share_moved": pairs.moved,
        }
    )


def verdicts(found: Exact) -> list[str]:
    """`always` ahead (proved), `swaps` (shown), or `open`, pair by pair."""
    pairs = zip(found.pairs.always, found.pairs.swaps, strict=True)
    return ["always" if always else "swaps" if swaps else "open" for always, swaps in pairs]


def admissible_table(found: Exact) -> pd.DataFrame:
    """The local weights over which the exact answers range."""
    low, high = found.admissible.low, found.admissible.high
    return pd.DataFrame({"code": list(low), "low": list(low.values()), "high": list(high.values())})


def frontier_table(outcome: Outcome, found: Frontiers) -> pd.DataFrame:
    """Score, rank, and the shares that suit each province best."""
    shares = pd.DataFrame(found.share, columns=[f"share_{code}" for code in found.pillars])
    frame = pd.DataFrame(
        {
            "province": list(outcome.scores.provinces),
            "score": found.score,
            "rank": _whole(found.rank),
            "nominal": _whole(
                outcome.scores.rank[:, outcome.scores.column(outcome.framework.index)]
            ),
        }
    )
    return pd.concat([frame, shares], axis=1)


def flagged(found: Unsampled) -> Iterator[Any]:
    """Correlations that give reason to ask."""
    for one in found.coherence.correlations:
        if one.flag in ("negative", "weak", "redundant"):
            yield one
