"""The dearest fields of an operation, and the deepest: which to ask for less of when a limit is exceeded."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLNamedType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from schema.engine.limits.maxima import DEPTH
from schema.engine.limits.prices import INTROSPECTION, PAGED, Prices
from schema.engine.limits.sizes import Sizes

NAMED = 3
"""Fields that a refusal names."""
STEPS = 5_000
"""Selections looked at; circles of fragments, which only validation refuses, end here."""
MOST_CHARACTERS = 40
"""Of one name in a path: it is whatever the client wrote."""


@dataclass(frozen=True, slots=True)
class Share:
    """A field by its path, and how much of the estimate is its own, wherever it is answered: objects, or points."""

    path: str
    estimated: int


@dataclass(frozen=True, slots=True)
class Dearest:
    """Fields with the largest shares, the largest first."""

    rows: tuple[Share, ...] = ()
    cost: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """A selection: the path to it, the type that it stands on, how often it is answered, and each item of its page."""

    path: tuple[str, ...]
    selected: SelectionSetNode
    kind: GraphQLNamedType | None
    times: int
    items: int


class Shares:
    """What each field of an operation adds to its estimate; for documents whose form is within the limits."""

    def __init__(self, document: DocumentNode, prices: Prices, sizes: Sizes) -> None:
        self._fragments = _fragments(document)
        self._prices, self._sizes = prices, sizes
        self.rows: defaultdict[tuple[str, ...], int] = defaultdict(int)
        self.cost: defaultdict[tuple[str, ...], int] = defaultdict(int)
        self.steps = 0

    def of(self, operation: OperationDefinitionNode) -> Dearest:
        """The dearest fields of the operation."""
        root = self._prices.schema.get_root_type(operation.operation)
        self._walk(_Place((), operation.selection_set, root, 1, 1))
        return Dearest(_largest(self.rows), _largest(self.cost))

    def _walk(self, place: _Place) -> None:
        for node, kind in self._fields(place.selected, place.kind, frozenset()):
            inside = self._count(place, node, kind)
            if inside is not None:
                self._walk(inside)

    def _count(self, place: _Place, node: FieldNode, kind: GraphQLNamedType | None) -> _Place | None:
        """Count one field; the place inside it, where there is one that has a price."""
        path = (*place.path, _key(node))
        if node.name.value in INTROSPECTION:
            self.cost[path] += INTROSPECTION[node.name.value]
            return None
        price, behind = self._prices.field(kind, node.name.value)
        size = 1 if price.size is None else self._sizes.of_field(node, price)
        of_page = node.name.value in PAGED and price.size is None and price.unit
        times = place.items if of_page else place.times
        objects = times * price.unit * (1 if price.sized else size)
        self.rows[path] += objects
        self.cost[path] += objects + times * price.weight
        if node.selection_set is None:
            return None
        if price.sized:
            return _Place(path, node.selection_set, behind, times, times * size)
        return _Place(path, node.selection_set, behind, times * size, times * size)

    def _fields(
        self, selected: SelectionSetNode, kind: GraphQLNamedType | None, above: frozenset[str]
    ) -> Iterator[tuple[FieldNode, GraphQLNamedType | None]]:
        """Fields of a selection, those of its fragments among them, each with the type that it is asked of."""
        for one in selected.selections:
            if self.steps >= STEPS:
                return
            self.steps += 1
            if isinstance(one, FieldNode):
                yield one, kind
            elif isinstance(one, InlineFragmentNode):
                on = self._prices.kind(one.type_condition.name.value) if one.type_condition else kind
                yield from self._fields(one.selection_set, on, above)
            elif (name := one.name.value) not in above and (found := self._fragments.get(name)) is not None:  # type: ignore[attr-defined]
                on = self._prices.kind(found.type_condition.name.value)
                yield from self._fields(found.selection_set, on, above | {name})


def deepest(document: DocumentNode) -> str | None:
    """The path of the first field that stands deeper than is allowed; None when it was not found quickly."""
    fragments = _fragments(document)
    waiting: list[tuple[tuple[str, ...], SelectionSetNode]] = [
        ((), one.selection_set) for one in document.definitions if isinstance(one, OperationDefinitionNode)
    ]
    waiting += [((f"...{name}",), one.selection_set) for name, one in fragments.items()]
    for _ in range(STEPS):
        if not waiting:
            return None
        path, selected = waiting.pop()
        for one in selected.selections:
            inside: SelectionSetNode | None
            if isinstance(one, FieldNode):
                reached, inside = (*path, _key(one)), one.selection_set
                if len(reached) - _spreads(reached) > DEPTH:
                    return ".".join(reached)
            elif isinstance(one, InlineFragmentNode):
                reached, inside = path, one.selection_set
            else:
                found = fragments.get(one.name.value)  # type: ignore[attr-defined]
                reached, inside = path, found.selection_set if found else None
            if inside is not None:
                waiting.append((reached, inside))
    return None


def _spreads(path: tuple[str, ...]) -> int:
    return sum(name.startswith("...") for name in path)


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}


def _key(node: FieldNode) -> str:
    """What the field is called in the answer."""
    return (node.alias or node.name).value[:MOST_CHARACTERS]


def _largest(shares: dict[tuple[str, ...], int]) -> tuple[Share, ...]:
    ordered = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Share(".".join(path), estimated) for path, estimated in ordered[:NAMED] if estimated)
