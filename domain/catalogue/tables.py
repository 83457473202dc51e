"""CSV files, row by row: a row that cannot be read is set aside with its line, its column and a reason, never lost."""

import csv
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Generic, NamedTuple, NoReturn, TypeVar

from domain.errors import BadUserInput
from domain.units import exact

DATA = Path(__file__).with_name("data")
NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
WHOLE = re.compile(r"-?\d+")

Row = TypeVar("Row")


class RowProblem(NamedTuple):
    """Why a row was set aside. `line` counts as an editor does, the header is 1; no `column`: the whole row."""

    file: str
    line: int
    column: str
    raw: str
    english: str
    russian: str


class BadCell(ValueError):
    """A cell that is not what its column holds."""

    def __init__(self, column: str, raw: str, english: str, russian: str) -> None:
        super().__init__(english)
        self.column, self.raw, self.english, self.russian = column, raw, english, russian


class BadTable(BadUserInput):
    """A file that cannot be used as it is; `problems` names every row."""

    def __init__(self, problems: Sequence[RowProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            "; ".join(f"{bad.file}, line {bad.line}, {bad.column or 'row'}: {bad.english}" for bad in problems),
            "; ".join(f"{bad.file}, строка {bad.line}, {bad.column or 'вся'}: {bad.russian}" for bad in problems),
        )


@dataclass(frozen=True)
class Table(Generic[Row]):
    """What was read, and what was set aside: together every row of the file."""

    rows: tuple[Row, ...]
    problems: tuple[RowProblem, ...]

    def complete(self) -> tuple[Row, ...]:
        """Give the rows when nothing was set aside, BadTable otherwise."""
        if self.problems:
            raise BadTable(self.problems)
        return self.rows


class Line:
    """A row of a file by column name, read as what the column holds: BadCell for anything else."""

    def __init__(self, cells: Mapping[str, str], number: int) -> None:
        self._cells = cells
        self.number = number

    def optional_text(self, column: str) -> str | None:
        """Give what is printed, None for an empty cell."""
        return self._cells[column].strip() or None

    def text(self, column: str) -> str:
        """Give what is printed; something must be."""
        return self.optional_text(column) or self.refuse(column, "is empty", "пусто")

    def one_of(self, column: str, allowed: Collection[str]) -> str:
        """Give one of the words that the column may hold."""
        printed = self.text(column)
        words = ", ".join(sorted(allowed))
        return printed if printed in allowed else self.refuse(column, f"is none of: {words}", f"не из списка: {words}")

    def number_or_none(self, column: str) -> Fraction | None:
        """Give an exact number; None for an empty cell, since missing is not zero."""
        printed = self.optional_text(column)
        if printed is None:
            return None
        if not NUMBER.fullmatch(printed):
            self.refuse(column, "is not a number", "не число")
        return exact(printed.replace(",", "."))

    def exact_number(self, column: str) -> Fraction:
        """Give an exact number that must be there."""
        value = self.number_or_none(column)
        return self.refuse(column, "is empty", "пусто") if value is None else value

    def whole(self, column: str) -> int:
        """Give a whole number that must be there."""
        printed = self.text(column)
        return int(printed) if WHOLE.fullmatch(printed) else self.refuse(column, "is not a whole number", "не целое")

    def refuse(self, column: str, english: str, russian: str) -> NoReturn:
        """Set the row aside because of this cell."""
        raw = self._cells[column]
        raise BadCell(column, raw, f'"{raw}" {english}', f"«{raw}» {russian}")


def read_cells(name: str) -> list[list[str]]:
    """Read a file of the data folder: rows of cells, the header first."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def parse_table(
    file: str, cells: Iterable[Sequence[str]], header: Sequence[str], parse: Callable[[Line], Row]
) -> Table[Row]:
    """Read rows of cells, the header first. BadTable when the header is another one: then no column means anything."""
    printed, *lines = [list(row) for row in cells] or [[]]
    if printed != list(header):
        wanted = ", ".join(header)
        raise BadTable(
            [RowProblem(file, 1, "", ", ".join(printed), f"needs columns {wanted}", f"нужны столбцы {wanted}")]
        )
    rows: list[Row] = []
    problems: list[RowProblem] = []
    for number, line in enumerate(lines, start=2):
        try:
            rows.append(parse(_line(line, header, number)))
        except BadCell as bad:
            problems.append(RowProblem(file, number, bad.column, bad.raw, bad.english, bad.russian))
    return Table(tuple(rows), tuple(problems))


def read_table(name: str, header: Sequence[str], parse: Callable[[Line], Row]) -> tuple[Row, ...]:
    """Read a file of the data folder, all of it: BadTable names every row that cannot be read."""
    return parse_table(name, read_cells(name), header, parse).complete()


def _line(cells: Sequence[str], header: Sequence[str], number: int) -> Line:
    if len(cells) != len(header):
        found, wanted = len(cells), len(header)
        english, russian = f"has {found} cells, not {wanted}", f"ячеек {found}, а не {wanted}"
        raise BadCell("", ",".join(cells), english, russian)
    return Line(dict(zip(header, cells, strict=True)), number)
