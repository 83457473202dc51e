"""Summary marks: what a period, a year, an exam and a course came to, as confirmed; every version of it is kept."""

from datetime import datetime

from auth.permissions import Permission as P
from domain import records
from domain.records.facts import Origin
from schema.engine.access.rule import Access
from schema.engine.mapping.declare import column, many, mapped, one
from schema.engine.node import Node
from schema.organisations.classes import GradingPeriod, Subject, SubjectGroup
from schema.people.roles import Role
from schema.people.users import Assignment, StaffMember, Student
from schema.scales import MarkScale, SummaryMarkKind

KIND = "What it sums up (вид)."
SCALE = "On which scale (шкала)."
VALUE = "The mark (отметка): points, or 1 and 0 for pass and fail; null when not assessed or exempt."
PROPOSED = "What the policy proposed when this was confirmed (предложено); null: not assessed, or nothing at all."
BASIS_SUM = "Exact numerator of the mean behind the proposal (сумма с весом); null where there was none."
BASIS_WEIGHT = "Exact denominator of that mean (сумма весов)."
BASIS_COUNT = "How many marks it came from (число отметок)."
POLICY = "Which version of the school's policy proposed it (версия положения)."
REASON = "Why (основание): a deviation from the proposal, and whatever a deputy head confirms, has one."
ROLE = "Under which role it was written (от имени какой роли); null for what was loaded from a published source."


@mapped(
    records.SummaryMarkVersion,
    "What stood in the place of a summary mark from one moment on (версия итоговой отметки). Only ever added to.",
    Access(P.SUMMARY_MARK_SEE),
    key=("school_year", "id"),
)
class SummaryMarkVersion(Node):
    """A version of a summary mark."""

    version: int = column("Number, from 1 (номер версии).")
    kind: SummaryMarkKind = column(KIND)
    withdrawn: bool = column("Whether nothing stood there from then on (отозвана).")
    scale: MarkScale = column(SCALE)
    value: int | None = column(VALUE)
    proposed: int | None = column(PROPOSED)
    basis_sum: int | None = column(BASIS_SUM)
    basis_weight: int | None = column(BASIS_WEIGHT)
    basis_count: int | None = column(BASIS_COUNT)
    policy_version: int | None = column(POLICY)
    reason: str | None = column(REASON)
    role: Role | None = column(ROLE)
    origin: Origin = column("How it came in (как внесено).")
    recorded_at: datetime = column("When (когда).")
    recorded_by: StaffMember | None = one(
        "Who wrote it, where you may see their card (кем).", by=records.SummaryMarkVersion.recorded_by_id
    )
    assignment: Assignment | None = one(
        "Under which assignment, where you may see it (назначение).", by=records.SummaryMarkVersion.assignment_id
    )
    subject: Subject | None = one("Subject (предмет).", by=records.SummaryMarkVersion.subject_id)
    grading_period: GradingPeriod | None = one(
        "Period (учебный период); null for a year, an exam and a course.",
        by=records.SummaryMarkVersion.grading_period_id,
    )


@mapped(
    records.SummaryMark,
    "A period, year, exam or final mark as it was confirmed and stands now (итоговая отметка).",
    Access(P.SUMMARY_MARK_SEE),
    key=("school_year", "id"),
)
class SummaryMark(Node):
    """A summary mark."""

    kind: SummaryMarkKind = column(KIND)
    school_year: int = column("Year in which the school year begins (учебный год).")
    scale: MarkScale = column(SCALE)
    value: int | None = column(VALUE)
    proposed: int | None = column(PROPOSED)
    basis_sum: int | None = column(BASIS_SUM)
    basis_weight: int | None = column(BASIS_WEIGHT)
    basis_count: int | None = column(BASIS_COUNT)
    policy_version: int | None = column(POLICY)
    version: int = column("Its version: send it back to change it (версия).")
    reason: str | None = column(REASON)
    role: Role | None = column(ROLE)
    origin: Origin = column("How it came in (как внесено).")
    recorded_at: datetime = column("When it was confirmed (когда подтверждена).")
    recorded_by: StaffMember | None = one(
        "Who confirmed it, where you may see their card (кем).", by=records.SummaryMark.recorded_by_id
    )
    assignment: Assignment | None = one(
        "Under which assignment, where you may see it (назначение).", by=records.SummaryMark.assignment_id
    )
    student: Student | None = one("Whose it is (обучающийся).", by=records.SummaryMark.student_id)
    subject: Subject | None = one("Subject (предмет).", by=records.SummaryMark.subject_id)
    subject_group: SubjectGroup | None = one(
        "In which subject group it was confirmed (группа по предмету).", by=records.SummaryMark.subject_group_id
    )
    grading_period: GradingPeriod | None = one(
        "Period (учебный период); null for a year, an exam and a course.", by=records.SummaryMark.grading_period_id
    )
    history: list[SummaryMarkVersion] | None = many(
        "Every version of it, oldest first (история); at most 100.",
        by=(records.SummaryMarkVersion.mark_id, records.SummaryMarkVersion.school_year),
        match=("id", "school_year"),
        order=("version",),
        usually=3,
    )
