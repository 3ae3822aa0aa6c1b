"""The index of many matrices under one method: values differ, what is missing does not."""

from dataclasses import replace

import numpy as np

from pii.audit.batch import skeleton_of, tree_of, weight_rows
from pii.audit.indicators import indicators_of, powers
from pii.framework import Framework
from pii.matrix import Array, Matrix
from pii.method import Method
from pii.pipeline import compute


def index_of_each(matrix: Matrix, framework: Framework, method: Method, values: Array) -> Array:
    """The index, (provinces, matrices), NaN where not published: `compute` of each, to 1e-12.

    matrix : one of them; values : (provinces, indicators, matrices)

    Raises
    ------
    DataError
        Where one of them cannot be scored.
    """
    by_level = powers(method, framework)
    if by_level is None:
        column = list(framework.by_code).index(framework.index)
        each = (replace(matrix, values=np.ascontiguousarray(v)) for v in np.moveaxis(values, 2, 0))
        return np.stack([compute(one, framework, method).score[:, column] for one in each], axis=1)
    indicators = indicators_of(matrix, framework, method)
    scores = indicators.scores(values.copy())
    local = np.array([method.weight(code) for code in weight_rows(framework)])
    first = scores[:, :, 0]
    skeleton = skeleton_of(
        framework, np.isnan(first), indicators.counted, local > 0, method.coverage
    )
    tree = tree_of(framework, skeleton, first, by_level)
    index = tree.index(np.repeat(local[:, None], values.shape[2], axis=1), scores)
    index[~tree.ranked] = np.nan
    return index
