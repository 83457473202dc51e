"""Redeeming a code: once, by its client, with its verifier (O1, O3, O8)."""

import base64
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import httpx2
import pytest

from auth.provider.clients import development_secret
from auth.provider.config import ProviderConfig
from tests.auth.provider.browser import MOBILE, SPA, VERIFIER, WEB, Browser, answer

pytestmark = pytest.mark.anyio
Sql = Callable[..., Awaitable[list[Any]]]


async def parallel(count: int, call: Callable[[], Awaitable[httpx2.Response]]) -> list[httpx2.Response]:
    """Answers to the same call made many times at once."""
    answers: list[httpx2.Response] = []

    async def one() -> None:
        answers.append(await call())

    async with anyio.create_task_group() as group:
        for _ in range(count):
            group.start_soon(one)
    return answers


async def test_twelve_at_once_get_one_answer_and_a_dead_family(browser: Browser, sql: Sql) -> None:
    """Exactly one wins; since the code has leaked, its refresh token is worth nothing."""
    code = await browser.code()
    answers = await parallel(12, lambda: browser.redeem(code))
    won = [response for response in answers if response.status_code == 200]
    lost = {response.json()["error"] for response in answers if response.status_code != 200}
    refreshed = await browser.refresh(won[0].json()["refresh_token"])

    assert len(won) == 1
    assert lost == {"invalid_grant"}
    assert refreshed.json()["error"] == "invalid_grant"
    assert await sql("select 1 from provider.security_events where kind = 'code_reuse'")


async def test_replay_kills_the_refresh_token(browser: Browser) -> None:
    """Whoever presents a code a second time ends what came from the first."""
    code = await browser.code()
    tokens = (await browser.redeem(code)).json()
    replay = await browser.redeem(code)
    refreshed = await browser.refresh(tokens["refresh_token"])

    assert replay.json()["error"] == "invalid_grant"
    assert refreshed.json()["error"] == "invalid_grant"


async def test_code_is_too_old_after_a_minute(browser: Browser, sql: Sql) -> None:
    """61 seconds after its making it is refused."""
    code = await browser.code()
    await sql(
        "update provider.authorization_codes set created_at = created_at - interval '61 s', "
        "expires_at = expires_at - interval '61 s'"
    )
    response = await browser.redeem(code)

    assert response.json()["error"] == "invalid_grant"


WRONG = {
    "wrong verifier": ({"code_verifier": "x" * 43}, "invalid_grant"),
    "no verifier": ({"code_verifier": None}, "invalid_request"),
    "short verifier": ({"code_verifier": "x" * 42}, "invalid_request"),
    "another address": ({"redirect_uri": "http://127.0.0.1:8000/callback"}, "invalid_grant"),
    "no address": ({"redirect_uri": None}, "invalid_grant"),
    "another client": ({"client_id": "vhod-mobile"}, "invalid_grant"),
}


@pytest.mark.parametrize(("changes", "error"), WRONG.values(), ids=WRONG)
async def test_wrong_attempt_burns_the_code(browser: Browser, changes: dict[str, str | None], error: str) -> None:
    """There is no second try, not even the right one."""
    code = await browser.code()
    wrong = await browser.redeem(code, **changes)
    right = await browser.redeem(code)

    assert wrong.json()["error"] == error
    assert right.json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "fields",
    [
        {"grant_type": "password", "username": "a", "password": "b", "client_id": "vhod-spa"},
        {"grant_type": "implicit"},
        {"grant_type": 'quote"'},
    ],
    ids=["password", "implicit", "quote"],
)
async def test_other_grants_do_not_exist(browser: Browser, fields: dict[str, str]) -> None:
    """Codes, refreshing, and systems in their own name; no more."""
    response = await browser.post_token(None, **fields)

    assert response.status_code == 400
    assert response.json()["error"] == "unsupported_grant_type"


async def test_client_without_a_secret_has_no_name_of_its_own(browser: Browser) -> None:
    """Whoever cannot keep a secret would sign in as a system by knowing its id."""
    response = await browser.post_token(None, grant_type="client_credentials", client_id="vhod-spa")

    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")


def basic(client_id: str, secret: str) -> dict[str, str]:
    """Client authentication in the header."""
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


BAD_CLIENTS: dict[str, tuple[dict[str, str | None], dict[str, str] | None]] = {
    "unknown": ({"client_id": "nobody"}, None),
    "no client": ({"client_id": None}, None),
    "confidential without a secret": (dict(WEB), None),
    "confidential with a wrong secret": ({**WEB, "client_secret": "wrong"}, None),
    "unknown with a secret": ({"client_id": "nobody", "client_secret": "wrong"}, None),
    "wrong secret in the header": ({"client_id": None}, basic("vhod-web", "wrong")),
    "unknown in the header": ({"client_id": None}, basic("nobody", "wrong")),
    "NUL in the header": ({"client_id": None}, basic("no%00body", "wrong")),
    "header that is no base64": ({"client_id": None}, {"Authorization": "Basic ***"}),
    "header that is no UTF-8, over which Authlib falls": ({"client_id": None}, {"Authorization": "Basic /w=="}),
    "public client with a secret": ({"client_id": "vhod-spa", "client_secret": "any"}, None),
}


async def test_every_failed_client_gets_the_same_answer(browser: Browser) -> None:
    """Neither status nor text tells whether a client exists."""
    code = await browser.code()
    answers = {
        name: await browser.redeem(code, **fields, headers=headers) for name, (fields, headers) in BAD_CLIENTS.items()
    }

    assert {(response.status_code, response.text) for response in answers.values()} == {
        (401, '{"error":"invalid_client","error_description":"Client authentication failed."}')
    }
    assert {name for name, response in answers.items() if "www-authenticate" in response.headers} == {
        name for name, (_, headers) in BAD_CLIENTS.items() if headers
    }


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
async def test_confidential_client_authenticates_either_way(
    browser: Browser, config: ProviderConfig, method: str
) -> None:
    """In the header or in the body, and not in both."""
    secret = development_secret(config, "vhod-web")
    consent = await browser.follow(await browser.sign_in("teacher", **WEB))
    code = answer(await browser.submit(consent, "/consent", answer="allow"))["code"]
    both = await browser.redeem(code, **WEB, client_secret=secret, headers=basic("vhod-web", secret))
    in_header = method == "client_secret_basic"
    fields = {"redirect_uri": WEB["redirect_uri"], "client_id": None} if in_header else {**WEB, "client_secret": secret}
    headers = basic("vhod-web", secret) if in_header else None
    one = await browser.redeem(code, **fields, headers=headers)

    assert both.json()["error"] == "invalid_request"
    assert one.status_code == 200


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"grant_type":"authorization_code"}'),
        ("application/x-www-form-urlencoded", b"grant_type=refresh_token&refresh_token=a&refresh_token=b"),
        ("application/x-www-form-urlencoded", b"grant_type=refresh_token&refresh_token=%00&client_id=vhod-spa"),
        ("application/x-www-form-urlencoded", b"\xff\xfe"),
        ("application/x-www-form-urlencoded", b"client_id=vhod-spa"),
    ],
    ids=["json", "repeated", "NUL", "no text", "no grant type"],
)
async def test_unreadable_token_request_is_invalid(browser: Browser, content_type: str, body: bytes) -> None:
    """Nothing of this reaches the database."""
    response = await browser.http.post("/oidc/token", content=body, headers={"Content-Type": content_type})

    assert response.status_code == 400
    assert response.json()["error"] == "invalid_request"


async def test_token_endpoint_answers_post_alone(browser: Browser) -> None:
    """A code in an address would stand in logs."""
    response = await browser.http.get("/oidc/token", params={**SPA, "code": "x", "code_verifier": VERIFIER})

    assert response.status_code == 405


async def test_huge_body_is_refused(browser: Browser) -> None:
    """64 KiB are more than any form of ours needs."""
    response = await browser.http.post("/oidc/token", data={"grant_type": "x" * 70_000})

    assert response.status_code == 413


async def test_nothing_secret_is_stored_as_it_is(browser: Browser, sql: Sql) -> None:
    """No column of any table holds a code, a refresh token or a cookie."""
    code = await browser.code(**MOBILE)
    tokens = (await browser.redeem(code, **MOBILE)).json()
    secrets = [code, tokens["refresh_token"], *dict(browser.http.cookies).values()]
    tables = ["authorization_codes", "refresh_tokens", "sessions", "interactions", "security_events"]
    rows = [str(row) for table in tables for row in await sql(f"select t::text from provider.{table} t")]

    assert len(secrets) == 4
    assert rows
    assert not [secret for secret in secrets for row in rows if secret in row]
