"""How often somebody tried to sign in as a child: counted in the database, so that it holds across processes."""

import hashlib
import ipaddress
import math
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

WINDOW = timedelta(hours=1)
BLOCK = timedelta(minutes=15)
CAPS = {"account": 10, "network": 100}
"""Failures allowed in a window: for one account from anywhere, and for one network with all accounts."""
FREE_TRIES = 5
PAUSES = (1, 2, 4, 8, 16, 32, 60)
"""Seconds that an account has to wait after each further failure from the same network."""

# One statement counts and says what was before it: attempts in parallel cannot slip past each other.
# An attempt while blocked is counted, but does not prolong the block: else it could be kept up for ever.
_COUNT = text("""
    insert into provider.login_throttles as t (kind, key_hash, failures, window_started_at, last_attempt_at)
    values (:kind, :key_hash, 1, provider.clock_timestamp(), provider.clock_timestamp())
    on conflict (kind, key_hash) do update set
        failures = case when t.window_started_at < provider.clock_timestamp() - cast(:window as interval)
                          or t.blocked_until < provider.clock_timestamp() then 1 else t.failures + 1 end,
        window_started_at = case when t.window_started_at < provider.clock_timestamp() - cast(:window as interval)
                          or t.blocked_until < provider.clock_timestamp()
                          then provider.clock_timestamp() else t.window_started_at end,
        blocked_until = case when t.blocked_until > provider.clock_timestamp() then t.blocked_until
                             when t.window_started_at < provider.clock_timestamp() - cast(:window as interval)
                               or t.blocked_until < provider.clock_timestamp() then null
                             when t.failures + 1 > :cap then provider.clock_timestamp() + cast(:block as interval) end,
        last_attempt_at = provider.clock_timestamp()
    returning t.failures, extract(epoch from t.blocked_until - provider.clock_timestamp()) as blocked_seconds
""")
_LAST_ATTEMPT = text("""
    select extract(epoch from provider.clock_timestamp() - last_attempt_at) as seconds_ago from provider.login_throttles
    where kind = 'account_network' and key_hash = :key_hash for update
""")
_FORGET_PAIR = text("""
    delete from provider.login_throttles where kind = 'account_network' and key_hash = :key_hash returning failures
""")
_FORGIVE = text("""
    update provider.login_throttles set failures = greatest(failures - :failures, 0), blocked_until = null
    where kind = :kind and key_hash = :key_hash
""")


@dataclass(frozen=True)
class Attempt:
    """One attempt, counted as failed until it succeeds. `wait_seconds` over 0: refuse it without a look."""

    account: str
    network: str
    wait_seconds: int


class LoginThrottles:
    """Counters by account, by network and by both; the keys are hashes, the names stay outside."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def attempt(self, login: str, address: str) -> Attempt:
        """Count an attempt before it is checked. Unknown names are counted like known ones."""
        account, network = login, network_of(address)
        async with self._engine.begin() as connection:
            # Always in the same order (pair, account, network): two attempts cannot wait for each other in a ring.
            waits = [await self._pause(connection, account, network)]
            for kind, key in (("account", account), ("network", network)):
                waits.append(await self._count(connection, kind, key))
        return Attempt(account, network, max(waits))

    async def succeeded(self, attempt: Attempt) -> None:
        """Forgive what this account failed from this network; what others failed elsewhere still counts."""
        async with self._engine.begin() as connection:
            pair = await connection.execute(_FORGET_PAIR, {"key_hash": _key(attempt.account, attempt.network)})
            failures = pair.scalar_one_or_none() or 0
            for kind, key in (("account", attempt.account), ("network", attempt.network)):
                values = {"kind": kind, "key_hash": _key(key), "failures": failures}
                await connection.execute(_FORGIVE, values)

    async def _pause(self, connection: AsyncConnection, account: str, network: str) -> int:
        """Seconds that this pair still has to wait, once its free tries are used up."""
        values = {"key_hash": _key(account, network)}
        seconds_ago = (await connection.execute(_LAST_ATTEMPT, values)).scalar_one_or_none()
        failures, _ = await self._add(connection, "account_network", _key(account, network), cap=1_000_000)
        if seconds_ago is None or failures <= FREE_TRIES:
            return 0
        pause = PAUSES[min(failures - FREE_TRIES, len(PAUSES)) - 1]
        return max(0, math.ceil(pause - float(seconds_ago)))

    async def _count(self, connection: AsyncConnection, kind: str, key: str) -> int:
        _, blocked_seconds = await self._add(connection, kind, _key(key), cap=CAPS[kind])
        return max(0, math.ceil(blocked_seconds))

    async def _add(self, connection: AsyncConnection, kind: str, key_hash: bytes, cap: int) -> tuple[int, float]:
        values = {"kind": kind, "key_hash": key_hash, "window": WINDOW, "block": BLOCK, "cap": cap}
        row = (await connection.execute(_COUNT, values)).one()
        return row.failures, float(row.blocked_seconds or 0)


def network_of(address: str) -> str:
    """The network that one household or school shares: /24 of IPv4, /64 of IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network(f"{parsed}/{24 if parsed.version == 4 else 64}", strict=False))


def _key(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(unicodedata.normalize("NFKC", part) for part in parts).encode()).digest()
