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
LATEST = 253_402_300_799
"""The last second that the database has a name for in four digits."""


@dataclass(frozen=True, slots=True)
class EventCursor:
    """How far somebody has heard; `moment`: when it was made, in seconds since 1970, where that matters."""

    horizon: Horizon
    rights: int
    moment: int | None = None

    def __str__(self) -> str:
        parts = [str(self.rights), str(self.horizon), *([] if self.moment is None else [str(self.moment)])]
        return PREFIX + urlsafe_b64encode("|".join(parts).encode()).decode().rstrip("=")


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
    rights, horizon, *rest = urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode("ascii").split("|")
    if len(rest) > 1 or not all(number.isdigit() and len(number) < 19 for number in (rights, *rest)):
        raise ValueError("no cursor")
    moment = min(int(rest[0]), LATEST) if rest else None
    return EventCursor(Horizon.parse(horizon), int(rights), moment)
