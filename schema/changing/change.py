"""What every change of an assignment does alike: signed in, once per key, all or nothing, judged by one assignment."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from auth.granting import acting, grantors
from auth.permissions import Permission
from auth.viewer import LiveAssignment
from domain import records
from domain.errors import Unauthenticated
from domain.roles import Role
from schema.changing.acting import forbidden, only, those_named
from schema.changing.idempotency import claim, keep
from schema.changing.user_errors import Refusal, UserError, invalid
from schema.context import Context

Outcome = list[str]
"""Global ids of what a change made or changed: kept under its key, and read again for a retry."""

Work = Callable[[Context, Any], Awaitable[Outcome]]


async def carry_out(
    context: Context, operation: str, given: Any, work: Work, *, results: int
) -> tuple[list[Any], list[UserError]]:
    """Do the work once for this key. Gives the changed objects as the viewer may see them, or the refusals.

    `results` is how many objects the payload shows: that many nulls stand beside refusals.
    """
    if context.viewer.person_id is None:
        raise Unauthenticated
    try:
        async with context.statements.all_or_nothing():
            outcome = await claim(context, operation, given)
            if outcome is None:
                outcome = await work(context, given)
                await keep(context, given, outcome)
    except Refusal as refusal:
        return [None] * results, refusal.errors
    context.executor.forget()
    return await context.executor.look_up_all(outcome[:results]), []


async def acting_assignment(
    context: Context, permission: Permission, organisation: UUID | None, given: Any, fits: Callable[[Role], bool]
) -> LiveAssignment:
    """The one assignment under which the change is made; `fits` says which roles may make just this change.

    Raises Forbidden when no role of the viewer allows such changes there, refuses when several do and none is named.
    """
    held = acting(context.viewer, permission, organisation, await above(context, organisation))
    if not held:
        raise forbidden(permission)
    fitting = those_named(context, [one for one in held if fits(one.role)], given.acting_assignment_id)
    if not fitting:
        raise _no_fitting_role(context, given)
    return await only(context, fitting)


async def above(context: Context, organisation: UUID | None) -> Sequence[UUID]:
    """A place with everything above it."""
    place = col(records.Organisation.id) == organisation
    found = await context.statements.write(select(col(records.Organisation.ancestor_ids)).where(place))
    return [one for row in found for one in row.ancestor_ids]


def _no_fitting_role(context: Context, given: Any) -> Refusal:
    """Say who could do it, where the input names a role."""
    by = ", ".join(grantors(given.role)) if hasattr(given, "role") else ""
    told = context.say(
        f"The role under which you act does not allow just this change. Roles that do: {by or 'none'}.",
        f"Роль, от имени которой вы действуете, не позволяет именно это изменение. Позволяют: {by or 'никакие'}.",
    )
    return invalid("ROLE_NOT_GRANTABLE", told, "actingAssignmentId")
