"""WindowClosed: the refusal of a change whose time is over or has not begun."""

from datetime import datetime

from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import structure, value
from schema.engine.mutations.user_errors import UserError
from schema.people.roles import Role


@structure(
    "The time for this change is over, or has not begun (срок изменения). Codes: LESSON_WINDOW_CLOSED,"
    " LESSON_NOT_HELD_YET, PERIOD_CLOSED, SUMMARY_NOT_OPEN_YET, YEAR_CLOSED."
)
class WindowClosed(UserError):
    """Codes: LESSON_WINDOW_CLOSED, PERIOD_CLOSED, LESSON_NOT_HELD_YET, SUMMARY_NOT_OPEN_YET, YEAR_CLOSED."""

    closed_at: datetime | None = value("When it closed (когда закрылось); null when it has not opened yet.", PUBLIC)
    opens_at: datetime | None = value("When it opens (когда откроется); null when it is over.", PUBLIC)
    reopenable_by: list[Role] = value("Roles that can open the page again (кто может открыть).", PUBLIC)
