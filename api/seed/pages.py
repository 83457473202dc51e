"""What stands in an invented page: lessons by the timetable, marks by ability, letters by absence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from random import Random

from api.seed.absences import SHARE_LATE_FOR_FIRST_LESSON, Absences
from api.seed.calendar import Calendar, lesson_ends, office_hours
from api.seed.cast import pupil_ids_with_parts
from api.seed.dice import dice_for
from api.seed.journals import Sheet
from api.seed.subjects import SubjectPlan
from api.seed.timetable import Slot
from domain.records.attendance import AttendanceCode
from domain.records.base import Record
from domain.records.journals import JournalLine, Lesson, LessonStatus
from domain.records.marks import AssessmentSlot, MarkScale
from domain.records.policies import WorkCode
from domain.records.users import Person

SHARE_CANCELLED = 0.015


@dataclass(frozen=True)
class Work:
    """A kind of work: its code in the column's head, weight of its marks, share of those present who get one.

    Work without a weight is passed or not.
    """

    kind: WorkCode
    code: str
    weight: int
    share: float
    remark: str | None = None


ORDINARY = Work(WorkCode.LESSON, "У", 1, 0.3)
SHORT_TEST = Work(WorkCode.INDEPENDENT, "СР", 2, 0.85, "Самостоятельная работа")
TEST = Work(WorkCode.TEST, "КР", 3, 1.0, "Контрольная работа")
CREDIT = Work(WorkCode.CREDIT, "З", 0, 0.9, "Зачёт по номенклатуре карты")
SUBJECT_WITH_CREDITS = "GEOGRAPHY"
SHARE_PASSED = 0.85


@dataclass(frozen=True)
class Page:
    """A sheet to be filled: its pupils in their order, the days it covers, its lessons of the week."""

    sheet: Sheet
    plan: SubjectPlan
    pupils: Sequence[Person]
    days: Sequence[date]
    slots: Sequence[Slot]
    calendar: Calendar
    absences: Absences
    first_topic: int = 0

    @cached_property
    def dice(self) -> Random:
        """The page's own randomness."""
        return dice_for("page", self.sheet.id)

    def rows(self) -> Iterator[Record]:
        """Write the page."""
        yield self.sheet.journal()
        lines = [self.sheet.line(number, pupil) for number, pupil in enumerate(self.pupils, start=1)]
        yield from lines
        has_a_part = pupil_ids_with_parts()
        for place, (day, slot) in enumerate(self._columns()):
            work = work_at(place, self.plan.code)
            lesson = self._lesson(place, day, slot, work)
            yield lesson
            yield self.sheet.first_version(lesson, self._noted_at(lesson))
            if lesson.status is LessonStatus.HELD:
                column = self.sheet.slot(lesson, work.kind, work.weight)
                yield column
                for line in lines:
                    asked = place % 2 == 0 and line.student_id in has_a_part
                    yield from self._cell(line, (lesson, column), work, asked=asked)

    def _noted_at(self, lesson: Lesson) -> datetime:
        if lesson.status is LessonStatus.PLANNED:
            return office_hours(self.calendar.year_start, self.sheet.zone)
        return lesson_ends(lesson.held_on, lesson.number, self.sheet.zone)

    def _columns(self) -> Iterator[tuple[date, Slot]]:
        for day in self.days:
            for slot in self.slots:
                if slot.weekday == self.calendar.timetable_of(day):
                    yield day, slot

    def _lesson(self, place: int, day: date, slot: Slot, work: Work) -> Lesson:
        status = self.calendar.status_on(day)
        if status is LessonStatus.HELD and self.dice.random() < SHARE_CANCELLED:
            return self.sheet.lesson(day, slot.number, LessonStatus.CANCELLED)
        return self.sheet.lesson(
            day,
            slot.number,
            status,
            slot_code=work.code,
            topic=self.plan.topics[(self.first_topic + place) % len(self.plan.topics)],
            homework=self.dice.choice(self.plan.homework) if status is LessonStatus.HELD else None,
        )

    def _cell(
        self, line: JournalLine, column: tuple[Lesson, AssessmentSlot], work: Work, *, asked: bool
    ) -> Iterator[Record]:
        lesson, slot = column
        away = self.absences.get((line.student_id, lesson.held_on))
        if away is not None:
            yield self.sheet.attendance(line, lesson, away.code, away.note)
            return
        if lesson.number == 1 and self.dice.random() < SHARE_LATE_FOR_FIRST_LESSON:
            yield self.sheet.attendance(line, lesson, AttendanceCode.LATE)
        if self.dice.random() < work.share or asked:
            value = draw_mark(self.dice, ability_of(line))
            if work is CREDIT:
                passed = int(self.dice.random() < SHARE_PASSED)
                yield self.sheet.mark(line, slot, lesson, passed, work.remark, scale=MarkScale.PASS_FAIL)
            else:
                yield self.sheet.mark(line, slot, lesson, value, work.remark)


def work_at(place: int, subject: str) -> Work:
    """Say what kind of work a lesson is for, by its place on the page."""
    if place % 3 == 2 and subject == SUBJECT_WITH_CREDITS:
        return CREDIT
    if place % 9 == 8:
        return TEST
    return SHORT_TEST if place % 4 == 3 else ORDINARY


def ability_of(line: JournalLine) -> float:
    """Give the mark that a pupil tends to: most between 3.4 and 4.8, the same in all subjects."""
    return min(4.9, max(2.9, dice_for("ability", line.student_id).gauss(4.1, 0.5)))


def draw_mark(dice: Random, ability: float) -> int:
    """Draw a mark of the five-point scale; 1 exists on paper and is not used."""
    return min(5, max(2, round(dice.gauss(ability, 0.6))))
