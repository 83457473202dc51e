"""Registers as lists: what may be asked of each at its root."""

from collections.abc import Iterator
from datetime import date

import strawberry
from sqlalchemy import ColumnElement
from sqlmodel import col

from domain import records
from schema.engine.mapping.declare import filters, mapping_of
from schema.engine.mapping.reference import require_key
from schema.organisations.organisation import Organisation
from schema.people.users import StaffMember

_OF_ORGANISATION = ("organisation", "Of this organisation (организация).")


@filters(
    organisation=_OF_ORGANISATION,
    since=("happened_on", "From this day on (с какого дня)."),
    until=("happened_on", "Up to this day, included (по какой день)."),
)
def achievements_listed(
    row: type[records.Achievement],
    organisation: strawberry.ID | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Iterator[ColumnElement[bool]]:
    """Achievements of a school, of some days."""
    yield from _at(row, organisation)
    if since is not None:
        yield col(row.happened_on) >= since
    if until is not None:
        yield col(row.happened_on) <= until


@filters(organisation=_OF_ORGANISATION, person=("person", "Of this StaffMember (сотрудник)."))
def employment_listed(
    row: type[records.EmploymentRecord],
    organisation: strawberry.ID | None = None,
    person: strawberry.ID | None = None,
) -> Iterator[ColumnElement[bool]]:
    """Entries of the staff files of an organisation, of one person."""
    yield from _at(row, organisation)
    if person is not None:
        yield col(row.person_id) == require_key(mapping_of(StaffMember), person)


@filters(organisation=_OF_ORGANISATION)
def programmes_listed(
    row: type[records.RehabilitationProgramme], organisation: strawberry.ID | None = None
) -> Iterator[ColumnElement[bool]]:
    """Programmes that a school carries out."""
    yield from _at(row, organisation)


@filters(
    organisation=_OF_ORGANISATION,
    school_year=("school_year", "Year in which the school year begins (учебный год)."),
)
def screenings_listed(
    row: type[records.ScreeningParticipation],
    organisation: strawberry.ID | None = None,
    school_year: int | None = None,
) -> Iterator[ColumnElement[bool]]:
    """Participation at a school, in a year."""
    yield from _at(row, organisation)
    if school_year is not None:
        yield col(row.school_year) == school_year


Register = (
    type[records.Achievement]
    | type[records.EmploymentRecord]
    | type[records.RehabilitationProgramme]
    | type[records.ScreeningParticipation]
)


def _at(row: Register, organisation: strawberry.ID | None) -> Iterator[ColumnElement[bool]]:
    if organisation is not None:
        yield col(row.organisation_id) == require_key(mapping_of(Organisation), organisation)
