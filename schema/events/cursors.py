"""Cursors of events: a horizon, and the version of the rights under which the viewer has read up to it.

They open nothing: whatever is told after a cursor is read under the rights of that moment.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from domain.errors import BadUserInput
from domain.horizon import Horizon

MOST_CHARACTERS = 32_000
PREFIX = "e1."


@dataclass(frozen=True, slots=True)
class EventCursor:
    """How far somebody has heard."""

    horizon: Horizon
    rights: int

    def __str__(self) -> str:
        return PREFIX + urlsafe_b64encode(f"{self.rights}|{self.horizon}".encode()).decode().rstrip("=")


def read_cursor(text: str) -> EventCursor:
    """Read a cursor. Raises BadUserInput for what we did not make."""
    try:
        return _read(text)
    except (ValueError, binascii.Error) as error:
        raise BadUserInput("This is no cursor of events.", "Это не курсор событий.") from error


def _read(text: str) -> EventCursor:
    if not text.startswith(PREFIX) or len(text) > MOST_CHARACTERS:
        raise ValueError("no cursor")
    coded = text.removeprefix(PREFIX)
    rights, _, horizon = urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode("ascii").partition("|")
    if not (rights.isdigit() and len(rights) < 19):
        raise ValueError("no cursor")
    return EventCursor(Horizon.parse(horizon), int(rights))
