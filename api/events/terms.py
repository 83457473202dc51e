"""Terms: for whom a subscription is answered, until when, and who is told when it cannot go on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from auth.viewer import Caller
from schema.context import Language


@dataclass(frozen=True)
class Terms:
    """`revoked` and `slow` are called when rights have ended, and when what waits is not taken.

    `expires_at` ends a subscription where no connection of its own does.
    """

    caller: Caller
    language: Language
    request_id: str
    expires_at: datetime | None = None
    revoked: Callable[[], None] | None = None
    slow: Callable[[], None] | None = None
