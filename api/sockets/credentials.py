"""Credentials: who follows something, until when, in which language; and whether that still holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from api.callers import Callers, Identity
from api.client_versions import NAME_HEADERS, VERSION_HEADERS, MinimumVersions, client_words
from api.language import language_of
from api.previews import ROLE_HEADER, is_preview
from api.refusals import RefusedRequest
from auth.errors import InvalidToken, Reason
from auth.viewer import Caller
from domain.errors import PreviewReadsOnly
from schema.engine.context import Language


@dataclass(frozen=True)
class Follower:
    """Whoever follows something; `csrf` came with the first message of a socket."""

    caller: Caller
    expires_at: datetime
    language: Language
    identity: Identity = field(repr=False)
    csrf: str | None = field(default=None, repr=False)

    @property
    def who(self) -> tuple[str, str]:
        """The person, through whichever client."""
        return self.caller.issuer, self.caller.subject

    @property
    def by_session(self) -> bool:
        """Whether a browser's session stands behind it, which goes on when a token ends, and can be ended."""
        return self.identity.session_id is not None


CLIENT_WORDS = (*NAME_HEADERS, *VERSION_HEADERS)


@dataclass(frozen=True)
class Credentials:
    """How a connection proves who it is. Raises what `api.authentication.REFUSED` names; nobody follows unsigned."""

    callers: Callers
    minimum_versions: MinimumVersions

    def check_client(self, connection: HTTPConnection, payload: Mapping[str, object] | None = None) -> str | None:
        """Which program follows, for the log. Raises RefusedRequest for one no longer served, and in a preview.

        By the payload of `connection_init`, else by the headers: browsers cannot set those of a handshake.
        """
        if is_preview(connection.headers) or any(name.lower() == ROLE_HEADER for name in payload or ()):
            told_so = PreviewReadsOnly()
            raise RefusedRequest(403, told_so.english, told_so.russian, told_so.code)
        told = {name.lower(): text for name, text in (payload or {}).items() if isinstance(text, str)}
        words = {name: told[name] for name in CLIENT_WORDS if name in told}
        headers = Headers(words) if words else connection.headers
        self.minimum_versions.check(headers)
        return client_words(headers)

    async def of_socket(self, connection: HTTPConnection, payload: Mapping[str, object]) -> Follower:
        """By the payload of `connection_init`, else by the headers of the handshake, which browsers cannot set."""
        named = {name.lower(): text for name, text in payload.items() if isinstance(text, str)}
        authorization, csrf = named.get("authorization"), named.get("csrf")
        identity = await self.callers.identify(connection, authorization=authorization, csrf=csrf)
        wanted = named.get("accept-language") or named.get("language")
        headers = connection.headers if wanted is None else Headers({"accept-language": wanted})
        return _follower(identity, language_of(headers), csrf)

    async def of_request(self, connection: HTTPConnection) -> Follower:
        """By the headers of a request."""
        return _follower(await self.callers.identify(connection), language_of(connection.headers))

    async def again(self, connection: HTTPConnection, follower: Follower) -> Follower | None:
        """The same follower with the session's newer token; None when there is no session that could go on."""
        if not follower.by_session or not await self.callers.lives(follower.identity):
            return None
        identity = await self.callers.identify(connection, csrf=follower.csrf)
        if identity.caller != follower.caller or identity.expires_at is None:
            return None
        return replace(follower, identity=identity, expires_at=identity.expires_at)


def _follower(identity: Identity, language: Language, csrf: str | None = None) -> Follower:
    if identity.caller is None or identity.expires_at is None:
        raise InvalidToken(Reason.CREDENTIALS)
    return Follower(identity.caller, identity.expires_at, language, identity, csrf)
