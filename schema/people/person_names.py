"""A person's name in one line, and a СНИЛС of which the end is left."""

from typing import Any

from sqlalchemy import ColumnElement, func

NAMES = ("last_name", "first_name", "middle_name")
"""Columns of which a full name is made."""


def full_name(row: Any) -> ColumnElement[str]:
    """Last, first and middle name in the Russian order."""
    return func.concat_ws(" ", row.last_name, row.first_name, row.middle_name)


def last_five(snils: Any) -> ColumnElement[str]:
    """A СНИЛС with its first six digits hidden."""
    return func.concat("***-***-", func.substr(snils, 9))
