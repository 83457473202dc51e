"""Where dated columns of a file stand on the page: its lessons and their columns, found or, where asked for, made."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from domain.imports.issues import Issue, IssueCode
from domain.imports.journal_pages import PageColumn
from domain.records import Lesson
from domain.records.journals import LessonStatus
from schema.engine.statements import Statements

TARGET = text(
    "select j.id, j.organisation_id, j.school_year, j.class_group_id, j.subject_group_id, p.starts_on, p.ends_on,"
    " vhod.zone_of(j.organisation_id) as zone"
    " from journal j join grading_period p on p.id = j.grading_period_id"
    " where j.organisation_id = :organisation and (j.id = :journal or j.subject_group_id = :group)"
    " order by (select count(*) from unnest(cast(:days as date[])) as d (day)"
    "  where day between p.starts_on and p.ends_on) desc, p.starts_on desc limit 1"
)


@dataclass(frozen=True)
class PageTarget:
    """The page that is written to, with the anchors that its facts freeze."""

    id: UUID
    organisation_id: UUID
    school_year: int
    class_group_id: UUID
    subject_group_id: UUID
    starts_on: date
    ends_on: date
    zone: str

    @property
    def anchors(self) -> dict[str, Any]:
        """Anchors of whatever stands on the page."""
        return {
            "organisation_id": self.organisation_id,
            "school_year": self.school_year,
            "class_group_id": self.class_group_id,
            "subject_group_id": self.subject_group_id,
        }


@dataclass(frozen=True)
class TargetColumn:
    """A column of the file where it stands on the page; with a fatal issue nothing can be written there.

    `lesson` and `slot` are the rows; a lesson without columns gets its first one with the first mark.
    """

    title: str
    held_on: date
    number: int
    issue: Issue | None = None
    lesson: Any | None = None
    slot: Any | None = None


async def find_target(
    connection: AsyncConnection, organisation: UUID, options: Mapping[str, Any], days: Sequence[date]
) -> PageTarget | None:
    """The page named by the options, or of the group named there the one whose period has most of the days."""
    given = {
        "organisation": organisation,
        "journal": options.get("journal_id"),
        "group": options.get("subject_group_id"),
        "days": list(days),
    }
    row = (await connection.execute(TARGET, given)).one_or_none()
    return None if row is None else PageTarget(**row._mapping)


def look_at_columns(
    page: "LessonsOfPage", target: PageTarget, columns: Sequence[PageColumn], options: Mapping[str, Any], today: date
) -> list[TargetColumn]:
    """Find every column: its day in the period, its lesson, its slot."""
    found = [TargetColumn(column.title, column.held_on, column.number) for column in columns]
    return [_found(column, target, page, options, today) for column in found]


async def make_lessons(
    statements: Statements, target: PageTarget, page: "LessonsOfPage", columns: Sequence[TargetColumn]
) -> bool:
    """Make the lessons that are missing in columns without an issue; tells whether any was. Under the page's lock."""
    wanted = [column for column in columns if column.issue is None]
    lessons = [_new_lesson(column, target, page) for column in wanted if page.lesson(column) is None]
    if lessons:
        await statements.write(insert(Lesson).inline().values(lessons))
    return bool(lessons)


@dataclass(frozen=True)
class LessonsOfPage:
    """Lessons of the page by day, slots by lesson."""

    lessons: Mapping[date, Sequence[Any]]
    slots: Mapping[UUID, Sequence[Any]]

    def lesson(self, column: TargetColumn) -> Any:
        """The lesson of the day that the column means: the first, the second ..."""
        of_day = self.lessons.get(column.held_on, ())
        return of_day[column.number - 1] if column.number <= len(of_day) else None

    def slot(self, column: TargetColumn, options: Mapping[str, Any]) -> Any:
        """The slot with the code asked for, else the lesson's first."""
        lesson, code = self.lesson(column), options.get("slot_code")
        slots = self.slots.get(lesson.id, ()) if lesson else ()
        return next((slot for slot in slots if code is None or slot.code == code), None)


async def lessons_of(statements: Statements, journal: UUID) -> Sequence[Any]:
    """The lessons of a page that the transaction may see, by day and number."""
    table: Any = Lesson.__table__  # type: ignore[attr-defined]
    order = (col(Lesson.held_on), col(Lesson.number), col(Lesson.id))
    return await statements(select(table).where(col(Lesson.journal_id) == journal).order_by(*order), {})


def by_day(lessons: Sequence[Any], slots: Sequence[Any]) -> LessonsOfPage:
    """Lessons and slots as columns look for them."""
    days: dict[date, list[Any]] = defaultdict(list)
    of_lesson: dict[UUID, list[Any]] = defaultdict(list)
    for lesson in lessons:
        days[lesson.held_on].append(lesson)
    for slot in sorted(slots, key=lambda slot: slot.number):
        of_lesson[slot.lesson_id].append(slot)
    return LessonsOfPage(days, of_lesson)


def _found(
    column: TargetColumn, target: PageTarget, page: LessonsOfPage, options: Mapping[str, Any], today: date
) -> TargetColumn:
    code = _problem(column, target, page, options, today)
    if code is None:
        return replace(column, lesson=page.lesson(column), slot=page.slot(column, options))
    skipped = code is IssueCode.DATE_OUTSIDE_PERIOD and bool(options.get("skip_outside_period"))
    return replace(column, issue=Issue(code, column.title, column.held_on.isoformat(), fatal=not skipped))


def _problem(
    column: TargetColumn, target: PageTarget, page: LessonsOfPage, options: Mapping[str, Any], today: date
) -> IssueCode | None:
    """What keeps a column from being found. What may be written in it the rules say, cell by cell."""
    if not target.starts_on <= column.held_on <= target.ends_on:
        return IssueCode.DATE_OUTSIDE_PERIOD
    lesson = page.lesson(column)
    if lesson is None:
        if column.held_on > today:
            return IssueCode.LESSON_NOT_HELD_YET
        return None if options.get("create_lessons") else IssueCode.LESSON_UNKNOWN
    has_slots = bool(page.slots.get(lesson.id))
    return IssueCode.SLOT_UNKNOWN if has_slots and page.slot(column, options) is None else None


def _new_lesson(column: TargetColumn, target: PageTarget, page: LessonsOfPage) -> dict[str, Any]:
    last = max((lesson.number for lesson in page.lessons.get(column.held_on, ())), default=0)
    number = max(column.number, last + column.number - len(page.lessons.get(column.held_on, ())))
    return {
        **target.anchors,
        "journal_id": target.id,
        "held_on": column.held_on,
        "number": number,
        "status": LessonStatus.HELD,
    }
