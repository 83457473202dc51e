"""A journal sheet: makes the rows of one page, each with the anchors frozen in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from api.seed.calendar import lesson_ends
from api.seed.ids import seed_id
from api.seed.people import full_name
from domain.periods import DateRange
from domain.records.attendance import AttendanceCode, AttendanceVersion
from domain.records.classes import SubjectGroup
from domain.records.journals import Journal, JournalLine, Lesson, LessonStatus, LessonVersion
from domain.records.marks import AssessmentSlot, MarkScale, MarkVersion
from domain.records.organisations import Provenance
from domain.records.policies import CATALOGUE, WorkCode
from domain.records.users import Person
from domain.roles import Role


@dataclass(frozen=True)
class Author:
    """Who writes, and under which assignment."""

    person_id: UUID
    assignment_id: UUID
    role: Role = Role.TEACHER

    def signature(self) -> dict[str, Any]:
        """Give the columns that name the author of a version."""
        return {"recorded_by_id": self.person_id, "assignment_id": self.assignment_id, "role": self.role}


@dataclass(frozen=True)
class Substitution:
    """Somebody else who writes on these days."""

    author: Author
    days: DateRange


@dataclass(frozen=True)
class Sheet:
    """A page of a subject group in a grading period, and who writes it (nobody known, for a published page).

    `work_types` are the kinds of work that the school has a row of its own for.
    """

    id: UUID
    group: SubjectGroup
    class_name: str
    period_id: UUID
    zone: str
    author: Author | None = None
    substitution: Substitution | None = None
    work_types: Mapping[WorkCode, UUID] = field(default_factory=dict)
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

    def first_version(self, lesson: Lesson, recorded_at: datetime) -> LessonVersion:
        """Make the version of a lesson that it was noted down with."""
        return LessonVersion(
            id=seed_id("lesson version", lesson.id, lesson.version),
            **self._anchors(),
            **self._signature(lesson.held_on),
            lesson_id=lesson.id,
            journal_id=self.id,
            status=lesson.status,
            topic=lesson.topic,
            homework=lesson.homework,
            recorded_at=recorded_at,
        )

    def slot(  # noqa: PLR0913 - a column's own columns
        self,
        lesson: Lesson,
        work: WorkCode = WorkCode.LESSON,
        weight: int = 1,
        *,
        number: int = 1,
        code: str | None = None,
        due: Lesson | None = None,
    ) -> AssessmentSlot:
        """Make a column for marks of a lesson."""
        return AssessmentSlot(
            id=seed_id("slot", lesson.id, number),
            **self._anchors(),
            lesson_id=lesson.id,
            journal_id=self.id,
            number=number,
            work_type_id=self.work_types.get(work, CATALOGUE[work]),
            weight=weight,
            code=code or lesson.slot_code,
            due_lesson_id=due.id if due else None,
        )

    def mark(  # noqa: PLR0913 - a mark stands where a line and a column meet
        self,
        line: JournalLine,
        slot: AssessmentSlot,
        lesson: Lesson,
        value: int,
        remark: str | None = None,
        *,
        scale: MarkScale = MarkScale.FIVE_POINT,
    ) -> MarkVersion:
        """Make the first version of a mark where the line meets the lesson's column."""
        mark_id = seed_id("mark", line.id, slot.id)
        return MarkVersion(
            id=seed_id("mark version", mark_id, 1),
            mark_id=mark_id,
            **self._fact(line, lesson),
            slot_id=slot.id,
            scale=scale,
            value=value,
            weight=slot.weight,
            remark=remark,
        )

    def attendance(
        self, line: JournalLine, lesson: Lesson, code: AttendanceCode, note: str | None = None
    ) -> AttendanceVersion:
        """Make the first version of the letter where the line meets the lesson."""
        record_id = seed_id("attendance", line.id, lesson.id)
        version_id = seed_id("attendance version", record_id, 1)
        return AttendanceVersion(id=version_id, record_id=record_id, **self._fact(line, lesson), code=code, note=note)

    def _anchors(self) -> dict[str, Any]:
        return {
            "organisation_id": self.group.organisation_id,
            "school_year": self.group.school_year,
            "class_group_id": self.group.class_group_id,
            "subject_group_id": self.group.id,
        }

    def _fact(self, line: JournalLine, lesson: Lesson) -> dict[str, Any]:
        return {
            **self._anchors(),
            **self._signature(lesson.held_on),
            "lesson_id": lesson.id,
            "held_on": lesson.held_on,
            "journal_line_id": line.id,
            "student_id": line.student_id,
            "recorded_at": lesson_ends(lesson.held_on, lesson.number, self.zone),
        }

    def _signature(self, day: date) -> dict[str, Any]:
        author = self.author
        if self.substitution and day in self.substitution.days:
            author = self.substitution.author
        return author.signature() if author else {}


def next_version(before: MarkVersion, value: int | None, *, author: Author, at: datetime, reason: str) -> MarkVersion:
    """Make the version of a mark that follows; without a value the mark is withdrawn."""
    number = before.version + 1
    changed = {
        "id": seed_id("mark version", before.mark_id, number),
        "version": number,
        "value": value,
        "recorded_at": at,
        "reason": reason,
    }
    return MarkVersion(**{**before.model_dump(), **author.signature(), **changed})
