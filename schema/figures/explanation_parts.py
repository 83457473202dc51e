"""Parts of explanations: contributions, ties, distances and changes, as the contract shows them."""

from typing import TYPE_CHECKING, Annotated, cast

import strawberry
from strawberry.types import Info

from domain.catalogue.ids import indicator_id
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import computed, structure
from schema.engine.mapping.declare import value as told
from schema.engine.scalars import Exact
from schema.figures.indicators import Indicator
from schema.figures.measurement import Cause, State
from schema.figures.methodologies import MethodologyLevel

if TYPE_CHECKING:
    from schema.figures.ratings import RatingEntry

RatingEntryLater = Annotated["RatingEntry", strawberry.lazy("schema.figures.ratings")]
P1 = Sensitivity.P1


@structure("Which input it is (показатель рейтинга).")
class RatedInput:
    """An input of a rating by its name."""

    code: str = told("Stable code (код).", PUBLIC)
    name: str = told("What the methodology calls it, in your language (название).", PUBLIC)

    @computed("The indicator in the catalogue (показатель).", PUBLIC, sensitivity=Sensitivity.P0)
    async def indicator(self, info: Info) -> Indicator | None:
        return cast("Indicator | None", await info.context.executor.load_named("Indicator", (indicator_id(self.code),)))


@structure("What one input brought (вклад показателя).")
class Contribution:
    """A contribution. Numbers are null unless the state is KNOWN; PUBLISHED has all but the value."""

    input: RatedInput = told("Which input (показатель).", PUBLIC)
    state: State = told("Whether its numbers can be shown (состояние).", PUBLIC)
    weight: Exact = told("By how much its points are multiplied (вес).", PUBLIC)
    maximum: Exact | None = told("Points that it can bring, weighted (максимум).", PUBLIC)
    value: Exact | None = told("Value of the indicator, in its unit (значение).", PUBLIC, P1)
    points: Exact | None = told("Points that it brought, weighted (баллы).", PUBLIC, P1)
    share: Exact | None = told("Its share of all points, 0 to 1 (доля).", PUBLIC, P1)
    share_shown: str | None = told("The same in per cent, as it is shown (доля для показа, %).", PUBLIC, P1)
    headroom: Exact | None = told("Points left to its maximum (резерв).", PUBLIC, P1)


@structure("An input in which two organisations differ (различие).")
class InputDifference:
    """A difference, in weighted points; null where withheld or missing."""

    input: RatedInput = told("Which input (показатель).", PUBLIC)
    ours: Exact | None = told("Points here (баллы здесь).", PUBLIC, P1)
    theirs: Exact | None = told("Points there (баллы там).", PUBLIC, P1)


@structure("Somebody on the same place (делят место).")
class Tie:
    """A tie: the same points exactly."""

    entry: RatingEntryLater | None = told("Whose entry (строка рейтинга).", PUBLIC)
    same_inputs: bool | None = told(
        "Whether all inputs are the same (одинаковы ли показатели); null where you may not see enough to be told.",
        PUBLIC,
        P1,
    )
    differences: list[InputDifference] = told("Where they differ (различия).", PUBLIC, P1, usually=20)


@structure("One input that could bring the points alone (способ).")
class WayUp:
    """A way."""

    input: RatedInput = told("Which input (показатель).", PUBLIC)
    points: Exact = told("Points that it would bring (баллы).", PUBLIC, P1)
    value: Exact | None = told("Value that it would need, all else equal (нужное значение).", PUBLIC, P1)
    value_shown: str | None = told("The same as it is shown (для показа).", PUBLIC, P1)


@structure("How far it is to a better place or level (сколько не хватает).")
class Distance:
    """A distance."""

    points: Exact = told("Points wanting (не хватает баллов): reaching them is enough.", PUBLIC)
    points_shown: str = told("The same as they are shown (для показа).", PUBLIC)
    rank: int | None = told("The place (место).", PUBLIC)
    level: MethodologyLevel | None = told("The level (уровень).", PUBLIC)
    holders: list[RatingEntryLater] = told("Who has that place now (кто на этом месте).", PUBLIC, usually=3)
    ways: list[WayUp] = told(
        "Inputs that you may see and that could bring it alone (способы), the least demanding first.",
        PUBLIC,
        P1,
        usually=20,
    )


@structure("An input before and after (изменение показателя).")
class InputChanged:
    """A change of an input."""

    input: RatedInput = told("Which input (показатель).", PUBLIC)
    before: Exact | None = told("Value before (было).", PUBLIC, P1)
    after: Exact | None = told("Value after (стало).", PUBLIC, P1)
    withheld: bool = told("Whether you may not see it (скрыто).", PUBLIC)


@structure("What changed since another version (изменение места).")
class EntryChange:
    """A change of an entry."""

    cause: Cause = told("Why (причина).", PUBLIC)
    places: int | None = told("Places risen, fallen if below zero (поднялась на мест).", PUBLIC)
    rank_before: int | None = told("Place before (место было).", PUBLIC)
    rank_after: int | None = told("Place after (место стало).", PUBLIC)
    points_before: Exact | None = told("Points before (баллы было).", PUBLIC)
    points_after: Exact | None = told("Points after (баллы стало).", PUBLIC)
    organisation_name: str = told("Whose entry, by the name in the rating (чья строка).", PUBLIC)
    inputs: list[InputChanged] = told("Inputs that changed (изменённые показатели).", PUBLIC, P1, usually=20)
