"""Price: what one field costs, made of what is declared and of its type; Prices: those of a whole schema."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
)

from schema.engine.mapping.check import binding_of
from schema.engine.mapping.pages import PAGE_DEFAULT
from schema.engine.mapping.storage import Expense

LIST_SIZE = 100
"""Of a list that does not say how long it usually is: dear, so that it says so."""
CHANGE = 10
"""Of a mutation: checks, locks, versions, events."""
USER_ERRORS = 5
"""Of `userErrors` of every payload."""
INTROSPECTION = {"__schema": 100, "__type": 10}
"""A known amount, whatever is asked of the schema: it is in memory, and GraphQL's own rule bounds its depth."""
PAGED = ("nodes", "edges")
Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType


@dataclass(frozen=True)
class Price:
    """`size` items of `unit` points each (1: objects, 0: values), and `weight` points besides.

    `slicing`: arguments that say the size instead; `sized`: fields of the page that it is of. `size` None: no list.
    """

    weight: int = 0
    unit: int = 0
    size: int | None = None
    slicing: tuple[str, ...] = ()
    sized: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prices:
    """The prices of a schema's fields. What it does not know costs nothing: validation refuses it."""

    schema: GraphQLSchema

    def kind(self, name: str) -> GraphQLNamedType | None:
        """A type by its name."""
        return self.schema.type_map.get(name)

    def field(self, kind: GraphQLNamedType | None, name: str) -> tuple[Price, GraphQLNamedType | None]:
        """The price of a field, and the type of what is behind it."""
        return self._known.get((kind.name, name), _NOTHING) if kind is not None else _NOTHING

    @cached_property
    def _known(self) -> dict[tuple[str, str], tuple[Price, GraphQLNamedType | None]]:
        return {
            (kind.name, name): (price_of(f"{kind.name}.{name}", found), get_named_type(found.type))
            for kind in self.schema.type_map.values()
            if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__")
            for name, found in kind.fields.items()
        }


_NOTHING: tuple[Price, GraphQLNamedType | None] = (Price(), None)


def price_of(coordinate: str, found: GraphQLField) -> Price:
    """The price of a field, such as that of `Journal.lines`."""
    named, expense = get_named_type(found.type), expense_of(found)
    weight, unit = _weight(coordinate, expense), int(isinstance(named, Composite))
    if isinstance(named, GraphQLObjectType) and all(name in named.fields for name in PAGED):
        return Price(weight, unit, PAGE_DEFAULT, ("first", "last"), PAGED)
    if not (unit and _is_list(found.type)):
        return Price(weight, unit)
    owner, _, name = coordinate.partition(".")
    if name in PAGED and owner.endswith("Connection"):
        return Price(weight, unit)  # the page has said how many
    usually = LIST_SIZE if expense.usually is None else expense.usually
    return Price(weight, unit, USER_ERRORS if name == "userErrors" else usually, expense.sized_by)


def expense_of(found: GraphQLField) -> Expense:
    """What the declaration of a field says of its cost."""
    binding = binding_of(found)
    return Expense() if binding is None else binding.expense


def _weight(coordinate: str, expense: Expense) -> int:
    if expense.cost is not None:
        return expense.cost
    return CHANGE if coordinate.startswith("Mutation.") else 0


def _is_list(kind: Any) -> bool:
    return isinstance(kind.of_type if isinstance(kind, GraphQLNonNull) else kind, GraphQLList)
