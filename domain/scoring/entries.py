"""One section of a rating: everybody's sum, percent, level and place in it, with what is doubtful about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import NamedTuple, TypeAlias, TypeVar

from domain.findings import Finding
from domain.scoring.columns import Column, missing_by_place, places_in, weighted_sums
from domain.scoring.consistency import exact_percents, level_disagreement, points_beyond, possible_points
from domain.scoring.findings import FindingCode
from domain.scoring.inputs import Inputs
from domain.scoring.levels import Band, Interval
from domain.scoring.methodology import Methodology, Missing, Part, Section
from domain.scoring.ranking import rank_of_values
from domain.units import Points

Units: TypeAlias = int | Fraction
"""Points in units of `1/scale`, one scale for all sums of a section."""

FINEST = 10**40
"""Whole numbers of this size are still quicker than fractions."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """The place of one organisation in one section. All numbers exact, None where there is no data for them.

    `points` are those of the known inputs, `maximum` is what these could have earned. `known` of
    `needed` inputs were there. Places are given by `points`, or by the share of the known (OF_THE_KNOWN).
    """

    section: str
    organisation: str
    points: Points | None
    maximum: Points | None
    level: Band | None
    rank: int | None
    known: int
    needed: int
    findings: tuple[Finding, ...] = ()

    @property
    def percent(self) -> Fraction | None:
        """Points of the maximum, exact, 0..100 (more where points pass it); None where either is not known."""
        return None if self.points is None or self.maximum is None else 100 * self.points / self.maximum


class _Sum(NamedTuple):
    """An organisation's points in units. `value`, of the whole maximum, decides percent, level and place; None: none.

    `value` is in units of `1/value_scale`: those of the points, made finer where a share of the known needs it.
    """

    value: Units | None
    points: Units
    maximum: Points | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class SectionEntries:
    """The arithmetic of one section for everybody at once. `points` are columns by indicator, before weights."""

    methodology: Methodology
    inputs: Inputs
    points: Mapping[str, Column]
    section: Section

    def entries(self) -> list[Entry]:
        """Give the section from the first place down, those without a place last, equals by their key."""
        entries = [self._entry(organisation, place) for place, organisation in enumerate(self.inputs.organisations)]
        return sorted(entries, key=lambda entry: (entry.rank is None, entry.rank))

    @cached_property
    def _parts(self) -> Sequence[Part]:
        return self.methodology.parts(self.section.code)

    @cached_property
    def _columns(self) -> Sequence[Column]:
        return [self.points[part.indicator] for part in self._parts]

    @cached_property
    def _totals(self) -> tuple[list[Units], int]:
        return weighted_sums(self._columns, [part.weight for part in self._parts])

    @cached_property
    def _scale(self) -> int:
        return self._totals[1]

    @cached_property
    def _missing(self) -> Mapping[int, list[int]]:
        return missing_by_place(self._columns)

    @cached_property
    def _known_maxima(self) -> Mapping[tuple[int, ...], Points]:
        """What the inputs that are known could have earned, by those that are missing, where it is enough."""
        whole = self.section.maximum
        if self.methodology.missing is Missing.NO_PLACE or whole is None:
            return {}
        maxima = [part.weight * (self.methodology.indicator(part.indicator).maximum or 0) for part in self._parts]
        enough = self.methodology.minimum_coverage * whole
        known = {gaps: whole - sum(maxima[gap] for gap in gaps) for gaps in set(map(tuple, self._missing.values()))}
        some = len(self._parts)  # a group's own maximum can be more than its indicators': nothing known is no place
        return {gaps: left for gaps, left in known.items() if len(gaps) < some and left > 0 and left >= enough}

    @cached_property
    def _refinement(self) -> int:
        """How much finer a unit must be for shares of the known to be whole; 1 where that would be absurdly fine."""
        whole = self.section.maximum or Fraction(1)
        finest = lcm(*((whole / maximum).denominator for maximum in set(self._known_maxima.values())))
        return finest if finest <= FINEST else 1

    @cached_property
    def _value_scale(self) -> int:
        return self._scale * self._refinement

    @cached_property
    def _sums(self) -> list[_Sum]:
        finer, whole, missing = self._refinement, self.section.maximum, self._missing
        return [
            self._incomplete(place, total) if place in missing else _Sum(total * finer, total, whole)
            for place, total in enumerate(self._totals[0])
        ]

    @cached_property
    def _distinct(self) -> list[Units]:
        return sorted({each.value for each in self._sums if each.value is not None})

    @cached_property
    def _ranks(self) -> Mapping[Units, int]:
        return rank_of_values((each.value for each in self._sums), self.methodology.ties)

    @cached_property
    def _levels(self) -> Mapping[Units, Band]:
        """The level of every sum that occurs: the highest band whose lower bound is reached."""
        return self._taken((band, Interval(band.values.lower)) for band in self.section.bands or ())

    @cached_property
    def _printed(self) -> Mapping[Units, Band]:
        """The band that takes a sum by both of its bounds."""
        return self._taken((band, band.values) for band in self.section.bands or ())

    @cached_property
    def _percent_levels(self) -> Mapping[Units, Band]:
        """The level of every sum's percent, rounded as it is shown."""
        return self._taken(exact_percents(self.methodology, self.section))

    @cached_property
    def _within(self) -> Mapping[Units, bool]:
        return self._taken([(True, possible_points(self.section.maximum))])

    def _taken(self, intervals: Iterable[tuple[T, Interval]]) -> Mapping[Units, T]:
        """Give, for every sum that occurs, what stands with its interval: two searches an interval, none a sum."""
        return {
            value: owner
            for owner, values in intervals
            for value in self._distinct[places_in(values, self._distinct, self._value_scale)]
        }

    def _incomplete(self, place: int, total: Units) -> _Sum:
        """Apply the rule for missing inputs. Missing is not zero."""
        gaps = tuple(self._missing[place])
        codes, known = tuple(self._parts[gap].indicator for gap in gaps), self._known_maxima.get(gaps)
        if known is None:
            return _Sum(None, total, None, codes)
        return _Sum(total * self._shares[gaps], total, known, codes)

    @cached_property
    def _shares(self) -> Mapping[tuple[int, ...], Units]:
        """By what points of the known are multiplied to be of the whole maximum, in refined units."""
        finer = self._refinement * (self.section.maximum or 0)
        shares = {gaps: finer / known for gaps, known in self._known_maxima.items()}
        return {gaps: share.numerator if share.denominator == 1 else share for gaps, share in shares.items()}

    def _entry(self, organisation: str, place: int) -> Entry:
        each, needed = self._sums[place], len(self._parts)
        known = needed - len(each.missing)
        lacking = self._lacking(place, each.missing) if each.missing else ()
        if each.value is None:
            return Entry(self.section.code, organisation, None, None, None, None, known, needed, lacking)
        return Entry(
            section=self.section.code,
            organisation=organisation,
            points=Fraction(each.points, self._scale),
            maximum=each.maximum,
            level=self._levels.get(each.value),
            rank=self._ranks[each.value],
            known=known,
            needed=needed,
            findings=(*self._doubts(each.value), *lacking),
        )

    def _doubts(self, value: Units) -> tuple[Finding, ...]:
        """What is doubtful about so many points, whoever has them. Mostly nothing, and then nothing is computed."""
        level, by_percent = self._levels.get(value), self._percent_levels.get(value)
        disagree = level and by_percent and level.code != by_percent.code
        outside, between = value not in self._within, bool(self.section.bands) and value not in self._printed
        if not (disagree or outside or between):
            return ()
        points = Fraction(value, self._value_scale)
        place = f"{self.section.code}.{points}"
        findings = list(level_disagreement(self.methodology, self.section, points, place)) if disagree else []
        if outside:
            findings.append(points_beyond(place, points, self.section.maximum))
        elif between:
            findings.append(_between_bands(place, points))
        return tuple(findings)

    def _lacking(self, place: int, missing: Sequence[str]) -> tuple[Finding, ...]:
        """Tell apart what nobody reported and what was reported but earns no known points."""
        columns = self.inputs.columns
        reported = [code for code in missing if code in columns and columns[code].cells[place] is not None]
        absent = ", ".join(code for code in missing if code not in reported)
        at, findings = f"{self.section.code}.inputs", []
        if absent:
            english, russian = f"No data for: {absent}.", f"Нет данных: {absent}."
            findings.append(Finding(FindingCode.INPUT_MISSING, at, english, russian))
        if reported:
            names = ", ".join(reported)
            english, russian = f"No step of points takes the value of: {names}.", f"Значение вне шкалы баллов: {names}."
            findings.append(Finding(FindingCode.VALUE_WITHOUT_POINTS, at, english, russian))
        return tuple(findings)


def _between_bands(place: str, points: Points) -> Finding:
    return Finding(
        FindingCode.POINTS_BETWEEN_BANDS,
        place,
        f"{points} points lie in no printed band; the level is the highest whose lower bound is reached.",
        f"{points} баллов не попадают ни в одну полосу; взят старший уровень, нижняя граница которого достигнута.",
    )
