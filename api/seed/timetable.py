"""The week of a school: which lesson of which day is whose, without a class or a teacher in two places at once."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple
from uuid import UUID

DAYS_A_WEEK, LESSONS_A_DAY = 5, 8


class Slot(NamedTuple):
    """A lesson of the week: weekday (Monday is 0), number of the lesson that day."""

    weekday: int
    number: int

    def later(self, days: int) -> "Slot":
        """The same lesson so many working days later in the week."""
        return Slot((self.weekday + days) % DAYS_A_WEEK, self.number)


@dataclass
class Timetable:
    """Fills up as subjects are placed."""

    _taken: set[tuple[UUID, Slot]] = field(default_factory=set)
    _load: Counter[tuple[UUID, int]] = field(default_factory=Counter)

    def place(self, class_id: UUID, teacher_ids: Collection[UUID], hours: int) -> list[Slot]:
        """Find so many lessons a week for a class with these teachers (several when the class is split).

        Early lessons and light days first, one lesson of a subject a day while days last.
        """
        slots: list[Slot] = []
        for _ in range(hours):
            slot = min(self._free(class_id, teacher_ids), key=lambda slot: self._cost(class_id, slot, slots))
            slots.append(slot)
            self._load[class_id, slot.weekday] += 1
            self._taken.update((owner, slot) for owner in (class_id, *teacher_ids))
        return sorted(slots)

    def _free(self, class_id: UUID, teacher_ids: Collection[UUID]) -> Iterator[Slot]:
        for slot in map(Slot._make, product(range(DAYS_A_WEEK), range(1, LESSONS_A_DAY + 1))):
            if not any((owner, slot) in self._taken for owner in (class_id, *teacher_ids)):
                yield slot

    def _cost(self, class_id: UUID, slot: Slot, chosen: Collection[Slot]) -> tuple[int, int, int]:
        same_day = sum(other.weekday == slot.weekday for other in chosen)
        return same_day, slot.number, self._load[class_id, slot.weekday]
