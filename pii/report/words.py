"""The method and its levels in words, for people who read the results."""

from collections.abc import Iterator, Mapping

import pandas as pd

from pii.decimals import in_words
from pii.framework import Framework, Language
from pii.method import Method, Normalisation
from pii.pipeline import Outcome

_LEVELS: Mapping[Language, Mapping[str, str]] = {
    "vi": {
        "index": "chỉ số tổng hợp",
        "subindex": "chỉ số thành phần",
        "pillar": "trụ cột",
        "subpillar": "nhóm chỉ số",
        "indicator": "chỉ số",
    },
    "en": {"subindex": "sub-index", "subpillar": "sub-pillar"},
}


def level_word(level: str, lang: Language) -> str:
    """A level's name for readers; a level this project does not know keeps its own."""
    return _LEVELS[lang].get(level, level)


def method_table(outcome: Outcome, lang: Language) -> pd.DataFrame:
    """Every choice of the method in words, then every assumption of the edition.

    Columns choice, rule, basis (empty for choices: their basis is among the assumptions).
    """
    rows = method_rows(outcome.framework, outcome.method, lang)
    return pd.DataFrame(rows, columns=["choice", "rule", "basis"])


def method_rows(framework: Framework, method: Method, lang: Language) -> list[tuple[str, str, str]]:
    """Choice, rule in words and basis, for every choice and then every assumption."""
    vi = lang == "vi"
    rows = [
        ("xử lý ngoại lai" if vi else "treatment", _treatment_in_words(method, lang), ""),
        ("chuẩn hóa" if vi else "normalisation", _normalisation_in_words(method, lang), ""),
        ("mốc điểm" if vi else "goalposts", _goalposts_in_words(method, lang), ""),
        ("trọng số" if vi else "weights", _weights_in_words(method, lang), ""),
        *_levels_in_words(framework, method, lang),
        ("bằng điểm" if vi else "ties", _ties_in_words(method, lang), ""),
    ]
    assumed = "giả định" if vi else "assumed"
    return rows + [(f"{assumed}: {a.about}", a.text(lang), a.basis) for a in framework.assumptions]


def _points(points: float, lang: Language) -> str:
    """How many values may be winsorised: a number, or below 1 a share of the values present."""
    if points >= 1 or points == 0:
        return f"{points:g} " + ("điểm" if lang == "vi" else "of them")
    share = in_words(100 * points, lang)
    return f"{share} % số giá trị" if lang == "vi" else f"{share} % of the values"


def _treatment_in_words(method: Method, lang: Language) -> str:
    rule = method.treatment
    if rule.rule == "none":
        return (
            "Không xử lý giá trị ngoại lai." if lang == "vi" else "Outliers are left as they are."
        )
    skew, kurt = in_words(rule.skewness, lang), in_words(rule.kurtosis, lang)
    points = _points(rule.points, lang)
    if lang == "vi":
        return (
            f"Xử lý khi |độ lệch| > {skew} và độ nhọn > {kurt}: kéo về từng điểm một, tối đa "
            f"{points}; nếu chưa đủ thì lấy logarit của giá trị gốc. "
            "Chỉ số có mốc điểm cố định thì không xử lý."
        )
    return (
        f"Where |skewness| > {skew} and kurtosis > {kurt}, values are winsorised one at a time, "
        f"at most {points}; where that does not suffice, the logarithm of the original values is "
        "taken. Indicators with fixed goalposts are not treated."
    )


_OTHER_RULES: Mapping[Language, Mapping[str, str]] = {
    "vi": {
        "z-score": "Z-score: số độ lệch chuẩn so với trung bình, đưa về trung bình {mean} và độ "
        "lệch chuẩn {sd}.",
        "rank": "Thứ bậc: 1 điểm cho nơi kém nhất, mỗi bậc một điểm.",
        "borda": "Borda: số nơi kém hơn.",
        "percentile": "Bậc phần trăm: (thứ bậc − 1)/(n − 1), từ 0 đến 1.",
        "distance-to-best": "Khoảng cách tới nơi tốt nhất: 1 cho nơi tốt nhất, 0 cho nơi kém nhất.",
        "fraction-of-best": "Tỷ số so với nơi tốt nhất (thấp hơn là tốt: tốt nhất chia cho nó).",
        "upwards": "Không chuẩn hóa: giá trị được dùng thẳng làm điểm, đổi dấu "
        "nếu thấp hơn là tốt.",
        "categories": "Theo nhóm: {scores} điểm, theo phần các nơi không đứng trên, với các ranh "
        "giới {bounds}.",
        "above-below-mean": "So với trung bình: 1 điểm nếu tốt hơn quá {margin} %, −1 nếu kém hơn "
        "quá {margin} %, còn lại 0.",
        "distance-to-reference": "Khoảng cách tới địa phương {reference}: 1 điểm cho nơi đó, 0 "
        "cho nơi kém nhất{capped}.",
        "distance-to-target": "Khoảng cách tới mục tiêu ({targets}): 1 điểm khi đạt, 0 cho nơi "
        "kém nhất{capped}.",
        "ratio-to-mean": "Tỷ số so với trung bình (thấp hơn là tốt: trung bình chia cho nó).",
        "ampi": "Mazziotta–Pareto điều chỉnh: 100 điểm cho {middle}, 60 điểm giữa hai mốc.",
    },
    "en": {
        "z-score": "Z-scores: standard deviations from the mean, brought to a mean of {mean} and a "
        "standard deviation of {sd}.",
        "rank": "Ranks: 1 for the worst, one more for each place above.",
        "borda": "Borda: how many are worse.",
        "percentile": "Percentile ranks: (rank − 1)/(n − 1), from 0 to 1.",
        "distance-to-best": "Distance to the best: 1 for the best, 0 for the worst.",
        "fraction-of-best": "Fraction of the best; where lower is better, the best over the value.",
        "upwards": "None: values are scores, with the other sign where lower is better.",
        "categories": "Categories: {scores} points by the share of provinces not better placed, "
        "with the bounds {bounds}.",
        "above-below-mean": "Above or below the mean: 1 where better by more than {margin} %, −1 "
        "where worse by more than {margin} %, else 0.",
        "distance-to-reference": "Distance to {reference}: 1 for it, 0 for the worst{capped}.",
        "distance-to-target": "Distance to a target ({targets}): 1 where it is reached, 0 for the "
        "worst{capped}.",
        "ratio-to-mean": "Ratio to the mean; where lower is better, the mean over the value.",
        "ampi": "Adjusted Mazziotta–Pareto: 100 for {middle}, 60 points between the goalposts.",
    },
}


def _figures(rule: Normalisation, lang: Language) -> Mapping[str, str]:
    """What a normalisation is told with."""
    vi = lang == "vi"
    uncapped = ", không giới hạn trên" if vi else ", more where it is passed"
    mean = "trung bình" if vi else "the mean"
    return {
        "mean": in_words(rule.mean, lang),
        "sd": in_words(rule.sd, lang),
        "scores": "; ".join(in_words(one, lang) for one in rule.scores),
        "bounds": "; ".join(in_words(one, lang) for one in rule.bounds),
        "margin": in_words(float(f"{100 * rule.margin:.12g}"), lang),
        "reference": rule.reference,
        "targets": "; ".join(f"{c}: {in_words(x, lang)}" for c, x in rule.targets.items()),
        "capped": "" if rule.capped else uncapped,
        "middle": rule.reference or mean,
    }


def _normalisation_in_words(method: Method, lang: Language) -> str:
    vi = lang == "vi"
    if method.normalisation.rule == "none":
        return (
            "Không chuẩn hóa: giá trị được dùng thẳng làm điểm."
            if vi
            else "None: values are scores already."
        )
    if method.normalisation.rule != "min-max":
        rule = method.normalisation
        return _OTHER_RULES[lang][rule.rule].format_map(_figures(rule, lang))
    low, high = (in_words(end, lang) for end in method.normalisation.scale)
    return (
        f"Min-max: mốc kém nhất được {low} điểm, mốc tốt nhất được {high} điểm, ở giữa theo tỷ lệ."
        if vi
        else f"Min-max: the worst goalpost scores {low}, the best {high}, in proportion between."
    )


def _goalposts_in_words(method: Method, lang: Language) -> str:
    vi = lang == "vi"
    observed = (
        "giá trị nhỏ nhất và lớn nhất (sau xử lý) trong lần tính này"
        if vi
        else "the least and greatest value (after treatment) of this run"
    )
    if method.normalisation.rule != "min-max":
        return "Không dùng." if vi else "None are used."
    if not method.goalposts:
        return f"{observed[0].upper()}{observed[1:]}."
    fixed = "; ".join(
        f"{code}: {in_words(posts.worst, lang)} → {in_words(posts.best, lang)}"
        for code, posts in method.goalposts.items()
    )
    return (
        f"Cố định (kém nhất → tốt nhất): {fixed}. Các chỉ số khác: {observed}."
        if vi
        else f"Fixed (worst → best): {fixed}. All others: {observed}."
    )


def _weights_in_words(method: Method, lang: Language) -> str:
    vi = lang == "vi"
    given = "; ".join(f"{c}: {in_words(w, lang)}" for c, w in method.weights.items() if w != 1)
    if not given:
        return (
            "Bằng nhau trong mỗi nhóm; trọng số của phần thiếu được chia cho các phần còn lại."
            if vi
            else "Equal among siblings; the weight of what is absent is shared out among the rest."
        )
    return (
        f"{given}; mọi phần khác: 1. Trọng số của phần thiếu được chia cho các phần còn lại."
        if vi
        else f"{given}; all others: 1. The weight of what is absent is shared out among the rest."
    )


def _levels_in_words(
    framework: Framework, method: Method, lang: Language
) -> Iterator[tuple[str, str, str]]:
    vi = lang == "vi"
    levels = [level for level in framework.levels[:-1] if framework.at_level(level)]
    for level in reversed(levels):
        word = level_word(level, lang)
        yield (
            f"{'trung bình' if vi else 'mean'}: {word}",
            _mean_in_words(method.aggregation[level].power, lang),
            "",
        )
    for level in reversed(levels):
        rule = method.coverage[level]
        share = in_words(float(f"{100 * rule.share:.12g}"), lang)
        yield (
            f"{'độ phủ' if vi else 'coverage'}: {level_word(level, lang)}",
            (
                f"Công bố khi ít nhất {share} % chỉ số bên dưới có giá trị và ít nhất "
                f"{rule.count} thành phần trực tiếp được công bố; nếu không thì để trống, không "
                "tính là 0."
                if vi
                else f"Published where at least {share} % of the indicators beneath have a value "
                f"and at least {rule.count} of the direct children "
                f"{'is' if rule.count == 1 else 'are'} published; else left out, never zero."
            ),
            "",
        )


def _mean_in_words(power: float, lang: Language) -> str:
    known: Mapping[float, tuple[str, str]] = {
        1: ("Trung bình cộng có trọng số.", "Weighted arithmetic mean."),
        0: ("Trung bình nhân có trọng số.", "Weighted geometric mean."),
        -1: ("Trung bình điều hòa có trọng số.", "Weighted harmonic mean."),
    }
    vi, en = known.get(
        power,
        (
            f"Trung bình lũy thừa có trọng số, bậc {in_words(power, 'vi')}.",
            f"Weighted power mean of power {in_words(power, 'en')}.",
        ),
    )
    return vi if lang == "vi" else en


def _ties_in_words(method: Method, lang: Language) -> str:
    tolerance = in_words(method.ties.tolerance, lang)
    return (
        f"Điểm chênh nhau không quá {tolerance} là bằng nhau: cùng nhận hạng tốt hơn, các hạng kế "
        "tiếp bị bỏ qua (1, 2, 2, 4). Xếp hạng trên điểm chưa làm tròn."
        if lang == "vi"
        else f"Scores within {tolerance} are equal and share the better rank; the ranks after it "
        "are skipped (1, 2, 2, 4). Ranked on unrounded scores."
    )
