"""What an audit says and draws: sentences by hand-made cases, tables, workbook, page, bytes."""

import csv
import re
from base64 import b64decode
from dataclasses import replace
from io import BytesIO, StringIO
from zipfile import ZipFile

import numpy as np
import openpyxl
import pytest
from audits import sampled, some_sensitivity
from small import small_framework, small_outcome

from pii.audit.admissible import around
from pii.audit.sensitivity import Indices, Sensitivity
from pii.audit.uncertainty import Uncertainty
from pii.audit.unsampled import Unsampled, unsampled
from pii.pipeline import Outcome
from pii.report.audit.charts import _ranks, _reach, correlation_map
from pii.report.audit.files import audit_files
from pii.report.audit.sentences import (
    _Told,
    alike,
    alike_blocks,
    heavy,
    held,
    held_blocks,
    moved,
    sections,
    unsaid,
    wide,
)
from pii.report.charts.text import width_of
from pii.report.intervals import interval_lines, sensitivity_lines
from pii.report.varied import omitted_sentences, varied_sentences
from pii.spread import MeasurementError, Omitted, Spread, VariedWeights


def a_sample(places: list[list[float]], beats: list[list[float]] | None = None) -> Uncertainty:
    """Provinces ranked 1, 2, …, with the share of the draws for each rank."""
    shares = np.array(places)
    n = len(shares)
    cumulated = shares.cumsum(axis=1)
    ends = [[1 + int(np.argmax(row >= q - 1e-12)) for q in (0.05, 0.5, 0.95)] for row in cumulated]
    low, middle, high = np.array(ends, dtype=float).T
    return Uncertainty(
        provinces=("01", "04", "31", "48", "79", "92")[:n],
        draws=1000,
        seed=7,
        nominal_rank=np.arange(1.0, n + 1),
        nominal_score=np.arange(float(n), 0, -1),
        median_rank=middle,
        rank_interval=np.column_stack([low, high]),
        places=shares,
        unranked=np.zeros(n),
        beats=None if beats is None else np.array(beats),
        score_median=np.zeros(n),
        score_interval=np.zeros((n, 2)),
        score_draws=1000,
        score_resolution=np.zeros(n),
    )


A_SPREAD = Spread(
    choices={
        "mean": ({}, {"aggregation.all.rule": "power", "aggregation.all.power": 0.0}),
        "mine": ({}, {"normalisation.rule": "rank"}),
    },
    weights={
        "pillar": VariedWeights("uniform", by=0.25),
        "indicator": VariedWeights("uniform", by=0.25),
        "1": VariedWeights("range", low=0.4, high=0.6),
    },
    dropped=("1.1", "1.2"),
    errors={"1.1.1": MeasurementError(0.05, relative=True)},
    omitted=(
        Omitted("outliers", {"treatment.rule": "none"}, "same"),
        Omitted("outliers", {"treatment.points": 1.0}, "same"),
        Omitted("mean", {"aggregation.pillar.power": -1.0}, "zero", "needs scores above zero"),
        Omitted("mine", {"normalisation.rule": "z-score"}, "refused", "cannot be"),
    ),
)


HOLDING = [
    [0.995, 0.005, 0, 0, 0],
    [0.005, 0.991, 0.004, 0, 0],
    [0, 0.004, 0.5, 0.3, 0.196],
    [0, 0, 0.3, 0.4, 0.3],
    [0, 0, 0.03, 0.05, 0.92],
]


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return small_outcome()


@pytest.fixture(scope="module")
def found(outcome: Outcome) -> Unsampled:
    return unsampled(outcome, Spread())


# ---- sentences


def test_ranks_that_hold_are_told_in_runs(outcome: Outcome) -> None:
    told = a_sample(HOLDING)
    assert held_blocks(told) == [(1, 2, 0.991), (5, 5, 0.92)]
    assert list(held(_Told(outcome, "en"), told)) == [
        "Ranks 1 and 2 (Hà Nội, Cao Bằng) hold in at least 99 % of the draws, each taken by "
        "itself.",
        "Rank 5 (TP. Hồ Chí Minh) holds in at least 92 % of the draws.",
    ]
    assert next(held(_Told(outcome, "vi"), told)) == (
        "Hạng 1 và 2 (Hà Nội, Cao Bằng) giữ nguyên trong ít nhất 99 % lần thử, tính riêng từng nơi."
    )


def test_ranks_that_hold_firmly_do_not_answer_for_those_that_just_hold(outcome: Outcome) -> None:
    told = a_sample([[1, 0, 0, 0], [0, 0.99, 0.01, 0], [0, 0.01, 0.95, 0.04], [0, 0, 0.04, 0.96]])
    assert held_blocks(told) == [(1, 2, 0.99), (3, 4, 0.95)]
    sure = a_sample([[1, 0], [0, 1]])
    assert next(held(_Told(outcome, "en"), sure)) == (
        "Ranks 1 and 2 (Hà Nội, Cao Bằng) hold in every draw, each taken by itself."
    )


def test_a_share_is_never_rounded_up_to_certainty(outcome: Outcome) -> None:
    told = a_sample([[0.9999, 0.0001], [0.0001, 0.9999]])
    assert "hold in at least 99 %" in next(held(_Told(outcome, "en"), told))


def test_nobody_holds(outcome: Outcome) -> None:
    told = a_sample([[0.6, 0.4], [0.4, 0.6]])
    assert list(held(_Told(outcome, "en"), told)) == [
        "Nobody keeps the rank of the run in 90 % of the draws or more."
    ]


def symmetric(n: int, apart: set[tuple[int, int]]) -> list[list[float]]:
    return [
        [
            0.0
            if i == j
            else (0.97 if i < j else 0.03)
            if tuple(sorted((i, j))) in apart
            else (0.7 if i < j else 0.3)
            for j in range(n)
        ]
        for i in range(n)
    ]


def test_places_that_cannot_be_told_apart_are_whole_groups(outcome: Outcome) -> None:
    # 1 is apart from all; 2 and 5 are apart from each other: 2–4 or 3–5, the earlier of the two.
    far = {(0, j) for j in range(1, 5)} | {(1, 4)}
    told = a_sample(HOLDING, symmetric(5, far))
    assert alike_blocks(told) == [(2, 4)]
    said = list(alike(_Told(outcome, "en"), told))
    assert said[0].startswith("Places that cannot be told apart, group by group: 2–4; within a")
    assert said[1].startswith("Of 4 pairs of neighbouring ranks, 1 can be told apart")
    assert alike_blocks(a_sample(HOLDING, symmetric(5, set()))) == [(1, 5)]
    assert alike_blocks(a_sample(HOLDING)) == []


def test_a_published_rank_outside_of_its_own_range_is_named(outcome: Outcome) -> None:
    told = a_sample([[0.01, 0.09, 0.9], [0.5, 0.5, 0], [0.49, 0.41, 0.1]])
    said = list(wide(_Told(outcome, "en"), told))
    assert said[0].startswith("Half of the provinces have a range of ranks")
    assert said[0].endswith("the widest is that of Hải Phòng: ranks 1 to 3.")
    assert said[1].startswith("The rank in the run of 1 lies outside their own range: Hà Nội (1).")
    assert len(list(wide(_Told(outcome, "en"), a_sample(HOLDING)))) == 1


def test_the_choice_that_matters_most_and_those_that_do_not(outcome: Outcome) -> None:
    said = list(moved(_Told(outcome, "en"), some_sensitivity(outcome.scores.provinces)))
    assert said[0].startswith(
        "The choice that moves ranks most is “pillar weights”: it has a part in 62 %"
    )
    assert said[1] == "Hardly matters (below 5 %): treatment."
    assert len(said) == 2
    unsure = some_sensitivity(outcome.scores.provinces, converged=False)
    assert "have not converged" in list(moved(_Told(outcome, "en"), unsure))[-1]
    still = replace(unsure, mean_shift=replace(unsure.mean_shift, total=np.full(3, np.nan)))
    assert list(moved(_Told(outcome, "en"), still)) == [
        "No choice within the spread moves any rank; so there are no Sobol' indices."
    ]


def test_a_group_that_counts_more_than_meant(outcome: Outcome, found: Unsampled) -> None:
    told = {(one.node, one.of): one for one in found.coherence.importance}
    one, other = told["input", "PII"], told["output", "PII"]
    loud = (replace(one, linear=0.9), replace(other, linear=0.3))
    assert "has 75 % of the importance" in next(heavy(_Told(outcome, "en"), loud))
    even = (replace(one, linear=0.6), replace(other, linear=0.5))
    assert list(heavy(_Told(outcome, "en"), even)) == []


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_of_sentences_has_all_sections_and_its_limits(
    outcome: Outcome, found: Unsampled, lang: str
) -> None:
    told = sampled(outcome, around(outcome, dict.fromkeys(outcome.framework.levels, 0.25)))
    varied = replace(found, spread=A_SPREAD)
    parts = sections(outcome, varied, told, some_sensitivity(outcome.scores.provinces), lang)
    assert len(parts) == 6 and all(part.sentences for part in parts)
    assert str(told.draws) in parts[-1].sentences[0]
    text = " ".join(sentence for part in parts for sentence in part.sentences)
    assert "nan" not in text and "None" not in text
    assert all(sentence.endswith(".") for part in parts for sentence in part.sentences)


# ---- files


@pytest.fixture(scope="module")
def files(outcome: Outcome, found: Unsampled) -> dict[str, bytes]:
    told = sampled(outcome, around(outcome, dict.fromkeys(outcome.framework.levels, 0.25)))
    sensitivity = some_sensitivity(outcome.scores.provinces)
    return dict(audit_files(outcome, found, told, sensitivity, "vi"))


_ON_THE_PAGE = ("rank-intervals", "sensitivity", "correlations")


def test_every_output_is_there_and_carries_the_label(files: dict[str, bytes]) -> None:
    stems = ("rank-intervals", "rank-heatmap", "correlations", "pairwise", "sensitivity")
    wanted = {f"charts/{stem}.{kind}" for stem in stems for kind in ("svg", "png")}
    wanted |= {"audit.xlsx", "audit.html"}
    assert wanted <= files.keys()
    assert len([name for name in files if name.startswith("tables/")]) == 18
    for stem in stems:
        text = files[f"charts/{stem}.svg"].decode()
        assert "GIẢ LẬP &amp; thử" in text  # the label, though it has an ampersand
    page = files["audit.html"].decode()
    assert "GIẢ LẬP &amp; thử" in page and "Trọng số bằng nhau." in page
    shown = [b64decode(data) for data in re.findall(r'base64,([^"]*)"', page)]
    assert shown == [files[f"charts/{stem}.svg"] for stem in _ON_THE_PAGE]
    assert "<script" not in page and "http" not in page.replace("http-equiv", "")


def test_equal_audits_are_equal_bytes(
    outcome: Outcome, found: Unsampled, files: dict[str, bytes]
) -> None:
    told = sampled(outcome, around(outcome, dict.fromkeys(outcome.framework.levels, 0.25)))
    again = dict(
        audit_files(outcome, found, told, some_sensitivity(outcome.scores.provinces), "vi")
    )
    assert {name for name in files if files[name] != again[name]} == set()


def test_tables_hold_every_digit(files: dict[str, bytes], found: Unsampled) -> None:
    rows = list(csv.DictReader(StringIO(files["tables/exact_pairs.csv"].decode())))
    assert found.exact is not None
    assert [float(row["least_lead"]) for row in rows] == found.exact.pairs.least.tolist()
    assert {row["verdict"] for row in rows} <= {"always", "swaps", "open"}
    distribution = list(csv.DictReader(StringIO(files["tables/rank_distribution.csv"].decode())))
    for row in distribution[:5]:
        assert sum(float(row[str(k)]) for k in range(1, 7)) == pytest.approx(1)
    ranks = list(csv.DictReader(StringIO(files["tables/exact_ranks.csv"].decode())))
    assert len(ranks) == 5 and all(
        int(r["best"]) <= int(r["nominal"]) <= int(r["worst"]) for r in ranks
    )


def test_the_workbook_says_on_every_sheet_what_it_is(files: dict[str, bytes]) -> None:
    book = openpyxl.load_workbook(BytesIO(files["audit.xlsx"]))
    assert book.sheetnames[0] == "Kết luận" and len(book.sheetnames) == 11
    for sheet in book:
        text = [str(cell.value) for row in sheet.iter_rows(max_row=4) for cell in row if cell.value]
        assert "GIẢ LẬP & thử" in text, sheet.title
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    caveats = [str(cell.value) for row in book["Kết luận"].iter_rows() for cell in row]
    assert "Giả định: Trọng số bằng nhau." in caveats


def test_without_sensitivity_or_pairs_there_is_less_and_nothing_is_feigned(
    outcome: Outcome, found: Unsampled
) -> None:
    told = sampled(outcome, around(outcome, dict.fromkeys(outcome.framework.levels, 0.25)))
    bare = replace(found, exact=None, frontier=None, hinges=())
    made = dict(audit_files(outcome, bare, replace(told, beats=None), None, "en"))
    assert not any("sensitivity" in name or "pairwise" in name or "exact" in name for name in made)
    assert "there are no exact answers" in made["audit.html"].decode()


@pytest.mark.parametrize(
    ("name", "vi", "en"),
    [
        ("weights: pillar", "trọng số trụ cột", "pillar weights"),
        ("weights: 1.1", "trọng số trong 1.1 Nhóm 1.1", "weights within 1.1 Group 1.1"),
        ("weights: input", "trọng số trong Nhóm input", "weights within Group input"),
        ("weights", "weights", "weights"),
        ("outliers", "xử lý ngoại lai", "treatment of outliers"),
        ("named by me", "named by me", "named by me"),
    ],
)
def test_the_terminal_names_choices_in_the_reader_s_language(
    outcome: Outcome, name: str, vi: str, en: str
) -> None:
    found = replace(some_sensitivity(("01",)), choices=(name, "normalisation", "treatment"))
    for lang, told in (("vi", vi), ("en", en)):
        lines = sensitivity_lines(outcome, found, lang)
        assert any(line.strip().startswith(f"{told}  ") for line in lines)


# ---- nothing moves; what was varied


def unmoved(provinces: tuple[str, ...]) -> Sensitivity:
    found = some_sensitivity(provinces)
    nothing = Indices(*(np.full((3, *more), np.nan) for more in ((), (), (2,), (2,))))
    return replace(found, mean_shift=nothing, per_province=(nothing,) * len(provinces))


def test_where_nothing_moves_it_is_said_in_place_of_a_table_of_dashes(
    outcome: Outcome, found: Unsampled
) -> None:
    still = unmoved(outcome.scores.provinces)
    said = "Không lựa chọn nào trong phạm vi thử làm thay đổi hạng; vì vậy không có chỉ số Sobol'."
    assert list(sensitivity_lines(outcome, still, "vi")) == [said]
    told = sampled(outcome, around(outcome, dict.fromkeys(outcome.framework.levels, 0.25)))
    made = dict(audit_files(outcome, found, told, still, "vi"))
    assert said.split(";")[0] in made["charts/sensitivity.svg"].decode()
    sheet = openpyxl.load_workbook(BytesIO(made["audit.xlsx"]))["Độ nhạy"]
    assert said in [cell.value for row in sheet.iter_rows() for cell in row]


def test_what_was_varied_and_what_could_not_be_is_told_in_words() -> None:
    tree = small_framework()
    assert list(varied_sentences(A_SPREAD, tree, "en")) == [
        "Kind of mean: as in the run; geometric means at every level.",
        "Mine: as in the run; normalisation.rule rank.",
        "Pillar weights, indicator weights: each ±25 %.",
        "Weights within 1 Group 1: each share 40 to 60 %.",
        "Nothing left out, or one of these: 1.1, 1.2.",
        "Measurement error in the values of 1 indicator.",
    ]
    assert list(omitted_sentences(A_SPREAD.omitted, tree, "vi")) == [
        "Không thử: xử lý ngoại lai (không xử lý; kéo về tối đa 1 giá trị); không làm đổi điểm nào "
        "của kỳ này.",
        "Không thử: cách lấy trung bình (trung bình điều hòa trong trụ cột); kỳ này có điểm không "
        "lớn hơn 0, mà trung bình như vậy cần mọi điểm lớn hơn 0.",
        "Không thử: mine (normalisation.rule z-score); kỳ này không tính được như vậy (cannot be).",
    ]


def test_what_was_left_out_stands_on_terminal_page_and_in_the_tables(
    outcome: Outcome, found: Unsampled
) -> None:
    told = sampled(outcome, around(outcome, dict.fromkeys(outcome.framework.levels, 0.25)))
    varied = replace(found, spread=A_SPREAD)
    made = dict(audit_files(outcome, varied, told, None, "en"))
    rows = list(csv.DictReader(StringIO(made["tables/spread.csv"].decode("utf-8-sig"))))
    assert [(row["choice"], row["why"]) for row in rows if row["drawn"] == "no"] == [
        ("outliers", "same"), ("outliers", "same"), ("mean", "zero"), ("mine", "refused"),
    ]  # fmt: skip
    assert len(rows) == 4 + 3 + 2 + 1 + 4
    sentences = list(omitted_sentences(A_SPREAD.omitted, outcome.framework, "en"))
    page = made["audit.html"].decode()
    sheet = openpyxl.load_workbook(BytesIO(made["audit.xlsx"]))["In sentences"]
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    terminal = list(interval_lines(outcome, A_SPREAD, told, "en"))
    for sentence in sentences:
        assert sentence in page and sentence in cells and sentence in terminal
    assert terminal[0] == "SYNTHETIC & small"


def test_no_sentence_on_what_is_outside_where_nothing_is(
    outcome: Outcome, found: Unsampled
) -> None:
    told = a_sample(HOLDING)
    for outside, wanted in (((), False), ((object(),), True)):
        given = replace(found, coherence=replace(found.coherence, outside=outside))
        said = list(unsaid(_Told(outcome, "en"), given, told))
        assert any("outside is no cause" in one for one in said) == wanted


def test_names_in_bold_are_measured_in_bold(outcome: Outcome, found: Unsampled) -> None:
    """A long name of a group ran into the first cell of its row."""
    long = "Information and communication technologies in all of their many forms (ICTs)"
    tree = small_framework()
    groups = tuple(
        replace(group, name_en=long) if group.code == "1.1" else group for group in tree.groups
    )
    figure = correlation_map(replace(outcome, framework=replace(tree, groups=groups)), found, "en")
    texts = {text.get_text(): text for text in figure.axes[0].texts}
    name = next(text for words, text in texts.items() if words.startswith("1.1 Information"))
    font = name.get_fontproperties()
    assert font.get_file().endswith("Bold.ttf")
    wide = width_of(name.get_text(), font.get_size_in_points(), True)
    cells = [
        path.vertices[:, 0].min()
        for collection in figure.axes[0].collections
        for path in collection.get_paths()
        if len(path.vertices) >= 4 and np.ptp(path.vertices[:, 0]) == pytest.approx(56)
    ]
    assert name.get_position()[0] + wide <= min(cells)


def test_bars_of_shares_have_the_ends_of_shares(files: dict[str, bytes]) -> None:
    """With the ends of scores, 0 to 100, a share of 90 % would be a bar of 0.9 %."""
    with ZipFile(BytesIO(files["audit.xlsx"])) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/" in name]
    bars = [bar for sheet in sheets for bar in re.findall(r"<dataBar>.*?</dataBar>", sheet)]
    assert len(bars) == 3 and not any('type="num"' in bar for bar in bars)


def test_where_names_take_two_columns_each_has_the_ranks_it_needs(found: Unsampled) -> None:
    told = a_sample(HOLDING)
    bare = replace(found, exact=None)
    assert _reach(bare, told, None) == (1, 5)
    assert _reach(bare, told, [2, 3]) == (3, 5)
    assert _reach(bare, told, [0]) == (1, 2)  # a scale needs some length
    assert _ranks(1, 34).ticks == (1, 5, 10, 15, 20, 25, 30, 34)
    assert _ranks(58, 129).ticks == (58, 70, 80, 90, 100, 110, 120, 129)
