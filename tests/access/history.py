"""History: every version of marks, attendance, lessons and summary marks, each with canaries of its own.

What stands now is the last version of each, in memory as in the database; there the triggers make it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from domain.records import (
    AttendanceRecord,
    AttendanceVersion,
    Journal,
    JournalLine,
    KeptMark,
    Lesson,
    LessonVersion,
    Mark,
    MarkVersion,
    Reopening,
    StaffPosition,
    SubjectGroup,
    SummaryMark,
    SummaryMarkVersion,
    WorkType,
)
from domain.records.attendance import AttendanceCode
from domain.records.marks import MarkScale
from domain.records.summaries import SummaryMarkKind
from domain.roles import Role

if TYPE_CHECKING:
    from tests.access.builder import Builder

NOTED = ("lesson_id", "held_on", "journal_line_id", "student_id", "organisation_id", "class_group_id",
         "subject_group_id", "school_year")  # fmt: skip


@dataclass
class History:
    """Writes what the builder's lines and lessons hold, as if it had been written and corrected."""

    build: "Builder"

    def _written(self, group: UUID, version: int) -> dict[str, Any]:
        """Who wrote it: the group's teacher, or nobody (a seed); corrections have a reason."""
        build = self.build
        [found] = build.rows.where(SubjectGroup, id=group)
        position = build.rows.one(StaffPosition, found.teacher_id)
        return {
            "version": version,
            "recorded_by_id": position.person_id if position else None,
            "role": Role.TEACHER if position else None,
            "recorded_at": build.moment(),
            "reason": build.canary("reason") if version > 1 else None,
        }

    def mark(self, tied: dict[str, Any], slot: UUID, *values: int | None, weight: int, position: int = 1) -> Mark:
        """A mark with as many versions as values; None withdraws it, and nothing stands in the end."""
        key, versions = uuid4(), []
        for number, value in enumerate(values, start=1):
            given = {
                **{name: tied[name] for name in NOTED},
                **self._written(tied["subject_group_id"], number),
                "slot_id": slot, "position": position, "weight": weight, "value": value,
                "remark": self.build.canary("remark") if len(values) > 1 and value is not None else None,
            }  # fmt: skip
            versions.append(self.build.rows.add(MarkVersion(id=uuid4(), mark_id=key, **given)))
        made: Mark = self._stands(Mark, versions[-1], key, values[-1] is not None)
        return made

    def attendance(self, tied: dict[str, Any], *codes: AttendanceCode | None) -> None:
        """Attendance with as many versions as codes; None takes it back. Every version has a note of its own."""
        key, versions = uuid4(), []
        for number, code in enumerate(codes, start=1):
            given = {
                **{name: tied[name] for name in NOTED},
                **self._written(tied["subject_group_id"], number),
                "code": code,
                "note": self.build.canary("note"),
            }
            versions.append(self.build.rows.add(AttendanceVersion(id=uuid4(), record_id=key, **given)))
        self._stands(AttendanceRecord, versions[-1], key, codes[-1] is not None)

    def lesson(self, lesson: Lesson) -> None:
        """What the lesson said first, and (where it has a topic) what it says now."""
        now = (lesson.topic, lesson.homework)
        before = (self.build.canary("topic before"), self.build.canary("homework before"))
        texts = [now] if lesson.topic is None else [before, now]
        for number, (topic, homework) in enumerate(texts, start=1):
            tied = {name: getattr(lesson, name) for name in ("journal_id", *NOTED[4:])}
            # The first is made with the lesson, and names nobody.
            written = {} if number == 1 else self._written(lesson.subject_group_id, number)
            given = {**tied, **written, "version": number, "status": lesson.status, "topic": topic}
            self.build.rows.add(LessonVersion(id=uuid4(), lesson_id=lesson.id, homework=homework, **given))
        lesson.version = len(texts)

    def summary(self, line: JournalLine, *values: int | None, kind: SummaryMarkKind = SummaryMarkKind.PERIOD) -> None:
        """A summary mark; None withdraws it. One that stands already goes on: its place is the student and subject."""
        rows = self.build.rows
        [journal] = rows.where(Journal, id=line.journal_id)
        place = {
            "school_year": line.school_year, "student_id": line.student_id, "subject_id": journal.subject_id,
            "kind": kind, "grading_period_id": journal.grading_period_id if kind is SummaryMarkKind.PERIOD else None,
        }  # fmt: skip
        before = rows.where(SummaryMarkVersion, **place)
        key = before[0].mark_id if before else uuid4()
        for number, value in enumerate(values, start=len(before) + 1):
            given = {
                **place,
                **self._written(line.subject_group_id, number),
                **self._about_summary(line, kind),
                "value": value,
                "scale": MarkScale.FIVE_POINT,
                "withdrawn": value is None,
            }
            last = rows.add(SummaryMarkVersion(id=uuid4(), mark_id=key, **given))
        rows.by_record[SummaryMark] = [row for row in rows.all(SummaryMark) if row.id != key]
        self._stands(SummaryMark, last, key, not last.withdrawn)

    def _about_summary(self, line: JournalLine, kind: SummaryMarkKind) -> dict[str, Any]:
        """Places of the line; what closes a course is the school's, of no group."""
        of_group = kind in (SummaryMarkKind.PERIOD, SummaryMarkKind.YEAR)
        return {
            "organisation_id": line.organisation_id,
            "class_group_id": line.class_group_id if of_group else None,
            "subject_group_id": line.subject_group_id if of_group else None,
            "proposed": 4, "basis_sum": 35, "basis_weight": 9, "basis_count": 6, "policy_version": 1,
        }  # fmt: skip

    def _stands(self, record: type[Any], last: Any, key: UUID, stands: bool) -> Any:
        given = {name: value for name, value in last.model_dump().items() if name in record.model_fields}
        made = record(**{**given, "id": key})
        return self.build.rows.add(made) if stands else made

    def proposal(self, line: JournalLine, lesson: Lesson, slot: UUID) -> None:
        """A mark that came too late for the window."""
        tied = {name: getattr(line, name) for name in NOTED[3:]}
        written = self._written(line.subject_group_id, 2)
        author = {name: written[name] for name in ("recorded_by_id", "role", "recorded_at")}
        author["recorded_by_id"] = author["recorded_by_id"] or uuid4()
        self.build.rows.add(
            KeptMark(
                id=uuid4(), **tied, lesson_id=lesson.id, journal_line_id=line.id, slot_id=slot, value=3, weight=1,
                remark=self.build.canary("refused remark"), refused_with=self.build.canary("refused with"), **author,
            )
        )  # fmt: skip

    def reopening(self, journal: Journal, by: UUID) -> None:
        """The page was opened again, and is open no more."""
        tied = {name: getattr(journal, name) for name in NOTED[4:]}
        opened, until, ended = (self.build.moment() for _ in range(3))
        self.build.rows.add(
            Reopening(
                id=uuid4(), journal_id=journal.id, **tied, reason=self.build.canary("why open"), opened_by_id=by,
                assignment_id=uuid4(), opened_at=opened, until=until, ended_at=ended, ended_by_id=by,
            )
        )  # fmt: skip

    def first_of(self, lesson: Lesson) -> LessonVersion:
        """What a lesson said first: with this it goes into the database."""
        [found] = self.build.rows.where(LessonVersion, lesson_id=lesson.id, version=1)
        return found  # type: ignore[no-any-return]

    def learn_ids(self, connection: Connection) -> None:
        """The database made the first versions of lessons, and has the catalogue: take both over."""
        made = connection.execute(text("select lesson_id, id, recorded_at from lesson_version where version = 1"))
        stored = {row.lesson_id: row for row in made}
        for row in self.build.rows.where(LessonVersion, version=1):
            row.id, row.recorded_at = stored[row.lesson_id].id, stored[row.lesson_id].recorded_at
        catalogue = connection.execute(text("select * from work_type where organisation_id is null"))
        for row in catalogue.mappings():
            self.build.rows.add(WorkType(**row))
