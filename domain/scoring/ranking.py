"""Places by exact values, the highest first: equal values share a place, equal roundings do not."""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate


class Ties(StrEnum):
    """What follows a shared place: the next number (1, 2, 2, 3) or the number of those before (1, 2, 2, 4)."""

    DENSE = "DENSE"
    COMPETITION = "COMPETITION"


def rank_of_values(values: Iterable[int | Fraction | None], ties: Ties = Ties.DENSE) -> Mapping[int | Fraction, int]:
    """Give the rank of every value that occurs, by the value. None, which is no data, has no rank.

    Source: domain rule R3.
    """
    counts = Counter(value for value in values if value is not None)
    distinct = sorted(counts, reverse=True)
    if ties is Ties.DENSE:
        return {value: rank for rank, value in enumerate(distinct, start=1)}
    before = accumulate((counts[value] for value in distinct), initial=1)
    return dict(zip(distinct, before, strict=False))
