"""Selection: which fields of an object are asked for, under which names; fragments and @skip/@include resolved."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    GraphQLUnionType,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    get_directive_values,
)
from graphql.execution.values import VariableValues

from schema.engine.compiled.document import Document

OfFields = GraphQLObjectType | GraphQLInterfaceType


@dataclass(frozen=True)
class Selected:
    """A field under the name that the answer gives it. Several nodes of one name ask for one value together."""

    key: str
    nodes: tuple[FieldNode, ...]

    @property
    def node(self) -> FieldNode:
        """The node that has the arguments; validation saw to it that all have the same."""
        return self.nodes[0]

    @property
    def name(self) -> str:
        """The field's name."""
        return self.node.name.value

    @property
    def below(self) -> list[SelectionSetNode]:
        """What is asked for of the value."""
        return [node.selection_set for node in self.nodes if node.selection_set is not None]


@dataclass(frozen=True)
class Selections:
    """Resolves selections of one document for one set of variables."""

    schema: GraphQLSchema
    document: Document
    variables: VariableValues

    def of(self, kind: GraphQLObjectType, sets: Iterable[SelectionSetNode]) -> list[Selected]:
        """The fields of an object of this type, in the order of the answer."""
        found: dict[str, list[FieldNode]] = {}
        spread: set[str] = set()
        for one in sets:
            for node in self._fields(kind, one, spread):
                found.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
        return [Selected(key, tuple(nodes)) for key, nodes in found.items()]

    def _fields(self, kind: GraphQLObjectType, selected: SelectionSetNode, spread: set[str]) -> Iterator[FieldNode]:
        for node in selected.selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                yield node
            elif (inside := self._inside(kind, node, spread)) is not None:
                yield from self._fields(kind, inside, spread)

    def _inside(self, kind: GraphQLObjectType, node: SelectionNode, spread: set[str]) -> SelectionSetNode | None:
        """What a fragment asks for of this type; nothing when it is for others, or was spread before."""
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition.name.value if node.type_condition else kind.name
            return node.selection_set if self._applies(condition, kind) else None
        if not isinstance(node, FragmentSpreadNode) or node.name.value in spread:
            return None
        spread.add(node.name.value)
        fragment = self.document.fragments[node.name.value]
        return fragment.selection_set if self._applies(fragment.type_condition.name.value, kind) else None

    def _applies(self, condition: str, kind: GraphQLObjectType) -> bool:
        wanted = self.schema.type_map[condition]
        if isinstance(wanted, GraphQLInterfaceType | GraphQLUnionType):
            return self.schema.is_sub_type(wanted, kind)
        return wanted is kind

    def _included(self, node: SelectionNode) -> bool:
        skip = get_directive_values(GraphQLSkipDirective, node, self.variables)
        include = get_directive_values(GraphQLIncludeDirective, node, self.variables)
        return not (skip and skip["if"]) and not (include and not include["if"])
