"""The way that everybody goes: sign in, code, tokens, userinfo; and what the tokens say."""

from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from auth.provider.clients import development_secret
from auth.provider.config import ProviderConfig
from auth.provider.people import load_people
from tests.auth.provider.browser import ISSUER, MOBILE, WEB, Browser, answer

pytestmark = pytest.mark.anyio


async def decoded(browser: Browser, token: str) -> jwt.Token:
    """A token, verified with the published keys."""
    keys = (await browser.http.get("/oidc/jwks")).json()
    return jwt.decode(token, KeySet.import_key_set(keys), ["ES256", "RS256"])


async def userinfo(browser: Browser, access_token: str) -> dict[str, Any]:
    """The answer of the userinfo endpoint."""
    response = await browser.http.get("/oidc/userinfo", headers={"Authorization": f"Bearer {access_token}"})
    body: dict[str, Any] = response.json()
    return body


async def test_teacher_signs_in_and_gets_three_tokens(browser: Browser) -> None:
    """A code flow gives an access token for ten minutes, an id_token and, for offline_access, a refresh token."""
    tokens = await browser.tokens("teacher")

    assert set(tokens) == {"token_type", "access_token", "expires_in", "scope", "id_token", "refresh_token"}
    assert tokens["expires_in"] == 600
    assert tokens["scope"] == "openid fullname offline_access education:read"


async def test_access_token_says_what_the_api_needs_and_no_name(browser: Browser) -> None:
    """RFC 9068 with ESIA's level; `is_tru` is a claim of confirmed accounts."""
    tokens = await browser.tokens("teacher")
    access = await decoded(browser, tokens["access_token"])

    assert (access.header["alg"], access.header["typ"]) == ("ES256", "at+jwt")
    assert set(access.claims) == {
        *("iss", "sub", "aud", "client_id", "scope", "iat", "exp", "jti", "auth_time", "amr"),
        *("urn:esia:sbj:lvl", "urn:esia:sbj:is_tru"),
    }
    assert access.claims["iss"] == ISSUER
    assert access.claims["aud"] == "vhod-api"
    assert access.claims["sub"] == load_people()["teacher"].oid
    assert access.claims["urn:esia:sbj:lvl"] == "PR"
    assert access.claims["exp"] - access.claims["iat"] == 600


async def test_id_token_is_standard_outside_and_esia_inside(browser: Browser) -> None:
    """`sub` is a string and `amr` an array; inside urn:esia:sbj the number is a number."""
    tokens = await browser.tokens("teacher")
    token = await decoded(browser, tokens["id_token"])

    oid = load_people()["teacher"].oid
    assert (token.claims["sub"], token.claims["aud"], token.claims["nonce"]) == (oid, "vhod-spa", "a nonce")
    assert token.claims["amr"] == ["esia"]
    assert token.claims["urn:esia:sbj"] == {
        "urn:esia:sbj:oid": int(oid),
        "urn:esia:sbj:typ": "P",
        "urn:esia:sbj:nam": f"OID.{oid}",
        "urn:esia:sbj:lvl": "PR",
        "urn:esia:sbj:is_tru": True,
    }


async def test_unconfirmed_account_has_no_claim_of_trust(browser: Browser) -> None:
    """The claim is absent, as at ESIA, rather than false."""
    tokens = await browser.tokens("unconfirmed")
    access = await decoded(browser, tokens["access_token"])

    assert access.claims["urn:esia:sbj:lvl"] == "P"
    assert "urn:esia:sbj:is_tru" not in access.claims


@pytest.mark.parametrize(
    ("scope", "opened"),
    [
        ("openid", set()),
        ("openid fullname", {"name", "family_name", "given_name", "middle_name"}),
        ("openid birthdate snils", {"birthdate", "snils"}),
        ("openid profile", {"name", "family_name", "given_name", "middle_name", "gender", "birthdate"}),
    ],
)
async def test_userinfo_gives_what_the_scopes_open(browser: Browser, scope: str, opened: set[str]) -> None:
    """Every scope opens its own claims and no others."""
    tokens = await browser.tokens("student", scope=scope)

    assert set(await userinfo(browser, tokens["access_token"])) == {"sub", "urn:esia:sbj"} | opened


async def test_userinfo_by_post_with_the_token_in_the_header(browser: Browser) -> None:
    """OpenID Connect asks for both methods."""
    tokens = await browser.tokens("teacher")
    response = await browser.http.post("/oidc/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"})

    assert response.status_code == 200
    assert response.json()["family_name"] == "Примерова"


async def test_child_signs_in_by_the_form(browser: Browser) -> None:
    """Login and password, in any case of letters, give level KD and no trust."""
    redirect = await browser.child_form(" Ezhik-4821 ", "тихий ёжик рисует луну")
    tokens = (await browser.redeem(answer(redirect)["code"])).json()
    access = await decoded(browser, tokens["access_token"])

    assert access.claims["urn:esia:sbj:lvl"] == "KD"
    assert access.claims["amr"] == ["pwd"]
    assert "urn:esia:sbj:is_tru" not in access.claims
    assert (await userinfo(browser, tokens["access_token"]))["given_name"] == "Тимофей"


async def test_mobile_client_comes_back_on_a_port_of_its_own(browser: Browser) -> None:
    """Port 49152 stands in no registration."""
    code = await browser.code("teacher", **MOBILE)
    response = await browser.redeem(code, **MOBILE)

    assert response.status_code == 200


async def test_mobile_client_may_not_have_special_data(browser: Browser) -> None:
    """A scope beyond the client's registration is left out, not an error."""
    code = await browser.code("teacher", **MOBILE, scope="openid education:read education:special unheard:of")
    tokens = (await browser.redeem(code, **MOBILE)).json()

    assert tokens["scope"] == "openid education:read"


async def test_confidential_client_signs_in_with_consent_and_secret(browser: Browser, config: ProviderConfig) -> None:
    """The web client asks for a consent once; its id_token is RS256."""
    consent = await browser.follow(await browser.sign_in("teacher", **WEB))
    redirect = await browser.submit(consent, "/consent", answer="allow")
    secret = development_secret(config, "vhod-web")
    tokens = (await browser.redeem(answer(redirect)["code"], **WEB, client_secret=secret)).json()
    again = await browser.authorize(**WEB)

    assert (await decoded(browser, tokens["id_token"])).header["alg"] == "RS256"
    assert "code" in answer(again)


async def test_refused_consent_is_access_denied(browser: Browser) -> None:
    """The client learns of the refusal and gets no code."""
    consent = await browser.follow(await browser.sign_in("teacher", **WEB))
    refused = answer(await browser.submit(consent, "/consent", answer="refuse"))

    assert (refused["error"], refused["state"], refused["iss"]) == ("access_denied", "a state", ISSUER)
    assert "code" not in refused


async def test_revoked_consent_is_asked_for_again(browser: Browser, store: Any) -> None:
    """After a revocation the client has to ask, and prompt=none fails."""
    consent = await browser.follow(await browser.sign_in("teacher", **WEB))
    await browser.submit(consent, "/consent", answer="allow")
    revoked = await store.consents.revoke(load_people()["teacher"].oid, "vhod-web")
    silent = answer(await browser.authorize(**WEB, prompt="none"))

    assert revoked
    assert silent["error"] == "consent_required"


async def test_login_hint_puts_its_person_first(browser: Browser) -> None:
    """A hint changes the order of the list and nothing else."""
    page = await browser.follow(await browser.authorize(login_hint="guest"))
    people = await browser.http.get(str(page.url).replace("/login", "/login/gosuslugi"))

    assert people.text.index('value="guest"') < people.text.index('value="teacher"')


@pytest.mark.parametrize(
    ("person_filter", "ways"), [("acc_kid", (False, True)), ("acc_not_kid", (True, False)), ("conf_acc", (True, False))]
)
async def test_account_filter_leaves_the_ways_it_allows(
    browser: Browser, person_filter: str, ways: tuple[bool, bool]
) -> None:
    """ESIA's filter splits the button into adults and children."""
    page = await browser.follow(await browser.authorize(person_filter=person_filter))

    assert ("Войти через Госуслуги" in page.text, "/login/child" in page.text) == ways
