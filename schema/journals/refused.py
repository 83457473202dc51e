"""A refusal of the domain as the user error that says it."""

from typing import TYPE_CHECKING

from auth.permissions import Permission as P
from auth.permissions import roles_with
from domain.windows import Window
from domain.writing.doors import PEN
from domain.writing.refusals import Refused
from domain.writing.windows import is_window, shut
from schema.engine.mutations.user_errors import InvalidInput, Refusal, UserError
from schema.journals.window_closed import WindowClosed

if TYPE_CHECKING:
    from schema.engine.context import Context


def told(context: "Context", refused: Refused, path: list[str]) -> UserError:
    """The refusal in the viewer's language; that of a window with its moment and who can do something about it."""
    message = context.say(refused.english, refused.russian)
    if not is_window(refused):
        return InvalidInput(code=refused.code, message=message, path=path)
    return WindowClosed(
        code=refused.code,
        message=message,
        path=path,
        closed_at=refused.details["closed_at"],
        opens_at=refused.details["opens_at"],
        reopenable_by=sorted(roles_with(P.JOURNAL_REOPEN)) if refused.details["reopenable"] else [],
    )


def refusal(context: "Context", refused: Refused) -> Refusal:
    """The whole change is refused, for this reason, in the field that the refusal names."""
    return Refusal(told(context, refused, ["input", *refused.path]))


def refuse(context: "Context", refused: Refused | None) -> None:
    """Refuse the whole change where there is a reason to."""
    if refused is not None:
        raise refusal(context, refused)


def window_closed(context: "Context", window: Window, path: list[str]) -> WindowClosed | None:
    """The refusal of a window that is not open now; None of one that is."""
    refused = shut(window, context.clock(), PEN)
    found = None if refused is None else told(context, refused, path)
    return found if isinstance(found, WindowClosed) else None
