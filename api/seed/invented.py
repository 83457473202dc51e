"""The invented schools: one that is full of life, and three small ones elsewhere to be kept apart from it."""

from collections.abc import Iterator
from uuid import UUID

from api.seed.ids import (
    BRANCH,
    CHELYABINSK,
    HOME_MUNICIPALITY,
    KRASNOYARSK,
    MAIN,
    OTHER_MUNICIPALITY,
    OTHER_REGION,
    SECOND,
    SECOND_MUNICIPALITY,
    seed_id,
)
from api.seed.organisations import TIME_ZONES
from domain.identifiers import inn_check_digits, ogrn_check_digit
from domain.records.organisations import HeadStatus, IdentifierStatus, Organisation, OrganisationKind, Provenance


def invented_schools() -> Iterator[Organisation]:
    """Make the four schools, the head before its branch."""
    home, second = (seed_id("municipality", KRASNOYARSK, name) for name in (HOME_MUNICIPALITY, SECOND_MUNICIPALITY))
    main = _school(MAIN, 1, "Школа № 0 (вымышленная)", home, KRASNOYARSK)
    yield main
    yield _school(SECOND, 2, "Школа № 00 (вымышленная)", second, KRASNOYARSK)
    elsewhere = seed_id("municipality", CHELYABINSK, OTHER_MUNICIPALITY)
    yield _school(OTHER_REGION, 3, "Школа № 000 (вымышленная)", elsewhere, CHELYABINSK)
    yield _branch(main)


def synthetic_ogrn(number: int) -> str:
    """Make an OGRN of a region that does not exist, with the check digit it would have."""
    twelve = f"10000{number:07}"
    return twelve + ogrn_check_digit(twelve + "0")


def synthetic_inn(number: int) -> str:
    """Make an INN of a region that does not exist, with the check digit it would have."""
    nine = f"{number:09}"
    return nine + inn_check_digits(nine + "0")


def _school(key: str, number: int, name: str, municipality_id: UUID, region: str) -> Organisation:
    return Organisation(
        id=seed_id("school", key),
        kind=OrganisationKind.SCHOOL,
        name=name,
        short_name=name.removesuffix(" (вымышленная)"),
        parent_id=municipality_id,
        ogrn=synthetic_ogrn(number),
        ogrn_status=IdentifierStatus.VALID,
        inn=synthetic_inn(number),
        inn_status=IdentifierStatus.VALID,
        time_zone=TIME_ZONES[region],
        provenance=Provenance.SYNTHETIC,
        ancestor_ids=[],  # kept by the database
    )


def _branch(head: Organisation) -> Organisation:
    return Organisation(
        id=seed_id("school", BRANCH),
        kind=OrganisationKind.SCHOOL,
        name="Филиал школы № 0 (вымышленный)",
        short_name="Филиал школы № 0",
        parent_id=head.id,
        branch_of_id=head.id,
        ogrn=head.ogrn,
        ogrn_status=IdentifierStatus.VALID,
        inn_status=IdentifierStatus.AS_HEAD_ORGANISATION,
        head_status=HeadStatus.BRANCH,
        time_zone=head.time_zone,
        provenance=Provenance.SYNTHETIC,
        ancestor_ids=[],  # kept by the database
    )
