"""Closing a grading period before it closes by itself."""

from typing import TYPE_CHECKING
from uuid import UUID

import strawberry
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
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
from schema.engine.mutations.user_errors import UserError, invalid, not_found
from schema.journals.audited import Audited
from schema.journals.page_cells import key_in
from schema.journals.page_state import lock_period
from schema.journals.windows import period_facts
from schema.organisations.classes import GradingPeriod
from schema.people.acting import acting_assignment

if TYPE_CHECKING:
    from schema.engine.context import Context


@strawberry.input(description="A grading period to close now (закрыть учебный период).")
class CloseGradingPeriodInput:
    """Input of closeGradingPeriod."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    grading_period_id: strawberry.ID = strawberry.field(description="Id of the period (учебный период).")
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure("What became of the closing of a period (результат закрытия периода).")
class GradingPeriodPayload:
    """Payload of closeGradingPeriod."""

    grading_period: GradingPeriod | None = value("The period (учебный период).", PUBLIC)
    user_errors: list[UserError] = value("Why it was not closed; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


@mutation(
    CloseGradingPeriodInput,
    GradingPeriodPayload,
    "Close a grading period now (закрыть учебный период), from its last day on: nothing of it may be written any more,"
    " unless a page is opened again.",
    Access(write=P.PERIOD_CLOSE),
    sensitivity=Sensitivity.P1,
)
async def close_grading_period(context: "Context", given: CloseGradingPeriodInput) -> Outcome:
    """Mutation.closeGradingPeriod."""
    period, closing = records.GradingPeriod, records.PeriodClosing
    key = key_in(context, "GradingPeriod", given.grading_period_id)
    found = await context.statements.write(
        select(col(period.id), col(period.organisation_id), col(period.ends_on)).where(col(period.id) == key)
    )
    if not found:
        raise not_found(context.say("No period with this id.", "Нет такого учебного периода."), "gradingPeriodId")
    by = await acting_assignment(context, P.PERIOD_CLOSE, found[0].organisation_id, given, lambda _: True)
    await lock_period(context, found[0].id)
    facts, now = await period_facts(context, found[0].id), context.clock()
    if now.astimezone(facts.zone).date() < found[0].ends_on:
        told = context.say("It can be closed from its last day on.", "Период можно закрыть с его последнего дня.")
        raise invalid("PERIOD_NOT_OVER", told, "gradingPeriodId")
    values = {"organisation_id": found[0].organisation_id, "grading_period_id": found[0].id, "closed_at": now}
    made = insert(closing).values(**values).on_conflict_do_nothing().returning(col(closing.id))
    if facts.closes_at <= now or not await context.statements.write(made):
        raise invalid("ALREADY_CLOSED", context.say("It is closed already.", "Период уже закрыт."), "gradingPeriodId")
    await record(context, Audited.PERIOD_CLOSE, by, found[0].id, {})
    return [f"GradingPeriod:{found[0].id}"]
