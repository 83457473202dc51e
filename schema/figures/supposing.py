"""A whole rating with all of its inputs, for whoever may suppose others: what if, and how firm places are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select, text
from sqlmodel import col

from auth.permissions import Permission as P
from domain import records
from domain.observed import inputs_of
from domain.rating_store import parsed
from domain.scoring.inputs import Inputs
from domain.scoring.methodology import Methodology
from schema.engine.mapping.reference import require_key
from schema.figures.published import seen_rating

if TYPE_CHECKING:
    from schema.engine.context import Context

# The database gives them to those who are rated themselves or rate others, and never shows them to anybody.
INPUTS = (
    select(text("organisation_id, indicator_code as code, value_numerator, value_denominator, provenance"))
    .select_from(text("vhod.rating_inputs(:rating)"))
)  # fmt: skip


@dataclass(frozen=True)
class WholeRating:
    """What a rating can be made from again. `organisations` by the names of the rating."""

    identifier: UUID
    text: str
    period: str
    inputs: Inputs
    organisations: dict[str, UUID]

    @property
    def methodology(self) -> Methodology:
        """How it is rated."""
        return parsed(self.text)


async def whole_rating(context: "Context", identifier: UUID, coordinate: str) -> WholeRating | None:
    """The rating with all of its inputs; None, and the refusal listed, where the viewer has no part in it."""
    loader = context.executor.loader("whole ratings", lambda keys: _load(context, keys))
    found: WholeRating | None = await loader.load(identifier)
    if found is None:
        context.denials.refuse(coordinate, P.RATING_SUPPOSE)
    return found


def rating_key(context: "Context", identifier: str) -> UUID:
    """The key of a rating given as an argument. Raises BadUserInput where it is no id of one."""
    return require_key(context.executor.types["Rating"], identifier)


async def _load(context: "Context", keys: list[UUID]) -> list[WholeRating | None]:
    return [await _whole(context, key) for key in keys]


async def _whole(context: "Context", key: UUID) -> WholeRating | None:
    rating, methodology = records.Rating, records.Methodology
    header: Any = select(col(rating.period), col(methodology.text))
    seen, reach = seen_rating(context)
    header = header.join(methodology, col(methodology.id) == col(rating.methodology_id))
    header = header.where(col(rating.id) == key, seen)
    entry = records.RatingEntry
    rated: Any = select(col(entry.organisation_id), col(entry.rated_name)).where(
        col(entry.rating_id) == key, col(entry.section_position) == 1
    )
    rows, named = await context.statements(header, reach), await context.statements(rated, {})
    observed = await context.statements(INPUTS, {"rating": key})
    if not rows or not observed:
        return None
    names = {row.organisation_id: row.rated_name for row in named}
    codes = [indicator.code for indicator in parsed(rows[0].text).indicators]
    inputs = inputs_of(names, observed, codes)
    return WholeRating(key, rows[0].text, rows[0].period, inputs, {name: place for place, name in names.items()})
