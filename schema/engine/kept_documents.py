"""KeptDocuments: a document that many send is parsed and validated once, and stands in memory once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from graphql import DocumentNode
from strawberry.extensions import SchemaExtension

from domain.recent import Recent

KEPT = 256
KEPT_CHARACTERS = 20_000
"""Longer documents are not remembered: they would be somebody's way to fill our memory."""
Rules = frozenset[type[Any]]


@dataclass(frozen=True)
class Valid:
    """A document with its own text, and the rules that it was found to keep; nobody changes it."""

    text: str
    parsed: DocumentNode
    rules: Rules


@dataclass(frozen=True)
class Library:
    """Of one schema: the most recently used documents that were valid; used by the event loop alone."""

    _kept: Recent[str, Valid] = field(default_factory=lambda: Recent(KEPT))

    def find(self, text: str) -> Valid | None:
        """The document of this text."""
        return self._kept.get(text)

    def keep(self, text: str, parsed: DocumentNode, rules: Rules) -> None:
        """Remember a document that was found valid; by more rules, when it was asked for under others before."""
        if len(text) > KEPT_CHARACTERS:
            return
        known = self._kept.get(text)
        if known is not None and known.parsed is parsed:
            text, rules = known.text, known.rules | rules
        self._kept.keep(text, Valid(text, parsed, rules))


class KeptDocuments(SchemaExtension):
    """Stands after all extensions that refuse documents or add rules: what they say is heard each time.

    Five thousand sockets with one document have one tree of it between them.
    """

    def on_parse(self) -> Iterator[None]:
        asked = self.execution_context
        known = self._library.find(asked.query) if asked.query else None
        if known is not None and asked.graphql_document is None:
            asked.query, asked.graphql_document = known.text, known.parsed
        yield

    def on_validate(self) -> Iterator[None]:
        asked = self.execution_context
        known = asked.pre_execution_errors is None and self._is_known()
        if known:
            asked.pre_execution_errors = []
        yield
        if not known and asked.query and asked.graphql_document is not None and not asked.pre_execution_errors:
            self._library.keep(asked.query, asked.graphql_document, frozenset(asked.validation_rules))

    def _is_known(self) -> bool:
        """Whether this very tree was found to keep all rules of now."""
        asked = self.execution_context
        known = self._library.find(asked.query) if asked.query else None
        return (
            known is not None
            and known.parsed is asked.graphql_document
            and known.rules.issuperset(asked.validation_rules)
        )

    @property
    def _library(self) -> Library:
        return cast("Library", self.execution_context.schema.library)  # type: ignore[attr-defined]
