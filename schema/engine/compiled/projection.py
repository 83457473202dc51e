"""Projection: of a value of ours, what was asked for, as the reference's serialisers would give it."""

from collections.abc import Callable, Iterable
from typing import Any

from graphql import (
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    SelectionSetNode,
)

from schema.engine.compiled.reasons import NotCompiled, Reason
from schema.engine.compiled.selection import Selected

Projection = Callable[[Any], Any]
Fields = Callable[[GraphQLObjectType, Iterable[SelectionSetNode]], list[Selected]]
"""What is asked for of an object."""


def projection(fields: Fields, kind: GraphQLOutputType, below: list[SelectionSetNode]) -> Projection:
    """From a value of this type to what orjson writes. Null in a non-null place raises NotCompiled."""
    if isinstance(kind, GraphQLNonNull):
        return _required(projection(fields, kind.of_type, below), str(kind))
    if isinstance(kind, GraphQLList):
        item = projection(fields, kind.of_type, below)
        return lambda value: None if value is None else [item(one) for one in value]
    if isinstance(kind, GraphQLLeafType):
        return lambda value: None if value is None else kind.serialize(value)
    if isinstance(kind, GraphQLObjectType):
        return _object(fields, kind, below)
    raise NotCompiled(Reason.UNKNOWN_KIND, str(kind))


def _required(inner: Projection, name: str) -> Projection:
    def shown(value: Any) -> Any:
        found = inner(value)
        if found is None:
            raise NotCompiled(Reason.DOUBTFUL_ANSWER, name)
        return found

    return shown


def _object(fields: Fields, kind: GraphQLObjectType, below: list[SelectionSetNode]) -> Projection:
    members: list[tuple[str, Projection]] = []
    for selected in fields(kind, below):
        if selected.name == "__typename":
            members.append((selected.key, _always(kind.name)))
            continue
        found = kind.fields[selected.name]
        definition = found.extensions["strawberry-definition"]
        if definition.base_resolver is not None:
            raise NotCompiled(Reason.FIELD_IN_PYTHON, f"{kind.name}.{selected.name}")
        inner = projection(fields, found.type, selected.below)
        members.append((selected.key, _attribute(definition.python_name, inner)))
    return lambda value: None if value is None else {key: show(value) for key, show in members}


def _always(text: str) -> Projection:
    return lambda _: text


def _attribute(name: str, inner: Projection) -> Projection:
    return lambda value: inner(getattr(value, name))
