"""The resource server's verifier: a bearer token is checked against its issuer's settings and keys."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64decode

from auth.claims import VerifiedClaims, read_claims
from auth.errors import InvalidToken, Reason
from auth.issuers import Issuer
from auth.keys import KeySource, PublicKey

MAX_TOKEN_CHARACTERS = 16 * 1024
MAX_KID_CHARACTERS = 255
MAX_SIGNATURE_CHECKS = 8
REFUSED_HEADERS = frozenset({"crit", "b64", "jwk", "jku", "x5u", "x5c"})
"""We know no critical extension, and a token has no say in which key it is checked with."""


@dataclass(frozen=True, slots=True)
class _Token:
    """A token taken apart, nothing of it believed yet."""

    header: dict[str, Any]
    payload: dict[str, Any]
    signed: bytes
    signature: bytes


class Verifier:
    """Verifies access tokens of the configured issuers (RFC 9068, RFC 8725)."""

    def __init__(self, issuers: Iterable[Issuer], keys: Mapping[str, KeySource], clock: Callable[[], datetime]) -> None:
        """Take the trusted issuers, the key source of each by `iss`, and a clock of aware moments."""
        trusted = list(issuers)
        self._issuers = {issuer.issuer: (issuer, keys[issuer.issuer]) for issuer in trusted}
        if len(self._issuers) != len(trusted):
            raise ValueError("an issuer is configured twice")
        self._clock = clock

    async def verify(self, token: str) -> VerifiedClaims:
        """Return what the token says, or raise InvalidToken, or KeysUnavailable when nobody can say.

        The work is bounded: at most one refresh of keys, and one signature check for each key that has the token's
        `kid`, never more than eight.
        """
        parts = _take_apart(token)
        issuer, source = self._issuer_of(parts.payload)
        algorithm, typ = _check_header(parts.header, issuer)
        keys = await source.find(_kid(parts.header, issuer))
        _check_signature(parts, keys, algorithm)
        return read_claims(parts.payload, typ, issuer, self._clock().timestamp())

    def _issuer_of(self, payload: dict[str, Any]) -> tuple[Issuer, KeySource]:
        """Pick the issuer by a claim that is not verified yet: it only says against what to check."""
        name = payload.get("iss")
        if not isinstance(name, str) or name not in self._issuers:
            raise InvalidToken(Reason.ISSUER)
        return self._issuers[name]


def _take_apart(token: str) -> _Token:
    if len(token) > MAX_TOKEN_CHARACTERS:
        raise InvalidToken(Reason.TOO_LONG)
    try:
        header, payload, signature = token.encode("ascii").split(b".")
        return _Token(
            header=_json_object(header),
            payload=_json_object(payload),
            signed=header + b"." + payload,
            signature=urlsafe_b64decode(signature),
        )
    except (ValueError, RecursionError) as error:  # text that is no token; JSON nested a thousand deep
        raise InvalidToken(Reason.MALFORMED) from error


def _json_object(segment: bytes) -> dict[str, Any]:
    text = urlsafe_b64decode(segment).decode()  # UTF-8 and nothing else; json would guess from bytes
    value = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    if not isinstance(value, dict):
        raise ValueError("no JSON object")  # noqa: TRY004 - one kind of error for all that is no token
    return value


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name given twice: two readers may believe two different values."""
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name stands twice")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _check_header(header: dict[str, Any], issuer: Issuer) -> tuple[str, str]:
    """Return algorithm and type. Other parameters, like ESIA's `ver` and `sbt`, change nothing."""
    if not REFUSED_HEADERS.isdisjoint(header):
        raise InvalidToken(Reason.HEADER)
    algorithm, typ = header.get("alg"), header.get("typ")
    if not isinstance(algorithm, str) or algorithm not in issuer.algorithms:
        raise InvalidToken(Reason.ALGORITHM)
    if not isinstance(typ, str) or not issuer.accepts_typ(typ):
        raise InvalidToken(Reason.TYPE)
    return algorithm, typ


def _kid(header: dict[str, Any], issuer: Issuer) -> str | None:
    if "kid" not in header and issuer.allow_missing_kid:
        return None
    kid = header.get("kid")
    if not isinstance(kid, str) or not 0 < len(kid) <= MAX_KID_CHARACTERS or not kid.isprintable():
        raise InvalidToken(Reason.KEY_ID)
    return kid


def _check_signature(token: _Token, keys: Sequence[PublicKey], algorithm: str) -> None:
    if not keys:
        raise InvalidToken(Reason.UNKNOWN_KEY)
    fitting = [key for key in keys if _fits(key, algorithm)]
    if not fitting:
        raise InvalidToken(Reason.KEY_MISMATCH)
    verify = JWSRegistry.algorithms[algorithm].verify
    if not any(verify(token.signed, token.signature, key) for key in fitting[:MAX_SIGNATURE_CHECKS]):
        raise InvalidToken(Reason.SIGNATURE)


def _fits(key: PublicKey, algorithm: str) -> bool:
    """Whether the key is of the algorithm's kind and curve and its own `alg` and `use` agree."""
    try:
        JWSRegistry.algorithms[algorithm].check_key(key)
    except JoseError:
        return False
    return True
