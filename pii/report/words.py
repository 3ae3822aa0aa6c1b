"""The method and its levels in words, for people who read the results."""

from collections.abc import Iterator, Mapping

import pandas as pd

from pii.decimals import in_words
from pii.framework import Framework, Language
from pii.method import (
    BY_GOALPOSTS,
    Aggregation,
    FrozenTreatment,
    Imputation,
    Method,
    Normalisation,
    Screening,
    Strengths,
    Ties,
    Treatment,
    Weighting,
)
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

    Columns choice, rule, basis (of a choice: the function that carries it out).
    """
    rows = method_rows(outcome.framework, outcome.method, lang)
    return pd.DataFrame(rows, columns=["choice", "rule", "basis"])


def method_rows(framework: Framework, method: Method, lang: Language) -> list[tuple[str, str, str]]:
    """Choice, rule in words, and formula or basis: every choice and then every assumption.

    The formula of a choice is the function of `pii.steps` that carries it out.
    """
    vi = lang == "vi"
    named = {
        "treatment": ("xử lý ngoại lai", "treatment"),
        "normalisation": ("chuẩn hóa", "normalisation"),
    }
    of = {key: pair[0 if vi else 1] for key, pair in named.items()}
    rows = [
        *_before_treatment(method, lang),
        (of["treatment"], _treatment_in_words(method.treatment, lang), _formula(method.treatment)),
        *(
            (f"{of['treatment']}: {code}", _treatment_in_words(rule, lang), _formula(rule))
            for code, rule in method.treatment_of.items()
        ),
        (
            of["normalisation"],
            _normalisation_in_words(method.normalisation, lang),
            _formula(method.normalisation),
        ),
        *(
            (f"{of['normalisation']}: {code}", _normalisation_in_words(rule, lang), _formula(rule))
            for code, rule in method.normalisation_of.items()
        ),
        ("mốc điểm" if vi else "goalposts", _goalposts_in_words(method, lang), ""),
        ("trọng số" if vi else "weights", _weights_in_words(method, lang), ""),
        *_levels_in_words(framework, method, lang),
        ("bằng điểm" if vi else "ties", _ties_in_words(method, lang), _formula(method.ties)),
        (
            "điểm mạnh, điểm yếu" if vi else "strengths",
            _strengths_in_words(method, lang),
            _formula(method.strengths),
        ),
    ]
    assumed = "giả định" if vi else "assumed"
    return rows + [(f"{assumed}: {a.about}", a.text(lang), a.basis) for a in framework.assumptions]


_FORMULAS: Mapping[type, Mapping[str, str]] = {
    Screening: {"availability": "screen.screened"},
    Imputation: {
        "mean": "impute.filled_by_column",
        "median": "impute.filled_by_column",
        "group-mean": "impute.filled_by_column",
        "group-median": "impute.filled_by_column",
        "row-mean": "impute.filled_by_row",
        "em": "impute.em_normal",
        "last-year": "impute.carried_forward",
        "linear": "impute.interpolated",
    },
    Treatment: {
        "gii": "treat.gii_treatment",
        "coinr": "treat.coinr_treatment",
        "eis": "treat.eis_treatment",
        "log": "treat.transformation",
        "log-gii": "treat.transformation",
        "log-ct": "treat.transformation",
        "log-ct-orig": "treat.transformation",
        "box-cox": "treat.transformation",
    },
    Normalisation: {
        "upwards": "normalise.upwards",
        "min-max": "normalise.between_goalposts",
        "z-score": "normalise.z_scores",
        "rank": "normalise.rank_scores",
        "borda": "normalise.borda",
        "percentile": "normalise.percentile_ranks",
        "categories": "normalise.percentile_bands",
        "above-below-mean": "normalise.above_or_below_mean",
        "distance-to-best": "normalise.distance_to_best",
        "distance-to-reference": "normalise.distance_to_reference",
        "distance-to-target": "normalise.distance_to_target",
        "fraction-of-best": "normalise.fractions_of_best",
        "ratio-to-mean": "normalise.ratios_to",
        "ampi": "aggregate.adjusted_mpi_scores",
    },
    Weighting: {
        "pca": "weigh.pca_weights",
        "factor": "weigh.factor_weights",
        "entropy": "weigh.entropy_weights",
        "critic": "weigh.critic_weights",
        "balanced": "weigh.balanced_weights",
        "ahp": "weigh.ahp_weights",
        "budget": "weigh.budget_allocation",
        "benefit-of-the-doubt": "frontier.benefit_of_the_doubt",
    },
    Aggregation: {
        "power": "aggregate.power_mean",
        "median": "aggregate.weighted_median",
        "minimum": "aggregate.minimum",
        "mpi": "aggregate.mazziotta_pareto",
        "owa": "aggregate.owa",
        "copeland": "outrank.copeland",
        "kemeny": "outrank.kemeny",
    },
    Ties: {
        "competition": "rank.competition_rank",
        "dense": "rank.dense_rank",
        "average": "rank.average_rank",
    },
    Strengths: {
        "pii": "strengths.furthest",
        "gii": "strengths.gii_sides",
        "group": "strengths.group_sides",
    },
}
"""The functions beneath `pii.steps` that carry the rules out."""


def _formula(part: object) -> str:
    rule = part.rank if isinstance(part, Ties) else getattr(part, "rule", "")
    name = _FORMULAS.get(type(part), {}).get(rule, "")
    return f"pii.steps.{name}" if name else ""


def _percent(share: float, lang: Language) -> str:
    return f"{in_words(float(f'{100 * share:.12g}'), lang)} %"


def _before_treatment(method: Method, lang: Language) -> Iterator[tuple[str, str, str]]:
    """Screening and denomination where there is any, and imputation."""
    vi, rule = lang == "vi", method.screening
    if rule.rule != "none":
        present, nonzero = _percent(rule.present, lang), _percent(rule.nonzero, lang)
        forced = [
            (f" {vi_word if vi else en_word}: {', '.join(names)}." if names else "")
            for vi_word, en_word, names in (
                ("Luôn tính", "Always in", rule.force_in),
                ("Luôn loại", "Always out", rule.force_out),
            )
        ]
        yield (
            "sàng lọc" if vi else "screening",
            (
                f"Chỉ tính nơi có số liệu ở ít nhất {present} chỉ số, trong đó ít nhất {nonzero} "
                "khác 0."
                if vi
                else f"Only units with values for at least {present} of the indicators are scored, "
                f"at least {nonzero} of them not zero."
            )
            + "".join(forced),
            _formula(rule),
        )
    if method.denomination:
        divided = "; ".join(
            f"{code} / {one.by}" + (f" × {in_words(one.scale, lang)}" if one.scale != 1 else "")
            for code, one in method.denomination.items()
        )
        yield (
            "quy về quy mô" if vi else "denomination",
            f"{'Chia cho biến quy mô' if vi else 'Divided by a variable'}: {divided}.",
            "pii.steps.denominate.denominated",
        )
    yield (
        "số liệu thiếu" if vi else "imputation",
        _imputation_in_words(method.imputation, lang),
        _formula(method.imputation),
    )


_IMPUTATION: Mapping[str, tuple[str, str]] = {
    "none": (
        "Không ước lượng: thiếu vẫn là thiếu, trung bình tính trên phần hiện có.",
        "Nothing is imputed: what is missing stays missing, means are over what is present.",
    ),
    "mean": ("Trung bình của chỉ số.", "The mean of the indicator."),
    "median": ("Trung vị của chỉ số.", "The median of the indicator."),
    "group-mean": (
        "Trung bình của chỉ số trong cùng nhóm {group}.",
        "The mean of the indicator within the same {group}.",
    ),
    "group-median": (
        "Trung vị của chỉ số trong cùng nhóm {group}.",
        "The median of the indicator within the same {group}.",
    ),
    "row-mean": (
        "Trung bình các chỉ số khác của chính nơi đó trong cùng {level}, quy về giữa hai mốc.",
        "The mean of the unit's other indicators in the same {level}, made comparable between "
        "goalposts.",
    ),
    "em": (
        "Giá trị kỳ vọng theo phân phối chuẩn nhiều chiều (EM), hệ số co {ridge}, dung sai "
        "{tolerance}.",
        "The value expected under a multivariate normal (EM), ridge {ridge}, tolerance "
        "{tolerance}.",
    ),
    "last-year": (
        "Giá trị của năm gần nhất trước đó{reach}.",
        "The value of the last year before{reach}.",
    ),
    "linear": (
        "Nội suy tuyến tính giữa các năm; sau năm cuối: giá trị năm cuối.",
        "On the straight line between years; after the last one, its value.",
    ),
}


def _imputation_in_words(rule: Imputation, lang: Language) -> str:
    vi = lang == "vi"
    reach = f", tối đa {rule.reach} năm" if vi else f", at most {rule.reach} years"
    text = _IMPUTATION[rule.rule][0 if vi else 1].format(
        group=rule.group,
        level=level_word(rule.level, lang),
        ridge=in_words(rule.ridge, lang),
        tolerance=in_words(rule.tolerance, lang),
        reach=reach if rule.reach else "",
    )
    if rule.rule == "none":
        return text
    counts = (
        ("Ước lượng được tính vào độ phủ.", "Estimates count for coverage.")
        if rule.counts
        else ("Ước lượng không tính vào độ phủ.", "Estimates do not count for coverage.")
    )
    return f"{text} {counts[0 if vi else 1]}"


def _points(points: float, lang: Language) -> str:
    """How many values may be winsorised: a number, or below 1 a share of the values present."""
    if points >= 1 or points == 0:
        return f"{points:g} " + ("điểm" if lang == "vi" else "of them")
    share = in_words(100 * points, lang)
    return f"{share} % số giá trị" if lang == "vi" else f"{share} % of the values"


_TRANSFORMS: Mapping[str, tuple[str, str]] = {
    "log": (
        "logarit ln(t + 0,01), t từ 0 (nhỏ nhất) đến 1 (lớn nhất)",
        "the logarithm ln(t + 0.01), t from 0 (least) to 1 (greatest)",
    ),
    "log-gii": (
        "logarit của GII, ln((k − 1)t + 1), t từ 0 đến 1",
        "the GII's logarithm, ln((k − 1)t + 1), t from 0 to 1",
    ),
    "log-ct": (
        "logarit của COINr, ln(x − nhỏ nhất + 0,01 × khoảng)",
        "COINr's logarithm, ln(x − least + 0.01 × range)",
    ),
    "log-ct-orig": (
        "logarit của COINr, ln(x − nhỏ nhất + 1)",
        "COINr's logarithm, ln(x − least + 1)",
    ),
    "box-cox": ("Box–Cox, λ = {parameter}", "Box–Cox, λ = {parameter}"),
}


def _treatment_in_words(rule: Treatment | FrozenTreatment, lang: Language) -> str:
    vi = lang == "vi"
    if isinstance(rule, FrozenTreatment):
        low, high = in_words(rule.low, lang), in_words(rule.high, lang)
        return (
            f"Như lần tính trước: {rule.form}, kéo về giữa {low} và {high}."
            if vi
            else f"As an earlier run did: {rule.form}, capped between {low} and {high}."
        )
    if rule.rule == "none":
        return "Không xử lý giá trị ngoại lai." if vi else "Outliers are left as they are."
    fixed = (
        " Chỉ số có mốc điểm cố định thì không xử lý."
        if vi
        else " Indicators with fixed goalposts are not treated."
    )
    if rule.exempt:
        exempt = ", ".join(rule.exempt)
        fixed += f" Miễn xử lý: {exempt}." if vi else f" Exempt: {exempt}."
    return _rule_of_treatment(rule, lang) + fixed


def _rule_of_treatment(rule: Treatment, lang: Language) -> str:
    vi, skew = lang == "vi", in_words(rule.skewness, lang)
    if rule.rule == "eis":
        reach = in_words(rule.deviations, lang)
        return (
            f"Lấy căn bậc hai khi |độ lệch| > {skew}, rồi kéo về trong {reach} độ lệch chuẩn "
            "quanh trung bình."
            if vi
            else f"Square roots where |skewness| > {skew}, then caps {reach} standard deviations "
            "from the mean."
        )
    if rule.rule not in ("gii", "coinr"):
        said = _transform_in_words(rule.rule, rule.parameter, lang)
        return f"Mọi chỉ số: {said}." if vi else f"Of every indicator: {said}."
    kurt, points = in_words(rule.kurtosis, lang), _points(rule.points, lang)
    said = _transform_in_words(rule.otherwise, rule.parameter, lang)
    if vi:
        fails = f"nếu chưa đủ thì biến đổi giá trị gốc: {said}" if said else "không lấy logarit"
        return (
            f"Xử lý khi |độ lệch| > {skew} và độ nhọn > {kurt}: kéo về từng điểm một, tối đa "
            f"{points}; {fails}."
        )
    fails = (
        f"where that does not suffice, the original values take {said}"
        if said
        else "nothing more is done where that does not suffice"
    )
    return (
        f"Where |skewness| > {skew} and kurtosis > {kurt}, values are winsorised one at a time, "
        f"at most {points}; {fails}."
    )


def _transform_in_words(rule: str, parameter: float, lang: Language) -> str:
    if rule == "none":
        return ""
    text = _TRANSFORMS[rule][0 if lang == "vi" else 1]
    if rule == "log-gii" and parameter:
        text += f" (k = {in_words(parameter, lang)})"
    return text.format(parameter=in_words(parameter, lang))


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


def _normalisation_in_words(rule: Normalisation, lang: Language) -> str:
    vi = lang == "vi"
    if rule.rule == "none":
        return (
            "Không chuẩn hóa: giá trị được dùng thẳng làm điểm."
            if vi
            else "None: values are scores already."
        )
    if rule.rule == "min-max":
        low, high = (in_words(end, lang) for end in rule.scale)
        text = (
            f"Min-max: mốc kém nhất được {low} điểm, mốc tốt nhất được {high} điểm, ở giữa theo "
            "tỷ lệ."
            if vi
            else f"Min-max: the worst goalpost scores {low}, the best {high}, in proportion "
            "between."
        )
    else:
        text = _OTHER_RULES[lang][rule.rule].format_map(_figures(rule, lang))
    if rule.constant is None:
        return text
    score = in_words(rule.constant, lang)
    return text + (
        f" Chỉ số mà mọi nơi bằng nhau được {score} điểm."
        if vi
        else f" An indicator that is equal everywhere scores {score}."
    )


def _goalposts_in_words(method: Method, lang: Language) -> str:
    vi = lang == "vi"
    observed = (
        "giá trị nhỏ nhất và lớn nhất (sau xử lý) trong lần tính này"
        if vi
        else "the least and greatest value (after treatment) of this run"
    )
    rules = (method.normalisation, *method.normalisation_of.values())
    if not any(rule.rule in BY_GOALPOSTS for rule in rules):
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


_WEIGHTING: Mapping[str, tuple[str, str]] = {
    "given": ("như ghi ở trên", "as given above"),
    "equal": ("bằng nhau", "equal"),
    "pca": ("thành phần chính thứ nhất (PCA)", "first principal component (PCA)"),
    "factor": (
        "phân tích nhân tố: {factors} nhân tố, phép quay {rotation}",
        "factor analysis: {factors} factors, rotation {rotation}",
    ),
    "entropy": ("entropy", "entropy"),
    "critic": ("CRITIC", "CRITIC"),
    "balanced": (
        "cân bằng: mọi phần tương quan như nhau với điểm của nhóm",
        "balanced: every child equally correlated with its parent",
    ),
    "ahp": ("AHP theo so sánh cặp {judgements}", "AHP from the comparisons {judgements}"),
    "budget": (
        "phân bổ điểm của chuyên gia {judgements}",
        "budget allocation by experts {judgements}",
    ),
    "benefit-of-the-doubt": (
        "lợi thế riêng: mỗi nơi theo trọng số tốt nhất của chính nó, mỗi phần từ {low} đến {high}; "
        "điểm từ 0 đến 100",
        "benefit of the doubt: every unit under its own best weights, each share from {low} to "
        "{high}; scores from 0 to 100",
    ),
}


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


def _weighting_in_words(rule: Weighting, lang: Language) -> str:
    judgements = "; ".join(
        f"{code}: " + " | ".join(" ".join(f"{x:g}" for x in row) for row in rows)
        for code, rows in rule.judgements.items()
    )
    text = _WEIGHTING[rule.rule][0 if lang == "vi" else 1].format(
        factors=rule.factors,
        rotation=rule.rotation,
        judgements=judgements,
        low=_percent(rule.low, lang),
        high=_percent(rule.high, lang),
    )
    return f"{text[0].upper()}{text[1:]}."


def _levels_in_words(
    framework: Framework, method: Method, lang: Language
) -> Iterator[tuple[str, str, str]]:
    vi = lang == "vi"
    levels = [level for level in framework.levels[:-1] if framework.at_level(level)]
    for level in reversed(levels):
        if level in method.weighting:
            weighting = method.weighting[level]
            yield (
                f"{'trọng số dưới' if vi else 'weights under'}: {level_word(level, lang)}",
                _weighting_in_words(weighting, lang),
                _formula(weighting),
            )
    for level in reversed(levels):
        aggregation = method.aggregation[level]
        yield (
            f"{'trung bình' if vi else 'mean'}: {level_word(level, lang)}",
            aggregation_in_words(aggregation, lang),
            _formula(aggregation),
        )
    for level in reversed(levels):
        rule = method.coverage[level]
        share = _percent(rule.share, lang)
        yield (
            f"{'độ phủ' if vi else 'coverage'}: {level_word(level, lang)}",
            (
                f"Công bố khi ít nhất {share} chỉ số bên dưới có giá trị và ít nhất "
                f"{rule.count} thành phần trực tiếp được công bố; nếu không thì để trống, không "
                "tính là 0."
                if vi
                else f"Published where at least {share} of the indicators beneath have a value "
                f"and at least {rule.count} of the direct children "
                f"{'is' if rule.count == 1 else 'are'} published; else left out, never zero."
            ),
            "pii.steps.aggregate.covered",
        )


_AGGREGATION: Mapping[str, tuple[str, str]] = {
    "median": ("Trung vị có trọng số.", "Weighted median."),
    "minimum": ("Điểm thấp nhất.", "The lowest score."),
    "mpi": (
        "Mazziotta–Pareto: trung bình, {side} phần phạt vì mất cân đối.",
        "Mazziotta–Pareto: the mean, {side} a penalty for imbalance.",
    ),
    "owa": (
        "Trung bình có trọng số theo thứ tự, từ cao xuống thấp: {order}.",
        "Ordered weighted average, from the highest down: {order}.",
    ),
    "copeland": (
        "Copeland: số nơi thua trừ số nơi thắng, theo đa số trọng số.",
        "Copeland: units beaten less units lost to, by a majority of weight.",
    ),
    "kemeny": (
        "Kemeny–Young: thứ tự được nhiều trọng số ủng hộ nhất; điểm là số nơi đứng dưới.",
        "Kemeny–Young: the order that most weight supports; the score is how many stand below.",
    ),
}


def aggregation_in_words(rule: Aggregation, lang: Language) -> str:
    """How children become the score of their parent."""
    if rule.rule == "power":
        return _mean_in_words(rule.power, lang)
    vi = lang == "vi"
    side = ("trừ" if vi else "less") if rule.downward else ("cộng" if vi else "plus")
    order = "; ".join(in_words(one, lang) for one in rule.order)
    return _AGGREGATION[rule.rule][0 if vi else 1].format(side=side, order=order)


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


_TIES: Mapping[str, tuple[str, str]] = {
    "competition": (
        "cùng nhận hạng tốt hơn, các hạng kế tiếp bị bỏ qua (1, 2, 2, 4)",
        "share the better rank; the ranks after it are skipped (1, 2, 2, 4)",
    ),
    "dense": (
        "cùng hạng, không bỏ hạng nào (1, 2, 2, 3)",
        "share a rank; no rank is skipped (1, 2, 2, 3)",
    ),
    "average": (
        "nhận trung bình các hạng (1; 2,5; 2,5; 4)",
        "share the mean of their places (1, 2.5, 2.5, 4)",
    ),
}


def _ties_in_words(method: Method, lang: Language) -> str:
    rule, vi = method.ties, lang == "vi"
    tolerance, how = in_words(rule.tolerance, lang), _TIES[rule.rank][0 if vi else 1]
    text = (
        f"Điểm chênh nhau không quá {tolerance} là bằng nhau: {how}. Xếp hạng trên điểm chưa làm "
        "tròn."
        if vi
        else f"Scores within {tolerance} are equal and {how}. Ranked on unrounded scores."
    )
    if not rule.within:
        return text
    return text + (
        f" Xếp hạng cả trong từng nhóm {rule.within}."
        if vi
        else f" Ranked within each {rule.within} too."
    )


def _strengths_in_words(method: Method, lang: Language) -> str:
    rule, vi = method.strengths, lang == "vi"
    if rule.rule == "none":
        return "Không xác định." if vi else "None are told."
    always = (
        f", hoặc hạng {rule.always} trở lên" if vi else f", or a rank of {rule.always} or better"
    )
    said = {
        "pii": (
            f"{rule.count} chỉ số có hạng cao nhất và {rule.count} chỉ số có hạng thấp nhất",
            f"The {rule.count} indicators with the best rank, and the {rule.count} with the worst",
        ),
        "gii": (
            f"Bậc phần trăm không kém bậc lớn thứ {rule.count} của nơi đó"
            + (always if rule.always else ""),
            f"Percent ranks at least the {rule.count}th largest of the unit"
            + (always if rule.always else ""),
        ),
        "group": (
            f"Cách trung bình nhóm {rule.group} quá một độ lệch chuẩn",
            f"More than one standard deviation from the mean of the {rule.group}",
        ),
    }[rule.rule][0 if vi else 1]
    tied = _percent(rule.tied, lang)
    return (
        f"{said}. Chỉ xét chỉ số có từ {rule.values} điểm, {rule.distinct} điểm khác nhau và không "
        f"quá {tied} bằng nhau."
        if vi
        else f"{said}. Only of indicators with {rule.values} scores or more, {rule.distinct} or "
        f"more different, and at most {tied} equal."
    )
