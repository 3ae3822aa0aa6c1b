"""The way from the index down to the cell, in words, from the tables of a run."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from math import nan

from pii.decimals import in_words
from pii.framework import Framework, Indicator, Language
from pii.method import Method
from pii.report.numbers import printed
from pii.report.words import aggregation_in_words
from pii.safe import unguarded
from pii.texts import quoted

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Recorded:
    """The tables of a run as they stand on disk, by what they are looked up with."""

    framework: Framework
    method: Method
    names: Mapping[str, str]
    scores: Mapping[tuple[str, str], Row]
    indicators: Mapping[tuple[str, str], Row]
    treatment: Mapping[str, Row]
    weights: Mapping[tuple[str, str], float]

    def weight(self, province: str, node: str) -> float:
        """Local weight of a node as it was used for that province."""
        own = self.weights.get((province, node), self.weights.get(("", node)))
        return self.method.weight(node) if own is None else own

    @property
    def provinces(self) -> tuple[str, ...]:
        """Codes of the provinces in the run."""
        return tuple(dict.fromkeys(province for province, _ in self.scores))


def recorded(
    framework: Framework,
    method: Method,
    names: Mapping[str, str],
    *,
    scores: bytes,
    indicators: bytes,
    treatment: bytes,
    weights: bytes | None = None,
) -> Recorded:
    """Build `Recorded` from the bytes of tables/*.csv; weights where the run derived them."""
    return Recorded(
        framework,
        method,
        names,
        {(row["province"], row["node"]): row for row in _rows(scores)},
        {(row["province"], row["indicator"]): row for row in _rows(indicators)},
        {row["indicator"]: row for row in _rows(treatment)},
        {
            (row["province"], row["node"]): _number(row["weight"])
            for row in _rows(weights or b"province,node,weight")
        },
    )


def _rows(data: bytes) -> Iterator[Row]:
    for row in csv.DictReader(StringIO(data.decode("utf-8"), newline="")):
        yield {key: unguarded(text) for key, text in row.items()}


def _number(text: str) -> float:
    return float(text) if text else nan


def explained(run: Recorded, province: str, code: str, lang: Language) -> Iterator[str]:
    """Lines that lead from the index to a node, and from there to its cells.

    province, code : as in the run's tables; an indicator is followed to its cell.
    """
    path = [*reversed(run.framework.ancestors(code)), code]
    label = run.framework.label(lang)
    yield f"{run.names.get(province, province)} ({province})" + (f"  [{label}]" if label else "")
    for depth, node in enumerate(path):
        yield "  " * depth + _node(run, province, node, lang)
    if code in run.framework.children:
        yield from _children(run, province, code, lang, "  " * len(path))
    else:
        yield ""
        yield from _indicator(run, province, code, lang)


def _say(lang: Language, vi: str, en: str) -> str:
    return vi if lang == "vi" else en


def _node(run: Recorded, province: str, code: str, lang: Language) -> str:
    row = run.scores[province, code]
    share = _number(row["coverage"])
    covered = (
        "" if share == 1 else f", {_say(lang, 'độ phủ', 'coverage')} {printed(share, 2, lang)}"
    )
    head = f"{code}  {run.framework.name(code, lang)}: "
    if not row["score"]:
        return head + _say(lang, "không công bố", "not published") + covered
    ranked = sum(1 for (_, node), other in run.scores.items() if node == code and other["rank"])
    rank = _say(lang, f"hạng {row['rank']}/{ranked}", f"rank {row['rank']} of {ranked}")
    return f"{head}{printed(_number(row['score']), 2, lang)} ({rank}{covered})"


def _children(
    run: Recorded, province: str, code: str, lang: Language, indent: str
) -> Iterator[str]:
    level = run.framework.level(code)
    kind = aggregation_in_words(run.method.aggregation[level], lang).rstrip(".")
    kind = f"{kind[0].lower()}{kind[1:]}"
    children = run.framework.children[code]
    there = [child for child in children if run.scores[province, child]["score"]]
    total = sum(run.weight(province, child) for child in there)
    yield indent + _say(lang, f"= {kind} của:", f"= {kind} of:")
    for child in children:
        line = _node(run, province, child, lang)
        if child in there and total:
            share = printed(100 * run.weight(province, child) / total, 1, lang)
            line = f"{share:>5} %  {line}"
        else:
            line = f"{'–':>5}    {line}"
        yield indent + line


def _indicator(run: Recorded, province: str, code: str, lang: Language) -> Iterator[str]:
    row, treatment = run.indicators[province, code], run.treatment[code]
    indicator = run.framework.by_code[code]
    assert isinstance(indicator, Indicator)
    place = f"{row['file']} [{'!'.join(filter(None, (row['sheet'], row['cell'])))}]"
    steps = [
        (_say(lang, "Ô", "Cell"), place if row["file"] else "–"),
        (_say(lang, "Nhập", "As typed"), quoted(row["text"]) or _say(lang, "(trống)", "(blank)")),
        (_say(lang, "Trạng thái", "Status"), row["status"]),
        (_say(lang, "Năm số liệu", "Data year"), row["data_year"] or "–"),
        (_say(lang, "Giá trị", "Value"), f"{_exact(row['raw'], lang)} {indicator.unit(lang)}"),
        *_prepared(run, code, row, lang),
        (_say(lang, "Xử lý ngoại lai", "Treatment"), _treatment(row, treatment, lang)),
        (_say(lang, "Mốc điểm", "Goalposts"), _goalposts(run, treatment, lang)),
        (_say(lang, "Điểm", "Score"), printed(_number(row["normalised"]), 2, lang)),
        (_say(lang, "Trọng số", "Weight"), _weight(run, province, code, row, lang)),
        (_say(lang, "Đóng góp", "Adds"), _points(run, province, row, lang)),
    ]
    if not row["prepared"]:
        steps = steps[:4]
    for name, text in steps:
        yield f"  {name:<16} {text}"


def _prepared(run: Recorded, code: str, row: Row, lang: Language) -> Iterator[tuple[str, str]]:
    """What was done to the value before treatment, where anything was."""
    prepared = _exact(row["prepared"], lang)
    if row["imputed"] == "True":
        yield _say(lang, "Ước lượng", "Estimate"), f"{prepared} ({run.method.imputation.rule})"
    elif rule := run.method.denomination.get(code):
        yield _say(lang, "Quy về quy mô", "Per size"), f"{prepared} (/ {rule.by})"


def _exact(text: str, lang: Language) -> str:
    return in_words(float(text), lang) if text else "–"


def _treatment(row: Row, treatment: Row, lang: Language) -> str:
    if treatment["form"] == "log":
        return _say(lang, "lấy logarit → ", "logarithm → ") + _exact(row["treated"], lang)
    if treatment["form"] not in ("none", "winsorised"):
        return f"{treatment['form']} → {_exact(row['treated'], lang)}"
    if row["treated"] == row["prepared"]:
        return _say(lang, "giữ nguyên", "left as it is")
    return _say(lang, "kéo về ", "capped at ") + _exact(row["treated"], lang)


def _goalposts(run: Recorded, treatment: Row, lang: Language) -> str:
    rule = run.method.normalised_by(treatment["indicator"])
    if rule.rule == "none":
        return _say(lang, "không dùng: giá trị đã là điểm", "none: values are scores already")
    if rule.rule != "min-max":
        name = rule.rule
        return _say(lang, f"không dùng: chuẩn hóa {name}", f"none: normalisation by {name}")
    low, high = rule.scale
    worst, best = _exact(treatment["worst"], lang), _exact(treatment["best"], lang)
    return f"{low:g} = {worst};  {high:g} = {best}"


def _weight(run: Recorded, province: str, code: str, row: Row, lang: Language) -> str:
    shares = []
    for node in (code, *run.framework.ancestors(code)[:-1]):
        parent = run.framework.by_code[node].parent
        assert parent is not None
        there = [c for c in run.framework.children[parent] if run.scores[province, c]["score"]]
        total = sum(run.weight(province, c) for c in there)
        share = run.weight(province, node) / total if total else nan
        shares.append(f"{printed(share, 3, lang)} ({parent})")
    return f"{printed(_number(row['weight']), 4, lang)} = " + " × ".join(shares)


def _points(run: Recorded, province: str, row: Row, lang: Language) -> str:
    index = run.framework.index
    if not row["contribution"]:
        return _say(
            lang,
            "không tách được thành từng phần: có cấp không phải trung bình cộng",
            "no part of its own: a mean on the way is not arithmetic",
        )
    whole = printed(_number(run.scores[province, index]["score"]), 2, lang)
    points = printed(_number(row["contribution"]), 2, lang)
    return _say(
        lang, f"{points} trong {whole} điểm {index}", f"{points} of the {whole} points of {index}"
    )
