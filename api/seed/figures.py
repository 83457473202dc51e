"""Published figures of regions and municipalities as observations, approved where they belong, and their ratings."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, insert

from api.seed.calendar import Calendar, office_hours
from api.seed.ids import CHELYABINSK, seed_id
from api.seed.organisations import TIME_ZONES
from domain.catalogue.catalogue import load_catalogue
from domain.catalogue.ids import indicator_id, methodology_id
from domain.catalogue.published import chelyabinsk_points
from domain.rating_store import Author, RatingOrder, compute_rating
from domain.records import ObservationApproval, ObservationVersion, RatingDecision, Record
from domain.records.facts import Origin
from domain.records.observations import ApprovalAction, NoDataReason
from domain.records.organisations import OrganisationKind
from domain.records.ratings import RatingAction
from domain.roles import Role
from domain.scoring.observations import Observation
from domain.scoring.stored import in_two, shown

RATINGS = (
    ("chelyabinsk-quality", "2022", "2020/2022", CHELYABINSK, OrganisationKind.MUNICIPALITY),
    ("motivating-monitoring", "2022-08", "2022-08", None, OrganisationKind.REGION),
    ("school-public-pages", "2023-07", "2023", None, OrganisationKind.REGION),
)
"""Methodology, its version, period, region, and what is rated."""
RATED_BY_DECKS = frozenset({"motivating_monitoring_2022.csv", "school_public_pages_by_region.csv"})


def figures(calendar: Calendar) -> Iterator[Record]:
    """Make the observations, and the region's approval of what its municipalities were rated by."""
    catalogue, known_since = load_catalogue(), calendar.prepared_on
    for observation in chelyabinsk_points():
        place = seed_id("municipality", CHELYABINSK, observation.organisation)
        yield _version(observation, place, 2, known_since)
    for table in catalogue.published:
        if table.file in RATED_BY_DECKS:
            for observation in table.observations:
                decimals = catalogue.indicators[observation.indicator].decimals
                yield _version(observation, seed_id("region", observation.organisation), decimals, known_since)
    yield from _approvals(known_since)


def store_ratings(connection: Connection, calendar: Calendar) -> int:
    """Rate what was loaded, by the same function as everybody, and publish it; gives how many ratings there are."""
    known_at = office_hours(calendar.prepared_on, TIME_ZONES[CHELYABINSK])
    for code, version, period, region, kind in RATINGS:
        region_id = seed_id("region", region) if region else None
        order = RatingOrder(methodology_id(code, version), period, region_id, kind, known_at)
        stored = compute_rating(connection, order, Author(at=known_at))
        decision = {
            "id": seed_id("rating-decision", stored.rating_id),
            "rating_id": stored.rating_id,
            "region_id": region_id,
            "action": RatingAction.PUBLISH,
            "role": Role.REGIONAL_COORDINATOR if region_id else None,
            "decided_at": known_at,
        }
        connection.execute(insert(RatingDecision).inline(), decision)
    return len(RATINGS)


def _version(observation: Observation, place: UUID, decimals: int, since: date) -> ObservationVersion:
    name = (observation.indicator, observation.period, place)
    return ObservationVersion(
        id=seed_id("observation-version", *name, 1),
        observation_id=seed_id("observation", *name),
        indicator_id=indicator_id(observation.indicator),
        organisation_id=place,
        period=observation.period,
        **in_two("value", observation.value),
        shown=shown(observation.value, decimals),
        no_data=NoDataReason.NOT_REPORTED if observation.value is None else None,
        provenance=observation.provenance,
        source=observation.source,
        origin=Origin.IMPORTED,
        recorded_at=office_hours(since, TIME_ZONES[CHELYABINSK]),
    )


def _approvals(since: date) -> Iterator[ObservationApproval]:
    for code, period in dict.fromkeys((each.indicator, each.period) for each in chelyabinsk_points()):
        yield ObservationApproval(
            id=seed_id("observation-approval", code, period),
            indicator_id=indicator_id(code),
            organisation_id=seed_id("region", CHELYABINSK),
            period=period,
            action=ApprovalAction.APPROVE,
            role=Role.REGIONAL_COORDINATOR,
            decided_at=office_hours(since, TIME_ZONES[CHELYABINSK]),
        )
