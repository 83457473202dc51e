"""Guardianships that somebody has proposed, each until a second person decides. Nothing is seen through a proposal."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index

from domain.records.base import (
    ClassGroupId,
    Internal,
    OrganisationId,
    Personal,
    PersonId,
    Record,
    choice,
    key,
    moment,
    reference,
)
from domain.records.users import GuardianshipKind


class GuardianshipProposal(Record, table=True):
    """That a person represents a student, as one person says. What a second one decided stays beside it.

    Names are those of the day of the proposal: `guardian_name` as it was stated and found to be that of the account,
    `student_name` written by a trigger. Accepting it makes the guardianship, in the same statement.
    """

    __tablename__ = "guardianship_proposal"
    __table_args__ = (
        CheckConstraint("guardian_id <> student_id", name="nobody_is_proposed_for_themselves"),
        CheckConstraint("proposed_by_id <> guardian_id", name="nobody_proposes_themselves"),
        CheckConstraint("valid_to is null or valid_to > valid_from", name="guardianship_proposal_dates"),
        CheckConstraint(
            "(decided_at is null) = (decided_by_id is null) and (decided_at is null) = (accepted is null)",
            name="guardianship_decided_by_somebody",
        ),
        CheckConstraint(
            "not coalesce(accepted, false) or decided_by_id not in (proposed_by_id, guardian_id, student_id)",
            name="guardianship_accepted_by_a_second_person",
        ),
        Index("ix_guardianship_proposal_listed", "proposed_at", "id"),
    )

    id: Internal[UUID] = key()
    guardian_id: PersonId = reference("person.id")
    student_id: PersonId = reference("person.id")
    organisation_id: OrganisationId = reference("organisation.id")
    class_group_id: ClassGroupId = reference("class_group.id")
    student_name: Personal[str]
    guardian_name: Personal[str]
    kind: Personal[GuardianshipKind] = choice(GuardianshipKind, check="guardianship_proposal_kind_word")
    valid_from: Internal[date]
    valid_to: Internal[date | None] = None
    proposed_by_id: Internal[UUID]
    proposed_at: Internal[datetime] = moment(default_now=True)
    accepted: Internal[bool | None] = None
    decided_by_id: Internal[UUID | None] = None
    decided_at: Internal[datetime | None] = moment()
    reason: Internal[str | None] = None
