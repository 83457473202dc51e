"""What the engine itself brings: objects by their ids, and what the caller may still spend."""

from typing import TYPE_CHECKING, Annotated, Any, cast

import strawberry
from strawberry.types import Info

from domain.errors import LimitExceeded
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC
from schema.engine.limits import rate_limit
from schema.engine.mapping.declare import computed
from schema.engine.mapping.pages import PAGE_MOST
from schema.engine.mapping.storage import ById
from schema.engine.node import Node
from schema.engine.noun import Noun

if TYPE_CHECKING:
    from schema.engine.context import Context


class Queries:
    """Where reading begins."""

    @computed(
        "The object with this id, null when there is none that you may see (объект).",
        PUBLIC,
        sensitivity=Sensitivity.P1,
        known=ById(),
    )
    async def node(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Its id (идентификатор).")],  # noqa: A002
    ) -> Node | None:
        [found] = await _find(info, [id])
        return cast("Node | None", found)

    @computed(
        "The objects with these ids, in their order (объекты); at most 100.",
        PUBLIC,
        sensitivity=Sensitivity.P1,
        known=ById(most=PAGE_MOST),
        usually=PAGE_MOST,
        sized_by=("ids",),
    )
    async def nodes(
        self,
        info: Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="Their ids (идентификаторы).")],
    ) -> list[Node | None]:
        if len(ids) > PAGE_MOST:
            raise LimitExceeded(f"At most {PAGE_MOST} ids.", f"Не больше {PAGE_MOST} идентификаторов.")
        return await _find(info, list(ids))

    rate_limit = rate_limit.rate_limit


async def _find(info: Info, identifiers: list[str]) -> list[Any]:
    return await cast("Context", info.context).executor.look_up_all(identifiers)


ENGINE = Noun(queries=Queries)
