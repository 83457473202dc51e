"""Whole: generated documents whose answers can be held against each other: whole pages, everything by its id."""

from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLSchema,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    get_named_type,
    parse,
    print_ast,
    strip_ignored_characters,
)
from graphql.language import Visitor, visit

from tests.compiled.generator import Generator

PAGE = 100
"""The largest page."""


class Whole(Generator):
    """Asks for whole pages: the first three of a few rows and of many are not the same."""

    def _chosen(self, found: GraphQLField) -> list[str]:
        names = [name for name in super()._chosen(found) if name not in ("after", "last", "before")]
        return names if "first" in names or "first" not in found.args else [*names, "first"]

    def _value(self, name: str, argument: GraphQLArgument, found: GraphQLField, coordinate: str) -> Any:
        return PAGE if name == "first" else super()._value(name, argument, found, coordinate)


def identified(schema: GraphQLSchema, document: str) -> str:
    """The document with `__typename` in every selection, and `id` where there is one."""
    info = TypeInfo(schema)

    class Identifier(Visitor):
        def leave_selection_set(self, node: SelectionSetNode, *_: Any) -> SelectionSetNode:
            kind = info.get_parent_type()
            fields = getattr(kind, "fields", {})
            wanted = ["__typename", *(["id"] if "id" in fields else [])]
            if str(kind).endswith("Edge") and "id" in getattr(get_named_type(fields["node"].type), "fields", {}):
                wanted.append("node { __typename id }")
            added = parse("{ " + " ".join(wanted) + " }").definitions[0].selection_set  # type: ignore[attr-defined]
            return SelectionSetNode(selections=(*node.selections, *added.selections))

    return strip_ignored_characters(print_ast(visit(parse(document), TypeInfoVisitor(info, Identifier()))))
