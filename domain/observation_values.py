"""What somebody says of an indicator: a value, two counts, or why there is none; and what is wrong with it."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from domain.measurement import Unit
from domain.records.observations import NoDataReason


class ValueProblem(StrEnum):
    """Why a value cannot be taken."""

    VALUE_NEEDED = "VALUE_NEEDED"
    DENOMINATOR_ZERO = "DENOMINATOR_ZERO"
    VALUE_OUT_OF_RANGE = "VALUE_OUT_OF_RANGE"


@dataclass(frozen=True)
class ObservedValue:
    """A value as it is given: exactly one of `value`, the two counts, and `no_data`."""

    value: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    no_data: NoDataReason | None = None

    def exact(self, unit: Unit) -> Fraction | None:
        """Give the value in the indicator's unit; None for no data. Only of what has no problem."""
        if self.numerator is None or self.denominator is None:
            return self.value
        return (100 if unit is Unit.PERCENT else 1) * self.numerator / self.denominator

    def problem(self, unit: Unit) -> ValueProblem | None:
        """Tell what is wrong: more or less than one statement, nobody counted, a number that the unit cannot have.

        One rule for every door: the mutation, the file, and what is only supposed (`whatIf`).
        """
        counts = (self.numerator, self.denominator)
        if (counts[0] is None) != (counts[1] is None):
            return ValueProblem.VALUE_NEEDED
        if sum(said is not None for said in (self.value, self.numerator, self.no_data)) != 1:
            return ValueProblem.VALUE_NEEDED
        if self.denominator is not None and self.denominator <= 0:
            return ValueProblem.DENOMINATOR_ZERO
        fits = _fits(self.exact(unit), unit) and all(_is_decimal(count) for count in counts)
        return None if fits else ValueProblem.VALUE_OUT_OF_RANGE


def _fits(value: Fraction | None, unit: Unit) -> bool:
    if value is None:
        return True
    if unit is Unit.PERCENT:
        return 0 <= value <= 100
    return value >= 0 and (unit is not Unit.COUNT or value.denominator == 1)


def _is_decimal(count: Fraction | None) -> bool:
    """Counts are kept as decimals: 0.5 of a post is one, a third is not."""
    return count is None or Fraction(Decimal(count.numerator) / count.denominator) == count


PROBLEM_WORDS: dict[ValueProblem, tuple[str, str]] = {
    ValueProblem.VALUE_NEEDED: (
        "Give one of these: a value, numerator with denominator, or why there is no data.",
        "Укажите одно из трёх: значение, числитель со знаменателем или причину отсутствия данных.",
    ),
    ValueProblem.DENOMINATOR_ZERO: (
        "Where nobody is counted there is no value: send noData NOBODY_COUNTED.",
        "Если считать некого, значения нет: отправьте noData NOBODY_COUNTED.",
    ),
    ValueProblem.VALUE_OUT_OF_RANGE: (
        "The indicator's unit has no such value.",
        "В единицах этого показателя такого значения не бывает.",
    ),
}
"""What people are told, in English and Russian."""
