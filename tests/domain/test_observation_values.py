"""Values of observations: exact, in the indicator's unit, one statement at a time."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.measurement import Unit
from domain.observation_values import ObservedValue, ValueProblem
from domain.records.observations import NoDataReason
from domain.scoring.stored import in_two, of_two, shown

NUMBERS = st.fractions(min_value=-(10**9), max_value=10**9)


@pytest.mark.parametrize(
    ("said", "unit", "problem"),
    [
        (ObservedValue(Fraction(50)), Unit.PERCENT, None),
        (ObservedValue(Fraction(0)), Unit.PERCENT, None),
        (ObservedValue(None, Fraction(1), Fraction(3)), Unit.PERCENT, None),
        (ObservedValue(no_data=NoDataReason.NOT_REPORTED), Unit.PERCENT, None),
        (ObservedValue(), Unit.PERCENT, ValueProblem.VALUE_NEEDED),
        (ObservedValue(Fraction(1), no_data=NoDataReason.NOT_REPORTED), Unit.PERCENT, ValueProblem.VALUE_NEEDED),
        (ObservedValue(Fraction(1), Fraction(1), Fraction(1)), Unit.PERCENT, ValueProblem.VALUE_NEEDED),
        (ObservedValue(None, Fraction(1)), Unit.PERCENT, ValueProblem.VALUE_NEEDED),
        (ObservedValue(None, Fraction(0), Fraction(0)), Unit.PERCENT, ValueProblem.DENOMINATOR_ZERO),
        (ObservedValue(Fraction(201, 2)), Unit.PERCENT, ValueProblem.VALUE_OUT_OF_RANGE),
        (ObservedValue(None, Fraction(4), Fraction(3)), Unit.PERCENT, ValueProblem.VALUE_OUT_OF_RANGE),
        (ObservedValue(None, Fraction(4), Fraction(3)), Unit.INDEX, None),
        (ObservedValue(Fraction(1, 2)), Unit.COUNT, ValueProblem.VALUE_OUT_OF_RANGE),
        (ObservedValue(Fraction(-1)), Unit.POINTS, ValueProblem.VALUE_OUT_OF_RANGE),
        (ObservedValue(None, Fraction(1, 3), Fraction(1)), Unit.INDEX, ValueProblem.VALUE_OUT_OF_RANGE),
    ],
)
def test_value_is_judged_by_its_unit(said: ObservedValue, unit: Unit, problem: ValueProblem | None) -> None:
    """Exactly one of value, counts and reason; within what the unit can have."""
    assert said.problem(unit) is problem


def test_counts_make_an_exact_share_in_the_unit() -> None:
    """785 of 901 is 78500/901 per cent; as an index it is what it is; missing stays missing."""
    counted = ObservedValue(None, Fraction(785), Fraction(901))

    assert counted.exact(Unit.PERCENT) == Fraction(78500, 901)
    assert counted.exact(Unit.INDEX) == Fraction(785, 901)
    assert ObservedValue(no_data=NoDataReason.NOT_REPORTED).exact(Unit.PERCENT) is None


@given(NUMBERS)
def test_number_survives_being_kept_in_two_columns(value: Fraction) -> None:
    """To the last digit."""
    columns = in_two("x", value)

    assert of_two(columns["x_numerator"], columns["x_denominator"]) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(117, 2), "58.5"),
        (Fraction(59), "59"),
        (Fraction(100), "100"),
        (Fraction(0), "0"),
        (Fraction(1, 3), "0.33"),
        (Fraction(1005, 1000), "1.01"),
    ],
)
def test_number_is_shown_rounded_half_up_once(value: Fraction, text: str) -> None:
    """Without zeros that say nothing."""
    assert shown(value) == text
