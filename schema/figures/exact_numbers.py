"""Exact numbers of a row, kept as two whole ones, as the text that the contract shows."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Text, case, cast

from domain.scoring.stored import shown
from schema.engine.scalars import Exact


def exact_text(name: str) -> Callable[[Any], ColumnElement[Any]]:
    """SQL twin of `str(Fraction)` for the columns `name_numerator` and `name_denominator`; null stays null."""

    def expression(row: Any) -> ColumnElement[Any]:
        numerator, denominator = getattr(row, f"{name}_numerator"), getattr(row, f"{name}_denominator")
        whole = cast(numerator, Text)
        return case((denominator == 1, whole), else_=whole.op("||")("/").op("||")(cast(denominator, Text)))

    return expression


def text_of(name: str) -> Callable[[Any], ColumnElement[Any]]:
    """The text of a decimal column."""

    def expression(row: Any) -> ColumnElement[Any]:
        return cast(getattr(row, name), Text)

    return expression


def both(name: str) -> tuple[str, str]:
    """The columns that an exact number is read from."""
    return f"{name}_numerator", f"{name}_denominator"


def exact(value: Fraction | None) -> Exact | None:
    """The text of a number that Python worked out."""
    return None if value is None else Exact(str(value))


def in_display(value: Fraction | None, places: int = 2) -> str | None:
    """The number as it is shown: rounded half up once."""
    return shown(value, places)
