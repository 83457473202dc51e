"""The claims of our tokens: access tokens (RFC 9068) and id_tokens (OpenID Connect, with ESIA's names inside)."""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from auth.provider.config import ProviderConfig
from auth.provider.person import Person, esia_subject
from domain import clock

ACCESS_TOKEN_ALG = "ES256"  # noqa: S105 - the name of an algorithm


@dataclass(frozen=True)
class SignIn:
    """A person who signed in: when, how, and in which session (None for a token minted without one)."""

    person: Person
    auth_time: datetime
    amr: Sequence[str]
    session_id: UUID | None = None


def access_token_claims(config: ProviderConfig, sign_in: SignIn, client_id: str, scope: str) -> dict[str, Any]:
    """Claims for the API. Levels only, no names: the API looks people up in its own tables."""
    claims = _claims_for_api(config, sign_in.person.oid, client_id, scope) | {
        "auth_time": int(sign_in.auth_time.timestamp()),
        "amr": list(sign_in.amr),
        "urn:esia:sbj:lvl": sign_in.person.level,
    }
    return claims | ({"urn:esia:sbj:is_tru": True} if sign_in.person.trusted else {})


def service_token_claims(config: ProviderConfig, client_id: str, scope: str) -> dict[str, Any]:
    """Claims of another system's own token: `sub` is the client (RFC 9068, 2.2); nothing says who a person is.

    No person can have such a subject: theirs are numbers, and a client's identifier never is one.
    """
    return _claims_for_api(config, client_id, client_id, scope)


def _claims_for_api(config: ProviderConfig, subject: str, client_id: str, scope: str) -> dict[str, Any]:
    now = clock.seconds()
    return {
        "iss": config.issuer,
        "sub": subject,
        "aud": config.audience,
        "client_id": client_id,
        "scope": scope,
        "iat": now,
        "exp": now + int(config.lifetimes.access_token.total_seconds()),
        "jti": secrets.token_urlsafe(16),
    }


def id_token_claims(
    config: ProviderConfig, sign_in: SignIn, client_id: str, access_token: str, nonce: str | None
) -> dict[str, Any]:
    """Claims for the client: who signed in, when and how; the rest is at userinfo."""
    now = clock.seconds()
    claims: dict[str, Any] = {
        "iss": config.issuer,
        "sub": sign_in.person.oid,
        "aud": client_id,
        "iat": now,
        "exp": now + int(config.lifetimes.id_token.total_seconds()),
        "auth_time": int(sign_in.auth_time.timestamp()),
        "amr": list(sign_in.amr),
        "at_hash": _half_hash(access_token),
        "sid": str(sign_in.session_id),
        "urn:esia:sid": str(sign_in.session_id),
        "urn:esia:amd": "PWD",
        "urn:esia:sbj": esia_subject(sign_in.person),
    }
    return claims | ({"nonce": nonce} if nonce else {})


def _half_hash(token: str) -> str:
    """The left half of the SHA-256 (both our algorithms use it), base64url without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode("ascii")).digest()[:16]).rstrip(b"=").decode()
