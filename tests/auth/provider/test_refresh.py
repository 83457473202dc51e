"""Refresh tokens: rotation, reuse, grace, limits (O4), revocation."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.auth.provider.browser import Browser
from tests.auth.provider.test_codes import parallel

pytestmark = pytest.mark.anyio
Sql = Callable[..., Awaitable[list[Any]]]

AFTER_GRACE = "update provider.refresh_tokens set used_at = used_at - interval '31 s' where used_at is not null"


async def test_refresh_gives_another_token(browser: Browser) -> None:
    """New access token, new refresh token, the same scope; an id_token without a nonce."""
    first = await browser.tokens()
    second = (await browser.refresh(first["refresh_token"])).json()

    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    assert second["scope"] == first["scope"]
    assert "id_token" in second


async def test_repetition_within_the_grace_window_gets_the_same_successor(browser: Browser) -> None:
    """A lost answer or two tabs do not sign a person out."""
    first = (await browser.tokens())["refresh_token"]
    answers = [(await browser.refresh(first)).json()["refresh_token"] for _ in range(3)]
    onward = await browser.refresh(answers[0])

    assert len(set(answers)) == 1
    assert onward.status_code == 200


async def test_twelve_at_once_get_the_same_successor(browser: Browser, sql: Sql) -> None:
    """However they interleave, the family stays one line."""
    first = (await browser.tokens())["refresh_token"]
    answers = await parallel(12, lambda: browser.refresh(first))

    assert {response.status_code for response in answers} == {200}
    assert len({response.json()["refresh_token"] for response in answers}) == 1
    assert (await sql("select count(*) from provider.refresh_tokens"))[0][0] == 2


async def test_reuse_after_the_grace_window_kills_the_family(browser: Browser, sql: Sql) -> None:
    """31 seconds later the same token is a theft, and the successor dies too."""
    first = (await browser.tokens())["refresh_token"]
    second = (await browser.refresh(first)).json()["refresh_token"]
    await sql(AFTER_GRACE)
    reuse = await browser.refresh(first)
    successor = await browser.refresh(second)

    assert reuse.json()["error"] == "invalid_grant"
    assert successor.json()["error"] == "invalid_grant"
    assert await sql("select 1 from provider.security_events where kind = 'refresh_reuse'")


async def test_reuse_when_the_successor_was_used_kills_the_family(browser: Browser) -> None:
    """Who has used the successor has received it: a second holder of the old token is a thief, grace or not."""
    first = (await browser.tokens())["refresh_token"]
    second = (await browser.refresh(first)).json()["refresh_token"]
    third = (await browser.refresh(second)).json()["refresh_token"]
    reuse = await browser.refresh(first)

    assert reuse.json()["error"] == "invalid_grant"
    assert (await browser.refresh(third)).json()["error"] == "invalid_grant"


async def test_sealed_successors_are_forgotten_after_the_grace_window(browser: Browser, sql: Sql) -> None:
    """What serves nobody any more is not kept."""
    token = (await browser.tokens())["refresh_token"]
    for _ in range(2):
        token = (await browser.refresh(token)).json()["refresh_token"]
        await sql(AFTER_GRACE)
    await browser.refresh(token)

    assert (await sql("select count(*) from provider.refresh_tokens where sealed_successor is not null"))[0][0] == 1


async def test_refresh_token_belongs_to_its_client(browser: Browser, sql: Sql) -> None:
    """Another client is refused, noted, and does not use the token up."""
    token = (await browser.tokens())["refresh_token"]
    foreign = await browser.refresh(token, client_id="vhod-mobile")
    own = await browser.refresh(token)

    assert foreign.json()["error"] == "invalid_grant"
    assert own.status_code == 200
    assert await sql("select 1 from provider.security_events where kind = 'refresh_foreign_client'")


async def test_scope_shrinks_for_one_access_token_and_never_grows(browser: Browser) -> None:
    """A narrower scope is for this answer alone; a wider one is refused and costs nothing."""
    token = (await browser.tokens(scope="openid offline_access education:read"))["refresh_token"]
    wider = await browser.refresh(token, scope="openid education:read education:write")
    narrower = (await browser.refresh(token, scope="education:read")).json()
    full = (await browser.refresh(narrower["refresh_token"])).json()

    assert wider.json()["error"] == "invalid_scope"
    assert narrower["scope"] == "education:read"
    assert "id_token" not in narrower
    assert full["scope"] == "openid offline_access education:read"


@pytest.mark.parametrize(
    "statement",
    [
        "update provider.refresh_tokens set expires_at = vhod.now() - interval '1 s'",
        "update provider.refresh_families set created_at = vhod.now() - interval '30 days', expires_at = vhod.now()",
    ],
    ids=["idle", "absolute"],
)
async def test_refresh_token_has_two_limits(browser: Browser, sql: Sql, statement: str) -> None:
    """Two weeks unused, or thirty days in all."""
    token = (await browser.tokens())["refresh_token"]
    await sql(statement)
    response = await browser.refresh(token)

    assert response.json()["error"] == "invalid_grant"


async def test_successor_never_outlives_the_family(browser: Browser, sql: Sql) -> None:
    """The idle limit does not push the absolute one."""
    token = (await browser.tokens())["refresh_token"]
    await sql("update provider.refresh_families set expires_at = vhod.now() + interval '1 minute'")
    await browser.refresh(token)
    late = await sql(
        "select 1 from provider.refresh_tokens t join provider.refresh_families f on f.id = t.family_id "
        "where t.used_at is null and t.expires_at > f.expires_at"
    )

    assert late == []


async def test_no_refresh_token_without_offline_access(browser: Browser) -> None:
    """Who does not ask gets none."""
    assert "refresh_token" not in await browser.tokens(scope="openid education:read")


async def test_revocation_ends_the_family(browser: Browser) -> None:
    """Any token of the family will do."""
    first = (await browser.tokens())["refresh_token"]
    second = (await browser.refresh(first)).json()["refresh_token"]
    revoked = await browser.http.post("/oidc/revoke", data={"token": first, "client_id": "vhod-spa"})

    assert revoked.status_code == 200
    assert (await browser.refresh(second)).json()["error"] == "invalid_grant"


async def test_revocation_of_what_is_no_live_token_of_the_client(browser: Browser) -> None:
    """Unknown tokens are answered like revoked ones; foreign ones are refused; access tokens cannot be revoked."""
    tokens = await browser.tokens()

    async def revoke(token: str, client_id: str = "vhod-spa") -> tuple[int, str | None]:
        response = await browser.http.post("/oidc/revoke", data={"token": token, "client_id": client_id})
        return response.status_code, response.json().get("error")

    assert await revoke("unknown") == (200, None)
    assert await revoke(tokens["refresh_token"], "vhod-mobile") == (400, "invalid_grant")
    assert await revoke(tokens["access_token"]) == (400, "unsupported_token_type")
    assert await revoke(tokens["refresh_token"], "nobody") == (401, "invalid_client")
    assert (await browser.refresh(tokens["refresh_token"])).status_code == 200


async def test_another_person_at_the_same_browser_ends_the_tokens_of_the_first(browser: Browser) -> None:
    """On a shared computer the next pupil does not leave the last one's door open."""
    token = (await browser.tokens("student"))["refresh_token"]
    await browser.sign_in("teacher", prompt="login")

    assert (await browser.refresh(token)).json()["error"] == "invalid_grant"


async def test_same_person_signing_in_again_keeps_the_tokens_until_logout(browser: Browser) -> None:
    """The family moves to the new session, so that its logout ends it."""
    token = (await browser.tokens("student"))["refresh_token"]
    again = await browser.tokens("student", prompt="login")
    kept = await browser.refresh(token)
    await browser.http.get("/oidc/end_session", params={"id_token_hint": again["id_token"]})

    assert kept.status_code == 200
    assert (await browser.refresh(kept.json()["refresh_token"])).json()["error"] == "invalid_grant"
