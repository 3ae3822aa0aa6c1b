"""A method is one frozen value: refused where it makes no sense, told in words, compared."""

import pickle
from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from click.testing import CliRunner

from pii.cli import main
from pii.errors import DataError, DefinitionError
from pii.framework import Framework
from pii.intake.definition import edition_bytes, load_edition, method_differences
from pii.method import Coverage, Goalposts, Method, Normalisation, NormalisationRule, Treatment
from pii.pipeline import compute
from pii.preview.reference import reference_of
from pii.report.words import method_rows
from tests.small import powers, small_framework, small_method, small_outcome, small_values

ROOT = Path(__file__).resolve().parents[1]
RULES = get_args(NormalisationRule)
TARGETS = {"1.1.1": 9.0, "1.1.2": 0.3, "1.2.1": 70.0, "2.1.1": 3.0, "2.1.2": 100.0}
NEEDED = {"distance-to-reference": {"reference": "01"}, "distance-to-target": {"targets": TARGETS}}
ZERO = dict.fromkeys(("1.1.1", "1.1.2", "1.2.1", "2.1.1", "2.1.2"), 0.0)


def test_it_cannot_be_changed_and_travels() -> None:
    method = small_method(weights={"1.1": 2.0})
    with pytest.raises(FrozenInstanceError, match="cannot assign"):
        method.treatment = Treatment("gii")  # type: ignore[misc]
    with pytest.raises(TypeError, match="item assignment"):
        method.weights["1.1"] = 3.0  # type: ignore[index]
    assert pickle.loads(pickle.dumps(method)) == method
    assert hash(method) == hash(replace(method))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda: Treatment("winsor"), "there is no rule 'winsor'; choose none, gii"),
        (
            lambda: Normalisation("zscore"),
            "there is no rule 'zscore'; choose none, upwards, min-max",
        ),
        (lambda: Normalisation("z-score", sd=0), "sd finite and above 0"),
        (lambda: Treatment("gii", skewness=float("nan")), "skewness must be above 0"),
        (lambda: Normalisation(scale=(1, 1)), "the scale must rise"),
        (lambda: Goalposts(1, 1), "two different numbers"),
        (lambda: Coverage(1.5, 1), "share lies between 0 and 1"),
        (lambda: small_method(goalposts={"1.1.1": (0, 1)}), "must be a Goalposts"),
        (
            lambda: small_method(
                goalposts={"1.1.1": Goalposts(0, 1)}, normalisation=Normalisation("rank")
            ),
            "goalposts are fixed, but normalisation is rank",
        ),
        (
            lambda: small_method(
                aggregation=powers(index=0),
                normalisation=Normalisation("z-score"),
            ),
            "cannot be a mean of power 0 of scores by z-score",
        ),
        (
            lambda: small_method(
                aggregation=powers(index=2),
                normalisation=Normalisation(scale=(-1, 1)),
            ),
            "below zero",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_at_birth(change: object, said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        change()  # type: ignore[operator]


def by(rule: str, **more: object) -> Normalisation:
    """A normalisation with what the rule cannot do without."""
    return Normalisation(rule, **NEEDED.get(rule, {}), **more)  # type: ignore[arg-type]


def scores_of(rule: str, framework: Framework | None = None) -> np.ndarray:
    method = small_method(normalisation=by(rule))
    return small_outcome(framework=framework or small_framework(), method=method).scores.normalised


def test_each_normalisation_reaches_the_scores() -> None:
    """By hand on 1.1.2, lower is better: 0.3, 0.9, 0.45, 0.2, 0.6, 0.5."""
    x = small_values()[:, 1]
    order = np.argsort(np.argsort(-x)) + 1.0
    by_hand = {
        "none": x,
        "min-max": 100 * (0.9 - x) / (0.9 - 0.2),
        "z-score": (x.mean() - x) / x.std(ddof=1),
        "rank": order,
        "borda": order - 1,
        "percentile": (order - 1) / 5,
        "distance-to-best": 1 - (x - 0.2) / (0.9 - 0.2),
        "fraction-of-best": 0.2 / x,
        "upwards": -x,
        "categories": [60.0, 40.0, 60.0, 100.0, 40.0, 50.0],
        "above-below-mean": [1.0, -1.0, 0.0, 1.0, -1.0, 0.0],
        "distance-to-reference": np.minimum(1, (0.9 - x) / (0.9 - 0.3)),
        "distance-to-target": np.minimum(1, (0.9 - x) / (0.9 - 0.3)),
        "ratio-to-mean": (2.95 / 6) / x,
        "ampi": 100 + 60 * (x - 2.95 / 6) / (0.2 - 0.9),
    }
    assert set(by_hand) == set(RULES)
    # The outcome's rows are sorted by province; the small values are given in that order.
    for rule, wanted in by_hand.items():
        assert scores_of(rule)[:, 1] == pytest.approx(wanted, abs=1e-12), rule


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule not in ("none", "upwards")])
def test_a_constant_indicator_is_refused_by_name(rule: str) -> None:
    values = small_values()
    values[:, 2] = 7
    method = small_method(normalisation=by(rule))
    with pytest.raises(DataError, match=r"^1\.2\.1: there is only one value"):
        small_outcome(values, method=method)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_rule_has_words(rule: str, lang: str) -> None:
    method = small_method(normalisation=by(rule))
    words = {choice: text for choice, text, _ in method_rows(small_framework(), method, lang)}  # type: ignore[arg-type]
    told = words["chuẩn hóa" if lang == "vi" else "normalisation"]
    others = [r for r in RULES if r != rule]
    assert told
    assert "{" not in told
    for other in others:
        again = small_method(normalisation=by(other))
        assert told not in [text for _, text, _ in method_rows(small_framework(), again, lang)]  # type: ignore[arg-type]


def test_a_share_of_points_is_told_as_a_share() -> None:
    method = small_method(treatment=Treatment("gii", points=0.15))
    words = dict(row[:2] for row in method_rows(small_framework(), method, "en"))
    assert "at most 15 % of the values" in words["treatment"]


def test_a_method_in_yaml_comes_back_equal(tmp_path: Path) -> None:
    method = small_method(
        normalisation=Normalisation("z-score", mean=100, sd=10),
        treatment=Treatment("gii", points=0.1),
    )
    path = tmp_path / "edition.yaml"
    path.write_bytes(edition_bytes(small_framework(), method))
    assert load_edition(path) == (small_framework(), method)


def test_differences_name_every_choice() -> None:
    one = small_method(weights={"1.1": 1.0})
    other = replace(
        one,
        normalisation=Normalisation("rank"),
        weights={"1.1": 1.0, "1.2": 0.5},
        aggregation=powers(index=2),
    )
    assert method_differences(one, one) == []
    assert method_differences(one, other) == [
        ("normalisation.rule", "min-max", "rank"),
        ("aggregation.index.power", 1.0, 2.0),
        ("weights.1.2", 1.0, 0.5),
    ]


def test_the_command_prints_and_compares() -> None:
    run = CliRunner().invoke
    printed = run(main, ["method", "--framework", str(ROOT / "indicators.yaml"), "--lang", "en"])
    assert printed.exit_code == 0
    assert "normalisation: Min-max: the worst goalpost scores 0, the best 100" in printed.output
    assert "assumed: treatment: How PII treats" not in printed.output
    assert "GII practice is used" in printed.output
    paths = [str(ROOT / name) for name in ("indicators.yaml", "data/open-2022/edition.yaml")]
    compared = run(main, ["method", "diff", *paths])
    assert compared.exit_code == 1
    assert compared.output == "coverage.subindex.share: 0.66 → 0.5\n"
    same = run(main, ["method", "diff", paths[0], paths[0]])
    assert (same.exit_code, same.output) == (0, "The methods are equal.\n")


def test_a_preview_refuses_a_run_whose_scores_hang_on_everybody() -> None:
    method = Method(
        aggregation=powers(),
        coverage=small_method().coverage,
        normalisation=Normalisation("rank"),
    )
    nothing = {"scores_csv": b"", "indicators_csv": b"", "treatment_csv": b""}
    with pytest.raises(DataError, match="needs a run by min-max"):
        reference_of(small_framework(), method, run="r", names=None, **nothing)


def test_zero_weights_everywhere_are_refused() -> None:
    outcome = small_outcome()
    with pytest.raises(DefinitionError, match=r"all weights under 1\.1 are zero"):
        compute(outcome.matrix, outcome.framework, small_method(weights=ZERO))
