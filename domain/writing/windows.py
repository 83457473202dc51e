"""Windows as reasons to refuse: when one is shut, what is said of it, and which doors are not asked."""

from collections.abc import Callable
from datetime import datetime

from domain.windows import Shut, Window
from domain.writing.doors import Door, Excuse
from domain.writing.refusals import Refused

SAID: dict[Shut, Callable[[Window], tuple[str, str]]] = {
    Shut.LESSON_NOT_HELD_YET: lambda window: (
        f"The lesson has not been held yet: this opens on {_day(window.opens_at)}.",
        f"Урок ещё не проведён: запись откроется {_day(window.opens_at)}.",
    ),
    Shut.LESSON_WINDOW_CLOSED: lambda window: (
        f"The time for this lesson was over at {_moment(window.until)}. A deputy head can open the page again.",
        f"Срок записи по этому уроку истёк {_moment(window.until)}. Открыть страницу снова может завуч.",
    ),
    Shut.PERIOD_CLOSED: lambda window: (
        f"The grading period was closed at {_moment(window.until)}. A deputy head can open the page again.",
        f"Учебный период закрыт с {_moment(window.until)}. Открыть страницу снова может завуч.",
    ),
}


def shut(window: Window, now: datetime, door: Door) -> Refused | None:
    """The refusal of a window that is not open now: `closed_at`, or `opens_at` where it is too early.

    A lesson that has not been held is refused at every door; what closed, only where closing is not excused.
    """
    why = window.shut(now)
    if why is None:
        return None
    early = why is Shut.LESSON_NOT_HELD_YET
    if not early and door.excuses(Excuse.CLOSED_WINDOW):
        return None
    details = {
        "closed_at": None if early else window.closes_at,
        "opens_at": window.opens_at if early else None,
        "reopenable": not early,
    }
    return Refused(why.value, *SAID[why](window), details=details)


def is_window(refused: Refused) -> bool:
    """Whether a refusal is that of a window."""
    return "closed_at" in refused.details


def _day(moment: datetime | None) -> str:
    return f"{moment:%d.%m.%Y}" if moment else ""


def _moment(moment: datetime) -> str:
    return f"{moment:%d.%m.%Y %H:%M}"
