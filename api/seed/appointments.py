"""Parts of the demo people that no class brings with it: management, the district, a guest, a ban."""

from collections.abc import Iterator
from datetime import date

from api.seed.calendar import Calendar
from api.seed.grants import Grants
from api.seed.ids import (
    CHELYABINSK,
    EIGHTH_MUNICIPALITY,
    HOME_MUNICIPALITY,
    KRASNOYARSK,
    MAIN,
    person_id,
    pupil_id,
    seed_id,
)
from api.seed.organisations import TIME_ZONES
from api.seed.staff import HIRED, Staff
from domain.records.base import Record
from domain.records.users import Restriction, RestrictionKind
from domain.roles import ReachKind, Role

ZONE = TIME_ZONES[KRASNOYARSK]
MAIN_SCHOOL_ID = seed_id("school", MAIN)


def main_office() -> Grants:
    """The office of the main school: the administrator grants, the deputy head confirms."""
    return Grants(MAIN_SCHOOL_ID, ZONE, person_id("org-admin"), person_id("deputy-head"))


def appointments(staff: Staff, calendar: Calendar) -> Iterator[Record]:
    """Appoint those who work for the whole school, the district's coordinator and the guest."""
    since = calendar.year_start
    principal = staff.invent("principal", "Директор")
    municipality_id = seed_id("municipality", KRASNOYARSK, HOME_MUNICIPALITY)
    admin, deputy, coordinator, guest = map(person_id, ("org-admin", "deputy-head", "municipal-coordinator", "guest"))
    region = Grants(seed_id("region", KRASNOYARSK), ZONE)
    # The first administrator and the coordinator are named on the server; the deputy cannot confirm herself.
    server, confirmed_by_principal = Grants(MAIN_SCHOOL_ID, ZONE), Grants(MAIN_SCHOOL_ID, ZONE, admin, principal.id)
    district = Grants(municipality_id, ZONE)
    yield server.grant(admin, Role.ORG_ADMIN, ReachKind.ORGANISATION, since)
    yield confirmed_by_principal.grant(deputy, Role.DEPUTY_HEAD, ReachKind.ORGANISATION, since)
    yield district.grant(coordinator, Role.MUNICIPAL_COORDINATOR, ReachKind.ORGANISATION_TREE, since)
    yield region.grant(person_id("regional-coordinator"), Role.REGIONAL_COORDINATOR, ReachKind.ORGANISATION_TREE, since)
    yield server.grant(guest, Role.GUEST, ReachKind.PUBLIC, since)


def coordinators_of_figures(calendar: Calendar) -> Iterator[Record]:
    """Appoint those in Chelyabinsk region who rate, and who asks why the district is 8th."""
    region, zone = seed_id("region", CHELYABINSK), TIME_ZONES[CHELYABINSK]
    district = seed_id("municipality", CHELYABINSK, EIGHTH_MUNICIPALITY)
    for key, role, place in (
        ("chelyabinsk-coordinator", Role.REGIONAL_COORDINATOR, region),
        ("korkino-coordinator", Role.MUNICIPAL_COORDINATOR, district),
    ):
        yield Grants(place, zone).grant(person_id(key), role, ReachKind.ORGANISATION_TREE, calendar.year_start)


def ban(calendar: Calendar) -> Restriction:
    """Ban a father, who teaches at the school, from what concerns his child."""
    return Restriction(
        id=seed_id("restriction", "banned-guardian-teacher"),
        person_id=person_id("banned-guardian-teacher"),
        subject_person_id=pupil_id(MAIN, "7А", "banned"),
        kind=RestrictionKind.COURT_BAN,
        act="Решение суда № 0-000 (вымышленное)",
        valid_from=max(HIRED, date(calendar.school_year, 9, 1)),
    )
