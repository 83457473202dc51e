"""Systems that sign in as themselves: a token of their own by their secret, and no other way in or out."""

import base64

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from auth.provider.clients import development_secret
from auth.provider.config import ProviderConfig
from tests.auth.provider.browser import VERIFIER, WEB, Browser

pytestmark = pytest.mark.anyio

SERVICE = "federal-system"


def basic(client: str, secret: str) -> dict[str, str]:
    """The header of a client that authenticates by its secret."""
    return {"Authorization": "Basic " + base64.b64encode(f"{client}:{secret}".encode()).decode()}


async def test_service_gets_a_token_that_names_itself_and_nobody_else(browser: Browser, config: ProviderConfig) -> None:
    """RFC 6749, 4.4 and RFC 9068, 2.2: `sub` is the client; no session, no level, no refresh token, no id_token."""
    answer = await browser.post_token(
        basic(SERVICE, development_secret(config, SERVICE)),
        grant_type="client_credentials",
        scope="education:read education:special",
    )
    keys = KeySet.import_key_set((await browser.http.get("/oidc/jwks")).json())
    claims = jwt.decode(answer.json()["access_token"], keys, ["ES256"]).claims

    assert answer.json().keys() == {"token_type", "access_token", "expires_in", "scope"}
    assert (claims["sub"], claims["client_id"], claims["scope"]) == (SERVICE, SERVICE, "education:read")
    assert {"auth_time", "amr", "urn:esia:sbj:lvl", "urn:esia:sbj:is_tru"}.isdisjoint(claims)


async def test_service_with_a_wrong_secret_and_a_client_of_people_get_no_token_by_this_grant(
    browser: Browser, config: ProviderConfig
) -> None:
    """Whoever people sign in to never speaks for itself; who cannot prove who it is gets nothing."""
    wrong = await browser.post_token(basic(SERVICE, "wrong"), grant_type="client_credentials")
    public = await browser.post_token(grant_type="client_credentials", client_id="vhod-spa")
    web = await browser.post_token(
        basic("vhod-web", development_secret(config, "vhod-web")), grant_type="client_credentials"
    )

    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert public.status_code in (400, 401)
    assert (web.status_code, web.json()["error"]) == (400, "unauthorized_client")


async def test_nobody_signs_in_to_a_service(browser: Browser, config: ProviderConfig) -> None:
    """It has no address to come back to, and redeems no code, not even one that another client lost."""
    page = await browser.authorize(client_id=SERVICE, redirect_uri=WEB["redirect_uri"])
    lost = await browser.code("teacher")
    stolen = await browser.post_token(
        basic(SERVICE, development_secret(config, SERVICE)),
        grant_type="authorization_code",
        code=lost,
        code_verifier=VERIFIER,
        redirect_uri=WEB["redirect_uri"],
    )

    assert page.status_code == 400
    assert (stolen.status_code, stolen.json()["error"]) == (400, "unauthorized_client")
