"""Counted facts to an indicator's value: numerator over denominator, exact, of one unit counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from domain.errors import BadUserInput


class Direction(StrEnum):
    """Which way is better."""

    HIGHER_IS_BETTER = "HIGHER_IS_BETTER"
    LOWER_IS_BETTER = "LOWER_IS_BETTER"


class UnitCounted(StrEnum):
    """What is counted one by one: two counts of different units cannot be compared (domain rule R11)."""

    HEAD = "HEAD"
    HEAD_AND_BRANCH = "HEAD_AND_BRANCH"
    PERSON = "PERSON"
    NONE = "NONE"


class ObservationProvenance(StrEnum):
    """Where a value comes from; it goes along with every figure made from it."""

    PUBLISHED = "PUBLISHED"
    RECONSTRUCTED = "RECONSTRUCTED"
    COMPUTED = "COMPUTED"
    ENTERED = "ENTERED"
    IMPORTED = "IMPORTED"
    SYNTHETIC = "SYNTHETIC"


class Observation(NamedTuple):
    """The value of an indicator for one organisation (school, municipality, region) in one period.

    `value` is exact and in the indicator's unit; None says that it is known to be missing, which is not zero.
    `period` is written as ISO 8601 would: "2022", "2022-08", "2023-06-09", or an interval "2020/2022".
    """

    organisation: str
    indicator: str
    value: Fraction | None
    provenance: ObservationProvenance
    period: str = ""
    source: str = ""


class Count(NamedTuple):
    """How many, and of what."""

    number: int
    unit_counted: UnitCounted


class Counted(NamedTuple):
    """An organisation to be counted. `head` is the key of the head organisation it is a branch of."""

    key: str
    meets: bool | None
    head: str | None = None


class UnitsDiffer(BadUserInput):
    """Two counts of different units cannot make one figure: 901 heads less 785 heads are not 210 heads and branches."""

    def __init__(self, first: Count, second: Count) -> None:
        super().__init__(
            f"One count is of {first.unit_counted}, the other of {second.unit_counted}: they make no figure.",
            f"Единицы счёта различаются ({first.unit_counted} и {second.unit_counted}): показатель не вычислить.",
        )


class Change(StrEnum):
    """How a value moved since the period before."""

    DOWN = "DOWN"
    NONE = "NONE"
    UP = "UP"


@dataclass(frozen=True)
class Coverage:
    """How many organisations met something, of how many, and how many of them nobody knows about."""

    met: Count
    of: Count
    unknown: int

    @property
    def percent(self) -> Fraction | None:
        """Share of those who met it, among all; None when an answer is missing or there is nobody."""
        return None if self.unknown else percent(self.met, self.of)


def percent(numerator: Count, denominator: Count) -> Fraction | None:
    """Share in per cent, exact. None for an empty denominator: no data is not zero. UnitsDiffer, see there."""
    if numerator.unit_counted != denominator.unit_counted:
        raise UnitsDiffer(numerator, denominator)
    return Fraction(100 * numerator.number, denominator.number) if denominator.number else None


def difference(whole: Count, part: Count) -> Count:
    """How many are left. UnitsDiffer when the two do not count the same things. Source: domain rule R11."""
    if whole.unit_counted != part.unit_counted:
        raise UnitsDiffer(whole, part)
    return Count(whole.number - part.number, whole.unit_counted)


def count_organisations(organisations: Iterable[Counted], *, branches_apart: bool) -> Coverage:
    """Count who meets a condition: heads with their branches rolled up, or, `branches_apart`, each for itself.

    Rolled up, a head meets it when itself or any of its branches does; it is unknown when nobody does and of somebody
    nothing is known. A branch whose head is not among the organisations counts for itself.
    ValueError for organisations that are branches of each other, or that stand there twice.
    """
    listed: dict[str, Counted] = {}
    for each in organisations:
        if listed.setdefault(each.key, each) is not each:
            raise ValueError(f"stands there twice: {each.key}")
    answers: dict[str, list[bool | None]] = {}
    for each in listed.values():
        answers.setdefault(each.key if branches_apart else _head(each, listed), []).append(each.meets)
    verdicts = [any_of(group) for group in answers.values()]
    unit = UnitCounted.HEAD_AND_BRANCH if branches_apart else UnitCounted.HEAD
    return Coverage(Count(verdicts.count(True), unit), Count(len(verdicts), unit), verdicts.count(None))


def _head(organisation: Counted, listed: Mapping[str, Counted]) -> str:
    """Key of the organisation that it is rolled up into, perhaps itself."""
    passed = {organisation.key}
    while organisation.head is not None and organisation.head in listed:
        organisation = listed[organisation.head]
        if organisation.key in passed:
            raise ValueError(f"branches of each other: {', '.join(sorted(passed))}")
        passed.add(organisation.key)
    return organisation.key


def any_of(answers: Iterable[bool | None]) -> bool | None:
    """Tell whether one is true; None when none is and one is unknown."""
    found = set(answers)
    return True if True in found else None if None in found else False


def all_of(answers: Iterable[bool | None]) -> bool | None:
    """Tell whether all are true; None when none is false and one is unknown."""
    found = set(answers)
    return False if False in found else None if None in found else True


def change(before: Fraction | None, now: Fraction | None) -> Change | None:
    """Tell how a value moved, on exact values; None when one of them is missing. Source: domain rule R12."""
    if before is None or now is None:
        return None
    return Change.NONE if now == before else Change.UP if now > before else Change.DOWN
