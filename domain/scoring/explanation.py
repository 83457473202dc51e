"""Why an organisation stands where it stands: what each input contributed, who shares the place, how far to the next.

Pure functions over a rating. `Sees` says which inputs the viewer may see; the rest is shown as withheld, and with it
everything from which it could be computed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from domain.errors import BadUserInput
from domain.scoring.levels import Band
from domain.scoring.methodology import Part
from domain.scoring.rating import Rating
from domain.scoring.standings import Entry
from domain.units import Points

Sees: TypeAlias = Callable[[str, str], bool]
"""Whether the viewer may see the input of (organisation, indicator)."""


def sees_everything(organisation: str, indicator: str) -> bool:
    """Be the viewer for whom nothing is withheld."""
    return True


class State(StrEnum):
    """Whether an input's numbers can be shown."""

    KNOWN = "KNOWN"
    MISSING = "MISSING"
    WITHHELD = "WITHHELD"


@dataclass(frozen=True)
class Contribution:
    """What one input brings into a section. `points` are weighted, `headroom` is what is left to its maximum.

    `share` (0..1) is of the section's points. All numbers are None unless the state is KNOWN; a missing input leaves
    its maximum to win, which its headroom does not promise: it is None too.
    """

    indicator: str
    state: State
    weight: Fraction
    maximum: Points | None
    value: Fraction | None = None
    points: Points | None = None
    share: Fraction | None = None
    headroom: Points | None = None


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
    entry = _entry(rating, section, organisation)
    above = [other.rank for other in rating.table(section) if _is_above(other, entry)]
    return Explanation(
        entry,
        contributions(rating, section, organisation, sees),
        tuple(_tie(rating, section, organisation, other.organisation, sees) for other in _tied(rating, entry)),
        tuple(_looking_equal(rating, entry)),
        distance_to_rank(rating, section, organisation, max(rank for rank in above if rank), sees) if above else None,
        _distance_to_next_level(rating, entry, sees),
    )


def contributions(
    rating: Rating, section: str, organisation: str, sees: Sees = sees_everything
) -> tuple[Contribution, ...]:
    """Give what every input brings into a section, in the methodology's order."""
    entry = _entry(rating, section, organisation)
    withheld = withheld_inputs(rating, organisation, sees)
    return tuple(
        _contribution(rating, entry, part, withheld=part.indicator in withheld)
        for part in rating.methodology.parts(section)
    )


def withheld_inputs(rating: Rating, organisation: str, sees: Sees) -> frozenset[str]:
    """Give the indicators whose input cannot be shown for this organisation.

    Where one input of a group is withheld alone, the group's points would give it away: the smallest other one goes
    with it (complementary suppression, 4.14). A group of a single input is that input: its entry is what the caller
    must not show then.
    """
    hidden: set[str] = set()
    for group in rating.methodology.groups:
        known = [item for item in group.indicators if rating.inputs.value(organisation, item.code) is not None]
        closed = [item.code for item in known if not sees(organisation, item.code)]
        hidden.update(item.code for item in group.indicators if not sees(organisation, item.code))
        if len(closed) == 1 and len(known) > 1:
            others = [item for item in known if item.code not in closed]
            hidden.add(min(others, key=lambda item: ((item.maximum or 0) * item.weight, item.code)).code)
    return frozenset(hidden)


def distance_to_rank(
    rating: Rating, section: str, organisation: str, rank: int, sees: Sees = sees_everything
) -> Distance | None:
    """Tell what is wanting for a better place, None when it is reached already or the entry has none.

    Points as of a full set of inputs. BadUserInput for a place that nobody has.
    """
    entry = _entry(rating, section, organisation)
    holders = [other for other in rating.table(section) if other.rank == rank]
    if not holders:
        raise BadUserInput(f"Nobody has place {rank} in {section}.", f"Места {rank} в разделе {section} нет ни у кого.")
    if entry.rank is None or rank >= entry.rank:
        return None
    wanting = _standing(rating, holders[0]) - _standing(rating, entry)
    names = tuple(other.organisation for other in holders)
    return Distance(wanting, rank, None, names, tuple(_ways(rating, entry, wanting, sees)))


def _distance_to_next_level(rating: Rating, entry: Entry, sees: Sees) -> Distance | None:
    """Tell what is wanting for the next band; None at the top, without bands, or without points."""
    bands = rating.methodology.section(entry.section).bands
    if bands is None or entry.points is None:
        return None
    following = bands.above(entry.level.code) if entry.level else bands.bands[0]
    if following is None or following.values.lower is None:
        return None
    wanting = following.values.lower.value - _standing(rating, entry)
    return Distance(wanting, None, following, (), tuple(_ways(rating, entry, wanting, sees)))


def _standing(rating: Rating, entry: Entry) -> Points:
    """Give the points by which places are given: those of a share of the known are carried to the whole maximum."""
    whole = rating.methodology.section(entry.section).maximum
    assert entry.points is not None
    return entry.points if whole is None or not entry.maximum else entry.points * whole / entry.maximum


def _entry(rating: Rating, section: str, organisation: str) -> Entry:
    try:
        return rating.entry(section, organisation)
    except KeyError as error:
        raise BadUserInput(
            f"The rating has no entry of {organisation} in the section {section}.",
            f"В рейтинге нет записи: {organisation}, раздел {section}.",
        ) from error


def _contribution(rating: Rating, entry: Entry, part: Part, *, withheld: bool) -> Contribution:
    indicator = rating.methodology.indicator(part.indicator)
    maximum = None if indicator.maximum is None else indicator.maximum * part.weight
    points = points_of(rating, entry.organisation, part)
    if withheld or points is None:
        state = State.WITHHELD if withheld else State.MISSING
        return Contribution(part.indicator, state, part.weight, maximum)
    return Contribution(
        part.indicator,
        State.KNOWN,
        part.weight,
        maximum,
        rating.inputs.value(entry.organisation, part.indicator),
        points,
        points / entry.points if entry.points else None,
        None if maximum is None else maximum - points,
    )


def points_of(rating: Rating, organisation: str, part: Part) -> Points | None:
    """Give the weighted points of one input; None for no data."""
    points = rating.points[part.indicator].value(rating.inputs.places[organisation])
    return None if points is None else points * part.weight


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
