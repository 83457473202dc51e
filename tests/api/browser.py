"""A browser at the demo: its own cookies, walks through the pages of the stand-in, sends what pages of ours send."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx2

from tests.auth.provider.browser import hidden_fields
from tests.schema.demo import SETTINGS, Demo

OWN = SETTINGS.public_url


@dataclass
class Browser:
    """One person's browser."""

    http: httpx2.AsyncClient
    csrf: str = field(default="")
    origin: str = OWN

    @property
    def issuer(self) -> str:
        """Address of the stand-in."""
        return f"{self.origin}/oidc"

    @classmethod
    def at(cls, demo: Demo) -> "Browser":
        """A browser without cookies."""
        transport = httpx2.ASGITransport(app=demo.app)
        return cls(httpx2.AsyncClient(transport=transport, base_url=OWN))

    @property
    def cookie(self) -> str | None:
        """The session cookie."""
        return self.http.cookies.get("dev-vhod")

    async def to_callback(self, person: str = "teacher", next_page: str | None = None) -> str:
        """Sign in at the stand-in; returns the address it sends the browser back to, not yet opened."""
        asked = {} if next_page is None else {"next": next_page}
        answer = await self.http.get("/session/sign-in", params=asked)
        assert answer.status_code == 303, answer.text
        answer = await self.http.get(answer.headers["location"])
        if answer.headers["location"].startswith(self.issuer):
            answer = await self.http.get(answer.headers["location"])
        if "/login/gosuslugi" in answer.text:
            answer = await self.http.post(
                f"{self.issuer}/login/gosuslugi", data={**hidden_fields(answer), "person": person}
            )
        if answer.headers.get("location", "").startswith(f"{self.issuer}/consent"):
            answer = await self.http.get(answer.headers["location"])
        if 'value="allow"' in answer.text:
            answer = await self.http.post(f"{self.issuer}/consent", data={**hidden_fields(answer), "answer": "allow"})
        return str(answer.headers["location"])

    async def sign_in(self, person: str = "teacher", next_page: str | None = None) -> httpx2.Response:
        """The whole way, to the answer that signs the browser in."""
        answer = await self.http.get(await self.to_callback(person, next_page))
        assert answer.status_code == 303, answer.text
        self.csrf = (await self.session())["csrf"]
        return answer

    async def session(self) -> dict[str, Any]:
        """What a page learns of itself."""
        return (await self.http.get("/session")).json()  # type: ignore[no-any-return]

    def headers(self, **changes: str | None) -> dict[str, str]:
        """What a page of ours sends; None takes a header away."""
        right: dict[str, str | None] = {
            "X-CSRF-Token": self.csrf,
            "Origin": self.origin,
            "Sec-Fetch-Site": "same-origin",
        }
        given = right | {name.replace("_", "-"): value for name, value in changes.items()}
        return {name: value for name, value in given.items() if value is not None}

    async def ask(self, document: str = "{ me { standing } }", **changes: str | None) -> httpx2.Response:
        """POST /graphql as a page of ours does."""
        return await self.http.post("/graphql", json={"query": document}, headers=self.headers(**changes))

    async def sign_out(self, **changes: str | None) -> httpx2.Response:
        """POST /session/sign-out as a page of ours does."""
        return await self.http.post("/session/sign-out", headers=self.headers(**changes))


def path_of(address: str) -> str:
    """Path of an address."""
    return urlsplit(address).path
