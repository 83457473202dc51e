"""What holds for the weighted mean of any marks; the cases worked out by hand are in `cases/weighted_means.toml`."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.scoring.marks import WeightedMark, weighted_mean

WEIGHTED_MARKS = st.lists(st.builds(WeightedMark, st.integers(1, 5), st.integers(0, 100)))


@given(WEIGHTED_MARKS)
def test_mean_lies_between_the_worst_and_the_best_mark_that_counts(marks: list[WeightedMark]) -> None:
    """A mean is none of what has no weight, and never outside of what has."""
    counted = [mark.points for mark in marks if mark.weight]
    mean = weighted_mean(marks)

    assert mean is None if not counted else mean is not None and min(counted) <= mean <= max(counted)


@given(WEIGHTED_MARKS, st.integers(1, 7), st.randoms())
def test_mean_knows_neither_order_nor_unit_of_weights(marks: list[WeightedMark], factor: int, dice: Any) -> None:
    """Shuffled marks with all weights multiplied have the same mean."""
    others = [WeightedMark(mark.points, mark.weight * factor) for mark in marks]
    dice.shuffle(others)

    assert weighted_mean(others) == weighted_mean(marks)
