"""Marks to means: exact fractions, no data is not zero."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from domain.units import Points


@dataclass(frozen=True)
class WeightedMark:
    """A mark in points of the five-point scale, and the weight of the work it was given for (0..100)."""

    points: int
    weight: int = 1


def weighted_mean(marks: Iterable[WeightedMark]) -> Points | None:
    """Mean of a student's marks, each counted by the weight of its work.

    Unit: points of the five-point scale, exact. None when nothing has weight: no data is not zero.
    Source: the organisation's regulation on marks, clause on weighted marks.
    """
    mark_sum = weight_sum = 0
    for mark in marks:
        mark_sum += mark.points * mark.weight
        weight_sum += mark.weight
    return mean_of_sums(mark_sum, weight_sum)


def mean_of_sums(mark_sum: int, weight_sum: int) -> Points | None:
    """Give the same mean from sums that were added up elsewhere (`journal_line`): marks times weights, weights."""
    return Fraction(mark_sum, weight_sum) if weight_sum else None
