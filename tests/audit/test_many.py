"""The index of many matrices at once against `compute` of each."""

from dataclasses import replace

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import Case, cases, coverages

from pii.audit.many import index_of_each
from pii.errors import DataError, DefinitionError
from pii.matrix import matrix_of
from pii.method import Aggregation, Imputation
from pii.pipeline import compute


@settings(max_examples=60)
@given(
    cases(powers=(0.0, 1.0, 2.0), coverage=coverages),
    st.sampled_from(["none", "mean"]),
    st.booleans(),
    st.integers(0, 2**32 - 1),
)
def test_each_is_what_compute_gives(case: Case, filled: str, median: bool, seed: int) -> None:
    method = replace(case.method, imputation=Imputation(filled))  # type: ignore[arg-type]
    if median:
        top = {case.framework.levels[0]: Aggregation("median")}
        method = replace(method, aggregation={**method.aggregation, **top})
    matrix = matrix_of(case.values, case.provinces, case.framework)
    factors = np.random.default_rng(seed).uniform(0.9, 1.1, (*matrix.values.shape, 3))
    values = matrix.values[:, :, None] * factors
    kept = values.copy()
    try:
        each = [
            compute(replace(matrix, values=values[:, :, k]), case.framework, method)
            for k in range(3)
        ]
    except (DataError, DefinitionError):
        assume(False)
    found = index_of_each(matrix, case.framework, method, values)
    column = each[0].column(case.framework.index)
    expected = np.stack([one.score[:, column] for one in each], axis=1)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(values, kept)
