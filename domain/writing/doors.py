"""Doors through which something is written, and what each is excused from. What is not said here holds for all."""

from dataclasses import dataclass
from enum import StrEnum


class Excuse(StrEnum):
    """A rule that a door may be excused from."""

    CLOSED_WINDOW = "CLOSED_WINDOW"
    """Days of a lesson window or of a period that is closed may change."""
    ORDER = "ORDER"
    """A movement of a student needs no order (приказ)."""


@dataclass(frozen=True)
class Door:
    """A way in."""

    name: str
    excused: frozenset[Excuse] = frozenset()

    def excuses(self, rule: Excuse) -> bool:
        """Whether this rule is not asked here."""
        return rule in self.excused


PEN = Door("pen")
"""Mutations: a person writes what happened now."""

FILE = Door("file", frozenset({Excuse.CLOSED_WINDOW, Excuse.ORDER}))
"""Imports: a whole history is brought in, long after its windows closed, by somebody who has that permission. The file
has no orders: they lie in the system from which it comes."""
