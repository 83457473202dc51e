"""Scalars of ours: numbers with a meaning; and Strawberry's own, explained."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import NewType
from uuid import UUID

import strawberry
from strawberry.schema.types.base_scalars import DateDefinition, DateTimeDefinition, UUIDDefinition
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
    date: replace(DateDefinition, description="A day as `2026-11-22` (дата), in the time zone of its organisation."),
    datetime: replace(
        DateTimeDefinition,
        description="A moment as `2026-11-22T08:30:00+00:00` (дата и время), always with its offset.",
    ),
    UUID: replace(UUIDDefinition, description="A UUID in its usual form (универсальный идентификатор)."),
}
