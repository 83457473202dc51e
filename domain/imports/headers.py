"""Which column is which: headers as schools write them, in Russian and English, to the names used here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.imports.cells import folded
from domain.imports.issues import Issue, IssueCode, UnreadableFileError
from domain.imports.tables import TableRow


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


def plain(title: str) -> str:
    """A title without case, ё, marks and what stands in brackets."""
    return " ".join(re.sub(r"[^a-zа-я0-9]+", " ", re.sub(r"\(.*?\)", " ", folded(title))).split())


def match_columns(header: TableRow, known: Mapping[str, Sequence[str]]) -> Columns:
    """Find the known columns. Unknown ones are named in an issue; two of one meaning are refused."""
    meanings = {plain(title): name for name, titles in known.items() for title in titles}
    places: dict[str, int] = {}
    issues: list[Issue] = []
    for place, title in enumerate(header.cells):
        name = meanings.get(plain(title))
        if name is None:
            issues += [Issue(IssueCode.COLUMN_UNKNOWN, title, title, fatal=False)] if title else []
        elif name in places:
            raise UnreadableFileError(IssueCode.COLUMN_TWICE, title, title)
        else:
            places[name] = place
    return Columns(places, header.cells, tuple(issues))
