"""Every choice of a method is carried out: by hand on a small edition, through `compute`."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from pii.cli import main
from pii.errors import DataError, DefinitionError
from pii.framework import Framework, Group, Variable
from pii.intake.definition import edition_bytes, edition_json, load_edition
from pii.matrix import Array, Matrix, assemble, matrix_of
from pii.method import (
    Aggregation,
    Coverage,
    Denomination,
    FrozenTreatment,
    Goalposts,
    Imputation,
    Method,
    Normalisation,
    Screening,
    Strengths,
    Ties,
    Treatment,
    Weighting,
)
from pii.pipeline import Scores, compute, computed_findings
from pii.provinces import Province, ProvinceList
from pii.report.tables import (
    group_ranks_table,
    indicators_table,
    prepared_table,
    strengths_table,
    weights_table,
)
from pii.report.words import method_rows
from pii.steps.aggregate import mazziotta_pareto, minimum, owa, weighted_median
from pii.steps.frontier import benefit_of_the_doubt
from pii.steps.outrank import copeland, kemeny, outranking
from pii.steps.treat import (
    LOG_CT,
    LOG_CT_ORIG,
    LOG_GII,
    Transform,
    coinr_treatment,
    eis_treatment,
    transformation,
)
from pii.steps.weigh import (
    ahp_weights,
    balanced_weights,
    critic_weights,
    entropy_weights,
    factor_weights,
    pca_weights,
)
from pii.submission import Place, Submission
from tests.small import (
    LEVELS,
    PROVINCES,
    powers,
    small_framework,
    small_indicator,
    small_method,
    small_outcome,
    small_values,
)

VARIABLES = (
    Variable("POP", "denominator", "Dân số", "Population", "nghìn", "thousands", "population"),
    Variable("REG", "group", "Vùng", "Region", registered="region"),
)
BESIDE = {"POP": [8.0, 0.5, 2.0, 4.0, 9.0, 1.0], "REG": ["N", "N", "N", "S", "S", "S"]}
TREE = small_framework(variables=VARIABLES)
WHOLE = np.array(
    [
        [9.1, 0.3, 71.0, 3.3, 120.0],
        [2.2, 0.9, 12.5, 1.1, 7.0],
        [5.5, 0.45, 20.0, 2.9, 33.3],
        [7.3, 0.2, 55.0, 3.1, 41.0],
        [8.8, 0.6, 66.6, 4.7, 39.9],
        [4.4, 0.5, 31.0, 2.0, 15.0],
    ]
)
FROM_ONE = Normalisation(scale=(1, 100))


def matrix(values: np.ndarray | None = None, **beside: object) -> Matrix:
    given = {**BESIDE, **beside}
    return matrix_of(small_values() if values is None else values, PROVINCES, TREE, given)  # type: ignore[arg-type]


def scored(values: np.ndarray | None = None, beside: object = None, **choices: object) -> Scores:
    table = matrix(values) if beside is None else matrix(values, POP=beside)
    return compute(table, TREE, small_method(**choices))


# ------------------------------------------------------------------------------- screening ------


def test_a_unit_with_too_little_is_not_scored_and_is_named() -> None:
    """92 has 3 of 5 values, 31 has 4."""
    rule = Screening("availability", present=0.7)
    outcome = small_outcome(method=small_method(screening=rule))
    assert outcome.scores.prepared.kept.tolist() == [True, True, True, True, True, False]
    assert np.isnan(outcome.scores.score[5]).all()
    assert any("Screened out for lack of data" in text for text in outcome.caveats("en"))
    met = list(computed_findings(outcome.matrix, outcome.framework, outcome.method, outcome.scores))
    assert [(finding.rule, finding.province) for finding in met] == [("M101", "92")]
    assert "values for 60 % of the indicators" in met[0].sentence("en")


def test_what_is_screened_out_moves_no_goalpost() -> None:
    values = WHOLE.copy()
    values[0] = [1000, np.nan, np.nan, np.nan, np.nan]
    found = scored(values, screening=Screening("availability", present=0.5))
    alone = compute(
        matrix_of(values[1:], PROVINCES[1:], TREE, {k: v[1:] for k, v in BESIDE.items()}),
        TREE,
        small_method(),
    )
    np.testing.assert_array_equal(found.score[1:], alone.score)


def test_units_are_forced_in_and_out() -> None:
    rule = Screening("availability", present=0.7, force_in=("92",), force_out=("01",))
    assert scored(screening=rule).prepared.kept.tolist() == [False, True, True, True, True, True]
    with pytest.raises(DataError, match="screening names 99, which the data do not have"):
        scored(screening=Screening("availability", force_in=("99",)))


def test_what_treatment_could_not_tame_is_a_finding() -> None:
    far = WHOLE.copy()
    far[:, 4] = [1e9, 1.0, 2.0, 3.0, 4.0, 5.0]
    rule = Treatment("gii", points=0, otherwise="none")
    found = scored(far, treatment=rule)
    met = list(computed_findings(matrix(far), TREE, small_method(treatment=rule), found))
    assert [(finding.rule, finding.indicator) for finding in met] == [("M103", "2.1.2")]


# ---------------------------------------------------------------------------- denomination ------


def test_a_value_is_divided_and_recorded() -> None:
    method = small_method(denomination={"2.1.2": Denomination("POP", 1000)})
    outcome = small_outcome(framework=TREE, method=method, matrix=matrix(WHOLE))
    wanted = WHOLE[:, 4] / np.array(BESIDE["POP"]) * 1000
    np.testing.assert_allclose(outcome.scores.prepared.denominated[:, 4], wanted, rtol=1e-15)
    table = prepared_table(outcome)
    assert table["step"].tolist() == ["denomination"] * 6
    assert table["before"].tolist() == WHOLE[:, 4].tolist()
    assert indicators_table(outcome)["raw"].tolist()[4] == 120.0


@pytest.mark.parametrize("size", [0.0, -3.0, np.nan])
def test_an_impossible_denominator_is_a_finding(size: float) -> None:
    sizes = [size, *BESIDE["POP"][1:]]
    method = small_method(denomination={"2.1.2": Denomination("POP")})
    table = matrix(WHOLE, POP=sizes)
    found = compute(table, TREE, method)
    assert np.isnan(found.normalised[0, 4])
    assert np.isfinite(found.normalised[1:, 4]).all()
    (met,) = computed_findings(table, TREE, method, found)
    assert (met.rule, met.province, met.indicator) == ("M102", "01", "2.1.2")
    assert "2.1.2 cannot be divided by POP" in met.sentence("en")


def test_a_variable_comes_from_the_list_of_provinces() -> None:
    listed = ProvinceList(
        None, tuple(Province(c, c, c, "R1", "V", "R", population=7.5) for c in PROVINCES)
    )
    rows = [Submission(c, Place("t.csv"), ()) for c in PROVINCES]
    found = assemble(rows, TREE, listed)
    assert found.numbers("POP").tolist() == [7.5] * 6
    assert found.labels("REG") == ("R1",) * 6
    assert found.variables["POP"][0].place.file == "provinces.csv"
    assert np.isnan(assemble(rows, TREE).numbers("POP")).all()


# ------------------------------------------------------------------------------ imputation ------


def test_each_imputation_by_hand() -> None:
    """31 lacks 1.2.1 and stands in the group N with 71 and 12.5."""
    column = np.array([71.0, 12.5, 55.0, 66.6, 31.0])
    by_hand = {
        Imputation("mean"): column.mean(),
        Imputation("median"): np.median(column),
        Imputation("group-mean", group="REG"): (71 + 12.5) / 2,
        Imputation("group-median", group="REG"): (71 + 12.5) / 2,
    }
    for rule, wanted in by_hand.items():
        found = scored(imputation=rule)
        assert found.prepared.values[2, 2] == pytest.approx(wanted, rel=1e-14), rule
        assert found.prepared.imputed.sum() == 3
    row = scored(imputation=Imputation("row-mean", level="pillar")).prepared.values[2, 2]
    t = ((5.5 - 2.2) / (9.1 - 2.2) + (0.9 - 0.45) / (0.9 - 0.2)) / 2
    assert row == pytest.approx(12.5 + (71 - 12.5) * t, rel=1e-14)
    em = scored(imputation=Imputation("em", ridge=1.0)).prepared
    assert not np.isnan(em.values).any()


def test_an_estimate_does_not_count_for_coverage_unless_asked() -> None:
    rule = Imputation("mean")
    column = scored().column("2.1")
    assert scored(imputation=rule).coverage[5, column] == 0
    assert np.isnan(scored(imputation=rule).score[5, column])
    counting = scored(imputation=replace(rule, counts=True))
    assert counting.coverage[5, column] == 1
    assert not np.isnan(counting.score[5, column])


def test_years_fill_what_is_missing() -> None:
    older, old = WHOLE - 0.1, WHOLE.copy()
    old[2, 2] = np.nan
    known = replace(matrix(), other_years={2020: matrix(older), 2023: matrix(old)})
    last = compute(known, TREE, small_method(imputation=Imputation("last-year")))
    assert last.prepared.values[2, 2] == older[2, 2]
    assert last.prepared.values[5, 3] == old[5, 3]
    near = small_method(imputation=Imputation("last-year", reach=1))
    assert np.isnan(compute(known, TREE, near).prepared.values[2, 2])
    between = replace(matrix(), other_years={2020: matrix(older), 2026: matrix(WHOLE)})
    line = compute(between, TREE, small_method(imputation=Imputation("linear")))
    assert line.prepared.values[2, 2] == pytest.approx(19.9 + 0.1 * 4 / 6, rel=1e-14)
    with pytest.raises(DataError, match="needs the figures of other years; give a table"):
        scored(imputation=Imputation("linear"))


# ------------------------------------------------------------------- treatment, normalisation ----


def test_each_treatment_is_the_steps_own() -> None:
    far = WHOLE.copy()
    far[0, 4] = 9000.0
    nobody = np.zeros(5, dtype=bool)
    box_cox = Transform("boxcox", 0.5, mirrored=False)
    by_hand = {
        Treatment("coinr", points=1): coinr_treatment(far, points=1, exempt=nobody),
        Treatment("eis"): eis_treatment(far, skewness_limit=1.0, exempt=nobody),
        Treatment("log-ct"): transformation(far, LOG_CT, exempt=nobody),
        Treatment("log-ct-orig"): transformation(far, LOG_CT_ORIG, exempt=nobody),
        Treatment("log-gii"): transformation(far, LOG_GII, exempt=nobody),
        Treatment("log-gii", parameter=3.0): transformation(
            far, LOG_GII._replace(parameter=3.0), exempt=nobody
        ),
        Treatment("box-cox", parameter=0.5): transformation(far, box_cox, exempt=nobody),
    }
    for rule, wanted in by_hand.items():
        found = scored(far, treatment=rule).treated
        np.testing.assert_array_equal(found.values, wanted.values)
        assert found.form.tolist() == wanted.form.tolist()


def test_one_indicator_has_its_own_treatment_and_normalisation() -> None:
    method = {
        "treatment_of": {"1.1.1": Treatment("log-ct")},
        "normalisation_of": {"2.1.1": Normalisation("rank")},
    }
    plain, found = scored(WHOLE), scored(WHOLE, **method)
    nobody = np.zeros(5, dtype=bool)
    logs = transformation(WHOLE, LOG_CT, exempt=nobody).values
    np.testing.assert_array_equal(found.treated.values[:, 0], logs[:, 0])
    np.testing.assert_array_equal(found.treated.values[:, 1:], plain.treated.values[:, 1:])
    assert found.normalised[:, 3].tolist() == [5, 1, 3, 4, 6, 2]
    np.testing.assert_array_equal(found.normalised[:, 1:3], plain.normalised[:, 1:3])


def test_who_is_exempt_stays_as_it_is() -> None:
    found = scored(WHOLE, treatment=Treatment("log", exempt=("1.1.1",)))
    assert found.treated.form.tolist() == ["none", "log", "log", "log", "log"]


def test_a_box_cox_of_what_is_not_above_zero_is_refused_by_name() -> None:
    values = WHOLE.copy()
    values[0, 3] = 0
    with pytest.raises(DataError, match=r"not above zero, as Box–Cox needs, in 2\.1\.1;"):
        scored(values, treatment=Treatment("box-cox", parameter=0))


def test_a_constant_indicator_scores_what_is_stated() -> None:
    values = WHOLE.copy()
    values[:, 2] = 7
    found = scored(values, normalisation=Normalisation(constant=50))
    assert found.normalised[:, 2].tolist() == [50.0] * 6


def test_a_reference_that_is_not_there() -> None:
    rule = Normalisation("distance-to-reference", reference="99")
    with pytest.raises(DataError, match="normalisation names 99"):
        scored(WHOLE, normalisation=rule)


def test_a_frozen_treatment_is_applied_as_it_was() -> None:
    first = scored(WHOLE, treatment=Treatment("log"))
    treated = first.treated
    assert treated.parameter is not None
    frozen = {
        code: FrozenTreatment(
            str(treated.form[j]), treated.low[j], treated.high[j], treated.side[j]
        )
        for j, code in enumerate(TREE.codes)
    }
    posts = {c: Goalposts(first.worst[j], first.best[j]) for j, c in enumerate(TREE.codes)}
    again = compute(matrix(WHOLE), TREE, small_method(treatment_of=frozen, goalposts=posts))
    np.testing.assert_array_equal(again.score, first.score)


# ------------------------------------------------------------------------------------ weights ----


def test_derived_weights_are_the_steps_own_and_are_recorded() -> None:
    x = scored(WHOLE).normalised[:, 3:]
    judged = ((1.0, 3.0), (1 / 3, 1.0))
    by_hand = {
        Weighting("entropy"): entropy_weights(x),
        Weighting("critic"): critic_weights(x),
        Weighting("pca"): pca_weights(x).weights,
        Weighting("balanced"): balanced_weights(x).weights,
        Weighting("factor"): factor_weights(x, 1).weights,
    }
    for rule, wanted in by_hand.items():
        method = small_method(weighting={"subpillar": rule})
        outcome = small_outcome(WHOLE, framework=TREE, method=method, matrix=matrix(WHOLE))
        scores = outcome.scores
        at = [scores.column(code) for code in ("2.1.1", "2.1.2")]
        np.testing.assert_allclose(scores.local[0, at], wanted, rtol=1e-15)
        np.testing.assert_allclose(scores.score[:, scores.column("2.1")], x @ wanted, rtol=1e-13)
        table = weights_table(outcome).set_index("node")
        assert table.loc["2.1.1", "weight"] == pytest.approx(wanted[0], rel=1e-14)
        assert scores.contribution.sum(axis=1) == pytest.approx(scores.score[:, 0], rel=1e-13)
    ahp = Weighting("ahp", judgements={"1.1": judged, "2.1": judged})
    found = scored(WHOLE, weighting={"subpillar": ahp})
    wanted = ahp_weights(np.array(judged)).weights
    assert found.local[0, found.column("2.1.1")] == pytest.approx(wanted[0], rel=1e-14)
    budget = Weighting("budget", judgements={"1.1": ((5, 5),), "2.1": ((8, 2), (6, 4))})
    found = scored(WHOLE, weighting={"subpillar": budget})
    assert found.local[0, found.column("2.1.1")] == pytest.approx(0.7, rel=1e-14)


def test_a_negative_weight_is_refused_by_name() -> None:
    values = WHOLE.copy()
    values[:, 4] = -(values[:, 3] ** 3)
    with pytest.raises(DataError, match=r"under 2\.1 by pca: 2\.1\.2 would weigh negatively"):
        scored(values, weighting={"subpillar": Weighting("pca")})


def test_benefit_of_the_doubt_weighs_each_province_its_own_way() -> None:
    rule = Weighting("benefit-of-the-doubt", low=0.2, high=0.8)
    found = scored(WHOLE, weighting={"subpillar": rule})
    own = benefit_of_the_doubt(found.normalised[:, 3:], 0.2, 0.8)
    column = found.column("2.1")
    np.testing.assert_allclose(found.score[:, column], 100 * own.scores, rtol=1e-12)
    assert np.isnan(found.contribution).all()
    shares = found.local[:, [found.column("2.1.1"), found.column("2.1.2")]]
    assert ((shares > 0.2 - 1e-9) & (shares < 0.8 + 1e-9)).all()
    values = WHOLE.copy()
    values[0, 4] = np.nan
    with pytest.raises(DataError, match="needs every score, and 01 lacks one"):
        scored(values, weighting={"subpillar": rule})


# -------------------------------------------------------------------------------- aggregation ----


def test_each_aggregation_is_the_steps_own() -> None:
    everybody, ones = np.ones(6, dtype=bool), np.ones(2)
    base = scored(WHOLE, normalisation=FROM_ONE)
    x = base.score[:, [base.column("input"), base.column("output")]]
    beats = outranking(x, ones, tolerance=1e-9)
    orders = kemeny(beats, tolerance=1e-9).orders
    by_hand = {
        Aggregation("median"): weighted_median(x, ones, published=everybody),
        Aggregation("minimum"): minimum(x, ones, published=everybody),
        Aggregation("mpi"): mazziotta_pareto(x, ones, downward=True, published=everybody),
        Aggregation("owa", order=(1.0, 3.0)): owa(x, np.array([1.0, 3.0]), published=everybody),
        Aggregation("copeland"): copeland(beats, tolerance=1e-9),
        Aggregation("kemeny"): 5 - np.argsort(orders, axis=1).mean(axis=0),
    }
    for rule, wanted in by_hand.items():
        method = {"aggregation": {**powers(), "index": rule}}
        found = scored(WHOLE, normalisation=FROM_ONE, **method)
        np.testing.assert_array_equal(found.score[:, 0], wanted, err_msg=rule.rule)
        assert np.isnan(found.contribution).all()


def test_a_province_that_is_not_published_beats_nobody() -> None:
    """92 lacks the whole output: under Copeland it has no index, and the others are compared."""
    found = scored(aggregation={**powers(), "index": Aggregation("copeland")})
    assert np.isnan(found.score[5, 0])
    assert sorted(found.rank[:5, 0].tolist()) == [1, 2, 3, 4, 5] or len(set(found.rank[:5, 0])) < 5


# ---------------------------------------------------------------------- ranks and strengths ------


def test_ties_are_ranked_as_chosen() -> None:
    values = WHOLE.copy()
    values[1] = values[0]
    places = {
        rule: np.sort(scored(values, ties=Ties(rule)).rank[:, 0]).tolist()  # type: ignore[arg-type]
        for rule in ("competition", "dense", "average")
    }
    assert places["competition"] == [1, 1, 3, 4, 5, 6] or 2 not in places["competition"]
    assert max(places["dense"]) == 5
    assert any(place % 1 == 0.5 for place in places["average"])


def test_ranks_within_a_group() -> None:
    method = small_method(ties=Ties(within="REG"))
    outcome = small_outcome(WHOLE, framework=TREE, method=method, matrix=matrix(WHOLE))
    table = group_ranks_table(outcome)
    assert table["of"].tolist() == [3] * 6
    index = outcome.scores.score[:, 0]
    north = np.argsort(np.argsort(-index[:3])) + 1
    assert table["rank"].tolist()[:3] == north.tolist()


def test_strengths_by_each_rule() -> None:
    for rule in (
        Strengths("pii", count=1),
        Strengths("gii", count=1),
        Strengths("group", group="REG"),
    ):
        method = small_method(strengths=rule)
        outcome = small_outcome(WHOLE, framework=TREE, method=method, matrix=matrix(WHOLE))
        table = strengths_table(outcome)
        assert set(table["side"]) == {"strength", "weakness"}
    best = strengths_table(
        small_outcome(WHOLE, framework=TREE, method=small_method(strengths=Strengths(count=1)))
    )
    own = best[(best["province"] == "79") & (best["side"] == "strength")]
    assert own["indicator"].tolist() == ["2.1.1"]
    none = small_method(strengths=Strengths("none"))
    assert strengths_table(small_outcome(WHOLE, framework=TREE, method=none)).empty


# ------------------------------------------------------------------------------------ refusals ---

IMPOSSIBLE = {
    "imputation: group-mean needs a group": lambda: Imputation("group-mean"),
    "imputation: mean takes no group": lambda: Imputation("mean", group="REG"),
    "imputation: row-mean needs a level": lambda: Imputation("row-mean"),
    "screening: rule none takes nothing else": lambda: Screening(present=0.5),
    "01 is forced both in and out": lambda: Screening(
        "availability", force_in=("01",), force_out=("01",)
    ),
    "scale is a number above 0": lambda: Denomination("POP", 0),
    "points are a whole number": lambda: Treatment("gii", points=2.5),
    "the parameter of log-gii is above 1": lambda: Treatment("log-gii", parameter=0.5),
    "distance-to-reference needs a reference": lambda: Normalisation("distance-to-reference"),
    "constant is a finite score, and none for rank": lambda: Normalisation("rank", constant=1),
    "bounds must rise": lambda: Normalisation("categories", bounds=(0.5, 0.4), scores=(1, 2, 3)),
    "ahp needs judgements": lambda: Weighting("ahp"),
    "pca takes no judgements": lambda: Weighting("pca", judgements={"1": ((1.0,),)}),
    "owa needs an order": lambda: Aggregation("owa"),
    "power takes no order": lambda: Aggregation(order=(1.0,)),
    "group needs a group": lambda: Strengths("group"),
    "there is no rule 'pca2'": lambda: Weighting("pca2"),
    "there is no rule 'mean'": lambda: Aggregation("mean"),
    "must be an? Aggregation": lambda: small_method(aggregation={"index": 1.0}),
    "benefit of the doubt is a weighted sum": lambda: small_method(
        weighting={"index": Weighting("benefit-of-the-doubt")},
        aggregation={**powers(), "index": Aggregation("median")},
    ),
    "low and high are shares": lambda: Weighting("benefit-of-the-doubt", low=0.5, high=0.5),
    "take out one of the two": lambda: small_method(
        goalposts={"1.1.1": Goalposts(0, 10)}, treatment_of={"1.1.1": Treatment("log")}
    ),
    "of scores by borda, which reach zero": lambda: small_method(
        aggregation=powers(pillar=0),
        normalisation=FROM_ONE,
        normalisation_of={"1.1.1": Normalisation("borda")},
    ),
}


@pytest.mark.parametrize("said", IMPOSSIBLE)
def test_the_impossible_is_refused_at_birth(said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        IMPOSSIBLE[said]()


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"denomination": {"9": Denomination("POP")}}, "denomination: the framework has no 9"),
        (
            {"denomination": {"1.1.1": Denomination("GDP")}},
            r"no denominator variable GDP \(it has POP\)",
        ),
        (
            {"imputation": Imputation("group-mean", group="POP")},
            r"imputation: the framework has no group variable POP \(it has REG\)",
        ),
        (
            {"imputation": Imputation("row-mean", level="dimension")},
            "the framework has no level dim",
        ),
        ({"treatment_of": {"1.1": Treatment()}}, r"treatment_of: the framework has no 1\.1"),
        ({"treatment": Treatment(exempt=("x",))}, "treatment: the framework has no x"),
        (
            {"normalisation": Normalisation("distance-to-target")},
            r"1\.1\.1 has no target; give it one",
        ),
        ({"weighting": {"theme": Weighting("pca")}}, "weighting: the framework has no level theme"),
        (
            {"weighting": {"index": Weighting("pca")}, "weights": {"input": 2.0}},
            "the weight of input is given, but the children of PII are weighted by pca",
        ),
        (
            {"aggregation": {**powers(), "index": Aggregation("owa", order=(1, 1, 1))}},
            "PII has 2 children, but the order of index has 3 weights",
        ),
        (
            {"weighting": {"index": Weighting("ahp", judgements={"PII": ((1.0,),)})}},
            "the judgements of PII need rows of 2 numbers",
        ),
        (
            {"weighting": {"index": Weighting("benefit-of-the-doubt", low=0.6)}},
            "no shares of the 2 children of PII sum to 1",
        ),
        ({"ties": Ties(within="POP")}, "ties: the framework has no group variable POP"),
    ],
)
def test_what_the_framework_lacks_is_refused(choices: dict[str, object], said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        scored(WHOLE, **choices)


# ------------------------------------------------------------------- frameworks of any shape -----


def lopsided() -> Framework:
    """An indicator directly beneath the index, a pillar of indicators beside one of sub-pillars."""
    groups = [
        ("X", "index", None), ("A", "pillar", "X"), ("B", "pillar", "X"), ("B.1", "subpillar", "B"),
    ]  # fmt: skip
    return small_framework(
        groups=tuple(Group(c, level, up, c, c, "verified") for c, level, up in groups),
        indicators=(
            small_indicator("0", "X"),
            small_indicator("A.1", "A"),
            small_indicator("A.10", "A", direction="lower"),
            small_indicator("B.1.1", "B.1"),
            small_indicator("B.2", "B"),
        ),
        levels=("index", "pillar", "subpillar", "indicator"),
    )


def test_an_unbalanced_tree_with_half_weights_by_hand() -> None:
    levels = ("index", "pillar", "subpillar")
    method = Method(
        aggregation=dict.fromkeys(levels, Aggregation()),
        coverage=dict.fromkeys(levels, Coverage(0, 1)),
        weights={"0": 0.5, "A.10": 0.5},
    )
    found = compute(matrix_of(WHOLE, PROVINCES, lopsided()), lopsided(), method)
    y = found.normalised
    a, b = (y[:, 1] + y[:, 2] / 2) / 1.5, (y[:, 3] + y[:, 4]) / 2
    np.testing.assert_allclose(found.score[:, found.column("A")], a, rtol=1e-14)
    np.testing.assert_allclose(found.score[:, 0], (y[:, 0] / 2 + a + b) / 2.5, rtol=1e-14)
    assert y[1, 2] == 100  # 12.5, and lower is better there


@pytest.mark.parametrize("depth", [1, 6])
def test_any_depth(depth: int) -> None:
    levels = tuple(f"level{k}" for k in range(depth))
    groups = tuple(
        Group(f"G{k}", level, f"G{k - 1}" if k else None, "g", "g", "verified")
        for k, level in enumerate(levels)
    )
    parent = f"G{depth - 1}"
    structure = small_framework(
        groups=groups,
        levels=(*levels, "indicator"),
        indicators=(small_indicator("a", parent), small_indicator("b", parent)),
    )
    method = Method(
        aggregation=dict.fromkeys(levels, Aggregation()),
        coverage=dict.fromkeys(levels, Coverage(0, 1)),
    )
    found = compute(matrix_of(WHOLE[:, :2], PROVINCES, structure), structure, method)
    for code in structure.bottom_up:
        np.testing.assert_allclose(
            found.score[:, found.column(code)], found.normalised.mean(axis=1), rtol=1e-14
        )


# -------------------------------------------------------------------------- file, words, runs ----


def rich() -> Method:
    """A method that makes use of everything."""
    return small_method(
        screening=Screening("availability", present=0.5, force_in=("92",)),
        denomination={"2.1.2": Denomination("POP", 1000.0)},
        imputation=Imputation("group-mean", group="REG", counts=True),
        treatment=Treatment("coinr", points=0.15, exempt=("1.1.1",)),
        treatment_of={
            "1.2.1": Treatment("box-cox", parameter=0.5),
            "2.1.1": FrozenTreatment("log", 0.0, 10.0, parameter=None),
        },
        normalisation=Normalisation(scale=(1.0, 100.0), constant=50.0),
        normalisation_of={
            "1.1.2": Normalisation("distance-to-target", targets={"1.1.2": 0.1}, capped=False)
        },
        weights={"1": 0.5},
        weighting={
            "subpillar": Weighting(
                "ahp", judgements={"1.1": ((1.0, 2.0), (0.5, 1.0)), "2.1": ((1.0, 1.0), (1.0, 1.0))}
            )
        },
        aggregation={**powers(), "index": Aggregation("owa", order=(1.0, 2.0))},
        ties=Ties("average", 1e-6, "REG"),
        strengths=Strengths("gii", 2, 1),
    )


def test_everything_comes_back_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "edition.yaml"
    for written in (edition_bytes, edition_json):
        path.write_bytes(written(TREE, rich()))
        assert load_edition(path) == (TREE, rich())


def test_everything_has_words() -> None:
    for lang in ("vi", "en"):
        rows = method_rows(TREE, rich(), lang)  # type: ignore[arg-type]
        text = "\n".join(f"{choice}: {rule} [{basis}]" for choice, rule, basis in rows)
        assert "{" not in text
        for wanted in (
            "REG", "2.1.2 / POP", "pii.steps.impute.filled_by_column", "Box–Cox, λ = 0",
            "pii.steps.treat.coinr_treatment", "15 %", "pii.steps.weigh.ahp_weights",
            "pii.steps.aggregate.owa", "pii.steps.rank.average_rank", "pii.steps.strengths.gii",
        ):  # fmt: skip
            assert wanted in text, wanted


def test_every_formula_named_exists() -> None:
    from importlib import import_module

    from pii.report.words import _FORMULAS

    for rules in _FORMULAS.values():
        for name in rules.values():
            module, _, function = name.partition(".")
            assert callable(getattr(import_module(f"pii.steps.{module}"), function))


def pii(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def _table(path: Path, values: Array) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["province", *TREE.codes, "POP", "REG"])
        for i, province in enumerate(PROVINCES):
            cells = ["" if np.isnan(x) else x for x in values[i]]
            table.writerow([province, *cells, BESIDE["POP"][i], BESIDE["REG"][i]])
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition that makes use of everything, its table, and a run of both."""
    where = tmp_path_factory.mktemp("rich")
    (where / "edition.yaml").write_bytes(edition_bytes(TREE, rich()))
    _table(where / "values.csv", small_values())
    made = pii(
        "run", where / "values.csv", "--framework", where / "edition.yaml", "--out", where / "run",
        "--charts", "none", "--lang", "en",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    return where


def test_a_run_with_every_choice_is_told_and_proved(folder: Path) -> None:
    tables = {path.stem for path in (folder / "run" / "tables").iterdir()}
    assert tables >= {
        "prepared", "screening", "variables", "weights", "strengths", "group_ranks"
    }  # fmt: skip
    book = load_workbook(folder / "run" / "results.xlsx")
    with (folder / "run" / "tables" / "strengths.csv").open(encoding="utf-8", newline="") as file:
        sides = {(row["province"], row["indicator"]) for row in csv.DictReader(file)}
    told = {
        (row[1].value, line.split()[0])
        for row in book["Strengths, weaknesses"].iter_rows()
        if row[1].value in PROVINCES
        for cell in row[2:4]
        for line in str(cell.value or "").splitlines()
    }
    assert told == sides != set()
    with (folder / "run" / "tables" / "group_ranks.csv").open(encoding="utf-8", newline="") as file:
        ranks = {row["province"]: row["group"] for row in csv.DictReader(file)}
    league = [[cell.value for cell in row] for row in book["League table"].iter_rows()]
    assert {row[1]: row[-2] or "" for row in league if row[1] in PROVINCES} == ranks
    proved = pii("verify", folder / "run", "--lang", "en")
    assert proved.exit_code == 0, proved.output
    told = pii("explain", folder / "run", "31", "1.2.1", "--lang", "en")
    assert "Estimate" in told.output
    assert "(group-mean)" in told.output
    divided = pii("explain", folder / "run", "01", "2.1.2", "--lang", "en")
    assert "15,000 (/ POP)" in divided.output


def test_a_preview_refuses_what_hangs_on_everybody(folder: Path) -> None:
    refused = pii("preview", folder / "values.csv", "--against", folder / "run", "--lang", "en")
    assert refused.exit_code != 0
    assert "depends on all provinces at once" in refused.output


def test_a_run_reads_other_years_keeps_them_and_is_proved_with_them(folder: Path) -> None:
    edition, run = folder / "years.yaml", folder / "years"
    edition.write_bytes(edition_bytes(TREE, small_method(imputation=Imputation("last-year"))))
    older = _table(folder / "older.csv", np.round(WHOLE - 0.1, 9))
    given = ("run", folder / "values.csv", "--framework", edition, "--charts", "none")
    lacking = pii(*given, "--out", run)
    assert lacking.exit_code != 0
    assert "--other-year YEAR=TABLE" in lacking.output
    year = ("--other-year", f"2020={older}")
    made = pii(*given, "--out", run, *year, "--lang", "en")
    assert made.exit_code == 0, made.output
    with (run / "tables" / "indicators.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["province"], row["indicator"]): row for row in csv.DictReader(file)}
    filled = {key: float(r["prepared"]) for key, r in rows.items() if r["imputed"] == "True"}
    gaps = np.argwhere(np.isnan(small_values())).tolist()
    assert filled == {(PROVINCES[i], TREE.codes[j]): round(WHOLE[i, j] - 0.1, 9) for i, j in gaps}
    assert pii("verify", run).exit_code == 0
    (run / "inputs" / "other-years" / "2020" / "older.csv").write_bytes(b"province")
    assert "other-years/2020/older.csv" in pii("verify", run).output


def test_other_years_that_nothing_reads_or_that_are_wrong_are_refused(folder: Path) -> None:
    edition = folder / "unread.yaml"
    edition.write_bytes(edition_bytes(TREE, small_method()))
    older = _table(folder / "unread.csv", WHOLE)
    given = ("run", folder / "values.csv", "--out", folder / "no", "--lang", "en")
    framework = ("--framework", edition)
    unread = pii(*given, *framework, "--other-year", f"2020={older}")
    assert "the imputation none reads no other years" in unread.output
    for said, why in (
        ("2020", "is no YEAR=TABLE"), (f"20={older}", "is no YEAR=TABLE"),
        ("2020=nowhere.csv", "no such file"), (f"2020={folder}", "is a folder; name the table"),
    ):  # fmt: skip
        refused = pii(*given, *framework, "--other-year", said)
        assert refused.exit_code != 0
        assert why in refused.output
    twice = pii(*given, *framework, *("--other-year", f"2020={older}") * 2)
    assert "2020 is named twice" in twice.output
    bad = folder / "bad.csv"
    bad.write_text(older.read_text("utf-8").replace("120", "many", 1), "utf-8")
    edition.write_bytes(edition_bytes(TREE, small_method(imputation=Imputation("last-year"))))
    stopped = pii(*given, *framework, "--other-year", f"2020={bad}")
    assert stopped.exit_code == 3
    assert "bad.csv" in stopped.output
    assert not (folder / "no").exists()


def test_goalposts_are_taken_from_a_run(folder: Path) -> None:
    own = small_method(treatment=Treatment("log"))
    edition = folder / "first.yaml"
    edition.write_bytes(edition_bytes(TREE, own))
    run = folder / "first"
    made = pii(
        "run", folder / "values.csv", "--framework", edition, "--out", run, "--charts", "none"
    )
    assert made.exit_code == 0, made.output
    text = edition.read_text("utf-8").replace("goalposts: {}", "goalposts: {from: first}")
    text = (
        text
        if "from: first" in text
        else text.replace("goalposts:\n", "goalposts:\n    from: first\n")
    )
    (folder / "second.yaml").write_text(text, "utf-8")
    framework, method = load_edition(folder / "second.yaml")
    assert set(method.goalposts) == set(TREE.codes)
    assert {type(rule) for rule in method.treatment_of.values()} == {FrozenTreatment}
    first = compute(matrix(), TREE, own)
    np.testing.assert_array_equal(compute(matrix(), framework, method).score, first.score)
    (folder / "third.yaml").write_text(text.replace("from: first", "from: nowhere"), "utf-8")
    with pytest.raises(DefinitionError, match=r"third\.yaml, line \d+, .*treatment\.csv cannot be"):
        load_edition(folder / "third.yaml")


def test_a_preview_divides_and_weighs_as_the_run_did(folder: Path) -> None:
    method = small_method(
        denomination={"2.1.2": Denomination("POP", 1000.0)},
        treatment=Treatment("box-cox", parameter=0.5),
        weighting={"subpillar": Weighting("entropy")},
        ties=Ties("dense"),
    )
    edition, run = folder / "plain.yaml", folder / "plain"
    edition.write_bytes(edition_bytes(TREE, method))
    arguments = ("--framework", edition, "--out", run, "--charts", "none")
    made = pii("run", folder / "values.csv", *arguments)
    assert made.exit_code == 0, made.output
    lines = (folder / "values.csv").read_text("utf-8").splitlines()
    one = folder / "one.csv"
    one.write_text("\n".join((lines[0], lines[4])), "utf-8")  # 48
    seen = pii("preview", one, "--against", run, "--lang", "en", "--out", folder / "p.html")
    assert seen.exit_code == 0, seen.output
    with (run / "tables" / "scores.csv").open(encoding="utf-8", newline="") as file:
        recorded = {(r["province"], r["node"]): r["score"] for r in csv.DictReader(file)}
    assert f"{float(recorded['48', 'PII']):.2f}" in seen.output


def test_average_ranks_are_printed_whole_and_half(folder: Path) -> None:
    with (folder / "run" / "tables" / "group_ranks.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["group"] for row in rows} == {"N", "S"}


assert LEVELS  # the levels of the small edition, which `powers` names
