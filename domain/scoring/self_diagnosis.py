"""Answers of a self-diagnosis to levels and points, naming the condition that failed. Levels are cumulative."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from domain.scoring.levels import Interval
from domain.units import round_half_up


class Part(NamedTuple):
    """How many of one population."""

    population: str
    number: int
    of: int


@dataclass(frozen=True)
class Share:
    """A share of one or several populations, pooled: 95 % of students and teachers is of both together."""

    parts: tuple[Part, ...]

    @property
    def percent(self) -> Fraction | None:
        """Exact; None when there is nobody."""
        everybody = sum(part.of for part in self.parts)
        return Fraction(100 * sum(part.number for part in self.parts), everybody) if everybody else None

    def __str__(self) -> str:
        parts = ", ".join(f"{part.population} {part.number}/{part.of}" for part in self.parts)
        return f"{parts}: {_shown(self.percent)}"


Fact: TypeAlias = bool | int | Fraction | Share | None
"""An answer: yes or no, a number, a share. None is no answer, which is neither no nor zero."""


@dataclass(frozen=True)
class Requirement:
    """One condition of a level. `values` is what the fact must be (per cent for a share); None: it must be a yes.

    `rule` names the activity rule by which "active" is counted, where the source gives no number.
    """

    fact: str
    russian: str
    english: str
    values: Interval | None = None
    rule: str | None = None

    def met(self, fact: Fact) -> bool | None:
        """Tell whether a fact meets it; None when nothing is known. TypeError for a fact of another kind."""
        value = fact.percent if isinstance(fact, Share) else fact
        if value is None:
            return None
        if isinstance(value, bool) == (self.values is not None):
            raise TypeError(f"{self.fact} asks for {'a number' if self.values else 'yes or no'}, not {value!r}")
        return value is True if self.values is None else value in self.values


@dataclass(frozen=True)
class DiagnosticLevel:
    """A level of an item: its wording, and what it needs besides everything that the levels below need."""

    level: int
    wording: str
    requirements: tuple[Requirement, ...] = ()


@dataclass(frozen=True)
class DiagnosticItem:
    """An item of a criterion. Its levels run from 0 without a gap; the last one is the maximum, in points."""

    code: str
    wording: str
    levels: tuple[DiagnosticLevel, ...]

    def __post_init__(self) -> None:
        if [each.level for each in self.levels] != list(range(len(self.levels))) or len(self.levels) < 2:
            raise ValueError(f"levels of {self.code} must run from 0 to a maximum")
        for each in self.levels:
            if bool(each.requirements) != bool(each.level):
                raise ValueError(f"level {each.level} of {self.code} has no requirement, or level 0 has one")

    @property
    def maximum(self) -> int:
        """The highest level, which is worth so many points."""
        return self.levels[-1].level


class Check(NamedTuple):
    """A requirement held against a fact; `found` is for reading, None when nothing is known."""

    level: int
    requirement: Requirement
    found: str | None
    met: bool | None


class ItemResult(NamedTuple):
    """The level that an item has reached for certain, worth as many points.

    `blocking` is what keeps it from the next level: conditions that failed, or that nobody answered. `decided` is
    False when only missing answers do, so that the level may be higher. `held_back` are higher levels whose own
    conditions are met although one below is not: another reading of the sheet would grant them.
    """

    item: DiagnosticItem
    level: int
    blocking: tuple[Check, ...]
    decided: bool
    held_back: tuple[int, ...]


class CriterionResult(NamedTuple):
    """A criterion: points of all items, of how many, and whether every level is decided."""

    items: tuple[ItemResult, ...]
    points: int
    maximum: int
    decided: bool


def assess_item(item: DiagnosticItem, facts: Mapping[str, Fact]) -> ItemResult:
    """Find the level: level k needs the conditions of levels 1 to k. Source: domain rule R16 (cumulative: ours)."""
    checks = {each.level: _checks(each, facts) for each in item.levels}
    full = {level: all(check.met for check in found) for level, found in checks.items()}
    reached = next((level for level in range(1, item.maximum + 1) if not full[level]), item.maximum + 1) - 1
    blocking = tuple(check for check in checks.get(reached + 1, ()) if not check.met)
    decided = reached == item.maximum or any(check.met is False for check in blocking)
    held_back = tuple(level for level in range(reached + 2, item.maximum + 1) if full[level])
    return ItemResult(item, reached, blocking, decided, held_back)


def assess(items: Sequence[DiagnosticItem], facts: Mapping[str, Fact]) -> CriterionResult:
    """Assess every item of a criterion. A fact that no item asks for is a KeyError: it would be lost."""
    asked = {requirement.fact for item in items for level in item.levels for requirement in level.requirements}
    if unknown := sorted(set(facts) - asked):
        raise KeyError(f"no item asks for {', '.join(unknown)}")
    results = tuple(assess_item(item, facts) for item in items)
    return CriterionResult(
        results,
        sum(result.level for result in results),
        sum(item.maximum for item in items),
        all(result.decided for result in results),
    )


def _checks(level: DiagnosticLevel, facts: Mapping[str, Fact]) -> tuple[Check, ...]:
    return tuple(
        Check(level.level, requirement, _found(fact), requirement.met(fact))
        for requirement in level.requirements
        for fact in (facts.get(requirement.fact),)
    )


def _found(fact: Fact) -> str | None:
    if fact is None:
        return None
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    return _shown(fact) if isinstance(fact, Fraction) else str(fact)


def _shown(percent: Fraction | None) -> str:
    return "no data" if percent is None else str(round_half_up(percent, 2))
