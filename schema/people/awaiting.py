"""Whether a role waits for its second person: what the row was made with, and what became of it since."""

from typing import Any

from sqlalchemy import ColumnElement, and_

AWAITING = ("awaits_confirmation", "confirmed_at", "ended_at")
"""The columns that tell it. The first says how the role was given and never changes: it is no answer by itself."""


def awaiting(row: Any) -> ColumnElement[Any]:
    """Waiting ends when it is confirmed, and when it is ended unconfirmed."""
    return and_(row.awaits_confirmation, row.confirmed_at.is_(None), row.ended_at.is_(None))
