"""Document: a request's text, parsed, within the limits, and valid; read once and kept."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    Visitor,
    parse,
    validate,
    visit,
)

from domain.errors import LimitExceeded
from schema.engine.compiled.reasons import NotCompiled, Reason
from schema.engine.limits import TOKENS

KEPT_CHARACTERS = 20_000
"""Longer documents are not compiled: plans are kept, and would be somebody's way to fill our memory."""


@dataclass(frozen=True, eq=False)
class Document:
    """The operation to run, and the fragments that it may spread."""

    parsed: DocumentNode
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]


def read_document(
    schema: GraphQLSchema, text: str, operation_name: str | None, measure: Callable[[DocumentNode], object]
) -> Document:
    """Read a valid query. Raises NotCompiled for everything else: saying what is wrong is left to the reference.

    `measure` raises LimitExceeded for a document that validation is to be spared.
    """
    if len(text) > KEPT_CHARACTERS:
        raise NotCompiled(Reason.LONG_DOCUMENT)
    parsed = _parsed(text)
    operation = _operation(parsed, operation_name)
    try:
        measure(parsed)
    except LimitExceeded:
        raise NotCompiled(Reason.INVALID_DOCUMENT) from None
    if validate(schema, parsed):
        raise NotCompiled(Reason.INVALID_DOCUMENT)
    visit(parsed, _NoIntrospection())
    found = (node for node in parsed.definitions if isinstance(node, FragmentDefinitionNode))
    return Document(parsed, operation, {fragment.name.value: fragment for fragment in found})


class _NoIntrospection(Visitor):
    """Whoever may not read the schema may not have it anywhere in the document: the reference knows who that is."""

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        if node.name.value in ("__schema", "__type"):
            raise NotCompiled(Reason.INTROSPECTION)


def _parsed(text: str) -> DocumentNode:
    try:
        return parse(text, max_tokens=TOKENS)
    except (GraphQLError, RecursionError):
        raise NotCompiled(Reason.INVALID_DOCUMENT) from None


def _operation(parsed: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [node for node in parsed.definitions if isinstance(node, OperationDefinitionNode)]
    named = [node for node in operations if name is None or (node.name is not None and node.name.value == name)]
    if len(named) != 1:
        raise NotCompiled(Reason.INVALID_DOCUMENT)
    if named[0].operation is not OperationType.QUERY:
        raise NotCompiled(Reason.NOT_A_QUERY)
    return named[0]
