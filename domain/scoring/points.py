"""An indicator's value to points: as given, by literal steps, or along a straight line. Exact throughout."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import ClassVar, NamedTuple, TypeAlias

from domain.scoring.columns import Cell, Column, places_in
from domain.scoring.levels import Interval
from domain.units import Points


@dataclass(frozen=True)
class AsGiven:
    """The value is the points: a lower level has scored already."""

    rule: ClassVar[str] = "AS_GIVEN"

    def points(self, value: Fraction) -> Points | None:
        """Unit: points."""
        return value

    def column(self, values: Column) -> Column:
        """Give the points of a whole column."""
        return values

    def value_for(self, points: Points, value: Fraction) -> Fraction | None:
        """Give the value nearest to `value` that earns so many points."""
        return points


class Step(NamedTuple):
    """The points that every value of the interval earns."""

    values: Interval
    points: Points


@dataclass(frozen=True)
class Steps:
    """Literal steps, lowest values first; each bound says whether it belongs. A value in a gap earns nothing known.

    Where steps overlap, the one of higher values counts; `consistency` names both cases.
    """

    steps: tuple[Step, ...]
    rule: ClassVar[str] = "STEPS"

    def points(self, value: Fraction) -> Points | None:
        """Unit: points. None in a gap between the steps: no points are not zero points."""
        found = [step.points for step in self.steps if value in step.values]
        return found[-1] if found else None

    def column(self, values: Column) -> Column:
        """Give the points of a whole column. Distinct values are put in order, so that each bound is sought once."""
        scale = lcm(*(step.points.denominator for step in self.steps))
        distinct = sorted(cell for cell in set(values.cells) if cell is not None)
        earned: dict[Cell, Cell] = {}
        for step in self.steps:
            points = int(step.points * scale)
            earned.update((cell, points) for cell in distinct[places_in(step.values, distinct, values.scale)])
        return Column.in_units([earned.get(cell) for cell in values.cells], scale)

    def value_for(self, points: Points, value: Fraction) -> Fraction | None:
        """Give the bound nearest to `value` from which on so many points are earned; None when no step gives them.

        Where that bound itself does not belong (more than 10), it is still the bound: the limit to pass.
        """
        bounds = [_nearest(step.values, value) for step in self.steps if step.points >= points]
        return min(bounds, key=lambda bound: abs(bound - value), default=None)


@dataclass(frozen=True)
class Linear:
    """From no points at `zero_at` straight to `maximum` at `full_at`; beyond both ends nothing more is lost or won."""

    zero_at: Fraction
    full_at: Fraction
    maximum: Points
    rule: ClassVar[str] = "LINEAR"

    def points(self, value: Fraction) -> Points | None:
        """Unit: points."""
        share = (value - self.zero_at) / (self.full_at - self.zero_at)
        return self.maximum * min(max(share, Fraction(0)), Fraction(1))

    def column(self, values: Column) -> Column:
        """Give the points of a whole column, in whole units of one scale."""
        slope = self.maximum / (self.full_at - self.zero_at) / values.scale
        start = -self.maximum * self.zero_at / (self.full_at - self.zero_at)
        scale = lcm(slope.denominator, start.denominator, self.maximum.denominator)
        factor, offset, highest = int(slope * scale), int(start * scale), int(self.maximum * scale)
        return Column.in_units(_clipped(values.cells, factor, offset, highest), scale)

    def value_for(self, points: Points, value: Fraction) -> Fraction | None:
        """Give the value that earns exactly so many points; None above the maximum."""
        if points > self.maximum:
            return None
        return self.zero_at + points / self.maximum * (self.full_at - self.zero_at)


PointsRule: TypeAlias = AsGiven | Steps | Linear


def _nearest(values: Interval, value: Fraction) -> Fraction:
    if value in values:
        return value
    bounds = [bound.value for bound in (values.lower, values.upper) if bound]
    return min(bounds, key=lambda bound: abs(bound - value))


def _clipped(cells: Sequence[Cell], factor: int, offset: int, highest: int) -> list[Cell]:
    lines = (None if cell is None else cell * factor + offset for cell in cells)
    return [line if line is None or 0 <= line <= highest else (0 if line < 0 else highest) for line in lines]
