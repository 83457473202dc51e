"""Delivered: each answer of a subscription is over, recorded and without a transaction, before it goes out."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, cast

from strawberry.extensions import SchemaExtension

if TYPE_CHECKING:
    from schema.engine.context import Context


class Delivered(SchemaExtension):
    """Closes what the answer was read in, and tells from where to go on, for transports that resume by themselves."""

    async def on_stream_result(self, result: Any) -> AsyncIterator[None]:
        await cast("Context", self.execution_context.context).settle()
        yield

    def get_results(self) -> dict[str, Any]:
        cursor = cast("Context", self.execution_context.context).cursor
        return {} if cursor is None else {"cursor": cursor}
