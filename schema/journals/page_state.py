"""A page as it stands, for whoever writes on it: locked first, then read, by the same statements whatever its size."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, Uuid, cast, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.orm import aliased
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter
from sqlmodel import col

from auth.permissions import Permission as P
from auth.visibility import REACH_PREFIX, RESTRICTED, rows
from auth.writing import Place
from domain import records
from domain.records.attendance import AttendanceCode
from domain.records.base import Record
from domain.records.policies import WorkCode
from domain.writing import cells
from schema.engine.mutations.user_errors import not_found
from schema.journals.windows import PageFacts, page_facts

if TYPE_CHECKING:
    from schema.engine.context import Context
    from schema.engine.statements import Statements

CellKey = tuple[UUID, UUID, int]
"""Line, slot, position."""


@dataclass
class PageState:
    """Rows of a page by their keys. Marks and attendance are the newest versions, those without value included."""

    journal: Any
    facts: PageFacts
    lines: dict[UUID, Any]
    lessons: dict[UUID, Any]
    slots: dict[UUID, Any]
    marks: dict[CellKey, Any]
    attendance: dict[tuple[UUID, UUID], Any]

    @cached_property
    def first_slots(self) -> dict[UUID, Any]:
        """The first column of each lesson that has any."""
        numbered = sorted(self.slots.values(), key=lambda slot: slot.number, reverse=True)
        return {slot.lesson_id: slot for slot in numbered}

    @cached_property
    def marked(self) -> dict[UUID, dict[cells.MarkPlace, cells.Place]]:
        """By line: marks that stand in columns that are not for work made up, and in which lesson."""
        found: dict[UUID, dict[cells.MarkPlace, cells.Place]] = defaultdict(dict)
        for key, row in self.marks.items():
            if row.value is not None and not is_make_up(self.slots.get(key[1])):
                found[key[0]][key] = key[0], row.lesson_id
        return found

    @cached_property
    def attended(self) -> dict[UUID, dict[cells.Place, AttendanceCode | None]]:
        """By line: what the newest versions of its attendance say."""
        found: dict[UUID, dict[cells.Place, AttendanceCode | None]] = defaultdict(dict)
        for key, row in self.attendance.items():
            found[key[0]][key] = row.code
        return found


def place_of(row: Any, lesson: Any) -> Place:
    """Where a row of the page stands: its own anchors, the day of the lesson."""
    return Place(row.organisation_id, row.class_group_id, row.subject_group_id, lesson.held_on)


async def visible(
    context: "Context", record: type[Record], permission: P, *conditions: ColumnElement[bool]
) -> Sequence[Any]:
    """Rows that whoever writes may look at, the lessons of a substitution that is over included."""
    writer = context.viewer.writer
    allowed = rows(record.facet(), record, writer.shape, permission)
    statement: Select[Any] = select(record.__table__).where(allowed, *conditions)  # type: ignore[attr-defined]
    named = {element.key for element in visitors.iterate(allowed) if isinstance(element, BindParameter)}
    ours = (name for name in named if name.startswith(REACH_PREFIX) or name == RESTRICTED)
    return await context.statements(statement, {name: writer.parameter(name) for name in ours})


async def one_visible(context: "Context", record: type[Record], permission: P, key: UUID | None) -> Any | None:
    """The row with this key that whoever writes may look at."""
    if key is None:
        return None
    found = await visible(context, record, permission, record.id == key)  # type: ignore[attr-defined]
    return found[0] if found else None


async def lock_page(context: "Context", journal: UUID) -> None:
    """Lock a page for the change of a document."""
    await lock(context.statements, journal)


async def lock(statements: "Statements", journal: UUID) -> None:
    """Wait until nobody else writes on the page: what is read after this stays true until the end.

    Pages of a period are written side by side, but none while the period is being closed.
    """
    page, period = records.Journal, col(records.Journal.grading_period_id)
    shared = select(func.pg_advisory_xact_lock_shared(lock_key(period))).where(col(page.id) == journal)
    await statements.write(select(func.pg_advisory_xact_lock(lock_key(journal)), shared.scalar_subquery()))


async def lock_period(context: "Context", period: UUID) -> None:
    """Wait until nobody writes on any page of the period: what was judged before is written before."""
    await context.statements.write(select(func.pg_advisory_xact_lock(lock_key(period))))


def lock_key(key: Any) -> Any:
    """The number of the lock that stands for an object."""
    return func.hashtextextended(cast(key, Text), 0)


async def lesson_to_change(context: "Context", lesson: UUID | None, path: str) -> Any:
    """A lesson as it stands, its page locked. Refuses what the viewer may not look at."""
    found = await one_visible(context, records.Lesson, P.LESSON_SEE, lesson)
    if found is None:
        raise not_found(context.say("No lesson with this id that you may see.", "Нет доступного вам урока."), path)
    await lock_page(context, found.journal_id)
    return await one_visible(context, records.Lesson, P.LESSON_SEE, lesson)


async def read_page(context: "Context", journal: Any, lines: Collection[UUID]) -> PageState:
    """The page with these lines of it, as far as the viewer may write there. Lock it first."""
    line, lesson = records.JournalLine, records.Lesson
    wanted = (col(line.journal_id) == journal.id, col(line.id).in_(lines))
    found_lines = {row.id: row for row in await visible(context, line, P.JOURNAL_LINE_SEE, *wanted)}
    of_page = col(lesson.journal_id) == journal.id
    lessons = {row.id: row for row in await visible(context, lesson, P.LESSON_SEE, of_page)}
    facts = await page_facts(context, journal.id)
    return await page_state(context.statements, journal, facts, found_lines, lessons)


async def page_state(
    statements: "Statements", journal: Any, facts: PageFacts, lines: dict[UUID, Any], lessons: dict[UUID, Any]
) -> PageState:
    """The page with these lines and lessons, and all that stands in them. `journal` has its id and school year."""
    slots = {row.id: row for row in await slots_of(statements, journal.id)}
    marks = await statements(_marks(journal.school_year, list(lines), list(slots)), {})
    attendance = await statements(_attendance(journal.school_year, list(lines)), {})
    return PageState(
        journal,
        facts,
        lines,
        lessons,
        slots,
        {(row.journal_line_id, row.slot_id, row.position): row for row in marks},
        {(row.journal_line_id, row.lesson_id): row for row in attendance},
    )


async def slots_of(statements: "Statements", journal: UUID) -> Sequence[Any]:
    """The columns for marks of a page."""
    return await statements(_slots(journal), {})


def _slots(journal: UUID) -> Select[Any]:
    """Columns with the code of their work, and the day on which homework is due, which may lie on the next page."""
    slot, work, due = records.AssessmentSlot, records.WorkType, aliased(records.Lesson)
    columns: list[Any] = [slot.__table__, col(work.code).label("work"), col(due.held_on).label("due_on")]  # type: ignore[attr-defined]
    statement = select(*columns).join(work, col(work.id) == col(slot.work_type_id))
    return statement.outerjoin(due, col(due.id) == col(slot.due_lesson_id)).where(col(slot.journal_id) == journal)


def _marks(school_year: int, lines: list[UUID], slots: list[UUID]) -> Select[Any]:
    version = records.MarkVersion
    cell: list[Any] = [version.slot_id, version.journal_line_id, version.position]
    shown: list[Any] = [version.version, version.mark_id, version.value, version.scale, version.weight, version.remark]
    shown += [version.lesson_id, version.origin]
    here = (col(version.slot_id) == _any(slots), col(version.journal_line_id) == _any(lines))
    statement = select(*cell, *shown).where(col(version.school_year) == school_year, *here)
    return statement.ext(distinct_on(*cell)).order_by(*cell, col(version.version).desc())


def _attendance(school_year: int, lines: list[UUID]) -> Select[Any]:
    version = records.AttendanceVersion
    cell: list[Any] = [version.journal_line_id, version.lesson_id]
    shown: list[Any] = [version.version, version.record_id, version.code, version.note, version.origin]
    here = (col(version.school_year) == school_year, col(version.journal_line_id) == _any(lines))
    statement = select(*cell, *shown).where(*here)
    return statement.ext(distinct_on(*cell)).order_by(*cell, col(version.version).desc())


def _any(keys: list[UUID]) -> Any:
    return func.any(literal(keys, ARRAY(Uuid)))


def is_make_up(slot: Any | None) -> bool:
    """Whether a column's marks may stand beside an absence."""
    return slot is not None and slot.work is WorkCode.MAKE_UP
