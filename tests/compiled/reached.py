"""Reached: which fields and arguments a document asked for, and which fields had a value in its answer."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
    parse,
)


@dataclass
class Reached:
    """Counts by coordinate: asked for in a document, given in one, and not null in an answer."""

    fields: Counter[str] = field(default_factory=Counter)
    arguments: Counter[str] = field(default_factory=Counter)
    valued: Counter[str] = field(default_factory=Counter)


def walk(schema: GraphQLSchema, text: str, data: Any, reached: Reached) -> None:
    """Count what a document asks for, and of its answer what has a value."""
    parsed = parse(text)
    fragments = {one.name.value: one for one in parsed.definitions if isinstance(one, FragmentDefinitionNode)}
    walker = _Walker(schema, fragments, reached)
    for definition in parsed.definitions:
        named = definition.type_condition.name.value if isinstance(definition, FragmentDefinitionNode) else "Query"
        walker.ask(schema.type_map[named], definition.selection_set)  # type: ignore[attr-defined]
    [operation] = [one for one in parsed.definitions if not isinstance(one, FragmentDefinitionNode)]
    walker.answer(schema.type_map["Query"], operation.selection_set, [data])  # type: ignore[attr-defined]


@dataclass
class _Walker:
    schema: GraphQLSchema
    fragments: dict[str, FragmentDefinitionNode]
    reached: Reached

    def ask(self, kind: Any, selected: SelectionSetNode | None) -> None:
        """Fields and arguments as they stand there; those of fragments once."""
        for node in selected.selections if selected else ():
            if isinstance(node, InlineFragmentNode):
                self.ask(self._narrowed(kind, node), node.selection_set)
            elif isinstance(node, FieldNode) and not node.name.value.startswith("__"):
                coordinate = f"{kind.name}.{node.name.value}"
                self.reached.fields[coordinate] += 1
                self.reached.arguments.update(f"{coordinate}({one.name.value}:)" for one in node.arguments or ())
                self.ask(get_named_type(kind.fields[node.name.value].type), node.selection_set)

    def answer(self, kind: Any, selected: SelectionSetNode | None, values: Iterable[Any]) -> None:
        """Fields of these objects that are not null; of an object of another type than a fragment's nothing."""
        objects = [value for value in values if isinstance(value, dict)]
        for node in selected.selections if selected and objects else ():
            if isinstance(node, FieldNode):
                self._value(kind, node, objects)
            elif isinstance(node, FragmentSpreadNode):
                fragment = self.fragments[node.name.value]
                self._inside(kind, fragment.type_condition.name.value, fragment.selection_set, objects)
            elif isinstance(node, InlineFragmentNode):
                self._inside(kind, self._narrowed(kind, node).name, node.selection_set, objects)

    def _value(self, kind: Any, node: FieldNode, objects: list[Any]) -> None:
        key = node.alias.value if node.alias else node.name.value
        found = [value for one in objects if (value := one.get(key)) is not None]
        if found and not key.startswith("__"):
            self.reached.valued[f"{kind.name}.{node.name.value}"] += 1
            flat = [item for value in found for item in (value if isinstance(value, list) else [value])]
            self.answer(get_named_type(kind.fields[node.name.value].type), node.selection_set, flat)

    def _inside(self, kind: Any, name: str, selected: SelectionSetNode, objects: list[Any]) -> None:
        narrower = self.schema.type_map[name] if name != "Node" else kind
        if narrower is not kind:
            objects = [one for one in objects if one.get("__typename") == name]
        self.answer(narrower, selected, objects)

    def _narrowed(self, kind: Any, node: InlineFragmentNode) -> Any:
        return self.schema.type_map[node.type_condition.name.value] if node.type_condition else kind
