"""Sign-ins on their way through the provider: kept here for ten minutes, taken back once, by the same browser."""

from dataclasses import asdict, dataclass
from datetime import timedelta

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from auth.sealing import CannotUnsealError, fingerprint, seal, unseal

LIFETIME = timedelta(minutes=10)

_ADD = text("""
    insert into session.sign_in (state_hash, browser_hash, sealed, expires_at)
    values (:state_hash, :browser_hash, :sealed, vhod.now() + :lifetime)
""")
_TAKE = text("""
    delete from session.sign_in
    where state_hash = :state_hash and browser_hash = :browser_hash and expires_at > vhod.now() returning sealed
""")
# Two that tidy up at the same time must not wait for each other.
_FORGET_OLD = text("""
    delete from session.sign_in where state_hash in (
        select state_hash from session.sign_in where expires_at < vhod.now() limit 1000 for update skip locked)
""")


@dataclass(frozen=True)
class PendingSignIn:
    """What must fit together when the browser comes back; `next_page` is where it goes then."""

    state: str
    nonce: str
    code_verifier: str
    next_page: str


class PendingSignIns:
    """Rows of session.sign_in."""

    def __init__(self, engine: AsyncEngine, secret_key: str) -> None:
        self._engine = engine
        self._secret_key = secret_key

    async def add(self, pending: PendingSignIn, browser: str) -> None:
        """Keep a sign-in that this browser begins; forget those that nobody came back from."""
        values = {
            "state_hash": fingerprint(pending.state),
            "browser_hash": fingerprint(browser),
            "sealed": seal(self._secret_key, _purpose(browser), orjson.dumps(asdict(pending))),
            "lifetime": LIFETIME,
        }
        async with self._engine.begin() as connection:
            await connection.execute(_FORGET_OLD)
            await connection.execute(_ADD, values)

    async def take(self, state: str, browser: str) -> PendingSignIn | None:
        """The sign-in of this state, once; None when it is not this browser's, too old, or taken before."""
        async with self._engine.begin() as connection:
            values = {"state_hash": fingerprint(state), "browser_hash": fingerprint(browser)}
            sealed = (await connection.execute(_TAKE, values)).scalar_one_or_none()
        try:
            return sealed and PendingSignIn(**orjson.loads(unseal(self._secret_key, _purpose(browser), bytes(sealed))))
        except CannotUnsealError:
            return None


def _purpose(browser: str) -> str:
    return "sign-in " + browser
