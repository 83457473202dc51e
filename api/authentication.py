"""The HTTP edge of authentication: the Authorization header in, a refusal out, and the issuers' documents."""

import re

import httpx2
import orjson
import structlog
from starlette.datastructures import Headers
from starlette.responses import Response

from auth.claims import VerifiedClaims
from auth.errors import InvalidToken, KeysUnavailable, Reason
from auth.keys import MAX_DOCUMENT_BYTES, Fetch
from auth.verified_tokens import VerifiedTokens

BEARER = re.compile(r"bearer +([A-Za-z0-9\-._~+/]+=*)", re.ASCII | re.IGNORECASE)  # RFC 6750 and 9110: token68
GRAPHQL_RESPONSE = "application/graphql-response+json"
FETCH_TIMEOUT_SECONDS = 3.0


async def authenticate(headers: Headers, verifier: VerifiedTokens) -> VerifiedClaims | None:
    """Return who calls, None for a call without credentials.

    Only the Authorization header is read, never a query, a form or a cookie. Raises InvalidToken and
    KeysUnavailable; a caller whose credentials are bad is refused, never served as nobody.
    """
    values = headers.getlist("authorization")
    if not values:
        return None
    token = BEARER.fullmatch(values[0])
    if len(values) > 1 or token is None:
        raise InvalidToken(Reason.CREDENTIALS)
    return await verifier.verify(token[1])


def refusal(error: InvalidToken | KeysUnavailable, headers: Headers) -> Response:
    """Answer a call that `authenticate` refused: 401 or 503, its body an answer of GraphQL."""
    if isinstance(error, InvalidToken):
        structlog.get_logger(__name__).info("token:refused", reason=error.reason.value)
        message, code, status = "The access token is not valid.", "UNAUTHENTICATED", 401
        told = {"WWW-Authenticate": 'Bearer realm="vhod", error="invalid_token"'}
    else:
        structlog.get_logger(__name__).warning("token:undecided")
        message, code, status = "Sign-in cannot be checked now. Try again later.", "UNAVAILABLE", 503
        told = {"Retry-After": str(error.retry_after_seconds)}
    return Response(
        orjson.dumps({"errors": [{"message": message, "extensions": {"code": code}}]}),
        status_code=status,
        headers={**told, "Cache-Control": "no-store"},
        media_type=_media_type(headers.get("accept", "")),
    )


def _media_type(accept: str) -> str:
    """Choose the form of the answer: the newer one only for those who ask for it by name."""
    weights = dict(_weight(item) for item in accept.split(","))
    asked = weights.get(GRAPHQL_RESPONSE, 0.0)
    return GRAPHQL_RESPONSE if asked > 0 and asked >= weights.get("application/json", 0.0) else "application/json"


def _weight(item: str) -> tuple[str, float]:
    """Read one media range and its weight (RFC 9110, section 12.4.2); a weight that is no number counts as none."""
    name, *parameters = (part.strip().lower() for part in item.split(";"))
    given = next((part[2:] for part in parameters if part.startswith("q=")), "1")
    return name, float(given) if re.fullmatch(r"[01](\.\d{0,3})?", given, re.ASCII) else 0.0


def issuer_client() -> httpx2.AsyncClient:
    """Make the HTTP client for the issuers' documents; whoever made it closes it.

    Redirects are not followed: they would let another host name the keys. Our own machine is not reached through a
    proxy of the environment.
    """
    local = ("all://127.0.0.1", "all://localhost", "all://[::1]")
    return httpx2.AsyncClient(
        follow_redirects=False,
        timeout=FETCH_TIMEOUT_SECONDS,
        headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        mounts=dict.fromkeys(local),
    )


def document_fetcher(client: httpx2.AsyncClient) -> Fetch:
    """Make the function by which key sources get the issuers' documents; it reads no more than they may have."""

    async def fetch(address: str) -> bytes:
        async with client.stream("GET", address) as response:
            if response.status_code != 200:
                raise ValueError(f"status {response.status_code}")
            body = bytearray()
            async for chunk in response.aiter_raw(16 * 1024):  # raw: nothing is unpacked, so nothing can swell
                body += chunk
                if len(body) > MAX_DOCUMENT_BYTES:
                    raise ValueError("the document is too long")
        return bytes(body)

    return fetch
