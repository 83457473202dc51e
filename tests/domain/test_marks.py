"""Weighted means against cases worked out by hand, and what holds for any marks."""

import csv
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.scoring.marks import WeightedMark, mean_of_sums, weighted_mean

CASES = Path(__file__).with_name("cases")
PAGE = Path(__file__).parents[2] / "api" / "seed" / "data" / "kiasuo_journal_page_7A_algebra.csv"
WEIGHTED_MARKS = st.lists(st.builds(WeightedMark, st.integers(1, 5), st.integers(0, 100)))


def cases(name: str, key: str) -> list[dict[str, Any]]:
    return tomllib.loads((CASES / name).read_text(encoding="utf-8"))[key]  # type: ignore[no-any-return]


@pytest.mark.parametrize("case", cases("weighted_means.toml", "case"), ids=lambda case: case["situation"])
def test_weighted_mean_is_what_was_worked_out_by_hand(case: dict[str, Any]) -> None:
    """Each mark counts by the weight of its work."""
    mean = weighted_mean(WeightedMark(points, weight) for points, weight in case["marks"])

    assert mean == (Fraction(case["mean"]) if "mean" in case else None)


@pytest.mark.parametrize("case", cases("published_page.toml", "line"), ids=lambda case: f"line {case['number']:02}")
def test_line_of_the_published_page_has_the_mean_worked_out_by_hand(case: dict[str, Any]) -> None:
    """The file's marks are those of the case, and their mean is exact."""
    with PAGE.open(encoding="utf-8", newline="") as file:
        cells = list(csv.reader(file))[case["number"]]
    marks = [int(cell) for cell in cells[1:] if cell.isdigit()]

    assert cells[0] == f"Обучающийся {case['number']:02}"
    assert marks == case["marks"]
    assert sum(marks) == case["sum"]
    assert weighted_mean(map(WeightedMark, marks)) == Fraction(case["mean"])
    assert mean_of_sums(case["sum"], len(marks)) == Fraction(case["mean"])


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
