"""What was observed, as it was known at a moment: the inputs of a rating, read from the versions of observations."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col

from domain.records import Indicator, MethodologyInput, ObservationVersion, Organisation, Rating
from domain.records.organisations import HeadStatus, OrganisationKind
from domain.scoring.inputs import Inputs
from domain.scoring.observations import Observation, ObservationProvenance
from domain.scoring.stored import of_two


def rated_organisations(region: UUID | None, kind: OrganisationKind) -> Select[Any]:
    """Whom a rating rates: all of a kind in the region, branches with their heads; without a region, the regions.

    Columns: id, name. Those of whom nothing is known are there too: they have no place, and that is to be seen.
    """
    statement: Any = select(col(Organisation.id), col(Organisation.name)).where(
        col(Organisation.kind) == kind, col(Organisation.head_status) != HeadStatus.BRANCH
    )
    if region is not None:
        statement = statement.where(col(Organisation.region_id) == region)
    ordered: Select[Any] = statement.order_by(col(Organisation.name), col(Organisation.id))
    return ordered


def known_observations(methodology_id: UUID, period: str, at: datetime) -> Select[Any]:
    """Newest versions known at a moment, of everything that a methodology counts.

    Columns: organisation_id, code, value_numerator, value_denominator, provenance.
    """
    version = ObservationVersion
    statement: Any = (
        select(
            col(version.organisation_id),
            col(Indicator.code),
            col(version.value_numerator),
            col(version.value_denominator),
            col(version.provenance),
        )
        .join(MethodologyInput, col(MethodologyInput.indicator_id) == col(version.indicator_id))
        .join(Indicator, col(Indicator.id) == col(version.indicator_id))
        .where(
            col(MethodologyInput.methodology_id) == methodology_id,
            col(version.period) == period,
            col(version.recorded_at) <= at,
        )
        .ext(distinct_on(col(version.indicator_id), col(version.organisation_id)))
        .order_by(col(version.indicator_id), col(version.organisation_id), col(version.version).desc())
    )
    found: Select[Any] = statement
    return found


def inputs_of_ratings(ratings: Sequence[UUID], organisations: Sequence[UUID]) -> Select[Any]:
    """What stored ratings were made from, as they knew it, for these organisations.

    Columns: rating_id, organisation_id, code, value_numerator, value_denominator.
    """
    version, rating = ObservationVersion, Rating
    statement: Any = (
        select(
            col(rating.id).label("rating_id"),
            col(version.organisation_id),
            col(Indicator.code),
            col(version.value_numerator),
            col(version.value_denominator),
        )
        .join(MethodologyInput, col(MethodologyInput.methodology_id) == col(rating.methodology_id))
        .join(Indicator, col(Indicator.id) == col(MethodologyInput.indicator_id))
        .join(
            version,
            and_(
                col(version.indicator_id) == col(Indicator.id),
                col(version.period) == col(rating.period),
                col(version.recorded_at) <= col(rating.known_at),
            ),
        )
        .where(col(rating.id).in_(ratings), col(version.organisation_id).in_(organisations))
        .ext(distinct_on(col(rating.id), col(version.indicator_id), col(version.organisation_id)))
        .order_by(col(rating.id), col(version.indicator_id), col(version.organisation_id), col(version.version).desc())
    )
    found: Select[Any] = statement
    return found


def inputs_of(names: dict[UUID, str], rows: Iterable[Any], codes: Sequence[str]) -> Inputs:
    """Make the inputs of a rating of these organisations; of whom there is no row, the first input is missing."""
    observations = [
        Observation(
            names[row.organisation_id],
            row.code,
            of_two(row.value_numerator, row.value_denominator),
            ObservationProvenance(row.provenance),
        )
        for row in rows
        if row.organisation_id in names
    ]
    return Inputs.of([*observations, *_missing(names, observations, codes)])


def _missing(names: dict[UUID, str], observations: Sequence[Observation], codes: Sequence[str]) -> list[Observation]:
    told = {observation.organisation for observation in observations}
    # Nothing has no provenance of its own: it goes by that of the others.
    words = {observation.provenance for observation in observations if observation.indicator == codes[0]}
    provenance = min(words, default=ObservationProvenance.ENTERED)
    return [Observation(name, codes[0], None, provenance) for name in sorted(set(names.values()) - told)]
