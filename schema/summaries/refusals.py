"""Refusals of a whole confirmation: not now, the same place twice, a place that somebody else holds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from auth.permissions import Permission as P
from auth.permissions import roles_with
from domain.summary_windows import NotNow, SummaryWindow
from schema.engine.mutations.user_errors import InvalidInput, Refusal, UserError, VersionConflict
from schema.journals.window_closed import WindowClosed
from schema.summaries.judgement import Entry

if TYPE_CHECKING:
    from schema.engine.context import Context

UNIQUE_VIOLATION = "23505"

SAID: dict[NotNow, Callable[[SummaryWindow], tuple[str, str]]] = {
    NotNow.SUMMARY_NOT_OPEN_YET: lambda window: (
        f"It is too early: this opens on {_moment(window.opens_at)}.",
        f"Ещё рано: подтверждение откроется {_moment(window.opens_at)}.",
    ),
    NotNow.PERIOD_CLOSED: lambda window: (
        f"The grading period was closed at {_moment(window.until)}. A deputy head can open the page again.",
        f"Учебный период закрыт с {_moment(window.until)}. Открыть страницу снова может завуч.",
    ),
    NotNow.YEAR_CLOSED: lambda window: (
        f"The school year was closed at {_moment(window.until)}.",
        f"Учебный год закрыт с {_moment(window.until)}.",
    ),
}


def not_now(context: "Context", window: SummaryWindow) -> list[UserError]:
    """The refusal where the window is shut, with the moment and who can do something about it."""
    why = window.shut(context.clock())
    if why is None:
        return []
    early = why is NotNow.SUMMARY_NOT_OPEN_YET
    return [
        WindowClosed(
            code=why.value,
            message=context.say(*SAID[why](window)),
            path=["input"],
            closed_at=None if early else window.until,
            opens_at=window.opens_at if early else None,
            reopenable_by=sorted(roles_with(P.JOURNAL_REOPEN)) if why is NotNow.PERIOD_CLOSED else [],
        )
    ]


def duplicates(context: "Context", entries: list[Entry], named: str) -> Iterator[UserError]:
    """A refusal for each place that stands in the input once more."""
    seen = set()
    for entry in entries:
        if entry.seat is not None and entry.seat.student_id in seen:
            told = context.say("This place stands in the input twice.", "Это место указано в запросе дважды.")
            yield InvalidInput(code="DUPLICATE_PLACE", message=told, path=[*entry.path, named])
        seen.update([entry.seat.student_id] if entry.seat else [])


@contextmanager
def in_the_way(context: "Context", listed: str) -> Iterator[None]:
    """Turn the database's no into a refusal: a place may be held by a mark that the writer cannot see.

    That happens when a student changed subject groups and the other group's teacher has confirmed already.
    """
    try:
        yield
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", None) != UNIQUE_VIOLATION:
            raise
        told = context.say(
            "In another subject group one of these marks is confirmed already: ask the deputy head.",
            "Одна из этих отметок уже подтверждена в другой группе по предмету: обратитесь к завучу.",
        )
        conflict = VersionConflict(
            code="VERSION_CONFLICT", message=told, path=["input", listed], current=None, current_version=None
        )
        raise Refusal(conflict) from error


def _moment(moment: datetime) -> str:
    return f"{moment:%d.%m.%Y %H:%M}"
