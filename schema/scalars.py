"""Scalars of ours: numbers with a meaning."""

from decimal import Decimal
from typing import NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

Points = NewType("Points", Decimal)

SCALARS: dict[object, ScalarDefinition] = {
    Points: strawberry.scalar(
        name="Points",
        description="Points of the five-point scale, a decimal with two places such as `4.25`; rounded half up, for"
        " display only (баллы).",
        serialize=lambda number: f"{number:.2f}",
        parse_value=Decimal,
    ),
}
