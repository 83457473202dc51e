"""CompiledReads: plans a request as one statement, makes the answer of its row, or leaves it to the reference."""

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from graphql import GraphQLError, get_variable_values
from graphql.execution.values import VariableValues

from auth.viewer import Viewer
from domain.errors import ContractError
from schema.engine.compiled.arguments import kind_of
from schema.engine.compiled.document import Document, read_document
from schema.engine.compiled.json_text import DOUBT
from schema.engine.compiled.parameters import Asked
from schema.engine.compiled.plans import Kept, Plan, Planner
from schema.engine.compiled.python_values import filled
from schema.engine.compiled.reasons import NotCompiled, Reason
from schema.engine.limits.gauge import Cost, cost_for, judge, key_of
from schema.engine.limits.maxima import kind_of_caller

if TYPE_CHECKING:
    from schema.engine.context import Context
    from schema.engine.contract import Contract

DOUBT_SIGN = DOUBT.encode()


@dataclass(frozen=True)
class Question:
    """What a request asks: a document, its variables, which of its operations."""

    text: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None


@dataclass(frozen=True, eq=False)
class Prepared:
    """A question ready to run for a viewer."""

    plan: Plan
    values: list[Any]
    cost: Cost


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

    async def prepare(self, viewer: Viewer, question: Question) -> Prepared | None:
        """Plan a question. None when the reference has to answer."""
        try:
            return await self._prepared(viewer, question)
        except (ContractError, GraphQLError):
            self.passes(NotCompiled(Reason.REFUSED_ARGUMENTS))
        except NotCompiled as refused:
            self.passes(refused)
        except Exception as error:
            structlog.get_logger(__name__).exception("compiled:defect")
            self.passes(NotCompiled(Reason.DEFECT, type(error).__name__))
        return None

    def answer(self, context: "Context", prepared: Prepared, row: tuple[Any, ...]) -> bytes | None:
        """The answer's data as JSON, of the row that the statement gave; None when the reference has to answer.

        What was refused and what was read is handed to the context.
        """
        try:
            data = _data(context, prepared.plan, row[0])
        except NotCompiled as refused:
            self.passes(refused)
            return None
        _note(context, prepared.plan, row)
        context.cost = prepared.cost
        self.answered += 1
        return data

    def passes(self, refused: NotCompiled) -> None:
        """Count and log that the reference has to answer, and why. A mutation is nothing to count."""
        if refused.reason is not Reason.NOT_A_QUERY:
            self.fallbacks[refused.reason] += 1
            structlog.get_logger(__name__).info("compiled:fallback", reason=refused.reason.value, where=refused.where)

    async def _prepared(self, viewer: Viewer, question: Question) -> Prepared:
        """The plan for this document, this shape of viewer and this kind of variables; and the parameters of now."""
        text, name = question.text, question.operation_name
        key = key_of(text, name)
        gauge, variables = self.contract.gauge, question.variables
        document = await self._documents.get(
            key,
            lambda: read_document(
                self.contract.graphql, text, name, lambda parsed: gauge.estimate(key, parsed, variables)
            ),
        )
        estimate, caller = gauge.estimate(key, document.parsed, variables), kind_of_caller(viewer.caller)
        judge(estimate, caller)
        asked = Asked(viewer, self._variables(document, question.variables))
        kinds = tuple(
            (name, kind_of(value, self.contract.types)) for name, value in sorted(asked.variables.coerced.items())
        )
        shape = viewer.shape
        plan = await self._plans.get((key, kinds, shape), lambda: self._planner.plan(document, shape, asked))
        return Prepared(plan, plan.parameters.values(asked), cost_for(estimate, caller))

    def _variables(self, document: Document, given: dict[str, Any] | None) -> VariableValues:
        found = get_variable_values(
            self.contract.graphql, document.operation.variable_definitions or (), given or {}, max_errors=1
        )
        if isinstance(found, list):
            raise NotCompiled(Reason.INVALID_VARIABLES)
        return found


def _data(context: "Context", plan: Plan, text: bytes | None) -> bytes:
    if text is None or DOUBT_SIGN in text:
        raise NotCompiled(Reason.DOUBTFUL_ANSWER)
    return filled(text, plan.holes, context)


def _note(context: "Context", plan: Plan, row: tuple[Any, ...]) -> None:
    """Hand over what was refused and what was read, as the reference notes it field by field."""
    counts, reads = row[1 : 1 + len(plan.refusals)], row[1 + len(plan.refusals) :]
    for (coordinate, permission), count in zip(plan.refusals, counts, strict=True):
        context.denials.refuse(coordinate, permission, int(count))
    for (what, sensitivity), persons in zip(plan.readings, reads, strict=True):
        if persons is not None:
            found = [UUID(person.decode()) for person in set(persons.split())]
            context.executor.readings.note(what, sensitivity, found)
