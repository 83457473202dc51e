"""Compiler: walks a document beside the schema, and puts the text of each object together from its fields."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import strawberry
from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, SelectionSetNode
from sqlalchemy import ColumnElement

from auth.visibility import Shape
from schema.engine.compiled.arguments import Arguments
from schema.engine.compiled.json_text import NULL, fixed, of_object
from schema.engine.compiled.parameters import Sources
from schema.engine.compiled.part import Part, Scope
from schema.engine.compiled.python_values import Hole
from schema.engine.compiled.reasons import NotCompiled, Reason
from schema.engine.compiled.selection import Selected, Selections
from schema.engine.compiled.table_row import TableRow
from schema.engine.mapping.check import binding_of
from schema.engine.mapping.plan import row_permission
from schema.engine.mapping.storage import Binding, Mapping, Storage

Sight = bool | ColumnElement[bool]


@dataclass(frozen=True, eq=False)
class Place:
    """A field at one place of the answer: on this row, if any, seen in full or masked on these conditions."""

    selected: Selected
    field: GraphQLField
    binding: Binding
    scope: Scope
    full: Sight = True
    masked: Sight = False

    @property
    def target(self) -> Mapping:
        """The type that an edge leads to."""
        if self.binding.target is None:
            raise NotCompiled(Reason.FIELD_IN_PYTHON, self.binding.coordinate)
        return self.binding.target

    @property
    def when(self) -> list[ColumnElement[bool]]:
        """The condition under which an edge is followed, where it depends on the row."""
        return [] if isinstance(self.full, bool) else [self.full]


Form = Callable[["Compiler", Place], Part]
"""Writes a field of one kind of storage."""


@dataclass
class Compiler:
    """One compilation: the schema, for whom, what is asked for; parameters and holes found on the way."""

    strawberry: strawberry.Schema
    schema: GraphQLSchema
    types: dict[str, Mapping]
    shape: Shape
    selections: Selections
    sources: Sources
    forms: dict[type[Storage], Form]
    holes: list[Hole] = field(default_factory=list)
    _named: int = 0

    def name(self, prefix: str) -> str:
        """A name that nothing else in the statement has."""
        self._named += 1
        return f"{prefix}{self._named}"

    def row(self, mapping: Mapping) -> TableRow:
        """A row of its own of the mapping's table."""
        return TableRow(mapping.facet.record.__table__.alias(self.name("t")))  # type: ignore[attr-defined]

    def scope(self, mapping: Mapping) -> Scope:
        """A level of the statement about a row of its own."""
        return Scope(self.row(mapping), mapping)

    def kind(self, mapping: Mapping) -> GraphQLObjectType:
        """The GraphQL type of a mapping."""
        found = self.schema.type_map[mapping.name]
        if not isinstance(found, GraphQLObjectType):
            raise NotCompiled(Reason.UNKNOWN_KIND, mapping.name)
        return found

    def knows(self, mapping: Mapping) -> bool:
        """Whether viewers of this shape can see any row of the type."""
        return mapping.rule.public or bool(self.shape.grants(row_permission(mapping)))

    def arguments(self, place: Place) -> Arguments:
        """The arguments of a field."""
        return Arguments(self.strawberry, place.selected, place.field)

    def fields(self, kind: GraphQLObjectType, below: Iterable[SelectionSetNode]) -> list[Selected]:
        """What is asked for of an object, introspection apart."""
        found = self.selections.of(kind, below)
        for selected in found:
            if selected.name.startswith("__") and selected.name != "__typename":
                raise NotCompiled(Reason.INTROSPECTION)
        return found

    def object(self, kind: GraphQLObjectType, below: Iterable[SelectionSetNode], scope: Scope) -> Part:
        """The text of an object: of the scope's row, or of ours where there is none."""
        members: list[tuple[str, Any]] = []
        whole = Part(NULL)
        for selected in self.fields(kind, below):
            if selected.name == "__typename":
                members.append((selected.key, fixed(f'"{kind.name}"')))
                continue
            part = self._field(kind.fields[selected.name], selected, scope)
            members.append((selected.key, part.text))
            whole.include(part)
        whole.text = of_object(members)
        return whole

    def _field(self, found: GraphQLField, selected: Selected, scope: Scope) -> Part:
        binding = binding_of(found)
        if binding is None:
            raise NotCompiled(Reason.FIELD_IN_PYTHON, selected.name)
        form = self.forms.get(type(binding.storage))
        if form is None:
            raise NotCompiled(Reason.FIELD_IN_PYTHON, binding.coordinate)
        return form(self, Place(selected, found, binding, scope))
