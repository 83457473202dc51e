"""Psychological screening (СПТ): who was asked, who consented, who took part. Answers and results are never kept."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint

from domain.records.base import ClassGroupId, OrganisationId, PersonId, Special, choice, key, reference
from domain.records.recorded import Recorded
from domain.roles import Role


class ScreeningConsent(StrEnum):
    """Whether taking part was agreed to, by the student from 15 and by the guardian before."""

    GIVEN = "GIVEN"
    REFUSED = "REFUSED"


class ScreeningParticipation(Recorded, table=True):
    """One student in the screening of one school year, under a code instead of the name. Versions: the last counts."""

    __tablename__ = "screening_participation"
    __table_args__ = (
        UniqueConstraint("student_id", "school_year", "version", name="screening_participation_version"),
        CheckConstraint("not participated or consent = 'GIVEN'", name="screening_participation_consent"),
        CheckConstraint("participated = (participated_on is not null)", name="screening_participation_day"),
    )

    id: Special[UUID] = key()
    student_id: PersonId = reference("person.id")
    organisation_id: OrganisationId = reference("organisation.id")
    class_group_id: ClassGroupId = reference("class_group.id")
    school_year: Special[int]
    version: Special[int] = 1
    consent: Special[ScreeningConsent] = choice(ScreeningConsent)
    consent_by: Special[Role] = choice(Role, check="screening_consent_by_word")
    code: Special[str]
    participated: Special[bool] = False
    participated_on: Special[date | None] = None
