"""Treatment and normalisation against COINr 1.1.14 on its ASEM example.

See data/README.md for the source. Files that are byte for byte the same are carried once:
`treat_win4`, `treat_win_nolimit`, `treat_win_only`, `treat_log_CT_plus`, `treat_log_CT_orig` and
`treat_log_GII` are `step5_Treated` (four points suffice for every indicator, so no logarithm is
reached), `step6_Normalised` is `norm_minmax_0_100`,
`fn_boxcox_l0` is `fn_log_CT_orig`, `fn_log_GII` is `step3_Imputed`.
"""

import csv
from collections.abc import Callable
from decimal import Decimal, localcontext
from functools import cache
from math import inf
from pathlib import Path

import numpy as np
import pytest
from strategies import Array

from pii.steps.normalise import (
    between_goalposts,
    borda,
    distance_to_best,
    distance_to_reference,
    distance_to_target,
    fractions_of_best,
    observed_goalposts,
    percentile_ranks,
    rank_scores,
    upwards,
    z_scores,
)
from pii.steps.treat import (
    LOG_CT,
    LOG_CT_ORIG,
    LOG_CT_PLUS,
    LOG_GII,
    Transform,
    Treated,
    changed_points,
    coinr_treatment,
    transformation,
)

DATA = Path(__file__).resolve().parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def numbers(lines: list[dict[str, str]], columns: tuple[str, ...]) -> Array:
    """float() is exact; an empty cell is missing."""
    return np.array([[float(line[c] or "nan") for c in columns] for line in lines])


@cache
def codes() -> tuple[str, ...]:
    return tuple(rows("screened.csv")[0])[1:]


def matrix(name: str) -> Array:
    return numbers(rows(name), codes())


def part(name: str, key: str, value: str) -> Array:
    return numbers([line for line in rows(name) if line[key] == value], codes())


@cache
def before() -> Array:
    return matrix("screened.csv")


@cache
def after() -> Array:
    """COINr's step 5: the 15 indicators that treatment changed among those that it did not."""
    lines = rows("treated.csv")
    changed = tuple(lines[0])[1:]
    values = before().copy()
    values[:, [codes().index(c) for c in changed]] = numbers(lines, changed)
    return values


def of_each(key: str, table: str = "asem/in_iMeta.csv") -> Array:
    lines = {line["iCode"]: line for line in rows(table)}
    return np.array([float(lines[c][key] or "nan") for c in codes()])


def higher() -> np.ndarray:
    return of_each("Direction") == 1


NONE = np.zeros(49, dtype=bool)


@cache
def tamed(points: float, otherwise: Transform | None = LOG_CT) -> Treated:
    return coinr_treatment(before(), points=points, exempt=NONE, otherwise=otherwise)


def close(mine: Array, theirs: Array) -> None:
    """To 1e-9 of the largest value of the column; the same cells missing."""
    theirs = np.asarray(theirs)
    scale = np.nanmax(np.abs(theirs), axis=0)
    np.testing.assert_array_equal(np.isnan(mine), np.isnan(theirs))
    assert np.nanmax(np.abs(mine - theirs) / np.where(scale > 0, scale, 1)) <= 1e-9


# ---------------------------------------------------------------- treatment


@pytest.mark.parametrize("points", [1, 2, 3])
def test_winsorising_a_few_points_and_logarithms_where_it_fails(points: int) -> None:
    lines = [line for line in rows("asem/treat_win.csv") if line["winmax"] == str(points)]
    columns = tuple(lines[0])[2:]
    mine = tamed(points)
    at = [codes().index(c) for c in columns]
    close(mine.values[:, at], numbers(lines, columns))
    np.testing.assert_array_equal(np.delete(mine.values, at, 1), np.delete(before(), at, 1))
    assert set(mine.form[at].tolist()) == {"winsorised", "log_ct"}
    assert len(at) == 15


@pytest.mark.parametrize(
    "mine",
    [
        tamed(5),  # step5_Treated, treat_log_CT
        tamed(4),  # treat_win4
        tamed(inf),  # treat_win_nolimit
        tamed(5, None),  # treat_win_only
        tamed(5, LOG_CT_PLUS),  # treat_log_CT_plus
        tamed(5, LOG_CT_ORIG),  # treat_log_CT_orig
        tamed(5, LOG_GII),  # treat_log_GII: right there, as its log_GII is not reached
        tamed(0.1),  # a share: 5 of 51
    ],
    ids=["5", "4", "no limit", "only", "log_CT_plus", "log_CT_orig", "log_GII", "share"],
)
def test_winsorising_suffices(mine: Treated) -> None:
    np.testing.assert_array_equal(mine.values, after())
    assert mine.passes.all()


@pytest.mark.parametrize("points", [1, 2, 3, 5])
def test_decisions(points: int) -> None:
    lines = {r["iCode"]: r for r in rows("asem/treat_decisions.csv") if r["winmax"] == str(points)}
    for j, code in enumerate(codes()):
        line, mine = lines[code], tamed(points)
        checks = [k for k in range(3) if line[f"check_SkewKurt{k}.Pass"]]
        first, last = checks[0], checks[-1]
        for step, at in ((0, first), (1, last)):
            theirs = [float(line[f"check_SkewKurt{at}.{name}"]) for name in ("Skew", "Kurt")]
            assert [mine.skewness[step, j], mine.kurtosis[step, j]] == pytest.approx(
                theirs, rel=1e-9
            )
        assert str(bool(mine.passes[j])).upper() == line[f"check_SkewKurt{last}.Pass"]
        form = ("none", "winsorised", "log_ct")[last]
        assert mine.form[j] == form
        # COINr counts what winsorising tried; we count what it changed in the end.
        tried = int(line["winsorise.nwin"] or 0)
        assert mine.points[j] == (tried if form == "winsorised" else 0)
        if form == "log_ct":
            assert tried == points


def test_every_winsorised_point() -> None:
    mine = changed_points(before(), tamed(5))
    names = tuple(line["uCode"] for line in rows("screened.csv"))
    sides = np.where(mine.after < mine.before, "winhi", "winlo")
    got = {
        (names[i], codes()[j]): side
        for i, j, side in zip(mine.unit, mine.indicator, sides, strict=True)
    }
    theirs = {
        (line["uCode"], code): line[code]
        for line in rows("asem/treat_points_default.csv")
        for code in codes()
        if line[code]
    }
    assert got == theirs
    assert set(got.values()) == {"winhi", "winlo"}


FUNCTIONS = {
    "log_CT": LOG_CT,
    "log_CT_plus": LOG_CT_PLUS,
    "log_CT_orig": LOG_CT_ORIG,
    "boxcox_l0.5": Transform("boxcox_shifted", 0.5, mirrored=False),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_transformations_of_every_indicator(name: str) -> None:
    mine = transformation(before(), FUNCTIONS[name], exempt=NONE)
    close(mine.values, part("asem/fn.csv", "function", name))
    if name == "log_CT_plus":  # both tails are in the example
        assert set(mine.side.tolist()) == {1, -1}


def test_box_cox_keeps_digits_that_coinr_loses() -> None:
    # (√(1 + d) − 1)/½ cancels for small d: cell by cell COINr is up to 3e-9 of the value away
    # from what 50 digits say, and we are not.
    theirs = part("asem/fn.csv", "function", "boxcox_l0.5")
    mine = transformation(before(), FUNCTIONS["boxcox_l0.5"], exempt=NONE).values
    shifted = (before() - before().min(axis=0)) + 1
    with localcontext() as context:
        context.prec = 50
        exact = np.array(
            [[float(2 * (Decimal(float(v)).sqrt() - 1)) for v in row] for row in shifted]
        )
    there = exact != 0
    worst = [np.max(np.abs(y - exact)[there] / exact[there]) for y in (mine, theirs)]
    assert worst[0] < 2e-15
    assert worst[1] > 1e-10


def test_coinr_s_gii_log_returns_its_input_and_ours_does_not() -> None:
    theirs = matrix("asem/step3_Imputed.csv")  # fn_log_GII.csv is that file, byte for byte
    np.testing.assert_array_equal(theirs, before())
    mine = transformation(before(), LOG_GII, exempt=NONE)
    # The published formula, where it works as it stands: a right tail and a maximum above 10.
    least, most = before().min(axis=0), before().max(axis=0)
    published = np.log((most - 1) * (before() - least) / (most - least) + 1)
    plain = (most >= 10) & (mine.side > 0)
    assert plain.sum() == 18
    np.testing.assert_allclose(mine.values[:, plain], published[:, plain], rtol=1e-9)
    # Where the maximum is below 1 the formula as it stands turns the indicator round.
    small = most < 1
    assert small.sum() == 10
    for j in np.flatnonzero(small):
        assert np.corrcoef(before()[:, j], published[:, j])[0, 1] < 0
        assert np.corrcoef(before()[:, j], mine.values[:, j])[0, 1] > 0


# ---------------------------------------------------------------- normalisation


def coinr_scores(method: str) -> Array:
    if (DATA / f"asem/norm_{method}.csv").exists():
        return matrix(f"asem/norm_{method}.csv")
    return part("asem/norm.csv", "method", method)


def min_max(x: Array, scale: tuple[float, float]) -> Array:
    return between_goalposts(x, *observed_goalposts(x, higher()), scale=scale)


def scaled(x: Array) -> Array:
    """COINr turns the sign of the values round, not the goalposts: lower is better from 0 to −100.

    That is what it does, not what one would want: give the worst and the best.
    """
    return between_goalposts(x, np.zeros(49), np.where(higher(), 100.0, -100.0), capped=False)


def posts(x: Array) -> Array:
    low, high = (of_each(name, "asem/in_goalposts_p10_p90.csv") for name in ("lower", "upper"))
    return between_goalposts(x, np.where(higher(), low, high), np.where(higher(), high, low))


METHODS: dict[str, Callable[[Array], Array]] = {
    "none": lambda x: upwards(x, higher()),
    "zscore_0_1": lambda x: z_scores(x, higher()),
    "zscore_10_2": lambda x: z_scores(x, higher(), mean=10, sd=2),
    "rank": lambda x: rank_scores(x, higher()),
    "borda": lambda x: borda(x, higher()),
    "prank": lambda x: percentile_ranks(x, higher()),
    "dist2max": lambda x: distance_to_best(x, higher()),
    "dist2targ_cap": lambda x: distance_to_target(x, higher(), of_each("Target")),
    "goalposts_p10_p90": posts,
    "minmax_0_100": lambda x: min_max(x, (0, 100)),
    "minmax_1_100": lambda x: min_max(x, (1, 100)),
    "scaled_0_100": scaled,
}


@pytest.mark.parametrize("method", METHODS)
def test_normalisations(method: str) -> None:
    close(METHODS[method](after()), coinr_scores(method))


@pytest.mark.parametrize("method", ["none", "rank", "borda", "minmax_0_100", "dist2targ_cap"])
def test_normalisations_bit_for_bit(method: str) -> None:
    np.testing.assert_array_equal(METHODS[method](after()), coinr_scores(method))


def test_normalisation_with_gaps() -> None:
    values = matrix("asem/step2_Denominated.csv")
    assert np.isnan(values).sum() == 65
    close(min_max(values, (0, 100)), coinr_scores("minmax_0_100_unimputed"))


def test_distance_to_a_reference_and_where_coinr_is_infinite() -> None:
    theirs = coinr_scores("dist2ref_u1")
    infinite = ~np.isfinite(theirs).all(axis=0)
    assert [codes()[j] for j in np.flatnonzero(infinite)] == ["Bord", "Elec", "TIRcon", "MatCon"]
    # There the reference, the first country, is the worst of all: refused by number …
    columns = ", ".join(str(j) for j in np.flatnonzero(infinite))
    with pytest.raises(ValueError, match=rf"no better than the worst value in column {columns}$"):
        distance_to_reference(after(), higher(), 0)
    # … or scored as stated; everywhere else the same.
    mine = distance_to_reference(after(), higher(), 0, constant=1.0)
    close(mine[:, ~infinite], theirs[:, ~infinite])
    assert (mine[:, infinite] == 1).all()


def test_fraction_of_the_maximum_and_where_coinr_is_upside_down() -> None:
    theirs, up = coinr_scores("fracmax"), higher()
    mine = fractions_of_best(after()[:, up], up[up])
    close(mine, theirs[:, up])
    # Lower is better: COINr has x/min, 1 for the best and more for everyone who is worse.
    zeros = ~up & (after() <= 0).any(axis=0)
    assert [codes()[j] for j in np.flatnonzero(zeros)] == ["CostImpEx", "Tariff", "Poverty"]
    down = ~up & ~zeros
    right = fractions_of_best(after()[:, down], up[down])
    close(1 / right, theirs[:, down])
    assert (theirs[:, down] >= 1).all()
    assert (right <= 1).all()
    # A ratio to a best value of zero: COINr is infinite or has none; here it is refused.
    assert not np.isfinite(theirs[:, zeros]).any()
    columns = ", ".join(str(j) for j in np.flatnonzero(zeros))
    with pytest.raises(ValueError, match=rf"ratio is not above zero in column {columns}$"):
        fractions_of_best(after(), up)
