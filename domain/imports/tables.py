"""A file as one table: its header, the rows below it, and what was noticed on the way. Nothing is dropped unsaid."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from domain.imports.delimited import read_delimited
from domain.imports.headers import Header, HeaderWords, find_header, likeliest
from domain.imports.issues import Issue, IssueCode, UnreadableFileError
from domain.imports.rows import MOST_ROWS, Formula, Sheet, TableRow
from domain.imports.workbooks import is_workbook, read_workbook

__all__ = ["MOST_BYTES", "Formula", "ReadColumn", "Table", "TableRow", "read_table"]

MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class ReadColumn:
    """How a column was understood: place from 1, title, meaning (None where it is left aside), cells filled in."""

    place: int
    title: str
    meaning: str | None
    filled: int


@dataclass(frozen=True)
class Table:
    """The header and the rows below it that are not empty; which sheet it is, and what was noticed of the file."""

    header: TableRow
    rows: Sequence[TableRow]
    sheet: str | None = None
    columns: Sequence[ReadColumn] = ()
    issues: tuple[Issue, ...] = ()
    found: str = ""

    @property
    def read_as_header(self) -> dict[str, str | int]:
        """Details for messages: what was taken for the header."""
        sheet = {"header_sheet": self.sheet} if self.sheet else {}
        return {**sheet, "header_row": self.header.number, "header_found": self.found}


def read_table(content: bytes, words: HeaderWords | None = None) -> Table:
    """Read CSV (UTF-8, UTF-16 or Windows-1251; semicolon, comma or tab) or XLSX: the first sheet with a header.

    Without `words` the first row is the header. Raises UnreadableFileError for what is no table, too large a one, or
    a damaged one: where a cell holds other rows.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableFileError(IssueCode.FILE_TOO_LARGE)
    sheets = read_workbook(content) if is_workbook(content) else [read_delimited(content)]
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        raise UnreadableFileError(IssueCode.FILE_EMPTY)
    sheet, index, header = _found(filled, words)
    rows = sheet.rows[index + header.height :]
    if len(rows) > MOST_ROWS:
        raise UnreadableFileError(IssueCode.FILE_TOO_LARGE)
    judged = [_judged(row, header, sheet, words) for row in rows]
    issues = [*_left_aside(filled, sheet), *_hidden(sheet, rows), *_nameless(header, rows, sheet)]
    columns = tuple(_understood(header, rows))
    return Table(header.row, judged, sheet.name, columns, tuple(issues), header.told)


def _found(sheets: Sequence[Sheet], words: HeaderWords | None) -> tuple[Sheet, int, Header]:
    if words is None:
        return sheets[0], 0, Header(sheets[0].rows[0])
    for sheet in sheets:
        if (found := find_header(sheet.rows, words)) is not None:
            return sheet, *found
    sheet = max(sheets, key=lambda one: len(likeliest(one.rows, words)[1].meanings))
    return sheet, *likeliest(sheet.rows, words)


def _judged(row: TableRow, header: Header, sheet: Sheet, words: HeaderWords | None) -> TableRow:
    """A row with what its cells show by themselves. Raises UnreadableFileError where they hold other rows."""
    width = len(header.row.cells)
    issues: list[Issue] = []
    if sheet.delimiter is not None:
        _refuse_swallowed(row, width, sheet.delimiter, header)
        if any(row.cells[width:]):
            issues.append(Issue(IssueCode.ROW_TOO_LONG, None, row.cells[width]))
    for place, name in header.meanings.items() if words else ():
        if words and words.strict(name) and _is_suspicious(row[place], sheet.delimiter):
            issues.append(Issue(IssueCode.CELL_SUSPICIOUS, header.row[place], row[place]))
    return replace(row, issues=tuple(issues)) if issues else row


def _refuse_swallowed(row: TableRow, width: int, delimiter: str, header: Header) -> None:
    """A lost quotation mark makes one cell of the rows up to the next mark: they would be gone without a word."""
    broken = [place for place, cell in enumerate(row.cells) if "\n" in cell or "\r" in cell]
    inside = sum(row[place].count(delimiter) for place in broken)
    if broken and (any(place in header.meanings for place in broken) or len(row.cells) + inside > width):
        raise UnreadableFileError(IssueCode.FILE_DAMAGED, row=row.number)


def _is_suspicious(cell: str, delimiter: str | None) -> bool:
    """A comma is ordinary in a title; a line break, a tab and the semicolon of a file of semicolons are not."""
    return any(mark in cell for mark in ("\n", "\r", "\t")) or (delimiter == ";" and ";" in cell)


def _left_aside(sheets: Sequence[Sheet], read: Sheet) -> Iterator[Issue]:
    for sheet in sheets:
        if sheet is not read:
            details = {"rows": len(sheet.rows)}
            yield Issue(IssueCode.SHEET_LEFT_ASIDE, sheet.name, None, fatal=False, details=details)


def _hidden(sheet: Sheet, rows: Sequence[TableRow]) -> Iterator[Issue]:
    hidden = sum(1 for row in rows if row.number in sheet.hidden)
    if hidden:
        yield Issue(IssueCode.ROWS_HIDDEN, None, None, fatal=False, details={"rows": hidden})


def _nameless(header: Header, rows: Sequence[TableRow], sheet: Sheet) -> Iterator[Issue]:
    """Columns that hold something under no title. Beyond the header of a text file the rows say so themselves."""
    width = len(header.row.cells)
    filled = Counter(place for row in rows for place, cell in enumerate(row.cells) if cell and not header.row[place])
    for place, count in sorted(filled.items()):
        if place < width or sheet.delimiter is None:
            yield Issue(IssueCode.COLUMN_NAMELESS, str(place + 1), None, fatal=False, details={"rows": count})


def _understood(header: Header, rows: Sequence[TableRow]) -> Iterator[ReadColumn]:
    filled = Counter(place for row in rows for place, cell in enumerate(row.cells) if cell)
    for place in range(max([len(header.row.cells), *(place + 1 for place in filled)], default=0)):
        if header.row[place] or filled[place]:
            yield ReadColumn(place + 1, header.row[place], header.meanings.get(place), filled[place])
