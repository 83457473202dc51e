"""Giving and revoking consents: from 14 the student, below 14 whoever represents the child."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry
from sqlalchemy import func, insert, or_, select, update
from sqlmodel import col

from auth.permissions import Permission as P
from auth.permissions import holds
from auth.viewer import LiveAssignment
from domain import records
from domain.roles import ReachKind
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.mapping.declare import structure, value
from schema.engine.mapping.rows import row_of
from schema.engine.mutations.audit import record
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.inputs import ACTING, KEY, asked
from schema.engine.mutations.mutation import mutation
from schema.engine.mutations.user_errors import UserError, invalid, not_found
from schema.people.acting import chosen
from schema.people.audited import Audited
from schema.people.consents import Consent
from schema.people.users import Student

if TYPE_CHECKING:
    from schema.engine.context import Context


@strawberry.input(description="A consent to give (дать согласие).")
class GiveConsentInput:
    """Input of giveConsent."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    student_id: strawberry.ID = strawberry.field(description="Id of the Student whose record it is (о ком).")
    service_client_id: strawberry.ID = strawberry.field(description="Id of the ServiceClient (кому).")
    valid_to: date | None = asked(
        "First day on which it no longer holds; null: open (с какого дня уже не действует).", None
    )
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@strawberry.input(description="A consent to revoke now (отозвать согласие). It stays in the history.")
class RevokeConsentInput:
    """Input of revokeConsent."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    consent_id: strawberry.ID = strawberry.field(description="Id of the Consent (согласие).")
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure("What became of a consent (результат изменения согласия).")
class ConsentPayload:
    """Payload of giveConsent and revokeConsent."""

    consent: Consent | None = value("The consent as it stands now (согласие).", PUBLIC)
    student: Student | None = value("Whose it is (о ком).", PUBLIC)
    user_errors: list[UserError] = value("Why nothing was changed; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


@mutation(
    GiveConsentInput,
    ConsentPayload,
    "Let another system see what its purpose says (дать согласие): yourself from 14, your child below. Where it stands"
    " already, nothing changes.",
    Access(write=P.CONSENT_GIVE),
    sensitivity=Sensitivity.P2,
)
async def give_consent(context: "Context", given: GiveConsentInput) -> Outcome:
    """Mutation.giveConsent."""
    person = await _found(context, "Student", given.student_id, "studentId")
    by = await _speaker(context, person, given)
    client = await _client(context, given.service_client_id)
    today = await _today(context, person)
    if given.valid_to is not None and given.valid_to <= today:
        raise invalid("DATES", context.say("That day is past.", "Этот день уже прошёл."), "validTo")
    # Of two that are sent at once the second finds what the first has made.
    await context.statements.write(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{person}{client.id}", 0))))
    if (standing := await _standing(context, person, client.id)) is not None:
        return _outcome(standing, person)
    values = {
        "person_id": person,
        "service_client_id": client.id,
        "purpose": client.purpose,
        "given_by_id": context.viewer.person_id,
        "role": by.role,
        "valid_from": today,
        "valid_to": given.valid_to,
    }
    [made] = await context.statements.write(insert(records.Consent).values(**values).returning(col(records.Consent.id)))
    told = {"client": client.client_id, "purpose": client.purpose.value}
    await record(context, Audited.CONSENT_GIVE, by, made.id, told)
    return _outcome(made.id, person)


@mutation(
    RevokeConsentInput,
    ConsentPayload,
    "Revoke a consent (отозвать согласие). The system's next request is already answered without it.",
    Access(write=P.CONSENT_GIVE),
    sensitivity=Sensitivity.P2,
)
async def revoke_consent(context: "Context", given: RevokeConsentInput) -> Outcome:
    """Mutation.revokeConsent."""
    identifier = await _found(context, "Consent", given.consent_id, "consentId")
    consent: Any = records.Consent.__table__  # type: ignore[attr-defined]
    [held] = await context.statements.write(select(consent).where(consent.c.id == identifier).with_for_update())
    by = await _speaker(context, held.person_id, given)
    if held.revoked_at is None:
        who = {"revoked_at": context.clock(), "revoked_by_id": context.viewer.person_id}
        await context.statements.write(update(consent).where(consent.c.id == identifier).values(**who))
        await record(context, Audited.CONSENT_REVOKE, by, identifier, {"purpose": held.purpose.value})
    return _outcome(identifier, held.person_id)


def _outcome(consent: UUID, person: UUID) -> Outcome:
    return [f"Consent:{consent}", f"Student:{person}"]


async def _found(context: "Context", kind: str, identifier: str, field: str) -> UUID:
    found = await context.executor.look_up(context.executor.types[kind], identifier)
    if found is None:
        told = context.say(
            f"No {kind} with this id that you may see.", f"Нет доступного вам объекта {kind} с таким id."
        )
        raise not_found(told, field)
    return row_of(found).keys["id"]  # type: ignore[no-any-return]


async def _client(context: "Context", identifier: str) -> Any:
    """The row of a system that may still ask."""
    key = await _found(context, "ServiceClient", identifier, "serviceClientId")
    client: Any = records.ServiceClient.__table__  # type: ignore[attr-defined]
    [row] = await context.statements.write(select(client).where(client.c.id == key))
    if row.closed_at is not None:
        told = context.say("This system may not ask any more.", "Эта система больше не может запрашивать данные.")
        raise invalid("CLIENT_CLOSED", told, "serviceClientId")
    return row


async def _standing(context: "Context", person: UUID, client: UUID) -> UUID | None:
    """The consent of this person for this system that holds now."""
    consent = records.Consent
    statement: Any = select(col(consent.id)).where(
        col(consent.person_id) == person,
        col(consent.service_client_id) == client,
        col(consent.live_from) <= func.vhod.now(),
        or_(col(consent.live_until).is_(None), col(consent.live_until) > func.vhod.now()),
    )
    rows = await context.statements.write(statement.order_by(col(consent.given_at)).limit(1))
    return rows[0].id if rows else None


async def _today(context: "Context", person: UUID) -> date:
    """The day where the person goes to school."""
    zone = func.vhod.zone_of_student(person)
    [row] = await context.statements.write(select(func.date(func.timezone(zone, context.clock())).label("day")))
    return row.day  # type: ignore[no-any-return]


async def _speaker(context: "Context", person: UUID, given: Any) -> LiveAssignment:
    """The assignment under which the viewer speaks for this person now. Raises Forbidden for everybody else."""
    speaker = await chosen(context, _speaking(context, person), P.CONSENT_GIVE, given.acting_assignment_id)
    await _check_age(context, person, speaker)
    return speaker


def _speaking(context: "Context", person: UUID) -> list[LiveAssignment]:
    viewer = context.viewer
    if P.CONSENT_GIVE not in viewer.permitted:
        return []
    held = [one for one in viewer.assignments if holds(one.role, one.reach, P.CONSENT_GIVE)]
    return [
        one
        for one in held
        if one.reach in (ReachKind.SELF, ReachKind.CHILDREN) and person in viewer.ids(one.reach, [one.role])
    ]


async def _check_age(context: "Context", person: UUID, by: LiveAssignment) -> None:
    speaks = func.vhod.speaks_for_themselves(person, context.clock()).label("speaks")
    [row] = await context.statements.write(select(speaks))
    if row.speaks is (by.reach is ReachKind.SELF):
        return
    if row.speaks:
        told = context.say(
            "From 14 on the student decides, and signs in for it.",
            "С 14 лет согласие даёт и отзывает сам обучающийся, войдя под своей учётной записью.",
        )
        raise invalid("DECIDED_BY_STUDENT", told, "actingAssignmentId")
    told = context.say("Below 14 a parent or guardian decides.", "До 14 лет решает законный представитель.")
    raise invalid("DECIDED_BY_GUARDIAN", told, "actingAssignmentId")
