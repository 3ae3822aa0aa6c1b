"""What an audit varied, and what of its spread it had to leave out, in words."""

from collections.abc import Iterator, Mapping, Sequence

from pii.framework import Framework, Language
from pii.report.charts.facts import say
from pii.report.numbers import printed
from pii.report.words import level_word
from pii.spread import Omitted, Option, Spread, VariedWeights

# Vietnamese, English
_CHOICES: Mapping[str, tuple[str, str]] = {
    "outliers": ("xử lý ngoại lai", "treatment of outliers"),
    "mean": ("cách lấy trung bình", "kind of mean"),
    "normalisation": ("cách chuẩn hóa", "normalisation"),
    "imputation": ("ước lượng số thiếu", "imputation"),
    "dropped": ("bỏ một thành phần", "leaving out one part"),
    "errors": ("sai số đo", "measurement error"),
}
_MEANS: Mapping[float, tuple[str, str]] = {
    1: ("trung bình cộng", "arithmetic means"),
    0: ("trung bình nhân", "geometric means"),
    -1: ("trung bình điều hòa", "harmonic means"),
}


def told_choice(name: str, framework: Framework, lang: Language) -> str:
    """A choice of the spread in words; what only the spread's author named keeps its name."""
    head, _, where = name.partition(": ")
    if head == "weights" and where:
        return told_weights(where, framework, lang)
    return say(lang, *_CHOICES.get(name, (name, name)))


def told_weights(where: str, framework: Framework, lang: Language) -> str:
    """Weights of a level, or within a parent; `where` as `Spread.weights` has it."""
    if where in framework.levels:
        word = level_word(where, lang)
        return say(lang, f"trọng số {word}", f"{word} weights")
    if where not in framework.by_code:
        return say(lang, f"trọng số: {where}", f"weights: {where}")
    node = told_node(where, framework, lang)
    return say(lang, f"trọng số trong {node}", f"weights within {node}")


def told_node(code: str, framework: Framework, lang: Language) -> str:
    """A node by code and name; by name alone where the code is no number."""
    name = framework.name(code, lang)
    return f"{code} {name}" if any(letter.isdigit() for letter in code) else name


def told_option(option: Option, lang: Language) -> str:
    """An option in words; a change that has none is told as the spread writes it."""
    if not option:
        return say(lang, "như đã tính", "as in the run")
    return ", ".join(_changes(option, lang))


def _changes(option: Option, lang: Language) -> Iterator[str]:
    for name, value in option.items():
        part, _, last = name.rpartition(".")
        if name == "treatment.points":
            number = printed(float(value), 0, lang)
            yield say(lang, f"kéo về tối đa {number} giá trị", f"at most {number} winsorised")
        elif name == "treatment.rule" and value == "none":
            yield say(lang, "không xử lý", "none treated")
        elif name == "normalisation.scale":
            low, high = (printed(float(end), 2 if end % 1 else 0, lang) for end in value)
            yield say(lang, f"điểm từ {low} đến {high}", f"scores from {low} to {high}")
        elif part.startswith("aggregation.") and last == "power":
            yield _mean(part.removeprefix("aggregation."), float(value), lang)
        elif not (part.startswith("aggregation.") and (last, value) == ("rule", "power")):
            yield f"{name} {value}"


def _mean(level: str, power: float, lang: Language) -> str:
    number = printed(power, 2 if power % 1 else 0, lang)
    other = (f"trung bình lũy thừa bậc {number}", f"means of power {number}")
    kind = say(lang, *_MEANS.get(power, other))
    if level == "all":
        return say(lang, f"{kind} ở mọi cấp", f"{kind} at every level")
    word = level_word(level, lang)
    return say(lang, f"{kind} trong {word}", f"{kind} within the {word}")


def told_rule(varied: VariedWeights, lang: Language) -> str:
    """How weights vary."""
    by, low, high = (printed(100 * x, 0, lang) for x in (varied.by, varied.low, varied.high))
    if varied.rule == "uniform":
        return say(lang, f"mỗi số ±{by} %", f"each ±{by} %")
    if varied.rule == "range":
        return say(lang, f"mỗi phần {low} đến {high} %", f"each share {low} to {high} %")
    number = printed(varied.by, 0, lang)
    return say(
        lang,
        f"quanh trọng số đã dùng (Dirichlet, độ tập trung {number})",
        f"around those of the run (Dirichlet, concentration {number})",
    )


def varied_sentences(spread: Spread, framework: Framework, lang: Language) -> Iterator[str]:
    """Every choice with its options, and how far weights and values may be off."""
    for name, options in spread.choices.items():
        head = capital(told_choice(name, framework, lang))
        yield f"{head}: {'; '.join(told_option(option, lang) for option in options)}."
    for rule, wheres in _alike(spread.weights):
        names = ", ".join(told_weights(where, framework, lang) for where in wheres)
        yield f"{capital(names)}: {told_rule(rule, lang)}."
    if spread.dropped:
        codes = ", ".join(spread.dropped)
        vi = f"Không bỏ gì, hoặc bỏ một trong các thành phần: {codes}."
        yield say(lang, vi, f"Nothing left out, or one of these: {codes}.")
    if spread.errors:
        n = len(spread.errors)
        vi = f"Sai số đo ở số liệu của {n} chỉ số."
        them = "indicator" if n == 1 else "indicators"
        yield say(lang, vi, f"Measurement error in the values of {n} {them}.")


def _alike(weights: Mapping[str, VariedWeights]) -> list[tuple[VariedWeights, list[str]]]:
    """Rules in order, each once, with where it holds."""
    wheres: dict[VariedWeights, list[str]] = {}
    for where, rule in weights.items():
        wheres.setdefault(rule, []).append(where)
    return list(wheres.items())


def omitted_sentences(
    omitted: Sequence[Omitted], framework: Framework, lang: Language
) -> Iterator[str]:
    """Which options were not tried, and why."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for one in omitted:
        told = told_option(one.option, lang)
        groups.setdefault((one.choice, one.why, one.message), []).append(told)
    for (choice, why, message), options in groups.items():
        what = f"{told_choice(choice, framework, lang)} ({'; '.join(options)})"
        because = {
            "zero": (
                "kỳ này có điểm không lớn hơn 0, mà trung bình như vậy cần mọi điểm lớn hơn 0",
                "some scores of this edition are not above 0, and such means need all to be",
            ),
            "same": ("không làm đổi điểm nào của kỳ này", "that changes no score of this edition"),
            "refused": (
                f"kỳ này không tính được như vậy ({message})",
                f"this edition cannot be computed that way ({message})",
            ),
        }[why]
        yield f"{say(lang, 'Không thử', 'Not tried')}: {what}; {say(lang, *because)}."


def capital(text: str) -> str:
    """The text with its first letter as a sentence begins."""
    return text[:1].upper() + text[1:]
