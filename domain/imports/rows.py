"""Rows of a file as texts, whichever form the file has, and the sheets that they stand on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.imports.issues import Issue, IssueCode, UnreadableFileError
from domain.text import canonical

MOST_ROWS = 100_000
MOST_COLUMNS = 1_000


class Formula(str):
    """The text of a cell that holds a formula: kept to be shown, never worked out."""

    __slots__ = ()


@dataclass(frozen=True)
class TableRow:
    """A row with its number in the file, from 1 as a spreadsheet counts. Cells are texts without outer spaces.

    `issues` are what the row shows before anybody asks what it is about.
    """

    number: int
    cells: tuple[str, ...]
    issues: tuple[Issue, ...] = field(default=(), compare=False)

    def __getitem__(self, place: int) -> str:
        return self.cells[place] if place < len(self.cells) else ""


@dataclass(frozen=True)
class Sheet:
    """The rows of a sheet that are not empty. `delimiter` where the file is text, `name` where it is a workbook.

    `hidden` are numbers of rows that the spreadsheet does not show.
    """

    rows: Sequence[TableRow]
    name: str | None = None
    delimiter: str | None = None
    hidden: frozenset[int] = frozenset()


def rows_of(lines: Iterable[tuple[int, Sequence[Any]]]) -> list[TableRow]:
    """Rows that hold anything. Raises UnreadableFileError where there are more, or wider ones, than are read."""
    rows: list[TableRow] = []
    for number, cells in lines:
        if len(cells) > MOST_COLUMNS or len(rows) > MOST_ROWS:
            raise UnreadableFileError(IssueCode.FILE_TOO_LARGE)
        texts = tuple(_text(cell) for cell in cells)
        if any(texts):
            rows.append(TableRow(number, texts))
    return rows


def _text(cell: str) -> str:
    """Outer spaces mean nothing; an apostrophe in front is how spreadsheets keep a text from becoming a formula."""
    bare = canonical(cell.replace("\0", "")).strip()
    bare = bare[1:] if bare.startswith("'") else bare
    return Formula(bare) if bare.startswith("=") else bare
