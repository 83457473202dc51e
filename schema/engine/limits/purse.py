"""Purse: what a caller may still spend. Who keeps it, and where, is not known here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Balance:
    """Points in all, points left, and when they are whole again."""

    limit: int
    remaining: int
    reset_at: datetime


class Purse(Protocol):
    """Of one request."""

    async def take(self, points: int) -> None:
        """Pay for the operation, once however often it is asked. Raises RateLimited."""

    def balance(self) -> Balance:
        """Of the tightest budget that the caller has."""
