"""Terms: for whom a subscription is answered, until when, and who is told when it cannot go on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from auth.viewer import Caller
from schema.engine.context import Language


@dataclass(frozen=True)
class Terms:
    """`revoked` and `slow` are called when rights have ended, and when what waits is not taken.

    `expires_at` and `session_id` end a stream, which is over with its credentials. A socket sees to both by itself,
    and is closed by the server when the process ends: `is_socket`.
    """

    caller: Caller
    language: Language
    request_id: str
    is_socket: bool = False
    expires_at: datetime | None = None
    session_id: UUID | None = None
    revoked: Callable[[], None] | None = None
    slow: Callable[[], None] | None = None
