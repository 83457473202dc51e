"""Marks: what stands now, every version of it, and what was refused but kept."""

from datetime import date, datetime

from auth.permissions import Permission as P
from domain import records
from schema.engine.access.rule import Access
from schema.engine.mapping.declare import column, many, mapped, one
from schema.engine.node import Node
from schema.journals.slots import AssessmentSlot
from schema.named_later import JournalLineLater, LessonLater
from schema.origins import Origin
from schema.people.roles import Role
from schema.people.users import Assignment, StaffMember, Student
from schema.scales import MarkScale


@mapped(
    records.MarkVersion,
    "What stood in a cell of the journal from one moment on (версия отметки). Versions are never changed or removed.",
    Access(P.MARK_SEE),
    key=("school_year", "id"),
)
class MarkVersion(Node):
    """A version of a mark."""

    version: int = column("Number of the version, from 1 (версия).")
    value: int | None = column("The mark from then on (отметка); null: it was withdrawn (снята).")
    scale: MarkScale = column("On which scale (шкала).")
    weight: int = column("How much it counted in the mean (вес).")
    remark: str | None = column("Remark of the teacher (примечание).")
    position: int = column("First or second mark of the cell (место в клетке): `5/4` are two.")
    held_on: date = column("Day of the lesson (дата урока).")
    recorded_at: datetime = column("When it was written (когда записано).")
    recorded_by: StaffMember | None = one("Who wrote it (кем записано).", by=records.MarkVersion.recorded_by_id)
    role: Role | None = column("Under which role (от имени какой роли).")
    assignment: Assignment | None = one(
        "Under which assignment, where you may see it (назначение).", by=records.MarkVersion.assignment_id
    )
    reason: str | None = column("Why it was corrected (причина исправления).")
    origin: Origin = column("How it came in (как внесено).")
    slot: AssessmentSlot | None = one("In which column (колонка).", by=records.MarkVersion.slot_id)
    lesson: LessonLater | None = one("In which lesson (урок).", by=records.MarkVersion.lesson_id)


@mapped(
    records.Mark,
    "A mark of a student in a lesson (отметка).",
    Access(P.MARK_SEE),
    key=("school_year", "id"),
)
class Mark(Node):
    """A mark."""

    value: int = column("The mark, 1 to 5 points, or 1 passed and 0 failed: see `scale` (отметка).")
    scale: MarkScale = column("On which scale (шкала).")
    held_on: date = column("Day of the lesson (дата урока).")
    weight: int = column("How much it counts in the mean (вес).")
    remark: str | None = column("Remark of the teacher (примечание).")
    position: int = column("First or second mark of the cell (место в клетке): `5/4` are two.")
    version: int = column("Version: send it back when you correct the mark (версия).")
    recorded_at: datetime = column("When it was entered (когда выставлена).")
    recorded_by: StaffMember | None = one("Who entered it (кем выставлена).", by=records.Mark.recorded_by_id)
    role: Role | None = column("Under which role (от имени какой роли).")
    reason: str | None = column("Why it was corrected (причина исправления).")
    origin: Origin = column("How it came in (как внесено).")
    slot: AssessmentSlot | None = one("In which column (колонка).", by=records.Mark.slot_id)
    lesson: LessonLater | None = one("In which lesson (урок).", by=records.Mark.lesson_id)
    line: JournalLineLater | None = one("On which line (строка журнала).", by=records.Mark.journal_line_id)
    student: Student | None = one("Whose it is (обучающийся).", by=records.Mark.student_id)
    history: list[MarkVersion] | None = many(
        "All its versions (история отметки), oldest first; at most 100.",
        by=(records.MarkVersion.mark_id, records.MarkVersion.school_year),
        match=("id", "school_year"),
        order=("version", "id"),
        usually=3,
    )


@mapped(
    records.KeptMark,
    "A mark that was refused by its window or version, and kept (отклонённая отметка).",
    Access(P.MARK_PROPOSAL_SEE),
)
class KeptMark(Node):
    """A refused mark."""

    value: int | None = column("The mark that was to be written (отметка); null: the mark was to be withdrawn.")
    scale: MarkScale = column("On which scale (шкала).")
    remark: str | None = column("Remark of the teacher (примечание).")
    position: int = column("First or second mark of the cell (место в клетке).")
    refused_with: str = column("Code of the refusal (код отказа), such as `LESSON_WINDOW_CLOSED`.")
    noted_at: datetime | None = column("When it was noted on the teacher's device (когда замечено на устройстве).")
    recorded_at: datetime = column("When it came here (когда получено).")
    recorded_by: StaffMember | None = one("Who wanted it (кто предложил).", by=records.KeptMark.recorded_by_id)
    role: Role | None = column("Under which role (от имени какой роли).")
    settled_at: datetime | None = column("When it was accepted or dismissed (когда решено); null: it waits.")
    settled_by: StaffMember | None = one("Who decided (кто решил).", by=records.KeptMark.settled_by_id)
    slot: AssessmentSlot | None = one("In which column (колонка).", by=records.KeptMark.slot_id)
    lesson: LessonLater | None = one("In which lesson (урок).", by=records.KeptMark.lesson_id)
    line: JournalLineLater | None = one("On which line (строка журнала).", by=records.KeptMark.journal_line_id)
    student: Student | None = one("Whose it would be (обучающийся).", by=records.KeptMark.student_id)
