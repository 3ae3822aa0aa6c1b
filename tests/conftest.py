"""What several rooms of tests share: the Hypothesis profile and the editions that ship."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from pii.framework import Framework
from pii.intake.definition import load_edition
from pii.method import Method

ROOT = Path(__file__).resolve().parents[1]

# `derandomize`: the suite is the same on every machine; a longer search is one option away,
# `pytest --hypothesis-profile=search`.
settings.register_profile("pii", max_examples=40, deadline=None, derandomize=True, database=None)
settings.register_profile(
    "search",
    max_examples=3000,
    deadline=timedelta(seconds=5),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "mutants", settings.get_profile("pii"), max_examples=15, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile("pii")


@pytest.fixture(scope="session")
def gii_2019() -> tuple[Framework, Method]:
    return load_edition(ROOT / "data/gii-2019/edition.yaml")


@pytest.fixture(scope="session")
def open_2022() -> tuple[Framework, Method]:
    return load_edition(ROOT / "data/open-2022/edition.yaml")


@pytest.fixture(scope="session")
def full_edition() -> tuple[Framework, Method]:
    return load_edition(ROOT / "indicators.yaml")
