"""User errors: refusals of a mutation that are part of its answer, each with a stable code."""

from collections.abc import Iterable
from typing import Any

from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import interface, structure, value
from schema.engine.node import Node


@interface("Why a change was refused, as part of the answer (отказ в изменении).")
class UserError:
    """The interface of all user errors."""

    code: str = value("Stable code, for programs (код).")
    message: str = value("In your language, for people (сообщение).")
    path: list[str] = value("The input field that it is about (поле ввода).")


UNFIT = (
    "The input cannot be carried out (недопустимые данные). Codes of any change: KEY_REUSED, REASON_NEEDED,"
    " ACTING_ASSIGNMENT, TEXT_TOO_LONG, TEXT_UNFIT, PAGE_TOO_LARGE, HOW_MANY."
)


@structure(UNFIT)
class InvalidInput(UserError):
    """What the sender must mend; the codes stand in the contract."""


@structure("Nothing with this id that you may see (не найдено); unknown and unreachable are the same. Code: NOT_FOUND.")
class NotFound(UserError):
    """Code: NOT_FOUND."""


@structure(
    "Somebody has changed it since you read it (конфликт версий): look, then send again with its version. Code:"
    " VERSION_CONFLICT."
)
class VersionConflict(UserError):
    """Code: VERSION_CONFLICT."""

    current: Node | None = value(
        "The object as it is now; null when there is none any more (текущее состояние).", PUBLIC
    )
    current_version: int | None = value(
        "Its version now: what to send (текущая версия); null when nothing stands.", PUBLIC
    )


USER_ERRORS = (InvalidInput, NotFound, VersionConflict)
"""Of any change; a noun brings its own (schema/engine/noun.py)."""


def explain_codes(codes: Iterable[tuple[str, tuple[str, ...]]]) -> None:
    """Name in the contract, beside the codes of any change, those that nouns bring; by what they are about."""
    told = " ".join(f"Of {about}: {', '.join(named)}." for about, named in codes)
    definition: Any = vars(InvalidInput)["__strawberry_definition__"]
    definition.description = f"{UNFIT} {told}"


class Refusal(Exception):
    """User errors on their way to the payload: everything done so far is undone."""

    def __init__(self, *errors: UserError) -> None:
        super().__init__(*(error.code for error in errors))
        self.errors = list(errors)


def invalid(code: str, message: str, *path: str) -> Refusal:
    """The input cannot be carried out."""
    return Refusal(InvalidInput(code=code, message=message, path=["input", *path]))


def not_found(message: str, *path: str) -> Refusal:
    """Unknown or unreachable."""
    return Refusal(NotFound(code="NOT_FOUND", message=message, path=["input", *path]))
