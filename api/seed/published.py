"""The published page: class 7А, algebra, April 2023, its marks exactly as printed. Its pupils are invented."""

from collections.abc import Iterator, Sequence
from datetime import date

from api.seed.calendar import lesson_ends
from api.seed.files import read_cells
from api.seed.journals import Sheet
from domain.records.attendance import AttendanceCode
from domain.records.base import Record
from domain.records.journals import JournalLine, Lesson
from domain.records.marks import AssessmentSlot
from domain.records.users import Person

FILE = "kiasuo_journal_page_7A_algebra.csv"
CLASS_NAME = "7А"
SOURCE = (
    f"{FILE}: страница журнала КИАСУО, 7А, алгебра. Напечатана под заголовком «3ч», хотя её даты лежат в апреле, "
    "то есть в 4 четверти; год 2023 выведен по дням недели. В файле обучающиеся пронумерованы, имена здесь вымышлены."
)
SLOT_CODE = "У"
ABSENCES = {"Б": AttendanceCode.ABSENT_ILLNESS, "У": AttendanceCode.ABSENT_EXCUSED}


def published_rows(sheet: Sheet, pupils: Sequence[Person]) -> Iterator[Record]:
    """Write the page: one pupil for each line of the file, in its order. Raises ValueError if they do not fit."""
    header, *printed = read_cells(FILE)
    yield sheet.journal()
    lessons = [sheet.lesson(date.fromisoformat(day), 1, slot_code=SLOT_CODE) for day in header[1:]]
    columns = [(lesson, sheet.slot(lesson)) for lesson in lessons]
    yield from lessons
    yield from (sheet.first_version(one, lesson_ends(one.held_on, one.number, sheet.zone)) for one in lessons)
    yield from (slot for _, slot in columns)
    for number, (pupil, cells) in enumerate(zip(pupils, printed, strict=True), start=1):
        line = sheet.line(number, pupil)
        yield line
        for column, cell in zip(columns, cells[1:], strict=True):
            yield from _cell(sheet, line, column, cell)


def _cell(sheet: Sheet, line: JournalLine, column: tuple[Lesson, AssessmentSlot], cell: str) -> Iterator[Record]:
    lesson, slot = column
    if cell in ABSENCES:
        yield sheet.attendance(line, lesson, ABSENCES[cell])
    elif cell:
        yield sheet.mark(line, slot, lesson, int(cell))
