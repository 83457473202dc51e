"""What this noun brings to the contract: indicators, observations, ratings."""

from typing import TYPE_CHECKING, Annotated, cast

import strawberry
from strawberry.types import Info

from domain.catalogue.ids import indicator_id
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import computed, lookup, page
from schema.engine.mapping.pages import Connection
from schema.engine.noun import Noun
from schema.figures import (
    approvals,
    observation_computing,
    observation_writing,
    rating_computing,
    rating_decisions,
    robustness,
    what_if,
)
from schema.figures.audited import CODES, Audited
from schema.figures.indicators import CatalogueRemark, Indicator, Procedure, listed_indicators
from schema.figures.locked import Locked
from schema.figures.methodologies import Methodology, listed_methodologies
from schema.figures.ratings import Rating
from schema.figures.ratings_listed import listed_ratings

if TYPE_CHECKING:
    from schema.engine.context import Context


class Queries:
    """Where reading begins."""

    methodology: Methodology | None = lookup("A methodology by id (методика).")
    rating: Rating | None = lookup("A rating by id (рейтинг).")
    indicators: Connection[Indicator] | None = page(
        "The catalogue of indicators (показатели), by code.", PUBLIC, order=("code", "id"), where=listed_indicators
    )
    procedures: Connection[Procedure] | None = page(
        "Procedures of quality assessment (процедуры), by number.", PUBLIC, order=("number", "id")
    )
    catalogue_remarks: Connection[CatalogueRemark] | None = page(
        "What the catalogue's sources contradict or leave open (замечания).", PUBLIC, order=("place", "code", "id")
    )
    methodologies: Connection[Methodology] | None = page(
        "Methodologies of ratings (методики), by code and version.",
        PUBLIC,
        order=("code", "version", "id"),
        where=listed_methodologies,
    )
    ratings: Connection[Rating] | None = page(
        "Ratings as they were stored (рейтинги), oldest first; drafts and withdrawn ones to whoever answers for them.",
        PUBLIC,
        order=("created_at", "id"),
        where=listed_ratings,
    )
    what_if = what_if.what_if
    robustness = robustness.robustness

    @computed("An indicator by its code (показатель), null when there is none.", PUBLIC, sensitivity=Sensitivity.P0)
    async def indicator(
        self, info: Info, code: Annotated[str, strawberry.argument(description="Its code (код).")]
    ) -> Indicator | None:
        context = cast("Context", info.context)
        return cast("Indicator | None", await context.executor.load_named("Indicator", (indicator_id(code),)))


class Mutations:
    """Where changes begin."""

    record_observations = observation_writing.record_observations
    compute_observations = observation_computing.compute_observations
    approve_observations = approvals.approve_observations
    unlock_observations = approvals.unlock_observations
    compute_rating = rating_computing.compute_rating
    publish_rating = rating_decisions.publish_rating
    withdraw_rating = rating_decisions.withdraw_rating


NOUN = Noun(queries=Queries, mutations=Mutations, refusals=(Locked,), codes=CODES, audited=Audited)
