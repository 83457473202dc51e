"""The journal page: lessons across, students down, marks and attendance in the cells, the weighted mean at the end."""

from asyncio import gather
from datetime import date
from typing import Annotated, Any

import strawberry
from sqlalchemy import ColumnElement, Numeric, cast, func
from strawberry.types import Info

from auth.permissions import Permission as P
from domain import records
from domain.records.organisations import Provenance
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import Access
from schema.engine.mapping.declare import column, computed, derived, many, mapped, mapping_of, one
from schema.engine.mapping.rows import row_of
from schema.engine.mapping.storage import Worked
from schema.engine.node import Node
from schema.engine.scalars import Points
from schema.journals.attendance import AttendanceRecord, AttendanceVersion
from schema.journals.lessons import Lesson, between
from schema.journals.lessons_actions import JournalActions, journal_actions
from schema.journals.marks import KeptMark, Mark, MarkVersion
from schema.journals.reopenings import Reopening
from schema.named_later import OrganisationLater
from schema.organisations.classes import ClassGroup, GradingPeriod, Subject, SubjectGroup
from schema.people.users import Student
from schema.scales import SummaryMarkKind
from schema.summaries.lines import mark_of_page, proposed_mark
from schema.summaries.proposals import PROPOSED, SummaryMarkProposal
from schema.summaries.summary_marks import SummaryMark, SummaryMarkVersion


def weighted_mean(row: Any) -> ColumnElement[Any]:
    """SQL twin of domain/scoring/marks.py: sum of mark x weight by sum of weights; null when nothing has weight."""
    return func.round(cast(row.mark_sum, Numeric) / func.nullif(row.weight_sum, 0), 2)


SUMMED_UP = (
    records.SummaryMark.student_id,
    records.SummaryMark.subject_group_id,
    records.SummaryMark.school_year,
)
SUMMED_UP_ONCE = (
    records.SummaryMarkVersion.student_id,
    records.SummaryMarkVersion.subject_group_id,
    records.SummaryMarkVersion.school_year,
)
"""Columns by which a line finds the marks of its student, and their versions."""


@mapped(
    records.JournalLine,
    "A student's line of a journal page (строка журнала), with the name as it stood there.",
    Access(P.JOURNAL_LINE_SEE),
)
class JournalLine(Node):
    """A line."""

    number: int = column("Number on the page (номер по списку).")
    student_name: str = column("Name as it stood on the page (имя на странице).")
    joined_on: date | None = column(
        "First day of the student in the group (дата прибытия); null for who was there when the page began."
    )
    left_on: date | None = column("Last day of the student in the group (дата выбытия); nothing is written after it.")
    student: Student | None = one(
        "The student, where you may see the card (обучающийся).", by=records.JournalLine.student_id
    )
    journal: "Journal | None" = one("The page (страница журнала).", by=records.JournalLine.journal_id)
    mean: Points | None = derived(
        "Weighted mean of the line (средневзвешенный балл); null when no mark has weight.",
        weighted_mean,
        "mark_sum",
        "weight_sum",
    )
    mark_sum: int = column("Sum of mark x weight, exact: the numerator of the mean (сумма отметок с весом).")
    weight_sum: int = column("Sum of weights, exact: the denominator of the mean (сумма весов).")
    mark_count: int = column("How many marks there are (число отметок).")
    marks: list[Mark] | None = many(
        "Marks of the line (отметки), by day; at most 400.",
        by=(records.Mark.journal_line_id, records.Mark.school_year),
        match=("id", "school_year"),
        order=("held_on", "id"),
        most=400,
        usually=15,
    )
    attendance: list[AttendanceRecord] | None = many(
        "Absences and late arrivals of the line (посещаемость), by day; at most 400.",
        by=(records.AttendanceRecord.journal_line_id, records.AttendanceRecord.school_year),
        match=("id", "school_year"),
        order=("held_on", "id"),
        most=400,
        usually=5,
    )
    history: list[MarkVersion] | None = many(
        "Every version of every mark of the line, also of those withdrawn (история отметок), as written; at most 2000.",
        by=(records.MarkVersion.journal_line_id, records.MarkVersion.school_year),
        match=("id", "school_year"),
        order=("recorded_at", "id"),
        most=2000,
        usually=30,
    )
    attendance_history: list[AttendanceVersion] | None = many(
        "Every version of its attendance, also of what was taken back (история посещаемости); at most 2000.",
        by=(records.AttendanceVersion.journal_line_id, records.AttendanceVersion.school_year),
        match=("id", "school_year"),
        order=("recorded_at", "id"),
        most=2000,
        usually=10,
    )
    kept_marks: list[KeptMark] | None = many(
        "Marks that were refused and kept (отклонённые отметки), as they came; at most 400.",
        by=records.KeptMark.journal_line_id,
        order=("recorded_at", "id"),
        most=400,
        usually=3,
    )
    summary_marks: list[SummaryMark] | None = many(
        "Confirmed marks of the student in this group: periods, year, exam, course (итоговые отметки); at most 100.",
        by=SUMMED_UP,
        match=("student_id", "subject_group_id", "school_year"),
        order=("kind", "id"),
        usually=3,
    )
    summary_history: list[SummaryMarkVersion] | None = many(
        "Every version of those marks, also of what was taken back (история итоговых отметок); at most 400.",
        by=SUMMED_UP_ONCE,
        match=("student_id", "subject_group_id", "school_year"),
        order=("recorded_at", "version", "id"),
        most=400,
        usually=5,
    )

    @computed(
        "The confirmed mark of the page's period (отметка за период); null while there is none.",
        Access(P.SUMMARY_MARK_SEE),
        sensitivity=Sensitivity.P2,
    )
    async def summary_mark(self, info: Info) -> SummaryMark | None:
        return await mark_of_page(info.context, self)

    @computed(
        "What the school's policy proposes now (предлагаемая отметка), worked out from what stands: for the period of"
        " the page, or for the year and the course. Null for an exam. Nothing of it is stored until it is confirmed.",
        sensitivity=Sensitivity.P2,
        known=PROPOSED,
        cost=5,
    )
    async def proposed_mark(
        self,
        info: Info,
        kind: Annotated[
            SummaryMarkKind, strawberry.argument(description="What is to be summed up (вид).")
        ] = SummaryMarkKind.PERIOD,
    ) -> SummaryMarkProposal | None:
        return await proposed_mark(info.context, self, kind)


@mapped(
    records.Journal,
    "A page of the journal (страница журнала): a subject group in a grading period.",
    Access(P.JOURNAL_SEE),
)
class Journal(Node):
    """A page."""

    class_name: str = column("Name of the class at that time (класс), such as `7А`.")
    school_year: int = column("Year in which the school year begins (учебный год).")
    provenance: Provenance = column("Where the page comes from (происхождение).")
    source: str | None = column("The source of a published page (источник).")
    subject: Subject | None = one("Subject (предмет).", by=records.Journal.subject_id)
    grading_period: GradingPeriod | None = one("Period (учебный период).", by=records.Journal.grading_period_id)
    class_group: ClassGroup | None = one("Class (класс).", by=records.Journal.class_group_id)
    subject_group: SubjectGroup | None = one("Who is taught (группа по предмету).", by=records.Journal.subject_group_id)
    organisation: OrganisationLater | None = one("Where (организация).", by=records.Journal.organisation_id)
    lessons: list[Lesson] | None = many(
        "Columns: lessons in the order of days (уроки), optionally of some days; at most 200.",
        by=records.Lesson.journal_id,
        order=("held_on", "number", "id"),
        most=200,
        where=between,
        usually=25,
    )
    lines: list[JournalLine] | None = many(
        "Rows: the students' lines that you may see (строки), as numbered; at most 200.",
        by=records.JournalLine.journal_id,
        order=("number", "id"),
        most=200,
        usually=30,
    )
    reopenings: list[Reopening] | None = many(
        "When the page was opened again (повторные открытия), as they came; at most 100.",
        by=records.Reopening.journal_id,
        order=("opened_at", "id"),
        usually=3,
    )
    summary_marks: list[SummaryMark] | None = many(
        "Confirmed marks of the page's period that you may see (отметки за период); at most 200.",
        by=(records.SummaryMark.subject_group_id, records.SummaryMark.grading_period_id),
        match=("subject_group_id", "grading_period_id"),
        order=("id",),
        most=200,
        usually=30,
    )

    @computed(
        "Marks that were refused and kept (отклонённые отметки), line by line.",
        Access(P.MARK_PROPOSAL_SEE),
        sensitivity=Sensitivity.P2,
        usually=10,
        cost=5,
    )
    async def kept_marks(self, info: Info) -> list[KeptMark] | None:
        executor = info.context.executor
        lines = await executor.resolve(mapping_of(Journal).bindings["lines"], self, {})
        kept = mapping_of(JournalLine).bindings["kept_marks"]
        return [one for found in await gather(*(executor.resolve(kept, line, {}) for line in lines)) for one in found]

    @computed(
        "What you can do on the page (что вы можете сделать).",
        sensitivity=Sensitivity.P1,
        known=Worked(journal_actions, ("organisation_id",)),
    )
    def viewer_can(self, info: Info) -> JournalActions:
        return journal_actions(info.context, row_of(self))
