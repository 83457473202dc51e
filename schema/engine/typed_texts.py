"""Texts that people type: how long they may be, and what the database cannot keep."""

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from domain.errors import BadUserInput
from domain.text import canonical
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
    """Text of an argument that is looked for, in its one form. Raises BadUserInput for what no column can hold."""
    if "\0" in text:
        raise BadUserInput(*NO_NUL)
    return canonical(text)


def canonical_input(given: Any) -> Any:
    """An input with all its texts in their one form, as cells of files are read: composed, nothing invisible."""
    if isinstance(given, str) and not isinstance(given, Enum):
        return canonical(given)
    if isinstance(given, list):
        return [canonical_input(one) for one in given]
    if is_dataclass(given) and not isinstance(given, type):
        return replace(given, **{one.name: canonical_input(getattr(given, one.name)) for one in fields(given)})
    return given


def stated(reason: str | None) -> str | None:
    """A reason that says something; None for a blank one."""
    return reason.strip() or None if reason else None
