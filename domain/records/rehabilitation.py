"""Rehabilitation programmes (ИПРА): what they ask of education, what was planned, and what was carried out.

Special data: of the form of the medical office nothing is kept but its number, its dates and the part on education.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint

from domain.records.base import OrganisationId, PersonId, Special, choice, key, reference
from domain.records.recorded import Recorded


class MeasureOutcome(StrEnum):
    """What became of a measure."""

    DONE = "DONE"
    PARTLY = "PARTLY"
    REFUSED = "REFUSED"
    NOT_DONE = "NOT_DONE"


class RehabilitationProgramme(Recorded, table=True):
    """The part on education of a child's programme. The name stands here: who works with it sees no student card."""

    __tablename__ = "rehabilitation_programme"
    __table_args__ = (CheckConstraint("ends_on is null or ends_on > starts_on", name="rehabilitation_programme_dates"),)

    id: Special[UUID] = key()
    student_id: PersonId = reference("person.id")
    organisation_id: OrganisationId = reference("organisation.id")
    student_name: Special[str]
    number: Special[str]
    starts_on: Special[date]
    ends_on: Special[date | None] = None
    education_part: Special[str]


class RehabilitationMeasure(Recorded, table=True):
    """A measure that the school plans for a programme."""

    __tablename__ = "rehabilitation_measure"

    id: Special[UUID] = key()
    programme_id: Special[UUID] = reference("rehabilitation_programme.id")
    student_id: PersonId = reference("person.id")
    organisation_id: OrganisationId = reference("organisation.id")
    name: Special[str]
    due_on: Special[date]


class RehabilitationReport(Recorded, table=True):
    """What was reported of a measure. A later report stands beside the earlier ones."""

    __tablename__ = "rehabilitation_report"

    id: Special[UUID] = key()
    measure_id: Special[UUID] = reference("rehabilitation_measure.id")
    student_id: PersonId = reference("person.id")
    organisation_id: OrganisationId = reference("organisation.id")
    outcome: Special[MeasureOutcome] = choice(MeasureOutcome)
    executed_on: Special[date]
    note: Special[str | None] = None
