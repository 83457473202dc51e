"""The GraphQL contract: build_schema() puts together what the nouns bring, and refuses what is unsafe."""

from schema.engine.contract import Contract, assemble
from schema.nouns import NOUNS

__all__ = ["Contract", "build_schema"]


def build_schema() -> Contract:
    """Build and check the schema. Raises UnsafeSchemaError naming every coordinate that is wrong."""
    return assemble(NOUNS)
