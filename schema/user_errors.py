"""User errors: refusals of a mutation that are part of its answer, each with a stable code."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.access import PUBLIC
from schema.mapping.declare import interface, structure, value

if TYPE_CHECKING:
    from schema.users import Assignment

AssignmentLater = Annotated["Assignment", strawberry.lazy("schema.users")]


@interface("Why a change was refused, as part of the answer (отказ в изменении).")
class UserError:
    """The interface of all user errors."""

    code: str = value("Stable code, for programs (код).")
    message: str = value("In your language, for people (сообщение).")
    path: list[str] = value("The input field that it is about (поле ввода).")


@structure("The input cannot be carried out (недопустимые данные).")
class InvalidInput(UserError):
    """Codes: ROLE_NOT_GRANTABLE, OWN_ASSIGNMENT, DATES, TARGET_MISSING, TARGET_ELSEWHERE, SECOND_PERSON, KEY_REUSED."""


@structure("Nothing with this id that you may see (не найдено); unknown and unreachable are the same.")
class NotFound(UserError):
    """Code: NOT_FOUND."""


@structure("Several roles of yours allow this: say which by `actingAssignmentId` (уточните роль).")
class AmbiguousAssignment(UserError):
    """Code: AMBIGUOUS_ASSIGNMENT."""

    candidates: list[AssignmentLater] = value("Roles of yours that allow it (подходящие роли).", PUBLIC)


@structure("The object is no longer in the state that this change starts from (состояние изменилось).")
class StateConflict(UserError):
    """Codes: ALREADY_CONFIRMED, ALREADY_ENDED, NOTHING_TO_CONFIRM."""

    current: AssignmentLater | None = value("The object as it is now (текущее состояние).", PUBLIC)


USER_ERRORS = (InvalidInput, NotFound, AmbiguousAssignment, StateConflict)


class Refusal(Exception):
    """A user error on its way to the payload: everything done so far is undone."""

    def __init__(self, error: UserError) -> None:
        super().__init__(error.code)
        self.error = error


def invalid(code: str, message: str, *path: str) -> Refusal:
    """The input cannot be carried out."""
    return Refusal(InvalidInput(code=code, message=message, path=["input", *path]))


def not_found(message: str, *path: str) -> Refusal:
    """Unknown or unreachable."""
    return Refusal(NotFound(code="NOT_FOUND", message=message, path=["input", *path]))
