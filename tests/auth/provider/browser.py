"""A browser and a client application in one: follows the pages of the provider like a person, redeems like a client."""

import base64
import hashlib
import re
import secrets
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
from starlette.applications import Starlette

ORIGIN = "http://127.0.0.1:8000"
ISSUER = f"{ORIGIN}/oidc"
SPA_ORIGIN = "http://127.0.0.1:5173"
SPA = {"client_id": "vhod-spa", "redirect_uri": f"{SPA_ORIGIN}/callback"}
MOBILE = {"client_id": "vhod-mobile", "redirect_uri": "http://127.0.0.1:49152/callback"}
WEB = {"client_id": "vhod-web", "redirect_uri": f"{ORIGIN}/auth/callback"}
VERIFIER = secrets.token_urlsafe(48)


def challenge(verifier: str = VERIFIER) -> str:
    """The S256 challenge of a verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def request_parameters(**changes: str | None) -> dict[str, str]:
    """A right authorization request of the SPA, with changes; None takes a parameter away."""
    right: dict[str, str | None] = {
        **SPA,
        "response_type": "code",
        "scope": "openid fullname offline_access education:read",
        "state": "a state",
        "nonce": "a nonce",
        "code_challenge": challenge(),
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in (right | changes).items() if value is not None}


class Browser:
    """Cookies and an address in the network of its own."""

    def __init__(self, application: Starlette, address: str = "192.0.2.10") -> None:
        transport = httpx2.ASGITransport(app=application, client=(address, 50000))
        self.http = httpx2.AsyncClient(transport=transport, base_url=ORIGIN)

    async def authorize(self, **changes: str | None) -> httpx2.Response:
        """Open the authorization endpoint."""
        return await self.http.get("/oidc/authorize?" + urlencode(request_parameters(**changes)))

    async def follow(self, response: httpx2.Response) -> httpx2.Response:
        """Go where a redirect of ours leads."""
        assert response.headers["location"].startswith(ISSUER), response.headers["location"]
        return await self.http.get(response.headers["location"])

    async def submit(self, page: httpx2.Response, path: str, **fields: str) -> httpx2.Response:
        """Send a form of a page with its hidden fields."""
        return await self.http.post(f"/oidc{path}", data={**hidden_fields(page), **fields})

    async def sign_in(self, person: str = "teacher", **changes: str | None) -> httpx2.Response:
        """Start at the client, choose a person at the stand-in; returns the redirect that follows."""
        page = await self.follow(await self.authorize(**changes))
        return await self.submit(page, "/login/gosuslugi", person=person)

    async def child_form(self, login: str, password: str, **changes: str | None) -> httpx2.Response:
        """Start at the client and send the form for children."""
        page = await self.follow(await self.authorize(**changes))
        return await self.submit(page, "/login/child", login=login, password=password)

    async def code(self, person: str = "teacher", **changes: str | None) -> str:
        """A fresh code."""
        return answer(await self.sign_in(person, **changes))["code"]

    async def redeem(self, code: str, headers: Any = None, **changes: str | None) -> httpx2.Response:
        """Redeem a code at the token endpoint, as the SPA unless told otherwise."""
        right: dict[str, str | None] = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER}
        return await self.post_token(headers, **{**right, **SPA, **changes})

    async def refresh(self, refresh_token: str, **changes: str | None) -> httpx2.Response:
        """Use a refresh token."""
        right = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": "vhod-spa"}
        return await self.post_token(None, **{**right, **changes})

    async def post_token(self, headers: Any = None, **fields: str | None) -> httpx2.Response:
        """Call the token endpoint."""
        data = {name: value for name, value in fields.items() if value is not None}
        return await self.http.post("/oidc/token", data=data, headers=headers)

    async def tokens(self, person: str = "teacher", **changes: str | None) -> dict[str, Any]:
        """The whole flow: the answer of the token endpoint."""
        response = await self.redeem(await self.code(person, **changes))
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body


def hidden_fields(page: httpx2.Response) -> dict[str, str]:
    """The hidden fields of a page."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text))


def answer(response: httpx2.Response) -> dict[str, str]:
    """Parameters of a redirect to a client."""
    assert response.status_code in (302, 303), response.text
    location = response.headers["location"]
    assert not location.startswith(ISSUER), location
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
