"""How firm places are: rank intervals over many draws of a rating. Drawn by a process of its own, never stored."""

from typing import TYPE_CHECKING, Annotated, Any, cast

import strawberry
from strawberry.types import Info

from auth.permissions import Permission as P
from domain.errors import BadUserInput
from domain.scoring.draws import DrawJob
from domain.scoring.robustness import RankInterval as DrawnInterval
from domain.scoring.robustness import Suppositions
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.mapping.declare import computed, structure, value
from schema.engine.mapping.rows import Row
from schema.figures.supposing import WholeRating, rating_key, whole_rating

if TYPE_CHECKING:
    from schema.engine.context import Context

MOST_DRAWS = 1000
WEIGHTS, NOISE = 0.2, 0.02
DRAWS = "How many draws (число розыгрышей), 1 to 1000."
SEED = "Seed of the draws (начальное число): the same seed gives the same answer."
P1 = Sensitivity.P1


@structure("Places of an organisation over all draws (устойчивость места); 1 is best.")
class RankInterval:
    """A rank interval."""

    rated_name: str = value("Name in the rating (название в рейтинге).", PUBLIC)
    rank: int = value("Place in the rating itself (место в рейтинге).", PUBLIC)
    low: int = value("`low` to `high` holds nine of ten draws (от): the better end.", PUBLIC, P1)
    median: int = value("Place in the middle of all draws (медиана).", PUBLIC, P1)
    high: int = value("The worse end (до).", PUBLIC, P1)
    best: int = value("Best place drawn (лучшее).", PUBLIC, P1)
    worst: int = value("Worst place drawn (худшее).", PUBLIC, P1)


@computed(
    "How firm the places of a section are (устойчивость рейтинга): drawn again with each weight up to 20 % off and"
    " 2 % noise in the points, or as you say. Nothing is stored. For coordinators who are rated there.",
    Access(P.RATING_SUPPOSE),
    sensitivity=P1,
    usually=50,
    cost=1000,
)
async def robustness(
    self: Any,
    info: Info,
    rating_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the rating (рейтинг).")],
    section: Annotated[str, strawberry.argument(description="Code of the section (раздел).")],
    draws: Annotated[int, strawberry.argument(description=DRAWS)] = 200,
    seed: Annotated[int, strawberry.argument(description=SEED)] = 1,
    weights: Annotated[
        float, strawberry.argument(description="By how much weights vary, 0 to 1 (разброс весов).")
    ] = WEIGHTS,
    noise: Annotated[
        float, strawberry.argument(description="Noise in points, as a share of what can be earned (шум).")
    ] = NOISE,
    leave_one_out: Annotated[
        bool, strawberry.argument(description="Whether each draw leaves one indicator out (без одного показателя).")
    ] = False,
) -> list[RankInterval] | None:
    """Query.robustness."""
    context = cast("Context", info.context)
    whole = await whole_rating(context, rating_key(context, rating_id), "Query.robustness")
    if whole is None:
        return None
    supposed = _suppositions(draws, seed, weights=weights, noise=noise, leave_one_out=leave_one_out)
    return [_shown(each) for each in await _drawn(context, whole, section, supposed)]


async def interval_of(context: "Context", row: Row, draws: int, seed: int) -> RankInterval | None:
    """The interval of one entry; entries of one section are drawn together."""
    whole = await whole_rating(context, row.keys["rating_id"], "RatingEntry.robustness")
    if whole is None:
        return None
    supposed = _suppositions(draws, seed)

    async def load(keys: list[str]) -> list[dict[str, RankInterval]]:
        found = [await _drawn(context, whole, section, supposed) for section in keys]
        return [{each.organisation: _shown(each) for each in intervals} for intervals in found]

    loader = context.executor.loader(("intervals", whole.identifier, draws, seed), load)
    intervals: dict[str, RankInterval] = await loader.load(row.values["section"])
    return intervals.get(row.values["rated_name"])


async def _drawn(
    context: "Context", whole: WholeRating, section: str, supposed: Suppositions
) -> tuple[DrawnInterval, ...]:
    if section not in {each.code for each in whole.methodology.sections}:
        raise BadUserInput(f"The rating has no section {section}.", f"В рейтинге нет раздела {section}.")
    return await context.draw(DrawJob(whole.text, whole.inputs, whole.period, section, supposed))


def _suppositions(
    draws: int, seed: int, *, weights: float = WEIGHTS, noise: float = NOISE, leave_one_out: bool = False
) -> Suppositions:
    if not 1 <= draws <= MOST_DRAWS or seed < 0:
        raise BadUserInput(
            f"Draws are 1 to {MOST_DRAWS}, the seed is not negative.",
            f"Розыгрышей от 1 до {MOST_DRAWS}, начальное число не отрицательно.",
        )
    return Suppositions(seed, draws, weights, leave_one_out=leave_one_out, noise=noise)


def _shown(each: DrawnInterval) -> RankInterval:
    return RankInterval(
        rated_name=each.organisation,
        rank=each.rank,
        low=each.low,
        median=each.median,
        high=each.high,
        best=each.best,
        worst=each.worst,
    )
