"""Contract: the built schema with its mapped types; assemble() builds it of nouns, and refuses what is unsafe."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from schema.engine.error_codes import ErrorCode
from schema.engine.errors import AccessReport, CodedErrors, SignedInIntrospection
from schema.engine.kept_documents import KeptDocuments, Library
from schema.engine.limits.directives import CostDirective, ListSizeDirective, print_costs
from schema.engine.limits.extension import DocumentLimits
from schema.engine.limits.gauge import Gauge
from schema.engine.mapping.check import check, link
from schema.engine.mapping.storage import Mapping
from schema.engine.mutations.user_errors import USER_ERRORS, explain_codes
from schema.engine.noun import Noun, root
from schema.engine.scalars import SCALARS
from schema.engine.stream.delivered import Delivered


class QuietSchema(strawberry.Schema):
    """Strawberry's schema without its own log, which would print the text of errors, and with it data."""

    gauge: Gauge
    library: Library

    def process_errors(self, *_: Any, **__: Any) -> None:
        """Errors are coded and logged by schema/engine/errors.py."""


@dataclass(frozen=True)
class Contract:
    """The built schema, and its mapped types by name."""

    schema: strawberry.Schema
    types: dict[str, Mapping]

    @property
    def gauge(self) -> Gauge:
        """Measures what documents of this schema cost."""
        return cast("QuietSchema", self.schema).gauge

    @property
    def graphql(self) -> GraphQLSchema:
        """The schema as graphql-core sees it, which is as clients see it."""
        return self.schema._schema


QUERY = "Where reading begins (чтение)."
MUTATION = "Where changes begin (изменения)."
SUBSCRIPTION = "What can be followed (подписки): over `graphql-transport-ws` and server-sent events."


def assemble(nouns: Sequence[Noun]) -> Contract:
    """Build and check the schema of what these nouns bring. Raises UnsafeSchemaError."""
    explain_codes(code for noun in nouns for code in noun.codes.items())
    refusals = [*USER_ERRORS, *(refusal for noun in nouns for refusal in noun.refusals)]
    schema = QuietSchema(
        query=root("Query", QUERY, (noun.queries for noun in nouns)),
        mutation=root("Mutation", MUTATION, (noun.mutations for noun in nouns)),
        subscription=root("Subscription", SUBSCRIPTION, (noun.subscriptions for noun in nouns)),
        types=[*refusals, ErrorCode, CostDirective, ListSizeDirective],
        extensions=[CodedErrors, AccessReport, DocumentLimits, SignedInIntrospection, Delivered, KeptDocuments],
        config=StrawberryConfig(disable_field_suggestions=True, scalar_map=SCALARS),
    )
    schema.gauge, schema.library = Gauge(schema._schema), Library()
    types = link(schema._schema)
    print_costs(schema._schema)
    check(schema._schema)
    return Contract(schema, types)
