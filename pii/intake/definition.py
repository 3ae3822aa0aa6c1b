"""Edition files: read strictly, refused with file, line, column and remedy.

The only place where pydantic is used.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, asdict, fields
from dataclasses import Field as Field_
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.composer import Composer, MaxDepthExceededError
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from pii import framework as fw
from pii import method as md
from pii.errors import DefinitionError
from pii.texts import quoted

MAX_BYTES = 4 << 20  # of an edition file; that of the PII has 0.1 MiB
MAX_DEPTH = 32
MAX_WEIGHT = 1e12  # beyond it sums of weights could overflow


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class _Edition(_Strict):
    id: str
    title_vi: str
    title_en: str
    label_vi: str | None
    label_en: str | None
    provinces_on: date | None
    template_version: str
    levels: list[str]


class _Assumption(_Strict):
    about: str
    vi: str
    en: str
    basis: str


class _Group(_Strict):
    code: str
    level: str
    parent: str | None
    name_vi: str
    name_en: str
    attested: fw.Attested


class _Indicator(_Strict):
    code: str
    id: str
    parent: str
    name_vi: str
    name_en: str
    definition_vi: str
    definition_en: str
    unit_vi: str
    unit_en: str
    direction: fw.Direction
    bounds: list[float | None]
    denominator: str | None
    source_vi: str
    source_en: str
    supplier: fw.Supplier
    evidence: bool
    data_year: int
    attested: fw.Attested
    note: str | None = None


class _Variable(_Strict):
    code: str
    kind: fw.VariableKind
    name_vi: str
    name_en: str
    unit_vi: str = ""
    unit_en: str = ""
    registered: fw.Registered | None = None


def _mirror(part: type) -> Any:
    """The strict reader of a part of the method: its fields, and its defaults where it has them."""
    hints = get_type_hints(part)
    given = {one.name: (_readable(hints[one.name]), _default(one)) for one in fields(part)}
    return create_model(f"_{part.__name__}", __base__=_Strict, **given)  # type: ignore[call-overload]


def _readable(hint: Any) -> Any:
    """YAML has lists, not tuples; what stands in them is as strict as everything else."""
    if get_origin(hint) is tuple:
        inner = tuple(_readable(one) for one in get_args(hint))
        return Annotated[tuple.__class_getitem__(inner), Field(strict=False)]
    if get_origin(hint) is Mapping:
        key, value = get_args(hint)
        return dict[key, _readable(value)]  # type: ignore[misc, valid-type]
    return hint


def _default(one: Field_[Any]) -> Any:
    if one.default is not MISSING:
        return one.default
    return ... if one.default_factory is MISSING else {}


_PARTS: Mapping[str, type] = {
    "screening": md.Screening,
    "imputation": md.Imputation,
    "treatment": md.Treatment,
    "normalisation": md.Normalisation,
    "ties": md.Ties,
    "strengths": md.Strengths,
}
_BY_NAME: Mapping[str, type] = {
    "denomination": md.Denomination,
    "treatment_of": md.Treatment,
    "normalisation_of": md.Normalisation,
    "goalposts": md.Goalposts,
    "weighting": md.Weighting,
    "aggregation": md.Aggregation,
    "coverage": md.Coverage,
}
_NEEDED = ("aggregation", "coverage")


def _method_model() -> Any:
    given: dict[str, Any] = {name: (_mirror(part), None) for name, part in _PARTS.items()}
    for name, part in _BY_NAME.items():
        given[name] = (dict[str, _mirror(part)], ... if name in _NEEDED else {})  # type: ignore[misc]
    of_one: Any = Union[_mirror(md.Treatment), _mirror(md.FrozenTreatment)]  # noqa: UP007
    given["treatment_of"] = (dict[str, of_one], {})
    given["weights"] = (dict[str, Annotated[float, Field(le=MAX_WEIGHT)]], {})
    return create_model("_Method", __base__=_Strict, **given)


_Method = _method_model()


class _Sum(_Strict):
    parts: list[str]
    whole: str | float


class _Whole(_Strict):
    edition: _Edition
    assumptions: list[_Assumption]
    variables: list[_Variable] = []
    groups: list[_Group]
    indicators: list[_Indicator]
    sums: list[_Sum] = []
    method: _Method  # type: ignore[valid-type]


class _Variant(_Strict):
    extends: str
    edition: _Edition | None = None
    assumptions: list[_Assumption] | None = None
    variables: list[_Variable] | None = None
    method: _Method | None = None  # type: ignore[valid-type]


def load_framework(path: str | Path) -> fw.Framework:
    """The framework of an edition file.

    Raises
    ------
    DefinitionError
        With file, line, column and remedy.
    """
    return load_edition(path)[0]


def load_edition(path: str | Path) -> tuple[fw.Framework, md.Method]:
    """The framework and the nominal method of an edition file: YAML, or JSON as a run keeps it.

    A file that begins with `extends: OTHER.yaml` takes groups and indicators from there, and
    replaces only the sections it gives itself.

    Raises
    ------
    DefinitionError
        With file, line, column and remedy.
    """
    content = _content(Path(path))
    if content.startswith(b"{") and _is_json(Path(path), content):
        return _from_json(Path(path), content)
    tree = _parsed(Path(path), content=content)
    if "extends" not in tree:
        _freeze_goalposts(Path(path), tree, tree)
        return _built(Path(path), tree, _validated(_Whole, tree, path), tree)
    variant = _validated(_Variant, tree, path)
    base_path = Path(path).parent / variant.extends
    base_tree = _parsed(base_path)
    _freeze_goalposts(base_path, base_tree, base_tree)
    _freeze_goalposts(Path(path), tree, base_tree)
    if "extends" in base_tree:
        raise DefinitionError(
            f"{path}: {variant.extends} itself extends another file; extend that one directly"
        )
    base = _validated(_Whole, base_tree, base_path)
    given = {key: getattr(variant, key) for key in _Variant.model_fields if key != "extends"}
    whole = base.model_copy(update={key: part for key, part in given.items() if part is not None})
    return _built(Path(path), tree, whole, base_tree)


def edition_bytes(framework: fw.Framework, method: md.Method) -> bytes:
    """The edition as one YAML file that `load_edition` reads back to equal values."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 4096
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    out = BytesIO()
    yaml.dump(_plain(_sections(framework, method)), out)
    return out.getvalue()


def edition_json(framework: fw.Framework, method: md.Method) -> bytes:
    """The edition as one JSON file, which `load_edition` reads many times as fast as YAML."""
    parts = _sections(framework, method)
    text = json.dumps(parts, default=_as_json, ensure_ascii=False, allow_nan=False, indent=1)
    return f"{text}\n".encode()


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else dict(value)


def _is_json(path: Path, content: bytes) -> bool:
    """Whether it is JSON; YAML may begin with a brace too."""
    try:
        json.loads(content, object_pairs_hook=_refuse_twins)
    except DefinitionError as error:
        raise DefinitionError(f"{path}: {error}") from None
    except (ValueError, RecursionError):
        return False
    return True


def _refuse_twins(pairs: list[tuple[str, Any]]) -> None:
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys):
        twin = next(key for key in keys if keys.count(key) > 1)
        raise DefinitionError(f"{twin} is there twice; keep one of the two")


def _from_json(path: Path, content: bytes) -> tuple[fw.Framework, md.Method]:
    """Texts are dates where dates are due; nobody types JSON, so no line is named."""
    try:
        return _assembled(_Whole.model_validate_json(content))
    except ValidationError as error:
        reason = _reason(error.errors(include_url=False)[0])
    except DefinitionError as error:
        reason = str(error)
    raise DefinitionError(f"{path}: {reason}")


def _sections(framework: fw.Framework, method: md.Method) -> dict[str, Any]:
    return {
        "edition": {key: getattr(framework, key) for key in _Edition.model_fields},
        "assumptions": [asdict(assumption) for assumption in framework.assumptions],
        "variables": [asdict(variable) for variable in framework.variables],
        "groups": [asdict(group) for group in framework.groups],
        "indicators": [asdict(indicator) for indicator in framework.indicators],
        **({"sums": [asdict(one) for one in framework.sums]} if framework.sums else {}),
        "method": method_parts(method),
    }


def method_parts(method: md.Method) -> dict[str, Any]:
    """A method as plain dictionaries, as its section of an edition file holds it."""
    parts: dict[str, Any] = md.parts_of(method)
    return parts


def method_differences(one: md.Method, other: md.Method) -> list[tuple[str, Any, Any]]:
    """Every choice in which two methods differ: (name with dots, the one's, the other's).

    What one of the two does not name is told as what it then is: a weight is 1, goalposts are
    "observed".
    """
    left, right = _flat(method_parts(one)), _flat(method_parts(other))
    return [
        (name, left.get(name, _unsaid(name)), right.get(name, _unsaid(name)))
        for name in dict.fromkeys((*left, *right))
        if left.get(name, _unsaid(name)) != right.get(name, _unsaid(name))
    ]


def _flat(parts: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, part in parts.items():
        if isinstance(part, Mapping):
            found |= _flat(part, f"{above}{key}.")
        else:
            found[f"{above}{key}"] = part
    return found


def _unsaid(name: str) -> Any:
    return _UNSAID.get(name.split(".")[0])


_UNSAID: Mapping[str, Any] = {
    "denomination": "not divided",
    "treatment_of": "as the others",
    "normalisation_of": "as the others",
    "goalposts": "observed",
    "weights": 1.0,
    "weighting": "given",
}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


class _NotPlainError(MarkedYAMLError):
    pass


class _Plain(Composer):
    """Without aliases, a few of which can stand for more than memory holds, and without tags."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        if event.anchor is not None or getattr(event, "ctag", None) is not None:
            raise _NotPlainError(problem_mark=event.start_mark)
        return super().compose_node(parent, index)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise DefinitionError(
            f"{path}: cannot be read ({error.strerror}); check the name"
        ) from None
    if len(content) > MAX_BYTES:
        raise DefinitionError(f"{path}: larger than {MAX_BYTES >> 20} MiB; no edition is")
    return content


def _parsed(
    path: Path,
    expected: str = "an edition was expected (edition:, groups:, …)",
    content: bytes | None = None,
) -> CommentedMap:
    content = _content(path) if content is None else content
    yaml = YAML(typ="rt", pure=True)
    yaml.Composer, yaml.max_depth = _Plain, MAX_DEPTH
    try:
        tree = yaml.load(content)
    except MaxDepthExceededError:
        raise DefinitionError(f"{path}: brackets are nested too deeply; flatten them") from None
    except _NotPlainError as error:
        raise DefinitionError(
            f"{_mark(path, error.problem_mark)}: an anchor (&), alias (*) or tag (!); write what "
            "it stands for, or put a text in quotes"
        ) from None
    except DuplicateKeyError as error:
        mark = error.problem_mark
        problem = str(error.problem).split(" with value")[0]
        raise DefinitionError(f"{_mark(path, mark)}: {problem}; keep one of the two") from None
    except MarkedYAMLError as error:
        raise DefinitionError(
            f"{_mark(path, error.problem_mark)}: not valid YAML: {error.problem}; "
            "check quotes, colons and indentation"
        ) from None
    except (YAMLError, UnicodeDecodeError) as error:
        raise DefinitionError(
            f"{path}: not a YAML file in UTF-8 ({str(error).splitlines()[0]}); save it as UTF-8"
        ) from None
    except RecursionError:
        raise DefinitionError(f"{path}: brackets are nested too deeply; flatten them") from None
    except ValueError as error:
        raise DefinitionError(
            f"{path}: a value is impossible ({error}), such as a date that does not exist; "
            "correct it, or write a text in quotes"
        ) from None
    if not isinstance(tree, CommentedMap):
        raise DefinitionError(f"{path}: {expected}")
    return tree


def _freeze_goalposts(path: Path, tree: CommentedMap, nodes: CommentedMap) -> None:
    """Put goalposts and treatments of a run into the tree in place of `goalposts: {from: RUN}`.

    RUN is a run folder, relative to the edition file. Winsorised indicators need no more than
    their goalposts, which cap just as well; a transformation is applied as the run applied it.
    What the file says itself goes first; an indicator that the edition lacks is left out.
    """
    method = tree.get("method")
    posts = method.get("goalposts") if isinstance(method, CommentedMap) else None
    if not isinstance(posts, CommentedMap) or not isinstance(posts.get("from"), str):
        return
    known = {item.get("code") for item in nodes.get("indicators") or () if isinstance(item, dict)}
    where = f"{path}, {_line(tree, ('method', 'goalposts', 'from'))}"
    table = path.parent / posts.pop("from") / "tables" / "treatment.csv"
    transformed = CommentedMap()
    try:
        with table.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                code, worst, best = row["indicator"], row["worst"], row["best"]
                if code in posts or code not in known or not worst or worst == best:
                    continue
                posts[code] = {"worst": float(worst), "best": float(best)}
                if row["form"] not in ("none", "winsorised"):
                    transformed[code] = {
                        "form": row["form"],
                        **{name: float(row[name]) for name in ("low", "high", "side")},
                        "parameter": float(row["parameter"]) if row["parameter"] else None,
                    }
    except OSError as error:
        raise DefinitionError(
            f"{where}: {table} cannot be read ({error.strerror}); name a run folder"
        ) from None
    except (KeyError, ValueError):
        raise DefinitionError(
            f"{where}: {table} is no table of treatments; make the run again with this pii"
        ) from None
    method["treatment_of"] = CommentedMap({**transformed, **(method.get("treatment_of") or {})})


def _mark(path: Path, mark: Any) -> str:
    return f"{path}, line {mark.line + 1}, column {mark.column + 1}" if mark else str(path)


_Model = TypeVar("_Model", bound=BaseModel)


def _validated(model: type[_Model], tree: CommentedMap, path: str | Path) -> _Model:
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        lines = [
            f"{path}, {_line(tree, one['loc'], one['type'])}: {_reason(one)}"
            for one in error.errors(include_url=False)
        ]
        raise DefinitionError("\n".join(lines)) from None


def _line(tree: Any, loc: Sequence[Any], kind: str = "") -> str:
    """Line and column of an entry; of the entry around it where it is missing."""
    line, column = tree.lc.line, tree.lc.col
    for step in loc:
        if isinstance(tree, CommentedMap):
            # A key that YAML read as a number comes back from pydantic as text.
            key = next((key for key in tree if str(key) == str(step)), None)
            if key is None:
                break
            if key not in tree.lc.data:  # taken from a run, so in no line of this file
                break
            at_key = kind == "extra_forbidden" or loc[-1] == "[key]"
            line, column = tree.lc.key(key) if at_key else tree.lc.value(key)
            tree = tree[key]
        elif isinstance(tree, CommentedSeq) and isinstance(step, int) and step < len(tree):
            line, column = tree.lc.item(step)
            tree = tree[step]
        else:
            break
    return f"line {line + 1}, column {column + 1}"


def _reason(error: Any) -> str:
    where = ".".join(str(step) for step in error["loc"] if step != "[key]")
    found = error.get("input")
    match error["type"]:
        case "extra_forbidden":
            return f"unknown key {where}; remove it or correct its spelling"
        case "missing":
            return f"{where} is missing; add it"
        case "string_type" if isinstance(found, int | float):
            return (
                f'{where} was read as the number {found}; write it in quotes, "{found}", '
                "so that 1.10 stays 1.10"
            )
        case "string_type" if isinstance(found, date):
            return f'{where} was read as a date; write it in quotes, "{found}"'
        case _:
            return f"{where}: {error['msg']}, found {quoted(repr(found), 80)}"


def _built(
    path: Path, tree: CommentedMap, whole: _Whole, nodes_tree: CommentedMap
) -> tuple[fw.Framework, md.Method]:
    try:
        return _assembled(whole)
    except DefinitionError as error:
        where = _line_of(tree, nodes_tree, error.at)
        raise DefinitionError(f"{path}{where}: {error}", at=error.at) from None


def _assembled(whole: _Whole) -> tuple[fw.Framework, md.Method]:
    _refuse_odd_bounds(whole)
    framework = fw.Framework(
        **{**whole.edition.model_dump(), "levels": tuple(whole.edition.levels)},
        groups=tuple(fw.Group(**group.model_dump()) for group in whole.groups),
        indicators=tuple(
            fw.Indicator(**{**item.model_dump(), "bounds": (item.bounds[0], item.bounds[1])})
            for item in whole.indicators
        ),
        assumptions=tuple(fw.Assumption(**one.model_dump()) for one in whole.assumptions),
        variables=tuple(fw.Variable(**one.model_dump()) for one in whole.variables),
        sums=tuple(fw.Sum(tuple(one.parts), one.whole) for one in whole.sums),
    )
    method = _method(whole.method)
    md.refuse_misfit(method, framework)
    return framework, method


def _method(given: BaseModel) -> md.Method:
    whole: dict[str, Any] = {"weights": given.weights}  # type: ignore[attr-defined]
    for name, part in _PARTS.items():
        if (said := getattr(given, name)) is not None:
            with _found_at(name):
                whole[name] = part(**said.model_dump())
    for name, part in _BY_NAME.items():
        whole[name] = {}
        for key, said in getattr(given, name).items():
            with _found_at(name, key):
                own = md.FrozenTreatment if hasattr(said, "form") else part
                whole[name][key] = own(**said.model_dump())
    return md.Method(**whole)


@contextmanager
def _found_at(*steps: str) -> Iterator[None]:
    """Say of a refused part of the method where it stands."""
    try:
        yield
    except DefinitionError as error:
        raise DefinitionError(str(error), at=("method", *steps)) from None


def _refuse_odd_bounds(whole: _Whole) -> None:
    for item in whole.indicators:
        low, high = (*item.bounds, None, None)[:2]
        if len(item.bounds) != 2 or (low is not None and high is not None and low >= high):
            raise DefinitionError(
                f"bounds of {item.code} must be [lowest, highest], null for no limit",
                at=("nodes", item.code, "bounds"),
            )


def _line_of(tree: CommentedMap, nodes_tree: CommentedMap, at: tuple[str, ...]) -> str:
    """Line and column of the entry that an error names, after a comma; "" where it names none."""
    if not at:
        return ""
    if at[0] != "nodes":
        owner = tree if at[0] in tree else nodes_tree
        return f", {_line(owner, at)}"
    _, name, key = at
    for section in ("indicators", "groups", "variables"):
        items = nodes_tree.get(section, [])
        hits = [i for i, item in enumerate(items) if name in (item.get("code"), item.get("id"))]
        if hits:  # the last: of two equal codes, the second is the one to point at
            return f", {_line(nodes_tree, (section, hits[-1], key))}"
    return ""
