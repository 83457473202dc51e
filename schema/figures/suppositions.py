"""What may be supposed of a rating: inputs of it, each once, with values that its unit and its methodology have."""

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import strawberry
from sqlalchemy import select
from sqlmodel import col

from domain import records
from domain.errors import BadUserInput
from domain.measurement import Unit
from domain.observation_values import PROBLEM_WORDS, ObservedValue, ValueProblem
from domain.scoring.what_if import earnable
from schema.engine.mapping.reference import key_of
from schema.engine.scalars import Exact
from schema.figures.supposing import WholeRating

if TYPE_CHECKING:
    from schema.engine.context import Context

Values = dict[tuple[str, str], Fraction | None]
"""By the name in the rating and the code of the indicator; None supposes that there is no data."""


@strawberry.input(description="An input that is supposed to be another (предположение).")
class WhatIfChange:
    """One change of Query.whatIf."""

    organisation_id: strawberry.ID = strawberry.field(description="Id of an organisation that you may see (чей).")
    indicator: str = strawberry.field(description="Code of the indicator (показатель).")
    value: Exact | None = strawberry.field(
        description="The value supposed, in the indicator's unit and within what its methodology counts (значение);"
        " null supposes that there is no data."
    )


class UnfitSupposition(BadUserInput):
    """A supposition that cannot be made: `problem` is the code by which a mutation or a file would refuse it."""

    def __init__(self, problem: str, number: int, words: tuple[str, str]) -> None:
        english, russian = words
        super().__init__(f"Change {number + 1}: {english}", f"Предположение {number + 1}: {russian}")
        self.problem, self.number = problem, number

    def told(self) -> dict[str, Any]:
        """The code, and where in the list."""
        return {"problem": self.problem, "path": ["changes", self.number]}


async def supposed_values(context: "Context", whole: WholeRating, given: list[WhatIfChange]) -> Values:
    """The values supposed. Raises BadUserInput for what is not rated, UnfitSupposition for what cannot be."""
    names = {place: name for name, place in whole.organisations.items()}
    units = await _units(context, (each.indicator for each in given))
    values: Values = {}
    for number, each in enumerate(given):
        key = key_of(context.executor.types["Organisation"], each.organisation_id)
        if key is None or key[0] not in names:
            raise BadUserInput(
                f"The rating does not rate {each.organisation_id}.", f"В рейтинге нет {each.organisation_id}."
            )
        place = names[key[0]], each.indicator
        if place in values:
            words = "This input stands twice in the list.", "Этот показатель встречается в списке дважды."
            raise UnfitSupposition("DUPLICATE_PLACE", number, words)
        values[place] = None if each.value is None else Fraction(each.value)
        _must_fit(whole, number, each.indicator, values[place], units)
    return values


def _must_fit(whole: WholeRating, number: int, indicator: str, value: Fraction | None, units: dict[str, Unit]) -> None:
    """By the rule of mutations and files, and by what the methodology can count. Unknown indicators are named later."""
    counted = {one.code for one in whole.methodology.indicators}
    if value is None or indicator not in counted or indicator not in units:
        return
    if (problem := ObservedValue(value).problem(units[indicator])) is not None:
        raise UnfitSupposition(problem.value, number, PROBLEM_WORDS[problem])
    if not earnable(whole.methodology, indicator, value):
        words = "The methodology gives no such points.", "Столько баллов эта методика не даёт."
        raise UnfitSupposition(ValueProblem.VALUE_OUT_OF_RANGE.value, number, words)


async def _units(context: "Context", codes: Iterable[str]) -> dict[str, Unit]:
    indicator = records.Indicator
    statement: Any = select(col(indicator.code), col(indicator.unit)).where(col(indicator.code).in_(set(codes)))
    return {row.code: Unit(row.unit) for row in await context.statements(statement, {})}
