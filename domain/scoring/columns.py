"""Columns of exact numbers over a common denominator: whole-number arithmetic for a whole region at once.

A region has 40,000 organisations and 100 indicators: one Fraction a cell would take minutes and gigabytes. Cells are
whole numbers of the column's unit `1/scale`; a column whose common denominator would grow past all bounds (shares of
groups of any size) keeps fractions instead. Python computes both alike, and nothing is rounded either way.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Self, TypeAlias

from domain.scoring.levels import Interval

Cell: TypeAlias = int | Fraction | None
"""A number of the column's units, None for no data."""

LARGEST_SCALE = 10**9


@dataclass(frozen=True)
class Column:
    """Cells in units of `1/scale`, in an order that the owner knows. Equal values make equal columns."""

    cells: tuple[Cell, ...]
    scale: int = 1

    @classmethod
    def of(cls, values: Iterable[Cell]) -> Self:
        """Make the column of these values."""
        return cls.in_units(tuple(values))

    @classmethod
    def in_units(cls, cells: Sequence[Cell], scale: int = 1) -> Self:
        """Make the column of `cell / scale`: hundredths of a per cent come as whole numbers and scale 100.

        In its only form: the least common denominator, or plain fractions where that would pass `LARGEST_SCALE`.
        """
        if any(type(cell) is Fraction for cell in cells):
            values = [None if cell is None else Fraction(cell) / scale for cell in cells]
            finest = lcm(*{value.denominator for value in values if value is not None})
            if finest > LARGEST_SCALE:
                return cls(tuple(map(_whole_if_possible, values)))
            return cls(tuple(None if value is None else int(value * finest) for value in values), finest)
        common = gcd(scale, *(cell for cell in cells if cell is not None))  # type: ignore[arg-type]  # no fractions here
        if scale // common > LARGEST_SCALE:
            return cls.in_units([None if cell is None else Fraction(cell, scale) for cell in cells])
        if common > 1:
            cells = [None if cell is None else int(cell) // common for cell in cells]
        return cls(tuple(cells), scale // common)

    def value(self, place: int) -> Fraction | None:
        """Give the exact value at this place."""
        cell = self.cells[place]
        return None if cell is None else Fraction(cell) / self.scale


def weighted_sums(columns: Sequence[Column], weights: Sequence[Fraction]) -> tuple[list[int | Fraction], int]:
    """Add up columns of equal length (one at least), place by place, each by its weight; no data adds nothing.

    Returns the sums in units of `1/scale`, and that scale.
    """
    scale = lcm(*((weight / column.scale).denominator for column, weight in zip(columns, weights, strict=True)))
    counted = [
        _times(column.cells, int(weight * scale / column.scale))
        for column, weight in zip(columns, weights, strict=True)
    ]
    return (list(map(sum, zip(*counted, strict=True))), scale)


def missing_by_place(columns: Sequence[Column]) -> dict[int, list[int]]:
    """Give, for every place where something is missing, the numbers of the columns that have no value there."""
    missing: dict[int, list[int]] = {}
    for number, column in enumerate(columns):
        if None in column.cells:
            for place, cell in enumerate(column.cells):
                if cell is None:
                    missing.setdefault(place, []).append(number)
    return missing


def places_in(values: Interval, ordered: Sequence[int | Fraction], scale: int) -> slice:
    """Give the places of the ascending units of `1/scale` that lie in an interval: two searches for all of them."""
    start, end = 0, len(ordered)
    if values.lower:
        start = (bisect_left if values.lower.inclusive else bisect_right)(ordered, values.lower.value * scale)
    if values.upper:
        end = (bisect_right if values.upper.inclusive else bisect_left)(ordered, values.upper.value * scale)
    return slice(start, end)


def _times(cells: Sequence[Cell], factor: int) -> list[int | Fraction]:
    return [cell * factor if cell else 0 for cell in cells]


def _whole_if_possible(value: Fraction | None) -> Cell:
    return value.numerator if value is not None and value.denominator == 1 else value
