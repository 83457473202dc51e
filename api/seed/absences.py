"""Who was not there when: whole days of illness or leave, now and then a late arrival."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from uuid import UUID

from api.seed.dice import dice_for
from api.seed.ids import person_id
from domain.records.attendance import AttendanceCode
from domain.records.users import Person

ILL = AttendanceCode.ABSENT_ILLNESS
SHARE_OF_NOTES = 0.1
FALLS_ILL_ON_A_DAY = 0.008
SHARE_OF_DAYS_AWAY = 0.012
SHARE_LATE_FOR_FIRST_LESSON = 0.03
NOTES = (
    "Справка от врача принесена (вымышленная запись)",
    "Освобождение от физкультуры на неделю (вымышленная запись)",
    "Плановый осмотр у специалиста (вымышленная запись)",
    "По заявлению родителей, семейные обстоятельства (вымышленная запись)",
)
"""Special data (P3), invented like all the rest: what a school would keep behind the letter."""


@dataclass(frozen=True)
class Absence:
    """Why a pupil was away all day; the note, if there is one, is special."""

    code: AttendanceCode
    note: str | None = None


Absences = Mapping[tuple[UUID, date], Absence]


def draw_absences(pupils: Sequence[Person], days: Sequence[date], *names: object) -> Absences:
    """Draw the days away of a class, by pupil and day."""
    found: dict[tuple[UUID, date], Absence] = {}
    for pupil in pupils:
        dice = dice_for("absences", pupil.id, *names)
        for place in _days_away(dice, len(days)):
            found[pupil.id, days[place]] = _leave(dice)
        if dice.random() < FALLS_ILL_ON_A_DAY * len(days):
            start = dice.randrange(len(days))
            for place in range(start, min(start + dice.randint(2, 5), len(days))):
                note = NOTES[0] if dice.random() < SHARE_OF_NOTES else None
                found[pupil.id, days[place]] = Absence(ILL, note)
    # The student who can sign in was certainly ill once, on three days of the first week: there is a note to be kept.
    if any(pupil.id == person_id("student") for pupil in pupils):
        found.update({(person_id("student"), day): Absence(ILL, NOTES[0]) for day in days[1:4]})
    return found


def _days_away(dice: Random, days: int) -> list[int]:
    return [place for place in range(days) if dice.random() < SHARE_OF_DAYS_AWAY]


def _leave(dice: Random) -> Absence:
    if dice.random() < 0.3:
        return Absence(AttendanceCode.ABSENT_UNEXCUSED)
    return Absence(AttendanceCode.ABSENT_EXCUSED, dice.choice(NOTES[1:]) if dice.random() < SHARE_OF_NOTES else None)
