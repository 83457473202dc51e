"""What is declared: clients and their secrets, configuration, people, metadata, minted tokens (O2, O12)."""

import base64
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from authlib.oidc.discovery import OpenIDProviderMetadata
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy.ext.asyncio import AsyncEngine

from auth.provider.clients import Client, development_clients, development_secret
from auth.provider.config import ProviderConfig
from auth.provider.minting import mint_access_token
from auth.provider.people import load_people
from auth.provider.store import ProviderStore
from tests.auth.provider.browser import ISSUER, WEB, Browser

pytestmark = pytest.mark.anyio
Sql = Callable[..., Awaitable[list[Any]]]
KEY = "a key for tests, not for life"

BAD_ADDRESSES = [
    *("http://rp.example/callback", "https://*.example/callback", "https://rp.example/#x", "javascript:alert(1)"),
    *("http://localhost:3000/callback", "https://a@rp.example/", "myapp:/callback", "ru.vhod://host/callback", ""),
    *("http://127.0.0.1.evil.example/", "https://вход.example/", "https:/callback", "data:text/html,x"),
]


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_client_cannot_register_a_dangerous_address(address: str) -> None:
    """https, loopback literals, and for native clients a scheme in reverse-domain form."""
    with pytest.raises(ValueError, match="rp"):
        Client("rp-client", "A client", "native", [address], ["openid"])


@pytest.mark.parametrize("kind", ["public", "confidential"])
def test_private_use_scheme_is_for_native_clients(kind: Any) -> None:
    """In a browser or on a server it makes no sense."""
    with pytest.raises(ValueError, match="private-use"):
        Client("rp-client", "A client", kind, ["org.example.rp:/callback"], ["openid"])


def test_unknown_scope_cannot_be_registered() -> None:
    """A slip in a file is found at start-up."""
    with pytest.raises(ValueError, match="unknown scopes"):
        Client("rp-client", "A client", "public", ["https://rp.example/"], ["openid", "education:wirte"])


def test_development_clients_follow_the_address_of_the_server(config: ProviderConfig) -> None:
    """Whatever port `make run` was given, its own pages can sign in."""
    elsewhere = ProviderConfig("http://127.0.0.1:9999/oidc", "vhod-api", KEY, True)
    addresses = {client.client_id: client.redirect_uris for client in development_clients(elsewhere)}

    assert "http://127.0.0.1:9999/auth/callback" in addresses["vhod-web"]
    assert "http://127.0.0.1:9999/callback" in addresses["vhod-spa"]


async def test_two_secrets_are_active_while_one_replaces_the_other(
    browser: Browser, store: ProviderStore, config: ProviderConfig
) -> None:
    """Old and new work, the one before the old does not."""
    first = development_secret(config, "vhod-web")
    second, third = await store.clients.add_secret("vhod-web"), await store.clients.add_secret("vhod-web")

    async def status(secret: str) -> str:
        header = base64.b64encode(f"vhod-web:{secret}".encode()).decode()
        response = await browser.redeem("no code", **WEB, headers={"Authorization": f"Basic {header}"})
        error: str = response.json()["error"]
        return error

    answers = [await status(secret) for secret in (first, second, third, third + "x")]
    for client in development_clients(config):
        await store.clients.register(client)

    assert answers == ["invalid_client", "invalid_grant", "invalid_grant", "invalid_client"]


async def test_secrets_are_stored_as_hashes(store: ProviderStore, sql: Sql) -> None:
    """Nobody reads a secret from the database."""
    secret = await store.clients.add_secret("vhod-web")
    rows = await sql("select encode(secret_hash, 'escape'), secret_hash::text from provider.client_secrets")

    assert rows
    assert not [row for row in rows if secret in str(row)]


BAD_CONFIGS: dict[str, dict[str, Any]] = {
    "http beyond loopback": {"issuer": "http://id.example/oidc"},
    "http outside development": {"development": False},
    "loopback look-alike": {"issuer": "http://127.0.0.1.evil.example/oidc"},
    "closing slash": {"issuer": "http://127.0.0.1/oidc/"},
    "query": {"issuer": "https://id.example/oidc?x=1"},
    "any origin": {"allowed_origins": ("*",)},
    "null origin": {"allowed_origins": ("null",)},
    "short key": {"secret_key": "short"},
}


@pytest.mark.parametrize("changes", BAD_CONFIGS.values(), ids=BAD_CONFIGS)
def test_unsafe_configuration_does_not_start(changes: dict[str, Any]) -> None:
    """Each with one sentence of why."""
    right: dict[str, Any] = {"issuer": ISSUER, "audience": "vhod-api", "secret_key": KEY, "development": True}
    with pytest.raises(ValueError, match=r"\.$"):
        ProviderConfig(**right | changes)


def test_configuration_does_not_print_its_key(config: ProviderConfig) -> None:
    """A log of the configuration gives nothing away."""
    assert config.secret_key not in repr(config)


async def test_metadata_is_valid_and_exact(browser: Browser) -> None:
    """Authlib's own validation, and what it does not check."""
    response = await browser.http.get("/oidc/.well-known/openid-configuration")
    document = response.json()
    # Authlib wants https of the issuer; everything else is checked as served.
    OpenIDProviderMetadata(document | {"issuer": "https://id.example"}).validate()

    assert document["issuer"] == ISSUER
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["response_types_supported"] == ["code"]
    assert document["authorization_response_iss_parameter_supported"] is True
    assert {value for name, value in document.items() if name.endswith("_endpoint")} == {
        f"{ISSUER}/{path}" for path in ("authorize", "token", "userinfo", "revoke", "end_session")
    }


def test_demo_people_are_synthetic_and_complete() -> None:
    """SNILS below 001-001-998 were never issued; control digits are right; oids are numbers."""
    people = load_people()

    assert {"teacher", "homeroom-teacher", "deputy-head", "student", "legal-representative"} <= set(people)
    assert {"municipal-coordinator", "guest", "org-admin", "teacher-parent", "child"} <= set(people)
    assert {"banned-guardian-teacher", "unconfirmed", "stranger", "namesake"} <= set(people)
    for person in people.values():
        assert person.oid.isdigit()
        assert person.snils is not None
        digits, control = person.snils.split(" ")
        number = digits.replace("-", "")
        assert number < "001001998"
        assert sum(int(digit) * weight for digit, weight in zip(number, range(9, 0, -1), strict=True)) == int(control)


def test_namesake_differs_in_everything_but_the_name() -> None:
    """Matching by name alone must fail on this pair."""
    one, other = load_people()["legal-representative"], load_people()["namesake"]

    assert one.name == other.name
    assert one.birth_date != other.birth_date
    assert one.snils != other.snils


@pytest.mark.parametrize("who", ["teacher", "1000000101", "child"])
async def test_minted_token_is_one_of_ours(
    browser: Browser, provider_engine: AsyncEngine, config: ProviderConfig, who: str
) -> None:
    """By key or number; userinfo takes it like any other."""
    token = await mint_access_token(provider_engine, config, who)
    keys = KeySet.import_key_set((await browser.http.get("/oidc/jwks")).json())
    decoded = jwt.decode(token, keys, ["ES256"])
    response = await browser.http.get("/oidc/userinfo", headers={"Authorization": f"Bearer {token}"})

    assert decoded.header["typ"] == "at+jwt"
    assert decoded.claims["scope"] == "openid education:read education:write education:special"
    assert response.json()["sub"] == decoded.claims["sub"]


async def test_minting_respects_mode_client_and_person(provider_engine: AsyncEngine, config: ProviderConfig) -> None:
    """Not outside development, not for strangers, not beyond the client's scopes."""
    production = ProviderConfig("https://id.example/oidc", "vhod-api", KEY, False)
    mobile = await mint_access_token(provider_engine, config, "teacher", "vhod-mobile")
    payload = base64.urlsafe_b64decode(mobile.split(".")[1] + "==")

    assert b"education:special" not in payload
    with pytest.raises(PermissionError):
        await mint_access_token(provider_engine, production, "teacher")
    with pytest.raises(LookupError):
        await mint_access_token(provider_engine, config, "nobody")
    with pytest.raises(LookupError):
        await mint_access_token(provider_engine, config, "teacher", "nobody")


async def test_expired_rows_are_removed_and_events_stay(browser: Browser, store: ProviderStore, sql: Sql) -> None:
    """A day after they ended; what still lives is left alone."""
    await browser.tokens()
    await sql(
        "update provider.authorization_codes "
        "set created_at = vhod.now() - interval '3 days', expires_at = vhod.now() - interval '2 days'"
    )
    await sql(
        "update provider.interactions "
        "set created_at = vhod.now() - interval '3 days', expires_at = vhod.now() - interval '2 days'"
    )
    await store.expired.remove()
    left = {
        table: (await sql(f"select count(*) from provider.{table}"))[0][0]
        for table in ("authorization_codes", "interactions", "sessions", "refresh_tokens", "security_events")
    }

    assert left == {
        "authorization_codes": 0,
        "interactions": 0,
        "sessions": 1,
        "refresh_tokens": 1,
        "security_events": 1,
    }
