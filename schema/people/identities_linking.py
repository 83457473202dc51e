"""Accounts linked and unlinked by an administrator, for people of their own organisation."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry
from sqlalchemy import func, select, update
from sqlmodel import col

from auth.permissions import Permission as P
from domain import records
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
from schema.people.assignment_holders import find_named
from schema.people.audited import Audited
from schema.people.identities import IdentityMismatch
from schema.registers.entries import acting_at, needed_text

if TYPE_CHECKING:
    from schema.engine.context import Context

NAME_MOST = 300
BARS = {
    "NOT_LINKABLE": (
        "Too much speaks against it: mend the records (people are brought in anew), then let the person sign in again.",
        "Расхождений слишком много: исправьте данные (загрузите сведения заново), затем человек входит ещё раз.",
    ),
    "ALREADY_LINKED": (
        "The account or the person is linked already: a link is never moved, end the old one first.",
        "Учётная запись или человек уже привязаны: привязка не переносится, сначала прекратите прежнюю.",
    ),
}


@strawberry.input(description="An account to link to a person of your organisation (привязать учётную запись).")
class LinkAccountInput:
    """Input of linkAccount."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    mismatch_id: strawberry.ID = strawberry.field(description="Id of the IdentityMismatch (расхождение).")
    account_id: UUID = strawberry.field(
        description="The number of the account as its owner reads it at `me { accountId }` and tells it"
        " (номер учётной записи): who stands before you is who signed in."
    )
    reason: str = strawberry.field(
        description=f"What you have seen that settles it (основание), at most {REASON_MOST} characters."
    )
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@strawberry.input(description="To end the links of a person's accounts (отвязать учётную запись).")
class UnlinkAccountInput:
    """Input of unlinkAccount."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    organisation_id: strawberry.ID = strawberry.field(description="Id of your organisation (организация).")
    holder_id: strawberry.ID = strawberry.field(
        description="Id of the StaffMember, Student or Person whose account it is (чья учётная запись)."
    )
    holder_name: str = strawberry.field(
        description="Full name of that person as held here (фамилия, имя, отчество): a slip unlinks nobody else."
    )
    reason: str = strawberry.field(description=f"Why (основание), at most {REASON_MOST} characters.")
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure("What became of a change of an account's link (результат изменения привязки).")
class IdentityPayload:
    """Payload of both mutations."""

    mismatch: IdentityMismatch | None = value(
        "The mismatch that was settled, or that an ended link leaves behind (расхождение).", PUBLIC
    )
    user_errors: list[UserError] = value("Why nothing was changed; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


@mutation(
    LinkAccountInput,
    IdentityPayload,
    "Link an account to the person of a mismatch (привязать учётную запись), where one fact alone speaks against it."
    " The owner's next request is already answered with their roles.",
    Access(write=P.IDENTITY_LINK),
    sensitivity=Sensitivity.P2,
)
async def link_account(context: "Context", given: LinkAccountInput) -> Outcome:
    """Mutation.linkAccount."""
    reason = needed_text(context, given.reason, "reason", REASON_MOST)
    held = await _locked(context, given.mismatch_id)
    by = await acting_at(context, P.IDENTITY_LINK, held.organisation_id, given)
    need_fresh_sign_in(context)
    _refuse_oneself(context, held.person_id, "mismatchId")
    if held.decided_at is not None:
        raise invalid("ALREADY_SETTLED", context.say("It is decided already.", "Уже решено."), "mismatchId")
    if held.account_id != given.account_id:
        told = context.say("The account of this mismatch is another.", "У этого расхождения другая учётная запись.")
        raise not_found(told, "accountId")
    await _barred(context, held)
    mismatch = records.IdentityMismatch
    settled = {"linked": True, "decided_by_id": context.viewer.person_id, "decided_at": context.clock()}
    settling = update(mismatch).where(col(mismatch.id) == held.id).values(reason=reason, **settled)
    await context.statements.write(settling)
    about = {"person": str(held.person_id), "account": str(held.account_id), "facts": held.facts, "reason": reason}
    await record(context, Audited.IDENTITY_LINK, by, held.id, about)
    return [f"IdentityMismatch:{held.id}"]


@mutation(
    UnlinkAccountInput,
    IdentityPayload,
    "End the links of all accounts of a person (отвязать учётную запись). Their browser sessions end at once, and their"
    " next request is answered as that of a stranger; no first sign-in links them again, only linkAccount.",
    Access(write=P.IDENTITY_LINK),
    sensitivity=Sensitivity.P2,
)
async def unlink_account(context: "Context", given: UnlinkAccountInput) -> Outcome:
    """Mutation.unlinkAccount."""
    reason = needed_text(context, given.reason, "reason", REASON_MOST)
    organisation = await find_named(context, "Organisation", given.organisation_id, "organisationId")
    by = await acting_at(context, P.IDENTITY_LINK, organisation, given)
    person = await _of_organisation(context, given, organisation)
    _refuse_oneself(context, person, "holderId")
    [row] = await context.statements.write(select(func.vhod.unlink_person(person, organisation).label("mismatch")))
    if row.mismatch is None:
        told = context.say("This person has no account linked.", "У этого человека нет привязанной учётной записи.")
        raise invalid("NOT_LINKED", told, "holderId")
    about = {"person": str(person), "reason": reason}
    await record(context, Audited.IDENTITY_UNLINK, by, row.mismatch, about)
    return [f"IdentityMismatch:{row.mismatch}"]


async def _barred(context: "Context", held: Any) -> None:
    bar = func.vhod.bar_to_link(held.person_id, held.account_id, held.facts)
    [row] = await context.statements.write(select(bar.label("code")))
    if row.code is not None:
        raise invalid(row.code, context.say(*BARS[row.code]), "mismatchId")


async def _of_organisation(context: "Context", given: UnlinkAccountInput, organisation: UUID) -> UUID:
    """The person with this id and this name who works or learns there, or stands for somebody who does."""
    name = needed_text(context, given.holder_name, "holderName", NAME_MOST)
    types = context.executor.types
    found = [key_of(types[kind], given.holder_id) for kind in ("StaffMember", "Student", "Person")]
    person = next((key[0] for key in found if key is not None), None)
    if person is not None:
        place: Any = func.vhod.organisations_of(person).column_valued("place")
        there = select(place).where(place == organisation, func.vhod.is_named(person, name))
        if await context.statements.write(there):
            return UUID(str(person))
    told = context.say("Nobody of yours with this id and this name.", "У вас нет человека с таким id и таким именем.")
    raise not_found(told, "holderId")


async def _locked(context: "Context", identifier: str) -> Any:
    """The stored mismatch, kept from others until it is decided."""
    key = await find_named(context, "IdentityMismatch", identifier, "mismatchId")
    table: Any = records.IdentityMismatch.__table__  # type: ignore[attr-defined]
    rows = await context.statements.write(select(table).where(table.c.id == key).with_for_update())
    if not rows:
        raise not_found(context.say("It is not yours to change.", "Это не в вашем ведении."), "mismatchId")
    return rows[0]


def _refuse_oneself(context: "Context", person: UUID, field: str) -> None:
    if person == context.viewer.person_id:
        told = context.say(
            "Nobody changes the accounts of their own: ask a colleague.",
            "Свою учётную запись привязывает и отвязывает коллега.",
        )
        raise invalid("OWN_ACCOUNT", told, field)
