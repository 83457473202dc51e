"""The register of «Моя школа»: columns slip to the left where OGRN or INN is missing, names are cut."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.identifiers import AS_HEAD, inn_status, ogrn_status
from domain.records.organisations import HeadStatus, IdentifierStatus, RegistryIssueCode
from domain.registry.municipalities import UNKNOWN_MUNICIPALITY
from domain.registry.names import is_cut, kind_of
from domain.registry.rows import RegistryProblem, RegistryRow, RowKey

REGISTER = "myschool"
HEADER = (
    "source_row", "region", "municipality", "oktmo", "org_level", "ogrn", "inn", "name", "orgs", "active_orgs",
    "teachers", "active_teachers", "pupils",
)  # fmt: skip
PLACE, COUNTS = HEADER[:5], HEADER[8:]
BRANCH = "филиал"
NAME_WIDTH = 28
INN_LENGTHS, OGRN_LENGTHS = (10, 12), (13, 15)


@dataclass(frozen=True)
class Unslipped:
    """The right half of a row with every cell back in its column."""

    ogrn: str
    inn: str
    name: str
    counts: Sequence[str]
    slipped: bool


def parse_myschool(rows: Iterable[Sequence[str]]) -> list[RegistryRow]:
    """Read rows of cells, the header first. Raises ValueError for a header that is not this register's."""
    header, *lines = rows
    if tuple(header) != HEADER:
        raise ValueError(f"not the register of «Моя школа»: {header}")
    return [_row(line, cells) for line, cells in enumerate(lines, start=1)]


def unslip(cells: Sequence[str]) -> Unslipped:
    """Put the cells right of `org_level` back: numbers and «как у головной» first, then the name, then counts.

    A number in the wrong column is told by its length. «Как у головной» alone stands for the INN: that is where the
    register prints it, and what is missing then is the OGRN. Zeros fill the row up on the right.
    """
    numbers = 0
    while numbers < 2 and _is_number(cells[numbers]):
        numbers += 1
    ogrn, inn = _by_length(cells[:numbers])
    name, *counts = cells[numbers:]
    return Unslipped(ogrn, inn, name, counts[: len(COUNTS)], slipped=[ogrn, inn] != list(cells[:2]))


def _by_length(numbers: Sequence[str]) -> tuple[str, str]:
    if len(numbers) == 2:
        swapped = len(numbers[0]) in INN_LENGTHS and len(numbers[1]) in OGRN_LENGTHS
        return (numbers[1], numbers[0]) if swapped else (numbers[0], numbers[1])
    alone = numbers[0] if numbers else ""
    return (alone, "") if len(alone) in OGRN_LENGTHS and alone.isdecimal() else ("", alone)


def _is_number(cell: str) -> bool:
    return not cell.strip() or cell.strip().isdecimal() or cell.strip().casefold() == AS_HEAD


def _row(line: int, cells: Sequence[str]) -> RegistryRow:
    cells = [*cells, *[""] * (len(HEADER) - len(cells))]
    number, region, municipality, oktmo, level = cells[: len(PLACE)]
    rest = unslip(cells[len(PLACE) :])
    is_branch = level.strip().casefold() == BRANCH
    return RegistryRow(
        key=RowKey(REGISTER, line),
        printed_number=number,
        region=region,
        municipality=municipality.strip() or UNKNOWN_MUNICIPALITY,
        municipality_printed=municipality,
        oktmo=oktmo or None,
        kind=kind_of(rest.name),
        name=rest.name,
        ogrn=rest.ogrn or None,
        ogrn_status=ogrn_status(rest.ogrn),
        inn=None if inn_status(rest.inn) is IdentifierStatus.AS_HEAD_ORGANISATION else rest.inn or None,
        inn_status=inn_status(rest.inn),
        head_status=HeadStatus.HEAD_UNRESOLVED if is_branch else HeadStatus.HEAD,
        counts={name: int(cell) for name, cell in zip(COUNTS, rest.counts, strict=False) if cell.isdecimal()},
        problems=tuple(_problems(cells, municipality, rest)),
    )


def _problems(cells: Sequence[str], municipality: str, rest: Unslipped) -> Iterable[RegistryProblem]:
    if rest.slipped:
        yield RegistryProblem(RegistryIssueCode.COLUMNS_SLIPPED, "ogrn", ",".join(cells))
    yield from identifier_problems("ogrn", rest.ogrn, ogrn_status(rest.ogrn))
    yield from identifier_problems("inn", rest.inn, inn_status(rest.inn))
    if not municipality.strip():
        yield RegistryProblem(RegistryIssueCode.MUNICIPALITY_UNKNOWN, "municipality", municipality)
    if is_cut(rest.name, NAME_WIDTH):
        yield RegistryProblem(RegistryIssueCode.NAME_CUT, "name", rest.name)


def identifier_problems(column: str, printed: str, status: IdentifierStatus) -> Iterable[RegistryProblem]:
    """Report a number that is missing or cannot be right; one of a wrong form fails its check all the more."""
    missing, failed = {
        "ogrn": (RegistryIssueCode.OGRN_MISSING, RegistryIssueCode.OGRN_CHECK_DIGIT_FAILED),
        "inn": (RegistryIssueCode.INN_MISSING, RegistryIssueCode.INN_CHECK_DIGIT_FAILED),
    }[column]
    if status is IdentifierStatus.MISSING:
        yield RegistryProblem(missing, column, printed)
    if status in (IdentifierStatus.CHECK_DIGIT_FAILED, IdentifierStatus.MALFORMED):
        yield RegistryProblem(failed, column, printed)
