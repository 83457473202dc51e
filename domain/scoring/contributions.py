"""What each input brought into an entry, and what is withheld from a viewer who may not see every input."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from domain.errors import BadUserInput
from domain.scoring.entries import Entry
from domain.scoring.methodology import Part
from domain.scoring.rating import Rating
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
    PUBLISHED = "PUBLISHED"


@dataclass(frozen=True)
class Contribution:
    """What one input brings into a section. `points` are weighted, `headroom` is what is left to its maximum.

    `share` (0..1) is of the section's points. All numbers are None unless the state is KNOWN, and all but the value
    where it is PUBLISHED; a missing input leaves its maximum to win, which its headroom does not promise: it is None.
    """

    indicator: str
    state: State
    weight: Fraction
    maximum: Points | None
    value: Fraction | None = None
    points: Points | None = None
    share: Fraction | None = None
    headroom: Points | None = None


def contributions(
    rating: Rating, section: str, organisation: str, sees: Sees = sees_everything
) -> tuple[Contribution, ...]:
    """Give what every input brings into a section, in the methodology's order."""
    entry = entry_of(rating, section, organisation)
    withheld = withheld_inputs(rating, organisation, sees)
    return tuple(
        _contribution(rating, entry, section, part, withheld=part.indicator in withheld)
        for part in rating.methodology.parts(section)
    )


def withheld_inputs(rating: Rating, organisation: str, sees: Sees) -> frozenset[str]:
    """Give the indicators whose input cannot be shown for this organisation.

    Where one input of a group is withheld alone, the group's points would give it away: the smallest other one goes
    with it (complementary suppression, 4.14). A section of a single input is that input: its points are published
    with the table, and said to be (`State.PUBLISHED`).
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


def entry_of(rating: Rating, section: str, organisation: str) -> Entry:
    """Give an entry; BadUserInput where there is none."""
    try:
        return rating.entry(section, organisation)
    except KeyError as error:
        raise BadUserInput(
            f"The rating has no entry of {organisation} in the section {section}.",
            f"В рейтинге нет записи: {organisation}, раздел {section}.",
        ) from error


def _contribution(rating: Rating, entry: Entry, section: str, part: Part, *, withheld: bool) -> Contribution:
    indicator = rating.methodology.indicator(part.indicator)
    maximum = None if indicator.maximum is None else indicator.maximum * part.weight
    points = points_of(rating, entry.organisation, part)
    if withheld and len(rating.methodology.parts(section)) == 1 and entry.points is not None:
        return _published(part, entry.points, maximum)
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


def _published(part: Part, points: Points, maximum: Points | None) -> Contribution:
    """An aggregate of one is the value: the points of a section of one input stand in the published table.

    They are said here too, rather than withheld beside themselves. The value that earned them stays withheld: not
    every rule tells it back, and its source is not the rating's to publish.
    """
    headroom = None if maximum is None else maximum - points
    share = Fraction(1) if points else None
    return Contribution(part.indicator, State.PUBLISHED, part.weight, maximum, None, points, share, headroom)


def points_of(rating: Rating, organisation: str, part: Part) -> Points | None:
    """Give the weighted points of one input; None for no data."""
    points = rating.points[part.indicator].value(rating.inputs.places[organisation])
    return None if points is None else points * part.weight
