"""Enums of the domain as the contract shows them: every word explained, in English with the Russian term."""

from enum import Enum
from typing import Any

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition


def explained(words: type[Enum], description: str, called: str | None = None, **explanations: str) -> None:
    """Make an enum of the domain a GraphQL enum; every word must be explained, and none twice.

    `called` is its name in the contract, where that of the domain would say too little by itself.
    """
    missing = {word.name for word in words} ^ set(explanations)
    if missing:
        raise TypeError(f"{words.__name__}: explain {sorted(missing)}")
    strawberry.enum(words, name=called, description=description)
    definition: StrawberryEnumDefinition | Any = words.__strawberry_definition__  # type: ignore[attr-defined]
    for item in definition.values:
        item.description = explanations[item.name]
