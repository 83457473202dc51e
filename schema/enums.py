"""Enums of the domain as the contract shows them: every word explained, in English with the Russian term."""

from enum import Enum
from typing import Any

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition


def explained(words: type[Enum], description: str, **explanations: str) -> None:
    """Make an enum of the domain a GraphQL enum; every word must be explained, and none twice."""
    missing = {word.name for word in words} ^ set(explanations)
    if missing:
        raise TypeError(f"{words.__name__}: explain {sorted(missing)}")
    strawberry.enum(words, description=description)
    definition: StrawberryEnumDefinition | Any = words.__strawberry_definition__  # type: ignore[attr-defined]
    for item in definition.values:
        item.description = explanations[item.name]
