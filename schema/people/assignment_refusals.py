"""Refusals about assignments: several would do, or the one meant has changed."""

from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import structure, value
from schema.engine.mutations.user_errors import UserError
from schema.named_later import AssignmentLater


@structure(
    "Several roles of yours allow this: say which by `actingAssignmentId` (уточните роль). Code: AMBIGUOUS_ASSIGNMENT."
)
class AmbiguousAssignment(UserError):
    """Code: AMBIGUOUS_ASSIGNMENT."""

    candidates: list[AssignmentLater] = value("Roles of yours that allow it (подходящие роли).", PUBLIC, usually=5)


@structure(
    "The object is no longer in the state that this change starts from (состояние изменилось). Codes:"
    " ALREADY_CONFIRMED, ALREADY_ENDED, NOTHING_TO_CONFIRM."
)
class StateConflict(UserError):
    """Codes: ALREADY_CONFIRMED, ALREADY_ENDED, NOTHING_TO_CONFIRM."""

    current: AssignmentLater | None = value("The object as it is now (текущее состояние).", PUBLIC)
