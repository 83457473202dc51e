"""Survey: one walk over a document that measures its form and its cost. Time: as the document is long."""

from collections import Counter
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLObjectType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    TokenKind,
)

from schema.engine.limits.dearest import deepest
from schema.engine.limits.maxima import DEPTH, DIGITS, DIRECTIVES, FRAGMENTS, REPEATS
from schema.engine.limits.measure import Measure, check_fields
from schema.engine.limits.prices import INTROSPECTION, PAGED, Prices
from schema.engine.limits.refusals import exceeded, too_deep
from schema.engine.limits.sizes import Sizes


def survey(document: DocumentNode, operation: OperationDefinitionNode | None, prices: Prices, sizes: Sizes) -> Measure:
    """Measure an operation. Raises LimitExceeded for the first limit that the form of the document goes beyond.

    Rows, cost and changes are not judged here: what is allowed of them depends on who asks.
    """
    _check_tokens(document)
    try:
        return _Walk(document, prices, sizes).all(document, operation)
    except (_TooDeepError, RecursionError):  # the latter: fragments within fragments, each as deep as the parser goes
        raise too_deep(deepest(document)) from None


class _TooDeepError(Exception):
    """Some field stands too deep; which, is looked for once."""


def _check_tokens(document: DocumentNode) -> None:
    directives = 0
    token: Any = document.loc.start_token if document.loc else None
    while token is not None:
        directives += token.kind is TokenKind.AT
        if token.kind is TokenKind.INT and len(token.value) > DIGITS:
            raise exceeded(DIGITS, "digits in a number", "цифр в числе")
        token = token.next
    if directives > DIRECTIVES:
        raise exceeded(DIRECTIVES, "directives", "директив")


class _Walk:
    """Measures selections. A fragment is measured once, however often it is spread; circles are for validation."""

    def __init__(self, document: DocumentNode, prices: Prices, sizes: Sizes) -> None:
        fragments = [node for node in document.definitions if isinstance(node, FragmentDefinitionNode)]
        if len(fragments) > FRAGMENTS:
            raise exceeded(FRAGMENTS, "fragments", "фрагментов")
        self._fragments = {node.name.value: node for node in fragments}
        self._measured: dict[str, Measure] = {}
        self._prices = prices
        self._sizes = sizes
        self._fields = 0

    def all(self, document: DocumentNode, asked: OperationDefinitionNode | None) -> Measure:
        """The measure of the operation asked for; every other definition is walked too: it will be validated."""
        measure = Measure()
        for node in document.definitions:
            if isinstance(node, FragmentDefinitionNode):
                self._fragment(node.name.value, 0)
            elif isinstance(node, OperationDefinitionNode):
                found = self.of(node.selection_set, 0, self._prices.schema.get_root_type(node.operation))
                measure = found if node is asked else measure
        return measure

    def of(self, selected: SelectionSetNode | None, above: int, kind: GraphQLNamedType | None) -> Measure:
        """Measure a selection that stands so many levels deep. Raises LimitExceeded, at once when it is too deep."""
        total = Measure()
        branches: dict[str, Measure] = {}
        _check_repeats(selected)
        for selection in selected.selections if selected else ():
            measure, on = self._one(selection, above, kind)
            if on is kind or not isinstance(on, GraphQLObjectType):
                total = total.beside(measure)
            else:
                branches[on.name] = branches.get(on.name, Measure()).beside(measure)
        dearest = Measure()
        for branch in branches.values():
            dearest = dearest.or_else(branch)
        return total.beside(dearest)

    def _one(
        self, selection: SelectionNode, above: int, kind: GraphQLNamedType | None
    ) -> tuple[Measure, GraphQLNamedType | None]:
        """The measure, and the type whose objects it is asked of."""
        if isinstance(selection, FieldNode):
            return self._field(selection, above, kind), kind
        if isinstance(selection, InlineFragmentNode):
            on = self._prices.kind(selection.type_condition.name.value) if selection.type_condition else kind
            return self.of(selection.selection_set, above, on), on
        assert isinstance(selection, FragmentSpreadNode)
        found = self._fragments.get(selection.name.value)
        on = self._prices.kind(found.type_condition.name.value) if found else kind
        return self._fragment(selection.name.value, above), on

    def _field(self, node: FieldNode, above: int, kind: GraphQLNamedType | None) -> Measure:
        _check_depth(above + 1)
        self._fields += 1  # once each, also in fragments that nobody spreads
        check_fields(self._fields)
        price, behind = self._prices.field(kind, node.name.value)
        inside = self.of(node.selection_set, above + 1, behind)
        form = Measure(inside.depth + 1, 1 + inside.fields, int(node.alias is not None) + inside.aliases, roots=1)
        form = Measure().beside(form)
        if node.name.value in INTROSPECTION:
            return _priced(form, 0, INTROSPECTION[node.name.value])
        if price.sized:  # a page: it says how many of the items inside there are
            size = self._sizes.of_field(node, price)
            rows, cost = inside.rows + size * inside.page_rows, inside.cost + size * inside.page_cost
            return _priced(form, price.unit + rows, price.weight + price.unit + cost)
        rows, cost = price.unit + inside.rows, price.unit + inside.cost
        if node.name.value in PAGED and price.size is None and price.unit:
            return _priced(form, 0, 0, rows, price.weight + cost)
        size = 1 if price.size is None else self._sizes.of_field(node, price)
        return _priced(form, size * rows, price.weight + size * cost)

    def _fragment(self, name: str, above: int) -> Measure:
        if name not in self._measured and name in self._fragments:
            self._measured[name] = Measure()
            node = self._fragments[name]
            self._measured[name] = self.of(node.selection_set, above, self._prices.kind(node.type_condition.name.value))
        measured = self._measured.get(name, Measure())
        _check_depth(above + measured.depth)
        return measured


def _check_repeats(selected: SelectionSetNode | None) -> None:
    fields = [node for node in selected.selections if isinstance(node, FieldNode)] if selected else []
    if len(fields) <= REPEATS:
        return
    names = Counter(node.alias.value if node.alias else node.name.value for node in fields)
    if max(names.values()) > REPEATS:
        raise exceeded(REPEATS, "fields of one name in one selection", "полей с одним именем в одном наборе")


def _priced(form: Measure, rows: int, cost: int, page_rows: int = 0, page_cost: int = 0) -> Measure:
    return Measure(form.depth, form.fields, form.aliases, form.roots, rows, cost, page_rows, page_cost)


def _check_depth(depth: int) -> None:
    if depth > DEPTH:
        raise _TooDeepError
