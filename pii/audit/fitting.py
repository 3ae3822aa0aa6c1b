"""A spread without the options for which an edition has no use."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from pii.audit.plan import plan_of
from pii.errors import DataError, DefinitionError
from pii.framework import Framework
from pii.matrix import Matrix
from pii.method import Method
from pii.pipeline import Scores, compute
from pii.spread import Omitted, Option, Spread, Why, changed


def fitted(
    matrix: Matrix,
    framework: Framework,
    method: Method,
    spread: Spread,
    nominal: Scores | None = None,
) -> Spread:
    """The spread with the options that can be drawn; those left out stand under `omitted`.

    Only options of choices that the spread lists under `where_possible` are left out: one that
    cannot be computed together with those before it, and one that changes no score. A choice of
    which nothing is left but the published option goes too. Everything else stays as it is, and
    what cannot be drawn there is refused by `plan_of`.

    nominal : what `compute` gives for the published method, where it is known already
    """
    if not spread.where_possible:
        return spread
    nominal = nominal or compute(matrix, framework, method)
    choices = {k: v for k, v in spread.choices.items() if k not in spread.where_possible}
    omitted = []
    for name in spread.where_possible:
        options = _published_first(spread.choices[name], method)
        if not _changes_nothing(options[0], method):  # for `plan_of` to refuse
            choices[name] = spread.choices[name]
            continue
        kept: list[Option] = []
        for option in options:
            tried = replace(
                spread, choices={**choices, name: (*kept, option)}, where_possible=(name,)
            )
            against = _against(matrix, framework, method, tried, nominal) if kept else None
            if against is None:
                kept.append(option)
            else:
                omitted.append(Omitted(name, option, *against))
        if len(kept) > 1:
            choices[name] = tuple(one for one in spread.choices[name] if one in kept)
    return replace(
        spread,
        # In the order of the file: places decide which draw is which.
        choices={name: choices[name] for name in spread.choices if name in choices},
        where_possible=tuple(name for name in spread.where_possible if name in choices),
        omitted=tuple(omitted),
    )


def _published_first(options: Sequence[Option], method: Method) -> list[Option]:
    return sorted(options, key=lambda option: not _changes_nothing(option, method))


def _changes_nothing(option: Option, method: Method) -> bool:
    try:
        return changed(method, option) == method
    except DefinitionError:
        return False


def _against(
    matrix: Matrix, framework: Framework, method: Method, tried: Spread, nominal: Scores
) -> tuple[Why, str] | None:
    """Why the last option of the only choice that may lose some is left out; None: it stays."""
    option: Mapping[str, object] = tried.choices[tried.where_possible[0]][-1]
    try:
        other = changed(method, option)
        if not tried.errors:  # with them a value may need treatment that needs none as it is
            scores = nominal if other == method else compute(matrix, framework, other)
            if np.array_equal(scores.score, nominal.score, equal_nan=True):
                return "same", ""
        plan_of(matrix, framework, method, tried, nominal)
    except (DefinitionError, DataError) as error:
        return ("zero" if "mean of power" in str(error) else "refused"), str(error)
    return None
