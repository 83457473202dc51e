"""Delimited text as spreadsheets write it: semicolons, commas or tabs, perhaps told by a first line `sep=;`."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import islice

from domain.imports.decoding import decode
from domain.imports.issues import IssueCode, UnreadableFileError
from domain.imports.rows import Sheet, rows_of

DELIMITERS = (";", "\t", ",")
TOLD = re.compile(r'"?sep=(.)"?[;,\t]*\r?\n?', re.IGNORECASE)
LOOKED_AT = 50
"""Rows that tell the delimiter: it is the one that makes the most cells of them, in the most of them alike."""


def read_delimited(content: bytes) -> Sheet:
    """Read the text. Raises UnreadableFileError for what is no text, and for quotation marks that do not close."""
    text = decode(content)
    told = TOLD.match(text)
    delimiter = told[1] if told else max(DELIMITERS, key=lambda one: _cells_made(text, one))
    return Sheet(rows_of(_lines(text[told.end() :] if told else text, delimiter, 1 if told else 0)), None, delimiter)


def _cells_made(text: str, delimiter: str) -> int:
    """How many cells the delimiter makes of rows that have as many as most have."""
    try:
        lengths = [len(row) for row in islice(csv.reader(StringIO(text, newline=""), delimiter=delimiter), LOOKED_AT)]
    except csv.Error:
        return 0
    return max(((length - 1) * rows for length, rows in Counter(lengths).items()), default=0)


def _lines(text: str, delimiter: str, before: int) -> Iterator[tuple[int, Sequence[str]]]:
    number = before
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, start=before + 1):
            yield number, cells
    except csv.Error:
        raise UnreadableFileError(IssueCode.FILE_DAMAGED, row=number + 1) from None
