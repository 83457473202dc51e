"""Under which role something is done: the one that fits, and what is said when there is none or are several."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from auth.permissions import Permission
from auth.viewer import LiveAssignment
from domain.errors import Forbidden
from schema.changing.user_errors import AmbiguousAssignment, Refusal
from schema.mapping.reference import key_of

if TYPE_CHECKING:
    from schema.context import Context


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
