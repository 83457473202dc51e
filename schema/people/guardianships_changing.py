"""Guardianships: proposing one, confirming it as the second person, ending it or declining a proposal."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry
from sqlalchemy import func, insert, select, update
from sqlmodel import col

from auth.permissions import Permission as P
from domain import records
from domain.records.users import GuardianshipKind
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.mapping.declare import structure, value
from schema.engine.mapping.reference import key_of
from schema.engine.mutations.audit import record
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.fresh_sign_in import need_fresh_sign_in
from schema.engine.mutations.inputs import ACTING, KEY, asked
from schema.engine.mutations.mutation import mutation
from schema.engine.mutations.user_errors import UserError, invalid, not_found
from schema.engine.typed_texts import REASON_MOST
from schema.people.assignment_holders import find_named, told_id
from schema.people.audited import Audited
from schema.people.guardianship_actors import acting_for_student, acting_to_end
from schema.people.guardianship_refusals import barred, refuse_decided, refuse_oneself, somebody_else
from schema.people.guardianships import GuardianshipProposal
from schema.people.users import Guardianship
from schema.registers.entries import acting_at, needed_text

if TYPE_CHECKING:
    from schema.engine.context import Context

NAME_MOST = 300
OF_THE_PROPOSAL = "Id of the GuardianshipProposal (заявка)."


@strawberry.input(description="A representative to propose for a student (предложить законного представителя).")
class ProposeGuardianshipInput:
    """Input of proposeGuardianship."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    student_id: strawberry.ID = strawberry.field(
        description="Id of the Student (обучающийся); who sees no students names the id that they were told."
    )
    guardian_id: strawberry.ID = strawberry.field(
        description="Id that the representative has told you: that of their `me { person { id } }` (представитель)."
    )
    guardian_name: str = strawberry.field(
        description="Full name of the representative as in their document: last, first and middle name"
        " (фамилия, имя, отчество). It must be that of the account with this id; case and ё do not matter."
    )
    kind: GuardianshipKind = strawberry.field(description="On what ground (основание).")
    valid_from: date = strawberry.field(description="First day (с какого дня).")
    valid_to: date | None = asked(
        "First day on which it no longer holds; it ends at 18 anyway (с какого дня уже не действует).", None
    )
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@strawberry.input(description="A proposal to confirm as the second person (подтвердить представителя).")
class ConfirmGuardianshipInput:
    """Input of confirmGuardianship."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    proposal_id: strawberry.ID = strawberry.field(description=OF_THE_PROPOSAL)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@strawberry.input(description="A guardianship to end now, or a proposal to decline (прекратить представительство).")
class EndGuardianshipInput:
    """Input of endGuardianship."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    id: strawberry.ID = strawberry.field(
        description="Id of the Guardianship, or of a GuardianshipProposal that waits (представительство или заявка)."
    )
    reason: str = strawberry.field(description=f"Why (основание), at most {REASON_MOST} characters.")
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure("What became of a change of a guardianship (результат изменения представительства).")
class GuardianshipPayload:
    """Payload of all three mutations."""

    proposal: GuardianshipProposal | None = value("The proposal that was made or decided (заявка).", PUBLIC)
    guardianship: Guardianship | None = value("The guardianship, where you may see it (представительство).", PUBLIC)
    user_errors: list[UserError] = value("Why nothing was changed; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


def _by_kind(found: list[Any], _: list[UserError]) -> dict[str, Any]:
    """One of the two is all that the payload shows of some changes."""
    made = {type(one): one for one in found if one is not None}
    return {"proposal": made.get(GuardianshipProposal), "guardianship": made.get(Guardianship)}


@mutation(
    ProposeGuardianshipInput,
    GuardianshipPayload,
    "Propose who represents a student (предложить законного представителя). It takes effect when a second person"
    " confirms.",
    Access(write=P.GUARDIANSHIP_PROPOSE),
    sensitivity=Sensitivity.P2,
    answer=_by_kind,
)
async def propose_guardianship(context: "Context", given: ProposeGuardianshipInput) -> Outcome:
    """Mutation.proposeGuardianship."""
    student = _named_student(context, given.student_id)
    place, by = await acting_for_student(context, student, given)
    guardian, name = await _guardian(context, given)
    _check_dates(context, given)
    # Of two that are sent at once the second finds what the first has made.
    await context.statements.write(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{guardian}{student}", 0))))
    await barred(context, guardian, student, "guardianId", proposing=True)
    values = {
        "guardian_id": guardian,
        "student_id": student,
        "organisation_id": place.organisation_id,
        "class_group_id": place.class_group_id,
        "guardian_name": name,
        "kind": given.kind,
        "valid_from": given.valid_from,
        "valid_to": given.valid_to,
        "proposed_by_id": context.viewer.person_id,
        "proposed_at": context.clock(),
    }
    proposal = records.GuardianshipProposal
    adding = insert(proposal).inline().values(**values).returning(col(proposal.id))
    [made] = await context.statements.write(adding)
    about = {"student": str(student), "guardian": str(guardian), "kind": given.kind.value}
    await record(context, Audited.GUARDIANSHIP_PROPOSE, by, made.id, about)
    return [f"GuardianshipProposal:{made.id}"]


@mutation(
    ConfirmGuardianshipInput,
    GuardianshipPayload,
    "Confirm a proposed representative as the second person (подтвердить представителя): neither who proposed nor who"
    " is proposed. The next request of the representative already sees the child.",
    Access(write=P.GUARDIANSHIP_CONFIRM),
    sensitivity=Sensitivity.P2,
    answer=_by_kind,
)
async def confirm_guardianship(context: "Context", given: ConfirmGuardianshipInput) -> Outcome:
    """Mutation.confirmGuardianship."""
    held = await _locked(context, records.GuardianshipProposal, given.proposal_id, "proposalId")
    by = await acting_at(context, P.GUARDIANSHIP_CONFIRM, held.organisation_id, given)
    need_fresh_sign_in(context)
    refuse_decided(context, held, "proposalId")
    somebody_else(context, (held.proposed_by_id, held.guardian_id, held.student_id), "proposalId")
    await barred(context, held.guardian_id, held.student_id, "proposalId")
    await _decide(context, held.id, accepted=True)
    guardianship = await _made(context, held)
    about = {"student": str(held.student_id), "guardian": str(held.guardian_id), "guardianship": str(guardianship)}
    await record(context, Audited.GUARDIANSHIP_CONFIRM, by, held.id, about)
    return [f"GuardianshipProposal:{held.id}", f"Guardianship:{guardianship}"]


@mutation(
    EndGuardianshipInput,
    GuardianshipPayload,
    "End a guardianship now, or decline a proposal (прекратить представительство). The next request of the"
    " representative is already answered without the child.",
    Access(write=P.GUARDIANSHIP_CONFIRM),
    sensitivity=Sensitivity.P2,
    answer=_by_kind,
)
async def end_guardianship(context: "Context", given: EndGuardianshipInput) -> Outcome:
    """Mutation.endGuardianship."""
    reason = needed_text(context, given.reason, "reason", REASON_MOST)
    if key_of(context.executor.types["GuardianshipProposal"], given.id) is not None:
        return await _decline(context, given, reason)
    held = await _locked(context, records.Guardianship, given.id, "id")
    by = await acting_to_end(context, held.student_id, given)
    refuse_oneself(context, held.guardian_id, "id")
    if held.ended_at is not None:
        raise invalid("ALREADY_ENDED", context.say("It has ended already.", "Уже прекращено."), "id")
    values = {"ended_at": context.clock(), "ended_by_id": context.viewer.person_id, "end_reason": reason}
    ending = update(records.Guardianship).where(col(records.Guardianship.id) == held.id).values(**values)
    await context.statements.write(ending)
    about = {"student": str(held.student_id), "guardian": str(held.guardian_id), "reason": reason}
    await record(context, Audited.GUARDIANSHIP_END, by, held.id, about)
    return [f"Guardianship:{held.id}"]


async def _decline(context: "Context", given: EndGuardianshipInput, reason: str) -> Outcome:
    held = await _locked(context, records.GuardianshipProposal, given.id, "id")
    by = await acting_at(context, P.GUARDIANSHIP_CONFIRM, held.organisation_id, given)
    refuse_decided(context, held, "id")
    refuse_oneself(context, held.guardian_id, "id")
    await _decide(context, held.id, accepted=False, reason=reason)
    await record(context, Audited.GUARDIANSHIP_DECLINE, by, held.id, {"reason": reason})
    return [f"GuardianshipProposal:{held.id}"]


async def _decide(context: "Context", key: UUID, *, accepted: bool, reason: str | None = None) -> None:
    """What was decided, by whom and when. Of an accepted one the database makes the guardianship and the role."""
    signed = {"decided_by_id": context.viewer.person_id, "decided_at": context.clock()}
    proposal = records.GuardianshipProposal
    deciding = update(proposal).where(col(proposal.id) == key).values(accepted=accepted, reason=reason, **signed)
    await context.statements.write(deciding)


async def _made(context: "Context", held: Any) -> UUID | None:
    """The guardianship that was made just now; None for who may not see it."""
    link = records.Guardianship
    statement: Any = select(col(link.id)).where(
        col(link.guardian_id) == held.guardian_id, col(link.student_id) == held.student_id
    )
    rows = await context.statements.write(statement.order_by(col(link.id).desc()).limit(1))
    return rows[0].id if rows else None


async def _locked(context: "Context", kind: Any, identifier: str, field: str) -> Any:
    """The stored row, kept from others until the change is done."""
    key = await find_named(context, kind.__name__, identifier, field)
    rows = await context.statements.write(select(kind.__table__).where(kind.id == key).with_for_update())
    if not rows:
        told = context.say("It is not yours to change.", "Это не в вашем ведении.")
        raise not_found(told, field)
    return rows[0]


def _named_student(context: "Context", identifier: str) -> UUID:
    types = context.executor.types
    found = key_of(types["Student"], identifier) or key_of(types["Person"], identifier)
    if found is None:
        raise not_found(context.say("Nothing with this id.", "Нет объекта с таким id."), "studentId")
    return UUID(str(found[0]))


async def _guardian(context: "Context", given: ProposeGuardianshipInput) -> tuple[UUID, str]:
    """The person who has told their id and whose name was stated: one without the other finds nobody."""
    name = needed_text(context, given.guardian_name, "guardianName", NAME_MOST)
    person = told_id(context, given.guardian_id)
    refuse_oneself(context, person, "guardianId")
    if person is not None:
        [row] = await context.statements.write(select(func.vhod.is_named(person, name).label("so")))
    if person is None or not row.so:
        told = context.say("Nobody with this id and this name.", "Нет человека с таким id и таким именем.")
        raise not_found(told, "guardianId")
    return person, name


def _check_dates(context: "Context", given: ProposeGuardianshipInput) -> None:
    if given.valid_to is not None and given.valid_to <= given.valid_from:
        told = context.say("`validTo` must be after `validFrom`.", "`validTo` должна быть позже `validFrom`.")
        raise invalid("DATES", told, "validTo")
