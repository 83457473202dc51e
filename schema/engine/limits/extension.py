"""DocumentLimits: the gauge before validation; refuses with LIMIT_EXCEEDED, charges the caller's budget."""

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, cast

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension

from domain.errors import ContractError
from schema.engine.limits import TOKENS
from schema.engine.limits.gauge import Gauge, cost_for, judge, key_of
from schema.engine.limits.maxima import kind_of_caller

if TYPE_CHECKING:
    from schema.engine.context import Context


class DocumentLimits(SchemaExtension):
    """Measures what is asked before anything else looks at it, over whichever transport it came."""

    def on_operation(self) -> Iterator[None]:
        self.execution_context.parse_options["max_tokens"] = TOKENS
        yield

    async def on_validate(self) -> AsyncIterator[None]:
        try:
            await self._measure()
        except ContractError as error:
            # Errors that are there already take the place of validation.
            self.execution_context.pre_execution_errors = [GraphQLError(error.english, original_error=error)]
        yield

    async def _measure(self) -> None:
        asked, context = self.execution_context, cast("Context", self.execution_context.context)
        if asked.graphql_document is None:
            return
        gauge: Gauge = asked.schema.gauge  # type: ignore[attr-defined]
        key = key_of(asked.query or "", asked.operation_name)
        estimate = gauge.estimate(key, asked.graphql_document, asked.variables)
        kind = kind_of_caller(context.viewer.caller)
        context.cost = cost_for(estimate, kind)
        judge(estimate, kind)
        if context.purse is not None:
            await context.purse.take(estimate.cost)
