"""Days of an enrolment: within the school year of the class, and into a closed period only when somebody says so."""

from asyncio import gather
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from domain.periods import school_year_days
from schema.engine.mutations.user_errors import Refusal, invalid
from schema.journals.window_closed import WindowClosed
from schema.journals.windows import period_facts
from schema.registers.entries import needed_text

if TYPE_CHECKING:
    from schema.engine.context import Context

ORDER_MOST = 100


async def order_of(context: "Context", given: Any, organisation: UUID) -> tuple[str, date]:
    """Number and day of the order. Refuses a blank number and a day that has not come at the organisation."""
    number = needed_text(context, given.order_number, "orderNumber", ORDER_MOST)
    [row] = await context.statements.write(select(func.vhod.zone_of(organisation).label("zone")))
    if given.ordered_on > context.clock().astimezone(ZoneInfo(row.zone)).date():
        told = context.say("The order is of a day to come.", "Дата приказа ещё не наступила.")
        raise invalid("DATES", told, "orderedOn")
    return number, given.ordered_on


def check_in_year(context: "Context", group: Any, day: date, field: str) -> None:
    """Refuse a day outside the school year of a class."""
    days = school_year_days(group.school_year)
    if day not in days:
        told = context.say(
            f"Class {group.name} is of the school year from {days.start} until {days.end}.",
            f"Класс {group.name} относится к учебному году с {days.start:%d.%m.%Y} до {days.end:%d.%m.%Y}.",
        )
        raise invalid("NOT_IN_SCHOOL_YEAR", told, field)


async def refuse_closed(context: "Context", class_group: UUID, since: date, given: Any, field: str) -> None:
    """Refuse what changes days of a closed grading period, unless the input says that it is meant."""
    if given.into_closed_period:
        return
    periods = func.vhod.periods_reached_back(class_group, since).column_valued("period")
    found = await context.statements.write(select(periods))
    facts = await gather(*(period_facts(context, row.period) for row in found))
    closed = [one.closes_at for one in facts if one.closes_at <= context.clock()]
    if closed:
        told = context.say(
            f"This changes days of a grading period that was closed at {max(closed):%d.%m.%Y %H:%M}. If it is meant,"
            " say `intoClosedPeriod: true`.",
            f"Это меняет дни учебного периода, закрытого {max(closed):%d.%m.%Y %H:%M}. Если так и нужно, укажите"
            " `intoClosedPeriod: true`.",
        )
        path = ["input", field]
        raise Refusal(
            WindowClosed(
                code="PERIOD_CLOSED", message=told, path=path, closed_at=max(closed), opens_at=None, reopenable_by=[]
            )
        )
