"""A journal page in a file: pupils down, dates across; marks, letters and both in the cells."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from domain.imports.cells import UnreadableCellError, day
from domain.imports.headers import HeaderWords, plain
from domain.imports.issues import Issue, IssueCode, UnreadableFileError
from domain.imports.tables import Formula, Table, TableRow
from domain.records.attendance import AttendanceCode

NUMBER_TITLES = frozenset(map(plain, ["№", "n", "no", "номер", "п/п", "№ п/п", "n п/п", "номер п/п", "number", ""]))
NAME_TITLES = frozenset(
    map(plain, ["pupil", "student", "name", "ФИО", "ученик", "обучающийся", "фамилия имя", "фамилия и имя",
                "фамилия, имя", "фамилия имя отчество", "ФИО обучающегося", "ФИО ученика", "ФИ", "список учащихся"])
)  # fmt: skip
MONTH = re.compile(r"[А-Яа-яЁё]{3,}\.?(?:\s+\d{4})?(?:\s*г\.?)?")
DAY_OF_MONTH = re.compile(r"\d{1,2}(?:\s*\(.*\))?", re.ASCII)
NUMBERED = re.compile(r"(?:обучающийся|ученик|№)?\s*№?\s*0*(\d{1,4})\.?", re.IGNORECASE)
DATE_WITH_LESSON = re.compile(r"(.+?)\s*\(\s*(\d)\s*(?:урок)?\s*\)")
TOKENS = re.compile(r"[\s/,;|]+")
# A keyboard left in Latin, a small letter: the same letter of the page.
LETTERS = str.maketrans("HYBOP", "НУБОР")
CODES = {
    "Н": AttendanceCode.ABSENT_UNEXCUSED,
    "НБ": AttendanceCode.ABSENT_UNEXCUSED,
    "У": AttendanceCode.ABSENT_EXCUSED,
    "УП": AttendanceCode.ABSENT_EXCUSED,
    "Б": AttendanceCode.ABSENT_ILLNESS,
    "ОП": AttendanceCode.LATE,
}


@dataclass(frozen=True)
class PageColumn:
    """A dated column: its place in the file, its day, and which of the day's lessons it is, from 1."""

    place: int
    title: str
    held_on: date
    number: int


@dataclass(frozen=True)
class Entry:
    """What a cell says: marks in their positions, and whether the student was there."""

    marks: tuple[int, ...] = ()
    attendance: AttendanceCode | None = None


@dataclass(frozen=True)
class PageRow:
    """A pupil's row: by number, by name or by both. `entries` by the number of the column in `Page.columns`."""

    row: TableRow
    number: int | None
    name: str | None
    entries: Sequence[tuple[int, Entry]]
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True)
class Page:
    """The page as it stands in the file."""

    columns: Sequence[PageColumn]
    rows: Sequence[PageRow]
    issues: tuple[Issue, ...] = field(default=())


def read_page(table: Table, *, year_of: "YearOf | None" = None) -> Page:
    """Read a page. `year_of` tells the year of a date that is written without one.

    Raises UnreadableFileError where no column has a date.
    """
    leading = 1 if len(table.header.cells) < 2 or _dated(table.header[1], year_of or _any_year) else 2
    columns, issues = _columns(table.header, leading, year_of)
    if not columns:
        raise UnreadableFileError(IssueCode.HEADER_UNKNOWN)
    has_number = leading == 2 or plain(table.header[0]) in NUMBER_TITLES
    return Page(columns, [_row(row, leading, columns, numbered=has_number) for row in table.rows], tuple(issues))


class YearOf:
    """The year of a day and month within the days of a period."""

    def __init__(self, starts_on: date, ends_on: date) -> None:
        self._starts_on, self._ends_on = starts_on, ends_on

    def __call__(self, month: int) -> int:
        """The later year from January on, where the period goes over New Year or the page is of its second half."""
        return self._starts_on.year if month >= self._starts_on.month else self._ends_on.year


def _dated(title: str, year_of: Callable[[int], int] | None) -> date | None:
    found = DATE_WITH_LESSON.fullmatch(title)
    try:
        return day((found[1] if found else title).rstrip("."), year_of=year_of)
    except UnreadableCellError:
        return None


def _any_year(_: int) -> int:
    """A year that has every day: only whether a title is a date is asked."""
    return 2024


def _meaning(title: str) -> str | None:
    if plain(title) in NAME_TITLES:
        return "name"
    if title and plain(title) in NUMBER_TITLES:
        return "number"
    return "date" if _dated(title, _any_year) else None


def _under_month(upper: str, lower: str) -> str:
    """A number of a day below a month is that day."""
    if DAY_OF_MONTH.fullmatch(lower) and MONTH.fullmatch(upper):
        number, bracket, lesson = lower.partition("(")
        return f"{number.strip()} {upper} {bracket}{lesson}".strip()
    return f"{upper} {lower}"


WORDS = HeaderWords(
    meaning=_meaning,
    is_complete=lambda names: "date" in names and bool({"name", "number"} & {*names}),
    strict=lambda name: name == "name",
    joined=_under_month,
    numbered=False,  # 1, 2, 3 may be the first pupil with two marks
)


def _columns(header: TableRow, leading: int, year_of: YearOf | None) -> tuple[list[PageColumn], list[Issue]]:
    columns: list[PageColumn] = []
    issues: list[Issue] = []
    seen: Counter[date] = Counter()
    for place, title in enumerate(header.cells[leading:], start=leading):
        held_on = _dated(title, year_of)
        if held_on is None:
            issues += [Issue(IssueCode.DATE_UNREADABLE, title, title, fatal=False)] if title else []
            continue
        seen[held_on] += 1
        columns.append(PageColumn(place, title, held_on, seen[held_on]))
    return columns, issues


def _row(row: TableRow, leading: int, columns: Sequence[PageColumn], *, numbered: bool) -> PageRow:
    number, name, found = _pupil(row, leading, numbered=numbered)
    issues = [*row.issues, *found]
    entries: list[tuple[int, Entry]] = []
    cells = row.cells
    for index, column in enumerate(columns):
        text = cells[column.place] if column.place < len(cells) else ""
        if not text:
            continue
        entry = read_cell(text)
        if isinstance(entry, Entry):
            entries.append((index, entry))
        else:
            issues.append(Issue(IssueCode.FORMULA if isinstance(text, Formula) else entry, column.title, text))
    return PageRow(row, number, name, entries, tuple(issues))


def _pupil(row: TableRow, leading: int, *, numbered: bool) -> tuple[int | None, str | None, list[Issue]]:
    formula = next((cell for cell in row.cells[:leading] if isinstance(cell, Formula)), None)
    if formula is not None:
        return None, None, [Issue(IssueCode.FORMULA, "pupil", formula)]
    first = row[0]
    found = NUMBERED.fullmatch(first)
    number = int(found[1]) if found else None
    name = row[1] if leading == 2 else (None if found else first)
    if leading == 2 and name and (also := NUMBERED.fullmatch(name)):
        name, number = None, number if number is not None else int(also[1])
    return number, name or None, list(_problems_of_pupil(first, number, name, numbered=numbered))


def _problems_of_pupil(first: str, number: int | None, name: str | None, *, numbered: bool) -> Iterator[Issue]:
    if number is None and not name:
        yield Issue(IssueCode.VALUE_MISSING, "pupil", first)
    elif numbered and name and first and number is None and first != name:
        yield Issue(IssueCode.CELL_UNREADABLE, "number", first)


def _letters(text: str) -> str:
    return text.upper().translate(LETTERS).replace("Р", "П") if text.isascii() else text.upper()


@lru_cache(maxsize=4096)
def read_cell(text: str) -> Entry | IssueCode:
    """Read «5», «5/4», «Н», «У», «Б», «ОП», «4 ОП»; or tell what is wrong with it.

    Whether a mark may stand beside an absence the rules say, who know the column (domain/writing/cells.py).
    """
    whole = _letters(text.strip(" ."))
    tokens = [whole.replace("/", "")] if whole in ("Н/Б", "У/П") else [one for one in TOKENS.split(whole) if one]
    marks = tuple(int(one) for one in tokens if one in ("1", "2", "3", "4", "5"))
    codes = [CODES[one] for one in tokens if one in CODES]
    if not tokens or len(marks) + len(codes) != len(tokens) or len(marks) > 2 or len(codes) > 1:
        return IssueCode.CELL_UNREADABLE
    return Entry(marks, codes[0] if codes else None)
