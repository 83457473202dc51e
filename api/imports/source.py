"""What each kind of import is to the worker: it prepares its rows once, and takes them in batch by batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from api.imports.rows import RowResult
from api.imports.runs import Run
from auth.snils_index import SnilsIndex
from auth.viewer import Viewer
from domain.imports.issues import Issue
from domain.imports.tables import Table, TableRow


@dataclass(frozen=True)
class Prepared:
    """Rows in the order in which they are taken in, what was noticed of the file as a whole, and the days of dated
    columns by their place from 1.
    """

    rows: Sequence[Any]
    issues: Sequence[Issue] = field(default=())
    days: Mapping[int, date] = field(default_factory=dict)


class Source(Protocol):
    """A kind of import at work on one file."""

    batch_rows: int

    async def prepare(self, connection: AsyncConnection, table: Table) -> Prepared:
        """Read the rows, and look at what they are about. The same file gives the same rows in the same order.

        Raises UnreadableFileError when nothing can be taken in.
        """

    async def take(self, connection: AsyncConnection, rows: Sequence[Any]) -> list[RowResult]:
        """Take rows in, with a result for each. What was taken in before is found unchanged."""

    def row_of(self, row: Any) -> TableRow:
        """The row as it stood in the file."""


@dataclass(frozen=True)
class Setting:
    """In whose name, for which run and at which moment a source works."""

    run: Run
    viewer: Viewer
    now: datetime
    snils: SnilsIndex

    @property
    def person_id(self) -> UUID:
        """Who started the run."""
        return self.run.started_by_id
