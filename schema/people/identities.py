"""Mismatches of identity: accounts that could be a person's but for some facts, until somebody decides; their list."""

from collections.abc import Iterator
from datetime import datetime

import strawberry
from sqlalchemy import ColumnElement
from sqlmodel import col

from auth.permissions import Permission as P
from domain import records
from domain.records.identities import IdentityFact
from schema.engine.access.rule import Access
from schema.engine.enums import explained
from schema.engine.mapping.declare import column, filters, mapped, mapping_of, one
from schema.engine.mapping.reference import require_key
from schema.engine.node import Node
from schema.named_later import OrganisationLater, StaffMemberLater
from schema.organisations.organisation import Organisation

explained(
    IdentityFact,
    "What speaks against linking an account (что расходится). One alone of NAME, BIRTH_DATE, SNILS_UNKNOWN, SEVERAL and"
    " UNLINKED can be vouched for by linkAccount; with any other the account is not to be linked.",
    SNILS="Another insurance number (другой СНИЛС): mend the records.",
    SNILS_UNKNOWN="The insurance number is not held here, or not told (СНИЛС неизвестен).",
    NAME="Another name (другое имя).",
    BIRTH_DATE="Another date of birth (другая дата рождения).",
    NOT_CONFIRMED="An unconfirmed account (неподтверждённая учётная запись).",
    ALREADY_LINKED="The person has an account (у человека уже есть учётная запись).",
    CHILD_ACCOUNT="A child's account of a person of 14 or more, or with other roles than a student's (детская запись).",
    ADULT_ACCOUNT="An adult's account of a person under 14 (взрослая запись).",
    SEVERAL="Several people here have these facts (подходят несколько человек).",
    UNLINKED="The link was ended by hand before (отвязано раньше).",
)


@mapped(
    records.IdentityMismatch,
    "An account signed in and could be this person's but for some facts (расхождение при входе). It opens nothing until"
    " it is linked; what the account told is not kept.",
    Access(P.IDENTITY_READ),
)
class IdentityMismatch(Node):
    """A mismatch, as an organisation that knows the person sees it."""

    person_name: str = column("Full name of the person as held here (фамилия, имя, отчество по нашим данным).")
    facts: list[IdentityFact] = column("What speaks against it (что расходится).")
    noticed_at: datetime = column("When the account signed in last (когда замечено).")
    linked: bool | None = column("Whether it was linked (привязано); null: it waits, false: it turned out another's.")
    decided_at: datetime | None = column("When that was decided (когда решено).")
    reason: str | None = column("Why it was linked by hand (основание).")
    staff_member: StaffMemberLater | None = one(
        "The person, where a member of staff whom you may see (работник).", by=records.IdentityMismatch.person_id
    )
    organisation: OrganisationLater | None = one(
        "For whose administrator it is kept (организация).", by=records.IdentityMismatch.organisation_id
    )


@filters(
    organisation=("organisation", "Of this organisation (организация)."),
    decided=("decided_at", "Only those decided, or only those that wait: false (решённые или ожидающие)."),
)
def listed_mismatches(
    row: type[records.IdentityMismatch],
    organisation: strawberry.ID | None = None,
    decided: bool | None = None,
) -> Iterator[ColumnElement[bool]]:
    """Mismatches at an organisation, those that wait."""
    if organisation is not None:
        yield col(row.organisation_id) == require_key(mapping_of(Organisation), organisation)
    if decided is not None:
        yield col(row.decided_at).is_not(None) if decided else col(row.decided_at).is_(None)
