"""One version of a methodology: what earns which points, in which groups, against which maxima and levels."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from domain.canonical import digest
from domain.scoring.levels import Bands
from domain.scoring.observations import Direction
from domain.scoring.points import PointsRule
from domain.scoring.ranking import Ties
from domain.units import Points

TOTAL = "total"


class Status(StrEnum):
    """Whose numbers these are."""

    PUBLISHED = "PUBLISHED"  # an authority's own method, as far as it was printed
    OWN = "OWN"  # our proposal, built on published cut-offs
    SYNTHETIC = "SYNTHETIC"  # invented: shows how the system works, says nothing about anybody


class Missing(StrEnum):
    """What happens when an input is not known. Neither takes it for zero."""

    NO_PLACE = "NO_PLACE"  # no points, no level and no place where anything is missing
    OF_THE_KNOWN = "OF_THE_KNOWN"  # the share of what the known inputs could have earned


class Part(NamedTuple):
    """An indicator as it counts in a section: its points times `weight`."""

    indicator: str
    weight: Fraction


@dataclass(frozen=True)
class RatedIndicator:
    """An indicator as a methodology counts it. `maximum`: points it can earn, before its weight; None if unknown.

    `ranked`: it is a section of its own, with places by this indicator alone.
    """

    code: str
    russian: str
    english: str
    rule: PointsRule
    direction: Direction = Direction.HIGHER_IS_BETTER
    maximum: Points | None = None
    weight: Fraction = Fraction(1)
    ranked: bool = False


@dataclass(frozen=True)
class Section:
    """Whatever places are given in: a group, the total, a single indicator. `maximum` is None where none is known.

    `bands` are levels by points, literally as printed: percentages of a maximum do not reproduce them (R5).
    """

    code: str
    russian: str
    english: str
    maximum: Points | None = None
    bands: Bands | None = None


@dataclass(frozen=True)
class Group(Section):
    """A group of indicators; its points enter the total times `weight`."""

    indicators: tuple[RatedIndicator, ...] = ()
    weight: Fraction = Fraction(1)


@dataclass(frozen=True)
class Methodology:
    """A dated version. Groups and total have maxima of their own: published tables contradict themselves (R4).

    `percent_bands` are levels by percent rounded to `percent_places`; they only check the levels by points.
    `minimum_coverage` (0..1, of the maximum) is what must be known for a place under OF_THE_KNOWN.
    """

    code: str
    version: str
    status: Status
    russian: str
    english: str
    source: str
    valid_from: date
    groups: tuple[Group, ...]
    total: Section
    missing: Missing = Missing.NO_PLACE
    minimum_coverage: Fraction = Fraction(1)
    ties: Ties = Ties.DENSE
    percent_places: int = 0
    percent_bands: Bands | None = None

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content: two files that say the same have the same one."""
        return digest(self)

    @cached_property
    def indicators(self) -> tuple[RatedIndicator, ...]:
        """All indicators, in the order of the groups."""
        return tuple(indicator for group in self.groups for indicator in group.indicators)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Where places are given: indicators that are ranked alone, the groups, the total."""
        alone = (Section(i.code, i.russian, i.english, i.maximum) for i in self.indicators if i.ranked)
        return (*alone, *self.groups, self.total)

    def section(self, code: str) -> Section:
        """Give the section of this code. KeyError for an unknown one."""
        return {section.code: section for section in self.sections}[code]

    def parts(self, section: str) -> tuple[Part, ...]:
        """Give what a section adds up. Weights of a group and of its indicators multiply in the total."""
        if section == self.total.code:
            return tuple(Part(i.code, i.weight * group.weight) for group in self.groups for i in group.indicators)
        for group in self.groups:
            if group.code == section:
                return tuple(Part(i.code, i.weight) for i in group.indicators)
        return (Part(section, Fraction(1)),)

    def indicator(self, code: str) -> RatedIndicator:
        """Give the indicator of this code. KeyError for an unknown one."""
        return self._by_code[code]

    @cached_property
    def _by_code(self) -> Mapping[str, RatedIndicator]:
        return {indicator.code: indicator for indicator in self.indicators}
