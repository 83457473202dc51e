"""What the provider gave us for a person: tokens and a name, sealed as long as nobody needs them."""

from dataclasses import asdict, dataclass
from datetime import datetime

import orjson

from auth.sealing import seal, unseal


@dataclass(frozen=True)
class SessionTokens:
    """Never leaves the server. `expires_at` is the end of the access token, aware."""

    access_token: str
    expires_at: datetime
    refresh_token: str | None = None
    id_token: str | None = None
    name: str | None = None
    sid: str | None = None
    """What the provider calls its own session."""

    def sealed(self, secret_key: str, cookie: str) -> bytes:
        """Encrypted under our key and the cookie: neither the database nor our key alone opens it."""
        return seal(secret_key, _purpose(cookie), orjson.dumps(asdict(self)))

    @classmethod
    def unsealed(cls, secret_key: str, cookie: str, value: bytes) -> "SessionTokens":
        """Decrypt. Raises CannotUnsealError when it was sealed with another key."""
        kept = orjson.loads(unseal(secret_key, _purpose(cookie), value))
        return cls(**{**kept, "expires_at": datetime.fromisoformat(kept["expires_at"])})


def _purpose(cookie: str) -> str:
    return "browser session " + cookie
