"""The grants: a code for tokens, a refresh token for the next ones, a service's own secret for its token."""

import re
from collections.abc import Callable
from typing import Any

from authlib.oauth2.rfc6749 import InvalidGrantError, InvalidRequestError, InvalidScopeError, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, ClientCredentialsGrant, RefreshTokenGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants.util import validate_request_prompt

from auth.provider.clients import Client
from auth.provider.protocol import run
from auth.provider.storage.codes import AuthorizationCode, CodeBinding, CodeReuse
from auth.provider.storage.events import names_of
from auth.provider.storage.refresh_tokens import RefreshGrant, RefreshRefusedError
from auth.provider.store import ProviderStore
from auth.provider.tokens import SignIn

CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
"""A SHA-256 in base64url; Authlib's own pattern lets through what no S256 can give."""
AUTH_METHODS = ["none", "client_secret_basic", "client_secret_post"]


class S256(CodeChallenge):  # type: ignore[misc]  # Authlib ships no types
    """PKCE for every client, confidential ones too, by S256 alone. Authlib itself allows `plain`, and none at all."""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"
    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]  # noqa: RUF012 - Authlib's attribute

    def validate_code_challenge(self, grant: AuthorizationCodeGrant, redirect_uri: str) -> None:
        """Refuse a request without a challenge or with another method."""
        data = grant.request.payload.data
        if not CHALLENGE.fullmatch(data.get("code_challenge", "")):
            raise InvalidRequestError("PKCE is required: 'code_challenge' of 43 characters.")
        if data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("PKCE is required: 'code_challenge_method' must be S256.")
        super().validate_code_challenge(grant, redirect_uri)


class Prompts:
    """OpenID Connect's `prompt`; the nonce needs no rule where code and state are used once."""

    def __call__(self, grant: AuthorizationCodeGrant) -> None:
        """Register with a grant."""
        grant.register_hook("after_validate_consent_request", validate_request_prompt)


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib ships no types
    """Issues codes and redeems them, each once. While a code is issued, `request.user` is the session."""

    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS
    store: ProviderStore

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        """Keep a new code."""
        data = request.payload.data
        client: Client = request.client
        bound = (client.client_id, data["redirect_uri"], request.scope, data.get("nonce"), data["code_challenge"])
        run(self.store.codes.save, code, request.user, CodeBinding(*bound))

    def query_authorization_code(self, code: str, client: Client) -> AuthorizationCode | None:
        """Take the code: from here on it is burnt, whatever else is wrong with the request."""
        taken = run(self.store.codes.take, code, client.client_id)
        if isinstance(taken, CodeReuse):
            run(self._record_reuse, taken)
            return None
        return taken

    async def _record_reuse(self, reuse: CodeReuse) -> None:
        await self.store.events.record("code_reuse", **names_of(reuse))

    def delete_authorization_code(self, authorization_code: AuthorizationCode) -> None:
        """Nothing: it is kept as used, so that a second use is recognised."""

    def authenticate_user(self, authorization_code: AuthorizationCode) -> SignIn | None:
        """Who signed in; None when the account has ended since."""
        return run(self.store.sign_in, authorization_code)

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        """Access token, id_token where `openid` was granted, refresh token where `offline_access` was."""
        code: AuthorizationCode = self.request.authorization_code
        sign_in = self.authenticate_user(code)
        if sign_in is None:
            raise InvalidGrantError("The account is not active.")
        token = run(self.store.issue, sign_in, self.request.client, code.scope, code.nonce)
        if "offline_access" in code.scope.split():
            token["refresh_token"] = run(self.store.refresh_tokens.first, code.family_id)
        return 200, token, self.TOKEN_RESPONSE_HEADER


class RefreshGrantType(RefreshTokenGrant):  # type: ignore[misc]  # Authlib ships no types
    """Changes a refresh token for the next one and a new access token."""

    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True
    store: ProviderStore

    def authenticate_refresh_token(self, refresh_token: str) -> RefreshGrant | None:
        """What the token stands for; whether it may be used is decided when it is used."""
        found = run(self.store.refresh_tokens.find, refresh_token)
        if found and not found.check_client(self.request.client):
            run(self._record, "refresh_foreign_client", found)
        return found

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        """Rotate, then sign. The new refresh token has the full scope even where the access token asked for less."""
        grant: RefreshGrant = self.request.refresh_token
        sign_in = run(self.store.sign_in, grant)
        if sign_in is None:
            raise InvalidGrantError("The account is not active.")
        successor = self._rotate(grant)
        scope = self.request.client.get_allowed_scope(self.request.payload.scope or grant.scope) or ""
        token = run(self.store.issue, sign_in, self.request.client, scope, None)
        return 200, token | {"refresh_token": successor}, self.TOKEN_RESPONSE_HEADER

    def _rotate(self, grant: RefreshGrant) -> str:
        try:
            return run(self.store.refresh_tokens.rotate, self.request.form["refresh_token"])
        except RefreshRefusedError as refused:
            if refused.reused:
                run(self._record, "refresh_reuse", grant)
            raise InvalidGrantError from None

    async def _record(self, kind: str, grant: RefreshGrant) -> None:
        await self.store.events.record(kind, **names_of(grant))


class ServiceGrant(ClientCredentialsGrant):  # type: ignore[misc]  # Authlib ships no types
    """Another system's own token (RFC 6749, 4.4): no person, no session, no refresh token, no id_token."""

    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS[1:]
    store: ProviderStore

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        """An access token that speaks for the client alone."""
        client: Client = self.request.client
        scope = client.get_allowed_scope(self.request.payload.scope or " ".join(client.scopes))
        if scope is None:
            raise InvalidScopeError
        return 200, run(self.store.issue_to_service, client, scope), self.TOKEN_RESPONSE_HEADER


def with_store(grant: type, store: ProviderStore) -> Callable[..., Any]:
    """The grant class bound to one provider: Authlib makes a new object of it for every request."""
    return type(grant.__name__, (grant,), {"store": store})
