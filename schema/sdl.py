"""The SDL as it is committed and reviewed: types sorted, rules printed."""

from pathlib import Path

from schema import build_schema

COMMITTED = Path(__file__).with_name("schema.graphql")


def sdl() -> str:
    """The schema in the language of GraphQL, the same text for the same code."""
    return build_schema().schema.as_str() + "\n"
