"""What if inputs were others: the places that would follow. Nothing is stored."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any, cast
from uuid import UUID

import strawberry
from sqlalchemy import select
from sqlmodel import col
from strawberry.types import Info

from auth.permissions import Permission as P
from domain import records
from domain.errors import LimitExceeded
from domain.scoring.rating import rate
from domain.scoring.what_if import WhatIf as Supposed
from domain.scoring.what_if import what_if as suppose
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.mapping.declare import computed, structure, value
from schema.figures.explanation_parts import EntryChange
from schema.figures.explanations import Words
from schema.figures.rating_inputs import reached_places
from schema.figures.supposing import WholeRating, rating_key, whole_rating
from schema.figures.suppositions import Values, WhatIfChange, supposed_values

if TYPE_CHECKING:
    from schema.engine.context import Context

MOST_CHANGES = 100


@structure("Who would move in a section (кто сдвинется).")
class WhatIfSection:
    """A section of the answer."""

    section: str = value("Code of the section (раздел).", PUBLIC)
    changes: list[EntryChange] = value(
        "Entries that would change, by their new place (изменения).", PUBLIC, Sensitivity.P1, usually=50
    )


@computed(
    "What the places would be if inputs that you may see were others (что, если). Nothing is stored.",
    Access(P.RATING_SUPPOSE),
    sensitivity=Sensitivity.P1,
    usually=10,
    cost=500,
)
async def what_if(
    self: Any,
    info: Info,
    rating_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the rating (рейтинг).")],
    changes: Annotated[
        list[WhatIfChange], strawberry.argument(description="What is supposed, at most 100 (предположения).")
    ],
) -> list[WhatIfSection] | None:
    """Query.whatIf."""
    context = cast("Context", info.context)
    if len(changes) > MOST_CHANGES:
        raise LimitExceeded(f"At most {MOST_CHANGES} changes.", f"Не больше {MOST_CHANGES} предположений.")
    whole = await whole_rating(context, rating_key(context, rating_id), "Query.whatIf")
    if whole is None:
        return None
    values = await supposed_values(context, whole, changes)
    places = [whole.organisations[name] for name, _ in values]
    reached = await reached_places(context, places)
    supposed = await asyncio.to_thread(_suppose, whole, values, reached)
    words = Words(context, whole.methodology, await _entry_ids(context, whole.identifier))
    return [
        WhatIfSection(section=section, changes=[words.change(each) for each in moved])
        for section, moved in supposed.changes.items()
    ]


def _suppose(whole: WholeRating, values: Values, reached: set[UUID]) -> Supposed:
    rating = rate(whole.methodology, whole.inputs, whole.period)
    return suppose(rating, values, lambda organisation, _: whole.organisations[organisation] in reached)


async def _entry_ids(context: "Context", rating: UUID) -> dict[str, UUID]:
    entry = records.RatingEntry
    statement: Any = select(col(entry.rated_name), col(entry.id)).where(
        col(entry.rating_id) == rating, col(entry.section_position) == 1
    )
    return {row.rated_name: row.id for row in await context.statements(statement, {})}
