"""docs/method.md, from the code and the editions: `make docs`.

Text, equation and source of a method are those of its function's docstring; the figures are what
the function returns; who uses it is read from the editions. Only the examples are chosen here.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from pathlib import Path
from typing import Any

import numpy as np

from pii.framework import Framework
from pii.intake.definition import load_edition
from pii.method import Method
from pii.steps import (
    aggregate,
    denominate,
    impute,
    normalise,
    outrank,
    rank,
    screen,
    strengths,
    treat,
    weigh,
)
from pii.steps.frontier import benefit_of_the_doubt

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/method.md"
EDITIONS = (
    "indicators.yaml",
    "data/gii-2019/edition.yaml",
    "data/open-2022/edition.yaml",
    "data/synthetic-2025/edition.yaml",
)
PROVINCES = ("A", "B", "C")
Row = Sequence[float | str]


@dataclass(frozen=True)
class Way:
    """One method of a step: what an edition calls it, the function, and its example."""

    rule: str
    function: Callable[..., Any] | None
    example: Callable[[], Row] | None = None
    note: str = ""


@dataclass(frozen=True)
class Step:
    """One section of the page. `part` is the part of `Method` that chooses; "" where none does."""

    title: str
    part: str
    says: str
    given: str
    heads: Sequence[str]
    ways: Sequence[Way]


# ---------------------------------------------------------------- the examples ---------------

X = np.array([[2.0], [4.0], [10.0]])
UP = np.array([True])
PILLAR = np.array([[20.0, 80.0], [50.0, 50.0], [90.0, 30.0]])
HALF = np.array([1.0, 1.0])
TWO_TO_ONE = np.array([2.0, 1.0])
ALL = np.ones(3, dtype=bool)
GAP = np.array([[2.0, 10.0], [4.0, 20.0], [nan, 30.0]])
TAIL = np.array([[1.0], [2.0], [11.0]])
TEN = np.array([[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 100.0]]).T
DATA = np.array([[1.0, 2.0], [2.0, 5.0], [3.0, 5.0]])
TIE = np.array([70.0, 70.0, 50.0])
PROFILE = np.array([[90.0, 10.0, 60.0], [50.0, 40.0, 50.0], [20.0, 60.0, 70.0]])
FREE = np.zeros(1, dtype=bool)


def scored(function: Callable[..., Any], *given: Any, **named: Any) -> Callable[[], Row]:
    """Scores of A, B and C, first where more is better, then where less is."""

    def row() -> Row:
        both = [function(X, side, *given, **named)[:, 0] for side in (UP, ~UP)]
        return [*both[0], *both[1]]

    return row


def min_max() -> Row:
    both = [normalise.between_goalposts(X, *normalise.observed_goalposts(X, s)) for s in (UP, ~UP)]
    return [*both[0][:, 0], *both[1][:, 0]]


def ampi() -> Row:
    mean = np.array([16 / 3])
    both = [normalise.observed_goalposts(X, side) for side in (UP, ~UP)]
    scores = [
        aggregate.adjusted_mpi_scores(X, reference=mean, worst=w, best=b)[:, 0] for w, b in both
    ]
    return [*scores[0], *scores[1]]


def share_of_reference() -> Row:
    """B, in the middle of the order, is the reference."""
    both = [normalise.distance_to_reference(X, side, 1)[:, 0] for side in (UP, ~UP)]
    return [*both[0], *both[1]]


def share_of_target() -> Row:
    targets = (np.array([8.0]), np.array([4.0]))
    both = [
        normalise.distance_to_target(X, side, target)[:, 0]
        for side, target in zip((UP, ~UP), targets, strict=True)
    ]
    return [*both[0], *both[1]]


def mean_of(**choice: Any) -> Callable[[], Row]:
    return lambda: aggregate.power_mean(PILLAR, HALF, published=ALL, **choice)


def screened() -> Row:
    x = np.array([[3.0, 1.0, 0.0, 2.0], [5.0, nan, 4.0, 1.0], [0.0, nan, nan, 2.0]])
    found = screen.screened(x, present=0.66, nonzero=0.5)
    return [
        f"{share:g} present, {nonzero:.3g} not zero: {'in' if kept else 'out'}"
        for share, nonzero, kept in zip(found.present, found.nonzero, found.kept, strict=True)
    ]


def divided() -> Row:
    patents, people = np.array([[10.0], [20.0], [30.0]]), np.array([[2000.0], [8000.0], [0.0]])
    return list(denominate.denominated(patents, people, 1000.0).values[:, 0])


def filled(x: np.ndarray, *given: Any, **named: Any) -> Callable[[], Row]:
    return lambda: list(impute.filled_by_column(x, *given, **named).values[:, 0])


def by_row() -> Row:
    worst, best = normalise.observed_goalposts(GAP, np.array([True, True]))
    return list(
        impute.filled_by_row(GAP, np.zeros(2, dtype=int), worst=worst, best=best).values[:, 0]
    )


def over_years(function: Callable[..., Any], *given: Any, **named: Any) -> Callable[[], Row]:
    panel = np.array([[5.0, 6.0, nan], [nan, 7.0, nan], [9.0, nan, 8.0]])
    return lambda: [in_order(row) for row in function(panel, *given, **named).values.T]


def transformed(transform: treat.Transform) -> Callable[[], Row]:
    return lambda: list(treat.transformation(TAIL, transform, exempt=FREE).values[:, 0])


def tamed(found: treat.Treated) -> Row:
    n = int(found.points[0])
    return [in_order(found.values[-3:, 0]), f"{n} capped", found.form[0]]


def gii(**limits: float) -> Callable[[], Row]:
    return lambda: tamed(treat.gii_treatment(TEN, points=5, exempt=FREE, **limits))


def weighed(weights: Callable[[], Any]) -> Callable[[], Row]:
    return lambda: list(weights())


def majority() -> Row:
    return outrank.copeland(outrank.outranking(PILLAR, TWO_TO_ONE, tolerance=1e-9), tolerance=1e-9)


def best_orders() -> Row:
    """How many stand below, on average over the orders that are equally good."""
    found = outrank.kemeny(outrank.outranking(PILLAR, TWO_TO_ONE, tolerance=1e-9), tolerance=1e-9)
    return 2 - np.argsort(found.orders, axis=1).mean(axis=0)


def sides(found: strengths.Sides) -> Row:
    names = np.array(["x", "y", "z"])
    return [
        f"+ {', '.join(names[up]) or '–'}; − {', '.join(names[down]) or '–'}"
        for up, down in zip(found.strengths, found.weaknesses, strict=True)
    ]


FIT = {"usable": np.ones(3, dtype=bool), "tolerance": 1e-9}
JUDGED = np.array([[1.0, 3.0], [1 / 3, 1.0]])
POINTS = np.array([[60.0, 40.0], [80.0, 20.0]])
WHERE = ("A", "B", "C")
BOTH = [f"{p} {arrow}" for arrow in ("↑", "↓") for p in PROVINCES]

STEPS: tuple[Step, ...] = (
    Step(
        "Screen",
        "screening",
        "How much of the data is there, and who has enough of it to be scored at all.",
        "Four indicators; A 3, 1, 0, 2; B 5, –, 4, 1; C 0, –, –, 2. Thresholds: 66 % present, "
        "50 % of them not zero.",
        WHERE,
        [Way("none", None, lambda: ["in"] * 3), Way("availability", screen.screened, screened)],
    ),
    Step(
        "Denominate",
        "denomination",
        "Size is taken out of a value.",
        "Patents 10, 20, 30; inhabitants 2000, 8000 and, by mistake, 0; per thousand. C is a "
        "finding, not an infinity.",
        WHERE,
        [Way("by, scale", denominate.denominated, divided)],
    ),
    Step(
        "Impute",
        "imputation",
        "What stands in for a missing value. The PII's default is nothing. Every estimate is "
        "recorded, and does not count for coverage unless the edition says so.",
        "Indicator x is 2, 4 and missing for C; indicator y in the same pillar is 10, 20, 30; A "
        "and C are one group. The last two rows have three years each: A 5, –, 9; B 6, 7, –; "
        "C –, –, 8.",
        WHERE,
        [
            Way("none", impute.no_imputation, lambda: list(GAP[:, 0])),
            Way("mean", impute.filled_by_column, filled(GAP, "mean")),
            Way("median", impute.filled_by_column, filled(GAP, "median")),
            Way("group-mean", impute.filled_by_column, filled(GAP, "mean", np.array([0, 1, 0]))),
            Way(
                "group-median", impute.filled_by_column, filled(GAP, "median", np.array([0, 1, 0]))
            ),
            Way("row-mean", impute.filled_by_row, by_row),
            Way(
                "em",
                impute.em_normal,
                note="Two values of x always lie on a line with y, so three provinces are too few, "
                "and it says so. By hand in `tests/steps/test_impute.py`.",
            ),
            Way("last-year", impute.carried_forward, over_years(impute.carried_forward)),
            Way(
                "linear",
                impute.interpolated,
                over_years(impute.interpolated, np.array([1.0, 2.0, 3.0]), ends="nearest"),
            ),
        ],
    ),
    Step(
        "Treat",
        "treatment",
        "Outliers are measured by skewness and kurtosis, and tamed by winsorising or by a "
        "transformation. Every changed point is recorded, before and after; what still fails is a "
        "finding. Indices, surveys and indicators with fixed goalposts can be exempt.",
        "Kurtosis needs four values, so no three provinces are ever treated by the first three "
        "rules: there it is ten, with 1, 2, … 9, 100, and the columns show the last three values, "
        "how many were capped, and the form. The transformations below are of 1, 2, 11.",
        WHERE,
        [
            Way("none", treat.no_treatment, lambda: list(TAIL[:, 0])),
            Way("gii", treat.gii_treatment, gii(skewness_limit=2.25, kurtosis_limit=3.5)),
            Way(
                "coinr",
                treat.coinr_treatment,
                lambda: tamed(treat.coinr_treatment(TEN, points=5, exempt=FREE)),
            ),
            Way(
                "eis",
                treat.eis_treatment,
                lambda: tamed(treat.eis_treatment(TEN, skewness_limit=1.0, exempt=FREE)),
                note="Square roots; of ten values none can lie three deviations from the mean.",
            ),
            Way("log", treat.retreated, transformed(treat.LOG)),
            Way("log-gii", treat.retreated, transformed(treat.LOG_GII)),
            Way("log-ct", treat.retreated, transformed(treat.LOG_CT)),
            Way("log-ct-orig", treat.retreated, transformed(treat.LOG_CT_ORIG)),
            Way(
                "box-cox",
                treat.retreated,
                transformed(treat.Transform("boxcox", 0.5)),
                note="Here λ = 0.5.",
            ),
        ],
    ),
    Step(
        "Normalise",
        "normalisation",
        "Values become scores on one scale, higher is better.",
        "Values 2, 4, 10, read once as better when higher (↑), once as better when lower (↓).",
        BOTH,
        [
            Way("none", None, lambda: [*X[:, 0], *X[:, 0]], "Values are scores already."),
            Way("upwards", normalise.upwards, scored(normalise.upwards)),
            Way("min-max", normalise.between_goalposts, min_max),
            Way("z-score", normalise.z_scores, scored(normalise.z_scores)),
            Way("rank", normalise.rank_scores, scored(normalise.rank_scores)),
            Way("borda", normalise.borda, scored(normalise.borda)),
            Way("percentile", normalise.percentile_ranks, scored(normalise.percentile_ranks)),
            Way("categories", normalise.percentile_bands, scored(normalise.percentile_bands)),
            Way(
                "above-below-mean",
                normalise.above_or_below_mean,
                scored(normalise.above_or_below_mean),
            ),
            Way("distance-to-best", normalise.distance_to_best, scored(normalise.distance_to_best)),
            Way(
                "distance-to-reference",
                normalise.distance_to_reference,
                share_of_reference,
                "B is the reference.",
            ),
            Way(
                "distance-to-target",
                normalise.distance_to_target,
                share_of_target,
                "The target is 8 upwards, and 4 downwards.",
            ),
            Way(
                "fraction-of-best", normalise.fractions_of_best, scored(normalise.fractions_of_best)
            ),
            Way(
                "ratio-to-mean",
                normalise.ratios_to,
                scored(normalise.ratios_to, np.array([16 / 3])),
                "The mean is 16/3.",
            ),
            Way("ampi", aggregate.adjusted_mpi_scores, ampi, "The mean, 16/3, is the reference."),
        ],
    ),
    Step(
        "Weigh",
        "weighting",
        "A weight is local: it says how children of one parent share, and only ratios matter. "
        "Effective weights in the index are derived, never given.",
        "Two children. A scores 1 and 2, B 2 and 5, C 3 and 5. Given: 1 and 3. AHP: the first "
        "matters 3 times as much. Budget: two experts give 60 and 40, 80 and 20 points. Benefit of "
        "the doubt has a set of weights for each province: shown is A's, as shares.",
        ("first", "second"),
        [
            Way("given", weigh.normalised, weighed(lambda: weigh.normalised(np.array([1.0, 3.0])))),
            Way("equal", weigh.equal, weighed(lambda: weigh.equal(2))),
            Way("pca", weigh.pca_weights, weighed(lambda: weigh.pca_weights(DATA).weights)),
            Way(
                "factor",
                weigh.factor_weights,
                weighed(lambda: weigh.factor_weights(DATA, 1).weights),
            ),
            Way("entropy", weigh.entropy_weights, weighed(lambda: weigh.entropy_weights(DATA))),
            Way("critic", weigh.critic_weights, weighed(lambda: weigh.critic_weights(DATA))),
            Way(
                "balanced",
                weigh.balanced_weights,
                weighed(lambda: weigh.balanced_weights(DATA).weights),
            ),
            Way("ahp", weigh.ahp_weights, weighed(lambda: weigh.ahp_weights(JUDGED).weights)),
            Way(
                "budget",
                weigh.budget_allocation,
                weighed(lambda: weigh.budget_allocation(POINTS).weights),
            ),
            Way(
                "benefit-of-the-doubt",
                benefit_of_the_doubt,
                weighed(
                    lambda: weigh.normalised(benefit_of_the_doubt(DATA, 0.25, 0.75).weights[0])
                ),
                "Each share between 0.25 and 0.75.",
            ),
        ],
    ),
    Step(
        "Aggregate",
        "aggregation",
        "Children become their parent's score, level by level; the weight of a missing child is "
        "shared out among the others.",
        "Two children of equal weight: A 20 and 80, B 50 and 50, C 90 and 30.",
        WHERE,
        [
            Way("power", aggregate.power_mean, mean_of(power=1), "Power 1, arithmetic."),
            Way("power", aggregate.power_mean, mean_of(power=0), "Power 0, geometric."),
            Way("power", aggregate.power_mean, mean_of(power=-1), "Power −1, harmonic."),
            Way(
                "median",
                aggregate.weighted_median,
                lambda: aggregate.weighted_median(PILLAR, HALF, published=ALL),
            ),
            Way(
                "minimum", aggregate.minimum, lambda: aggregate.minimum(PILLAR, HALF, published=ALL)
            ),
            Way(
                "mpi",
                aggregate.mazziotta_pareto,
                lambda: aggregate.mazziotta_pareto(PILLAR, HALF, downward=True, published=ALL),
            ),
            Way(
                "owa",
                aggregate.owa,
                lambda: aggregate.owa(PILLAR, np.array([1.0, 3.0]), published=ALL),
                "Order weights 1 for the higher child, 3 for the lower.",
            ),
            Way("copeland", outrank.copeland, majority, "Weights 2 and 1."),
            Way(
                "kemeny",
                outrank.kemeny,
                best_orders,
                "Weights 2 and 1, as how many stand below. With equal weights several orders are "
                "equally good: all are reported, and the score is the mean over them.",
            ),
        ],
    ),
    Step(
        "Cover",
        "coverage",
        "Whether there is enough beneath a parent to publish it. What is not published is left "
        "out, never counted as zero.",
        "A parent of two children and four indicators needs half of the indicators and one child. "
        "A has 4 of 4 and 2; B 2 of 4 and 1; C 1 of 4 and 1.",
        WHERE,
        [
            Way(
                "share, count",
                aggregate.covered,
                lambda: [
                    "published" if yes else "not published"
                    for yes in aggregate.covered(
                        np.array([1.0, 0.5, 0.25]), np.array([2, 1, 1]), share=0.5, count=1
                    )
                ],
            )
        ],
    ),
    Step(
        "Rank",
        "ties",
        "Scores in order, on full precision. Equal is what lies within the tolerance, so that "
        "0.1 + 0.2 and 0.3 split no tie.",
        "Scores 70, 70, 50.",
        WHERE,
        [
            Way(
                "competition",
                rank.competition_rank,
                lambda: rank.competition_rank(TIE, tolerance=1e-9),
            ),
            Way("dense", rank.dense_rank, lambda: rank.dense_rank(TIE, tolerance=1e-9)),
            Way("average", rank.average_rank, lambda: rank.average_rank(TIE, tolerance=1e-9)),
        ],
    ),
    Step(
        "Strengths and weaknesses",
        "strengths",
        "In what a province stands out. Indicators with few values, few different ones or many "
        "ties show nothing.",
        "Indicators x, y, z: A 90, 10, 60; B 50, 40, 50; C 20, 60, 70. One each (pii), the largest "
        "percent rank (gii), all three as one group (group).",
        WHERE,
        [
            Way("none", None, lambda: ["–"] * 3),
            Way(
                "pii",
                strengths.furthest,
                lambda: sides(strengths.furthest(PROFILE, count=1, **FIT)),
            ),
            Way(
                "gii",
                strengths.gii_sides,
                lambda: sides(strengths.gii_sides(PROFILE, count=1, **FIT)),
            ),
            Way(
                "group",
                strengths.group_sides,
                lambda: sides(
                    strengths.group_sides(PROFILE, np.array(["a"] * 3), usable=FIT["usable"])
                ),
            ),
        ],
    ),
)


# ---------------------------------------------------------------- three provinces, by hand ---

EXAMPLE = {
    "1.1 spending on research, % of GRDP": (0.2, 0.5, 1.0),
    "1.2 days to register a firm (lower is better)": (4.0, 2.0, 10.0),
    "2.1 patents per million": (10.0, nan, 40.0),
    "2.2 high-tech exports, %": (5.0, 20.0, 10.0),
}
PILLARS = {"Pillar 1": (0, 1), "Pillar 2": (2, 3)}


def worked_example() -> tuple[list[list[str]], list[list[str]]]:
    """Values, and what becomes of them: rows of two tables."""
    x = np.array(list(EXAMPLE.values())).T
    worst, best = normalise.observed_goalposts(x, np.array([True, False, True, True]))
    scores = normalise.between_goalposts(x, worst, best)
    values = [
        [name, *map(number, x[:, j]), number(worst[j]), number(best[j]), *map(number, scores[:, j])]
        for j, name in enumerate(EXAMPLE)
    ]
    pillars = np.column_stack([mean(scores[:, list(at)]) for at in PILLARS.values()])
    index = mean(pillars)
    ranks = rank.competition_rank(index, tolerance=1e-9)
    rows = [*zip(PILLARS, pillars.T, strict=True), ("Index", index), ("Rank", ranks)]
    return values, [[name, *map(number, row)] for name, row in rows]


def mean(children: np.ndarray) -> np.ndarray:
    there = ~np.isnan(children)
    shown = aggregate.covered(there.mean(axis=1), there.sum(axis=1), share=0.5, count=1)
    return aggregate.power_mean(children, np.ones(children.shape[1]), power=1, published=shown)


# ---------------------------------------------------------------- from code to text ----------


def number(x: float | str) -> str:
    if isinstance(x, str):
        return x
    if np.isnan(x):
        return "–"
    text = f"{x + 0.0:.4f}".rstrip("0").rstrip(".")
    return ("0" if text == "-0" else text).replace("-", "−")


def in_order(values: Iterable[float]) -> str:
    return ", ".join(number(value) for value in values)


def blocks(function: Callable[..., Any]) -> tuple[list[str], str]:
    """What a docstring says to readers of the page, in its order, and its source."""
    said, source = [], ""
    for paragraph in inspect.cleandoc(function.__doc__ or "").split("\n\n"):
        text = " ".join(paragraph.split())
        if text.startswith(".. math::"):
            said.append(equation(text.removeprefix(".. math:: ")))
        elif text.startswith("Source:"):
            source = text.removeprefix("Source: ")
        elif text.startswith("==="):
            rows = (re.split(r"\s{2,}", line, maxsplit=1) for line in paragraph.splitlines()[1:-1])
            said.append(table(["form", "t is (x − l)/(h − l)"], rows))
        elif not re.match(r"\w+(, \w+)* : |Returns |Raises ", text):
            said.append(text)
    return said, source


def equation(tex: str) -> str:
    # GitHub reads a backslash before punctuation as Markdown, even in mathematics.
    plain = tex.replace(r"\,", r"\thinspace ").replace(r"\;", r"\thickspace ")
    return f"$$\n{plain}\n$$"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def used(method: Method) -> Mapping[str, set[str]]:
    """Rules that an edition uses, by part of its method."""
    treatments = (method.treatment, *method.treatment_of.values())
    by_level = {level: method.weighted_by(level).rule for level in method.aggregation}
    return {
        "screening": {method.screening.rule},
        "denomination": {"by, scale"} if method.denomination else set(),
        "imputation": {method.imputation.rule},
        "treatment": {getattr(one, "rule", "") for one in treatments}
        | {one.otherwise for one in treatments if getattr(one, "rule", "") in ("gii", "coinr")},
        "normalisation": {
            one.rule for one in (method.normalisation, *method.normalisation_of.values())
        },
        "weighting": set(by_level.values()),
        "aggregation": {one.rule for one in method.aggregation.values()},
        "coverage": {"share, count"} if method.coverage else set(),
        "ties": {method.ties.rank},
        "strengths": {method.strengths.rule},
    }


def editions() -> list[tuple[str, Framework, Method]]:
    return [(path, *load_edition(ROOT / path)) for path in EDITIONS]


def section(step: Step, users: Mapping[str, Mapping[str, set[str]]]) -> Iterable[str]:
    yield f"## {step.title}\n\n{step.says}"
    yield f"**Three provinces.** {step.given}"
    rows = [
        [f"`{way.rule}`{' ' + way.note if way.note else ''}", *map(number, way.example())]
        if way.example
        else [f"`{way.rule}` {way.note}", *[""] * len(step.heads)]
        for way in step.ways
    ]
    yield table([f"`{step.part}:`", *step.heads], rows)
    for function in dict.fromkeys(way.function for way in step.ways if way.function):
        rules = list(dict.fromkeys(way.rule for way in step.ways if way.function is function))
        said, source = blocks(function)
        room = function.__module__.rsplit(".", 1)[1]
        by = [name for name, rule in users.items() if set(rules) & rule[step.part]]
        yield f"### {', '.join(f'`{rule}`' for rule in rules)}"
        yield from said
        yield (
            f"`pii.steps.{room}.{function.__name__}`. Source: {source.removesuffix('.')}. "
            f"Editions: {'all' if len(by) == len(users) else ', '.join(by) or 'none yet'}."
        )


def laws() -> Iterable[tuple[str, list[str]]]:
    """Names of the laws by file: tests that Hypothesis searches for a counter-example."""
    for file in sorted((ROOT / "tests/properties").glob("test_*.py")):
        found = re.findall(r"^@given(?:.|\n)*?^def test_(\w+)", file.read_text("utf-8"), re.M)
        yield file.name, [name.replace("_", " ") for name in found]


def page() -> str:
    given = editions()
    users = {f"[{name(path)}](../{path})": used(method) for path, _, method in given}
    values, results = worked_example()
    known = list(laws())
    count = sum(len(names) for _, names in known)
    choices = sum(len({way.rule for way in step.ways}) for step in STEPS)
    text = [
        "<!-- Written by docs/make_method.py (make docs). Change the code, not this page. -->",
        "# The methods, step by step",
        f"{len(STEPS)} steps and {choices} choices: what each does, its equation, its source, "
        "which edition that ships uses it, and what it makes of three provinces. Text and "
        "equations are those of the functions in `pii/steps`; every figure is what the function "
        "returns, and `tests/test_method_page.py` computes it again by hand. An edition chooses by "
        "the names in `code type` under `method:`; `pii method` says its choices in words.",
        f"The editions: {', '.join(users)}.",
        table(
            ["step", "key in the edition", "choices"],
            [
                [
                    f"[{step.title}](#{step.title.lower().replace(' ', '-')})",
                    f"`{step.part}`",
                    ", ".join(dict.fromkeys(f"`{way.rule}`" for way in step.ways)),
                ]
                for step in STEPS
            ],
        ),
        "## Three provinces, from values to ranks",
        "The nominal method of the PII where nothing is treated (three values have no kurtosis): "
        "min-max between the least and the greatest value, plain means, half of the indicators "
        "needed. Four indicators in two pillars; B has no figure for 2.1.",
        table(
            ["indicator", *PROVINCES, "worst", "best", *(f"score {p}" for p in PROVINCES)], values
        ),
        "A's 1.2, for example: (4 − 10)/(2 − 10) = 0.75, so 75 points. B's pillar 2 is its 2.2 "
        "alone: half of two indicators is enough, and the missing one is not zero.",
        table(["", *PROVINCES], results),
        *(block for step in STEPS for block in section(step, users)),
        "## Laws",
        f"{count} laws, each searched for a counter-example by Hypothesis at every `make check`. "
        "The names say them.",
        *(
            f"**`tests/properties/{file}`**\n\n" + "\n".join(f"- {law}" for law in names)
            for file, names in known
        ),
        "Which changes of the code the tests notice is measured: [mutants.md](mutants.md).",
    ]
    return "\n\n".join(text) + "\n"


def name(path: str) -> str:
    return path if "/" not in path else path.split("/")[1]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
