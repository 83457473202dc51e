"""Arguments: of one field at one place of a document, read anew for every request's variables."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import strawberry
from graphql import GraphQLField, VariableNode, Visitor, get_argument_values, visit
from graphql.execution.values import VariableValues
from sqlalchemy import ARRAY, BinaryExpression, ColumnElement, bindparam, func
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.sql.operators import in_op, not_in_op
from strawberry.types.arguments import convert_arguments

from auth.visibility import REACH_PREFIX, RESTRICTED
from schema.engine.compiled.selection import Selected

Named = dict[str, Any]
"""Values by the names of their parameters."""


@dataclass(frozen=True, eq=False)
class Arguments:
    """Reads what the resolver of the field would be given."""

    schema: strawberry.Schema
    selected: Selected
    field: GraphQLField

    @property
    def variables(self) -> frozenset[str]:
        """Names of the variables that they come from."""
        finder = _Variables()
        for argument in self.selected.node.arguments or ():
            visit(argument, finder)
        return frozenset(finder.found)

    def given(self, variables: VariableValues) -> dict[str, Any]:
        """By Python's names; lists as tuples; what was left out is not there."""
        values = get_argument_values(self.field, self.selected.node, variables)
        definition = self.field.extensions["strawberry-definition"]
        registry = self.schema.schema_converter.scalar_registry
        found = convert_arguments(values, definition.arguments, registry, self.schema.config)
        kept = {name: item for name, item in found.items() if item is not strawberry.UNSET}
        return {name: tuple(item) if isinstance(item, list) else item for name, item in kept.items()}


class _Variables(Visitor):
    """Finds the variables that stand in values."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        self.found.add(node.name.value)


def kind_of(value: Any, types: Iterable[str]) -> Any:
    """What a plan may depend on of a variable's value: words and truths themselves, of the rest whether it is there.

    Of an id the type counts too, since another type is another table.
    """
    if value is None or isinstance(value, bool):
        return (bool, value)
    if isinstance(value, str) and not isinstance(value, Enum):
        kind = value.partition(":")[0]
        return (str, kind if kind in types else bool(value))
    if isinstance(value, list | tuple):
        return (list, frozenset(kind_of(item, types) for item in value))
    return (type(value), value if isinstance(value, Enum) else None)


def parametrised(conditions: Iterable[ColumnElement[Any]], prefix: str) -> tuple[list[ColumnElement[Any]], Named]:
    """Conditions with named parameters in place of the values that they hold, and these values.

    Lists become one array, so that the statement does not depend on their length.
    """
    values: Named = {}

    def replace(element: Any, **_: Any) -> Any:
        if isinstance(element, BinaryExpression) and element.operator in (in_op, not_in_op):
            return _any_of(element, f"{prefix}{len(values)}", values)
        if not isinstance(element, BindParameter) or element.key == RESTRICTED or element.key.startswith(REACH_PREFIX):
            return None
        name = f"{prefix}{len(values)}"
        values[name] = element.effective_value
        return bindparam(name, None, element.type)

    return [visitors.replacement_traverse(one, {}, replace) for one in conditions], values


def _any_of(element: Any, name: str, values: Named) -> Any:
    if not isinstance(element.right, BindParameter):
        return None
    values[name] = list(element.right.effective_value or ())
    array = bindparam(name, None, ARRAY(element.left.type))
    return element.left == func.any(array) if element.operator is in_op else element.left != func.all(array)
