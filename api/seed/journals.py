"""A journal sheet: makes the rows of one page, each with the anchors frozen in it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from api.seed.calendar import lesson_ends
from api.seed.ids import seed_id
from api.seed.people import full_name
from domain.records.attendance import AttendanceCode, AttendanceRecord
from domain.records.classes import SubjectGroup
from domain.records.journals import Journal, JournalLine, Lesson, LessonStatus
from domain.records.marks import AssessmentSlot, Mark
from domain.records.organisations import Provenance
from domain.records.policies import CATALOGUE, WorkCode
from domain.records.users import Person
from domain.roles import Role


@dataclass(frozen=True)
class Sheet:
    """A page of a subject group in a grading period, and who writes it (nobody known, for a published page)."""

    id: UUID
    group: SubjectGroup
    class_name: str
    period_id: UUID
    zone: str
    teacher_id: UUID | None = None
    assignment_id: UUID | None = None
    provenance: Provenance = Provenance.SYNTHETIC
    source: str | None = None

    def journal(self) -> Journal:
        """Make the page itself."""
        return Journal(
            id=self.id,
            **self._anchors(),
            subject_id=self.group.subject_id,
            grading_period_id=self.period_id,
            class_name=self.class_name,
            provenance=self.provenance,
            source=self.source,
        )

    def line(self, number: int, pupil: Person) -> JournalLine:
        """Make the line of a pupil; its sums are the database's business."""
        return JournalLine(
            id=seed_id("line", self.id, pupil.id),
            **self._anchors(),
            journal_id=self.id,
            student_id=pupil.id,
            number=number,
            student_name=full_name(pupil),
        )

    def lesson(  # noqa: PLR0913 - a lesson's own columns
        self,
        day: date,
        number: int,
        status: LessonStatus = LessonStatus.HELD,
        *,
        slot_code: str | None = None,
        topic: str | None = None,
        homework: str | None = None,
    ) -> Lesson:
        """Make a column of the page."""
        return Lesson(
            id=seed_id("lesson", self.id, day, number),
            **self._anchors(),
            journal_id=self.id,
            held_on=day,
            number=number,
            status=status,
            slot_code=slot_code,
            topic=topic,
            homework=homework,
        )

    def slot(self, lesson: Lesson, work: WorkCode = WorkCode.LESSON, weight: int = 1) -> AssessmentSlot:
        """Make the column for marks of a lesson."""
        return AssessmentSlot(
            id=seed_id("slot", lesson.id),
            **self._anchors(),
            lesson_id=lesson.id,
            journal_id=self.id,
            work_type_id=CATALOGUE[work],
            weight=weight,
            code=lesson.slot_code,
        )

    def mark(
        self, line: JournalLine, slot: AssessmentSlot, lesson: Lesson, value: int, remark: str | None = None
    ) -> Mark:
        """Make a mark where the line meets the lesson's column."""
        return Mark(**self._fact("mark", line, lesson), slot_id=slot.id, value=value, weight=slot.weight, remark=remark)

    def attendance(
        self, line: JournalLine, lesson: Lesson, code: AttendanceCode, note: str | None = None
    ) -> AttendanceRecord:
        """Make the letter where the line meets the lesson."""
        return AttendanceRecord(**self._fact("attendance", line, lesson), code=code, note=note)

    def _anchors(self) -> dict[str, Any]:
        return {
            "organisation_id": self.group.organisation_id,
            "school_year": self.group.school_year,
            "class_group_id": self.group.class_group_id,
            "subject_group_id": self.group.id,
        }

    def _fact(self, kind: str, line: JournalLine, lesson: Lesson) -> dict[str, Any]:
        return {
            **self._anchors(),
            "id": seed_id(kind, line.id, lesson.id),
            "lesson_id": lesson.id,
            "journal_line_id": line.id,
            "student_id": line.student_id,
            "recorded_by_id": self.teacher_id,
            "assignment_id": self.assignment_id,
            "role": Role.TEACHER if self.teacher_id else None,
            "recorded_at": lesson_ends(lesson.held_on, lesson.number, self.zone),
        }
