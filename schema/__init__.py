"""The GraphQL contract: build_schema() puts Query, Mutation and all nouns together, and refuses what is unsafe."""

from schema.engine.contract import Contract, assemble
from schema.mutation import Mutation
from schema.query import Query
from schema.subscription import Subscription
from schema.user_errors import USER_ERRORS

__all__ = ["Contract", "build_schema"]


def build_schema() -> Contract:
    """Build and check the schema. Raises UnsafeSchemaError naming every coordinate that is wrong."""
    return assemble(Query, Mutation, Subscription, USER_ERRORS)
