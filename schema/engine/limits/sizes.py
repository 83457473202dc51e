"""Sizes: how many items each list of an operation will have, as its arguments and variables say."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
)

from schema.engine.limits.prices import Price
from schema.engine.mapping.pages import PAGE_MOST


class Sizes:
    """Reads slicing arguments for one operation. Whatever is no size (negative, null, a text) is refused later anyway.

    `used` names the variables that were looked at: for the same values the sizes are the same.
    """

    def __init__(self, operation: OperationDefinitionNode | None, variables: Mapping[str, Any] | None) -> None:
        definitions = operation.variable_definitions or () if operation else ()
        self._defaults = {node.variable.name.value: node.default_value for node in definitions}
        self._variables = variables or {}
        self.used: set[str] = set()

    def of_field(self, node: FieldNode, price: Price) -> int:
        """Items of the list that a field is; the largest where several arguments say it."""
        said = [self._said(given.value) for given in node.arguments or () if given.name.value in price.slicing]
        return max(filter(None, said), default=price.size or 1)

    def _said(self, value: ValueNode | None) -> int | None:
        if isinstance(value, VariableNode):
            name = value.name.value
            self.used.add(name)
            return size_of(self._variables[name]) if name in self._variables else self._said(self._defaults.get(name))
        if isinstance(value, IntValueNode):
            return size_of(int(value.value))
        return size_of(list(value.values)) if isinstance(value, ListValueNode) else None


def size_of(value: Any) -> int | None:
    """The size that a value says, at most a page's; None when it says none."""
    if isinstance(value, list):
        return min(len(value), PAGE_MOST)
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        return None
    return int(min(value, PAGE_MOST))


def operation_of(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    """The operation that a request means; None when it means none, or one of several."""
    found = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    named = [node for node in found if name is None or (node.name is not None and node.name.value == name)]
    return named[0] if len(named) == 1 else None
