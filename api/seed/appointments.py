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
    SECOND,
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
    staff.invent("principal", "Заместитель директора по хозяйственной части")
    principal = person_id("principal")
    municipality_id = seed_id("municipality", KRASNOYARSK, HOME_MUNICIPALITY)
    admin, deputy, coordinator, guest = map(person_id, ("org-admin", "deputy-head", "municipal-coordinator", "guest"))
    region = Grants(seed_id("region", KRASNOYARSK), ZONE)
    # The first administrator and the coordinator are named on the server; the deputy cannot confirm herself.
    server, confirmed_by_principal = Grants(MAIN_SCHOOL_ID, ZONE), Grants(MAIN_SCHOOL_ID, ZONE, admin, principal)
    district = Grants(municipality_id, ZONE)
    yield server.grant(admin, Role.ORG_ADMIN, ReachKind.ORGANISATION, since)
    yield confirmed_by_principal.grant(deputy, Role.DEPUTY_HEAD, ReachKind.ORGANISATION, since)
    yield district.grant(coordinator, Role.MUNICIPAL_COORDINATOR, ReachKind.ORGANISATION_TREE, since)
    yield region.grant(person_id("regional-coordinator"), Role.REGIONAL_COORDINATOR, ReachKind.ORGANISATION_TREE, since)
    yield server.grant(guest, Role.GUEST, ReachKind.PUBLIC, since)
    yield from rarer_roles(since, region)


OPERATORS = {
    "enrolment-operator": Role.ENROLMENT_OPERATOR,
    "hr-specialist": Role.HR_SPECIALIST,
    "talent-operator": Role.TALENT_OPERATOR,
    "rehabilitation-operator": Role.REHABILITATION_OPERATOR,
    "screening-specialist": Role.SCREENING_SPECIALIST,
}
"""Roles of a school that its principal confirms, by key."""

TECHNICAL = {
    "curriculum-specialist": (Role.CURRICULUM_SPECIALIST, ReachKind.ORGANISATION),
    "mail-user": (Role.MAIL_USER, ReachKind.SELF),
    "org-mailbox": (Role.ORG_MAILBOX, ReachKind.ORGANISATION),
}
"""Roles of a school that open no personal data, by key: nobody confirms them."""


def rarer_roles(since: date, region: Grants) -> Iterator[Record]:
    """Appoint the principal, the operators of the school, and those who watch over it."""
    principal, admin = person_id("principal"), person_id("org-admin")
    municipal, regional = person_id("municipal-coordinator"), person_id("regional-coordinator")
    founder = Grants(MAIN_SCHOOL_ID, ZONE, municipal, regional)
    yield founder.grant(principal, Role.PRINCIPAL, ReachKind.ORGANISATION, since)
    confirmed, at_once = Grants(MAIN_SCHOOL_ID, ZONE, admin, principal), Grants(MAIN_SCHOOL_ID, ZONE, admin)
    for key, role in OPERATORS.items():
        yield confirmed.grant(person_id(key), role, ReachKind.ORGANISATION, since)
    for key, (role, reach) in TECHNICAL.items():
        yield at_once.grant(person_id(key), role, reach, since)
    municipality = Grants(seed_id("municipality", KRASNOYARSK, HOME_MUNICIPALITY), ZONE, regional)
    tree, specialist = ReachKind.ORGANISATION_TREE, person_id("general-specialist")
    yield municipality.grant(specialist, Role.GENERAL_EDUCATION_SPECIALIST, tree, since)
    yield region.grant(person_id("authority-viewer"), Role.AUTHORITY_VIEWER, tree, since)
    yield region.grant(person_id("auditor"), Role.AUDITOR, tree, since)
    for place in (MAIN_SCHOOL_ID, seed_id("school", SECOND)):
        watched = Grants(place, ZONE, regional)
        yield watched.grant(person_id("expert"), Role.EXPERT, ReachKind.ORGANISATION, since, date(since.year + 1, 9, 1))


def coordinators_of_figures(calendar: Calendar) -> Iterator[Record]:
    """Appoint those in Chelyabinsk region who rate and who publish, and who asks why the district is 8th."""
    region, zone = seed_id("region", CHELYABINSK), TIME_ZONES[CHELYABINSK]
    district = seed_id("municipality", CHELYABINSK, EIGHTH_MUNICIPALITY)
    for key, role, place in (
        ("chelyabinsk-coordinator", Role.REGIONAL_COORDINATOR, region),
        ("chelyabinsk-publisher", Role.REGIONAL_COORDINATOR, region),
        ("korkino-coordinator", Role.MUNICIPAL_COORDINATOR, district),
    ):
        yield Grants(place, zone).grant(person_id(key), role, ReachKind.ORGANISATION_TREE, calendar.prepared_on)


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
