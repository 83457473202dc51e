"""rateLimit: what the caller may still spend, as a field of its own for those who want to know."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from strawberry.types import Info

from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import computed, structure, value

if TYPE_CHECKING:
    from schema.engine.context import Context


@structure("The budget of points that you may spend in a minute (лимит запросов); of several the tightest.")
class RateLimit:
    """After this request is paid."""

    limit: int = value("Points in all, in a minute (всего баллов в минуту).")
    cost: int = value("Points that this request costs (стоимость этого запроса); at least 1 is taken.")
    remaining: int = value("Points left, this request paid (осталось баллов).")
    reset_at: datetime = value("When the budget is whole again (когда лимит обновится).")


@computed(
    "What you may still spend (лимит запросов): of the person and the client, of a service, else of the address. Null"
    " where nobody counts.",
    PUBLIC,
    sensitivity=Sensitivity.P0,
)
def rate_limit(self: Any, info: Info) -> RateLimit | None:
    """The balance of the tightest budget."""
    context = cast("Context", info.context)
    if context.purse is None or context.cost is None:
        return None
    found = context.purse.balance()
    return RateLimit(limit=found.limit, cost=context.cost.requested, remaining=found.remaining, reset_at=found.reset_at)
