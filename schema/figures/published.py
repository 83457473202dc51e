"""Which ratings the viewer may look into, for statements of our own that no mapping filters."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter

from auth.permissions import Permission as P
from auth.visibility import REACH_PREFIX, published
from domain import records

if TYPE_CHECKING:
    from schema.engine.context import Context


def seen_rating(context: "Context") -> tuple[ColumnElement[bool], dict[str, Any]]:
    """A condition on rows of Rating, with its parameters: published, or the viewer answers for them."""
    held = context.viewer.shape.grants(P.RATING_DRAFT_SEE)
    condition = published(records.Rating.facet(), records.Rating, held)
    return condition, reach_of(context, condition)


def reach_of(context: "Context", condition: ColumnElement[bool]) -> dict[str, Any]:
    """What the viewer reaches, for each parameter of a condition that asks for it."""
    names = {part.key for part in visitors.iterate(condition) if isinstance(part, BindParameter)}
    return {name: context.viewer.parameter(name) for name in names if name.startswith(REACH_PREFIX)}
