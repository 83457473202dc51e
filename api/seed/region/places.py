"""The invented region: its municipalities and schools, and what each school is to hold."""

from collections.abc import Iterator
from uuid import UUID

from api.seed.dice import dice_for
from api.seed.ids import seed_id
from api.seed.invented import synthetic_inn, synthetic_ogrn
from api.seed.region.plan import Cells, PlanTable, RegionPlan
from domain.records.organisations import IdentifierStatus, Organisation, OrganisationKind, Provenance

NAME, ZONE = "Край № 00 (вымышленный)", "Asia/Krasnoyarsk"
REGION_ID = seed_id("region", NAME)
PUPILS_IN_A_CLASS, PUPILS_OF_SMALL_SCHOOLS = 25, (5, 12)
FIRST_NUMBER = 100
"""Schools of the demo have the registry numbers below."""


def school_id(number: int) -> UUID:
    """Give the id of a school of the region, by its number from 1; the large ones come first."""
    return seed_id("region school", number)


def places(plan: RegionPlan) -> Iterator[Organisation]:
    """Make the region with its municipalities and schools, parents before children."""
    yield _place(REGION_ID, OrganisationKind.REGION, NAME, None)
    for number in range(1, plan.municipalities + 1):
        name = f"Округ № {number} (вымышленный)"
        yield _place(_municipality_id(number), OrganisationKind.MUNICIPALITY, name, REGION_ID)
    for number in range(1, plan.schools + 1):
        yield _school(number, _municipality_id(1 + number % plan.municipalities))


def plan_school(plan: RegionPlan) -> PlanTable:
    """Give the schools with their numbers of classes and of pupils in a class."""
    rows = [_size(plan, number) for number in range(1, plan.schools + 1)]
    return PlanTable("plan_school", "number int, id uuid, large boolean, classes int, pupils int", rows)


def _size(plan: RegionPlan, number: int) -> Cells:
    dice, large = dice_for("region", plan.seed, number), number <= plan.large
    if large:
        return number, school_id(number), True, dice.randint(plan.fewest, plan.most), PUPILS_IN_A_CLASS
    return number, school_id(number), False, 1, dice.randint(*PUPILS_OF_SMALL_SCHOOLS)


def _municipality_id(number: int) -> UUID:
    return seed_id("region municipality", number)


def _place(row_id: UUID, kind: OrganisationKind, name: str, parent_id: UUID | None) -> Organisation:
    return Organisation(
        id=row_id,
        kind=kind,
        name=name,
        parent_id=parent_id,
        time_zone=ZONE,
        provenance=Provenance.SYNTHETIC,
        ancestor_ids=[],  # kept by the database
    )


def _school(number: int, municipality_id: UUID) -> Organisation:
    row = _place(
        school_id(number), OrganisationKind.SCHOOL, f"Школа № {number} края № 00 (вымышленная)", municipality_id
    )
    row.short_name = f"Школа № {number}"
    row.ogrn, row.ogrn_status = synthetic_ogrn(FIRST_NUMBER + number), IdentifierStatus.VALID
    row.inn, row.inn_status = synthetic_inn(FIRST_NUMBER + number), IdentifierStatus.VALID
    return row
