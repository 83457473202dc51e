"""The HTTP edge of authentication: the Authorization header in, a refusal out, and the issuers' documents."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import httpx2
import orjson
import structlog
from starlette.datastructures import Headers
from starlette.responses import Response

from api.language import language_of
from api.media_types import JSON, chosen_type
from api.sessions.errors import ForgedRequest, ForgeryReason, ProviderAway, SessionEnded, SessionsAway
from auth.claims import VerifiedClaims
from auth.errors import InvalidToken, KeysUnavailable, Reason
from auth.keys import MAX_DOCUMENT_BYTES, Fetch
from auth.verified_tokens import VerifiedTokens
from domain.errors import Code
from schema.engine.context import Language

BEARER = re.compile(r"bearer +([A-Za-z0-9\-._~+/]+=*)", re.ASCII | re.IGNORECASE)  # RFC 6750 and 9110: token68
FETCH_TIMEOUT_SECONDS = 3.0
PROVIDER_RETRY_SECONDS = 5


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


REFUSED = (InvalidToken, KeysUnavailable, SessionEnded, ProviderAway, SessionsAway, ForgedRequest)
"""What `Callers.identify` raises; `refusal` has an answer to each."""

Refused = InvalidToken | KeysUnavailable | SessionEnded | ProviderAway | SessionsAway | ForgedRequest


def refusal(error: Refused, headers: Headers) -> Response:
    """Answer a call that was refused: 401, 403 or 503, its body an answer of GraphQL."""
    told = _told(error)
    message = told.russian if language_of(headers) is Language.RUSSIAN else told.english
    return Response(
        orjson.dumps({"errors": [{"message": message, "extensions": {"code": told.code.value}}]}),
        status_code=told.status,
        headers={**told.headers, "Cache-Control": "no-store"},
        media_type=chosen_type(headers.get("accept")) or JSON,
    )


@dataclass(frozen=True)
class _Told:
    """What is said of a refusal."""

    status: int
    code: Code
    english: str
    russian: str
    headers: Mapping[str, str] = field(default_factory=dict)


def _told(error: Refused) -> _Told:
    log = structlog.get_logger(__name__)
    match error:
        case InvalidToken():
            log.info("token:refused", reason=error.reason.value)
            return INVALID_TOKEN
        case SessionEnded():
            return SESSION_ENDED
        case ForgedRequest():
            log.warning("session:forged_request", reason=error.reason.value)
            return FORGED_TOKEN if error.reason is ForgeryReason.TOKEN else FORGED_ORIGIN
        case KeysUnavailable():
            seconds = error.retry_after_seconds
        case ProviderAway() | SessionsAway():
            seconds = PROVIDER_RETRY_SECONDS
    log.warning("token:undecided")
    return replace(UNDECIDED, headers={"Retry-After": str(seconds)})


INVALID_TOKEN = _Told(
    401,
    Code.UNAUTHENTICATED,
    "The access token is not valid.",
    "Токен доступа недействителен.",
    {"WWW-Authenticate": 'Bearer realm="vhod", error="invalid_token"'},
)
SESSION_ENDED = _Told(
    401,
    Code.UNAUTHENTICATED,
    "Your session has ended. Sign in again.",
    "Ваш сеанс закончился. Войдите ещё раз.",
    {"WWW-Authenticate": 'Bearer realm="vhod"'},
)
FORGED_TOKEN = _Told(
    403,
    Code.CSRF_REFUSED,
    "A request by session needs the header X-CSRF-Token with the value that GET /session tells.",
    "Запрос по сеансу требует заголовка X-CSRF-Token со значением из GET /session.",
)
FORGED_ORIGIN = _Told(
    403,
    Code.CSRF_REFUSED,
    "A request by session must come from a page of this server.",
    "Запрос по сеансу должен исходить со страницы этого сервера.",
)
UNDECIDED = _Told(
    503,
    Code.UNAVAILABLE,
    "Sign-in cannot be checked now. Try again later.",
    "Вход сейчас не проверить. Попробуйте позже.",
)


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
