"""Two regions: Krasnoyarsk with the organisations of both registers, Chelyabinsk with its municipalities."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from api.seed.files import read_cells
from api.seed.ids import CHELYABINSK, KRASNOYARSK, seed_id
from domain.catalogue.tables import read_cells as read_catalogue
from domain.records.organisations import Organisation, OrganisationKind, Provenance, RegistryIssue
from domain.registry import RegistryRow, RowKey, compare, parse_myschool, parse_sferum

MYSCHOOL_FILE = "myschool_inactive_schools_raw.csv"
SFERUM_FILE = "sferum_inactive_organisations.csv"
CHELYABINSK_FILE = "chelyabinsk_group_points.csv"
FILES = {"myschool": MYSCHOOL_FILE, "sferum": SFERUM_FILE}
TIME_ZONES = {KRASNOYARSK: "Asia/Krasnoyarsk", CHELYABINSK: "Asia/Yekaterinburg"}


def regions() -> Iterator[Organisation]:
    """Make the roots of the tree."""
    for name in TIME_ZONES:
        yield _node(OrganisationKind.REGION, name, name, None)


def registered() -> Iterator[Organisation | RegistryIssue]:
    """Make the municipalities and organisations of the Krasnoyarsk registers, with everything that is wrong in them.

    Parents and heads come before those that refer to them.
    """
    rows = registry_rows()
    yield from _municipalities(rows)
    by_key = {row.key: row for row in rows}
    for row in sorted(rows, key=lambda row: row.head is not None):
        yield _organisation(row, by_key)
    for row in rows:
        yield from _issues(row)


def registry_rows() -> list[RegistryRow]:
    """Read both registers, compared with each other."""
    schools = parse_myschool(read_cells(MYSCHOOL_FILE))
    known = {row.municipality for row in schools}
    return compare([*schools, *parse_sferum(read_cells(SFERUM_FILE), region=KRASNOYARSK, municipalities=known)])


def chelyabinsk_municipalities() -> Iterator[Organisation]:
    """Make the 43 municipalities of the published rating."""
    header, *rows = read_catalogue(CHELYABINSK_FILE)
    column = header.index("municipality")
    for row in rows:
        yield _node(OrganisationKind.MUNICIPALITY, CHELYABINSK, row[column], CHELYABINSK_FILE)


def registered_id(key: RowKey) -> UUID:
    """Give the id of the organisation that a register's row became."""
    return seed_id("organisation", *key)


def municipality_code(oktmo: str) -> str:
    """Give the code of the municipality that a settlement's code belongs to: its first five digits."""
    return oktmo[:5] + "000"


def _municipalities(rows: Iterable[RegistryRow]) -> Iterator[Organisation]:
    in_place: dict[str, list[RegistryRow]] = defaultdict(list)
    for row in rows:
        in_place[row.municipality].append(row)
    for name, found in in_place.items():
        codes = {municipality_code(row.oktmo) for row in found if row.oktmo}
        source = FILES[found[0].key.register]
        yield _node(OrganisationKind.MUNICIPALITY, KRASNOYARSK, name, source, codes.pop() if len(codes) == 1 else None)


def _node(kind: OrganisationKind, region: str, name: str, source: str | None, oktmo: str | None = None) -> Organisation:
    root = kind is OrganisationKind.REGION
    return Organisation(
        id=seed_id("region", name) if root else seed_id("municipality", region, name),
        kind=kind,
        name=name,
        parent_id=None if root else seed_id("region", region),
        oktmo=oktmo,
        time_zone=TIME_ZONES[region],
        provenance=Provenance.PUBLISHED,
        source=source,
        ancestor_ids=[],  # kept by the database
    )


def _organisation(row: RegistryRow, by_key: Mapping[RowKey, RegistryRow]) -> Organisation:
    head = by_key[row.head] if row.head else None
    # A branch stands below its head, unless that would move it out of the municipality it was printed in.
    below_head = head is not None and head.municipality == row.municipality
    return Organisation(
        id=registered_id(row.key),
        kind=row.kind,
        name=row.name,
        parent_id=registered_id(head.key)
        if head and below_head
        else seed_id("municipality", row.region, row.municipality),
        branch_of_id=registered_id(head.key) if head else None,
        oktmo=row.oktmo,
        ogrn=row.ogrn,
        ogrn_status=row.ogrn_status,
        inn=row.inn,
        inn_status=row.inn_status,
        head_status=row.head_status,
        time_zone=TIME_ZONES[row.region],
        provenance=Provenance.PUBLISHED,
        source=f"{FILES[row.key.register]}, строка {row.key.line}",
        ancestor_ids=[],  # kept by the database
    )


def _issues(row: RegistryRow) -> Iterator[RegistryIssue]:
    for number, problem in enumerate(row.problems):
        yield RegistryIssue(
            id=seed_id("issue", *row.key, number),
            organisation_id=registered_id(row.key),
            code=problem.code,
            column_name=problem.column,
            raw=problem.raw,
        )
