"""Streams: the schema as transports of subscriptions see it; each subscription with a context of its own."""

from dataclasses import dataclass
from typing import Any, Protocol, cast

from strawberry.schema.base import BaseSchema
from strawberry.types.graphql import OperationType

from schema.engine.context import Context


class Connection(Protocol):
    """Whoever subscribes, by whichever transport."""

    async def context(self) -> Context:
        """A new context, for one operation."""


@dataclass(frozen=True)
class Streams:
    """Stands in for the schema at Strawberry's handlers, which know one context for all operations of a socket."""

    schema: BaseSchema

    @property
    def config(self) -> Any:
        """The schema's own settings."""
        return self.schema.config

    async def stream(self, query: str | None, *, context_value: Connection, **given: Any) -> Any:
        """Run a subscription. Queries and mutations are refused: they have HTTP, with its transactions and keys."""
        context = await context_value.context()
        context.operation = given.get("operation_name")
        given["allowed_operation_types"] = (OperationType.SUBSCRIPTION,)
        return await self.schema.stream(query, context_value=context, **given)


def streaming(schema: BaseSchema) -> BaseSchema:
    """The schema for a view that only streams."""
    return cast("BaseSchema", Streams(schema))
