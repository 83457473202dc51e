"""Proposals of guardianships: who is said to represent whom, until a second person decides; and their list."""

from collections.abc import Iterator
from datetime import date, datetime

import strawberry
from sqlalchemy import ColumnElement
from sqlmodel import col

from auth.permissions import Permission as P
from domain import records
from domain.records.users import GuardianshipKind
from schema.engine.access.rule import Access
from schema.engine.mapping.declare import column, filters, mapped, mapping_of, one
from schema.engine.mapping.reference import require_key
from schema.engine.node import Node
from schema.named_later import ClassGroupLater, OrganisationLater, StudentLater
from schema.organisations.organisation import Organisation


@mapped(
    records.GuardianshipProposal,
    "That somebody represents a student, as one person proposed (заявка на законное представительство). It opens"
    " nothing until a second person confirms, and stays in the history.",
    Access(P.GUARDIANSHIP_PROPOSAL_SEE),
)
class GuardianshipProposal(Node):
    """A proposal."""

    student_name: str = column("Full name of the student on that day (фамилия, имя, отчество обучающегося).")
    guardian_name: str = column(
        "Full name of the representative, as stated and found to be that of the account (представитель)."
    )
    kind: GuardianshipKind = column("On what ground (основание).")
    valid_from: date = column("First day (с какого дня).")
    valid_to: date | None = column(
        "First day on which it no longer holds; it ends at 18 anyway (с какого дня уже не действует)."
    )
    proposed_at: datetime = column("When it was proposed (когда предложено).")
    accepted: bool | None = column("Whether it was confirmed (подтверждено); null: it waits, false: it was declined.")
    decided_at: datetime | None = column("When it was confirmed or declined (когда решено).")
    reason: str | None = column("Why it was declined (причина отказа).")
    student: StudentLater | None = one(
        "The student, where you may see the card (обучающийся).", by=records.GuardianshipProposal.student_id
    )
    class_group: ClassGroupLater | None = one(
        "In which class then (класс).", by=records.GuardianshipProposal.class_group_id
    )
    organisation: OrganisationLater | None = one(
        "At which school then (школа).", by=records.GuardianshipProposal.organisation_id
    )


@filters(
    organisation=("organisation", "Of this organisation (организация)."),
    decided=("decided_at", "Only those decided, or only those that wait: false (решённые или ожидающие)."),
)
def listed_proposals(
    row: type[records.GuardianshipProposal],
    organisation: strawberry.ID | None = None,
    decided: bool | None = None,
) -> Iterator[ColumnElement[bool]]:
    """Proposals at a school, those that wait."""
    if organisation is not None:
        yield col(row.organisation_id) == require_key(mapping_of(Organisation), organisation)
    if decided is not None:
        yield col(row.decided_at).is_not(None) if decided else col(row.decided_at).is_(None)
