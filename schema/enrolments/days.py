"""Days of an enrolment and of its order: what the rules need to know of the organisation and its periods."""

from asyncio import gather
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from domain.writing.doors import PEN
from domain.writing.enrolments import refused_closed, refused_order
from schema.journals.refused import refuse
from schema.journals.windows import period_facts
from schema.registers.entries import needed_text

if TYPE_CHECKING:
    from schema.engine.context import Context

ORDER_MOST = 100


async def order_of(context: "Context", given: Any, organisation: UUID) -> tuple[str, date]:
    """Number and day of the order. Refuses a blank number and a day that has not come at the organisation."""
    number = needed_text(context, given.order_number, "orderNumber", ORDER_MOST)
    [row] = await context.statements.write(select(func.vhod.zone_of(organisation).label("zone")))
    today = context.clock().astimezone(ZoneInfo(row.zone)).date()
    refuse(context, refused_order(given.ordered_on, today, PEN))
    return number, given.ordered_on


async def refuse_closed(context: "Context", class_group: UUID, since: date, given: Any, field: str) -> None:
    """Refuse what changes days of a closed grading period, unless the input says that it is meant."""
    if given.into_closed_period:
        return
    periods = func.vhod.periods_reached_back(class_group, since).column_valued("period")
    found = await context.statements.write(select(periods))
    facts = await gather(*(period_facts(context, row.period) for row in found))
    closes = [one.closes_at for one in facts]
    refuse(context, refused_closed(closes, context.clock(), PEN, field, meant=given.into_closed_period))
