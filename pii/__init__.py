"""Viet Nam's Provincial Innovation Index: from workbooks to a ranking that can be proved again.

The public API, for notebooks and scripts::

    import pii

    framework, method = pii.load_edition("data/open-2022/edition.yaml")
    submissions, findings = pii.read_submissions("data/open-2022/figures.csv", framework)
    matrix = pii.assemble(submissions, framework)
    scores = pii.compute(matrix, framework, method)
    provinces = pii.province_list(framework)
    pii.league_table(pii.Outcome(framework, method, provinces, matrix, scores, findings), "en")

Names are loaded when they are first used, so that `pii --help` need not wait for numpy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pii.audit.fitting import fitted as fitted
    from pii.audit.plan import plan_of as plan_of
    from pii.audit.sensitivity import sensitivity as sensitivity
    from pii.audit.uncertainty import uncertainty as uncertainty
    from pii.framework import Framework as Framework
    from pii.intake.definition import load_edition as load_edition
    from pii.intake.definition import load_framework as load_framework
    from pii.intake.registry import provinces_on as provinces_on
    from pii.intake.registry import published_ranks as published_ranks
    from pii.intake.spread import load_spread as load_spread
    from pii.matrix import Matrix as Matrix
    from pii.matrix import assemble as assemble
    from pii.matrix import matrix_of as matrix_of
    from pii.method import Method as Method
    from pii.pipeline import Outcome as Outcome
    from pii.pipeline import Scores as Scores
    from pii.pipeline import compute as compute
    from pii.pipeline import effective_weights as effective_weights
    from pii.report.charts import pillar_heatmap as pillar_heatmap
    from pii.report.charts import pillar_profile as pillar_profile
    from pii.report.charts import ranking_chart as ranking_chart
    from pii.report.tables import agreement as agreement
    from pii.report.tables import findings_table as findings_table
    from pii.report.tables import framework_table as framework_table
    from pii.report.tables import indicators_table as indicators_table
    from pii.report.tables import league_table as league_table
    from pii.report.tables import scores_table as scores_table
    from pii.report.tables import treatment_table as treatment_table
    from pii.scoring import province_list as province_list
    from pii.scoring import read_submissions as read_submissions
    from pii.scoring import score as score
    from pii.spread import MeasurementError as MeasurementError
    from pii.spread import Spread as Spread
    from pii.spread import VariedWeights as VariedWeights
    from pii.store import read_run as read_run

_HOME = {
    "MeasurementError": "spread",
    "Spread": "spread",
    "VariedWeights": "spread",
    "fitted": "audit.fitting",
    "load_spread": "intake.spread",
    "plan_of": "audit.plan",
    "sensitivity": "audit.sensitivity",
    "uncertainty": "audit.uncertainty",
    "Framework": "framework",
    "Matrix": "matrix",
    "Method": "method",
    "Outcome": "pipeline",
    "Scores": "pipeline",
    "agreement": "report.tables",
    "assemble": "matrix",
    "compute": "pipeline",
    "effective_weights": "pipeline",
    "findings_table": "report.tables",
    "framework_table": "report.tables",
    "indicators_table": "report.tables",
    "league_table": "report.tables",
    "load_edition": "intake.definition",
    "load_framework": "intake.definition",
    "matrix_of": "matrix",
    "pillar_heatmap": "report.charts",
    "pillar_profile": "report.charts",
    "province_list": "scoring",
    "provinces_on": "intake.registry",
    "published_ranks": "intake.registry",
    "ranking_chart": "report.charts",
    "read_run": "store",
    "read_submissions": "scoring",
    "score": "scoring",
    "scores_table": "report.tables",
    "treatment_table": "report.tables",
}

__all__ = sorted(_HOME)
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"pii.{_HOME[name]}"), name)
    raise AttributeError(f"module 'pii' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
