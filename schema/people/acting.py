"""Under which role something is done: the one that fits, and what is said when there is none or are several."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from auth.granting import acting
from auth.permissions import Permission, roles_with
from auth.viewer import LiveAssignment
from domain import records
from domain.errors import Forbidden
from domain.roles import Role
from schema.engine.mapping.reference import key_of
from schema.engine.mutations.user_errors import Refusal, invalid
from schema.people.assignment_refusals import AmbiguousAssignment
from schema.people.role_words import ROLE_WORDS

if TYPE_CHECKING:
    from schema.engine.context import Context


async def chosen(
    context: "Context", fitting: Iterable[LiveAssignment], permission: Permission, named: str | None
) -> LiveAssignment:
    """The one of the fitting assignments under which it is done, the named one where one is named.

    Raises Forbidden when none is left; refuses when several are.
    """
    left = those_named(context, fitting, named)
    if not left:
        raise forbidden(permission)
    return await only(context, left)


def those_named(context: "Context", fitting: Iterable[LiveAssignment], named: str | None) -> list[LiveAssignment]:
    """All that fit, or the one of them with the id that the viewer named."""
    key = None if named is None else key_of(context.executor.types["Assignment"], named)
    return [one for one in fitting if named is None or key == (one.id,)]


async def only(context: "Context", fitting: list[LiveAssignment]) -> LiveAssignment:
    """The only one of at least one; refuses when there are several."""
    if len(fitting) > 1:
        raise await ambiguous(context, fitting)
    return fitting[0]


def forbidden(permission: Permission) -> Forbidden:
    """No role of the viewer allows it there."""
    return Forbidden(
        f"None of your roles allows {permission} here.", f"Ни одна из ваших ролей здесь не даёт права {permission}."
    )


async def ambiguous(context: "Context", fitting: Iterable[LiveAssignment]) -> Refusal:
    """Several roles allow it: the viewer must say which, and is told which these are."""
    found = await context.executor.load_all_named("Assignment", [(one.id,) for one in fitting])
    told = context.say(
        "Several of your roles allow this: say which.", "Это позволяют несколько ваших ролей: укажите, какая."
    )
    return Refusal(
        AmbiguousAssignment(
            code="AMBIGUOUS_ASSIGNMENT",
            message=told,
            path=["input", "actingAssignmentId"],
            candidates=[one for one in found if one is not None],
        )
    )


async def acting_assignment(
    context: "Context", permission: Permission, organisation: UUID | None, given: Any, fits: Callable[[Role], bool]
) -> LiveAssignment:
    """The one assignment under which the change is made; `fits` says which roles may make just this change.

    Raises Forbidden when no role of the viewer allows such changes there, refuses when several do and none is named.
    """
    held = acting(context.viewer, permission, organisation, await above(context, organisation))
    if not held:
        raise forbidden(permission)
    fitting = those_named(context, [one for one in held if fits(one.role)], given.acting_assignment_id)
    if not fitting:
        raise _no_fitting_role(context, [role for role in roles_with(permission) if fits(role)])
    return await only(context, fitting)


async def above(context: "Context", organisation: UUID | None) -> Sequence[UUID]:
    """A place with everything above it."""
    place = col(records.Organisation.id) == organisation
    found = await context.statements.write(select(col(records.Organisation.ancestor_ids)).where(place))
    return [one for row in found for one in row.ancestor_ids]


def _no_fitting_role(context: "Context", able: Iterable[Role]) -> Refusal:
    """Say which roles make just this change: of those that have the permission, the ones that fit."""
    words = [ROLE_WORDS[role] for role in sorted(able)]
    english, russian = (", ".join(one[language] for one in words) for language in (0, 1))
    if not words:
        told = context.say(
            "No role allows this change: such roles follow from enrolment, guardianship or the server's own command.",
            "Этого не может ни одна роль: такие роли следуют из зачисления и представительства или даются с сервера.",
        )
    else:
        told = context.say(
            f"The role under which you act does not allow just this change. Roles that do: {english}.",
            f"Роль, от имени которой вы действуете, не позволяет именно это изменение. Позволяют: {russian}.",
        )
    return invalid("ROLE_NOT_GRANTABLE", told, "actingAssignmentId")
