"""What happens to a page after its lessons: homework, corrections with a reason, a withdrawal, a make-up mark."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from api.seed.calendar import Calendar, office_hours
from api.seed.cast import pupil_ids_with_parts
from api.seed.ids import person_id
from api.seed.journals import Author, Sheet, next_version
from domain.records.attendance import AttendanceCode, AttendanceVersion
from domain.records.base import Record
from domain.records.journals import JournalLine, Lesson, LessonStatus
from domain.records.marks import AssessmentSlot, MarkVersion
from domain.records.policies import WorkCode

ENTRY_ERROR = "Ошибка при вводе: отметка другого обучающегося"
WRONG_LINE = "Отметка выставлена не тому обучающемуся"
HOMEWORK_MARKS = (5, 4, 5)
MADE_UP = "Отработано пропущенное"
CORRECTED_BESIDE_THE_STUDENT = 2


@dataclass(frozen=True)
class Written:
    """A page as it was written first: `rows` grows by what is amended."""

    sheet: Sheet
    author: Author
    rows: list[Record]
    calendar: Calendar

    @property
    def lines(self) -> list[JournalLine]:
        """Lines of pupils without a part to play, in their order."""
        parts = pupil_ids_with_parts()
        lines = [row for row in self.rows if isinstance(row, JournalLine)]
        return sorted((line for line in lines if line.student_id not in parts), key=lambda line: line.number)

    @property
    def lessons(self) -> list[Lesson]:
        """Lessons that are not cancelled, by day."""
        lessons = [row for row in self.rows if isinstance(row, Lesson) and row.status is not LessonStatus.CANCELLED]
        return sorted(lessons, key=lambda lesson: (lesson.held_on, lesson.number))

    @property
    def held(self) -> list[Lesson]:
        """Lessons of the days before yesterday, by day: what was amended on the day after lies in the past."""
        return [one for one in self.lessons if one.held_on < self.calendar.today - timedelta(days=1)]

    @property
    def marks(self) -> list[MarkVersion]:
        """Marks of those lessons."""
        days = {lesson.id for lesson in self.held}
        return [row for row in self.rows if isinstance(row, MarkVersion) and row.lesson_id in days]

    def away_from(self, lesson: Lesson) -> set[UUID]:
        """Give the pupils who were noted down as absent or late in a lesson."""
        noted = (row for row in self.rows if isinstance(row, AttendanceVersion))
        return {row.student_id for row in noted if row.lesson_id == lesson.id}

    def day_after(self, day: date) -> datetime:
        """Give a moment on the day after."""
        return office_hours(day + timedelta(days=1), self.sheet.zone) + timedelta(hours=5)


def amend(sheet: Sheet, rows: list[Record], calendar: Calendar) -> None:
    """Correct, withdraw, give homework; a page too young to have anything to amend stays as it is."""
    if sheet.author:
        page = Written(sheet, sheet.author, rows, calendar)
        rows += [*corrected(page), *withdrawn(page), *homework(page)]


def let_make_up(sheet: Sheet, rows: list[Record], calendar: Calendar) -> None:
    """Let somebody make up on a page for what they missed."""
    if sheet.author:
        rows += list(made_up(Written(sheet, sheet.author, rows, calendar)))


def corrected(page: Written) -> Iterator[MarkVersion]:
    """Correct the last mark of the student who can sign in and one of a few others: another value stood there first."""
    of_student = [mark for mark in page.marks if mark.student_id == person_id("student")]
    others = [mark for mark in page.marks if mark.student_id != person_id("student")]
    for mark in [*of_student[-1:], *others[:CORRECTED_BESIDE_THE_STUDENT]]:
        right = mark.value or 0
        mark.value = right - 1 if right > 2 else right + 1
        yield next_version(mark, right, author=page.author, at=page.day_after(mark.held_on), reason=ENTRY_ERROR)


def withdrawn(page: Written) -> Iterator[MarkVersion]:
    """Write a mark into an empty cell of the first lesson that has one, and withdraw it."""
    lesson = next(iter(page.held), None)
    if lesson is None:
        return
    filled = {row.student_id for row in page.rows if isinstance(row, MarkVersion | AttendanceVersion)
              and row.lesson_id == lesson.id}  # fmt: skip
    slot = next(row for row in page.rows if isinstance(row, AssessmentSlot) and row.lesson_id == lesson.id)
    for line in [line for line in page.lines if line.student_id not in filled][:1]:
        first = page.sheet.mark(line, slot, lesson, 2)
        yield first
        yield next_version(first, None, author=page.author, at=page.day_after(lesson.held_on), reason=WRONG_LINE)


def made_up(page: Written) -> Iterator[AssessmentSlot | MarkVersion]:
    """Let a pupil who was away make up for it: a column of its own in the lesson that was missed."""
    lessons, lines = {lesson.id: lesson for lesson in page.held}, {line.student_id: line for line in page.lines}
    away = [
        row
        for row in page.rows
        if isinstance(row, AttendanceVersion)
        and row.code is not AttendanceCode.LATE
        and row.lesson_id in lessons
        and row.student_id in lines
    ]
    for absence in away[-1:]:
        lesson = lessons[absence.lesson_id]
        slot = page.sheet.slot(lesson, WorkCode.MAKE_UP, number=2, code="О")
        yield slot
        mark = page.sheet.mark(lines[absence.student_id], slot, lesson, 4, MADE_UP)
        mark.recorded_at = page.day_after(lesson.held_on)
        yield mark


def homework(page: Written) -> Iterator[AssessmentSlot | MarkVersion]:
    """Give homework twice: handed in and marked at the second lesson, and due at the next lesson that is planned."""
    if len(page.held) > 1:
        given, due = page.held[:2]
        slot = page.sheet.slot(given, WorkCode.HOMEWORK, number=3, code="ДЗ", due=due)
        yield slot
        there = [line for line in page.lines if line.student_id not in page.away_from(given)]
        for line, value in zip(there, HOMEWORK_MARKS, strict=False):
            mark = page.sheet.mark(line, slot, given, value)
            mark.recorded_at = page.day_after(due.held_on)
            yield mark
    planned = [lesson for lesson in page.lessons if lesson.status is LessonStatus.PLANNED]
    if page.held and planned:
        yield page.sheet.slot(page.held[-1], WorkCode.HOMEWORK, number=3, code="ДЗ", due=planned[0])
