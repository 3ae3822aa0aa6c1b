"""The live preview inside a template: LibreOffice calculates what the engine does.

`PII_LIVE_FILLS=500 pytest tests/report/test_live.py` (make proofs) tries as many random fills.
"""

import os
import shutil
import subprocess
import sys
import warnings
from dataclasses import replace
from io import BytesIO
from math import isnan, nan
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from openpyxl import load_workbook

from pii.browser import read
from pii.errors import DataError
from pii.intake import layout
from pii.intake.template import template_workbook
from pii.method import Aggregation, Normalisation
from pii.preview.estimate import preview
from pii.preview.one import Frozen
from pii.preview.reference import withheld
from pii.report.live import CODE, COVERAGE, SCORE, STATE, Movement, live_sheets
from tests.preview.test_estimate import reference_to
from tests.small import small_framework, small_list, small_method, small_outcome
from tests.workbooks import edited

FILLS = int(os.environ.get("PII_LIVE_FILLS", "20"))
BATCH = 100  # LibreOffice takes 247 files at most, and says nothing of the others
FORMS = ("winsorised", "log", "log_gii", "log_ct", "boxcox", "boxcox_shifted", "sqrt", "none")
OOR = "http://openoffice.org/2001/registry"
ALWAYS = f"""<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="{OOR}">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""
# Otherwise LibreOffice would show the stored results, which are the engine's own.

needs_libreoffice = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"
)


def reference_of_forms(seed: int):
    """A reference in which each indicator was treated in another way, on either side."""
    rng = np.random.default_rng(seed)
    framework = small_framework()
    indicators = tuple(
        replace(
            one,
            supplier="province" if j != 4 else "central",
            evidence=j == 0,
            direction="lower" if rng.random() < 0.5 else "higher",
            bounds=(0.0, 400.0) if j % 2 else (None, None),
        )
        for j, one in enumerate(framework.indicators)
    )
    power = float(rng.choice([1.0, 0.0, -1.0, 0.5]))
    method = small_method(
        aggregation={
            **dict.fromkeys(("subindex", "pillar", "subpillar"), Aggregation(power=power)),
            "index": Aggregation(),
        },
        normalisation=Normalisation("min-max", (1.0, 100.0)),
        weights={"1.1.1": 0.5, "1.2": 2.0},
    )
    table = rng.uniform(5, 300, size=(6, 5))
    outcome = small_outcome(
        table, framework=replace(framework, indicators=indicators), method=method
    )
    reference = reference_to(outcome)
    frozen = []
    for j, one in enumerate(reference.frozen):
        form = FORMS[(seed + j) % len(FORMS)]
        low, high = 20.0, 250.0
        parameter = {"log_gii": 30.0, "boxcox": 0.3, "boxcox_shifted": 0.0}.get(form, nan)
        parameter = low + high if form == "sqrt" else parameter
        side = float(rng.choice([-1.0, 1.0]))
        treated = Frozen(form, low, high, side, parameter, True, nan, nan)
        ends = sorted(_treated(x, treated) for x in ((low, high) if form != "none" else (20, 250)))
        if outcome.framework.indicators[j].direction == "lower":
            ends = ends[::-1]
        frozen.append(replace(treated, worst=ends[0], best=ends[1]) if form != "none" else one)
    return replace(reference, names=small_list(), frozen=tuple(frozen))


def _treated(x, one):
    from pii.preview.one import treated_value

    return treated_value(x, one)


def filled(data: bytes, rng: np.random.Generator, path: Path) -> None:
    """The template as a province would fill it: some cells missing, some beyond every limit."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(path.write_bytes(data) and path)
    sheet = book[layout.VALUES]
    for row in sheet.iter_rows(min_col=1, max_col=8):
        if isinstance(row[0].value, str) and row[0].value.count(".") == 2:
            if rng.random() < 0.8:
                row[6].value = float(np.round(rng.uniform(-60, 500), int(rng.integers(0, 6))))
            if rng.random() < 0.5:
                row[7].value = "QĐ 1"
    book.save(path)


def recalculated(paths: list[Path], folder: Path) -> list[Path]:
    """The same workbooks, calculated and saved by LibreOffice."""
    profile = folder / "profile/user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(ALWAYS, "utf-8")
    out = folder / "out"
    for first in range(0, len(paths), BATCH):
        subprocess.run(
            ["soffice", f"-env:UserInstallation={profile.parent.as_uri()}", "--headless",
             "--convert-to", "xlsx", "--outdir", str(out), *map(str, paths[first : first + BATCH])],
            check=True, capture_output=True, timeout=900,
        )  # fmt: skip
    return [out / path.name for path in paths]


def shown(path: Path) -> dict[str, dict[str, object]]:
    """Score, coverage and state of every node, as the sheet shows them."""
    sheet = load_workbook(path, data_only=True)[layout.LIVE]
    rows = {}
    for row in sheet.iter_rows(values_only=True):
        rows.setdefault(
            str(row[CODE]),
            {"score": row[SCORE], "coverage": row[COVERAGE], "state": row[STATE]},
        )
    cards = {str(row[0]): row[2] for row in sheet.iter_rows(max_row=14, values_only=True)}
    return {**rows, "cards": cards}


@needs_libreoffice
def test_formulas_are_the_engine(tmp_path):
    rng = np.random.default_rng(20)
    references, paths = [], []
    for k in range(FILLS):
        reference = reference_of_forms(k)
        if k % 4 == 3:
            reference = withheld(reference)
        province = small_list().provinces[3]
        live = live_sheets(reference.framework, province, {}, reference, MOVED)
        path = tmp_path / f"{k}.xlsx"
        filled(template_workbook(reference.framework, province, {}, live=live), rng, path)
        references.append(reference)
        paths.append(path)
    compared, largest = 0, 0.0
    for reference, path, again in zip(
        references, paths, recalculated(paths, tmp_path), strict=True
    ):
        result = preview(read(reference, path.read_bytes(), path.name).submission, reference)
        found = shown(again)
        for standing in result.standings:
            theirs = found[standing.node]["score"]
            if isnan(standing.score):
                assert theirs in (None, ""), (path, standing.node)
            else:
                assert theirs == pytest.approx(standing.score, rel=1e-9, abs=1e-9), (
                    path, standing.node,
                )  # fmt: skip
                compared += 1
                largest = max(largest, abs(theirs - standing.score) / max(1, abs(standing.score)))
            if standing.node not in reference.framework.codes:
                assert found[standing.node]["coverage"] == pytest.approx(standing.coverage)
        index = result.standing(reference.framework.index)
        rank = next(v for k, v in found["cards"].items() if k.startswith("Hạng"))
        if isnan(index.score):
            assert rank in (None, "")
        elif not reference.closed:
            assert rank == f"{index.rank:.0f}/{index.of}"
        low = found["cards"]["Khoảng có thể: thấp nhất"]
        if not isnan(index.score):
            floor = reference.method.normalisation.scale[0]
            assert low == pytest.approx(max(floor, index.score - MOVED.points))
    assert compared > FILLS * 5
    sys.stdout.write(f"{FILLS} fills, {compared} scores, largest difference {largest:.1e}\n")


MOVED = Movement(3.65, 0.9, 13, ("2023", "2024"), 0, 2, ("2024", "2025"))


def test_stored_results_are_the_engines_without_any_calculation():
    reference = reference_of_forms(1)
    province = small_list().provinces[3]
    live = live_sheets(reference.framework, province, {}, reference)
    data = template_workbook(reference.framework, province, {}, live=live)
    sheet = load_workbook(BytesIO(data), data_only=True)[layout.LIVE]
    stored = {str(row[CODE]): row for row in sheet.iter_rows(min_row=10, values_only=True)}
    result = preview(read(reference, data, "x.xlsx").submission, reference)
    for standing in result.standings:
        given = stored[standing.node][SCORE]
        assert given in (None, "") if isnan(standing.score) else given == standing.score
    assert stored["1.1.1"][STATE] == "thiếu giá trị"


def test_no_figure_and_no_name_of_another_province_is_in_the_bytes():
    reference = reference_of_forms(2)
    province = small_list().provinces[3]

    def parts(given):
        live = live_sheets(given.framework, province, {}, given)
        archive = ZipFile(BytesIO(template_workbook(given.framework, province, {}, live=live)))
        return b"".join(archive.read(name) for name in archive.namelist())

    # Goalposts are somebody's figures too, and are what a preview is made of.
    ends = {x for one in reference.frozen for x in (one.worst, one.best)}
    raw = [repr(x).encode() for row in reference.raw for x in row if x not in ends]
    others = (one for one in small_list() if one.code != province.code)
    names = [one.name_vi.encode() for one in others]
    k = reference.nodes.index(reference.framework.index)
    scores = {repr(row[k]).encode() for row in reference.score}
    assert any(score in parts(reference) for score in scores)  # a published run may show them
    closed = parts(withheld(reference))
    assert not any(text in closed for text in (*raw, *names))
    # Quantiles may stand on a score, but not the lowest and the highest: those are somebody's.
    for end in (min, max):
        assert repr(end(row[k] for row in reference.score)).encode() not in closed


def altered(reference, data) -> list[str]:
    """What intake says of the live preview."""
    return [f.sentence("en") for f in read(reference, data, "x.xlsx").findings if f.rule == "T206"]


@needs_libreoffice
def test_a_preview_that_another_program_saved_is_not_called_altered(tmp_path):
    reference = reference_of_forms(3)
    province = small_list().provinces[3]
    live = live_sheets(reference.framework, province, {}, reference, MOVED)
    data = template_workbook(reference.framework, province, {}, live=live)
    assert altered(reference, data) == []
    path = tmp_path / "x.xlsx"
    path.write_bytes(data)
    (again,) = recalculated([path], tmp_path)
    assert altered(reference, again.read_bytes()) == []

    def in_fifteen_digits(book):
        for row in book[layout.FROZEN].iter_rows():
            for cell in row:
                if isinstance(cell.value, float):
                    cell.value = float(f"{cell.value:.15g}")

    assert altered(reference, edited(data, in_fifteen_digits)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda book: book.remove(book[layout.LIVE]), "“Xem trước” was deleted"),
        (lambda book: book.remove(book[layout.FROZEN]), "“_moc” was deleted"),
        (lambda book: setattr(book[layout.LIVE]["D20"], "value", 99), "is no longer as it was"),
        (lambda book: setattr(book[layout.FROZEN]["G2"], "value", 99), "is no longer as it was"),
    ],
)
def test_an_altered_preview_is_noted_and_changes_nothing_else(change, said):
    reference = reference_of_forms(3)
    province = small_list().provinces[3]
    live = live_sheets(reference.framework, province, {}, reference, MOVED)
    data = template_workbook(reference.framework, province, {}, live=live)
    (found,) = altered(reference, edited(data, change))
    assert said in found
    assert read(reference, edited(data, change), "x.xlsx").submission is not None


def test_what_formulas_cannot_say_is_refused():
    reference = reference_of_forms(1)
    method = replace(
        reference.method,
        aggregation={**reference.method.aggregation, "pillar": Aggregation("median")},
    )
    with pytest.raises(DataError, match="formulas for power means only"):
        live_sheets(reference.framework, small_list().provinces[0], {},
                    replace(reference, method=method))(None)  # fmt: skip
    first, *rest = reference.framework.indicators
    other = replace(reference.framework, indicators=(replace(first, code="1.1.9"), *rest))
    with pytest.raises(DataError, match="which has other indicators"):
        live_sheets(other, small_list().provinces[0], {}, reference)
