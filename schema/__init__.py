"""The GraphQL contract: build_schema() puts Query, Mutation and all nouns together, and refuses what is unsafe."""

from dataclasses import dataclass
from typing import Any, cast

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from schema.changing.user_errors import USER_ERRORS
from schema.error_codes import ErrorCode
from schema.errors import AccessReport, CodedErrors, SignedInIntrospection
from schema.events.delivered import Delivered
from schema.kept_documents import KeptDocuments, Library
from schema.limits.directives import CostDirective, ListSizeDirective, print_costs
from schema.limits.extension import DocumentLimits
from schema.limits.gauge import Gauge
from schema.mapping.check import check, link
from schema.mapping.storage import Mapping
from schema.mutation import Mutation
from schema.query import Query
from schema.scalars import SCALARS
from schema.subscription import Subscription


class QuietSchema(strawberry.Schema):
    """Strawberry's schema without its own log, which would print the text of errors, and with it data."""

    gauge: Gauge
    library: Library

    def process_errors(self, *_: Any, **__: Any) -> None:
        """Errors are coded and logged by schema/errors.py."""


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


def build_schema() -> Contract:
    """Build and check the schema. Raises UnsafeSchemaError naming every coordinate that is wrong."""
    schema = QuietSchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[*USER_ERRORS, ErrorCode, CostDirective, ListSizeDirective],
        extensions=[CodedErrors, AccessReport, DocumentLimits, SignedInIntrospection, Delivered, KeptDocuments],
        config=StrawberryConfig(disable_field_suggestions=True, scalar_map=SCALARS),
    )
    schema.gauge, schema.library = Gauge(schema._schema), Library()
    types = link(schema._schema)
    print_costs(schema._schema)
    check(schema._schema)
    return Contract(schema, types)
