"""Scalars of ours: numbers with a meaning; and Strawberry's own, explained."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import NewType
from uuid import UUID

import strawberry
from strawberry.exceptions import StrawberryInputCoercionError
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
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})")
USUAL_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _only(form: re.Pattern[str], definition: ScalarDefinition, expected: str) -> Callable[[object], object]:
    """The parser of a scalar for nothing but the form that the contract promises.

    Python reads far more as a day or a moment: weeks, digits alone, times of no known offset.
    """

    def parse(given: object) -> object:
        if not isinstance(given, str) or not form.fullmatch(given):
            raise StrawberryInputCoercionError(f"Value cannot represent a {definition.name}: write {expected}.")
        return definition.parse_value(given) if definition.parse_value else given

    return parse


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
    date: replace(
        DateDefinition,
        description="A day as `2026-11-22` (дата), in the time zone of its organisation.",
        parse_value=_only(DAY, DateDefinition, "2026-11-22"),
    ),
    datetime: replace(
        DateTimeDefinition,
        description="A moment as `2026-11-22T08:30:00+00:00` (дата и время), always with its offset.",
        parse_value=_only(MOMENT, DateTimeDefinition, "2026-11-22T08:30:00+00:00, with its offset"),
    ),
    UUID: replace(
        UUIDDefinition,
        description="A UUID in its usual form (универсальный идентификатор).",
        parse_value=_only(USUAL_UUID, UUIDDefinition, "it with its four hyphens"),
    ),
}
