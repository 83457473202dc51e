"""Under which role something is done: what is said when there is none, and when there are several."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from auth.permissions import Permission
from auth.viewer import LiveAssignment
from domain.errors import Forbidden
from schema.user_errors import AmbiguousAssignment, Refusal

if TYPE_CHECKING:
    from schema.context import Context


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
