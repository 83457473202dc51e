"""Why an organisation stands where it stands: what each input contributed, who shares the place, how far to the next.

Pure functions over a rating. `Sees` says which inputs the viewer may see; the rest is shown as withheld, and with it
everything from which it could be computed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.scoring.contributions import (
    Contribution,
    Sees,
    contributions,
    entry_of,
    points_of,
    sees_everything,
    withheld_inputs,
)
from domain.scoring.distance import Distance, distance_to_next_level, distance_to_rank
from domain.scoring.entries import Entry
from domain.scoring.rating import Rating
from domain.units import Points


@dataclass(frozen=True)
class Difference:
    """An input in which two organisations differ, in weighted points; None where withheld or missing."""

    indicator: str
    ours: Points | None
    theirs: Points | None


@dataclass(frozen=True)
class Tie:
    """Somebody with exactly the same points. `same_inputs` is None where the viewer may not see enough to be told."""

    organisation: str
    same_inputs: bool | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Explanation:
    """Everything about one entry. `looks_equal`: others whose shown percent is the same, but whose place is not."""

    entry: Entry
    contributions: tuple[Contribution, ...]
    tied: tuple[Tie, ...]
    looks_equal: tuple[Entry, ...]
    to_next_rank: Distance | None
    to_next_level: Distance | None


def explain(rating: Rating, section: str, organisation: str, sees: Sees = sees_everything) -> Explanation:
    """Explain an entry. BadUserInput where there is none."""
    entry = entry_of(rating, section, organisation)
    above = [other.rank for other in rating.table(section) if _is_above(other, entry)]
    return Explanation(
        entry,
        contributions(rating, section, organisation, sees),
        tuple(_tie(rating, section, organisation, other.organisation, sees) for other in _tied(rating, entry)),
        tuple(_looking_equal(rating, entry)),
        distance_to_rank(rating, section, organisation, max(rank for rank in above if rank), sees) if above else None,
        distance_to_next_level(rating, section, organisation, sees),
    )


def _is_above(other: Entry, entry: Entry) -> bool:
    return other.rank is not None and entry.rank is not None and other.rank < entry.rank


def _tied(rating: Rating, entry: Entry) -> Iterator[Entry]:
    for other in rating.table(entry.section):
        if entry.rank is not None and other.rank == entry.rank and other.organisation != entry.organisation:
            yield other


def _looking_equal(rating: Rating, entry: Entry) -> Iterator[Entry]:
    shown = rating.shown_percent(entry)
    for other in rating.table(entry.section):
        if shown is not None and other.rank != entry.rank and rating.shown_percent(other) == shown:
            yield other


def _tie(rating: Rating, section: str, ours: str, theirs: str, sees: Sees) -> Tie:
    """Compare the inputs of two who share a place: the same everywhere, or made up for elsewhere."""
    hidden = withheld_inputs(rating, ours, sees) | withheld_inputs(rating, theirs, sees)
    differences, unknown = [], False
    for part in rating.methodology.parts(section):
        if part.indicator in hidden:
            differences.append(Difference(part.indicator, None, None))
            unknown = True
        elif (points := points_of(rating, ours, part)) != (other := points_of(rating, theirs, part)):
            differences.append(Difference(part.indicator, points, other))
    return Tie(theirs, None if unknown else not differences, tuple(differences))
