"""When a student may get a place in a class, move to another, or leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.periods import school_year_days
from domain.writing.doors import Door, Excuse
from domain.writing.refusals import Refused

CONFLICTS = {
    "ALREADY_ENROLLED": Refused(
        "ALREADY_ENROLLED",
        "The student has a place at this organisation from that day on: transfer, or withdraw first.",
        "У обучающегося уже есть место в этой организации с этого дня: оформите перевод или сначала отчисление.",
    ),
    "ENROLLED_ELSEWHERE": Refused(
        "ENROLLED_ELSEWHERE",
        "The student has a main place at another organisation on that day: it withdraws the student first.",
        "На этот день обучающийся зачислен в другую организацию: сначала она оформляет отчисление.",
    ),
}
"""Places that stand in the way of a new one, by the code that the database tells."""


@dataclass(frozen=True)
class ClassFacts:
    """A class, as far as a place in it needs."""

    id: UUID
    organisation_id: UUID
    school_year: int
    name: str


@dataclass(frozen=True)
class Held:
    """A place that a student has."""

    id: UUID
    student_id: UUID
    organisation_id: UUID
    class_group_id: UUID
    kind: Any
    valid_from: date
    valid_to: date | None


def class_facts(row: Any) -> ClassFacts:
    """The facts of a row of `class_group`."""
    return ClassFacts(row.id, row.organisation_id, row.school_year, row.name)


def held_of(row: Any) -> Held:
    """The facts of a row of `enrolment`."""
    return Held(row.id, row.student_id, row.organisation_id, row.class_group_id, row.kind, row.valid_from, row.valid_to)


def refused_beginning(group: ClassFacts, valid_from: date) -> Refused | None:
    """A place begins on a day of the school year of its class."""
    days = school_year_days(group.school_year)
    if valid_from in days:
        return None
    return Refused(
        "NOT_IN_SCHOOL_YEAR",
        f"Class {group.name} is of the school year from {days.start} until {days.end}.",
        f"Класс {group.name} относится к учебному году с {days.start:%d.%m.%Y} до {days.end:%d.%m.%Y}.",
        ("validFrom",),
        {"from": days.start, "until": days.end},
    )


def refused_ending(held: Held) -> Refused | None:
    """A place ends once."""
    if held.valid_to is None:
        return None
    return Refused(
        "ALREADY_ENDED",
        f"This enrolment has an end already: {held.valid_to}.",
        f"У этого зачисления уже есть окончание: {held.valid_to:%d.%m.%Y}.",
        ("enrolmentId",),
        {"valid_to": held.valid_to},
    )


def refused_transfer(held: Held, group: ClassFacts, valid_from: date) -> Refused | None:
    """To another class of the same organisation, on a day of its school year, after the first day in the old one."""
    if group.organisation_id != held.organisation_id:
        return Refused(
            "TARGET_ELSEWHERE",
            "This class is of another organisation: the student is withdrawn here and enrolled there.",
            "Этот класс в другой организации: здесь обучающегося отчисляют, там зачисляют.",
            ("classGroupId",),
        )
    if group.id == held.class_group_id:
        return Refused(
            "SAME_CLASS", "The student is in this class.", "Обучающийся и так в этом классе.", ("classGroupId",)
        )
    refused = refused_ending(held) or refused_beginning(group, valid_from)
    if refused is None and valid_from <= held.valid_from:
        return Refused(
            "DATES",
            f"The place in the old class begins on {held.valid_from}: a transfer is later.",
            f"Место в прежнем классе начинается {held.valid_from:%d.%m.%Y}: перевод возможен позже.",
            ("validFrom",),
            {"from": held.valid_from},
        )
    return refused


def refused_last_day(held: Held, group: ClassFacts, last_day: date) -> Refused | None:
    """Not before the first day, and not after the school year of the class."""
    if last_day < held.valid_from:
        return Refused(
            "DATES",
            f"The place begins on {held.valid_from}.",
            f"Место в классе начинается {held.valid_from:%d.%m.%Y}.",
            ("lastDay",),
            {"from": held.valid_from},
        )
    days = school_year_days(group.school_year)
    if days.end is not None and last_day >= days.end:
        return Refused(
            "NOT_IN_SCHOOL_YEAR",
            f"Class {group.name} is of the school year until {days.end}.",
            f"Класс {group.name} относится к учебному году до {days.end:%d.%m.%Y}.",
            ("lastDay",),
            {"until": days.end},
        )
    return None


def refused_order(ordered_on: date | None, today: date, door: Door) -> Refused | None:
    """An order has been given already. A door that needs none may leave it out."""
    if ordered_on is None and door.excuses(Excuse.ORDER):
        return None
    if ordered_on is not None and ordered_on <= today:
        return None
    return Refused("DATES", "The order is of a day to come.", "Дата приказа ещё не наступила.", ("orderedOn",))


def refused_closed(
    closes_at: Sequence[datetime], now: datetime, door: Door, field: str, *, meant: bool
) -> Refused | None:
    """Days of a closed period change only where that is meant. `closes_at`: of the periods that the change reaches."""
    closed = [one for one in closes_at if one <= now]
    if meant or not closed or door.excuses(Excuse.CLOSED_WINDOW):
        return None
    last = max(closed)
    return Refused(
        "PERIOD_CLOSED",
        f"This changes days of a grading period that was closed at {last:%d.%m.%Y %H:%M}. If it is meant,"
        " say `intoClosedPeriod: true`.",
        f"Это меняет дни учебного периода, закрытого {last:%d.%m.%Y %H:%M}. Если так и нужно, укажите"
        " `intoClosedPeriod: true`.",
        (field,),
        {"closed_at": last, "opens_at": None, "reopenable": False},
    )
