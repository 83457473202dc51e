"""An authorization request, read and judged before Authlib sees it.

Authlib leaves holes here (it falls over quotes in addresses, knows neither `max_age` nor `request`), and one rule must
hold without exception: until client and address are known to be right, nothing is sent anywhere.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from auth.provider.clients import Client
from auth.provider.config import ProviderConfig
from auth.provider.protocol import Pairs, Payload
from auth.provider.storage.clients import Clients
from auth.provider.storage.sessions import Session
from domain import clock

LONGEST_VALUE = 4096
REFUSED_PARAMETERS = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
}


class UntrustedRequestError(Exception):
    """Client or address is unknown: the person sees a page, and nobody gets an answer."""


class RefusedRequestError(Exception):
    """The client gets an error at its registered address. `error` is an OAuth code, the description ASCII."""

    def __init__(self, redirect_uri: str, state: str | None, error: str, description: str) -> None:
        super().__init__(error)
        self.redirect_uri = redirect_uri
        self.state = state
        self.error = error
        self.description = description


@dataclass(frozen=True)
class AuthorizationRequest:
    """A request of a known client for a registered address, well formed."""

    client: Client
    parameters: dict[str, str]

    @property
    def redirect_uri(self) -> str:
        """Where the answer goes."""
        return self.parameters["redirect_uri"]

    @property
    def scopes(self) -> list[str]:
        """The requested scopes that the client may have."""
        return (self.client.get_allowed_scope(self.parameters.get("scope")) or "").split()

    @property
    def prompts(self) -> set[str]:
        """What the client wants the person to be asked."""
        return set(self.parameters.get("prompt", "").split())

    @property
    def pairs(self) -> Pairs:
        """The parameters as Authlib reads them."""
        return list(self.parameters.items())

    def answered(self, *prompts: str) -> "AuthorizationRequest":
        """The same request after the person was asked these things."""
        left = [prompt for prompt in self.parameters.get("prompt", "").split() if prompt not in prompts]
        parameters = {name: value for name, value in self.parameters.items() if name != "prompt"}
        return AuthorizationRequest(self.client, parameters | ({"prompt": " ".join(left)} if left else {}))

    def accepts(self, session: Session | None, hinted_subject: str | None) -> bool:
        """Whether this session is recent enough and belongs to the person whom the client means."""
        if session is None or (hinted_subject and hinted_subject != session.subject):
            return False
        max_age = self.parameters.get("max_age")
        return max_age is None or (clock.now() - session.auth_time).total_seconds() <= int(max_age)

    def refuse(self, error: str, description: str) -> RefusedRequestError:
        """An error for this client, ready to be raised."""
        return RefusedRequestError(self.redirect_uri, self.parameters.get("state"), error, description)


async def read_authorization_request(clients: Clients, pairs: Pairs) -> AuthorizationRequest:
    """Judge the parameters. Raises UntrustedRequestError, then RefusedRequestError."""
    payload = Payload(pairs)
    data = payload.data
    client = await clients.find(data.get("client_id", ""))
    if client is None or {"client_id", "redirect_uri"} & payload.repeated:
        raise UntrustedRequestError
    if not client.check_redirect_uri(data.get("redirect_uri", "")):
        raise UntrustedRequestError
    request = AuthorizationRequest(client, data)
    if payload.repeated:
        raise request.refuse("invalid_request", "A parameter occurs more than once.")
    _refuse_unsupported(request)
    _refuse_malformed(request)
    return request


def _refuse_unsupported(request: AuthorizationRequest) -> None:
    for parameter, error in REFUSED_PARAMETERS.items():
        if parameter in request.parameters:
            raise request.refuse(error, f"The parameter {parameter} is not supported.")
    response_type = request.parameters.get("response_type")
    if response_type is None:
        raise request.refuse("invalid_request", "The parameter response_type is missing.")
    if response_type != "code":
        raise request.refuse("unsupported_response_type", "The only response_type is code.")
    if request.parameters.get("response_mode", "query") != "query":
        raise request.refuse("invalid_request", "The only response_mode is query.")


def _refuse_malformed(request: AuthorizationRequest) -> None:
    if any(len(value) > LONGEST_VALUE for value in request.parameters.values()):
        raise request.refuse("invalid_request", "A parameter is too long.")
    max_age = request.parameters.get("max_age", "0")
    if not (max_age.isascii() and max_age.isdigit() and len(max_age) <= 9):
        raise request.refuse("invalid_request", "The parameter max_age must be a number of seconds.")
    if "none" in request.prompts and request.prompts != {"none"}:
        raise request.refuse("invalid_request", "The prompt none stands alone.")
    if not request.scopes:
        raise request.refuse("invalid_scope", "None of the requested scopes is available to this client.")


def client_location(config: ProviderConfig, location: str, **parameters: str | None) -> str:
    """An address of a client with our answer. The one place that adds `iss` (RFC 9207), to errors as well."""
    present = {name: value for name, value in parameters.items() if value} | {"iss": config.issuer}
    return location + ("&" if "?" in location else "?") + urlencode(present)
