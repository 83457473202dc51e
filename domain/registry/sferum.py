"""The register of Sferum: no OGRN column, municipalities in short, an INN that a branch shares with its head."""

from collections.abc import Iterable, Sequence

from domain.identifiers import inn_status
from domain.records.organisations import HeadStatus, IdentifierStatus, OrganisationKind, RegistryIssueCode
from domain.registry.municipalities import UNKNOWN_MUNICIPALITY, is_cut_in_print, match_municipality
from domain.registry.myschool import identifier_problems
from domain.registry.names import is_cut, kind_of
from domain.registry.rows import RegistryProblem, RegistryRow, RowKey

REGISTER = "sferum"
HEADER = ("source_row", "name", "type", "municipality", "status", "registrations", "teachers", "pupils", "inn")
COUNTS = HEADER[5:8]
NAME_WIDTH = 59
KINDS = {
    "СПО": OrganisationKind.VOCATIONAL,
    "Доп. образование детей": OrganisationKind.EXTRA_EDUCATION,
    "Дошкольная ОО": OrganisationKind.PRESCHOOL,
}
BRANCH = "филиал"


def parse_sferum(rows: Iterable[Sequence[str]], *, region: str, municipalities: Iterable[str]) -> list[RegistryRow]:
    """Read rows of cells, the header first. The file names no region; `municipalities` are those known already."""
    header, *lines = rows
    if tuple(header) != HEADER:
        raise ValueError(f"not the register of Sferum: {header}")
    known = frozenset(municipalities)
    return [_row(line, cells, region, known) for line, cells in enumerate(lines, start=1)]


def _row(line: int, cells: Sequence[str], region: str, known: Iterable[str]) -> RegistryRow:
    cell = dict(zip(HEADER, [*cells, *[""] * (len(HEADER) - len(cells))], strict=False))
    # A branch may be entered under the type of its head: then only its name says what it is.
    is_branch = BRANCH in f"{cell['type']} {cell['name']}".casefold()
    return RegistryRow(
        key=RowKey(REGISTER, line),
        printed_number=cell["source_row"],
        region=region,
        municipality=match_municipality(cell["municipality"], known) or UNKNOWN_MUNICIPALITY,
        municipality_printed=cell["municipality"],
        oktmo=None,
        kind=KINDS.get(cell["type"]) or kind_of(cell["name"]),
        name=cell["name"],
        ogrn=None,
        ogrn_status=IdentifierStatus.MISSING,
        inn=cell["inn"] or None,
        inn_status=inn_status(cell["inn"]),
        head_status=HeadStatus.HEAD_UNRESOLVED if is_branch else HeadStatus.HEAD,
        counts={name: int(cell[name]) for name in COUNTS if cell[name].isdecimal()},
        problems=tuple(_problems(cell)),
    )


def _problems(cell: dict[str, str]) -> Iterable[RegistryProblem]:
    yield from identifier_problems("inn", cell["inn"], inn_status(cell["inn"]))
    if not cell["municipality"].strip():
        yield RegistryProblem(RegistryIssueCode.MUNICIPALITY_UNKNOWN, "municipality", cell["municipality"])
    if is_cut_in_print(cell["municipality"]):
        yield RegistryProblem(RegistryIssueCode.NAME_CUT, "municipality", cell["municipality"])
    if is_cut(cell["name"], NAME_WIDTH):
        yield RegistryProblem(RegistryIssueCode.NAME_CUT, "name", cell["name"])
