"""Scalars of ours: numbers with a meaning; and Strawberry's own, explained."""

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import NewType
from uuid import UUID

import strawberry
from strawberry.schema.types.base_scalars import DateDefinition, DateTimeDefinition, UUIDDefinition
from strawberry.types.scalar import ScalarDefinition

Points = NewType("Points", Decimal)
Exact = NewType("Exact", str)


def _exact(given: object) -> str:
    """An exact number as somebody writes it. ValueError for what is none: a float has lost what was written."""
    if isinstance(given, bool | float) or not isinstance(given, str | int):
        raise ValueError("write an exact number as text: 49/2, 24.5 or 24")  # noqa: TRY004 - GraphQL reads ValueError
    if isinstance(given, str) and not EXACT.fullmatch(given):
        raise ValueError("write an exact number as text: 49/2, 24.5 or 24")
    return str(Fraction(given))


EXACT = re.compile(r"-?[0-9]{1,30}([.][0-9]{1,30}|/[0-9]{0,29}[1-9][0-9]{0,29})?")

SCALARS: dict[object, ScalarDefinition] = {
    Exact: strawberry.scalar(
        name="Exact",
        description="An exact number as text: `58`, `24.5`, or a fraction in lowest terms such as `71/2` (точное"
        " число). Nothing is lost by rounding.",
        serialize=str,
        parse_value=_exact,
    ),
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
