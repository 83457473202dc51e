"""What may stand in a cell: every change is judged against the page as it is, and every refusal names its cell."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from auth.permissions import Permission as P
from auth.viewer import LiveAssignment
from auth.writing import Place, may_excuse
from domain.writing.cells import REASONS, CellWrite, refused
from domain.writing.doors import PEN
from domain.writing.refusals import Refused
from domain.writing.windows import is_window
from schema.engine.mutations.user_errors import NotFound, UserError
from schema.engine.typed_texts import REMARK_MOST, unfit
from schema.journals.page_actors import Actors
from schema.journals.page_cells import AttendanceChange, Cell, CellChange, MarkChange
from schema.journals.page_facts import about_reason, absences_beside, cell_write
from schema.journals.page_state import PageState, place_of
from schema.journals.refused import told

if TYPE_CHECKING:
    from schema.engine.context import Context


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
                self._tell(cell, DUPLICATE)
        return found

    def _found(self, change: CellChange) -> Cell | None:
        line, slot = self.page.lines.get(change.line), self.page.slots.get(change.slot) if change.slot else None
        lesson_key = change.lesson or (slot.lesson_id if slot is not None else None)
        lesson = self.page.lessons.get(lesson_key) if lesson_key else None
        missing = self._missing(change, line, lesson, slot)
        for path in missing:
            message = self.context.say("Nothing with this id on the page.", "На этой странице нет объекта с таким id.")
            self.verdict.errors.append(NotFound(code="NOT_FOUND", message=message, path=path))
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
        return excusing if excusing and about_reason(cell, self.page) else able

    def judge(self, cells: list[Cell]) -> None:
        """Judge each cell by itself, then marks and absences beside one another."""
        for cell in cells:
            write = cell_write(cell, self.page)
            if cell.change.mark is not None:
                self._judge_mark(cell, cell.change.mark, write)
            if cell.change.attendance is not None:
                self._judge_attendance(cell, cell.change.attendance, write)
        for cell, away in absences_beside(cells, self.page):
            self._tell(cell, away)

    def _judge_mark(self, cell: Cell, change: MarkChange, write: CellWrite) -> None:
        if cell.mark_by is None:
            self._tell(cell, NOT_YOURS)
            return
        found = refused(replace(write, attendance=None), self.page.facts.times, self.now, PEN)
        self._tell(cell, *found)
        fits = self._check_text(cell, change.remark)
        closed = [one for one in found if is_window(one)]
        if not fits or (found and not closed):
            return
        stands = self.page.marks.get((cell.line.id, cell.column, change.position))
        if closed or not self._is_newest(cell, "Mark", stands, change.version):
            self.verdict.kept_out.append((cell, closed[0].code if closed else "VERSION_CONFLICT"))

    def _judge_attendance(self, cell: Cell, change: AttendanceChange, write: CellWrite) -> None:
        by, stands = cell.attendance_by, self.page.attendance.get((cell.line.id, cell.lesson.id))
        if by is None:
            self._tell(cell, NOT_YOURS)
            return
        if about_reason(cell, self.page) and not may_excuse(by):
            self._tell(cell, REASON_SET if stands is not None and stands.code in REASONS else REASON_RESERVED)
            return
        self._check_text(cell, change.note)
        found = refused(replace(write, marks=()), self.page.facts.times, self.now, PEN)
        self._tell(cell, *found)
        if not any(is_window(one) for one in found):
            self._is_newest(cell, "AttendanceRecord", stands, change.version)

    def _check_text(self, cell: Cell, text: Any) -> bool:
        error = unfit(self.context, text, REMARK_MOST, list(cell.change.path))
        if error is not None:
            self.verdict.errors.append(error)
        return error is None

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

    def _tell(self, cell: Cell, *refusals: Refused) -> None:
        path = list(cell.change.path)
        self.verdict.errors += [told(self.context, one, path) for one in refusals]


DUPLICATE = Refused("DUPLICATE_CELL", "This cell stands in the input twice.", "Клетка указана дважды.")
NOT_YOURS = Refused(
    "LESSON_NOT_YOURS",
    "None of your roles covers this lesson on its day.",
    "Ни одна ваша роль не распространяется на этот урок в его день.",
)
REASON_SET = Refused(
    "REASON_SET",
    "A reason of this absence is set; the homeroom teacher can change it.",
    "Причина этого отсутствия уже указана; изменить её может классный руководитель.",
)
REASON_RESERVED = Refused(
    "REASON_RESERVED",
    "Reasons of absence and notes are set by the homeroom teacher.",
    "Причины отсутствия и основания указывает классный руководитель.",
)
