"""Ratings computed from stored observations, and stored as versions: the same inputs give the version that is there."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, func, insert, select, text
from sqlmodel import col

from domain.catalogue.ids import NAMESPACE
from domain.errors import BadUserInput
from domain.observed import inputs_of, known_observations, rated_organisations
from domain.records import Methodology, Rating, RatingEntry, RatingRemark
from domain.records.organisations import OrganisationKind
from domain.records.ratings import RatingState
from domain.reporting_periods import reporting_days
from domain.scoring.methodology import Methodology as Rules
from domain.scoring.methodology_file import parse_methodology
from domain.scoring.rating import rate
from domain.scoring.stored import StoredRating, names_of

# Whoever records, approves or rates in a region waits for the others: a rating knows of all or nothing of a change.
HOLD = text("select pg_advisory_xact_lock(hashtextextended('observations of ' || coalesce(:region, ''), 0))")


@dataclass(frozen=True)
class RatingOrder:
    """What is to be rated, and by what. `as_known_at`: from what was known then; None: from what is known now."""

    methodology_id: UUID
    period: str
    region_id: UUID | None
    kind: OrganisationKind
    as_known_at: datetime | None = None


@dataclass(frozen=True)
class Author:
    """Who has it computed, and under which assignment. The seed is nobody, and says when (`at`) itself."""

    person_id: UUID | None = None
    assignment_id: UUID | None = None
    role: str | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Stored:
    """The version of the rating, and whether it is a new one."""

    rating_id: UUID
    version: int
    is_new: bool


def hold_observations(connection: Connection, region: UUID | None) -> None:
    """Keep others from changing or rating the figures of a region until the end of the transaction."""
    connection.execute(HOLD, {"region": None if region is None else str(region)})


def compute_rating(connection: Connection, order: RatingOrder, author: Author) -> Stored:
    """Rate, and store a new version, a draft, unless it would be the same as the one that stands.

    Raises BadPeriod, and BadUserInput where the methodology or everybody to rate is unknown.
    """
    reporting_days(order.period)
    hold_observations(connection, order.region_id)
    rules = rules_of(connection, order.methodology_id)
    known_at = order.as_known_at or connection.scalar(select(func.vhod.clock_timestamp()))
    rating, organisations = _rated(connection, order, rules, known_at)
    earlier = connection.execute(_versions(order, rules.code)).all()
    standing = [row for row in earlier if row.state is not RatingState.WITHDRAWN]
    before = [row for row in standing if row.known_at <= known_at]
    made = StoredRating(rating, _identifier(order, rules.code, len(earlier) + 1), organisations)
    figures = made.figures()
    # A replay of the past may be any version; the present is the newest one or a new one. The newest is the one that
    # was made from what was known last: a replay that was computed after it follows nothing and is followed by nothing.
    # What was withdrawn does not stand: it can be made anew.
    for row in standing if order.as_known_at else before[:1]:
        if row.digest == figures["digest"]:
            return Stored(row.id, row.version, is_new=False)
    values = figures | {
        "id": made.identifier,
        "methodology_id": order.methodology_id,
        "methodology_code": rules.code,
        "period": order.period,
        "region_id": order.region_id,
        "rated_kind": order.kind,
        "version": len(earlier) + 1,
        "previous_id": before[0].id if before else None,
        "known_at": known_at,
        "created_by_id": author.person_id,
        "assignment_id": author.assignment_id,
        "role": author.role,
    }
    values |= {} if author.at is None else {"created_at": author.at}
    connection.execute(insert(Rating).inline(), values)
    _insert(connection, RatingEntry, list(made.entries()))
    _insert(connection, RatingRemark, list(made.remarks()))
    return Stored(made.identifier, len(earlier) + 1, is_new=True)


def rules_of(connection: Connection, methodology_id: UUID) -> Rules:
    """Give a stored version of a methodology. BadUserInput when there is none with this id."""
    found = connection.scalar(select(col(Methodology.text)).where(col(Methodology.id) == methodology_id))
    if found is None:
        raise BadUserInput("There is no such methodology.", "Такой методики нет.")
    return parsed(found)


@lru_cache(maxsize=32)
def parsed(toml: str) -> Rules:
    """Read a methodology once; versions never change."""
    return parse_methodology(toml)


def _rated(connection: Connection, order: RatingOrder, rules: Rules, known_at: Any) -> tuple[Any, dict[str, UUID]]:
    names = names_of((row.id, row.name) for row in connection.execute(rated_organisations(order.region_id, order.kind)))
    if not names:
        raise BadUserInput("There is nobody to rate there.", "Рейтинговать там некого.")
    rows = connection.execute(known_observations(order.methodology_id, order.period, known_at))
    inputs = inputs_of(names, rows, [indicator.code for indicator in rules.indicators])
    return rate(rules, inputs, order.period), {name: identifier for identifier, name in names.items()}


def _versions(order: RatingOrder, code: str) -> Any:
    return (
        select(col(Rating.id), col(Rating.version), col(Rating.digest), col(Rating.known_at), col(Rating.state))
        .where(
            col(Rating.methodology_code) == code,
            col(Rating.period) == order.period,
            col(Rating.region_id).is_not_distinct_from(order.region_id),
            col(Rating.rated_kind) == order.kind,
        )
        .order_by(col(Rating.known_at).desc(), col(Rating.version).desc())
    )


def _identifier(order: RatingOrder, code: str, version: int) -> UUID:
    return uuid5(NAMESPACE, f"rating/{code}/{order.period}/{order.region_id}/{order.kind.value}/{version}")


def _insert(connection: Connection, record: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(record).inline(), rows)
