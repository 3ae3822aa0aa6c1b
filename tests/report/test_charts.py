"""Charts: the same bytes, every name and the label said, nothing overlaps, nothing injected."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import pairwise
from math import isnan, nan
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from pii.errors import DataError
from pii.framework import Group, Language
from pii.intake.definition import load_edition
from pii.intake.registry import provinces_on
from pii.matrix import matrix_of
from pii.method import Aggregation, Normalisation
from pii.pipeline import Outcome, compute
from pii.provinces import Province, ProvinceList
from pii.report.charts import (
    chart_files,
    pillar_heatmap,
    pillar_profile,
    png_bytes,
    profile_files,
    profile_names,
    ranking_chart,
    svg_bytes,
)
from pii.report.charts.heatmap import SHADES, _legible, _luminance
from pii.report.charts.parts import scale_of
from pii.report.charts.text import _outline, font_of, width_of
from pii.report.numbers import printed
from tests.small import small_framework, small_indicator, small_method, small_outcome

pytestmark = pytest.mark.filterwarnings("error")  # a letter without a glyph is a warning

REPOSITORY = Path(__file__).parents[2]
HOSTILE = (
    "$x$", "$\\frac{1", "<script>alert(1)</script>", '"><img src=x onerror=y>', "a & b -- c -->",
    "]]>", "../../etc/passwd", "C:\\x", "CON", "con", "Con ", "x\x00\x07y\u202ez", "dòng\nhai",
    "Đăk Nông", "dak nong", "Dak Nong", "W" * 200, "…", "\u00ad",
)  # fmt: skip
LANGUAGES: tuple[Language, ...] = ("vi", "en")


def full(units: Sequence[str] | None = None) -> Outcome:
    """The whole tree of the edition with invented values: its names are the longest there are."""
    framework, method = load_edition(REPOSITORY / "indicators.yaml")
    listed = None if units else provinces_on(date(2022, 12, 31))
    names = units or [province.code for province in listed or ()]
    values = np.random.default_rng(7).random((len(names), len(framework.codes)))
    values[3] = nan
    values[5, :7] = nan
    matrix = matrix_of(values, names, framework)
    bare = method.__class__(aggregation=method.aggregation, coverage=method.coverage)
    return Outcome(framework, bare, listed, matrix, compute(matrix, framework, bare), ())


def hostile() -> Outcome:
    values = np.random.default_rng(3).random((len(HOSTILE), 5))
    return small_outcome(values, provinces=HOSTILE)


def figures(outcome: Outcome, lang: Language = "vi") -> Iterator[Figure]:
    yield ranking_chart(outcome, lang)
    yield pillar_heatmap(outcome, lang)
    yield pillar_profile(outcome, outcome.scores.provinces[0], lang)


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def boxes(figure: Figure) -> np.ndarray:
    """(texts, 4): left, top, right, bottom in points, accents and descenders included."""
    found = []
    for text in figure.axes[0].texts:
        font = text.get_fontproperties()
        size, bold = font.get_size_in_points(), "Bold" in str(font.get_file())
        x, y = text.get_position()
        wide = width_of(text.get_text(), size, bold)
        found.append((x, y - 0.9 * size, x + wide, y + 0.2 * size))
    return np.array(found)


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    box, said = boxes(figure), texts(figure)
    left, top, right, bottom = box.T
    hit = (left[:, None] < right) & (left < right[:, None])
    hit &= (top[:, None] < bottom) & (top < bottom[:, None])
    return [(said[i], said[j]) for i, j in np.argwhere(hit) if i < j]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_overlaps_or_leaves_the_page(lang: Language) -> None:
    units = [f"United Republic of Somewhere {k} (the)" for k in range(129)]
    for outcome in (full(), full(units), hostile(), small_outcome()):
        for figure in figures(outcome, lang):
            assert overlapping(figure) == []
            width, height = (72 * side for side in figure.get_size_inches())
            left, top, right, bottom = boxes(figure).T
            assert min(left) >= 0 and min(top) >= 0
            assert max(right) <= width and max(bottom) <= height


def test_an_overlap_would_be_seen() -> None:
    figure = ranking_chart(small_outcome(), "vi")
    first = figure.axes[0].texts[0]
    figure.axes[0].text(*first.get_position(), "across", fontproperties=first.get_fontproperties())
    assert (first.get_text(), "across") in overlapping(figure)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_label_source_and_names_are_said(lang: Language) -> None:
    outcome = small_outcome()
    label = outcome.framework.label(lang)
    assert label is not None
    for figure in figures(outcome, lang):
        assert label in texts(figure)
        source = next(text for text in texts(figure) if outcome.framework.title(lang) in text)
        assert re.search(r"\b6\b", source) and re.search(r"\b5\b", source)
        svg = ET.fromstring(svg_bytes(figure))
        assert label in "".join(svg.itertext())
    for figure in (ranking_chart(outcome, lang), pillar_heatmap(outcome, lang)):
        said = " | ".join(texts(figure))
        assert all(outcome.name(code, lang) in said for code in outcome.scores.provinces)


def test_all_63_names_are_whole() -> None:
    outcome = full()
    assert outcome.provinces is not None
    names = {province.name_vi for province in outcome.provinces}
    assert names <= set(texts(pillar_heatmap(outcome, "vi")))
    ranking = texts(ranking_chart(outcome, "vi"))
    unranked = {outcome.name(outcome.scores.provinces[3], "vi")}
    assert names - unranked <= set(ranking)
    assert any(text.startswith("Chưa công bố chỉ số tổng hợp (1): Bắc Kạn") for text in ranking)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_ranking_prints_rank_name_and_score_in_order(lang: Language) -> None:
    outcome = small_outcome()
    index = outcome.scores.column("PII")
    rows = [i for i in range(6) if not isnan(outcome.scores.score[i, index])]
    rows.sort(key=lambda i: outcome.scores.rank[i, index])
    at = {
        text.get_text(): text.get_position() for text in ranking_chart(outcome, lang).axes[0].texts
    }
    names = [outcome.name(outcome.scores.provinces[i], lang) for i in rows]
    figures_ = [printed(float(outcome.scores.score[i, index]), 2, lang) for i in rows]
    assert len(rows) == 5
    for name, score in zip(names, figures_, strict=True):
        assert at[name][1] == at[score][1]  # on one line
    assert all(at[a][1] < at[b][1] for a, b in pairwise(names))


def test_heatmap_prints_every_cell_and_a_dash_where_there_is_none() -> None:
    outcome = small_outcome()
    said = texts(pillar_heatmap(outcome, "vi"))
    shown = [outcome.scores.column(node) for node in ("PII", "input", "output", "1", "2")]
    cells = outcome.scores.score[:, shown].ravel().tolist()
    for figure in {printed(cell, 2, "vi") for cell in cells} - {"–"}:
        assert said.count(figure) == sum(printed(cell, 2, "vi") == figure for cell in cells)
    # Cần Thơ has no index, no output, no pillar 2; and its rank is a dash too.
    assert said.count("–") == sum(map(isnan, cells)) + 1 == 4


def test_profile_prints_score_mean_best_and_rank() -> None:
    outcome = small_outcome()
    said = texts(pillar_profile(outcome, "48", "en"))
    for node in ("1", "2", "1.1", "1.2", "2.1"):
        column = outcome.scores.score[:, outcome.scores.column(node)]
        rank = int(outcome.scores.rank[3, outcome.scores.column(node)])
        n = int((~np.isnan(column)).sum())
        for figure in (column[3], np.nanmean(column), np.nanmax(column)):
            assert printed(float(figure), 2, "en") in said
        assert f"{rank}/{n}" in said
    score = printed(float(outcome.scores.score[3, 0]), 2, "en")
    rank = int(outcome.scores.rank[3, 0])
    assert f"Group PII: {score} points, rank {rank}/5" in said


def test_profile_without_an_index_says_so() -> None:
    said = texts(pillar_profile(small_outcome(), "92", "vi"))
    assert "Nhóm PII: chưa công bố" in said
    assert said.count("chưa công bố") == 2  # pillar 2 and sub-pillar 2.1


def test_no_index_at_all_is_a_chart_of_names() -> None:
    values = np.arange(30.0).reshape(6, 5)
    values[:, 3:] = nan
    outcome = small_outcome(values)
    said = " ".join(texts(ranking_chart(outcome, "en")))
    assert "Index not published (6): Hà Nội" in said and "0 ranked" in said
    assert len(list(figures(outcome))) == 3


def test_a_province_that_was_left_out_is_named() -> None:
    outcome = small_outcome(np.arange(20.0).reshape(4, 5), provinces=("01", "04", "31", "48"))
    for figure in (ranking_chart(outcome, "vi"), pillar_heatmap(outcome, "vi")):
        assert "Không có trong lần tính này (2): TP. Hồ Chí Minh, Cần Thơ." in texts(figure)


def test_same_outcome_same_bytes() -> None:
    first, second = (dict(chart_files(small_outcome(), "vi")) for _ in range(2))
    assert list(first) == list(second) and first == second
    assert list(first)[:4] == ["ranking.svg", "ranking.png", "pillars.svg", "pillars.png"]
    assert list(first)[4:] == [
        f"profiles/{code}.{kind}"
        for code in ("01", "04", "31", "48", "79", "92")
        for kind in ("svg", "png")
    ]
    for name, data in first.items():
        assert b"Software" not in data and b"dc:date" not in data and b"dc:creator" not in data
        assert data.startswith(b"<?xml" if name.endswith("svg") else b"\x89PNG")


def test_bytes_do_not_depend_on_the_users_settings() -> None:
    plain = svg_bytes(pillar_heatmap(small_outcome(), "vi"))
    with matplotlib.rc_context(
        {"svg.fonttype": "none", "svg.hashsalt": None, "font.size": 30, "path.sketch": (1, 99, 2)}
    ):
        assert svg_bytes(pillar_heatmap(small_outcome(), "vi")) == plain
        assert matplotlib.rcParams["font.size"] == 30
    assert png_bytes(ranking_chart(small_outcome(), "vi")) == png_bytes(
        ranking_chart(small_outcome(), "vi")
    )


def test_another_map_gives_the_same_files() -> None:
    outcome = small_outcome()
    with ThreadPoolExecutor(max_workers=1) as pool:
        assert list(chart_files(outcome, "en", mapped=pool.map)) == list(chart_files(outcome, "en"))


def test_letters_are_outlines_so_that_no_machine_lacks_them() -> None:
    svg = ET.fromstring(svg_bytes(ranking_chart(full(), "vi")))
    tags = {element.tag.rpartition("}")[2] for element in svg.iter()}
    assert "text" not in tags and {"use", "path", "title"} <= tags


def test_hostile_names_stay_text() -> None:
    outcome = hostile()
    allowed = {
        "svg", "title", "metadata", "RDF", "Work", "type", "description", "format", "defs",
        "style", "g", "path", "use", "clipPath", "rect", "pattern",
    }  # fmt: skip
    for province in (None, *HOSTILE):
        figure = (
            pillar_heatmap(outcome, "vi") if province is None
            else pillar_profile(outcome, province, "vi")
        )  # fmt: skip
        svg = svg_bytes(figure)
        assert {e.tag.rpartition("}")[2] for e in ET.fromstring(svg).iter()} <= allowed
        assert b"<script" not in svg and b"<img" not in svg
        if province is not None and "$" in province:
            assert province in texts(figure)  # as typed, no mathematics
        assert png_bytes(figure).startswith(b"\x89PNG")


def test_a_dollar_is_drawn_as_a_dollar() -> None:
    """Mathematics would have drawn x alone, in italics, and refused a broken formula."""
    font = font_of(8, False)
    wide, narrow = (_outline(text, font).get_extents().width for text in ("$x$", "x"))
    assert wide > 2 * narrow


def test_file_names_are_safe_and_unique() -> None:
    names = profile_names(hostile())
    assert list(names) == list(hostile().scores.provinces)
    assert len({name.casefold() for name in names.values()}) == len(HOSTILE)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in names.values())
    assert max(map(len, names.values())) < 70
    assert not {"con", "aux", "nul", "prn"} & set(names.values())


@settings(max_examples=40, deadline=None)
@given(st.sets(st.text(min_size=1, max_size=12), min_size=1, max_size=12))
def test_any_names_make_safe_and_unique_file_names(units: set[str]) -> None:
    values = np.arange(5.0 * len(units) + 10).reshape(-1, 5)
    others = {"another", "third"} - units
    names_ = sorted({*units, *others})
    outcome = small_outcome(values[: len(names_)], provinces=names_)
    names = profile_names(outcome).values()
    assert len(set(names)) == len(outcome.scores.provinces)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in names)


def test_a_suffix_does_not_meet_another_name() -> None:
    outcome = small_outcome(np.arange(15.0).reshape(3, 5), provinces=("a", "a!", "a-2"))
    assert sorted(profile_names(outcome).values()) == ["a", "a-2", "a-2-2"]


def test_an_unknown_province_is_refused() -> None:
    for call in (pillar_profile, profile_files):
        with pytest.raises(DataError, match="no province '77' in this outcome; expected one of"):
            call(small_outcome(), "77", "vi")


def test_a_tree_of_other_levels_below_zero() -> None:
    framework = small_framework(
        levels=("index", "theme", "indicator"),
        groups=(
            Group("I", "index", None, "Chỉ số", "Index", "verified"),
            Group("T", "theme", "I", "Chủ đề " * 9, "Theme " * 9, "verified"),
            Group("A theme with a long code", "theme", "I", "Khác", "Other", "verified"),
        ),
        indicators=(
            small_indicator("t1", "T"),
            small_indicator("t2", "T"),
            small_indicator("u1", "A theme with a long code"),
        ),
    )
    coverage = dict.fromkeys(("index", "theme"), small_method().coverage["pillar"])
    method = small_method(
        aggregation={"index": Aggregation(), "theme": Aggregation()},
        coverage=coverage,
        normalisation=Normalisation("none"),
    )
    values = np.random.default_rng(1).normal(size=(6, 3))
    outcome = small_outcome(values, framework=framework, method=method)
    for figure in figures(outcome):
        assert overlapping(figure) == []
    low = printed(float(outcome.scores.score[:, 0].min()), 2, "vi")
    assert low.startswith("-") and low in texts(ranking_chart(outcome, "vi"))


def test_printed_figures_on_shades_can_be_read() -> None:
    for share in np.linspace(0, 1, 101):
        shade = to_hex(SHADES(share))
        light = sorted((_luminance(shade), _luminance(_legible(shade))))
        assert (light[1] + 0.05) / (light[0] + 0.05) >= 4.5


def test_shades_darken_steadily() -> None:
    light = [_luminance(to_hex(SHADES(share))) for share in np.linspace(0, 1, 50)]
    assert all(a > b for a, b in pairwise(light))


@settings(deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=5))
def test_a_scale_holds_its_values(values: list[float]) -> None:
    scale = scale_of([*values, nan])
    assert scale.ticks == tuple(sorted(set(scale.ticks)))
    assert 2 <= len(scale.ticks) <= 8
    for value in (*values, 0.0):
        assert -1e-6 <= scale.share(value) <= 1 + 1e-6


def test_a_scale_ends_at_100() -> None:
    assert scale_of([12.0, 100.00000000000001]).ticks == (0, 20, 40, 60, 80, 100)


def test_names_by_province_list_of_the_language() -> None:
    place = [
        Province(c, f"Vi {c}", f"En {c}", "R", "", "") for c in ("01", "04", "31", "48", "79", "92")
    ]
    plain = small_outcome()
    outcome = Outcome(
        plain.framework,
        plain.method,
        ProvinceList(None, tuple(place)),
        plain.matrix,
        plain.scores,
        (),
    )
    assert texts(pillar_profile(outcome, "04", "vi"))[0] == "Vi 04"
    assert texts(pillar_profile(outcome, "04", "en"))[0] == "En 04"
