"""Publishing a rating, by another person than had it computed, and withdrawing one with a reason."""

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import strawberry
from sqlalchemy import insert, select
from sqlmodel import col

from auth.permissions import Permission as P
from auth.viewer import LiveAssignment
from domain import records
from domain.errors import Forbidden
from domain.rating_store import HOLD
from domain.records.ratings import RatingAction, RatingState
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import Access
from schema.engine.mapping.reference import key_of
from schema.engine.mutations.audit import record
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.inputs import ACTING, KEY, asked
from schema.engine.mutations.mutation import mutation
from schema.engine.mutations.user_errors import Refusal, invalid, not_found
from schema.engine.typed_texts import stated, unfit
from schema.figures.audited import Audited
from schema.figures.rating_computing import RatingPayload
from schema.figures.state import acting_for

if TYPE_CHECKING:
    from schema.engine.context import Context

MOST_REASON = 1000
RATING = "Id of the Rating (рейтинг)."


@strawberry.input(description="A rating to publish (опубликовать рейтинг).")
class PublishRatingInput:
    """Input of publishRating."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    rating_id: strawberry.ID = strawberry.field(description=RATING)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@strawberry.input(description="A rating to withdraw (отозвать рейтинг).")
class WithdrawRatingInput:
    """Input of withdrawRating."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    rating_id: strawberry.ID = strawberry.field(description=RATING)
    reason: str = strawberry.field(description=f"Why (основание), at most {MOST_REASON} characters.")
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@mutation(
    PublishRatingInput,
    RatingPayload,
    "Publish a draft (опубликовать рейтинг): from then on everybody sees it. Whoever had it computed does not publish"
    " it: SECOND_PERSON.",
    Access(write=P.RATING_PUBLISH),
    sensitivity=Sensitivity.P1,
)
async def publish_rating(context: "Context", given: PublishRatingInput) -> Outcome:
    """Mutation.publishRating."""
    by, rated = await _prepared(context, given)
    if rated.state is not RatingState.DRAFT:
        told = context.say("Only a draft can be published.", "Опубликовать можно только черновик.")
        raise invalid("RATING_STATE", told, "ratingId")
    if rated.created_by_id == context.viewer.person_id:
        told = context.say(
            "Somebody else must publish: you have had this rating computed yourself.",
            "Опубликовать должен другой человек: этот рейтинг рассчитали вы сами.",
        )
        raise invalid("SECOND_PERSON", told, "ratingId")
    return await _decided(context, by, rated, RatingAction.PUBLISH, None)


@mutation(
    WithdrawRatingInput,
    RatingPayload,
    "Withdraw a rating with a reason (отозвать рейтинг), be it published or a draft: only those who answer for it see"
    " it from then on. It is not published again; computed anew it is a new version.",
    Access(write=P.RATING_PUBLISH),
    sensitivity=Sensitivity.P1,
)
async def withdraw_rating(context: "Context", given: WithdrawRatingInput) -> Outcome:
    """Mutation.withdrawRating."""
    if (problem := unfit(context, given.reason, MOST_REASON, ["input", "reason"])) is not None:
        raise Refusal(problem)
    if (reason := stated(given.reason)) is None:
        raise invalid("REASON_NEEDED", context.say("Say why.", "Укажите основание."), "reason")
    by, rated = await _prepared(context, given)
    if rated.state is RatingState.WITHDRAWN:
        told = context.say("It is withdrawn already.", "Рейтинг уже отозван.")
        raise invalid("RATING_STATE", told, "ratingId")
    return await _decided(context, by, rated, RatingAction.WITHDRAW, reason)


async def _prepared(context: "Context", given: Any) -> tuple[LiveAssignment, Any]:
    """The acting assignment, and the rating as it stands; its region is held until the end of the transaction."""
    mapping = context.executor.types["Rating"]
    if await context.executor.look_up(mapping, given.rating_id) is None:
        told = context.say("No rating with this id that you may see.", "Нет доступного вам рейтинга с таким id.")
        raise not_found(told, "ratingId")
    rating, place = records.Rating, records.Organisation
    [key] = key_of(mapping, given.rating_id) or (None,)
    columns: Any = select(col(rating.id), col(rating.region_id), col(rating.state), col(rating.created_by_id))
    found: Any = columns.where(col(rating.id) == key)
    [rated] = await context.statements.write(found)
    region: Any = select(col(place.id), col(place.ancestor_ids)).where(col(place.id) == rated.region_id)
    regions = await context.statements.write(region)
    by = await acting_for(context, P.RATING_PUBLISH, regions, given) if regions else None
    if by is None:
        raise Forbidden("None of your roles publishes that rating.", "Ни одна ваша роль не публикует этот рейтинг.")
    await context.statements.write(HOLD.bindparams(region=str(rated.region_id)))
    [held] = await context.statements.write(found)
    return by, held


async def _decided(
    context: "Context", by: LiveAssignment, rated: Any, action: RatingAction, reason: str | None
) -> Outcome:
    """Store the decision; the database makes the rating follow it."""
    values = {
        "id": uuid4(),
        "rating_id": rated.id,
        "region_id": rated.region_id,
        "action": action,
        "reason": reason,
        "decided_by_id": context.viewer.person_id,
        "assignment_id": by.id,
        "role": by.role,
    }
    await context.statements.write(insert(records.RatingDecision).inline().values(values))
    audited = Audited.RATING_PUBLISH if action is RatingAction.PUBLISH else Audited.RATING_WITHDRAW
    await record(context, audited, by, rated.id, {"reason": reason})
    return [f"Rating:{rated.id}"]
