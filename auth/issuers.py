"""A trusted issuer: everything we must know of an OpenID provider to accept its access tokens, as settings."""

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Level = Literal["KD", "PR", "P"]
"""Account level in ESIA's words: KD child, PR confirmed, P simplified or standard."""

Algorithm = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "Ed448", "EdDSA"
]
"""Signatures with a public key only: a shared secret (HS*) would let every verifier forge tokens."""


def _split_path(path: object) -> object:
    """Turn the dotted form into names; names that have dots themselves are written as a list."""
    return tuple(path.split(".")) if isinstance(path, str) else path


Name = Annotated[str, Field(min_length=1)]
ClaimPath = Annotated[tuple[Name, ...], BeforeValidator(_split_path), Field(min_length=1)]


class Issuer(BaseModel):
    """How tokens of one OpenID provider look and what of them we believe.

    Unknown members are refused, so that a misspelt setting cannot silently weaken a check. Raises
    pydantic.ValidationError.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str
    """Compared with `iss` character by character: a slash at the end matters."""
    audience: Name
    """Must stand in `aud`. Keycloak writes it only with an audience mapper: add one, it cannot be left out here."""
    algorithms: tuple[Algorithm, ...] = Field(default=("ES256", "RS256"), min_length=1)
    typ: tuple[Name, ...] = Field(default=("at+jwt",), min_length=1)
    """Accepted header types, in any case, with or without `application/`."""
    payload_typ: str | None = "Bearer"
    """What the payload's `typ` must say in tokens of header type JWT (Keycloak); None: the issuer writes none."""
    jwks_uri: str | None = None
    """Where the keys are; None: ask the discovery document."""
    allow_missing_kid: bool = False
    """Accept tokens without `kid` and try every fitting key."""
    client_claims: tuple[Name, ...] = Field(default=("client_id", "azp"), min_length=1)
    """Claims that may name the client; those present must agree."""
    subject_claim: ClaimPath = ("sub",)
    level_claim: ClaimPath | None = ("urn:esia:sbj:lvl",)
    levels: dict[str, Level] = {"KD": "KD", "PR": "PR", "P": "P"}
    """The issuer's account levels in ESIA's words."""
    trusted_claim: ClaimPath | None = ("urn:esia:sbj:is_tru",)
    matches_people: bool = False
    """Its userinfo tells СНИЛС, name and birth date that the state has checked: an unknown account is matched by them.

    Never for an issuer whose users write these themselves: they could be whom they like.
    """
    scope_claim: ClaimPath = ("scope",)
    scopes: dict[str, Name] | None = None
    """The issuer's scope -> ours, others are dropped; None: they are ours already."""
    forbidden_claims: frozenset[Name] = frozenset({"nonce", "at_hash", "c_hash", "events", "cnf"})
    """Marks of an id_token, a logout token, and a token bound to a key that a mere bearer cannot prove to hold."""
    leeway_seconds: int = Field(default=30, ge=0, le=120)
    max_lifetime_seconds: int = Field(default=3600, ge=60, le=86400)

    @model_validator(mode="after")
    def _addresses_are_safe(self) -> Self:
        _check_address("issuer", self.issuer)
        if urlsplit(self.issuer).query:
            raise ValueError("issuer must have no query")
        if self.jwks_uri is not None:
            self.check_jwks_uri(self.jwks_uri)
        return self

    def check_jwks_uri(self, address: str) -> None:
        """Raise ValueError unless keys may be fetched there: never over plain http for an issuer on https."""
        _check_address("jwks_uri", address)
        if urlsplit(self.issuer).scheme == "https" and urlsplit(address).scheme != "https":
            raise ValueError("jwks_uri of an https issuer must be https")

    @property
    def discovery_uri(self) -> str:
        """Address of the discovery document (OpenID Connect Discovery, section 4)."""
        return self.issuer.rstrip("/") + "/.well-known/openid-configuration"

    def accepts_typ(self, typ: str) -> bool:
        """Whether tokens may have this header type (RFC 9068, section 4; media types know no case)."""
        return media_type(typ) in {media_type(accepted) for accepted in self.typ}


def media_type(typ: str) -> str:
    """Bring a header type to one spelling (RFC 7515, section 4.1.9: `application/` may be left out)."""
    return typ.lower().removeprefix("application/")


def _check_address(name: str, address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.fragment or parts.username is not None:
        raise ValueError(f"{name} must be an absolute http(s) address without user name and fragment")
