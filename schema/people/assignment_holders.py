"""Who gets a role: somebody whom the viewer sees, or who has told a registrar their id and works below them."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, select

from auth.granting import HELD_INSIDE
from auth.viewer import LiveAssignment
from domain.roles import ReachKind
from schema.engine.mapping.reference import key_of
from schema.engine.mapping.rows import row_of
from schema.engine.mutations.user_errors import Refusal, not_found

if TYPE_CHECKING:
    from schema.engine.context import Context


async def find_named(context: "Context", kind: str, identifier: str, field: str) -> UUID:
    """The key of an object that the viewer may see; unknown and unreachable are the same refusal."""
    found = await context.executor.look_up(context.executor.types[kind], identifier)
    if found is None:
        raise _none(context, kind, field)
    return row_of(found).keys["id"]  # type: ignore[no-any-return]


async def holder_named(context: "Context", given: Any, by: LiveAssignment, organisation: UUID) -> UUID:
    """The person who gets the role. An authority sees no staff: it names whoever works there and has told their id."""
    if by.reach is not ReachKind.ORGANISATION_TREE:
        return await find_named(context, "StaffMember", given.holder_id, "holderId")
    person = told_id(context, given.holder_id)
    place = organisation if given.role in HELD_INSIDE else by.organisation_id
    if person is None or not await _true(context, func.vhod.works_below(person, place)):
        raise _none(context, "StaffMember", "holderId")
    return person


async def holder_of_role(context: "Context", given: Any, organisation: UUID) -> UUID:
    """The person who has told their id and holds a role for the organisation already, as a case needs it."""
    person = told_id(context, given.holder_id)
    if person is None or not await _true(context, func.vhod.holds_role(person, given.role.value, organisation)):
        raise _none(context, "StaffMember", "holderId")
    return person


def told_id(context: "Context", identifier: str) -> UUID | None:
    """The person in an id that somebody has read at `me`, as account or as member of staff."""
    types = context.executor.types
    found = key_of(types["StaffMember"], identifier) or key_of(types["Person"], identifier)
    return None if found is None else found[0]


async def _true(context: "Context", condition: Any) -> bool:
    [row] = await context.statements.write(select(condition.label("holds")))
    return bool(row.holds)


def _none(context: "Context", kind: str, field: str) -> Refusal:
    told = context.say(f"No {kind} with this id that you may see.", f"Нет доступного вам объекта {kind} с таким id.")
    return not_found(told, field)
