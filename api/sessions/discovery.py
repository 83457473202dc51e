"""What the provider says of itself: its endpoints (OpenID Connect Discovery 1.0)."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson

from auth.issuers import Issuer
from auth.keys import Fetch

KEPT_SECONDS = 600.0


@dataclass(frozen=True)
class Endpoints:
    """Addresses of a provider; None for what it does not have. `names_itself`: answers carry `iss` (RFC 9207)."""

    authorization: str
    token: str
    userinfo: str | None
    end_session: str | None
    names_itself: bool


class Discovery:
    """Asks now and then; while the provider is away what it said last still holds."""

    def __init__(self, issuer: Issuer, fetch: Fetch, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._issuer = issuer
        self._fetch = fetch
        self._monotonic = monotonic
        self._kept: Endpoints | None = None
        self._asked_at = 0.0

    async def endpoints(self) -> Endpoints:
        """The endpoints. Raises any exception when they were never known and cannot be asked for."""
        if self._kept is None or self._monotonic() - self._asked_at > KEPT_SECONDS:
            try:
                self._kept = self._read(orjson.loads(await self._fetch(self._issuer.discovery_uri)))
            except Exception:
                if self._kept is None:
                    raise
            self._asked_at = self._monotonic()
        return self._kept

    def _read(self, document: dict[str, Any]) -> Endpoints:
        if document.get("issuer") != self._issuer.issuer:
            raise ValueError("the discovery document is of another issuer")
        return Endpoints(
            authorization=self._address(document["authorization_endpoint"]),
            token=self._address(document["token_endpoint"]),
            userinfo=self._optional(document.get("userinfo_endpoint")),
            end_session=self._optional(document.get("end_session_endpoint")),
            names_itself=document.get("authorization_response_iss_parameter_supported") is True,
        )

    def _optional(self, address: object) -> str | None:
        return None if address is None else self._address(address)

    def _address(self, address: object) -> str:
        """Refuse an address that would carry codes and secrets less safely than the issuer itself."""
        if not isinstance(address, str) or not urlsplit(address).hostname:
            raise ValueError("an endpoint is no address")
        if urlsplit(address).scheme != "https" and urlsplit(self._issuer.issuer).scheme == "https":
            raise ValueError("an endpoint of an https issuer must be https")
        return address
