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

from auth.viewer import Viewer
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


@dataclass(frozen=True, eq=False)
class Prepared:
    """A request ready to run: for this viewer, and how to prepare it again for another."""

    viewer: Viewer
    text: str
    variables: Any
    operation_name: str | None
    plan: Plan
    values: list[Any]


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

    def prepare(self, viewer: Viewer, text: str | None, variables: Any, operation_name: str | None) -> Prepared | None:
        """Plan a request, before its transaction: planning takes time. None when the reference has to answer."""
        try:
            return Prepared(
                viewer,
                text or "",
                variables,
                operation_name,
                *self._plan(viewer, text or "", variables, operation_name),
            )
        except (ContractError, GraphQLError):
            self._pass(NotCompiled(Reason.REFUSED_ARGUMENTS))
        except NotCompiled as refused:
            self._pass(refused)
        except Exception as error:
            structlog.get_logger(__name__).exception("compiled:defect")
            self._pass(NotCompiled(Reason.DEFECT, type(error).__name__))
        return None

    async def answer(self, context: "Context", prepared: Prepared | None) -> ExecutionResult | None:
        """The whole answer, its data as text; None when the reference has to answer, in the same transaction.

        Raises StatementFailed when that needs a new one.
        """
        if prepared is not None and prepared.viewer is not context.viewer:
            prepared = self.prepare(context.viewer, prepared.text, prepared.variables, prepared.operation_name)
        if prepared is None:
            return None
        try:
            row = await self._run(context, prepared)
            body = self._body(context, prepared.plan, row[0])
        except NotCompiled as refused:
            self._pass(refused)
            return None
        self._note(context, prepared.plan, row)
        self.answered += 1
        return ExecutionResult(orjson.Fragment(body), None, access_report(context))  # type: ignore[arg-type]

    def _plan(self, viewer: Viewer, text: str, given: Any, operation_name: str | None) -> tuple[Plan, list[Any]]:
        """The plan for this document, this shape of viewer and this kind of variables; and the parameters of now."""
        key = (hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest(), operation_name)
        document = self._documents.get(key, lambda: read_document(self.contract.graphql, text, operation_name))
        asked = Asked(viewer, self._variables(document, given))
        kinds = tuple(
            (name, kind_of(value, self.contract.types)) for name, value in sorted(asked.variables.coerced.items())
        )
        plan = self._plans.get((key, kinds, viewer.shape), lambda: self._planner.plan(document, viewer.shape, asked))
        return plan, plan.parameters.values(asked)

    def _variables(self, document: Document, given: Any) -> VariableValues:
        if not isinstance(given, dict | None):
            raise NotCompiled(Reason.INVALID_VARIABLES)
        found = get_variable_values(
            self.contract.graphql, document.operation.variable_definitions or (), given or {}, max_errors=1
        )
        if isinstance(found, list):
            raise NotCompiled(Reason.INVALID_VARIABLES)
        return found

    async def _run(self, context: "Context", prepared: Prepared) -> tuple[Any, ...]:
        try:
            return await context.statements.raw(prepared.plan.sql, prepared.values)
        except UnicodeError:  # half a surrogate pair in an argument: no text that could be sent
            raise NotCompiled(Reason.REFUSED_ARGUMENTS) from None
        except psycopg.Error as error:
            self._pass(NotCompiled(Reason.DATABASE, error.sqlstate or type(error).__name__))
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

    def _pass(self, refused: NotCompiled) -> None:
        self.fallbacks[refused.reason] += 1
        structlog.get_logger(__name__).info("compiled:fallback", reason=refused.reason.value, where=refused.where)
