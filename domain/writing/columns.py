"""What a column for marks may be: its weight, how many a lesson has, where its homework is due, its kind."""

from collections.abc import Iterable
from datetime import date

from domain.records.attendance import AttendanceCode
from domain.records.policies import WorkCode
from domain.writing.cells import FULL_ABSENCES
from domain.writing.refusals import Refused

COLUMNS_MOST = 20
WEIGHTS = range(101)

WEIGHT = Refused("WEIGHT", "A weight is 0 to 100.", "Вес от 0 до 100.", ("weight",))
TOO_MANY = Refused(
    "TOO_MANY_SLOTS",
    f"A lesson has at most {COLUMNS_MOST} columns.",
    f"В уроке не больше {COLUMNS_MOST} колонок для отметок.",
    ("lessonId",),
)
DUE_LESSON = Refused(
    "DUE_LESSON",
    "Only homework is due in another lesson, and not before it was given.",
    "Срок бывает только у домашней работы, и не раньше дня, когда она задана.",
    ("dueLessonId",),
)
BESIDE_ABSENCES = Refused(
    "MARK_WITH_ABSENCE",
    "Marks of this column stand beside absences: it stays one for work made up.",
    "Отметки этой колонки стоят вместе с отсутствием: она остаётся колонкой для отработки пропущенного.",
    ("work",),
)


def refused_weight(weight: int | None) -> Refused | None:
    """A weight of 0 is one: the mark is seen and does not count."""
    return None if weight is None or weight in WEIGHTS else WEIGHT


def refused_number(there: int) -> Refused | None:
    """Whether one more column fits beside those that are there."""
    return None if there < COLUMNS_MOST else TOO_MANY


def refused_due(work: WorkCode, held_on: date, due_on: date) -> Refused | None:
    """Only homework is due in another lesson, and not before the one in which it was given."""
    return None if work is WorkCode.HOMEWORK and due_on >= held_on else DUE_LESSON


def refused_kind(before: WorkCode, after: WorkCode, beside: Iterable[AttendanceCode]) -> Refused | None:
    """A column stays one for work made up while marks of it stand beside absences; `beside` is what they stand beside.

    Otherwise a mark would come to stand beside an absence by another way than being given.
    """
    leaves = before is WorkCode.MAKE_UP and after is not WorkCode.MAKE_UP
    return BESIDE_ABSENCES if leaves and FULL_ABSENCES.intersection(beside) else None
