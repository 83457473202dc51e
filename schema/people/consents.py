"""Consents: who may be told of a person beyond the school, and the other systems that may ask."""

from datetime import date, datetime

from auth.permissions import Permission as P
from domain import records
from domain.records.consents import ConsentPurpose
from schema.engine.access.rule import Access
from schema.engine.enums import explained
from schema.engine.mapping.declare import column, mapped, one
from schema.engine.node import Node
from schema.named_later import StudentLater
from schema.people.roles import Role

explained(
    ConsentPurpose,
    "What a consent is for, under the mnemonics of ESIA (цель согласия).",
    EDU_JOURNAL="Marks, homework and timetable (электронный дневник).",
    KID_SCHOOL="Marks, homework and timetable of a child (электронный дневник ребёнка).",
    KID_EDUCATION="Achievements (портфолио ребёнка).",
)


@mapped(
    records.ServiceClient,
    "Another system that may ask for the records of those who have consented (внешняя информационная система).",
    Access(P.SERVICE_CLIENT_SEE, public=True),
)
class ServiceClient(Node):
    """A registered system."""

    name: str = column("What it is called (название).")
    client_id: str = column("Under which identifier it signs in (идентификатор клиента).")
    issuer: str = column("Where it signs in (издатель).")
    purpose: ConsentPurpose = column("What it asks for (цель).")
    closed_at: datetime | None = column("Since when it may not ask any more (закрыта); null: it may.")


@mapped(
    records.Consent,
    "That a person's record may be released to another system (согласие на передачу данных). Revoked, never deleted.",
    Access(P.CONSENT_SEE),
)
class Consent(Node):
    """A consent."""

    purpose: ConsentPurpose = column("For what (цель).")
    valid_from: date = column("First day (с какого дня).")
    valid_to: date | None = column("First day on which it no longer holds; null: open (с какого дня уже не действует).")
    ends_at: datetime | None = column(
        "When it ends, or ended: by its dates, when it was revoked, or, given by a guardian, on the 14th birthday"
        " (действует до); null: open.",
        of="live_until",
    )
    given_at: datetime = column("When it was given (когда дано).")
    role: Role | None = column("By whom: STUDENT, or LEGAL_REPRESENTATIVE below 14 (кем дано).")
    revoked_at: datetime | None = column("When it was revoked (когда отозвано).")
    client: ServiceClient | None = one("To which system (кому).", by=records.Consent.service_client_id)
    student: StudentLater | None = one("Whose record (о ком).", by=records.Consent.person_id)
