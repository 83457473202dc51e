"""Ratings as a list: what may be asked of it at its root."""

from collections.abc import Iterator

import strawberry
from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import aliased
from sqlmodel import col

from domain import records
from schema.engine.mapping.declare import filters, mapping_of
from schema.engine.mapping.reference import require_key
from schema.engine.typed_texts import plain
from schema.organisations.kinds import OrganisationKind
from schema.organisations.organisation import Organisation


@filters(
    methodology=("methodology_code", "Code of the methodology (методика)."),
    period=("period", "About this very period (период)."),
    region=("region", "Of this region (регион)."),
    rated_kind=("rated_kind", "Of organisations of this kind (кого)."),
    newest=("version", "Only the newest version of each, or only older ones (последняя версия)."),
)
def listed_ratings(
    row: type[records.Rating],
    methodology: str | None = None,
    period: str | None = None,
    region: strawberry.ID | None = None,
    rated_kind: OrganisationKind | None = None,
    newest: bool | None = None,
) -> Iterator[ColumnElement[bool]]:
    """Filters of the list of ratings."""
    if methodology is not None:
        yield col(row.methodology_code) == plain(methodology)
    if period is not None:
        yield col(row.period) == period
    if region is not None:
        yield col(row.region_id) == require_key(mapping_of(Organisation), region)
    if rated_kind is not None:
        yield col(row.rated_kind) == rated_kind
    if newest is not None:
        later = aliased(records.Rating)
        followed = exists().where(col(later.previous_id) == row.id)
        yield ~followed if newest else followed
