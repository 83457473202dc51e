"""Limits of a document: measured once after parsing, before validation, which a hostile one would keep busy."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    TokenKind,
)
from strawberry.extensions import SchemaExtension

from domain.errors import LimitExceeded

TOKENS = 2_000
DEPTH = 18  # the standard introspection query is 15 deep, a Relay query of a journal page 14
FIELDS = 300
ALIASES = 30
DIRECTIVES = 50
FRAGMENTS = 100
DIGITS = 100  # Python refuses to read integers of some thousand digits, with an error that is nobody's


class DocumentLimits(SchemaExtension):
    """Refuses what is too large with LIMIT_EXCEEDED, and says which limit it was."""

    def on_operation(self) -> Iterator[None]:
        self.execution_context.parse_options["max_tokens"] = TOKENS
        yield

    def on_validate(self) -> Iterator[None]:
        document = self.execution_context.graphql_document
        error = None if document is None else exceeded(document)
        if error is not None:
            # Errors that are there already take the place of validation.
            self.execution_context.pre_execution_errors = [GraphQLError(error.english, original_error=error)]
        yield


def parser_limit(error: GraphQLError) -> LimitExceeded | None:
    """The limit that made the parser stop; None for any other error. It has no code for this, only its words."""
    said = error.description if isinstance(error, GraphQLSyntaxError) else ""
    if said.startswith("Document contains more than"):
        return _exceeded(TOKENS, "tokens", "лексем")
    if said.startswith("Document is nested too deeply"):
        return _too_deep()
    return None


def exceeded(document: DocumentNode) -> LimitExceeded | None:
    """The first limit that a document goes beyond; None when it keeps them all. Time: as the document is long."""
    try:
        _check_tokens(document)
        survey = Survey(document)
        for definition in document.definitions:
            if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
                survey.of(definition.selection_set, 0)
    except LimitExceeded as error:
        return error
    except RecursionError:  # fragments within fragments, each nested as deep as the parser goes
        return _too_deep()
    return None


def _check_tokens(document: DocumentNode) -> None:
    directives = 0
    token: Any = document.loc.start_token if document.loc else None
    while token is not None:
        directives += token.kind is TokenKind.AT
        if token.kind is TokenKind.INT and len(token.value) > DIGITS:
            raise _exceeded(DIGITS, "digits in a number", "цифр в числе")
        token = token.next
    if directives > DIRECTIVES:
        raise _exceeded(DIRECTIVES, "directives", "директив")


@dataclass(frozen=True, slots=True)
class Measure:
    """What a selection asks for, fragments included."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0

    def beside(self, other: "Measure") -> "Measure":
        """Both together. Raises LimitExceeded."""
        fields, aliases = self.fields + other.fields, self.aliases + other.aliases
        _check_fields(fields)
        if aliases > ALIASES:
            raise _exceeded(
                ALIASES, "aliases, counted wherever a fragment is spread", "псевдонимов с учётом фрагментов"
            )
        return Measure(max(self.depth, other.depth), fields, aliases)


class Survey:
    """Measures selections. A fragment is measured once, however often it is spread; circles are for validation."""

    def __init__(self, document: DocumentNode) -> None:
        fragments = [node for node in document.definitions if isinstance(node, FragmentDefinitionNode)]
        if len(fragments) > FRAGMENTS:
            raise _exceeded(FRAGMENTS, "fragments", "фрагментов")
        self._fragments = {node.name.value: node for node in fragments}
        self._measured: dict[str, Measure] = {}
        self._fields = 0

    def of(self, selected: SelectionSetNode | None, above: int) -> Measure:
        """Measure a selection that stands so many levels deep. Raises LimitExceeded, at once when it is too deep."""
        total = Measure()
        for selection in selected.selections if selected else ():
            total = total.beside(self._one(selection, above))
        return total

    def _one(self, selection: SelectionNode, above: int) -> Measure:
        if isinstance(selection, FragmentSpreadNode):
            return self._fragment(selection.name.value, above)
        if not isinstance(selection, FieldNode):
            return self.of(selection.selection_set, above)  # type: ignore[attr-defined]
        _check_depth(above + 1)
        self._fields += 1  # once each, also in fragments that nobody spreads: they are validated as well
        _check_fields(self._fields)
        inside = self.of(selection.selection_set, above + 1)
        return Measure(inside.depth + 1, 1, int(selection.alias is not None)).beside(inside)

    def _fragment(self, name: str, above: int) -> Measure:
        if name not in self._measured and name in self._fragments:
            self._measured[name] = Measure()
            self._measured[name] = self.of(self._fragments[name].selection_set, above)
        measured = self._measured.get(name, Measure())
        _check_depth(above + measured.depth)
        return measured


def _check_fields(fields: int) -> None:
    if fields > FIELDS:
        raise _exceeded(FIELDS, "fields, counted wherever a fragment is spread", "полей с учётом фрагментов")


def _check_depth(depth: int) -> None:
    if depth > DEPTH:
        raise _too_deep()


def _too_deep() -> LimitExceeded:
    return _exceeded(DEPTH, "levels of nesting", "уровней вложенности")


def _exceeded(limit: int, english: str, russian: str) -> LimitExceeded:
    return LimitExceeded(f"A document has at most {limit} {english}.", f"В документе не больше {limit} {russian}.")
