"""Every output of an audit as (name, bytes), in a stable order, whoever computes it."""

from collections.abc import Iterator

from pii.audit.sensitivity import Sensitivity
from pii.audit.uncertainty import Uncertainty
from pii.audit.unsampled import Unsampled
from pii.framework import Language
from pii.pipeline import Outcome
from pii.report.audit.charts import audit_charts
from pii.report.audit.page import audit_page
from pii.report.audit.tables import audit_tables
from pii.report.audit.workbook import audit_workbook
from pii.report.tables import csv_bytes


def audit_files(
    outcome: Outcome,
    found: Unsampled,
    uncertainty: Uncertainty,
    sensitivity: Sensitivity | None,
    lang: Language,
) -> Iterator[tuple[str, bytes]]:
    """Tables, charts, audit.xlsx and audit.html; the bytes depend on nothing but the arguments."""
    given = (outcome, found, uncertainty, sensitivity)
    for name, frame in audit_tables(*given).items():
        yield f"tables/{name}.csv", csv_bytes(frame)
    charts: dict[str, bytes] = {}
    for name, data in audit_charts(*given, lang):
        yield f"charts/{name}", data
        if name.endswith(".svg"):
            charts[name.removesuffix(".svg")] = data
    yield "audit.xlsx", audit_workbook(*given, lang)
    yield "audit.html", audit_page(*given, lang, charts)
