"""The rules gii and coinr of a method differ in tied extremes, as their steps do."""

import numpy as np
import pytest
from strategies import leaf, method, tree

from pii.method import Treatment
from pii.values import treat


@pytest.mark.parametrize(("rule", "points"), [("gii", 2), ("coinr", 3)])
def test_coinr_caps_tied_extremes_at_once(rule: str, points: int) -> None:
    framework = tree([("I", "index", None)], [leaf("1", "I")])
    values = np.array([[*map(float, range(1, 25)), 500.0, 500.0, 600.0]]).T
    choice = Treatment(rule, skewness=2.0, points=2, otherwise="none")  # type: ignore[arg-type]
    assert treat(values, framework, method(treatment=choice)).points.tolist() == [points]
