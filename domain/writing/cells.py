"""What may stand in a cell of a page: marks and attendance, each by itself and beside one another."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.records.attendance import AttendanceCode
from domain.records.journals import LessonStatus
from domain.records.marks import MarkScale
from domain.windows import PageTimes, Window
from domain.writing.doors import Door
from domain.writing.refusals import Refused
from domain.writing.stays import Stay
from domain.writing.windows import shut

VALUES = {MarkScale.FIVE_POINT: range(1, 6), MarkScale.PASS_FAIL: range(2)}
REASONS = frozenset({AttendanceCode.ABSENT_EXCUSED, AttendanceCode.ABSENT_ILLNESS})
FULL_ABSENCES = REASONS | {AttendanceCode.ABSENT_UNEXCUSED}
POSITIONS = 2

Place = tuple[Hashable, Hashable]
"""Line and lesson."""
MarkPlace = tuple[Hashable, Hashable, int]
"""Line, column, position."""


@dataclass(frozen=True)
class MarkWrite:
    """A mark to give; without a value, to withdraw."""

    value: int | None
    scale: MarkScale = MarkScale.FIVE_POINT
    position: int = 1


@dataclass(frozen=True)
class AttendanceWrite:
    """Attendance to record; without a code, to take back. `reason`: a reason of absence is set, changed or removed."""

    code: AttendanceCode | None
    reason: bool = False


@dataclass(frozen=True)
class CellWrite:
    """What is to be written in a cell, and the facts of the cell.

    `column` tells it from other columns of the lesson; `make_up`: its marks are for work made up (отработка). `due_on`
    is the day on which the homework of the column is due.
    """

    place: Place
    column: Hashable
    held_on: date
    status: LessonStatus
    stay: Stay
    make_up: bool = False
    due_on: date | None = None
    marks: Sequence[MarkWrite] = ()
    attendance: AttendanceWrite | None = None


OUT_OF_SCALE = Refused(
    "VALUE_OUT_OF_SCALE",
    "A mark is 1 to 5; on the scale PASS_FAIL it is 1 or 0.",
    "Отметка от 1 до 5; по шкале PASS_FAIL 1 или 0.",
)
POSITION = Refused("POSITION", "A cell holds at most two marks.", "В клетке не больше двух отметок.")
MARK_WITH_ABSENCE = Refused(
    "MARK_WITH_ABSENCE",
    "A mark cannot stand beside an absence, unless it is for work made up.",
    "Отметка не может стоять вместе с отсутствием, кроме отработки пропущенного.",
)
NOT_HELD = {
    LessonStatus.CANCELLED: Refused("LESSON_CANCELLED", "The lesson was cancelled.", "Урок отменён."),
    LessonStatus.REPLACED: Refused(
        "LESSON_REPLACED", "Another lesson was given in place of this one.", "Вместо этого урока проведён другой."
    ),
}
"""A lesson that did not take place has no marks and no absences: what was given instead is a lesson of its own."""


def about_a_reason(code: AttendanceCode | None, stands: AttendanceCode | None, *, noted: bool = False) -> bool:
    """Whether a change of attendance is one of reasons: it sets one, it changes one that stands, or it has a note."""
    return noted or code in REASONS or stands in REASONS


def refused_mark(cell: CellWrite, mark: MarkWrite) -> list[Refused]:
    """What speaks against a mark whenever it is written; to withdraw one the lesson need not have taken place."""
    gives = mark.value is not None
    found = [
        OUT_OF_SCALE if gives and mark.value not in VALUES.get(mark.scale, ()) else None,
        None if 1 <= mark.position <= POSITIONS else POSITION,
        *_of_lesson(cell, gives=gives),
    ]
    return [one for one in found if one is not None]


def refused_attendance(cell: CellWrite, attendance: AttendanceWrite) -> list[Refused]:
    """What speaks against attendance whenever it is written."""
    return [one for one in _of_lesson(cell, gives=attendance.code is not None) if one is not None]


def _of_lesson(cell: CellWrite, *, gives: bool) -> Iterator[Refused | None]:
    if gives:
        yield NOT_HELD.get(cell.status)
        yield cell.stay.refused(cell.held_on)


def window_of_marks(cell: CellWrite, times: PageTimes) -> Window:
    """When marks of the column may be written."""
    return times.of_marks(cell.held_on, cell.due_on)


def window_of_attendance(cell: CellWrite, attendance: AttendanceWrite, times: PageTimes) -> Window:
    """When this attendance may be written: a reason also ahead of the lesson, until the period closes."""
    return times.of_period() if attendance.reason else times.of_attendance(cell.held_on)


def refused(cell: CellWrite, times: PageTimes, now: datetime, door: Door) -> list[Refused]:
    """Everything that speaks against a cell now, but for what stands beside it."""
    found: list[Refused] = []
    for mark in cell.marks:
        found += refused_mark(cell, mark) or _shut(window_of_marks(cell, times), now, door)
    if cell.attendance is not None:
        found += refused_attendance(cell, cell.attendance)
        found += _shut(window_of_attendance(cell, cell.attendance, times), now, door)
    return list(dict.fromkeys(found))


def _shut(window: Window, now: datetime, door: Door) -> list[Refused]:
    found = shut(window, now, door)
    return [] if found is None else [found]


def beside_absences(
    cells: Sequence[CellWrite], codes: Mapping[Place, AttendanceCode | None], marks: Mapping[MarkPlace, Place]
) -> Iterator[tuple[int, Refused]]:
    """Cells, by their place in the list, in which a mark would stand beside a full absence, whichever came first.

    `codes` is the attendance that stands, `marks` the marks that stand in columns that are not for work made up. A mark
    for work made up is no obstacle to an absence, in whichever column of the lesson the absence is written.
    """
    then = {**codes, **{cell.place: cell.attendance.code for cell in cells if cell.attendance is not None}}
    marked = set(_marks_then(cells, marks).values())
    for number, cell in enumerate(cells):
        gives = not cell.make_up and any(mark.value is not None for mark in cell.marks)
        notes = cell.attendance is not None and cell.attendance.code in FULL_ABSENCES
        if then.get(cell.place) in FULL_ABSENCES and (gives or (notes and cell.place in marked)):
            yield number, MARK_WITH_ABSENCE


def _marks_then(cells: Iterable[CellWrite], marks: Mapping[MarkPlace, Place]) -> dict[MarkPlace, Place]:
    found = dict(marks)
    for cell in cells:
        for mark in () if cell.make_up else cell.marks:
            key = cell.place[0], cell.column, mark.position
            if mark.value is None:
                found.pop(key, None)
            else:
                found[key] = cell.place
    return found
