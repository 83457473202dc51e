"""What ties a row to people and places: its own columns, or one declared path through a membership table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from domain.records.base import Record


class Anchor(StrEnum):
    """The kinds of thing that a row can be tied to."""

    PERSON = "PERSON"
    ORGANISATION = "ORGANISATION"
    CLASS_GROUP = "CLASS_GROUP"
    SUBJECT_GROUP = "SUBJECT_GROUP"


@dataclass(frozen=True)
class Via:
    """A path to anchors that a row has no column for: `row.column` = `link.link_column`, while the link is live.

    `lends` names the anchors that are taken over from the link (from its columns, or along its own paths), and
    nothing else is: a path that lent everything would silently widen who sees the row when the link changes.
    """

    column: str
    link: type[Record]
    link_column: str
    lends: tuple[Anchor, ...]


@dataclass(frozen=True)
class Facet:
    """One way to look at the rows of a record: as a student, as a member of staff, as a guardian.

    The same person is a teacher to one viewer and a parent to another, and each sees a different card of them. A
    facet therefore has paths of its own, and only people that stand at the end of such a path have this facet.
    """

    name: str
    record: type[Record]
    via: tuple[Via, ...] = ()
    columns: Mapping[Anchor, tuple[str, ...]] = field(default_factory=dict, hash=False)
    by_path_only: bool = False
    """Rows have this facet only at the end of a path: being somebody does not make them a member of staff."""

    def reached_by(self, anchor: Anchor) -> tuple[str, ...]:
        """Columns of the row by which a reach of this kind finds it."""
        return () if self.by_path_only else self.anchored(anchor)

    def anchored(self, anchor: Anchor) -> tuple[str, ...]:
        """Columns of the row that carry this anchor; empty when only a path (or nothing) does."""
        return self.columns.get(anchor, ())

    def paths(self, anchor: Anchor) -> tuple[Via, ...]:
        """Declared paths that lend this anchor."""
        return tuple(via for via in self.via if anchor in via.lends)
