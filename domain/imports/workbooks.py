"""XLSX workbooks: sheets as texts. Formulas are not worked out, archives that swell are not unpacked.

A cell that is merged over several rows holds its value in each of them; hidden rows are rows.
"""

from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from domain.imports.issues import IssueCode, UnreadableFileError
from domain.imports.rows import MOST_COLUMNS, MOST_ROWS, Sheet, TableRow, rows_of

MOST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 1_000
MOST_MERGED = 100_000
MOST_SWELLING = 200
"""How many times a part may be larger than its packed form; ordinary sheets stay below 50."""

SIGNATURE = b"PK\x03\x04"


def is_workbook(content: bytes) -> bool:
    """Tell whether the bytes are an archive, which among tables only a workbook is."""
    return content.startswith(SIGNATURE)


def read_workbook(content: bytes) -> list[Sheet]:
    """Read the sheets in their order. Raises UnreadableFileError."""
    # Only here: openpyxl brings NumPy along where there is one, and whoever reads no workbook needs neither.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    _refuse_bomb(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheets = [_read_sheet(sheet) for sheet in book.worksheets]
        book.close()
    except UnreadableFileError:
        raise
    except (InvalidFileException, BadZipFile, KeyError, IndexError, ValueError, TypeError, SyntaxError, OSError):
        raise UnreadableFileError(IssueCode.FILE_UNREADABLE) from None
    return sheets


def _read_sheet(sheet: Any) -> Sheet:
    """Read a sheet row by row, with what openpyxl's own read-only sheet leaves out: merged cells and hidden rows."""
    from openpyxl.worksheet._reader import WorkSheetParser

    book = sheet.parent
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            data_only=False,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        rows = rows_of((number, _cells(row)) for number, row in parser.parse())
    hidden = {int(number) for number, told in parser.row_dimensions.items() if told.get("hidden") in ("1", "true")}
    merged = parser.merged_cells.mergeCell if parser.merged_cells else ()
    return Sheet(_spread(rows, merged), sheet.title, None, frozenset(hidden))


def _cells(row: list[dict[str, Any]]) -> list[str]:
    width = max((cell["column"] for cell in row), default=0)
    if width > MOST_COLUMNS:
        # A format that someone gave to a whole row fills no cell.
        width = max((cell["column"] for cell in row if cell["value"] is not None), default=0)
    cells = [""] * width
    for cell in row:
        if cell["value"] is None or cell["column"] > width:
            continue
        if cells[cell["column"] - 1]:
            raise UnreadableFileError(IssueCode.FILE_DAMAGED, row=cell["row"])
        cells[cell["column"] - 1] = as_text(cell["value"])
    return cells


def _spread(rows: list[TableRow], merged: Any) -> list[TableRow]:
    """Give every row that a merged cell covers its value; across columns it stays where it begins."""
    by_number: dict[int, list[str]] = {}
    for row in rows:
        if row.number in by_number:
            raise UnreadableFileError(IssueCode.FILE_DAMAGED, row=row.number)
        by_number[row.number] = list(row.cells)
    given = 0
    for cell in merged:
        left, top, bottom = cell.min_col - 1, cell.min_row, min(cell.max_row, MOST_ROWS)
        value = by_number[top][left] if top in by_number and left < len(by_number[top]) else ""
        for number in range(top + 1, bottom + 1) if value else ():
            given += 1
            if given > MOST_MERGED:
                raise UnreadableFileError(IssueCode.FILE_TOO_LARGE)
            if number in by_number:
                by_number[number] += [""] * (left + 1 - len(by_number[number]))
                by_number[number][left] = by_number[number][left] or value
    return [TableRow(number, tuple(cells)) for number, cells in by_number.items()]


def as_text(cell: Any) -> str:
    """Write a cell as it would stand in a text file: days as 2026-09-01, whole numbers without a fraction."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, bool):
        return "да" if cell else "нет"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if cell is None or isinstance(cell, str | int | float | date | time | timedelta):
        return "" if cell is None else str(cell)
    return getattr(cell, "text", None) or "="  # a formula over several cells


def _refuse_bomb(content: bytes) -> None:
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (BadZipFile, ValueError, OSError):
        raise UnreadableFileError(IssueCode.FILE_UNREADABLE) from None
    swollen = any(part.file_size > MOST_SWELLING * max(part.compress_size, 1024) for part in parts)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED or swollen:
        raise UnreadableFileError(IssueCode.FILE_TOO_LARGE)
