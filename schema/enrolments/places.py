"""Places in classes as a mutation names them: the class, the enrolment that ends, the groups; and their refusals."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Uuid, func, select

from auth.permissions import Permission as P
from auth.viewer import LiveAssignment
from domain import records
from domain.writing.enrolments import ClassFacts, Held, class_facts, held_of, refused_ending
from domain.writing.refusals import RefusedError
from schema.engine.mapping.reference import key_of
from schema.engine.mutations.user_errors import Refusal, invalid, not_found
from schema.enrolments.moves import Beginning, Ending, Wanted, in_the_way, lock_students, move
from schema.journals.refused import refusal, refuse
from schema.people.assignment_holders import find_named
from schema.registers.entries import acting_at, found

if TYPE_CHECKING:
    from schema.engine.context import Context

GROUPS_MOST = 50


async def class_named(context: "Context", identifier: str) -> ClassFacts:
    """The stored class with this id; unknown and unreachable are the same refusal."""
    key = await find_named(context, "ClassGroup", identifier, "classGroupId")
    table: Any = records.ClassGroup.__table__  # type: ignore[attr-defined]
    [row] = await context.statements.write(select(table).where(table.c.id == key))
    return class_facts(row)


async def enrolment_to_end(context: "Context", given: Any) -> tuple[Held, LiveAssignment]:
    """The stored enrolment, kept from others until the change is done, and under which role it is ended.

    Raises Forbidden for who may not; refuses one that has an end.
    """
    keys = await found(context, "Enrolment", given.enrolment_id, "enrolmentId")
    by = await acting_at(context, P.ENROLMENT_WRITE, keys["organisation_id"], given)
    await lock_students(context.statements, [keys["student_id"]])
    table: Any = records.Enrolment.__table__  # type: ignore[attr-defined]
    rows = await context.statements.write(select(table).where(table.c.id == keys["id"]).with_for_update())
    if not rows:
        told = context.say("Nobody enrols themselves.", "Собственное зачисление оформляет другой человек.")
        raise invalid("OWN_ENROLMENT", told, "enrolmentId")
    held = held_of(rows[0])
    refuse(context, refused_ending(held))
    return held, by


async def new_key(context: "Context") -> UUID:
    """A key for a row that may not be seen yet by whoever adds it."""
    [row] = await context.statements.write(select(func.uuidv7(type_=Uuid).label("key")))
    return row.key  # type: ignore[no-any-return]


async def moved(context: "Context", ending: Ending | None, beginning: Beginning | None) -> None:
    """Carry out a move. Refuses what the database does not take, and chosen groups that are not of the school."""
    try:
        done = await move(context.statements, [ending] if ending else [], [beginning] if beginning else [])
    except RefusedError as error:
        raise refusal(context, replace(error.refused, path=("validFrom",))) from error
    if beginning is not None and not done.joined[beginning.key].issuperset(beginning.chosen):
        raise _no_group(context)


async def refuse_in_the_way(context: "Context", wanted: Wanted) -> None:
    """Refuse a place while another one holds."""
    found = (await in_the_way(context.statements, [wanted])).get(wanted.student_id)
    refuse(context, None if found is None else replace(found, path=("validFrom",)))


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
