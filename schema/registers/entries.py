"""Registers: what every mutation that adds an entry does alike. Who acts, what is found, the entry, the audit."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlmodel import col

from auth.permissions import Permission
from auth.places import covering
from auth.viewer import LiveAssignment
from domain import records
from schema.engine.mapping.rows import row_of
from schema.engine.mutations.audit import AuditAction, record
from schema.engine.mutations.user_errors import Refusal, invalid, not_found
from schema.engine.typed_texts import stated, unfit
from schema.people.acting import chosen

if TYPE_CHECKING:
    from schema.engine.context import Context


@dataclass(frozen=True)
class Entry:
    """A row to add, what the audit calls it, and under which assignment."""

    record: Any
    values: dict[str, Any]
    action: AuditAction
    by: LiveAssignment


async def add(context: "Context", entry: Entry) -> str:
    """Add an entry in the viewer's name. Gives its global id."""
    signed = {
        "recorded_by_id": context.viewer.person_id,
        "assignment_id": entry.by.id,
        "role": entry.by.role,
        "recorded_at": context.clock(),
    }
    adding = insert(entry.record).values(**entry.values, **signed).returning(entry.record.id)
    [made] = await context.statements.write(adding)
    await record(context, entry.action, entry.by, made.id, {"register": entry.record.__tablename__})
    return f"{entry.record.__name__}:{made.id}"


async def found(context: "Context", kind: str, identifier: str, field: str) -> dict[str, Any]:
    """Keys and anchors of an object that the viewer may see; unknown and unreachable are the same refusal."""
    instance = await context.executor.look_up(context.executor.types[kind], identifier)
    if instance is None:
        told = context.say(
            f"No {kind} with this id that you may see.", f"Нет доступного вам объекта {kind} с таким id."
        )
        raise not_found(told, field)
    return row_of(instance).keys


async def acting_at(
    context: "Context", permission: Permission, organisation: UUID | None, given: Any
) -> LiveAssignment:
    """The one assignment under which the viewer may do this at the organisation, itself or from above.

    Raises Forbidden when there is none; refuses when several fit and none is named.
    """
    place = records.Organisation
    tree: Any = select(col(place.id), col(place.ancestor_ids)).where(col(place.id) == organisation)
    rows = await context.statements.write(tree)
    fitting = covering(context.viewer, permission, [(row.id, row.ancestor_ids) for row in rows]) if rows else []
    return await chosen(context, fitting, permission, given.acting_assignment_id)


def needed_text(context: "Context", given: str, field: str, most: int) -> str:
    """Text that must be there, without the space around it. Refuses what cannot be kept."""
    text = optional_text(context, given, field, most)
    if text is None:
        raise invalid("TEXT_UNFIT", context.say("Text is needed.", "Нужен текст."), field)
    return text


def optional_text(context: "Context", given: str | None, field: str, most: int) -> str | None:
    """Text without the space around it, None for a blank one. Refuses what cannot be kept."""
    if (problem := unfit(context, given, most, ["input", field])) is not None:
        raise Refusal(problem)
    return stated(given)
