"""The userinfo endpoint: whose token it takes (O7)."""

from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

from auth.provider.store import ProviderStore
from tests.auth.provider.browser import Browser

pytestmark = pytest.mark.anyio


async def published(browser: Browser) -> Any:
    """The key set as anybody sees it."""
    return (await browser.http.get("/oidc/jwks")).json()


@pytest.mark.parametrize("hostile", ["id_token", "none", "hs256", "other_key", "truncated", "too_long", "refresh"])
async def test_userinfo_takes_our_access_tokens_alone(browser: Browser, hostile: str) -> None:
    """An id_token is no access token (O7), nor is anything that we did not sign."""
    tokens = await browser.tokens()
    header, payload, signature = tokens["access_token"].split(".")
    key = (await published(browser))["keys"][0]
    claims = jwt.decode(tokens["access_token"], KeySet.import_key_set(await published(browser)), ["ES256"]).claims
    forged = {
        "id_token": tokens["id_token"],
        "none": f"eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{payload}.",
        "hs256": jwt.encode(
            {"alg": "HS256", "typ": "at+jwt", "kid": key["kid"]}, claims, OctKey.import_key(key["x"] * 2), ["HS256"]
        ),
        "other_key": jwt.encode(
            {"alg": "ES256", "typ": "at+jwt", "kid": key["kid"]}, claims, ECKey.generate_key("P-256"), ["ES256"]
        ),
        "truncated": f"{header}.{payload}.{signature[:-2]}",
        "too_long": "a" * 20_000,
        "refresh": tokens["refresh_token"],
    }
    response = await browser.http.get("/oidc/userinfo", headers={"Authorization": f"Bearer {forged[hostile]}"})

    assert response.status_code == 401
    assert 'error="invalid_token"' in response.headers["www-authenticate"]


async def test_userinfo_refuses_expired_and_foreign_tokens(browser: Browser, store: ProviderStore) -> None:
    """Signed by us, but over, for another audience, or without openid."""
    tokens = await browser.tokens()
    claims = jwt.decode(tokens["access_token"], KeySet.import_key_set(await published(browser)), ["ES256"]).claims

    async def status(**changes: object) -> int:
        token = await store.keys.sign("ES256", "at+jwt", claims | changes)
        response = await browser.http.get("/oidc/userinfo", headers={"Authorization": f"Bearer {token}"})
        return response.status_code

    assert await status() == 200
    assert await status(exp=claims["iat"] - 1) == 401
    assert await status(aud="another") == 401
    assert await status(iss="https://another.example") == 401
    assert await status(sub="1") == 401
    assert await status(scope="education:read") == 403


@pytest.mark.parametrize("header", [None, "Basic abc", "Bearer", "Bearer a b", "Bearer a,b"])
async def test_userinfo_without_a_right_header_is_401(browser: Browser, header: str | None) -> None:
    """A token in the address or the body is not read."""
    tokens = await browser.tokens()
    response = await browser.http.post(
        "/oidc/userinfo",
        params={"access_token": tokens["access_token"]},
        data={"access_token": tokens["access_token"]},
        headers={"Authorization": header} if header else {},
    )

    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith('Bearer realm="userinfo"')
