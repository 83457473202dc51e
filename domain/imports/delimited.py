"""Delimited text as Russian spreadsheets write it: UTF-8 or Windows-1251, semicolons, commas or tabs."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from domain.imports.issues import IssueCode, UnreadableFileError

DELIMITERS = (";", "\t", ",")
LONGEST_CELL = 10_000


def read_delimited(content: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    """Give the rows with the number of each. Raises UnreadableFileError for what is no text."""
    text = decode(content)
    # A comma inside a cell is no delimiter: the header alone decides, where names hold none.
    header = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=header.count)
    try:
        yield from enumerate(csv.reader(StringIO(text, newline=""), delimiter=delimiter), start=1)
    except csv.Error:
        raise UnreadableFileError(IssueCode.FILE_UNREADABLE) from None


def decode(content: bytes) -> str:
    """Read bytes as UTF-8, and only where they are not as Windows-1251. Raises UnreadableFileError."""
    if b"\0" in content:
        raise UnreadableFileError(IssueCode.FILE_UNREADABLE)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return content.decode("cp1251")
        except UnicodeDecodeError:
            raise UnreadableFileError(IssueCode.FILE_UNREADABLE) from None
