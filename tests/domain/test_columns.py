"""Columns of exact numbers: whatever the scale, nothing is rounded, and equal values are equal columns."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.canonical import canonical_json, digest
from domain.scoring.columns import LARGEST_SCALE, Column, missing_by_place, places_in, weighted_sums
from domain.scoring.levels import Interval

NUMBERS = st.integers(-100, 100) | st.fractions(-100, 100) | st.fractions(-100, 100, max_denominator=12)
VALUES = st.lists(st.none() | NUMBERS, max_size=8)
PRIMES = (104729, 104723, 104717)


@given(VALUES)
def test_column_gives_back_the_values_it_was_made_of(values: list[Fraction | None]) -> None:
    """Exactly, fractions of any denominator included."""
    column = Column.of(values)

    assert [column.value(place) for place in range(len(values))] == values


@given(VALUES, st.integers(1, 1000))
def test_column_does_not_know_in_which_units_it_was_written(values: list[Fraction | None], scale: int) -> None:
    """Hundredths and whole numbers of the same value are the same column."""
    units = [None if value is None else value * scale for value in values]

    assert Column.in_units(units, scale) == Column.of(values)


def test_column_of_wild_denominators_keeps_fractions() -> None:
    """A common denominator of everything would have thousands of digits."""
    values = [Fraction(1, prime) for prime in PRIMES]
    column = Column.of([*values, Fraction(2)])

    assert column == Column((*values, 2), 1)
    assert PRIMES[0] * PRIMES[1] > LARGEST_SCALE
    assert weighted_sums([column], [Fraction(1, 3)])[1] == 3


@given(st.data())
def test_weighted_sums_are_those_of_plain_fractions(data: Any) -> None:
    """No data adds nothing, and is counted as what it is."""
    length = data.draw(st.integers(0, 5))
    rows = data.draw(st.lists(st.lists(st.none() | NUMBERS, min_size=length, max_size=length), min_size=1, max_size=4))
    weights = data.draw(st.lists(st.fractions(0, 5, max_denominator=7), min_size=len(rows), max_size=len(rows)))
    columns = [Column.of(row) for row in rows]
    sums, scale = weighted_sums(columns, weights)

    assert [Fraction(total) / scale for total in sums] == [
        sum((row[place] or 0) * weight for row, weight in zip(rows, weights, strict=True)) for place in range(length)
    ]
    assert missing_by_place(columns) == {
        place: gaps
        for place in range(length)
        if (gaps := [number for number, row in enumerate(rows) if row[place] is None])
    }


@given(st.lists(NUMBERS), st.sampled_from(["<= 50", "> 50, < 90", ">= 90", ">= 12.5, <= 37.5", "> 1/3"]))
def test_places_in_an_interval_are_those_of_its_values(values: list[Fraction], written: str) -> None:
    """Two searches find what asking every value would."""
    interval = Interval.parse(written)
    ordered = sorted({Fraction(value) for value in values})
    units = [value * 6 for value in ordered]

    assert ordered[places_in(interval, units, 6)] == [value for value in ordered if value in interval]


def test_canonical_json_is_sorted_and_exact() -> None:
    """Fractions are text, sets are sorted, nothing depends on the order of making."""
    value = {"б": {Fraction(49, 2), Fraction(3)}, "a": (None, True, 1)}

    assert canonical_json(value) == '{"a":[null,true,1],"б":["3","49/2"]}'.encode()
    assert digest(value) == digest({"a": [None, True, 1], "б": frozenset({Fraction(6, 2), Fraction(49, 2)})})


def test_canonical_json_refuses_a_float() -> None:
    """It has lost what was written."""
    with pytest.raises(TypeError, match="float has no canonical form"):
        canonical_json({"points": 24.5})
