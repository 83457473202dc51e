"""A client application: what it registered, and the questions Authlib asks of it."""

import hmac
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from auth.provider import redirect_uris as addresses
from auth.provider.config import ProviderConfig
from auth.provider.scopes import SCOPES, granted_scope
from auth.sealing import fingerprint

GRANT_TYPES = ("authorization_code", "refresh_token")
SERVICE_GRANT_TYPES = ("client_credentials",)
"""A service signs in as itself and for nobody else; whatever people sign in to never does."""


@dataclass(frozen=True)
class Client:
    """A registered client. Raises ValueError for an address or scope that must not be registered.

    `public` runs in a browser, `native` on a device, `confidential` on a server that can keep a secret. A `service`
    is another system: nobody signs in to it, and it has no address to come back to.
    The methods are the interface that Authlib's grants call.
    """

    client_id: str
    name: str
    kind: Literal["public", "native", "confidential", "service"]
    redirect_uris: Sequence[str]
    scopes: Sequence[str]
    post_logout_redirect_uris: Sequence[str] = ()
    consent_required: bool = False
    id_token_alg: str = "ES256"  # noqa: S105 - the name of an algorithm
    secret_hashes: tuple[bytes, ...] = ()
    backchannel_logout_uri: str | None = None
    """Where it is told that a session has ended; None: it does not ask to be."""

    def __post_init__(self) -> None:
        told = [self.backchannel_logout_uri] if self.backchannel_logout_uri else []
        for uri in (*self.redirect_uris, *self.post_logout_redirect_uris, *told):
            if why := addresses.problem(uri, native=self.kind == "native"):
                raise ValueError(f"Client {self.client_id}, {uri}: {why}.")
        if (self.kind == "service") is bool(self.redirect_uris):
            raise ValueError(f"Client {self.client_id}: a service has no address to come back to, all others have.")
        if unknown := set(self.scopes) - set(SCOPES):
            raise ValueError(f"Client {self.client_id}: unknown scopes {sorted(unknown)}.")

    @property
    def client_metadata(self) -> dict[str, Any]:
        """What Authlib's logout endpoint reads."""
        return {"post_logout_redirect_uris": list(self.post_logout_redirect_uris)}

    def get_client_id(self) -> str:
        """The identifier that the client sends."""
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        """None: a request must name its address even where only one is registered."""
        return

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """The part of the requested scope that this client may have; None when nothing is left."""
        return granted_scope(scope, self.scopes) or None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Whether an answer may be sent there."""
        return addresses.is_registered(redirect_uri, self.redirect_uris, native=self.kind == "native")

    def check_client_secret(self, client_secret: str) -> bool:
        """Compare with every active secret (two while one replaces the other), in the same time for each."""
        presented = fingerprint(client_secret)
        return any([hmac.compare_digest(presented, known) for known in self.secret_hashes])  # noqa: C419 - no early end

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """A client with a secret must use it, one without must not pretend to."""
        return (method == "none") is (self.kind in ("public", "native"))

    def check_response_type(self, response_type: str) -> bool:
        """The code flow is the only one."""
        return response_type == "code" and self.kind != "service"

    def check_grant_type(self, grant_type: str) -> bool:
        """The same two grants for every client of people, and one for services."""
        return grant_type in (SERVICE_GRANT_TYPES if self.kind == "service" else GRANT_TYPES)


def development_clients(config: ProviderConfig) -> list[Client]:
    """The clients of clients.toml, with the origin of this provider among their addresses."""
    tables = tomllib.loads(Path(__file__).with_name("clients.toml").read_text(encoding="utf-8"))
    return [_read(client_id, table, config) for client_id, table in tables.items()]


def development_secret(config: ProviderConfig, client_id: str) -> str:
    """The secret of a confidential client in development: computed, so that it stands in no file."""
    return secret_of(config.secret_key, client_id)


def secret_of(secret_key: str, client_id: str) -> str:
    """The secret that development computes for a client from this key."""
    return hmac.new(secret_key.encode(), b"development client " + client_id.encode(), sha256).hexdigest()


def _read(client_id: str, table: dict[str, Any], config: ProviderConfig) -> Client:
    for name in ("redirect_uris", "post_logout_redirect_uris"):
        table[name] = list(dict.fromkeys(uri.replace("{origin}", config.origin) for uri in table.get(name, ())))
    if told := table.get("backchannel_logout_uri"):
        table["backchannel_logout_uri"] = told.replace("{origin}", config.origin)
    if table["kind"] in ("confidential", "service"):
        table["secret_hashes"] = (fingerprint(development_secret(config, client_id)),)
    return Client(client_id=client_id, **table)
