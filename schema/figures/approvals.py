"""Approving figures and opening them again: what was approved is locked for the organisation and all below it."""

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import strawberry
from sqlalchemy import insert

from auth.permissions import Permission as P
from auth.viewer import LiveAssignment
from domain import records
from domain.errors import Forbidden
from domain.observation_versions import FigureKey
from domain.records.observations import ApprovalAction
from domain.reporting_periods import reporting_days
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.mapping.declare import structure, value
from schema.engine.mutations.audit import record
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.inputs import ACTING, KEY, asked
from schema.engine.mutations.mutation import mutation
from schema.engine.mutations.user_errors import InvalidInput, Refusal, UserError, invalid, not_found
from schema.figures.audited import Audited
from schema.figures.observations import PERIOD, ObservationApproval
from schema.figures.state import acting_for, hold, indicators_of, locked_error, locks, places_of, recorded_by_viewer

if TYPE_CHECKING:
    from schema.engine.context import Context

MOST_INDICATORS = 100
INDICATORS = "Codes of the indicators (показатели), at most 100."


@strawberry.input(description="Figures to approve (утвердить показатели).")
class ApproveObservationsInput:
    """Input of approveObservations."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    organisation_id: strawberry.ID = strawberry.field(description="Of this organisation and all below it (для кого).")
    indicators: list[str] = strawberry.field(description=INDICATORS)
    period: str = strawberry.field(description=PERIOD)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@strawberry.input(description="Approved figures to open again (открыть утверждённые показатели).")
class UnlockObservationsInput:
    """Input of unlockObservations."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    organisation_id: strawberry.ID = strawberry.field(description="For which they were approved (для кого).")
    indicators: list[str] = strawberry.field(description=INDICATORS)
    period: str = strawberry.field(description=PERIOD)
    reason: str = strawberry.field(description="Why (основание).")
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure("What became of a decision about figures (результат утверждения).")
class ApprovalsPayload:
    """Payload of both mutations."""

    approvals: list[ObservationApproval] = value("The decisions, one for each indicator (решения).", PUBLIC, usually=20)
    user_errors: list[UserError] = value("Why nothing was decided; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


def _answer(found: list[Any], _: list[UserError]) -> dict[str, Any]:
    return {"approvals": [one for one in found if one is not None]}


@mutation(
    ApproveObservationsInput,
    ApprovalsPayload,
    "Approve figures (утвердить показатели): from then on nobody below changes them, and neither do you. Whoever has"
    " recorded one of them does not approve: SECOND_PERSON.",
    Access(write=P.OBSERVATION_APPROVE),
    sensitivity=Sensitivity.P1,
    results=lambda given: len(given.indicators),
    answer=_answer,
)
async def approve_observations(context: "Context", given: ApproveObservationsInput) -> Outcome:
    """Mutation.approveObservations."""
    by, keys = await _prepared(context, given)
    closed = await locks(context, keys)
    if errors := [await locked_error(context, closed[key], ["input", "indicators"]) for key in keys if key in closed]:
        raise Refusal(*errors)
    if own := _own(context, keys, await recorded_by_viewer(context, keys)):
        raise Refusal(*own)
    return await _decided(context, by, keys, ApprovalAction.APPROVE, None, Audited.OBSERVATIONS_APPROVE)


def _own(context: "Context", keys: list[FigureKey], recorded: set[UUID]) -> list[UserError]:
    """Four eyes: who records does not approve. What the database has counted by itself is nobody's word."""
    told = context.say(
        "Somebody else must approve: you have recorded figures of this indicator yourself.",
        "Утвердить должен другой человек: значения этого показателя вносили вы сами.",
    )
    return [
        InvalidInput(code="SECOND_PERSON", message=told, path=["input", "indicators", str(number)])
        for number, key in enumerate(keys)
        if key.indicator_id in recorded
    ]


@mutation(
    UnlockObservationsInput,
    ApprovalsPayload,
    "Open approved figures again (открыть показатели), with a reason.",
    Access(write=P.OBSERVATION_APPROVE),
    sensitivity=Sensitivity.P1,
    results=lambda given: len(given.indicators),
    answer=_answer,
)
async def unlock_observations(context: "Context", given: UnlockObservationsInput) -> Outcome:
    """Mutation.unlockObservations."""
    if not given.reason.strip():
        raise invalid("REASON_NEEDED", context.say("Say why.", "Укажите основание."), "reason")
    by, keys = await _prepared(context, given)
    closed = await locks(context, keys)
    errors: list[UserError] = []
    for number, key in enumerate(keys):
        path = ["input", "indicators", str(number)]
        if key not in closed:
            told = context.say("These figures are open.", "Эти показатели открыты.")
            errors.append(InvalidInput(code="NOTHING_TO_UNLOCK", message=told, path=path))
        elif closed[key].by_id != key.organisation_id:
            errors.append(await locked_error(context, closed[key], path))
    if errors:
        raise Refusal(*errors)
    return await _decided(context, by, keys, ApprovalAction.UNLOCK, given.reason, Audited.OBSERVATIONS_UNLOCK)


async def _prepared(
    context: "Context", given: ApproveObservationsInput | UnlockObservationsInput
) -> tuple[LiveAssignment, list[FigureKey]]:
    """The acting assignment, and the places that are decided about; their region is held."""
    if not 1 <= len(set(given.indicators)) == len(given.indicators) <= MOST_INDICATORS:
        told = context.say("1 to 100 different indicators.", "От 1 до 100 разных показателей.")
        raise invalid("HOW_MANY", told, "indicators")
    reporting_days(given.period)
    places = await places_of(context, [given.organisation_id])
    place = places.get(given.organisation_id)
    if place is None:
        raise not_found(context.say("No organisation with this id.", "Нет организации с таким id."), "organisationId")
    indicators = await indicators_of(context, given.indicators)
    unknown = [number for number, code in enumerate(given.indicators) if code not in indicators]
    if unknown:
        told = context.say("The catalogue has no such indicator.", "В каталоге нет такого показателя.")
        raise invalid("INDICATOR_UNKNOWN", told, "indicators", str(unknown[0]))
    by = await acting_for(context, P.OBSERVATION_APPROVE, [place], given)
    if by is None:
        raise Forbidden("None of your roles approves figures there.", "Ни одна ваша роль не утверждает показатели там.")
    await hold(context, [place])
    return by, [FigureKey(place.id, indicators[code].id, given.period) for code in given.indicators]


async def _decided(
    context: "Context",
    by: LiveAssignment,
    keys: list[FigureKey],
    action: ApprovalAction,
    reason: str | None,
    audited: Audited,
) -> Outcome:
    rows = [
        {
            "id": uuid4(),
            **key._asdict(),
            "action": action,
            "reason": reason,
            "decided_by_id": context.viewer.person_id,
            "assignment_id": by.id,
            "role": by.role,
        }
        for key in keys
    ]
    await context.statements.write(insert(records.ObservationApproval).inline().values(rows))
    detail = {"period": keys[0].period, "indicators": len(keys), "reason": reason}
    await record(context, audited, by, keys[0].organisation_id, detail)
    return [f"ObservationApproval:{row['id']}" for row in rows]
