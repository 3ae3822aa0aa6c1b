"""The whole batch on one page: provinces × indicators, the state of every cell. No script."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pii.findings import Finding
from pii.framework import Framework, Language
from pii.provinces import ProvinceList
from pii.report.html import environment
from pii.report.states import KINDS, State, States

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "vi": {
        "title": "Tình trạng số liệu của cả đợt",
        "province": "Tỉnh, thành phố",
        "value": "Có số",
        "hole": "Trống",
        "error": "Lỗi",
        "whole": "Lỗi cả tệp",
        "total": "Cộng",
        "key": "Chú giải",
        "made": "Lập lúc",
        "edition": "Kỳ",
        "sum": "{cells} ô = {value} có số liệu + {hole} trống + {error} lỗi",
        "in": "{given} trên {all} tỉnh, thành phố có bài nộp đọc được",
    },
    "en": {
        "title": "State of the data of the whole batch",
        "province": "Province",
        "value": "Values",
        "hole": "Holes",
        "error": "Errors",
        "whole": "Whole file",
        "total": "Total",
        "key": "Key",
        "made": "Made at",
        "edition": "Edition",
        "sum": "{cells} cells = {value} values + {hole} holes + {error} errors",
        "in": "{given} of {all} provinces have a submission that can be read",
    },
}


@dataclass(frozen=True, slots=True)
class _Box:
    """A cell of the table: which look, which sign, what is said when pointed at."""

    look: str
    sign: str
    said: str
    first: bool


@dataclass(frozen=True, slots=True)
class _Row:
    """A province."""

    code: str
    name: str
    boxes: tuple[_Box, ...]
    counts: tuple[int, ...]
    whole: int


def dashboard_page(
    framework: Framework,
    provinces: ProvinceList | None,
    states: States,
    findings: Sequence[Finding],
    lang: Language,
    *,
    submitted: int,
    made: str = "",
) -> bytes:
    """The table as one HTML file, UTF-8; prints on A3 or A4 across.

    submitted : how many provinces have a submission that could be read
    made : when, as text; "" leaves it out, and equal batches are then equal bytes
    """
    words, total = _WORDS[lang], states.total()
    rules: dict[tuple[str, str], list[str]] = {}
    for finding in findings:
        rules.setdefault((finding.province, finding.indicator), []).append(finding.rule)
    heads = tuple(_heads(framework))
    text = (
        environment()
        .get_template("dashboard.html.j2")
        .render(
            lang=lang,
            w=words,
            title=framework.title(lang),
            label=framework.label(lang),
            edition=framework.id,
            made=made,
            bands=[
                (code, framework.name(code, lang), sum(one == code for one, _, _ in heads))
                for code in dict.fromkeys(pillar for pillar, _, _ in heads)
            ],
            columns=[(code, framework.name(code, lang), first) for _, code, first in heads],
            rows=list(_rows(framework, provinces, states, rules, heads, lang)),
            kinds=KINDS,
            feet=[(kind, [states.column(code)[kind] for _, code, _ in heads]) for kind in KINDS],
            firsts=[first for _, _, first in heads],
            total=total,
            whole=sum(states.whole.get(code, 0) for code in states.provinces),
            states=[
                (one.name.lower(), one.sign, one.words(lang), _count(states, one)) for one in State
            ],
            summed=words["sum"].format(cells=len(states.of), **total),
            inside=words["in"].format(given=submitted, all=len(states.provinces)),
        )
    )
    return text.encode("utf-8", "replace")


def _count(states: States, state: State) -> int:
    return sum(one is state for one in states.of.values())


def _heads(framework: Framework) -> Iterator[tuple[str, str, bool]]:
    """Pillar (or what stands for it), indicator, and whether it is the first of its pillar."""
    pillars = {group.code for group in framework.at_level("pillar")}
    last = ""
    for code in framework.codes:
        above = framework.ancestors(code)
        pillar = next((one for one in above if one in pillars), framework.index)
        yield pillar, code, pillar != last
        last = pillar


def _rows(
    framework: Framework,
    provinces: ProvinceList | None,
    states: States,
    rules: Mapping[tuple[str, str], Sequence[str]],
    heads: Sequence[tuple[str, str, bool]],
    lang: Language,
) -> Iterator[_Row]:
    for province in states.provinces:
        known = provinces.by_code.get(province) if provinces else None
        name = known.name(lang) if known else ""
        boxes = []
        for _, code, first in heads:
            state = states.of[province, code]
            broken = ", ".join(dict.fromkeys(rules.get((province, code), ())))
            said = " · ".join(
                filter(None, (f"{name or province} {code}", state.words(lang), broken))
            )
            boxes.append(_Box(state.name.lower(), state.sign, said, first))
        counts = tuple(states.row(province)[kind] for kind in KINDS)
        yield _Row(province, name, tuple(boxes), counts, states.whole.get(province, 0))
