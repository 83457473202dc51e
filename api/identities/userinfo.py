"""What a provider tells of an account, asked with the account's own token (OpenID Connect Core 5.3)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from api.sessions.discovery import Discovery
from api.sessions.errors import ProviderAway

Told = Mapping[str, Any]
"""Claims about a person."""


OpenHttp = Callable[[], dict[str, Any]]
"""How a client, which is made anew for each call since some remember tokens, gets to the network."""


@dataclass(frozen=True)
class Userinfo:
    """The userinfo endpoint of one provider."""

    discovery: Discovery
    network: OpenHttp

    async def ask(self, access_token: str) -> Told:
        """The claims; none where the provider has no such endpoint, or tells nothing. Raises ProviderAway."""
        try:
            address = (await self.discovery.endpoints()).userinfo
            if address is None:
                return {}
            async with httpx2.AsyncClient(**self.network()) as client:
                answer = await client.get(address, headers={"Authorization": f"Bearer {access_token}"})
                told = answer.json() if answer.status_code == 200 else None
        except Exception as error:  # a foreign system can fail in any way
            raise ProviderAway from error
        return told if isinstance(told, dict) else {}
