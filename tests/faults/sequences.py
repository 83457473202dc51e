"""A page as it should behave, in a few lines of Python: cells, their versions, who is refused and why."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")
Place = tuple[int, int]
"""Line and lesson, by their places."""

AWAY = "ABSENT_UNEXCUSED"
NEVER = 10_000
"""A version that no cell will ever have."""


@dataclass(frozen=True)
class Change:
    """What is to be written in one cell. `mark` and `attendance`: (what, version that was seen); None: not touched."""

    place: Place
    mark: tuple[int | None, int | None] | None = None
    attendance: tuple[str | None, int | None] | None = None


@dataclass
class Request:
    """A request with the versions that it was sent with."""

    key: str
    viewer: str
    changes: list[Change]


@dataclass
class Model:
    """All versions of each cell, oldest first; and the keys under which something was done."""

    marks: dict[Place, list[int | None]] = field(default_factory=dict)
    attendance: dict[Place, list[str | None]] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)

    def after(self, request: Request) -> tuple["Model", set[str]]:
        """The model after a request, and the codes of its refusals; a refused one changes nothing."""
        if request.key in self.done:
            return self, set()
        refusals = set(self._refusals(request.changes))
        if refusals:
            return self, refusals
        changed = deepcopy(self)
        changed.done.add(request.key)
        for change in request.changes:
            if change.mark is not None:
                _add(changed.marks, change.place, change.mark[0])
            if change.attendance is not None:
                _add(changed.attendance, change.place, change.attendance[0])
        return changed, set()

    def _refusals(self, changes: list[Change]) -> Iterable[str]:
        marks = {place: versions[-1] for place, versions in self.marks.items()}
        away = {place: versions[-1] for place, versions in self.attendance.items()}
        marks |= {change.place: change.mark[0] for change in changes if change.mark is not None}
        away |= {change.place: change.attendance[0] for change in changes if change.attendance is not None}
        for change in changes:
            if change.mark is not None and not _seen(self.marks.get(change.place), change.mark[1]):
                yield "VERSION_CONFLICT"
            if change.attendance is not None and not _seen(self.attendance.get(change.place), change.attendance[1]):
                yield "VERSION_CONFLICT"
            both = marks.get(change.place) is not None and away.get(change.place) == AWAY
            gives = change.mark is not None and change.mark[0] is not None
            notes = change.attendance is not None and change.attendance[0] == AWAY
            if both and (gives or notes):
                yield "MARK_WITH_ABSENCE"


def _seen(versions: list[int | None] | list[str | None] | None, seen: int | None) -> bool:
    """Whether somebody who saw this version saw what stands."""
    if not versions:
        return seen is None
    return seen == len(versions) or (seen is None and versions[-1] is None)


def _add(cells: dict[Place, list[T | None]], place: Place, value: T | None) -> None:
    """A new version, unless the cell says that already."""
    versions = cells.setdefault(place, [])
    if (versions[-1] if versions else None) != value:
        versions.append(value)
    if not versions:
        del cells[place]
