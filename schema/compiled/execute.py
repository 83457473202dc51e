"""CompiledReads: answers a request by one statement, or says that the reference executor has to."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
import psycopg
import structlog
from graphql import GraphQLError, get_variable_values
from graphql.execution.values import VariableValues
from strawberry.types import ExecutionResult

from domain.errors import ContractError
from schema.compiled.arguments import kind_of
from schema.compiled.document import Document, read_document
from schema.compiled.holes import filled
from schema.compiled.json_text import DOUBT
from schema.compiled.parameters import Asked
from schema.compiled.plans import Kept, Plan, Planner
from schema.compiled.reasons import NotCompiled, Reason
from schema.errors import access_report

if TYPE_CHECKING:
    from schema import Contract
    from schema.context import Context


class StatementFailed(Exception):
    """The database refused the statement: its transaction is spent, the reference needs another."""


@dataclass
class CompiledReads:
    """The compiled read path of one process, with what it keeps and how often it had to pass."""

    contract: "Contract"
    fallbacks: Counter[Reason] = field(default_factory=Counter)
    answered: int = 0

    def __post_init__(self) -> None:
        self._planner = Planner(self.contract.schema, self.contract.graphql, self.contract.types)
        self._documents: Kept[Document] = Kept()
        self._plans: Kept[Plan] = Kept()

    async def answer(
        self, context: "Context", text: str | None, variables: Any, operation_name: str | None
    ) -> ExecutionResult | None:
        """The whole answer, its data as text; None when the reference has to answer, in the same transaction.

        Raises StatementFailed when that needs a new one.
        """
        try:
            plan, values = self._prepared(context, text or "", variables, operation_name)
            row = await self._run(context, plan, values)
            body = self._body(context, plan, row[0])
        except NotCompiled as refused:
            self._pass(context, refused)
            return None
        self._note(context, plan, row)
        self.answered += 1
        return ExecutionResult(orjson.Fragment(body), None, access_report(context))  # type: ignore[arg-type]

    def _prepared(
        self, context: "Context", text: str, variables: Any, operation_name: str | None
    ) -> tuple[Plan, list[Any]]:
        try:
            document = self._document(text, operation_name)
            asked = Asked(context.viewer, self._variables(document, variables))
            plan = self._plan(text, operation_name, document, asked)
            return plan, plan.parameters.values(asked)
        except (ContractError, GraphQLError) as error:
            raise NotCompiled(Reason.REFUSED_ARGUMENTS) from error
        except NotCompiled:
            raise
        except Exception as error:
            structlog.get_logger(__name__).exception("compiled:defect", request_id=context.request_id)
            raise NotCompiled(Reason.DEFECT, type(error).__name__) from error

    def _document(self, text: str, operation_name: str | None) -> Document:
        key = (_digest(text), operation_name)
        return self._documents.get(key, lambda: read_document(self.contract.graphql, text, operation_name))

    def _variables(self, document: Document, given: Any) -> VariableValues:
        if not isinstance(given, dict | None):
            raise NotCompiled(Reason.INVALID_VARIABLES)
        found = get_variable_values(
            self.contract.graphql, document.operation.variable_definitions or (), given or {}, max_errors=1
        )
        if isinstance(found, list):
            raise NotCompiled(Reason.INVALID_VARIABLES)
        return found

    def _plan(self, text: str, operation_name: str | None, document: Document, asked: Asked) -> Plan:
        coerced = asked.variables.coerced
        kinds = tuple((name, kind_of(value, self.contract.types)) for name, value in sorted(coerced.items()))
        shape = asked.viewer.shape
        key = (_digest(text), operation_name, kinds, shape)
        return self._plans.get(key, lambda: self._planner.plan(document, shape, asked))

    async def _run(self, context: "Context", plan: Plan, values: list[Any]) -> tuple[Any, ...]:
        try:
            return await context.statements.raw(plan.sql, values)
        except psycopg.Error as error:
            self._pass(context, NotCompiled(Reason.DATABASE, error.sqlstate or type(error).__name__))
            raise StatementFailed from error

    def _body(self, context: "Context", plan: Plan, text: str | None) -> bytes:
        if text is None or DOUBT in text:
            raise NotCompiled(Reason.DOUBTFUL_ANSWER)
        return filled(text, plan.holes, context).encode()

    def _note(self, context: "Context", plan: Plan, row: tuple[Any, ...]) -> None:
        """Hand over what was refused and what was read, as the reference notes it field by field."""
        counts, reads = row[1 : 1 + len(plan.refusals)], row[1 + len(plan.refusals) :]
        for (coordinate, permission), count in zip(plan.refusals, counts, strict=True):
            context.denials.refuse(coordinate, permission, int(count))
        for (what, sensitivity), persons in zip(plan.readings, reads, strict=True):
            if persons is not None:
                context.executor.readings.note(what, sensitivity, [UUID(person) for person in set(persons.split())])

    def _pass(self, context: "Context", refused: NotCompiled) -> None:
        self.fallbacks[refused.reason] += 1
        structlog.get_logger(__name__).info(
            "compiled:fallback", request_id=context.request_id, reason=refused.reason.value, where=refused.where
        )


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
