"""What may stand in a cell: every change is judged against the page as it is, and every refusal names its cell."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry

from auth.permissions import Permission as P
from auth.viewer import LiveAssignment
from auth.writing import Place, may_excuse
from domain.records.attendance import AttendanceCode
from domain.records.journals import LessonStatus
from domain.records.marks import MarkScale
from domain.windows import Shut, Window
from schema.engine.mutations.user_errors import InvalidInput, NotFound, UserError
from schema.engine.typed_texts import REMARK_MOST, unfit
from schema.journals.page_actors import Actors
from schema.journals.page_cells import AttendanceChange, CellChange, MarkChange
from schema.journals.page_state import PageState, is_make_up, place_of
from schema.journals.windows import window_closed

if TYPE_CHECKING:
    from schema.engine.context import Context

VALUES = {MarkScale.FIVE_POINT: range(1, 6), MarkScale.PASS_FAIL: range(2)}
REASONS = frozenset({AttendanceCode.ABSENT_EXCUSED, AttendanceCode.ABSENT_ILLNESS})
FULL_ABSENCES = REASONS | {AttendanceCode.ABSENT_UNEXCUSED}
POSITIONS = 2


@dataclass
class Cell:
    """A change with the rows that it is about, and under which assignments its two parts are written."""

    change: CellChange
    line: Any
    lesson: Any
    slot: Any | None
    mark_by: LiveAssignment | None = None
    attendance_by: LiveAssignment | None = None

    @property
    def column(self) -> Any:
        """What tells its column from others: the slot, or the lesson whose first one has still to be made."""
        return self.lesson.id if self.slot is None else self.slot.id


@dataclass(frozen=True)
class Conflict:
    """A version that is no longer the newest; the object as it is now is loaded when all of them are known."""

    path: list[str]
    kind: str
    key: tuple[Any, ...] | None
    version: int | None


@dataclass
class Verdict:
    """What is wrong, and which marks a closed window or another's version kept out: those can be kept."""

    errors: list[UserError | Conflict] = field(default_factory=list)
    kept_out: list[tuple[Cell, str]] = field(default_factory=list)


class Judge:
    """Judges the cells of one input against one page."""

    def __init__(self, context: "Context", page: PageState, actors: Actors) -> None:
        self.context, self.page, self.actors = context, page, actors
        self.now = context.clock()
        self.verdict = Verdict()
        self._named: set[tuple[str, ...]] = set()
        self._windows: dict[UUID, tuple[Window, Shut | None]] = {}

    def find(self, changes: list[CellChange]) -> list[Cell]:
        """The rows that the changes name; what cannot be found, or is named twice, is an error."""
        found = [cell for change in changes if (cell := self._found(change)) is not None]
        marks, attendance = set(), set()
        for cell in found:
            twice = False
            if cell.change.mark is not None:
                key = (cell.line.id, cell.column, cell.change.mark.position)
                twice = key in marks
                marks.add(key)
            if cell.change.attendance is not None:
                twice = twice or (cell.line.id, cell.lesson.id) in attendance
                attendance.add((cell.line.id, cell.lesson.id))
            if twice:
                self._refuse(cell, "DUPLICATE_CELL", "This cell stands in the input twice.", "Клетка указана дважды.")
        return found

    def _found(self, change: CellChange) -> Cell | None:
        line, slot = self.page.lines.get(change.line), self.page.slots.get(change.slot) if change.slot else None
        lesson_key = change.lesson or (slot.lesson_id if slot is not None else None)
        lesson = self.page.lessons.get(lesson_key) if lesson_key else None
        missing = self._missing(change, line, lesson, slot)
        for path in missing:
            told = self.context.say("Nothing with this id on the page.", "На этой странице нет объекта с таким id.")
            self.verdict.errors.append(NotFound(code="NOT_FOUND", message=told, path=path))
        if line is None or lesson is None or missing:
            return None
        return Cell(change, line, lesson, slot or self.page.first_slots.get(lesson.id))

    def _missing(self, change: CellChange, line: Any, lesson: Any, slot: Any) -> list[list[str]]:
        paths = []
        if line is None:
            paths.append([*change.line_path, "lineId"])
        if change.slot is not None and (slot is None or change.lesson not in (None, slot.lesson_id)):
            paths.append([*change.path, "slotId"])
        elif lesson is None:
            paths.append([*change.path, "lessonId"])
        new = [path for path in paths if tuple(path) not in self._named]
        self._named.update(map(tuple, new))
        return new

    def assign(self, cells: list[Cell]) -> None:
        """Choose under which assignment each part is written: one for both, if one allows both."""
        for cell in cells:
            place = place_of(cell.line, cell.lesson)
            for_mark = self.actors.fitting(P.MARK_WRITE, place) if cell.change.mark else None
            for_attendance = self._attending(cell, place) if cell.change.attendance else None
            if for_mark and for_attendance:
                both = [one for one in for_mark if one in for_attendance]
                for_mark, for_attendance = (both, both) if both else (for_mark, for_attendance)
            if for_mark is not None:
                cell.mark_by = self.actors.choose(P.MARK_WRITE, for_mark)
            if for_attendance is not None:
                cell.attendance_by = self.actors.choose(P.ATTENDANCE_WRITE, for_attendance)

    def _attending(self, cell: Cell, place: Place) -> list[LiveAssignment]:
        """Those who may excuse go before where a reason is at stake; others are told later that it is not theirs."""
        able = self.actors.fitting(P.ATTENDANCE_WRITE, place)
        excusing = [one for one in able if may_excuse(one)]
        return excusing if excusing and self._is_about_a_reason(cell) else able

    def _is_about_a_reason(self, cell: Cell) -> bool:
        change, stands = cell.change.attendance, self.page.attendance.get((cell.line.id, cell.lesson.id))
        noted = change is not None and change.note is not strawberry.UNSET
        return (
            noted or (change is not None and change.code in REASONS) or (stands is not None and stands.code in REASONS)
        )

    def judge(self, cells: list[Cell]) -> None:
        """Judge each cell by itself, then marks and absences beside one another."""
        for cell in cells:
            if cell.change.mark is not None:
                self._judge_mark(cell, cell.change.mark)
            if cell.change.attendance is not None:
                self._judge_attendance(cell, cell.change.attendance)
        self._judge_absences(cells)

    def _judge_mark(self, cell: Cell, change: MarkChange) -> None:
        if cell.mark_by is None:
            self._refuse(cell, *NOT_YOURS)
            return
        if not self._is_sound(cell, change):
            return
        window, closed = self._mark_window(cell)
        stands = self.page.marks.get((cell.line.id, cell.column, change.position))
        shut = None if closed is None else self._shut(cell, window)
        if shut is not None or not self._is_newest(cell, "Mark", stands, change.version):
            self.verdict.kept_out.append((cell, shut.value if shut else "VERSION_CONFLICT"))

    def _mark_window(self, cell: Cell) -> tuple[Window, Shut | None]:
        """The window of a column, the same for all its cells."""
        if cell.column not in self._windows:
            due_on = cell.slot.due_on if cell.slot is not None else None
            window = self.page.facts.times.of_marks(cell.lesson.held_on, due_on)
            self._windows[cell.column] = window, window.shut(self.now)
        return self._windows[cell.column]

    def _is_sound(self, cell: Cell, change: MarkChange) -> bool:
        before = len(self.verdict.errors)
        if change.value is not None and change.value not in VALUES.get(change.scale, ()):
            self._refuse(cell, *OUT_OF_SCALE)
        if not 1 <= change.position <= POSITIONS:
            self._refuse(cell, "POSITION", "A cell holds at most two marks.", "В клетке не больше двух отметок.")
        if change.value is not None and cell.lesson.status is LessonStatus.CANCELLED:
            self._refuse(cell, *CANCELLED)
        self._check_left(cell, change.value is not None)
        self._check_text(cell, change.remark)
        return len(self.verdict.errors) == before

    def _judge_attendance(self, cell: Cell, change: AttendanceChange) -> None:
        by, stands = cell.attendance_by, self.page.attendance.get((cell.line.id, cell.lesson.id))
        if by is None:
            self._refuse(cell, *NOT_YOURS)
            return
        about_a_reason = self._is_about_a_reason(cell)
        if about_a_reason and not may_excuse(by):
            self._refuse(cell, *(REASON_SET if stands is not None and stands.code in REASONS else REASON_RESERVED))
            return
        if change.code is not None and cell.lesson.status is LessonStatus.CANCELLED:
            self._refuse(cell, *CANCELLED)
        self._check_left(cell, change.code is not None)
        self._check_text(cell, change.note)
        times = self.page.facts.times
        window = times.of_period() if about_a_reason else times.of_attendance(cell.lesson.held_on)
        if self._shut(cell, window) is None:
            self._is_newest(cell, "AttendanceRecord", stands, change.version)

    def _check_left(self, cell: Cell, writes: bool) -> None:
        if writes and cell.line.left_on is not None and cell.lesson.held_on > cell.line.left_on:
            self._refuse(cell, *LEFT)

    def _check_text(self, cell: Cell, text: Any) -> None:
        error = unfit(self.context, text, REMARK_MOST, list(cell.change.path))
        if error is not None:
            self.verdict.errors.append(error)

    def _shut(self, cell: Cell, window: Window) -> Shut | None:
        shut = window.shut(self.now)
        if shut is not None:
            self.verdict.errors.append(window_closed(self.context, window, shut, list(cell.change.path)))
        return shut

    def _is_newest(self, cell: Cell, kind: str, stands: Any, seen: int | None) -> bool:
        """Whether the writer saw what stands. Nothing stands, too, after the newest version has taken it away."""
        if stands is None:
            current, key, newest = None, None, seen is None
        else:
            taken_away = (stands.value if kind == "Mark" else stands.code) is None
            current = None if taken_away else stands.version
            identifier = stands.mark_id if kind == "Mark" else stands.record_id
            key = None if taken_away else (self.page.journal.school_year, identifier)
            newest = seen == stands.version or (taken_away and seen is None)
        if not newest:
            self.verdict.errors.append(Conflict(list(cell.change.path), kind, key, current))
        return newest

    def _judge_absences(self, cells: list[Cell]) -> None:
        codes = {key: row.code for key, row in self.page.attendance.items()}
        codes |= {(c.line.id, c.lesson.id): c.change.attendance.code for c in cells if c.change.attendance}
        marked = set(self._marked_beside(cells))
        for cell in cells:
            place, change = (cell.line.id, cell.lesson.id), cell.change
            gives = change.mark is not None and change.mark.value is not None and not is_make_up(cell.slot)
            away = codes.get(place) in FULL_ABSENCES
            notes = change.attendance is not None and change.attendance.code in FULL_ABSENCES
            if away and (gives or (notes and place in marked)):
                self._refuse(cell, *MARK_WITH_ABSENCE)

    def _marked_beside(self, cells: list[Cell]) -> Iterator[tuple[UUID, UUID]]:
        """Lines and lessons in which a mark that no absence may stand beside would stand then."""
        values = {
            key: (row.lesson_id, row.value)
            for key, row in self.page.marks.items()
            if not is_make_up(self.page.slots.get(key[1]))
        }
        for cell in cells:
            if cell.change.mark is not None and not is_make_up(cell.slot):
                key = (cell.line.id, cell.column, cell.change.mark.position)
                values[key] = (cell.lesson.id, cell.change.mark.value)
        return ((key[0], lesson) for key, (lesson, value) in values.items() if value is not None)

    def _refuse(self, cell: Cell, code: str, english: str, russian: str) -> None:
        told = self.context.say(english, russian)
        self.verdict.errors.append(InvalidInput(code=code, message=told, path=list(cell.change.path)))


NOT_YOURS = (
    "LESSON_NOT_YOURS",
    "None of your roles covers this lesson on its day.",
    "Ни одна ваша роль не распространяется на этот урок в его день.",
)
OUT_OF_SCALE = (
    "VALUE_OUT_OF_SCALE",
    "A mark is 1 to 5; on the scale PASS_FAIL it is 1 or 0.",
    "Отметка от 1 до 5; по шкале PASS_FAIL 1 или 0.",
)
CANCELLED = ("LESSON_CANCELLED", "The lesson was cancelled.", "Урок отменён.")
LEFT = (
    "STUDENT_LEFT",
    "The student had left the group by then.",
    "К этому дню обучающийся уже выбыл из группы.",
)
REASON_SET = (
    "REASON_SET",
    "A reason of this absence is set; the homeroom teacher can change it.",
    "Причина этого отсутствия уже указана; изменить её может классный руководитель.",
)
REASON_RESERVED = (
    "REASON_RESERVED",
    "Reasons of absence and notes are set by the homeroom teacher.",
    "Причины отсутствия и основания указывает классный руководитель.",
)
MARK_WITH_ABSENCE = (
    "MARK_WITH_ABSENCE",
    "A mark cannot stand beside an absence, unless it is for work made up.",
    "Отметка не может стоять вместе с отсутствием, кроме отработки пропущенного.",
)
