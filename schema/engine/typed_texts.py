"""Texts that people type: how long they may be, and what the database cannot keep."""

from typing import TYPE_CHECKING

from domain.errors import BadUserInput
from schema.engine.mutations.user_errors import InvalidInput

if TYPE_CHECKING:
    from schema.engine.context import Context

REASON_MOST = 500
REMARK_MOST = 500
TOPIC_MOST = 1000
HOMEWORK_MOST = 4000
CODE_MOST = 10
NO_NUL = "Text cannot hold the character NUL.", "Текст не может содержать символ NUL."


def unfit(context: "Context", text: str | None, most: int, path: list[str]) -> InvalidInput | None:
    """The refusal of a text that cannot be kept; None for one that can."""
    if text is None or not isinstance(text, str):
        return None
    if "\0" in text:
        return InvalidInput(code="TEXT_UNFIT", message=context.say(*NO_NUL), path=path)
    if len(text) > most:
        told = context.say(f"At most {most} characters.", f"Не больше {most} символов.")
        return InvalidInput(code="TEXT_TOO_LONG", message=told, path=path)
    return None


def plain(text: str) -> str:
    """Text of an argument that is looked for. Raises BadUserInput for what no column can hold."""
    if "\0" in text:
        raise BadUserInput(*NO_NUL)
    return text


def stated(reason: str | None) -> str | None:
    """A reason that says something; None for a blank one."""
    return reason.strip() or None if reason else None
