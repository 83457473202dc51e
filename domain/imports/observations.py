"""Figures in a file: one value a row, by organisation, indicator and period; counts or the reason for none as well."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.imports.headers import Columns, HeaderWords, match_columns, meanings_of
from domain.imports.issues import Issue, IssueCode, UnreadableFileError
from domain.imports.tables import Formula, Table, TableRow
from domain.observation_values import ObservedValue
from domain.records.observations import NoDataReason
from domain.reporting_periods import BadPeriod, reporting_days
from domain.text import folded
from domain.units import exact

HEADERS: Mapping[str, Sequence[str]] = {
    "organisation": ("Организация", "Наименование", "Муниципалитет", "Школа", "organisation", "name"),
    "ogrn": ("ОГРН", "ogrn"),
    "oktmo": ("ОКТМО", "oktmo"),
    "indicator": ("Показатель", "Код показателя", "indicator"),
    "period": ("Период", "period"),
    "value": ("Значение", "value"),
    "numerator": ("Числитель", "numerator"),
    "denominator": ("Знаменатель", "denominator"),
    "no_data": ("Нет данных", "Причина отсутствия", "no data"),
    "source": ("Источник", "source"),
}
NEEDED = ("indicator", "period")
PLACES = ("organisation", "ogrn", "oktmo")
REASONS = {
    NoDataReason.NOT_REPORTED: ("не сообщено", "нет данных", "н/д", "not_reported", "not reported"),
    NoDataReason.NOT_APPLICABLE: ("неприменимо", "не применимо", "not_applicable", "not applicable"),
    NoDataReason.NOBODY_COUNTED: ("некого считать", "nobody_counted", "nobody counted"),
}
NUMBER = re.compile(r"-?\d{1,15}([.,]\d{1,10})?", re.ASCII)


WORDS = HeaderWords(
    meaning=meanings_of(HEADERS),
    is_complete=lambda names: {*NEEDED} <= {*names} and not {*PLACES}.isdisjoint(names),
    strict=lambda name: name in ("organisation", "indicator", "period", "source"),
)


@dataclass(frozen=True)
class FigureRow:
    """A row: how it names the organisation, what it says, and what is wrong with it."""

    row: TableRow
    organisation: str
    ogrn: str
    oktmo: str
    indicator: str
    period: str
    said: ObservedValue
    source: str | None
    issues: tuple[Issue, ...]


@dataclass(frozen=True)
class FigureTable:
    """All rows in their order, and what was noticed of the file."""

    rows: Sequence[FigureRow]
    issues: tuple[Issue, ...]


def read_figures(table: Table) -> FigureTable:
    """Read a table of figures. Raises UnreadableFileError where a column that is needed is missing."""
    columns = match_columns(table.header, HEADERS)
    for name in NEEDED:
        if name not in columns:
            raise UnreadableFileError(IssueCode.COLUMN_MISSING, HEADERS[name][0])
    if not any(name in columns for name in PLACES):
        raise UnreadableFileError(IssueCode.COLUMN_MISSING, HEADERS["organisation"][0])
    return FigureTable([_figure(columns, row) for row in table.rows], columns.issues)


def _figure(columns: Columns, row: TableRow) -> FigureRow:
    issues: list[Issue] = [*row.issues]
    period, indicator = columns.cell(row, "period"), columns.cell(row, "indicator")
    numbers = {name: _number(columns, row, name, issues) for name in ("value", "numerator", "denominator")}
    said = ObservedValue(**numbers, no_data=_reason(columns, row, issues))
    try:
        reporting_days(period)
    except BadPeriod:
        issues.append(Issue(IssueCode.PERIOD_UNREADABLE, columns.title("period"), period))
    if formula := next((cell for cell in row.cells if isinstance(cell, Formula)), None):
        issues.append(Issue(IssueCode.FORMULA, None, formula))
    source = columns.cell(row, "source") or None
    organisation, ogrn, oktmo = (columns.cell(row, name) for name in PLACES)
    return FigureRow(row, organisation, ogrn, oktmo, indicator, period, said, source, tuple(issues))


def _number(columns: Columns, row: TableRow, name: str, issues: list[Issue]) -> Fraction | None:
    """A number as people write it: a comma for the point, a per cent sign behind, spaces between thousands."""
    cell = columns.cell(row, name)
    bare = cell.replace(" ", "").replace("\xa0", "").removesuffix("%")
    if not bare:
        return None
    if not NUMBER.fullmatch(bare):
        issues.append(Issue(IssueCode.NUMBER_UNREADABLE, columns.title(name), cell))
        return None
    return exact(bare.replace(",", "."))


def _reason(columns: Columns, row: TableRow, issues: list[Issue]) -> NoDataReason | None:
    cell = columns.cell(row, "no_data")
    if not cell:
        return None
    found = next((reason for reason, words in REASONS.items() if folded(cell) in map(folded, words)), None)
    if found is None:
        issues.append(Issue(IssueCode.REASON_UNREADABLE, columns.title("no_data"), cell))
    return found
