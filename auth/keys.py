"""An issuer's public keys: fetched once for all who wait, kept while the issuer is away, read one by one."""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from joserfc.jwk import ECKey, OKPKey, RSAKey

from auth.errors import KeysUnavailable
from auth.issuers import Issuer

SOFT_LIFETIME_SECONDS = 5 * 60
HARD_LIFETIME_SECONDS = 24 * 3600
REFETCH_SECONDS = 10
COLD_RETRY_SECONDS = 2
FETCH_DEADLINE_SECONDS = 5.0
MAX_DOCUMENT_BYTES = 256 * 1024
MAX_KEYS = 64
RSA_BITS = range(2048, 8192 + 1)
CURVES = frozenset({"P-256", "P-384", "P-521", "Ed25519", "Ed448"})

log = logging.getLogger(__name__)

PublicKey = RSAKey | ECKey | OKPKey
Fetch = Callable[[str], Awaitable[bytes]]
"""Gets a document of the issuer by its address. Raises any exception when it cannot; must not follow redirects."""


class KeySource:
    """The keys of one issuer, for one event loop.

    Younger than 5 minutes they are simply used; up to 24 hours they are used while a refresh runs beside the
    requests; older ones are forgotten. A refresh is shared by everyone who waits for it.
    """

    def __init__(
        self,
        issuer: Issuer,
        fetch: Fetch,
        monotonic: Callable[[], float] = time.monotonic,
        deadline_seconds: float = FETCH_DEADLINE_SECONDS,
    ) -> None:
        self._issuer = issuer
        self._fetch = fetch
        self._monotonic = monotonic
        self._deadline_seconds = deadline_seconds
        self._keys: tuple[PublicKey, ...] | None = None
        self._fetched_at = 0.0
        self._attempted_at: float | None = None
        self._failed = False
        self._refresh: asyncio.Task[None] | None = None

    async def find(self, kid: str | None) -> tuple[PublicKey, ...]:
        """Return the keys of this id, every key for None, nothing when the issuer has none such.

        Raises KeysUnavailable when there are no keys at all, or when the id is new and the issuer cannot be asked:
        it may belong to a key made since, whose tokens are good.
        """
        if not await self._held():
            raise KeysUnavailable(COLD_RETRY_SECONDS)
        if found := self._select(kid):
            return found
        await self._refreshed(REFETCH_SECONDS)
        found = self._select(kid)
        if not found and self._failed:
            raise KeysUnavailable(REFETCH_SECONDS)
        return found

    async def aclose(self) -> None:
        """Stop a refresh that is still running."""
        if self._refresh is not None:
            self._refresh.cancel()
            await asyncio.wait([self._refresh])

    async def _held(self) -> bool:
        """Make sure that keys young enough are at hand, waiting only when there are none."""
        age = self._monotonic() - self._fetched_at
        if self._keys is None or age >= HARD_LIFETIME_SECONDS:
            self._keys = None
            await self._refreshed(COLD_RETRY_SECONDS)
        elif age >= SOFT_LIFETIME_SECONDS:
            self._start_refresh(REFETCH_SECONDS)
        return self._keys is not None

    def _select(self, kid: str | None) -> tuple[PublicKey, ...]:
        keys = self._keys or ()
        return keys if kid is None else tuple(key for key in keys if key.kid == kid)

    async def _refreshed(self, rest_seconds: float) -> None:
        """Wait for the refresh under way, started here unless the last one ended too short a time ago."""
        self._start_refresh(rest_seconds)
        if self._refresh is not None:
            await asyncio.shield(self._refresh)  # a client that hangs up must not end what others wait for

    def _start_refresh(self, rest_seconds: float) -> None:
        rested = self._attempted_at is None or self._monotonic() - self._attempted_at >= rest_seconds
        if self._refresh is None and rested:
            self._refresh = asyncio.create_task(self._refresh_once(), name=f"keys of {self._issuer.issuer}")

    async def _refresh_once(self) -> None:
        try:
            async with asyncio.timeout(self._deadline_seconds):
                self._keys = await self._load()
            self._fetched_at = self._monotonic()
            self._failed = False
        except Exception as error:  # a foreign system can fail in any way; the old keys stay in use
            self._failed = True
            log.warning("keys of issuer %s not refreshed: %s", self._issuer.issuer, type(error).__name__)
        finally:
            self._attempted_at = self._monotonic()
            self._refresh = None

    async def _load(self) -> tuple[PublicKey, ...]:
        document = await self._get(self._issuer.jwks_uri or await self._discover())
        return read_keys(document)

    async def _discover(self) -> str:
        """Ask the issuer where its keys are, each time anew: they may move."""
        document = await self._get(self._issuer.discovery_uri)
        if document.get("issuer") != self._issuer.issuer:
            raise ValueError("the discovery document is of another issuer")
        address = document.get("jwks_uri")
        if not isinstance(address, str):
            raise TypeError("jwks_uri is no string")
        self._issuer.check_jwks_uri(address)
        return address

    async def _get(self, address: str) -> dict[str, Any]:
        body = await self._fetch(address)
        if len(body) > MAX_DOCUMENT_BYTES:
            raise ValueError("the document is too long")
        document = json.loads(body)
        if not isinstance(document, dict):
            raise TypeError("the document is no JSON object")
        return document


def read_keys(document: dict[str, Any]) -> tuple[PublicKey, ...]:
    """Read a JWK set (RFC 7517): the keys fit to verify signatures; others are skipped, each by itself.

    Raises TypeError when it is no key set. An empty one is in order: the issuer says that no key is valid.
    """
    members = document.get("keys")
    if not isinstance(members, list):
        raise TypeError("keys is no list")
    if len(members) > MAX_KEYS:
        log.warning("only the first %d of %d keys are used", MAX_KEYS, len(members))
    keys = []
    for place, member in enumerate(members[:MAX_KEYS]):
        try:
            keys.append(_read_key(member))
        except Exception as error:  # a broken foreign key may fail anywhere in the parser, and must cost only itself
            log.warning("key %d of the set is not used: %s", place, type(error).__name__)
    return tuple(keys)


def _read_key(member: dict[str, Any]) -> PublicKey:
    """Read one key. Raises any exception when it is broken, weak, private, shared (oct) or not for signatures."""
    if member.get("use", "sig") != "sig":
        raise ValueError("not for signatures")
    if "d" in member:
        raise ValueError("a published private key is nobody's any more")
    kinds: dict[str, type[PublicKey]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
    key = kinds[member["kty"]].import_key(member)
    key.check_key_op("verify")
    if isinstance(key, RSAKey):
        if key.public_key.key_size not in RSA_BITS:
            raise ValueError("too short to be safe or too long to be quick")
    elif key.curve_name not in CURVES:
        raise ValueError("a curve of no accepted algorithm")
    return key
