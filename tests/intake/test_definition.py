"""Edition files: what is refused, where the message points, and the way back to a file."""

import re
from collections import Counter
from pathlib import Path

import pytest

from pii.errors import DefinitionError
from pii.intake.definition import edition_bytes, edition_json, load_edition, load_framework
from pii.method import Aggregation, Coverage, Goalposts, Method, Normalisation, Treatment

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = [
    "indicators.yaml",
    "data/open-2022/edition.yaml",
    "data/gii-2019/edition.yaml",
    "data/synthetic-2025/edition.yaml",
]

SMALL = """\
edition:
  id: "small"
  title_vi: "Nhỏ"
  title_en: "Small"
  label_vi: null
  label_en: null
  provinces_on: 2025-07-01
  template_version: "1"
  levels: [index, pillar, indicator]
assumptions:
  - {about: weights, vi: "Bằng nhau", en: "Equal", basis: "none"}
groups:
  - {code: "X", level: index, parent: null, name_vi: "Chỉ số", name_en: "Index", attested: verified}
  - {code: "A", level: pillar, parent: "X", name_vi: "A", name_en: "A", attested: verified}
  - {code: "B", level: pillar, parent: "X", name_vi: "B", name_en: "B", attested: paraphrase}
indicators:
  - code: "1.1"
    id: one
    parent: "A"
    name_vi: "Một"
    name_en: "One"
    definition_vi: "d"
    definition_en: "d"
    unit_vi: "%"
    unit_en: "%"
    direction: higher
    bounds: [0, 100]
    denominator: null
    source_vi: "s"
    source_en: "s"
    supplier: province
    evidence: true
    data_year: 2024
    attested: verified
    note: null
  - {code: "1.10", id: ten, parent: "B", name_vi: "Mười", name_en: "Ten", definition_vi: "d",
     definition_en: "d", unit_vi: "u", unit_en: "u", direction: lower, bounds: [0, null],
     denominator: "x", source_vi: "s", source_en: "s", supplier: central, evidence: false,
     data_year: 2024, attested: unattested}
method:
  treatment: {rule: gii, skewness: 2.25, kurtosis: 3.5, points: 5}
  normalisation: {rule: min-max, scale: [0, 100]}
  goalposts:
    "1.1": {worst: 0, best: 100}
  weights:
    "A": 2
  aggregation: {pillar: {rule: power, power: 1}, index: {rule: power}}
  coverage:
    pillar: {share: 0.5, count: 1}
    index: {share: 0.66, count: 2}
  ties: {rank: competition, tolerance: 1.0e-9}
"""


def load(folder: Path, text: str) -> tuple[object, Method]:
    path = folder / "edition.yaml"
    path.write_text(text, encoding="utf-8")
    return load_edition(path)


def changed(old: str, new: str) -> str:
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)


def spot(text: str, mark: str) -> str:
    """Line and column of a mark that occurs once, as messages give them."""
    assert text.count(mark) == 1, mark
    before = text[: text.index(mark)]
    return f"line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"


def refused(folder: Path, text: str, mark: str, *wanted: str) -> None:
    """Refused with file, line and column of the mark, and each of the wanted texts."""
    with pytest.raises(DefinitionError, match=re.escape(wanted[0])) as caught:
        load(folder, text)
    message = str(caught.value)
    assert message.startswith(f"{folder / 'edition.yaml'}, {spot(text, mark)}: "), message
    for part in wanted:
        assert part in message


def test_a_sound_edition(tmp_path: Path) -> None:
    framework, method = load(tmp_path, SMALL)
    assert load_framework(tmp_path / "edition.yaml") == framework
    assert framework.codes == ("1.1", "1.10")
    assert [item.bounds for item in framework.indicators] == [(0, 100), (0, None)]
    assert method.treatment == Treatment("gii", 2.25, 3.5, 5)
    assert method.normalisation == Normalisation("min-max", (0, 100))
    assert method.goalposts == {"1.1": Goalposts(0, 100)}
    assert method.weights == {"A": 2}
    assert method.aggregation == {"pillar": Aggregation(), "index": Aggregation()}
    assert method.coverage == {"pillar": Coverage(0.5, 1), "index": Coverage(0.66, 2)}
    assert method.ties.tolerance == 1e-9


@pytest.mark.parametrize(
    ("old", "new", "mark", "key"),
    [
        ("  label_vi: null\n", "  label_vi: null\n  colour: red\n", "colour", "edition.colour"),
        ("    id: one\n", "    id: one\n    wieght: 2\n", "wieght", "indicators.0.wieght"),
        ("weights:\n", "weight: {}\n  weights:\n", "weight: {}", "method.weight"),
        ("points: 5}", "points: 5, pionts: 6}", "pionts", "method.treatment.pionts"),
        ("method:\n", "authors: x\nmethod:\n", "authors", "authors"),
    ],
)
def test_an_unknown_key(tmp_path: Path, old: str, new: str, mark: str, key: str) -> None:
    wanted = f"unknown key {key}; remove it or correct its spelling"
    refused(tmp_path, changed(old, new), mark, wanted)


@pytest.mark.parametrize(
    ("old", "new", "mark", "key"),
    [
        ("    id: one\n", "    id: one\n    id:   zwei\n", "id:   zwei", "id"),
        ('    "A": 2\n', '    "A": 2\n    "A":   3\n', '"A":   3', "A"),
        ("method:\n", "groups: []\nmethod:\n", "groups: []", "groups"),
    ],
)
def test_a_duplicate_key(tmp_path: Path, old: str, new: str, mark: str, key: str) -> None:
    wanted = f'duplicate key "{key}"', "keep one of the two"
    refused(tmp_path, changed(old, new), mark, *wanted)


@pytest.mark.parametrize("key", ["    direction: higher\n", "    bounds: [0, 100]\n"])
def test_a_missing_key(tmp_path: Path, key: str) -> None:
    name = key.strip().partition(":")[0]
    wanted = f"indicators.0.{name} is missing; add it"
    refused(tmp_path, changed(key, ""), 'code: "1.1"\n', wanted)


@pytest.mark.parametrize(
    ("old", "new", "mark", "number"),
    [
        ('- code: "1.1"\n', "- code: 1.1  # bare\n", "1.1  # bare", "1.1"),
        ('{code: "1.10"', "{code: 1.10", "1.10", "1.1"),
        ('template_version: "1"', "template_version: 1 #", "1 #", "1"),
    ],
)
def test_a_code_read_as_a_number(
    tmp_path: Path, old: str, new: str, mark: str, number: str
) -> None:
    wanted = f'was read as the number {number}; write it in quotes, "{number}"'
    refused(tmp_path, changed(old, new), mark, wanted)


def test_a_code_of_goalposts_read_as_a_number(tmp_path: Path) -> None:
    text = changed('    "1.1": {worst', "    1.1: {worst")
    refused(tmp_path, text, "1.1: {worst", "was read as the number 1.1; write it in quotes")


def test_an_orphan(tmp_path: Path) -> None:
    text = changed('parent: "A"', 'parent: "C"')
    wanted = "1.1 is an orphan: no group has the code C", "correct `parent` or add the group"
    refused(tmp_path, text, '"C"', *wanted)


def test_a_cycle(tmp_path: Path) -> None:
    text = changed('parent: "X", name_vi: "A"', 'parent: "B", name_vi: "A"').replace(
        'parent: "X", name_vi: "B"', 'parent: "A", name_vi: "B"'
    )
    wanted = "cycle of parents: A → B → A; ", "every group must lead up to the index"
    refused(tmp_path, text, '"B", name_vi: "A"', *wanted)


@pytest.mark.parametrize(
    ("old", "new", "mark", "wanted"),
    [
        ('"1.10", id: ten', '"1.1", id: ten', '"1.1", id', "code used twice: 1.1"),
        ("id: ten", "id: one", "one, parent", "id used twice: one"),
        ('{code: "B", level', '{code: "A", level', None, "code used twice: A"),
    ],
)
def test_a_code_or_id_twice(
    tmp_path: Path, old: str, new: str, mark: str | None, wanted: str
) -> None:
    text = changed(old, new)
    if mark is None:
        with pytest.raises(DefinitionError, match=wanted) as caught:
            load(tmp_path, text)
        assert "line 15, column 12" in str(caught.value)  # the second of the two
    else:
        refused(tmp_path, text, mark, wanted, "each must be unique")


def test_more_than_one_root(tmp_path: Path) -> None:
    text = changed('parent: "X", name_vi: "B"', 'parent: null, name_vi: "B"')
    with pytest.raises(DefinitionError, match=r"one group without a parent .* found 2: X, B"):
        load(tmp_path, text)


def test_an_empty_group(tmp_path: Path) -> None:
    text = changed('parent: "A"', 'parent: "B"')
    refused(tmp_path, text, '"A", level', "nothing stands under A; remove it or fill it")


def test_an_unknown_level(tmp_path: Path) -> None:
    text = changed('{code: "B", level: pillar', '{code: "B", level: column')
    refused(tmp_path, text, "column", "B has the level 'column'", "expected one of index, pillar")


@pytest.mark.parametrize(("weight", "said"), [("-2", "-2"), ("-0.5", "-0.5")])
def test_a_negative_weight(tmp_path: Path, weight: str, said: str) -> None:
    text = changed('"A": 2', f'"A": {weight}')
    refused(tmp_path, text, f"{weight}\n", f"weight of A is {said}; give a number of 0 or more")


def test_all_weights_zero(tmp_path: Path) -> None:
    text = changed('    "A": 2\n', '    "A": 0\n    "B": 0\n')
    wanted = "all weights under X are zero", "give at least one a weight above 0"
    refused(tmp_path, text, '0\n    "B"', *wanted)


def test_one_weight_may_be_zero(tmp_path: Path) -> None:
    assert load(tmp_path, changed('"A": 2', '"A": 0'))[1].weight("A") == 0


def test_a_weight_of_what_is_not_there(tmp_path: Path) -> None:
    text = changed('"A": 2', '"Z": 2')
    refused(
        tmp_path, text, "2\n  aggregation", "weights: the framework has no Z; use printed codes"
    )


@pytest.mark.parametrize("value", [".nan", ".inf", "heavy", "null", "true"])
def test_a_weight_that_is_no_number(tmp_path: Path, value: str) -> None:
    text = changed('"A": 2', f'"A": {value}')
    refused(tmp_path, text, f"{value}\n  aggregation", "method.weights.A", "number")


@pytest.mark.parametrize("value", ["upward", "1", "Higher", "null"])
def test_a_bad_direction(tmp_path: Path, value: str) -> None:
    text = changed("direction: higher", f"direction: {value}")
    refused(tmp_path, text, f"{value}\n    bounds", "indicators.0.direction", "'higher' or 'lower'")


@pytest.mark.parametrize("value", ["[100, 0]", "[5, 5]", "[0]", "[0, 1, 2]", "[]"])
def test_bad_bounds(tmp_path: Path, value: str) -> None:
    text = changed("bounds: [0, 100]", f"bounds: {value}")
    wanted = "bounds of 1.1 must be [lowest, highest], null for no limit"
    refused(tmp_path, text, f"{value}\n    denominator", wanted)


@pytest.mark.parametrize("value", ["['0', 100]", "[0, .inf]", "100"])
def test_bounds_that_are_no_numbers(tmp_path: Path, value: str) -> None:
    text = changed("bounds: [0, 100]", f"bounds: {value}")
    with pytest.raises(DefinitionError, match=r"line 27, column \d+: indicators\.0\.bounds"):
        load(tmp_path, text)


@pytest.mark.parametrize("power", ["0", "-1"])
def test_a_power_that_the_scale_forbids(tmp_path: Path, power: str) -> None:
    text = changed("power: 1}", f"power: {power} }}")
    wanted = (
        f"a pillar cannot be a mean of power {power} on a scale that starts at 0",
        "Let the scale start above 0, for example scale: [1, 100]",
    )
    refused(tmp_path, text, "{rule: power, power:", *wanted)
    allowed = text.replace("scale: [0, 100]", "scale: [1, 100]")
    assert load(tmp_path, allowed)[1].aggregation["pillar"].power == float(power)


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        (", index: {rule: power}}", "}", "aggregation: no value for level index"),
        (
            "index: {rule: power}",
            "subpillar: {rule: power}, index: {rule: power}",
            "aggregation: the framework has no level subpillar",
        ),
        ("    pillar: {share: 0.5, count: 1}\n", "", "coverage: no value for level pillar"),
    ],
)
def test_a_level_without_a_value_or_too_many(
    tmp_path: Path, old: str, new: str, wanted: str
) -> None:
    with pytest.raises(DefinitionError, match=rf"line \d+, column \d+: {wanted}"):
        load(tmp_path, changed(old, new))


def test_goalposts_against_the_direction(tmp_path: Path) -> None:
    text = changed("{worst: 0, best: 100}", "{worst: 100, best: 0}")
    wanted = (
        "goalposts of 1.1: worst 100 and best 0 contradict its direction (higher is better)",
        "swap them, or correct the direction",
    )
    refused(tmp_path, text, "{worst: 100", *wanted)
    lower = changed('"1.1": {worst: 0, best: 100}', '"1.10": {worst: 100, best: 0}')
    assert load(tmp_path, lower)[1].goalposts == {"1.10": Goalposts(100, 0)}


def test_goalposts_of_what_is_not_there(tmp_path: Path) -> None:
    text = changed('"1.1": {worst', '"9.9": {worst')
    refused(tmp_path, text, "{worst", "goalposts: the framework has no 9.9; use printed codes")


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("{worst: 0, best: 100}", "{worst: 5, best: 5}", "goalposts must be two different numbers"),
        ("scale: [0, 100]", "scale: [100, 0]", "the scale must rise"),
        ("scale: [0, 100]", "scale: [0]", r"method.normalisation.scale"),
        ("{share: 0.5, count: 1}", "{share: 50, count: 1}", "share lies between 0 and 1"),
        ("{share: 0.5, count: 1}", "{share: 0.5, count: 0}", "count is at least 1"),
        ("tolerance: 1.0e-9", "tolerance: 0.01", "tolerance must lie between 0 and 0.005"),
        ("skewness: 2.25", "skewness: 0", "skewness must be above 0"),
    ],
)
def test_impossible_figures_of_the_method(tmp_path: Path, old: str, new: str, wanted: str) -> None:
    # These name the file and the entry; the line is not known where they are refused.
    with pytest.raises(DefinitionError, match=wanted) as caught:
        load(tmp_path, changed(old, new))
    assert str(caught.value).startswith(str(tmp_path / "edition.yaml"))


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("evidence: true", "evidence: yes please", "indicators.0.evidence"),
        ("supplier: province", "supplier: ministry", "indicators.0.supplier"),
        ("data_year: 2024\n", 'data_year: "2024"\n', "indicators.0.data_year"),
        ("provinces_on: 2025-07-01", "provinces_on: yesterday", "edition.provinces_on"),
        ("rule: gii", "rule: boxcox", "method.treatment.rule"),
        ("rank: competition", "rank: olympic", "method.ties.rank"),
    ],
)
def test_values_of_the_wrong_kind(tmp_path: Path, old: str, new: str, where: str) -> None:
    text = changed(old, new)
    mark = new.partition(": ")[2].strip()
    refused(tmp_path, text, mark, f"{where}: ", "found")


def test_a_day_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"edition\.yaml: a value is impossible \(month must"):
        load(tmp_path, changed("2025-07-01", "2025-13-01"))


def test_a_group_stands_below_its_parent_s_level(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="level"):
        load(tmp_path, changed('{code: "A", level: pillar', '{code: "A", level: index'))


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = changed("direction: higher", "direction: up").replace("  label_vi: null\n", "")
    with pytest.raises(DefinitionError, match="direction") as caught:
        load(tmp_path, text)
    assert len(str(caught.value).splitlines()) == 2
    assert "edition.label_vi is missing; add it" in str(caught.value)


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"edition: [1, 2\n", r"line 2, column 1: not valid YAML: .*check quotes, colons"),
        (b"a: b: c\n", r"line 1, column \d+: not valid YAML"),
        ("tên: Hà Nội".encode("cp1258", "replace") + b"\xff", "not a YAML file in UTF-8"),
        (b"", "an edition was expected"),
        (b"- 1\n", "an edition was expected"),
    ],
)
def test_what_is_no_edition(tmp_path: Path, data: bytes, wanted: str) -> None:
    path = tmp_path / "edition.yaml"
    path.write_bytes(data)
    with pytest.raises(DefinitionError, match=wanted) as caught:
        load_edition(path)
    assert str(caught.value).startswith(str(path))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"nowhere\.yaml: cannot be read .*check the name"):
        load_edition(tmp_path / "nowhere.yaml")


# ---------------------------------------------------------------- extends


VARIANT = SMALL[: SMALL.index("assumptions:")].replace('"small"', '"variant"')
OTHER = SMALL[SMALL.index("method:") :].replace("rule: gii, skewness: 2.25", "rule: none")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(SMALL, encoding="utf-8")
    return tmp_path


def test_a_variant_takes_the_tree_from_its_base(base: Path) -> None:
    framework, method = load(base, f"extends: base.yaml\n{VARIANT}")
    original, nominal = load_edition(base / "base.yaml")
    assert framework.id == "variant"  # type: ignore[attr-defined]
    assert framework.groups == original.groups  # type: ignore[attr-defined]
    assert framework.indicators == original.indicators  # type: ignore[attr-defined]
    assert framework.assumptions == original.assumptions  # type: ignore[attr-defined]
    assert method == nominal


def test_a_variant_may_have_its_own_method(base: Path) -> None:
    _, method = load(base, f"extends: base.yaml\n{OTHER}")
    assert method.treatment.rule == "none"


def test_a_fault_in_a_variant_points_into_the_variant(base: Path) -> None:
    text = f"extends: base.yaml\n{OTHER}".replace('"A": 2', '"A": -2')
    refused(base, text, "-2\n", "weight of A is -2")


def test_a_fault_in_the_base_names_the_base(base: Path) -> None:
    (base / "base.yaml").write_text(changed("direction: higher", "direction: up"), "utf-8")
    with pytest.raises(DefinitionError, match=r"base\.yaml, line 26, column 16: indicators"):
        load(base, f"extends: base.yaml\n{VARIANT}")


def test_a_variant_may_not_bring_its_own_tree(base: Path) -> None:
    text = f"extends: base.yaml\n{SMALL[SMALL.index('groups:') : SMALL.index('indicators:')]}"
    refused(base, text, "groups:", "unknown key groups; remove it")


def test_a_variant_of_a_variant_is_refused(base: Path) -> None:
    (base / "middle.yaml").write_text(f"extends: base.yaml\n{VARIANT}", "utf-8")
    with pytest.raises(DefinitionError, match=r"middle\.yaml itself extends another file"):
        load(base, "extends: middle.yaml\n")


def test_a_base_that_is_not_there(base: Path) -> None:
    with pytest.raises(DefinitionError, match=r"gone\.yaml: cannot be read"):
        load(base, "extends: gone.yaml\n")


# ---------------------------------------------------------------- the way back


@pytest.mark.parametrize("name", SHIPPED)
def test_every_edition_that_ships_survives_the_way_back(name: str, tmp_path: Path) -> None:
    edition = load_edition(ROOT / name)
    path = tmp_path / "again.yaml"
    path.write_bytes(edition_bytes(*edition))
    assert load_edition(path) == edition
    path.write_bytes(edition_json(*edition))
    assert load_edition(path) == edition


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"code": "1.1"', '"code": 1.1', "code was read as the number 1.1"),
        ('"id": "one"', '"id": "one", "id": "two"', "id is there twice; keep one of the two"),
        ('"supplier": "p', '"suplier": "p', "supplier is missing; add it"),
        ('"best": 100.0', '"best": NaN', "best: Input should be a finite number"),
        ('"A": 2.0', '"C": 2.0', "weights: the framework has no C"),
        ('"bounds": [', '"bounds": [5.0, ', "bounds of 1.1 must be [lowest, highest]"),
        ('"2025-07-01"', '"2025-07-32"', "edition.provinces_on: Input should be a valid date"),
        ('"edition"', '"edition', "not valid YAML"),
        ('"A": 2.0', f'"A": {"[" * 100_000}', "brackets are nested too deeply"),
    ],
)
def test_json_is_as_strict(old: str, new: str, said: str, tmp_path: Path) -> None:
    text = edition_json(*load(tmp_path, SMALL)).decode("utf-8")  # type: ignore[arg-type]
    assert old in text
    path = tmp_path / "edition.json"
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(DefinitionError, match=re.escape(said)) as caught:
        load_edition(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_second_copy_of_an_edition_is_the_first(name: str, tmp_path: Path) -> None:
    path = tmp_path / "again.yaml"
    path.write_bytes(edition_bytes(*load_edition(ROOT / name)))
    assert edition_bytes(*load_edition(path)) == path.read_bytes()


def test_yaml_may_begin_with_a_brace(tmp_path: Path) -> None:
    edition = load(tmp_path, SMALL)
    text = edition_json(*edition).decode("utf-8")  # type: ignore[arg-type]
    assert load(tmp_path, text.replace('"2025-07-01"', "2025-07-01")) == edition


def test_every_edition_file_is_tested() -> None:
    found = {p.relative_to(ROOT).as_posix() for p in (ROOT / "data").rglob("edition.yaml")}
    assert found | {"indicators.yaml"} == set(SHIPPED)


def test_awkward_text_survives_the_way_back(tmp_path: Path) -> None:
    framework, method = load(
        tmp_path, changed('name_vi: "Một"', r'name_vi: "a: b # \"c\" \n\t{x} – Đắk Lắk: yes, 1.10"')
    )
    assert framework.indicators[0].name_vi.startswith('a: b # "c" \n\t{x}')  # type: ignore[attr-defined]
    again = edition_bytes(framework, method)  # type: ignore[arg-type]
    assert load(tmp_path, again.decode("utf-8")) == (framework, method)


def test_the_full_edition_is_what_public_sources_attest() -> None:
    framework, _ = load_edition(ROOT / "indicators.yaml")
    assert [len(framework.at_level(x)) for x in framework.levels[:-1]] == [1, 2, 7, 16]
    assert len(framework.codes) == 52
    suppliers = Counter(item.supplier for item in framework.indicators)
    attested = Counter(item.attested for item in framework.indicators)
    assert suppliers == {"province": 13, "central": 39}
    assert (attested["unattested"], attested["paraphrase"]) == (8, 8)


def test_aliases_that_multiply_are_refused_at_once(tmp_path: Path) -> None:
    levels = [f"&b{i} [{', '.join(['*b' + str(i - 1) if i else 'x'] * 9)}]" for i in range(12)]
    bomb = "".join(f"  - {level}\n" for level in levels)
    text = changed("assumptions:\n", f"assumptions:\n{bomb}")
    refused(tmp_path, text, "&b0", "an anchor (&), alias (*) or tag (!); write what it stands for")


@pytest.mark.parametrize("given", ["!!python/name:os.system", "!name small", "&a small"])
def test_tags_and_anchors_are_refused(tmp_path: Path, given: str) -> None:
    refused(tmp_path, changed('"small"', given), given, "an anchor (&), alias (*) or tag (!)")


def test_deep_nesting_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="brackets are nested too deeply; flatten them"):
        load(tmp_path, f"x: {'[' * 100_000}\n{SMALL}")


def test_a_file_too_large_for_an_edition(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="larger than 4 MiB; no edition is"):
        load(tmp_path, f"#{'x' * (5 << 20)}\n{SMALL}")


def test_weights_whose_sum_would_overflow(tmp_path: Path) -> None:
    text = changed('"A": 2', '"A": 1.7e308')
    refused(tmp_path, text, "1.7e308", "method.weights.A", "less than or equal to 1000000000000")


@pytest.mark.parametrize("code", ["1\\n1", "1\\e[31m", "1\\u202e1"])
def test_a_code_that_cannot_be_seen(tmp_path: Path, code: str) -> None:
    text = changed('code: "1.10"', f'code: "{code}"')
    refused(tmp_path, text, f'"{code}"', "is no code: it is empty, or has spaces")
