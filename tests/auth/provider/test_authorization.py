"""The authorization endpoint: what it refuses, and to whom it says so (O1, O2, O5, O11)."""

from urllib.parse import urlencode

import pytest

from tests.auth.provider.browser import (
    ISSUER,
    MOBILE,
    ORIGIN,
    SPA_ORIGIN,
    WEB,
    Browser,
    answer,
    challenge,
    request_parameters,
)

pytestmark = pytest.mark.anyio

SPA_CALLBACK = f"{SPA_ORIGIN}/callback"

REFUSED = {
    "implicit flow": ({"response_type": "token"}, "unsupported_response_type"),
    "hybrid flow": ({"response_type": "code id_token"}, "unsupported_response_type"),
    "response type with a quote, over which Authlib falls": ({"response_type": '"'}, "unsupported_response_type"),
    "no response type": ({"response_type": None}, "invalid_request"),
    "fragment": ({"response_mode": "fragment"}, "invalid_request"),
    "form_post": ({"response_mode": "form_post"}, "invalid_request"),
    "no challenge": ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
    "challenge without a method, which would be plain": ({"code_challenge_method": None}, "invalid_request"),
    "plain": ({"code_challenge_method": "plain"}, "invalid_request"),
    "method without a challenge": ({"code_challenge": None}, "invalid_request"),
    "challenge of 128 characters, as plain would have": ({"code_challenge": "a" * 128}, "invalid_request"),
    "challenge that no S256 can give": ({"code_challenge": "~" * 43}, "invalid_request"),
    "challenge with a line end": ({"code_challenge": challenge() + "\n"}, "invalid_request"),
    "request object": ({"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"),
    "request object elsewhere": ({"request_uri": "https://rp.example/r"}, "request_uri_not_supported"),
    "registration": ({"registration": "{}"}, "registration_not_supported"),
    "scopes that nobody knows": ({"scope": "admin root"}, "invalid_scope"),
    "no scope": ({"scope": None}, "invalid_scope"),
    "prompt none with login": ({"prompt": "none login"}, "invalid_request"),
    "max_age in words": ({"max_age": "soon"}, "invalid_request"),
    "negative max_age": ({"max_age": "-1"}, "invalid_request"),
    "max_age in Arabic digits": ({"max_age": "١"}, "invalid_request"),
    "huge max_age": ({"max_age": "9" * 400}, "invalid_request"),
    "nonce without end": ({"nonce": "n" * 5000}, "invalid_request"),
    "nobody signed in and nobody to be asked": ({"prompt": "none"}, "login_required"),
}


@pytest.mark.parametrize(("changes", "error"), REFUSED.values(), ids=REFUSED)
async def test_bad_request_is_refused_at_the_client(
    browser: Browser, changes: dict[str, str | None], error: str
) -> None:
    """The client gets the error with its state and our issuer at its registered address."""
    response = await browser.authorize(**changes)

    assert response.headers["location"].startswith(SPA_CALLBACK + "?")
    assert answer(response)["error"] == error
    assert answer(response)["state"] == "a state"
    assert answer(response)["iss"] == ISSUER


@pytest.mark.parametrize(
    "changes", [{"code_challenge": None}, {"code_challenge_method": "plain"}], ids=["none", "plain"]
)
async def test_confidential_client_needs_pkce_too(browser: Browser, changes: dict[str, str | None]) -> None:
    """Authlib would let it go without."""
    response = await browser.authorize(**WEB, **changes)

    assert answer(response)["error"] == "invalid_request"


@pytest.mark.parametrize("name", ["state", "scope", "nonce", "code_challenge", "prompt", "max_age", "unheard_of"])
async def test_repeated_parameter_is_refused(browser: Browser, name: str) -> None:
    """A second value could be the one that another layer reads."""
    query = urlencode([*request_parameters().items(), (name, "1"), (name, "2")])
    response = await browser.http.get(f"/oidc/authorize?{query}")

    assert answer(response)["error"] == "invalid_request"


WRONG_ADDRESSES = {
    "another host": "http://evil.example/callback",
    "a longer path": f"{SPA_CALLBACK}/more",
    "a path that goes up": f"{SPA_ORIGIN}/x/../callback",
    "an added query": f"{SPA_CALLBACK}?next=1",
    "a fragment": f"{SPA_CALLBACK}#x",
    "user information": "http://127.0.0.1:5173@evil.example/callback",
    "another port": "http://127.0.0.1:5174/callback",
    "localhost": "http://localhost:5173/callback",
    "another scheme": "https://127.0.0.1:5173/callback",
    "capital letters": "HTTP://127.0.0.1:5173/callback",
    "no scheme": "//127.0.0.1:5173/callback",
    "script": "javascript:alert(1)",
    "a quote, over which Authlib falls": 'http://127.0.0.1:5173/"',
    "Cyrillic, over which Authlib falls": "http://вход.example/",
    "a line end": f"{SPA_CALLBACK}\r\nX: y",
    "nothing": None,
}


@pytest.mark.parametrize("address", WRONG_ADDRESSES.values(), ids=WRONG_ADDRESSES)
async def test_unregistered_address_gets_a_page_and_no_redirect(browser: Browser, address: str | None) -> None:
    """Whoever asks for another address learns nothing and nobody is sent there."""
    response = await browser.authorize(redirect_uri=address)

    assert response.status_code == 400
    assert "location" not in response.headers
    assert "evil" not in response.text


NATIVE_ADDRESSES = {
    "loopback without a port": ("http://127.0.0.1/callback", True),
    "loopback with any port": ("http://127.0.0.1:60123/callback", True),
    "IPv6 loopback with any port": ("http://[::1]:60123/callback", True),
    "private-use scheme": ("org.example.vhod:/callback", True),
    "localhost": ("http://localhost:60123/callback", False),
    "another loopback address": ("http://127.0.0.2:60123/callback", False),
    "loopback by https": ("https://127.0.0.1:60123/callback", False),
    "another path": ("http://127.0.0.1:60123/other", False),
    "port 0": ("http://127.0.0.1:0/callback", False),
    "port too high": ("http://127.0.0.1:65536/callback", False),
    "port and user information": ("http://127.0.0.1:1@evil.example/callback", False),
    "private-use scheme with a host": ("org.example.vhod://evil.example/callback", False),
}


@pytest.mark.parametrize(("address", "right"), NATIVE_ADDRESSES.values(), ids=NATIVE_ADDRESSES)
async def test_native_client_has_a_free_port_and_nothing_else(browser: Browser, address: str, right: bool) -> None:
    """RFC 8252: the port alone is free, and on the IP literals alone."""
    response = await browser.authorize(**{**MOBILE, "redirect_uri": address})

    assert (response.status_code == 302) is right
    assert ("location" in response.headers) is right


async def test_unknown_client_and_wrong_address_look_the_same(browser: Browser) -> None:
    """The page does not tell which clients exist."""
    unknown = await browser.authorize(client_id="nobody")
    wrong = await browser.authorize(redirect_uri="http://evil.example/")

    assert (unknown.status_code, unknown.text) == (wrong.status_code, wrong.text)


@pytest.mark.parametrize("query", ["client_id=%00", "client_id=%FF", "client_id=vhod-spa&state=%00", "a=1&" * 100])
async def test_unreadable_parameters_get_a_page(browser: Browser, query: str) -> None:
    """NUL, bytes that are no UTF-8 and hundreds of parameters end at once, and not in the database."""
    response = await browser.http.get(f"/oidc/authorize?{query}")

    assert response.status_code == 400
    assert "Запрос не читается" in response.text


async def test_post_becomes_a_get_with_the_same_parameters(browser: Browser) -> None:
    """A form of another site comes without our cookie; the address that follows comes with it."""
    await browser.code("teacher")
    response = await browser.http.post("/oidc/authorize", data=request_parameters(prompt="none"))
    followed = await browser.follow(response)

    assert response.status_code == 303
    assert "code" in answer(followed)


async def test_second_client_needs_no_second_sign_in(browser: Browser) -> None:
    """Single sign-on, silent where asked."""
    await browser.code("teacher")
    silent = answer(await browser.authorize(**MOBILE, prompt="none"))

    assert set(silent) == {"code", "state", "iss"}


@pytest.mark.parametrize("prompt", ["login", "select_account"])
async def test_prompt_asks_again_and_then_ends(browser: Browser, prompt: str) -> None:
    """The person signs in anew, once."""
    await browser.code("teacher")
    asked = await browser.authorize(prompt=prompt)
    page = await browser.follow(asked)
    redirect = await browser.submit(page, "/login/gosuslugi", person="teacher")

    assert asked.headers["location"].startswith(f"{ISSUER}/login")
    assert "code" in answer(redirect)


@pytest.mark.parametrize(("max_age", "asked"), [("10000", False), ("30", True), ("0", True)])
async def test_old_session_is_asked_again(browser: Browser, sql: object, max_age: str, asked: bool) -> None:
    """max_age counts from the sign-in, a minute ago here."""
    await browser.code("teacher")
    await sql("update provider.sessions set auth_time = vhod.now() - interval '1 minute'")  # type: ignore[operator]
    response = await browser.authorize(max_age=max_age)

    assert response.headers["location"].startswith(f"{ISSUER}/login") is asked


async def test_hint_of_another_person_is_login_required(browser: Browser) -> None:
    """A client that waits for the teacher does not silently get the student."""
    hint = (await browser.tokens("teacher"))["id_token"]
    await browser.sign_in("student", prompt="login")
    silent = answer(await browser.authorize(prompt="none", id_token_hint=hint))
    interactive = answer(await browser.sign_in("guest", id_token_hint=hint))

    assert silent["error"] == "login_required"
    assert interactive["error"] == "login_required"


async def test_forged_hint_is_login_required(browser: Browser) -> None:
    """A hint with a changed signature, or an access token in its place, matches nobody."""
    tokens = await browser.tokens("teacher")
    forged = tokens["id_token"][:-6] + "AAAAAA"

    for hint in (forged, tokens["access_token"], "x", "a.b.c"):
        assert answer(await browser.authorize(prompt="none", id_token_hint=hint))["error"] == "login_required"


@pytest.mark.parametrize(
    "state", ["//evil.example", "https:evil.example", "\\\\evil.example", "%2F%2Fevil", "a&iss=x", "я"]
)
async def test_state_comes_back_as_it_was_and_changes_nothing(browser: Browser, state: str) -> None:
    """A state is a value, whatever it looks like."""
    response = await browser.sign_in("teacher", state=state)

    assert response.headers["location"].startswith(SPA_CALLBACK + "?code=")
    assert answer(response)["state"] == state
    assert answer(response)["iss"] == ISSUER


@pytest.mark.parametrize("name", ["next", "return_to", "redirect", "ui_locales"])
async def test_there_is_no_parameter_that_leads_elsewhere(browser: Browser, name: str) -> None:
    """The pages know where to return from the checked request alone."""
    page = await browser.follow(await browser.authorize())
    redirect = await browser.submit(page, "/login/gosuslugi", person="teacher", **{name: "//evil.example"})

    assert redirect.headers["location"].startswith(f"{SPA_CALLBACK}?")
    assert f"{ORIGIN}" not in redirect.headers["location"].split("?")[0]
