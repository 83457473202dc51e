"""Opening a page again for a while, and shutting it before its time."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry
from sqlalchemy import insert, update
from sqlmodel import col

from auth.permissions import Permission as P
from domain import records
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.mapping.declare import structure, value
from schema.engine.mutations.audit import record
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.inputs import ACTING, KEY, asked
from schema.engine.mutations.mutation import mutation
from schema.engine.mutations.user_errors import Refusal, UserError, invalid, not_found
from schema.engine.typed_texts import REASON_MOST, stated, unfit
from schema.journals.audited import Audited
from schema.journals.journal import Journal
from schema.journals.page_cells import key_in
from schema.journals.page_state import lock_page, one_visible
from schema.journals.reopenings import Reopening
from schema.journals.windows import page_facts
from schema.people.acting import acting_assignment

if TYPE_CHECKING:
    from schema.engine.context import Context


@strawberry.input(description="A journal page to open again (открыть страницу журнала снова).")
class ReopenJournalInput:
    """Input of reopenJournal."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    journal_id: strawberry.ID = strawberry.field(description="Id of the page (страница журнала).")
    reason: str = strawberry.field(description="Why (основание).")
    hours: int | None = asked("For how many hours (на сколько часов); left out: as many as the policy allows.", None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@strawberry.input(description="A reopening to end now (закрыть страницу досрочно).")
class EndReopeningInput:
    """Input of endReopening."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    reopening_id: strawberry.ID = strawberry.field(description="Id of the reopening (повторное открытие).")
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure("What became of the opening of a page (результат открытия страницы).")
class ReopeningPayload:
    """Payload of both mutations."""

    reopening: Reopening | None = value("The reopening as you may see it now (повторное открытие).", PUBLIC)
    journal: Journal | None = value("The page (страница журнала).", PUBLIC)
    user_errors: list[UserError] = value("Why nothing was changed; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


@mutation(
    ReopenJournalInput,
    ReopeningPayload,
    "Open a journal page again for some hours (открыть страницу журнала снова), whatever window has closed.",
    Access(write=P.JOURNAL_REOPEN),
    sensitivity=Sensitivity.P1,
)
async def reopen_journal(context: "Context", given: ReopenJournalInput) -> Outcome:
    """Mutation.reopenJournal."""
    journal = await one_visible(context, records.Journal, P.JOURNAL_SEE, key_in(context, "Journal", given.journal_id))
    if journal is None:
        told = context.say("No journal page that you may see.", "Нет доступной вам страницы журнала.")
        raise not_found(told, "journalId")
    by = await acting_assignment(context, P.JOURNAL_REOPEN, journal.organisation_id, given, lambda _: True)
    await lock_page(context, journal.id)
    facts, reason, now = await page_facts(context, journal.id), _reason(context, given.reason), context.clock()
    if facts.times.reopened_until is not None:
        raise invalid(
            "ALREADY_REOPENED", context.say("It is open again already.", "Страница уже открыта."), "journalId"
        )
    hours = facts.policy.reopening_hours if given.hours is None else given.hours
    if not 1 <= hours <= facts.policy.reopening_hours:
        most = facts.policy.reopening_hours
        told = context.say(f"For 1 to {most} hours.", f"Можно открыть на срок от 1 до {most} ч.")
        raise invalid("REOPENING_HOURS", told, "hours")
    copied = ("organisation_id", "school_year", "class_group_id", "subject_group_id")
    values = {
        "journal_id": journal.id,
        "reason": reason,
        "opened_by_id": context.viewer.person_id,
        "assignment_id": by.id,
        "opened_at": now,
        "until": now + timedelta(hours=hours),
        **{name: getattr(journal, name) for name in copied},
    }
    [made] = await context.statements.write(
        insert(records.Reopening).values(**values).returning(col(records.Reopening.id))
    )
    await record(context, Audited.PAGE_REOPEN, by, journal.id, {"reason": reason, "hours": hours})
    return [f"Reopening:{made.id}", f"Journal:{journal.id}"]


@mutation(
    EndReopeningInput,
    ReopeningPayload,
    "End a reopening now (закрыть страницу досрочно).",
    Access(write=P.JOURNAL_REOPEN),
    sensitivity=Sensitivity.P1,
)
async def end_reopening(context: "Context", given: EndReopeningInput) -> Outcome:
    """Mutation.endReopening."""
    key = key_in(context, "Reopening", given.reopening_id)
    found = await one_visible(context, records.Reopening, P.REOPENING_SEE, key)
    if found is None:
        told = context.say("No reopening with this id that you may see.", "Нет доступного вам открытия страницы.")
        raise not_found(told, "reopeningId")
    by = await acting_assignment(context, P.JOURNAL_REOPEN, found.organisation_id, given, lambda _: True)
    await lock_page(context, found.journal_id)
    row, now = records.Reopening, context.clock()
    running = (col(row.id) == found.id, col(row.ended_at).is_(None), col(row.until) > now)
    ended = update(row).where(*running).values(ended_at=now, ended_by_id=context.viewer.person_id)
    if not await context.statements.write(ended.returning(col(row.id))):
        raise invalid("ALREADY_ENDED", context.say("It has ended already.", "Срок уже истёк."), "reopeningId")
    await record(context, Audited.REOPENING_END, by, found.id, {})
    return [f"Reopening:{found.id}", f"Journal:{found.journal_id}"]


def _reason(context: "Context", given: str) -> str:
    reason = stated(given)
    if reason is None:
        raise invalid("REASON_NEEDED", context.say("Say why.", "Укажите основание."), "reason")
    error = unfit(context, reason, REASON_MOST, ["input", "reason"])
    if error is not None:
        raise Refusal(error)
    return reason
