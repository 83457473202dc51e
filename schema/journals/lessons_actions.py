"""What the viewer can write in a lesson or open on a page, why, and until when: for buttons."""

from datetime import datetime
from typing import TYPE_CHECKING

from auth.granting import acting
from auth.permissions import Permission as P
from auth.writing import Place, writers
from domain.windows import Window
from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import structure, value
from schema.engine.mapping.rows import Row
from schema.engine.mapping.storage import Worked
from schema.engine.mutations.viewer_can import Action
from schema.journals.refused import window_closed
from schema.journals.windows import PAGES, PageFacts, PageOpenings

if TYPE_CHECKING:
    from schema.engine.context import Context


@structure("Whether you can do something, why, and until when (возможность действия со сроком).")
class TimedAction:
    """One action that has a window."""

    allowed: bool = value("Whether it would be accepted now (разрешено ли).", PUBLIC)
    because: str = value("Why, in your language (почему).", PUBLIC)
    until: datetime | None = value(
        "Until when (до какого момента); null when it is not yours to do. Past when it is over.", PUBLIC
    )


@structure("What you can do in a lesson (действия в уроке).")
class LessonActions:
    """Actions in a lesson."""

    write_marks: TimedAction = value(
        "Write and correct marks (выставлять и исправлять отметки); homework may have more time.", PUBLIC
    )
    write_attendance: TimedAction = value("Note who was absent or late (отмечать посещаемость).", PUBLIC)
    excuse_absence: TimedAction = value("Set reasons of absence (указывать причины отсутствия).", PUBLIC)
    edit_lesson: TimedAction = value("Change topic, homework and state (менять тему и задание).", PUBLIC)


@structure("What you can do on a page (действия на странице).")
class JournalActions:
    """Actions on a page."""

    reopen: Action = value("Open it again for a while (открыть страницу снова).", PUBLIC)


def lesson_actions(context: "Context", row: Row, page: PageOpenings) -> LessonActions:
    """From the viewer, the row, and the windows of its page: no I/O."""
    facts = page.at(context.clock())
    times, held_on = facts.times, row.values["held_on"]
    place = Place(row.keys["organisation_id"], row.keys["class_group_id"], row.keys["subject_group_id"], held_on)

    def action(permission: P, window: Window) -> TimedAction:
        return _action(context, facts, permission, place, window)

    return LessonActions(
        write_marks=action(P.MARK_WRITE, times.of_marks(held_on)),
        write_attendance=action(P.ATTENDANCE_WRITE, times.of_attendance(held_on)),
        excuse_absence=action(P.ATTENDANCE_EXCUSE, times.of_period()),
        edit_lesson=action(P.LESSON_WRITE, times.of_period()),
    )


IN_LESSON = Worked(
    lesson_actions,
    ("journal_id", "organisation_id", "class_group_id", "subject_group_id", "held_on"),
    facts=PAGES,
    by="journal_id",
)


def journal_actions(context: "Context", row: Row) -> JournalActions:
    """From the viewer and the row alone: no I/O."""
    allowed = bool(acting(context.viewer, P.JOURNAL_REOPEN, row.keys["organisation_id"]))
    told = _yours(P.JOURNAL_REOPEN) if allowed else _not_yours(P.JOURNAL_REOPEN)
    return JournalActions(reopen=Action(allowed=allowed, because=context.say(*told)))


def _action(context: "Context", facts: PageFacts, permission: P, place: Place, window: Window) -> TimedAction:
    homeroom = facts.policy.homeroom_writes_marks
    if not writers(context.viewer, permission, place, homeroom_writes_marks=homeroom):
        return TimedAction(allowed=False, because=context.say(*_not_yours(permission)), until=None)
    closed = window_closed(context, window, [])
    if closed is not None:
        return TimedAction(allowed=False, because=closed.message, until=window.until)
    return TimedAction(allowed=True, because=context.say(*_yours(permission)), until=window.until)


def _yours(permission: P) -> tuple[str, str]:
    return f"A role of yours has {permission} here.", f"Ваша роль даёт здесь {permission}."


def _not_yours(permission: P) -> tuple[str, str]:
    return (
        f"None of your roles has {permission} here.",
        f"Ни одна ваша роль не даёт здесь {permission}.",
    )
