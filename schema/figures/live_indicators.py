"""Indicators counted live from the journals: the figure of an organisation, and of each part of it that it opens to."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from domain.catalogue.ids import indicator_id
from domain.errors import BadUserInput
from domain.live_figures import COUNTED, LiveFigure, live_figures
from domain.measurement import Unit
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import computed, structure
from schema.engine.mapping.declare import value as told
from schema.engine.scalars import Exact
from schema.figures.exact_numbers import exact, in_display
from schema.figures.indicators import Indicator
from schema.figures.measurement import NoDataReason
from schema.figures.state import indicators_of
from schema.named_later import OrganisationLater

if TYPE_CHECKING:
    from schema.engine.context import Context

P1 = Sensitivity.P1


@structure("A figure counted now (показатель на лету): numerator, denominator and value.")
class LiveCount:
    """A count of one organisation with all below it."""

    numerator: int | None = told("How many (числитель).", PUBLIC, P1)
    denominator: int | None = told("Among how many (знаменатель).", PUBLIC, P1)
    value: Exact | None = told("Value in the indicator's unit, exact (значение).", PUBLIC, P1)
    shown: str | None = told("The value as it is shown (для показа).", PUBLIC, P1)
    no_data: NoDataReason | None = told("Why there is no value (почему нет данных).", PUBLIC, P1)
    organisation_id: strawberry.Private[Any]

    @computed("Of which organisation (организация).", PUBLIC, sensitivity=P1)
    async def organisation(self, info: Info) -> OrganisationLater | None:
        found: Any = await info.context.executor.load_named("Organisation", (self.organisation_id,))
        return found  # type: ignore[no-any-return]


@structure("An indicator counted from the journals as they are now (показатель на лету). Our own definition.")
class LiveIndicator:
    """A live indicator."""

    period: str = told("Period (период).", PUBLIC)
    whole: LiveCount | None = told("The organisation with all below it (итог).", PUBLIC, P1)
    parts: list[LiveCount] = told(
        "Each part directly below that you may see (по подведомственным). Groups of fewer than five are left out, and"
        " one more where it would give them away.",
        PUBLIC,
        P1,
        usually=5,
    )
    code: strawberry.Private[str]

    @computed("The indicator (показатель).", PUBLIC, sensitivity=Sensitivity.P0)
    async def indicator(self, info: Info) -> Indicator | None:
        found: Any = await info.context.executor.load_named("Indicator", (indicator_id(self.code),))
        return found  # type: ignore[no-any-return]


async def live_indicator(context: "Context", place: UUID, code: str, period: str) -> LiveIndicator:
    """The live indicator of an organisation. Raises BadUserInput for what the journals do not tell."""
    unit, decimals = await counted_unit(context, code)
    found = await figures_of(context, place, code, period)
    counts = [(figure, _count(figure, unit, decimals)) for figure in found]
    return LiveIndicator(
        period=period,
        whole=next((count for figure, count in counts if figure.whole), None),
        parts=[count for figure, count in counts if not figure.whole],
        code=code,
    )


async def counted_unit(context: "Context", code: str) -> tuple[Unit, int]:
    """Unit and decimals of an indicator that can be counted here. Raises BadUserInput for any other."""
    if code not in COUNTED:
        listed = ", ".join(sorted(COUNTED))
        raise BadUserInput(
            f"The journals do not tell {code}; they tell {listed}.",
            f"По журналам нельзя посчитать {code}; можно: {listed}.",
        )
    indicator = (await indicators_of(context, [code]))[code]
    return indicator.unit, indicator.decimals


async def figures_of(context: "Context", place: UUID, code: str, period: str) -> list[LiveFigure]:
    """The counts; the whole first."""
    statement, parameters = live_figures(code, place, period)
    return [LiveFigure(*row) for row in await context.statements(statement, parameters)]


def why_none(figure: LiveFigure, unit: Unit) -> NoDataReason | None:
    """Why a figure has no value; None when it has one."""
    if figure.suppressed:
        return NoDataReason.SUPPRESSED
    return NoDataReason.NOBODY_COUNTED if figure.value(unit) is None else None


def _count(figure: LiveFigure, unit: Unit, decimals: int) -> LiveCount:
    value = figure.value(unit)
    return LiveCount(
        numerator=figure.numerator,
        denominator=figure.denominator,
        value=exact(value),
        shown=in_display(value, decimals),
        no_data=why_none(figure, unit),
        organisation_id=figure.organisation_id,
    )
