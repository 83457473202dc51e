"""Indicators with two cut-offs, a minimum and a goal: where a value stands between them."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Standing(StrEnum):
    """Where a value stands."""

    BELOW_MINIMUM = "BELOW_MINIMUM"
    MINIMUM_REACHED = "MINIMUM_REACHED"
    GOAL_REACHED = "GOAL_REACHED"


@dataclass(frozen=True)
class CutOffs:
    """A minimum and a goal in the indicator's unit. Reaching one is enough: exactly 85 is not below a minimum of 85.

    The goal asks for more than the minimum, ValueError otherwise; more is less where lower is better.
    """

    minimum: Fraction
    goal: Fraction
    lower_is_better: bool = False

    def __post_init__(self) -> None:
        if self._order(self.goal) < self._order(self.minimum):
            raise ValueError(f"the goal {self.goal} asks for less than the minimum {self.minimum}")

    def standing(self, value: Fraction | None) -> Standing | None:
        """Tell where a value stands; None for no value, which is not zero.

        Each indicator for itself: an index above its goal goes with an activity below its minimum, so that no one
        colour says both. Source: domain rule R13.
        """
        if value is None:
            return None
        if self._order(value) < self._order(self.minimum):
            return Standing.BELOW_MINIMUM
        return Standing.GOAL_REACHED if self._order(value) >= self._order(self.goal) else Standing.MINIMUM_REACHED

    def _order(self, value: Fraction) -> Fraction:
        return -value if self.lower_is_better else value
