"""A short, fixed part of the fuzzing (docs/fuzzing.md): the same broken files every time."""

from tests.fuzz.structured import run


def test_broken_workbooks_in_child_processes() -> None:
    tally = run(60, 0, None)
    assert tally.total() == 60
    assert not [what for what in tally if what.startswith(("FAULT", "F125"))]
    assert len(tally) >= 8  # many ways out, not one that swallows all


def test_broken_workbooks_in_one_process() -> None:
    tally = run(150, 5000, None, alone=True)
    assert not [what for what in tally if what.startswith(("FAULT", "F125"))]
    assert tally["accepted"] < 30
