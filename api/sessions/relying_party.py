"""The code flow seen from our side, by Authlib's OAuth client: to the provider, back with tokens, renewed, ended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

import httpx2
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from api.identities.userinfo import OpenHttp, Told, Userinfo
from api.sessions.client import SessionClient
from api.sessions.discovery import Discovery, Endpoints
from api.sessions.errors import ProviderAway, SessionEnded, SignInFailed
from api.sessions.id_tokens import IdTokens
from api.sessions.pending import PendingSignIn
from api.sessions.tokens import SessionTokens
from auth.claims import VerifiedClaims
from auth.errors import InvalidToken, KeysUnavailable
from auth.sealing import new_secret
from auth.verified_tokens import VerifiedTokens

LONGEST_NAME = 200


@dataclass(frozen=True)
class SignedIn:
    """A person who came back from the provider."""

    claims: VerifiedClaims
    tokens: SessionTokens
    told: Told
    """By the provider, of the person."""


@dataclass(frozen=True)
class RelyingParty:
    """One provider, one client of it."""

    client: SessionClient
    discovery: Discovery
    id_tokens: IdTokens
    verifier: VerifiedTokens
    clock: Callable[[], datetime]
    network: OpenHttp

    async def begin(self, next_page: str, *, fresh: bool) -> tuple[str, PendingSignIn]:
        """The provider's address to go to, and what to remember until the browser is back. Raises ProviderAway."""
        pending = PendingSignIn(new_secret(), new_secret(), new_secret(), next_page)
        address = (await self._endpoints()).authorization
        asked = {"prompt": "login"} if fresh else {}
        async with self._oauth() as oauth:
            url, _ = oauth.create_authorization_url(
                address, state=pending.state, nonce=pending.nonce, code_verifier=pending.code_verifier, **asked
            )
        return url, pending

    async def finish(self, answer: Mapping[str, str], pending: PendingSignIn) -> SignedIn:
        """Redeem what the provider sent. Raises SignInFailed for whatever does not fit, ProviderAway."""
        await self._check_sender(answer)
        if "error" in answer:
            raise SignInFailed("cancelled" if answer["error"] == "access_denied" else "provider")
        if not answer.get("code"):
            raise SignInFailed("no_code")
        tokens = await self._ask("authorization_code", code=answer["code"], code_verifier=pending.code_verifier)
        claims = await self._verified(tokens.access_token)
        sid = await self._check_person(tokens, claims, pending.nonce, required=True)
        told = await self._told(tokens)
        return SignedIn(claims, replace(tokens, expires_at=claims.expires_at, name=_name(told), sid=sid), told)

    async def renew(self, old: SessionTokens, subject: str) -> SessionTokens:
        """The tokens after these. Raises SessionEnded when the provider gives none, ProviderAway."""
        if old.refresh_token is None:
            raise SessionEnded
        try:
            tokens, claims, sid = await self._next(old.refresh_token, subject)
        except SignInFailed as error:
            structlog.get_logger(__name__).info("session:not_renewed", reason=error.reason)
            raise SessionEnded from error
        return replace(
            tokens,
            expires_at=claims.expires_at,
            refresh_token=tokens.refresh_token or old.refresh_token,
            id_token=tokens.id_token or old.id_token,
            name=old.name,
            sid=sid or old.sid,
        )

    async def sign_out_address(self, tokens: SessionTokens) -> str | None:
        """Where the browser ends the provider's own session; None when the provider has no such page."""
        try:
            address = (await self._endpoints()).end_session
        except ProviderAway:  # our own session ends, whatever the provider does
            return None
        if address is None:
            return None
        asked = {"client_id": self.client.client_id, "post_logout_redirect_uri": self.client.signed_out_uri}
        hint = {"id_token_hint": tokens.id_token} if tokens.id_token else {}
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked | hint)}"

    async def _next(self, refresh_token: str, subject: str) -> tuple[SessionTokens, VerifiedClaims, str | None]:
        tokens = await self._ask("refresh_token", refresh_token=refresh_token)
        claims = await self._verified(tokens.access_token)
        sid = await self._check_person(tokens, claims, None, required=False)
        if claims.subject != subject:
            raise SignInFailed("subject")
        return tokens, claims, sid

    async def _check_sender(self, answer: Mapping[str, str]) -> None:
        """Authlib ignores `iss`: another provider could pass its answer off as this one's (mix-up, RFC 9207)."""
        sender = answer.get("iss")
        required = (await self._endpoints()).names_itself
        if (sender is None and required) or sender not in (None, self.client.issuer.issuer):
            raise SignInFailed("issuer")

    async def _ask(self, grant_type: str, **fields: str) -> SessionTokens:
        address = (await self._endpoints()).token
        try:
            async with self._oauth() as oauth:
                given = dict(await oauth.fetch_token(address, grant_type=grant_type, **fields))
        except OAuthError as error:
            raise SignInFailed("refused") from error
        except (httpx2.HTTPError, AuthlibBaseError) as error:
            raise ProviderAway from error
        except (ValueError, TypeError) as error:  # an answer that is no JSON, or no token answer
            raise SignInFailed("answer") from error
        access_token = _text(given.get("access_token"))
        if access_token is None:
            raise SignInFailed("answer")
        # Until the token itself has said when it ends.
        return SessionTokens(
            access_token, self.clock(), _text(given.get("refresh_token")), _text(given.get("id_token"))
        )

    async def _verified(self, access_token: str) -> VerifiedClaims:
        """Judge the access token as if it had come with a request: what we would refuse later is refused now."""
        try:
            return await self.verifier.verify(access_token)
        except InvalidToken as error:
            raise SignInFailed(f"access_token_{error.reason.value}") from error
        except KeysUnavailable as error:
            raise ProviderAway from error

    async def _check_person(
        self, tokens: SessionTokens, claims: VerifiedClaims, nonce: str | None, *, required: bool
    ) -> str | None:
        """That the id_token is of the same person; gives what the provider calls its session."""
        if tokens.id_token is None:
            if required:
                raise SignInFailed("id_token")
            return None
        try:
            identity = await self.id_tokens.verify(tokens.id_token, tokens.access_token, nonce)
        except KeysUnavailable as error:
            raise ProviderAway from error
        if self.client.issuer.subject_claim == ("sub",) and identity["sub"] != claims.subject:
            raise SignInFailed("subject")
        return _text(identity.get("sid"))

    async def _told(self, tokens: SessionTokens) -> Told:
        """Who the person is; sign-in does not fail for want of it."""
        try:
            return await Userinfo(self.discovery, self.network).ask(tokens.access_token)
        except ProviderAway:
            return {}

    async def _endpoints(self) -> Endpoints:
        try:
            return await self.discovery.endpoints()
        except Exception as error:  # a foreign system can fail in any way
            raise ProviderAway from error

    def _oauth(self) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            self.client.client_id,
            self.client.secret,
            scope=self.client.scope,
            redirect_uri=self.client.redirect_uri,
            code_challenge_method="S256",
            **self.network(),
        )


def _name(told: Told) -> str | None:
    """What to call the person in the corner of a page."""
    name = told.get("name")
    return name[:LONGEST_NAME] if isinstance(name, str) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
