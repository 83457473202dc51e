"""Bands of values: every bound says whether it belongs to its band; gaps and overlaps are found, never assumed away."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple, Self

from domain.units import exact

COMPARISON = re.compile(r"\s*(<=|>=|<|>)\s*(-?\d+(?:[./]\d+)?)\s*")


class Colour(StrEnum):
    """Colours that levels are printed in. Never the only carrier of a meaning: a level has a name too."""

    RED = "RED"
    ORANGE = "ORANGE"
    AMBER = "AMBER"
    YELLOW = "YELLOW"
    GREEN = "GREEN"


def written(value: Fraction) -> str:
    """Write a number exactly, as an expert would: 2.5, and 1/3 where no decimal is exact."""
    decimal = Decimal(value.numerator) / value.denominator
    return f"{decimal:f}" if Fraction(decimal) == value else str(value)


class Bound(NamedTuple):
    """Where a band begins or ends, exact, and whether this very value belongs to it."""

    value: Fraction
    inclusive: bool


@dataclass(frozen=True)
class Interval:
    """Values from `lower` to `upper`; without a bound it goes on. Never empty: that is a ValueError."""

    lower: Bound | None = None
    upper: Bound | None = None

    def __post_init__(self) -> None:
        if _is_empty(self.lower, self.upper):
            raise ValueError(f"no value lies in the band {self}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read comparisons as an expert writes them: "<= 50", "> 50, < 90", ">= 24.5". Anything else: ValueError."""
        bounds: dict[str, Bound] = {}
        for part in text.split(","):
            match = COMPARISON.fullmatch(part)
            side = match and ("lower" if match[1].startswith(">") else "upper")
            if not match or not side or side in bounds:
                raise ValueError(f'not a band of values: "{text}"; write for example "> 50, <= 90"')
            bounds[side] = Bound(exact(match[2]), match[1].endswith("="))
        return cls(**bounds)

    def __contains__(self, value: Fraction | int) -> bool:
        return _reaches(self.lower, value) and (
            self.upper is None or value < self.upper.value or (value == self.upper.value and self.upper.inclusive)
        )

    def __str__(self) -> str:
        signs = ((self.lower, ">"), (self.upper, "<"))
        parts = [f"{sign}{'=' * bound.inclusive} {written(bound.value)}" for bound, sign in signs if bound]
        return ", ".join(parts) or "any"

    def intersection(self, other: Self) -> Self | None:
        """Give the values that lie in both, None when there are none."""
        lower = max(self.lower, other.lower, key=_lower_order)
        upper = min(self.upper, other.upper, key=_upper_order)
        return None if _is_empty(lower, upper) else type(self)(lower, upper)

    def holds_multiple_of(self, step: Fraction) -> bool:
        """Tell whether a value of this step (1 for whole points) lies here: between 7 and 8 lies no whole one."""
        if self.lower is None or self.upper is None:
            return True
        first = -(-self.lower.value // step) * step
        return first in self or first + step in self


@dataclass(frozen=True)
class Band:
    """A level with its values, names and colour."""

    code: str
    values: Interval
    russian: str
    english: str
    colour: Colour | None = None


class Overlap(NamedTuple):
    """Two bands of one scale, by code, and the values that belong to both."""

    first: str
    second: str
    values: Interval


@dataclass(frozen=True)
class Bands:
    """The bands of one scale, lowest first; codes differ. They may leave gaps or overlap, as printed: ask."""

    bands: tuple[Band, ...]

    def __post_init__(self) -> None:
        orders = [_lower_order(band.values.lower) for band in self.bands]
        if not self.bands or orders != sorted(orders):
            raise ValueError(f"bands stand lowest first: {', '.join(band.code for band in self.bands) or 'none'}")
        if len({band.code for band in self.bands}) < len(self.bands):
            raise ValueError(f"a band's code stands twice: {', '.join(band.code for band in self.bands)}")

    def __iter__(self) -> Iterator[Band]:
        return iter(self.bands)

    def containing(self, value: Fraction | int) -> tuple[Band, ...]:
        """Give every band that the value lies in: none in a gap, two where bands overlap."""
        return tuple(band for band in self.bands if value in band.values)

    def reached(self, value: Fraction | int) -> Band | None:
        """Give the highest band whose lower bound the value reaches; None below the lowest.

        How points of a rating become a level: it closes the gaps between whole-number bands (24.5 of 24 and 25) and
        does not look at upper bounds. Source: domain rule R5.
        """
        reached = [band for band in self.bands if _reaches(band.values.lower, value)]
        return reached[-1] if reached else None

    def above(self, code: str) -> Band | None:
        """Give the band after this one, None after the highest. KeyError for an unknown code."""
        codes = [band.code for band in self.bands]
        if code not in codes:
            raise KeyError(code)
        place = codes.index(code) + 1
        return self.bands[place] if place < len(codes) else None

    def overlaps(self) -> tuple[Overlap, ...]:
        """Give every two bands that share values."""
        pairs = combinations(self.bands, 2)
        shared = ((first, second, first.values.intersection(second.values)) for first, second in pairs)
        return tuple(Overlap(first.code, second.code, values) for first, second, values in shared if values)

    def gaps(self, within: Interval | None = None) -> tuple[Interval, ...]:
        """Give the values that no band takes: between the bands, or, with `within`, in the whole of that scale."""
        inner = [Interval(first, second) for first, second in _holes(self.bands) if not _is_empty(first, second)]
        if within is None:
            return tuple(inner)
        outer = (*_below(self.bands[0]), *inner, *_above(self.bands))
        return tuple(cut for gap in outer if (cut := gap.intersection(within)))


def _holes(bands: Sequence[Band]) -> Iterator[tuple[Bound, Bound]]:
    furthest = bands[0].values.upper
    for band in bands[1:]:
        # A band of the middle without lower bound, or after one without upper bound, leaves nothing before it.
        if furthest is not None and band.values.lower is not None:
            yield _beyond(furthest), _beyond(band.values.lower)
        furthest = max(furthest, band.values.upper, key=_upper_order)


def _below(lowest: Band) -> tuple[Interval, ...]:
    return (Interval(upper=_beyond(lowest.values.lower)),) if lowest.values.lower else ()


def _above(bands: Sequence[Band]) -> tuple[Interval, ...]:
    furthest = max((band.values.upper for band in bands), key=_upper_order)
    return (Interval(lower=_beyond(furthest)),) if furthest else ()


def _beyond(bound: Bound) -> Bound:
    """The other side of a bound: what it takes in, the neighbour leaves out."""
    return Bound(bound.value, not bound.inclusive)


def _reaches(lower: Bound | None, value: Fraction | int) -> bool:
    return lower is None or value > lower.value or (value == lower.value and lower.inclusive)


def _is_empty(lower: Bound | None, upper: Bound | None) -> bool:
    if lower is None or upper is None:
        return False
    return lower.value > upper.value or (lower.value == upper.value and not (lower.inclusive and upper.inclusive))


def _lower_order(bound: Bound | None) -> tuple[int, Fraction, bool]:
    return (0, Fraction(0), False) if bound is None else (1, bound.value, not bound.inclusive)


def _upper_order(bound: Bound | None) -> tuple[int, Fraction, bool]:
    return (1, Fraction(0), False) if bound is None else (0, bound.value, bound.inclusive)
