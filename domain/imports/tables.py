"""A file as a table of texts, whichever form it has."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from domain.imports.delimited import read_delimited
from domain.imports.issues import IssueCode, UnreadableFileError
from domain.imports.workbooks import is_workbook, read_workbook

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 1_000


class Formula(str):
    """The text of a cell that holds a formula: kept to be shown, never worked out."""

    __slots__ = ()


@dataclass(frozen=True)
class TableRow:
    """A row with its number in the file, from 1 as a spreadsheet counts. Cells are texts without outer spaces."""

    number: int
    cells: tuple[str, ...]

    def __getitem__(self, place: int) -> str:
        return self.cells[place] if place < len(self.cells) else ""


@dataclass(frozen=True)
class Table:
    """The header and the rows below it that are not empty."""

    header: TableRow
    rows: Sequence[TableRow]


def read_table(content: bytes) -> Table:
    """Read CSV (UTF-8 or Windows-1251; semicolon, comma or tab) or XLSX (its first sheet).

    Raises UnreadableFileError for what is no table, or too large a one.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableFileError(IssueCode.FILE_TOO_LARGE)
    found = _rows(read_workbook(content) if is_workbook(content) else read_delimited(content))
    rows = list(islice(found, MOST_ROWS + 2))
    if not rows:
        raise UnreadableFileError(IssueCode.FILE_EMPTY)
    if len(rows) > MOST_ROWS + 1:
        raise UnreadableFileError(IssueCode.FILE_TOO_LARGE)
    return Table(rows[0], rows[1:])


def _rows(lines: Iterator[tuple[int, Sequence[Any]]]) -> Iterator[TableRow]:
    for number, cells in lines:
        if len(cells) > MOST_COLUMNS:
            raise UnreadableFileError(IssueCode.FILE_TOO_LARGE)
        texts = tuple(_text(cell) for cell in cells)
        if any(texts):
            yield TableRow(number, texts)


def _text(cell: str) -> str:
    """Outer spaces mean nothing; an apostrophe in front is how spreadsheets keep a text from becoming a formula."""
    bare = cell.replace("\xa0", " ").replace("\0", "").strip()
    bare = bare[1:] if bare.startswith("'") else bare
    return Formula(bare) if bare.startswith("=") else bare
