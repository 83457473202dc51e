"""Places in classes: the class that is named, the enrolment that begins, what follows from it, the one that ends."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Uuid, cast, func, insert, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from auth.permissions import Permission as P
from auth.viewer import LiveAssignment
from domain import records
from domain.records.classes import EnrolmentKind
from schema.engine.mapping.reference import key_of
from schema.engine.mutations.user_errors import Refusal, invalid, not_found
from schema.people.assignment_holders import find_named
from schema.registers.entries import acting_at, found

if TYPE_CHECKING:
    from schema.engine.context import Context

GROUPS_MOST = 50
EXCLUSION_VIOLATION = "23P01"
CONFLICTS = {
    "ALREADY_ENROLLED": (
        "The student has a place at this organisation from that day on: transfer, or withdraw first.",
        "У обучающегося уже есть место в этой организации с этого дня: оформите перевод или сначала отчисление.",
    ),
    "ENROLLED_ELSEWHERE": (
        "The student has a main place at another organisation on that day: it withdraws the student first.",
        "На этот день обучающийся зачислен в другую организацию: сначала она оформляет отчисление.",
    ),
}


@dataclass(frozen=True)
class Beginning:
    """An enrolment to begin: whose, in which class (a row), from which day, by which order."""

    student_id: UUID
    group: Any
    kind: EnrolmentKind
    valid_from: date
    order: tuple[str, date]


async def class_named(context: "Context", identifier: str) -> Any:
    """The stored class with this id; unknown and unreachable are the same refusal."""
    key = await find_named(context, "ClassGroup", identifier, "classGroupId")
    table: Any = records.ClassGroup.__table__  # type: ignore[attr-defined]
    [row] = await context.statements.write(select(table).where(table.c.id == key))
    return row


async def enrolment_to_end(context: "Context", given: Any) -> tuple[Any, LiveAssignment]:
    """The stored enrolment, kept from others until the change is done, and under which role it is ended.

    Raises Forbidden for who may not; refuses one that has an end.
    """
    keys = await found(context, "Enrolment", given.enrolment_id, "enrolmentId")
    by = await acting_at(context, P.ENROLMENT_WRITE, keys["organisation_id"], given)
    await lock_student(context, keys["student_id"])
    table: Any = records.Enrolment.__table__  # type: ignore[attr-defined]
    rows = await context.statements.write(select(table).where(table.c.id == keys["id"]).with_for_update())
    if not rows:
        told = context.say("Nobody enrols themselves.", "Собственное зачисление оформляет другой человек.")
        raise invalid("OWN_ENROLMENT", told, "enrolmentId")
    if rows[0].valid_to is not None:
        told = context.say(
            f"This enrolment has an end already: {rows[0].valid_to}.",
            f"У этого зачисления уже есть окончание: {rows[0].valid_to:%d.%m.%Y}.",
        )
        raise invalid("ALREADY_ENDED", told, "enrolmentId")
    return rows[0], by


async def lock_student(context: "Context", student: UUID) -> None:
    """Of two changes of one student the second sees what the first has made."""
    name = f"enrolments of {student}"
    await context.statements.write(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


async def new_key(context: "Context") -> UUID:
    """A key for a row that may not be seen yet by whoever adds it."""
    [row] = await context.statements.write(select(func.uuidv7(type_=Uuid).label("key")))
    return row.key  # type: ignore[no-any-return]


async def begin(context: "Context", beginning: Beginning) -> UUID:
    """Add an enrolment; gives its key. Refuses one that overlaps another."""
    group, number_and_day = beginning.group, beginning.order
    asked = (beginning.student_id, group.organisation_id, beginning.kind.value, beginning.valid_from)
    [row] = await context.statements.write(select(func.vhod.enrolment_conflict(*asked).label("code")))
    if row.code is not None:
        raise _conflict(context, row.code)
    key = await new_key(context)
    values = {
        "id": key,
        "student_id": beginning.student_id,
        "organisation_id": group.organisation_id,
        "class_group_id": group.id,
        "kind": beginning.kind,
        "valid_from": beginning.valid_from,
        "order_number": number_and_day[0],
        "ordered_on": number_and_day[1],
    }
    try:
        await context.statements.write(insert(records.Enrolment).inline().values(**values))
    except IntegrityError as error:
        # An import does not take our lock: the constraint of the table has the last word.
        if getattr(error.orig, "sqlstate", None) != EXCLUSION_VIOLATION:
            raise
        raise _conflict(context, "ENROLLED_ELSEWHERE") from error
    return key


async def end(context: "Context", enrolment: UUID, valid_to: date, order: tuple[str, date], reason: str) -> None:
    """Give an enrolment its end, by which order and why."""
    values = {"valid_to": valid_to, "end_order_number": order[0], "end_ordered_on": order[1], "end_reason": reason}
    place = col(records.Enrolment.id) == enrolment
    await context.statements.write(update(records.Enrolment).where(place).values(**values))


async def leave(context: "Context", enrolment: UUID) -> None:
    """Groups, lines and, when no place at the organisation is left, the role of a student end with an enrolment."""
    await context.statements.write(select(func.vhod.leave_enrolment(enrolment)))


async def settle(context: "Context", enrolment: UUID, chosen: list[UUID]) -> None:
    """Put the student into the groups of the class and the chosen ones, on their pages; give the role of a student."""
    groups = func.vhod.settle_enrolment(enrolment, cast(chosen, ARRAY(Uuid))).column_valued("group_id")
    joined = {row.group_id for row in await context.statements.write(select(groups))}
    if not joined.issuperset(chosen):
        raise _no_group(context)


def chosen_groups(context: "Context", given: Any) -> list[UUID]:
    """Keys of the groups that the input names. Refuses more than a student can be in."""
    if len(given.subject_group_ids) > GROUPS_MOST:
        told = context.say(f"At most {GROUPS_MOST} groups.", f"Не больше {GROUPS_MOST} групп.")
        raise invalid("HOW_MANY", told, "subjectGroupIds")
    keys = [key_of(context.executor.types["SubjectGroup"], one) for one in given.subject_group_ids]
    if None in keys:
        raise _no_group(context)
    return [UUID(str(key[0])) for key in keys if key is not None]


def _no_group(context: "Context") -> Refusal:
    told = context.say(
        "No group with this id at this organisation in the school year of the class.",
        "В этой организации в учебном году класса нет группы с таким id.",
    )
    return not_found(told, "subjectGroupIds")


def _conflict(context: "Context", code: str) -> Refusal:
    return invalid(code, context.say(*CONFLICTS[code]), "validFrom")
