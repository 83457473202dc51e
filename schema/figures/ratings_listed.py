"""Ratings as a list: what may be asked of it at its root."""

from collections.abc import Iterator

import strawberry
from sqlalchemy import ColumnElement, and_, exists, or_, tuple_
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
    newest=(
        "version",
        "Only the published version of each that was made from what was known last, or only the others (последняя"
        " версия): a recompute of the past is never the newest, nor is a draft.",
    ),
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
        # By what was known, not by what was computed last: a recompute of the past is never the newest.
        followed = exists().where(
            col(later.methodology_code) == row.methodology_code,
            col(later.period) == row.period,
            col(later.region_id).is_not_distinct_from(row.region_id),
            col(later.rated_kind) == row.rated_kind,
            col(later.published),
            tuple_(col(later.known_at), col(later.version)) > tuple_(col(row.known_at), col(row.version)),
        )
        yield and_(col(row.published), ~followed) if newest else or_(~col(row.published), followed)
