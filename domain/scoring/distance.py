"""How far it is to a better place or level, and which input could bring it there alone."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from domain.errors import BadUserInput
from domain.scoring.contributions import Sees, contributions, entry_of, sees_everything
from domain.scoring.entries import Entry
from domain.scoring.levels import Band
from domain.scoring.rating import Rating
from domain.units import Points


@dataclass(frozen=True)
class Way:
    """One input that could bring the points alone: the value it would need, all else equal.

    `value` is None where the rule cannot give it; for a bound that itself does not belong it is the bound to pass.
    """

    indicator: str
    points: Points
    value: Fraction | None


@dataclass(frozen=True)
class Distance:
    """How many points are wanting for a place or a level; reaching them is enough (an equal shares the place)."""

    points: Points
    rank: int | None
    level: Band | None
    holders: tuple[str, ...]
    ways: tuple[Way, ...]


def distance_to_rank(
    rating: Rating, section: str, organisation: str, rank: int, sees: Sees = sees_everything
) -> Distance | None:
    """Tell what is wanting for a better place, None when it is reached already or the entry has none.

    Points as of a full set of inputs. BadUserInput for a place that nobody has.
    """
    entry = entry_of(rating, section, organisation)
    holders = [other for other in rating.table(section) if other.rank == rank]
    if not holders:
        raise BadUserInput(f"Nobody has place {rank} in {section}.", f"Места {rank} в разделе {section} нет ни у кого.")
    if entry.rank is None or rank >= entry.rank:
        return None
    wanting = _ranked_points(rating, holders[0]) - _ranked_points(rating, entry)
    names = tuple(other.organisation for other in holders)
    return Distance(wanting, rank, None, names, tuple(_ways(rating, entry, wanting, sees)))


def distance_to_next_level(
    rating: Rating, section: str, organisation: str, sees: Sees = sees_everything
) -> Distance | None:
    """Tell what is wanting for the next band; None at the top, without bands, or without points."""
    entry = entry_of(rating, section, organisation)
    bands = rating.methodology.section(entry.section).bands
    if bands is None or entry.points is None:
        return None
    following = bands.above(entry.level.code) if entry.level else bands.bands[0]
    if following is None or following.values.lower is None:
        return None
    wanting = following.values.lower.value - _ranked_points(rating, entry)
    return Distance(wanting, None, following, (), tuple(_ways(rating, entry, wanting, sees)))


def _ranked_points(rating: Rating, entry: Entry) -> Points:
    """Give the points by which places are given: those of a share of the known are carried to the whole maximum."""
    whole = rating.methodology.section(entry.section).maximum
    assert entry.points is not None
    return entry.points if whole is None or not entry.maximum else entry.points * whole / entry.maximum


def _ways(rating: Rating, entry: Entry, wanting: Points, sees: Sees) -> Iterator[Way]:
    """Go through the inputs that could bring so many points alone, the least demanding of their maximum first."""
    whole = rating.methodology.section(entry.section).maximum
    if whole is not None and entry.maximum is not None:
        wanting = wanting * entry.maximum / whole  # of the known inputs, who are counted for the missing ones too
    found: dict[Fraction, list[Way]] = defaultdict(list)
    for each in contributions(rating, entry.section, entry.organisation, sees):
        if each.points is None or each.value is None or (each.headroom is not None and each.headroom < wanting):
            continue
        rule = rating.methodology.indicator(each.indicator).rule
        value = rule.value_for((each.points + wanting) / each.weight, each.value)
        if value is not None:
            found[wanting / each.headroom if each.headroom else Fraction(1)].append(Way(each.indicator, wanting, value))
    for part in sorted(found):
        yield from found[part]
