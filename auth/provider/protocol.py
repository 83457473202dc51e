"""Authlib's authorization server, made to run here: requests in, Starlette responses out, storage across the thread.

Authlib's core is synchronous. An endpoint runs it in a worker thread, and its callbacks come back to the event loop
with `anyio.from_thread.run`; no connection or session is ever held across that border.
"""

import base64
import binascii
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote_plus

from anyio import from_thread
from authlib.oauth2.rfc6749 import AuthorizationServer, InvalidClientError, OAuth2Error, OAuth2Payload, OAuth2Request
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from auth.provider.clients import Client

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 50
Pairs = list[tuple[str, str]]
T = TypeVar("T")


class MalformedRequestError(Exception):
    """The parameters cannot be read at all: wrong encoding, NUL characters, far too many."""


class Payload(OAuth2Payload):  # type: ignore[misc]  # Authlib ships no types
    """Parameters of a request: `data` the first value of each, `datalist` all of them."""

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs
        self._datalist: dict[str, list[str]] = {}
        for name, value in pairs:
            self._datalist.setdefault(name, []).append(value)

    @property
    def data(self) -> dict[str, str]:
        """First value of each parameter."""
        return {name: values[0] for name, values in self._datalist.items()}

    @property
    def datalist(self) -> dict[str, list[str]]:
        """All values of each parameter."""
        return self._datalist

    @property
    def repeated(self) -> set[str]:
        """Parameters that came more than once, which OAuth forbids."""
        return {name for name, values in self._datalist.items() if len(values) > 1}


class ProtocolRequest(OAuth2Request):  # type: ignore[misc]  # Authlib ships no types
    """A request as Authlib wants it. `uri` is made from the issuer: behind a proxy the socket knows no https."""

    def __init__(self, method: str, uri: str, headers: Mapping[str, str], pairs: Pairs) -> None:
        super().__init__(method, uri, headers=headers)
        self.payload = Payload(pairs)

    @property
    def args(self) -> dict[str, str]:
        """Parameters of the address."""
        return dict(self.payload.data) if self.method == "GET" else {}

    @property
    def form(self) -> dict[str, str]:
        """Parameters of the body."""
        return dict(self.payload.data) if self.method == "POST" else {}


class ProtocolServer(AuthorizationServer):  # type: ignore[misc]  # Authlib ships no types
    """Authlib's server with our clients, our answers and one answer to every failed client authentication."""

    def __init__(self, find_client: Callable[[str], Coroutine[Any, Any, Client | None]]) -> None:
        super().__init__()
        self._find_client = find_client
        # At DEBUG Authlib writes whole tokens into the log.
        logging.getLogger("authlib").setLevel(logging.INFO)
        self.register_client_auth_method("client_secret_basic", _authenticate_basic)

    def query_client(self, client_id: str) -> Client | None:
        """The registered client, or None."""
        return run(self._find_client, client_id)

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        """Nothing: the grants keep what there is to keep, in the transaction where it happens."""

    def validate_requested_scope(self, scope: str | None) -> None:
        """Nothing: unknown scopes are ignored (OpenID Connect), and the client cuts off the rest."""

    def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
        """The endpoint has converted the request already."""
        return request

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nothing: security events are recorded where they happen."""

    def handle_response(self, status: int, body: dict[str, Any] | str, headers: list[tuple[str, str]]) -> Response:
        """Authlib's triple as a response."""
        kept = {name: value for name, value in headers if name.lower() != "content-type"}
        return JSONResponse(body, status, kept) if isinstance(body, dict) else Response(body, status, kept)

    def handle_error_response(self, request: OAuth2Request, error: OAuth2Error) -> Response:
        """An error as JSON or redirect; who failed to authenticate does not learn whether the client exists."""
        if isinstance(error, InvalidClientError):
            body = {"error": "invalid_client", "error_description": "Client authentication failed."}
            # A challenge only to who tried the header: to a script's request a browser would open its own dialogue.
            tried = "authorization" in request.headers
            return JSONResponse(body, 401, {"WWW-Authenticate": 'Basic realm="token"'} if tried else None)
        if error.redirect_uri:
            return self.handle_response(*error(None))
        body = {"error": error.error, "error_description": error.get_error_description()}
        return JSONResponse({name: value for name, value in body.items() if value}, error.status_code or 400)


def run(function: Callable[..., Coroutine[Any, Any, T]], *args: object) -> T:
    """Call asynchronous code from Authlib's thread and wait for its answer."""
    return from_thread.run(function, *args)


def parse_pairs(text: bytes) -> Pairs:
    """Parameters in their order, with the repeated ones. Raises MalformedRequestError."""
    try:
        pairs = parse_qsl(text.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise MalformedRequestError("The parameters are not readable.") from None
    if any("\0" in part for pair in pairs for part in pair):
        raise MalformedRequestError("The parameters contain NUL.")
    # An empty value counts as left out (RFC 6749, 3.1).
    return [(name, value) for name, value in pairs if value]


async def form_pairs(request: Request) -> Pairs:
    """Parameters of a form body; other types of body have none. Raises MalformedRequestError."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != FORM:
        raise MalformedRequestError(f"The body must be {FORM}.")
    return parse_pairs(await request.body())


def _authenticate_basic(query_client: Callable[[str], Client | None], request: OAuth2Request) -> Client | None:
    """Authlib's own version falls over a header that is not UTF-8 and tells unknown clients apart."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    client = query_client(unquote_plus(client_id)) if "\0" not in unquote_plus(client_id) else None
    return client if client and client.check_client_secret(unquote_plus(secret)) else None
