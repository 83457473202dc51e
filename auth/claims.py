"""Every claim of an access token: required, checked or ignored by name; and the type of those that passed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from auth.errors import InvalidToken, Reason
from auth.issuers import ClaimPath, Issuer, Level, media_type

MAX_TEXT = 255  # characters; OpenID Connect allows a subject no more
MAX_METHODS = 16
LAST_SECOND = 253402300799  # of the year 9999: the last that datetime can hold

Payload = Mapping[str, Any]


class Treatment(Enum):
    """What we do with a claim."""

    REQUIRED = "the token is refused without it"
    CHECKED = "the token is refused when it is there and wrong"
    IGNORED = "it changes nothing, whatever it says"


CLAIMS: Mapping[str, Treatment] = {
    "iss": Treatment.REQUIRED,
    "aud": Treatment.REQUIRED,
    "exp": Treatment.REQUIRED,
    "iat": Treatment.REQUIRED,
    "nbf": Treatment.CHECKED,
    "auth_time": Treatment.CHECKED,
    "amr": Treatment.CHECKED,
    "jti": Treatment.CHECKED,
    "typ": Treatment.CHECKED,
    # Names and contacts are for the client's page; people are found by (iss, sub) alone.
    "name": Treatment.IGNORED,
    "given_name": Treatment.IGNORED,
    "family_name": Treatment.IGNORED,
    "middle_name": Treatment.IGNORED,
    "preferred_username": Treatment.IGNORED,
    "email": Treatment.IGNORED,
    "email_verified": Treatment.IGNORED,
    # Roles come from our tables only, so that a revoked one stops working at once.
    "roles": Treatment.IGNORED,
    "groups": Treatment.IGNORED,
    "entitlements": Treatment.IGNORED,
    "realm_access": Treatment.IGNORED,
    "resource_access": Treatment.IGNORED,
    # Sessions are the provider's; `acr` has no meaning that two providers share.
    "sid": Treatment.IGNORED,
    "session_state": Treatment.IGNORED,
    "urn:esia:sid": Treatment.IGNORED,
    "acr": Treatment.IGNORED,
    # Which pages may call us is said by our own settings.
    "allowed-origins": Treatment.IGNORED,
}
"""The claims that mean the same with every issuer; `treatments` adds those that an issuer names in its own way."""


@dataclass(frozen=True, slots=True)
class VerifiedClaims:
    """What a verified token says. Moments are aware, in UTC."""

    issuer: str
    subject: str
    client_id: str
    scopes: frozenset[str]
    auth_time: datetime | None
    """When the person last proved who they are."""
    amr: tuple[str, ...]
    """How (RFC 8176), in the issuer's order."""
    level: Level | None
    trusted: bool
    """The account is confirmed; False also when the token does not say."""
    expires_at: datetime
    """As the token says; we accept it a leeway longer."""
    token_id: str | None
    unknown_claims: tuple[str, ...] = ()
    """Names, sorted, of claims that nobody accounted for; ignored, but worth a line in the log."""


def treatments(issuer: Issuer) -> dict[str, Treatment]:
    """Say for each claim name of this issuer's tokens what we do with it."""
    checked = [issuer.scope_claim, issuer.level_claim, issuer.trusted_claim]
    return {
        **CLAIMS,
        **{path[0]: Treatment.CHECKED for path in checked if path is not None},
        **dict.fromkeys(issuer.client_claims, Treatment.CHECKED),
        **dict.fromkeys(issuer.forbidden_claims, Treatment.CHECKED),
        issuer.subject_claim[0]: Treatment.REQUIRED,
    }


def read_claims(payload: Payload, header_typ: str, issuer: Issuer, now: float) -> VerifiedClaims:
    """Check each claim of a token whose signature is good, at `now` in seconds since 1970.

    Raises InvalidToken.
    """
    _check_kind(payload, header_typ, issuer)
    expires_at = _check_times(payload, issuer, now)
    _check_audience(payload, issuer)
    subject = _subject(payload, issuer.subject_claim)
    known = treatments(issuer)
    return VerifiedClaims(
        issuer=issuer.issuer,
        subject=subject,
        client_id=_client(payload, issuer),
        scopes=_scopes(payload, issuer),
        auth_time=_auth_time(payload, issuer, now),
        amr=_methods(payload),
        level=_level(payload, issuer),
        trusted=_trusted(payload, issuer),
        expires_at=datetime.fromtimestamp(expires_at, UTC),
        token_id=_text(payload["jti"], Reason.TOKEN_ID) if "jti" in payload else None,
        unknown_claims=tuple(sorted(_loggable(name) for name in payload if name not in known)),
    )


def _check_kind(payload: Payload, header_typ: str, issuer: Issuer) -> None:
    """Refuse what the issuer signed for another purpose: id_token, refresh token, logout token."""
    if not issuer.forbidden_claims.isdisjoint(payload):
        raise InvalidToken(Reason.FORBIDDEN_CLAIM)
    if media_type(header_typ) != "jwt":
        return
    if issuer.payload_typ is not None and payload.get("typ") != issuer.payload_typ:
        raise InvalidToken(Reason.TYPE)
    if _at(payload, issuer.scope_claim) is None:
        raise InvalidToken(Reason.SCOPE)


def _check_times(payload: Payload, issuer: Issuer, now: float) -> float:
    """Return the moment of expiry, in seconds since 1970."""
    issued_at, expires_at = _seconds(payload.get("iat")), _seconds(payload.get("exp"))
    not_before = _seconds(payload["nbf"]) if "nbf" in payload else issued_at
    if now >= expires_at + issuer.leeway_seconds:
        raise InvalidToken(Reason.EXPIRED)
    if max(issued_at, not_before) > now + issuer.leeway_seconds:
        raise InvalidToken(Reason.NOT_YET_VALID)
    if not 0 < expires_at - issued_at <= issuer.max_lifetime_seconds:
        raise InvalidToken(Reason.LIFETIME)
    return expires_at


def _seconds(value: object, reason: Reason = Reason.TIME) -> float:
    # `type`, since a boolean is an int too; the bounds stop infinities, which are floats, and 400-digit integers.
    if type(value) not in (int, float) or not 0 <= value <= LAST_SECOND:  # type: ignore[operator]
        raise InvalidToken(reason)
    return float(value)  # type: ignore[arg-type]


def _check_audience(payload: Payload, issuer: Issuer) -> None:
    audience = payload.get("aud")
    members = [audience] if isinstance(audience, str) else audience
    if not isinstance(members, list) or not all(isinstance(member, str) for member in members):
        raise InvalidToken(Reason.AUDIENCE)
    if issuer.audience not in members:
        raise InvalidToken(Reason.AUDIENCE)


def _subject(payload: Payload, path: ClaimPath) -> str:
    value = _at(payload, path)
    # `sub` is a string by RFC 7519; vendors' own claims, like ESIA's object id, may be numbers.
    if path != ("sub",) and type(value) is int and 0 < value < 2**63:
        return str(value)
    return _text(value, Reason.SUBJECT)


def _client(payload: Payload, issuer: Issuer) -> str:
    named = {_text(payload[name], Reason.CLIENT) for name in issuer.client_claims if name in payload}
    if len(named) != 1:
        raise InvalidToken(Reason.CLIENT)
    return named.pop()


def _scopes(payload: Payload, issuer: Issuer) -> frozenset[str]:
    value = _at(payload, issuer.scope_claim)
    given = value.split(" ") if isinstance(value, str) else [] if value is None else value
    if not isinstance(given, list) or not all(isinstance(scope, str) and scope.isprintable() for scope in given):
        raise InvalidToken(Reason.SCOPE)
    ours = given if issuer.scopes is None else [issuer.scopes[scope] for scope in given if scope in issuer.scopes]
    return frozenset(ours) - {""}


def _auth_time(payload: Payload, issuer: Issuer, now: float) -> datetime | None:
    if "auth_time" not in payload:
        return None
    seconds = _seconds(payload["auth_time"], Reason.AUTHENTICATION)
    # A sign-in that is still to come would count as fresh for ever.
    if seconds > now + issuer.leeway_seconds:
        raise InvalidToken(Reason.AUTHENTICATION)
    return datetime.fromtimestamp(seconds, UTC)


def _methods(payload: Payload) -> tuple[str, ...]:
    value = payload.get("amr", [])
    methods = [value] if isinstance(value, str) else value  # ESIA writes one method as a plain string
    if not isinstance(methods, list) or len(methods) > MAX_METHODS:
        raise InvalidToken(Reason.AUTHENTICATION)
    return tuple(_text(method, Reason.AUTHENTICATION) for method in methods)


def _level(payload: Payload, issuer: Issuer) -> Level | None:
    value = None if issuer.level_claim is None else _at(payload, issuer.level_claim)
    if value is None:
        return None
    # A level we cannot read is refused: it may be the one that marks a child.
    if not isinstance(value, str) or value not in issuer.levels:
        raise InvalidToken(Reason.ASSURANCE)
    return issuer.levels[value]


def _trusted(payload: Payload, issuer: Issuer) -> bool:
    value = None if issuer.trusted_claim is None else _at(payload, issuer.trusted_claim)
    if value is not None and not isinstance(value, bool):
        raise InvalidToken(Reason.ASSURANCE)
    return value is True


def _at(payload: Payload, path: ClaimPath) -> object:
    """Follow the path; None when it leads nowhere."""
    value: object = payload
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _text(value: object, reason: Reason) -> str:
    """Accept what a database and a log line can hold: no NUL, no control character, no half of a surrogate pair."""
    if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT:
        raise InvalidToken(reason)
    if not value.isprintable() or value != value.strip():
        raise InvalidToken(reason)
    return value


def _loggable(name: str) -> str:
    return name if name.isprintable() else ascii(name)
