"""Where dated columns of a file stand on the page: its lessons and their slots, found or, where asked for, made."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from api.imports.source import Setting
from domain.imports.issues import Issue, IssueCode
from domain.imports.journal_pages import PageColumn
from domain.records import AssessmentSlot, Lesson
from domain.records.journals import LessonStatus
from domain.records.policies import WorkCode
from schema.journals.page_state import lock_key

TARGET = text(
    "select j.id, j.organisation_id, j.school_year, j.class_group_id, j.subject_group_id, p.starts_on, p.ends_on,"
    " vhod.zone_of(j.organisation_id) as zone"
    " from journal j join grading_period p on p.id = j.grading_period_id"
    " where j.organisation_id = :organisation and (j.id = :journal or j.subject_group_id = :group)"
    " order by (select count(*) from unnest(cast(:days as date[])) as d (day)"
    "  where day between p.starts_on and p.ends_on) desc, p.starts_on desc limit 1"
)
LESSONS = text(
    "select id, held_on, number, status from lesson where journal_id = :journal order by held_on, number, id"
)
SLOTS = text(
    "select s.id, s.lesson_id, s.weight, s.code, w.code as work from assessment_slot s"
    " join work_type w on w.id = s.work_type_id where s.journal_id = :journal order by s.lesson_id, s.number"
)
WORK_TYPE = text(
    "select id, weight from work_type where code = :code"
    " and (organisation_id = :organisation or organisation_id is null) order by organisation_id nulls last limit 1"
)
NOT_HELD = frozenset([LessonStatus.CANCELLED.value, LessonStatus.REPLACED.value])


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

    async def lock(self, connection: AsyncConnection) -> None:
        """Keep other writers of the page out until the transaction ends."""
        await connection.execute(select(func.pg_advisory_xact_lock(lock_key(self.id))))


@dataclass(frozen=True)
class TargetColumn:
    """A column of the file where it stands on the page; with a fatal issue nothing can be written there."""

    title: str
    held_on: date
    number: int
    issue: Issue | None = None
    lesson_id: UUID | None = None
    slot_id: UUID | None = None
    weight: int = 1
    make_up: bool = False


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


async def look_at_columns(
    connection: AsyncConnection,
    target: PageTarget,
    columns: Sequence[PageColumn],
    options: Mapping[str, Any],
    today: date,
) -> list[TargetColumn]:
    """Judge every column: its day against period and today, its lesson, its slot."""
    page = await _on_page(connection, target)
    found = [TargetColumn(column.title, column.held_on, column.number) for column in columns]
    return [_judged(column, target, page, options, today) for column in found]


async def ensure_columns(
    connection: AsyncConnection, setting: Setting, target: PageTarget, columns: Sequence[TargetColumn]
) -> list[TargetColumn]:
    """Make the lessons and slots that are missing in columns without an issue. Under the lock of the page."""
    page = await _on_page(connection, target)
    wanted = [column for column in columns if column.issue is None]
    lessons = [_new_lesson(column, target, page) for column in wanted if page.lesson(column) is None]
    if lessons:
        await connection.execute(insert(Lesson).inline(), lessons)
        page = await _on_page(connection, target)
    missing = [column for column in wanted if page.slot(column, setting.run.options) is None]
    if missing:
        await _make_slots(connection, setting, target, [page.lesson(column).id for column in missing])
        page = await _on_page(connection, target)
    return [column if column.issue else _placed(column, page, setting.run.options) for column in columns]


@dataclass(frozen=True)
class _OnPage:
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


async def _on_page(connection: AsyncConnection, target: PageTarget) -> _OnPage:
    lessons: dict[date, list[Any]] = defaultdict(list)
    slots: dict[UUID, list[Any]] = defaultdict(list)
    for lesson in await connection.execute(LESSONS, {"journal": target.id}):
        lessons[lesson.held_on].append(lesson)
    for slot in await connection.execute(SLOTS, {"journal": target.id}):
        slots[slot.lesson_id].append(slot)
    return _OnPage(lessons, slots)


def _judged(
    column: TargetColumn, target: PageTarget, page: _OnPage, options: Mapping[str, Any], today: date
) -> TargetColumn:
    code = _problem(column, target, page, options, today)
    if code is None:
        return column
    skipped = code is IssueCode.DATE_OUTSIDE_PERIOD and bool(options.get("skip_outside_period"))
    return replace(column, issue=Issue(code, column.title, column.held_on.isoformat(), fatal=not skipped))


def _problem(
    column: TargetColumn, target: PageTarget, page: _OnPage, options: Mapping[str, Any], today: date
) -> IssueCode | None:
    if not target.starts_on <= column.held_on <= target.ends_on:
        return IssueCode.DATE_OUTSIDE_PERIOD
    if column.held_on > today:
        return IssueCode.DATE_IN_FUTURE
    lesson = page.lesson(column)
    if lesson is None:
        return None if options.get("create_lessons") else IssueCode.LESSON_UNKNOWN
    if lesson.status in NOT_HELD:
        return IssueCode.LESSON_NOT_HELD
    has_slots = bool(page.slots.get(lesson.id))
    return IssueCode.SLOT_UNKNOWN if has_slots and page.slot(column, options) is None else None


def _new_lesson(column: TargetColumn, target: PageTarget, page: _OnPage) -> dict[str, Any]:
    last = max((lesson.number for lesson in page.lessons.get(column.held_on, ())), default=0)
    number = max(column.number, last + column.number - len(page.lessons.get(column.held_on, ())))
    return {
        **target.anchors,
        "journal_id": target.id,
        "held_on": column.held_on,
        "number": number,
        "status": LessonStatus.HELD,
    }


async def _make_slots(
    connection: AsyncConnection, setting: Setting, target: PageTarget, lessons: Sequence[UUID]
) -> None:
    kind = (
        await connection.execute(WORK_TYPE, {"code": WorkCode.LESSON, "organisation": target.organisation_id})
    ).one()
    given = {
        **target.anchors,
        "journal_id": target.id,
        "work_type_id": kind.id,
        "weight": kind.weight,
        "code": setting.run.options.get("slot_code"),
    }
    await connection.execute(insert(AssessmentSlot).inline(), [{**given, "lesson_id": lesson} for lesson in lessons])


def _placed(column: TargetColumn, page: _OnPage, options: Mapping[str, Any]) -> TargetColumn:
    lesson, slot = page.lesson(column), page.slot(column, options)
    return replace(
        column,
        lesson_id=lesson.id,
        slot_id=slot.id,
        weight=slot.weight,
        make_up=slot.work == WorkCode.MAKE_UP,
    )
