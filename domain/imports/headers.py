"""Which row is the header and which column is which: headers as schools write them, to the names used here.

A header may stand below a title, on a later sheet, and in two rows: a group («Родитель 1») above its columns, a month
above its days.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from domain.imports.issues import Issue, IssueCode, UnreadableFileError
from domain.imports.rows import TableRow
from domain.text import folded

MOST_ABOVE = 20
"""Rows of a sheet among which the header is looked for."""

SHOWN = 12
"""Titles of a header that a message names."""


@dataclass(frozen=True)
class HeaderWords:
    """What a kind of table is known by: the meaning of a title (None for none), and which meanings make a header.

    `strict` are meanings whose cells hold one line: a line break or a separator in them is another cell's. `joined`
    makes one title of two that stand one above the other. `numbered`: the columns may be numbered below the header.
    """

    meaning: Callable[[str], str | None]
    is_complete: Callable[[Collection[str]], bool]
    strict: Callable[[str], bool]
    joined: Callable[[str, str], str] = lambda upper, lower: f"{upper} {lower}"
    numbered: bool = True


@dataclass(frozen=True)
class Columns:
    """Place of each known column, and what was left aside."""

    places: Mapping[str, int]
    titles: Sequence[str]
    issues: tuple[Issue, ...] = ()

    def cell(self, row: TableRow, name: str) -> str:
        """The text of a column in a row; empty where the file has no such column."""
        place = self.places.get(name)
        return "" if place is None else row[place]

    def title(self, name: str) -> str:
        """What the file itself calls a column."""
        place = self.places.get(name)
        return name if place is None else self.titles[place]

    def __contains__(self, name: str) -> bool:
        return name in self.places


@dataclass(frozen=True)
class Header:
    """The header as it was found: its last row with whole titles, how many rows above the data it takes."""

    row: TableRow
    height: int = 1
    meanings: Mapping[int, str] = field(default_factory=dict, hash=False)

    @property
    def told(self) -> str:
        """The titles, as a message shows them; what no title is known of may be about people and is counted only."""
        titles = [title for title in self.row.cells if title]
        if not self.meanings:
            return f"{len(titles)} ячеек, известных названий нет"
        shown = " | ".join(" ".join(title.split())[:40] for title in titles[:SHOWN])
        return shown + (" …" if len(titles) > SHOWN else "")


def plain(title: str) -> str:
    """A title without case, ё, marks and what stands in brackets; «№» is a word."""
    text = folded(re.sub(r"\(.*?\)", " ", title.replace("№", " no ")))
    return " ".join(re.sub(r"[\W_]+", " ", text).split())


def meanings_of(known: Mapping[str, Sequence[str]]) -> Callable[[str], str | None]:
    """Tell the name of a column by its title, out of titles by name."""
    by_title = {plain(title): name for name, titles in known.items() for title in titles}
    return lambda title: by_title.get(plain(title)) if plain(title) else None


def match_columns(header: TableRow, known: Mapping[str, Sequence[str]]) -> Columns:
    """Find the known columns. Unknown ones are named in an issue; two of one meaning are refused."""
    meaning = meanings_of(known)
    places: dict[str, int] = {}
    issues: list[Issue] = []
    for place, title in enumerate(header.cells):
        name = meaning(title)
        if name is None:
            issues += [Issue(IssueCode.COLUMN_UNKNOWN, title, title, fatal=False)] if title else []
        elif name in places:
            raise UnreadableFileError(IssueCode.COLUMN_TWICE, title, title)
        else:
            places[name] = place
    return Columns(places, header.cells, tuple(issues))


def find_header(rows: Sequence[TableRow], words: HeaderWords) -> tuple[int, Header] | None:
    """The first row that is a header of this kind, with its place among the rows; None where none is.

    Two rows are one header where the lower adds names to the upper, and neither holds anything else.
    """
    above = rows[:MOST_ABOVE]
    for index, row in enumerate(above):
        if words.is_complete(_meanings(row, words).values()):
            whole = _two_rows(rows, index, words, alone=True) or Header(row, 1, _meanings(row, words))
            return index, _numbered(rows, index, whole, words)
    for index in range(len(above)):
        if (joined := _two_rows(rows, index, words, alone=False)) is not None:
            return index, _numbered(rows, index, joined, words)
    return None


def likeliest(rows: Sequence[TableRow], words: HeaderWords) -> tuple[int, Header]:
    """Where no row is a whole header: the one that knows most titles, the first of such."""
    index = max(range(len(rows[:MOST_ABOVE])), key=lambda one: (len(_meanings(rows[one], words)), -one))
    return index, Header(rows[index], 1, _meanings(rows[index], words))


def _meanings(row: TableRow, words: HeaderWords) -> dict[int, str]:
    found = {place: words.meaning(title) for place, title in enumerate(row.cells) if title}
    return {place: name for place, name in found.items() if name is not None}


def _two_rows(rows: Sequence[TableRow], index: int, words: HeaderWords, *, alone: bool) -> Header | None:
    """One header of a row and the next. `alone`: the upper is a header by itself, so the lower may only add to it."""
    if index + 1 >= len(rows):
        return None
    upper, lower = rows[index], rows[index + 1]
    titles, added, group = [], 0, ""
    for place in range(max(len(upper.cells), len(lower.cells))):
        over, under = upper[place], lower[place]
        group = over or (group if under else "")
        title = _title(over, under, group, words)
        known = words.meaning(title) is not None
        added += bool(under and known and under != over)
        if under and not known and (alone or words.meaning(over)):
            return None
        titles.append(title)
    row = TableRow(lower.number, tuple(titles))
    meanings = _meanings(row, words)
    return Header(row, 2, meanings) if added and words.is_complete(meanings.values()) else None


def _title(over: str, under: str, group: str, words: HeaderWords) -> str:
    """One title of an upper and a lower one: both together, or the one of them that says something."""
    if not under or under == over:
        return over
    whole = words.joined(group, under) if group else under
    return whole if words.meaning(whole) is not None or words.meaning(under) is None else under


def _numbered(rows: Sequence[TableRow], index: int, header: Header, words: HeaderWords) -> Header:
    """A row 1, 2, 3 ... below the header numbers the columns, as official forms do."""
    below = index + header.height
    if not words.numbered or below >= len(rows):
        return header
    numbers = [cell.rstrip(".") for cell in rows[below].cells if cell]
    counted = [str(number) for number in range(1, len(numbers) + 1)]
    return Header(header.row, header.height + 1, header.meanings) if len(numbers) > 2 and numbers == counted else header
