"""Under which role somebody proposes or ends a guardianship: by the places where the student learns."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Uuid, column, func, select
from sqlmodel import col

from auth.permissions import Permission as P
from auth.permissions import holds
from auth.places import covering
from auth.viewer import LiveAssignment
from domain import records
from domain.roles import ReachKind
from schema.engine.mutations.user_errors import not_found
from schema.people.acting import above, chosen, forbidden

if TYPE_CHECKING:
    from schema.engine.context import Context


async def acting_for_student(context: "Context", student: UUID, given: Any) -> tuple[Any, LiveAssignment]:
    """The place where the student learns within the viewer's reach, and the assignment that reaches it.

    Raises Forbidden for who may propose nowhere; refuses as NOT_FOUND whoever learns elsewhere or is kept away.
    """
    if not any(holds(one.role, one.reach, P.GUARDIANSHIP_PROPOSE) for one in context.viewer.assignments):
        raise forbidden(P.GUARDIANSHIP_PROPOSE)
    places = func.vhod.places_to_propose(student).table_valued(
        column("organisation_id", Uuid), column("class_group_id", Uuid)
    )
    rows = await context.statements.write(select(places.c.organisation_id, places.c.class_group_id))
    if not rows:
        told = context.say("No student with this id learns with you.", "У вас не учится никто с таким id.")
        raise not_found(told, "studentId")
    return rows[0], await chosen(
        context, await _proposing(context, rows[0]), P.GUARDIANSHIP_PROPOSE, given.acting_assignment_id
    )


async def acting_to_end(context: "Context", student: UUID, given: Any) -> LiveAssignment:
    """The assignment under which the viewer ends what is about a student who learns at their organisation."""
    place = records.Enrolment
    live = [col(place.live_from) <= func.vhod.now(), func.coalesce(col(place.live_until) > func.vhod.now(), True)]
    statement: Any = select(col(place.organisation_id)).where(col(place.student_id) == student, *live)
    found = {row.organisation_id for row in await context.statements.write(statement)}
    fitting = [one for at in found for one in await _covering(context, P.GUARDIANSHIP_CONFIRM, at)]
    return await chosen(context, fitting, P.GUARDIANSHIP_CONFIRM, given.acting_assignment_id)


async def _proposing(context: "Context", place: Any) -> list[LiveAssignment]:
    own = [
        one
        for one in context.viewer.assignments
        if one.reach is ReachKind.CLASS_GROUPS
        and one.class_group_id == place.class_group_id
        and P.GUARDIANSHIP_PROPOSE in context.viewer.permitted
        and holds(one.role, one.reach, P.GUARDIANSHIP_PROPOSE)
    ]
    return own + await _covering(context, P.GUARDIANSHIP_PROPOSE, place.organisation_id)


async def _covering(context: "Context", permission: P, organisation: UUID) -> list[LiveAssignment]:
    return covering(context.viewer, permission, [(organisation, await above(context, organisation))])
