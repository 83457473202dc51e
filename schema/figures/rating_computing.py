"""Computing a rating from the observations that are stored, as they are known now or were known once."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

from auth.permissions import Permission as P
from domain.errors import BadUserInput, Forbidden
from domain.rating_store import Author, RatingOrder
from domain.rating_store import compute_rating as compute_and_store
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.mapping.declare import structure, value
from schema.engine.mapping.reference import key_of
from schema.engine.mutations.audit import record
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.inputs import ACTING, KEY, asked
from schema.engine.mutations.mutation import mutation
from schema.engine.mutations.user_errors import UserError, invalid, not_found
from schema.figures.audited import Audited
from schema.figures.observations import PERIOD
from schema.figures.ratings import Rating
from schema.figures.state import acting_for, places_of
from schema.organisations.kinds import OrganisationKind

if TYPE_CHECKING:
    from schema.engine.context import Context


@strawberry.input(description="A rating to compute (рассчитать рейтинг).")
class ComputeRatingInput:
    """Input of computeRating."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    methodology_id: strawberry.ID = strawberry.field(description="Id of the Methodology (методика).")
    region_id: strawberry.ID = strawberry.field(description="Id of the region (регион).")
    rated_kind: OrganisationKind = strawberry.field(description="What is rated there (кого).")
    period: str = strawberry.field(description=PERIOD)
    as_known_at: datetime | None = asked("From what was known then (по данным на момент); left out: now.", None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure("What became of a rating (результат расчёта рейтинга).")
class RatingPayload:
    """Payload of computeRating."""

    rating: Rating | None = value(
        "The rating (рейтинг): a new version, a draft, or the one that stands where nothing would differ.", PUBLIC
    )
    user_errors: list[UserError] = value("Why nothing was computed; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


@mutation(
    ComputeRatingInput,
    RatingPayload,
    "Compute a rating and store it as a draft (рассчитать рейтинг): somebody else publishes it. The same inputs give"
    " the version that stands.",
    Access(write=P.RATING_COMPUTE),
    sensitivity=Sensitivity.P1,
    cost=1000,
)
async def compute_rating(context: "Context", given: ComputeRatingInput) -> Outcome:
    """Mutation.computeRating."""
    region = (await places_of(context, [given.region_id])).get(given.region_id)
    if region is None:
        raise not_found(context.say("No region with this id.", "Нет региона с таким id."), "regionId")
    by = await acting_for(context, P.RATING_COMPUTE, [region], given)
    if by is None:
        raise Forbidden("None of your roles rates that region.", "Ни одна ваша роль не рассчитывает рейтинг там.")
    methodology = key_of(context.executor.types["Methodology"], given.methodology_id)
    if methodology is None:
        raise not_found(context.say("No methodology with this id.", "Нет методики с таким id."), "methodologyId")
    if given.as_known_at is not None and given.as_known_at > context.clock():
        told = context.say("What will be known then is not known yet.", "Этот момент ещё не наступил.")
        raise invalid("AS_KNOWN_AT", told, "asKnownAt")
    order = RatingOrder(methodology[0], given.period, region.id, given.rated_kind, given.as_known_at)
    author = Author(context.viewer.person_id, by.id, by.role)
    try:
        stored = await context.statements.run(lambda connection: compute_and_store(connection, order, author))
    except BadUserInput as error:
        raise invalid("NOT_RATEABLE", context.say(error.english, error.russian)) from error
    detail = {"methodology": str(methodology[0]), "period": given.period, "version": stored.version}
    await record(context, Audited.RATING_COMPUTE, by, stored.rating_id, detail | {"new": stored.is_new})
    return [f"Rating:{stored.rating_id}"]
