"""Plays the cases of weighted means, and of the journal page that was published."""

import csv
from pathlib import Path
from typing import Any

from domain.scoring.marks import WeightedMark, mean_of_sums, weighted_mean

PAGE = Path(__file__).parents[3] / "api" / "seed" / "data" / "kiasuo_journal_page_7A_algebra.csv"


def mean_of(case: dict[str, Any]) -> str | None:
    """The mean of `marks = [[points, weight], ...]`, as a fraction."""
    mean = weighted_mean(WeightedMark(points, weight) for points, weight in case["marks"])
    return None if mean is None else str(mean)


def published_line(case: dict[str, Any]) -> dict[str, Any]:
    """A line of the printed page by its number: the marks on it, and their mean both ways that it is computed."""
    with PAGE.open(encoding="utf-8", newline="") as file:
        student, *cells = list(csv.reader(file))[case["number"]]
    marks = [int(cell) for cell in cells if cell.isdigit()]
    mean = weighted_mean(map(WeightedMark, marks))
    assert mean == mean_of_sums(sum(marks), len(marks))
    return {"student": student, "marks": marks, "sum": sum(marks), "mean": str(mean)}


FAMILIES = {"weighted mean": mean_of, "line of the published page": published_line}
