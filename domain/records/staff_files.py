"""Staff files: what personnel orders say of a member of staff, entry by entry."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint

from domain.records.base import OrganisationId, Personal, PersonId, choice, key, reference
from domain.records.recorded import Recorded


class EmploymentEvent(StrEnum):
    """What an order says."""

    HIRED = "HIRED"
    TRANSFERRED = "TRANSFERRED"
    QUALIFIED = "QUALIFIED"
    DISMISSED = "DISMISSED"


class QualificationCategory(StrEnum):
    """Categories of teaching staff, as attestation gives them."""

    NONE = "NONE"
    SUITABLE = "SUITABLE"
    FIRST = "FIRST"
    HIGHEST = "HIGHEST"
    METHODOLOGIST = "METHODOLOGIST"
    MENTOR = "MENTOR"


class EmploymentRecord(Recorded, table=True):
    """An entry of a staff file, made by an order (приказ по личному составу)."""

    __tablename__ = "employment_record"
    __table_args__ = (CheckConstraint("order_number <> ''", name="employment_record_order"),)

    id: Personal[UUID] = key()
    person_id: PersonId = reference("person.id")
    organisation_id: OrganisationId = reference("organisation.id")
    event: Personal[EmploymentEvent] = choice(EmploymentEvent)
    happened_on: Personal[date]
    position: Personal[str]
    category: Personal[QualificationCategory | None] = choice(QualificationCategory, nullable=True)
    education: Personal[str | None] = None
    order_number: Personal[str]
    ordered_on: Personal[date]
