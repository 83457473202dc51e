"""Rounding: half up, once, from the exact value."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.units import exact, round_half_up


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        ("9/2", 0, "5"),
        ("449/100", 0, "4"),
        ("5/2", 0, "3"),
        ("-9/2", 0, "-5"),
        ("17/4", 1, "4.3"),
        ("17/4", 2, "4.25"),
        ("4445/1000", 2, "4.45"),
        ("4445/1000", 1, "4.4"),
        ("13/3", 2, "4.33"),
        ("2/3", 2, "0.67"),
        ("0", 2, "0.00"),
        ("5", 2, "5.00"),
    ],
)
def test_value_is_rounded_half_up_once(value: str, places: int, shown: str) -> None:
    """A half goes away from zero, and 4.445 to one place is 4.4, not the 4.5 of rounding twice."""
    assert str(round_half_up(Fraction(value), places)) == shown


@given(st.fractions(-1000, 1000), st.integers(0, 6))
def test_rounded_value_is_within_half_a_unit(value: Fraction, places: int) -> None:
    """And has so many decimal places as were asked for."""
    rounded = round_half_up(value, places)

    assert abs(Fraction(rounded) - value) <= Fraction(1, 2 * 10**places)
    assert rounded.as_tuple().exponent == -places


@pytest.mark.parametrize("written", ["24.5", Decimal("24.5"), Fraction(49, 2), "49/2"])
def test_number_is_taken_as_it_was_written(written: str | Decimal | Fraction) -> None:
    """Text, decimals and fractions mean the same exact value."""
    assert exact(written) == Fraction(49, 2)
