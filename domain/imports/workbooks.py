"""XLSX workbooks: the first sheet as texts. Formulas are not worked out, archives that swell are not unpacked."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from domain.imports.issues import IssueCode, UnreadableFileError

MOST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 1_000
MOST_SWELLING = 200
"""How many times a part may be larger than its packed form; ordinary sheets stay below 50."""

SIGNATURE = b"PK\x03\x04"


def is_workbook(content: bytes) -> bool:
    """Tell whether the bytes are an archive, which among tables only a workbook is."""
    return content.startswith(SIGNATURE)


def read_workbook(content: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    """Give the rows of the first sheet with the number of each. Raises UnreadableFileError."""
    _refuse_bomb(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        # What a file says of its own size may be wrong, and decides how many cells are read.
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [as_text(cell) for cell in row]
        book.close()
    except UnreadableFileError:
        raise
    except (InvalidFileException, BadZipFile, KeyError, IndexError, ValueError, TypeError, SyntaxError, OSError):
        raise UnreadableFileError(IssueCode.FILE_UNREADABLE) from None


def as_text(cell: Any) -> str:
    """Write a cell as it would stand in a text file: days as 2026-09-01, whole numbers without a fraction."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "да" if cell else "нет"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _refuse_bomb(content: bytes) -> None:
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (BadZipFile, ValueError, OSError):
        raise UnreadableFileError(IssueCode.FILE_UNREADABLE) from None
    swollen = any(part.file_size > MOST_SWELLING * max(part.compress_size, 1024) for part in parts)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED or swollen:
        raise UnreadableFileError(IssueCode.FILE_TOO_LARGE)
