"""Lessons: dated columns of a journal page, every version of their topic and homework, and what you can do there."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import ColumnElement
from sqlmodel import col
from strawberry.types import Info

from auth.permissions import Permission as P
from domain import records
from domain.records.journals import LessonStatus
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import Access
from schema.engine.enums import explained
from schema.engine.mapping.behind import facts_of
from schema.engine.mapping.declare import column, computed, filters, many, mapped, one
from schema.engine.mapping.rows import row_of
from schema.engine.node import Node
from schema.journals.attendance import AttendanceRecord
from schema.journals.lessons_actions import IN_LESSON, LessonActions, lesson_actions
from schema.journals.marks import Mark
from schema.journals.slots import AssessmentSlot
from schema.journals.windows import PAGES
from schema.named_later import JournalLater
from schema.organisations.classes import SubjectGroup
from schema.people.roles import Role
from schema.people.users import Assignment, StaffMember

explained(
    LessonStatus,
    "What became of a lesson (состояние урока).",
    PLANNED="Planned (запланирован).",
    HELD="Held (проведён).",
    CANCELLED="Cancelled (отменён).",
    REPLACED="Replaced by another (заменён).",
)


@filters(
    since=("held_on", "From this day on (с какого дня)."),
    until=("held_on", "Up to this day, included (по какой день)."),
)
def between(
    row: type[records.Lesson | records.Mark], since: date | None = None, until: date | None = None
) -> Iterator[ColumnElement[bool]]:
    """Lessons of these days, both included, or the marks of these."""
    if since is not None:
        yield col(row.held_on) >= since
    if until is not None:
        yield col(row.held_on) <= until


@mapped(
    records.LessonVersion,
    "What stood at a lesson from one moment on (версия урока). Versions are never changed or removed.",
    Access(P.LESSON_SEE),
)
class LessonVersion(Node):
    """A version of a lesson."""

    version: int = column("Number of the version, from 1 (версия).")
    status: LessonStatus = column("What became of the lesson (состояние).")
    topic: str | None = column("Topic (тема).")
    homework: str | None = column("Homework given (домашнее задание).", Access(P.HOMEWORK_READ))
    recorded_at: datetime = column("When it was written (когда записано).")
    recorded_by: StaffMember | None = one("Who wrote it (кем записано).", by=records.LessonVersion.recorded_by_id)
    role: Role | None = column("Under which role (от имени какой роли).")
    assignment: Assignment | None = one(
        "Under which assignment, where you may see it (назначение).", by=records.LessonVersion.assignment_id
    )
    reason: str | None = column("Why it was changed (причина изменения).")


@mapped(records.Lesson, "A dated lesson (урок): a column of a journal page.", Access(P.LESSON_SEE))
class Lesson(Node):
    """A lesson."""

    held_on: date = column("Day (дата).")
    number: int = column("Which of the day's lessons in this subject (номер).")
    status: LessonStatus = column("What became of it (состояние).")
    slot_code: str | None = column("Short code of the column as printed (код колонки); not an absence.")
    topic: str | None = column("Topic (тема).")
    homework: str | None = column("Homework given (домашнее задание).", Access(P.HOMEWORK_READ))
    version: int = column("Version: send it back when you change the lesson (версия).")
    journal: JournalLater | None = one("The page it stands on (страница журнала).", by=records.Lesson.journal_id)
    subject_group: SubjectGroup | None = one("For whom (группа по предмету).", by=records.Lesson.subject_group_id)
    slots: list[AssessmentSlot] | None = many(
        "Its columns for marks (колонки), as numbered; at most 100.",
        by=records.AssessmentSlot.lesson_id,
        order=("number", "id"),
        usually=2,
    )
    marks: list[Mark] | None = many(
        "Marks given that you may see (отметки); at most 400.",
        by=(records.Mark.lesson_id, records.Mark.school_year),
        match=("id", "school_year"),
        order=("id",),
        most=400,
        usually=15,
    )
    attendance: list[AttendanceRecord] | None = many(
        "Who was absent or late, as far as you may see (посещаемость); at most 400.",
        by=(records.AttendanceRecord.lesson_id, records.AttendanceRecord.school_year),
        match=("id", "school_year"),
        order=("id",),
        most=400,
        usually=5,
    )
    history: list[LessonVersion] | None = many(
        "All its versions (история урока), oldest first; at most 100.",
        by=records.LessonVersion.lesson_id,
        order=("version", "id"),
        usually=3,
    )

    @computed(
        "What you can do in this lesson, and until when (что вы можете сделать). One look-up for all lessons of an"
        " answer.",
        sensitivity=Sensitivity.P1,
        known=IN_LESSON,
        cost=2,
    )
    async def viewer_can(self, info: Info) -> LessonActions | None:
        row = row_of(self)
        page = await facts_of(info.context.executor, PAGES, row.keys["journal_id"])
        return lesson_actions(info.context, row, page)
