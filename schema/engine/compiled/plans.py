"""Plan: a statement with all that turns its one row into an answer; Plans: the ones that are kept."""

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

import strawberry
from graphql import GraphQLObjectType, GraphQLSchema

from auth.visibility import Shape
from domain.recent import Recent
from schema.engine.compiled.compiler import Compiler
from schema.engine.compiled.document import Document
from schema.engine.compiled.forms import FORMS
from schema.engine.compiled.parameters import DIALECT, Asked, Parameters, Sources
from schema.engine.compiled.part import Reading, Refusal, Scope
from schema.engine.compiled.python_values import Hole
from schema.engine.compiled.reasons import NotCompiled, Reason
from schema.engine.compiled.selection import Selections
from schema.engine.mapping.storage import Mapping

T = TypeVar("T")
KEPT = 512


@dataclass(frozen=True, eq=False)
class Plan:
    """The statement gives one row: the text, then the counts of `refusals`, then the persons of `readings`."""

    sql: str
    parameters: Parameters
    refusals: tuple[Refusal, ...]
    readings: tuple[Reading, ...]
    holes: tuple[Hole, ...]


@dataclass(frozen=True, eq=False)
class Planner:
    """Makes plans for one schema."""

    strawberry: strawberry.Schema
    schema: GraphQLSchema
    types: dict[str, Mapping]

    def plan(self, document: Document, shape: Shape, asked: Asked) -> Plan:
        """Compile. Raises NotCompiled, or what the arguments given raise."""
        sources = Sources(asked)
        selections = Selections(self.schema, document, asked.variables)
        compiler = Compiler(self.strawberry, self.schema, self.types, shape, selections, sources, FORMS)
        scope = Scope()
        whole = compiler.object(self._query(), [document.operation.selection_set], scope)
        statement = scope.select(whole.columns()).compile(dialect=DIALECT)
        readings = tuple(reading for reading, _ in whole.read)
        return Plan(
            str(statement), Parameters.of(statement, sources), tuple(whole.denied), readings, tuple(compiler.holes)
        )

    def _query(self) -> GraphQLObjectType:
        if self.schema.query_type is None:
            raise NotCompiled(Reason.NOT_A_QUERY)
        return self.schema.query_type


class Kept(Generic[T]):
    """The most recently used results, and refusals that hold for ever; at most KEPT of them."""

    LASTING = frozenset({
        Reason.NOT_A_QUERY, Reason.INVALID_DOCUMENT, Reason.INTROSPECTION, Reason.FIELD_IN_PYTHON, Reason.UNKNOWN_KIND,
        Reason.ARGUMENTS_IN_PYTHON,
    })  # fmt: skip

    def __init__(self, most: int = KEPT) -> None:
        self._turn = asyncio.Lock()
        self._kept: Recent[Hashable, T | NotCompiled] = Recent(most)

    def __len__(self) -> int:
        return len(self._kept)

    async def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept for the key, made when nothing is. Raises NotCompiled."""
        found = self._kept.get(key)
        if found is None:
            found = await self._made(key, make)
        if isinstance(found, NotCompiled):
            raise NotCompiled(found.reason, found.where)
        return found

    async def _made(self, key: Hashable, make: Callable[[], T]) -> T | NotCompiled:
        """Made beside the requests that run meanwhile, one at a time; kept by the loop alone."""
        async with self._turn:
            found = self._kept.get(key)
            return self._kept.keep(key, await asyncio.to_thread(self._try, make)) if found is None else found

    def _try(self, make: Callable[[], T]) -> T | NotCompiled:
        try:
            return make()
        except NotCompiled as refused:
            if refused.reason not in self.LASTING:
                raise
            return refused
