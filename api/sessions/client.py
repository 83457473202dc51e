"""The confidential client as which this server signs people in."""

from dataclasses import dataclass, field

from api.settings import Settings
from api.stand_in import provider_config
from auth.issuers import Issuer
from auth.provider.clients import development_secret

CALLBACK = "/session/callback"


@dataclass(frozen=True)
class SessionClient:
    """Who we are at which provider. `origin` is ours; `scope` is what we ask for, with spaces between."""

    issuer: Issuer
    client_id: str
    secret: str = field(repr=False)
    scope: str
    origin: str

    @property
    def redirect_uri(self) -> str:
        """Where the provider sends the browser back to; registered there."""
        return self.origin + CALLBACK

    @property
    def signed_out_uri(self) -> str:
        """Where the provider sends the browser after signing out; registered there."""
        return self.origin + "/"


def session_client(settings: Settings) -> SessionClient | None:
    """The client of the settings; None when none is configured, and nobody can sign in by cookie.

    With the stand-in in development the client is known: its secret is computed, as the stand-in does.
    """
    secret = settings.session_client_secret
    if secret is None and settings.development and settings.stand_in:
        secret = development_secret(provider_config(settings), settings.session_client_id)
    issuers = {issuer.issuer: issuer for issuer in settings.issuers}
    issuer = issuers.get(settings.session_issuer) if settings.session_issuer else settings.issuers[0]
    if secret is None or issuer is None:
        return None
    return SessionClient(issuer, settings.session_client_id, secret, settings.session_scope, settings.public_url)
