"""Numbers with a meaning: exact inside, rounded half up and only for display."""

from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

Points: TypeAlias = Fraction
"""Points of a scale (five-point marks, points of a procedure), exact."""


def exact(value: int | str | Decimal | Fraction) -> Points:
    """Take a number as it is written. A float is refused by its type: it has lost what was written."""
    return Fraction(value)


def round_half_up(value: Fraction, places: int = 0) -> Decimal:
    """Round for display to so many decimal places; a half goes away from zero: 4.5 is 5, -4.5 is -5.

    Once, from the exact value: rounding what was rounded already gives another number (4.445 -> 4.45 -> 4.5).
    """
    scale = 10**places
    doubled = 2 * abs(value) * scale
    whole = (doubled.numerator // doubled.denominator + 1) // 2
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)
