"""Projection: of a value of ours, what was asked for, as the reference's serialisers would give it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    SelectionSetNode,
)

from schema.engine.compiled.reasons import NotCompiled, Reason

if TYPE_CHECKING:
    from schema.engine.compiled.compiler import Compiler

Projection = Callable[[Any], Any]


def projection(compiler: "Compiler", kind: GraphQLOutputType, below: list[SelectionSetNode]) -> Projection:
    """From a value of this type to what orjson writes. Null in a non-null place raises NotCompiled."""
    if isinstance(kind, GraphQLNonNull):
        return _required(projection(compiler, kind.of_type, below), str(kind))
    if isinstance(kind, GraphQLList):
        item = projection(compiler, kind.of_type, below)
        return lambda value: None if value is None else [item(one) for one in value]
    if isinstance(kind, GraphQLLeafType):
        return lambda value: None if value is None else kind.serialize(value)
    if isinstance(kind, GraphQLObjectType):
        return _object(compiler, kind, below)
    raise NotCompiled(Reason.UNKNOWN_KIND, str(kind))


def _required(inner: Projection, name: str) -> Projection:
    def shown(value: Any) -> Any:
        found = inner(value)
        if found is None:
            raise NotCompiled(Reason.DOUBTFUL_ANSWER, name)
        return found

    return shown


def _object(compiler: "Compiler", kind: GraphQLObjectType, below: list[SelectionSetNode]) -> Projection:
    members: list[tuple[str, Projection]] = []
    for selected in compiler.fields(kind, below):
        if selected.name == "__typename":
            members.append((selected.key, _always(kind.name)))
            continue
        found = kind.fields[selected.name]
        definition = found.extensions["strawberry-definition"]
        if definition.base_resolver is not None:
            raise NotCompiled(Reason.FIELD_IN_PYTHON, f"{kind.name}.{selected.name}")
        inner = projection(compiler, found.type, selected.below)
        members.append((selected.key, _attribute(definition.python_name, inner)))
    return lambda value: None if value is None else {key: show(value) for key, show in members}


def _always(text: str) -> Projection:
    return lambda _: text


def _attribute(name: str, inner: Projection) -> Projection:
    return lambda value: inner(getattr(value, name))
