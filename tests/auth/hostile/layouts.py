"""Two layouts of access tokens, a published key set, and the tools to forge: everything a hostile row needs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64encode

from auth.issuers import Issuer
from auth.keys import KeySource
from auth.tokens import Verifier

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())

Key = RSAKey | ECKey | OKPKey


@dataclass(frozen=True)
class Layout:
    """How one issuer writes a good token, and the key it signs with."""

    name: str
    issuer: Issuer
    key: Key
    other_algorithm: str
    header: Mapping[str, Any]
    claims: Mapping[str, Any]

    @property
    def algorithm(self) -> str:
        return str(self.header["alg"])

    @property
    def client_claim(self) -> str:
        return self.issuer.client_claims[0]

    def token(self, header: Mapping[str, Any] | None = None, claims: Mapping[str, Any] | None = None) -> str:
        """A token signed by the issuer; None: as a good one."""
        return self.signed(encode(header or self.header), encode(claims or self.claims))

    def signed(self, header: bytes, payload: bytes) -> str:
        """Any two segments with the issuer's own signature over them."""
        return seal(header, payload, self.key, self.algorithm)


@dataclass
class Published:
    """The issuer's web server: its documents, and the addresses asked for."""

    documents: dict[str, bytes]
    asked: list[str] = field(default_factory=list)

    async def fetch(self, address: str) -> bytes:
        self.asked.append(address)
        return self.documents[address]


def encode(value: object) -> bytes:
    """A segment: of JSON, or of bytes as they are."""
    return urlsafe_b64encode(value if isinstance(value, bytes) else json.dumps(value).encode())


def seal(header: bytes, payload: bytes, key: Key, algorithm: str) -> str:
    signed = header + b"." + payload
    signature = JWSRegistry.algorithms[algorithm].sign(signed, key)
    return (signed + b"." + urlsafe_b64encode(signature)).decode()


def key_set(*keys: Key | Mapping[str, Any]) -> bytes:
    """A JWK set of public keys, and of raw members as they are."""
    return json.dumps({"keys": [dict(key) if isinstance(key, Mapping) else key.as_dict() for key in keys]}).encode()


@cache
def stand_in() -> Layout:
    """The stand-in provider: RFC 9068, ES256."""
    issuer = Issuer(
        issuer="http://127.0.0.1:8000/oidc", audience="vhod-api", jwks_uri="http://127.0.0.1:8000/oidc/jwks"
    )
    return Layout(
        name="stand-in",
        issuer=issuer,
        key=ECKey.generate_key("P-256", {"kid": "stand-in-1", "alg": "ES256", "use": "sig"}),
        other_algorithm="RS256",
        header={"alg": "ES256", "typ": "at+jwt", "kid": "stand-in-1"},
        claims={
            "iss": issuer.issuer,
            "sub": "1000299353",
            "aud": "vhod-api",
            "client_id": "vhod-spa",
            "scope": "openid education:read education:write",
            "iat": SECONDS - 60,
            "exp": SECONDS + 540,
            "auth_time": SECONDS - 300,
            "amr": ["pwd"],
            "jti": "1f0c5b8e",
            "urn:esia:sbj:lvl": "PR",
            "urn:esia:sbj:is_tru": True,
        },
    )


@cache
def keycloak() -> Layout:
    """A realm of Keycloak with an audience mapper: header type JWT, `azp`, RS256."""
    issuer = Issuer(
        issuer="https://id.example.test/realms/region",
        audience="vhod-api",
        algorithms=("RS256", "ES256"),
        typ=("JWT",),
        jwks_uri="https://id.example.test/realms/region/certs",
        client_claims=("azp",),
    )
    return Layout(
        name="keycloak",
        issuer=issuer,
        key=RSAKey.generate_key(2048, {"kid": "keycloak-1", "alg": "RS256", "use": "sig"}),
        other_algorithm="ES256",
        header={"alg": "RS256", "typ": "JWT", "kid": "keycloak-1"},
        claims={
            "iss": issuer.issuer,
            "sub": "4f2c1e0a-7b1d-4a35-9a51-0d6a3a8f0b11",
            "aud": ["account", "vhod-api"],
            "azp": "diary",
            "typ": "Bearer",
            "scope": "profile education:read",
            "iat": SECONDS - 60,
            "exp": SECONDS + 240,
            "auth_time": SECONDS - 60,
            "jti": "onrtac:7a3b",
            "acr": "1",
            "sid": "b1d7",
            "realm_access": {"roles": ["offline_access"]},
            "allowed-origins": ["https://diary.example.test"],
            "preferred_username": "ivanova",
        },
    )


@cache
def foreign() -> Layout:
    """An issuer with everything different, known by its settings alone."""
    issuer = Issuer.model_validate_json("""{
        "issuer": "https://gate.example.test/",
        "audience": "urn:region:education",
        "algorithms": ["Ed25519"],
        "typ": ["access+jwt"],
        "jwks_uri": "https://keys.example.test/set.json",
        "client_claims": ["application"],
        "subject_claim": ["urn:esia:sbj", "urn:esia:sbj:oid"],
        "level_claim": "account.level",
        "levels": {"child": "KD", "full": "PR"},
        "trusted_claim": "account.confirmed",
        "scope_claim": "permissions",
        "scopes": {"https://gate.example.test/read": "education:read"},
        "leeway_seconds": 0,
        "max_lifetime_seconds": 900,
        "allow_missing_kid": true
    }""")
    return Layout(
        name="foreign",
        issuer=issuer,
        key=OKPKey.generate_key("Ed25519"),
        other_algorithm="Ed448",
        header={"alg": "Ed25519", "typ": "access+jwt"},
        claims={
            "iss": "https://gate.example.test/",
            "aud": "urn:region:education",
            "application": "journal",
            "urn:esia:sbj": {"urn:esia:sbj:oid": 1000299353, "urn:esia:sbj:typ": "P"},
            "account": {"level": "child", "confirmed": False},
            "permissions": ["https://gate.example.test/read", "https://gate.example.test/admin"],
            "iat": SECONDS,
            "exp": SECONDS + 900,
        },
    )


LAYOUTS = {"stand-in": stand_in, "keycloak": keycloak}


def make_verifier(*layouts: Layout) -> tuple[Verifier, Published]:
    """A verifier that trusts these issuers, and the server that publishes their keys."""
    published = Published({str(layout.issuer.jwks_uri): key_set(layout.key) for layout in layouts})
    sources = {layout.issuer.issuer: KeySource(layout.issuer, published.fetch, lambda: 0.0) for layout in layouts}
    return Verifier([layout.issuer for layout in layouts], sources, lambda: NOW), published
