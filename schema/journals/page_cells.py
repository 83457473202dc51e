"""What is to be written in the cells of a page: keys instead of ids, where in the input each stands, and its rows."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry

from domain.records.attendance import AttendanceCode
from domain.records.marks import MarkScale
from schema.engine.mapping.reference import key_of

if TYPE_CHECKING:
    from auth.viewer import LiveAssignment
    from schema.engine.context import Context

NO_KEY = UUID(int=0)
"""Stands for an id that is none of its type: nothing is found by it."""

Path = tuple[str, ...]


@dataclass(frozen=True)
class MarkChange:
    """A mark to write; without a value, to withdraw. `remark` is UNSET where the one that stands is kept."""

    value: int | None
    version: int | None
    scale: MarkScale = MarkScale.FIVE_POINT
    remark: Any = strawberry.UNSET
    position: int = 1


@dataclass(frozen=True)
class AttendanceChange:
    """Attendance to record; without a code, to take back. `note` is UNSET where the one that stands is kept."""

    code: AttendanceCode | None
    version: int | None
    note: Any = strawberry.UNSET


@dataclass(frozen=True)
class CellChange:
    """A cell to write. Without a slot the lesson's first column is meant; without a lesson the slot's."""

    path: Path
    line_path: Path
    line: UUID
    lesson: UUID | None = None
    slot: UUID | None = None
    mark: MarkChange | None = None
    attendance: AttendanceChange | None = None


@dataclass
class Cell:
    """A change with the rows that it is about, and under which assignments its two parts are written."""

    change: CellChange
    line: Any
    lesson: Any
    slot: Any | None
    mark_by: "LiveAssignment | None" = None
    attendance_by: "LiveAssignment | None" = None

    @property
    def column(self) -> Any:
        """What tells its column from others: the slot, or the lesson whose first one has still to be made."""
        return self.lesson.id if self.slot is None else self.slot.id


def key_in(context: "Context", kind: str, identifier: str | None) -> UUID | None:
    """The key in an id of this kind; None where no id was given."""
    if identifier is None:
        return None
    found = key_of(context.executor.types[kind], identifier)
    return NO_KEY if found is None else found[-1]
