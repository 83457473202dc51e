"""Fresh sign-in: roles change hands only by whoever has just signed in, not by a screen that was left open."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from api.stand_in import provider_config
from auth.provider.minting import DEFAULT_SCOPE
from auth.provider.people import load_people
from auth.provider.store import ProviderStore
from auth.provider.tokens import SignIn
from auth.viewer import Viewer
from domain import clock
from domain.errors import FreshSignInRequired
from schema.engine.context import open_context
from schema.engine.mutations.fresh_sign_in import need_fresh_sign_in
from tests.api.browser import Browser, path_of
from tests.schema.demo import SETTINGS, Demo, id_of

pytestmark = pytest.mark.anyio

GRANT = """mutation ($i: GrantAssignmentInput!) {
  grantAssignment(input: $i) { assignment { id } userErrors { code } } }"""


def granting() -> dict[str, Any]:
    """A valid input, with a key of its own."""
    return {
        "clientMutationId": str(uuid4()), "holderId": id_of("StaffMember", "person-talent-operator"),
        "role": "CURRICULUM_SPECIALIST", "organisationId": id_of("Organisation", "school"), "validFrom": "2026-11-01",
    }  # fmt: skip


async def ask(demo: Demo, key: str, minutes: float, document: str, given: Any = None) -> Any:
    """The answer to somebody who signed in so many minutes ago and has renewed their token since."""
    sign_in = SignIn(load_people()[key], clock.now() - timedelta(minutes=minutes), ["esia"])
    store = ProviderStore(provider_config(SETTINGS), demo.database.provider)
    await store.prepare()
    token = await store.access_token(sign_in, "vhod-spa", DEFAULT_SCOPE)
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "ru"}
    answer = await demo.client.post("/graphql", json={"query": document, "variables": {"i": given}}, headers=headers)
    return answer.json()


async def test_old_sign_in_gives_no_role_until_it_is_fresh(own_demo: Demo) -> None:
    """What to do is said for programs; the same request goes through after it. Reading never asks for it."""
    given = granting()
    old = await ask(own_demo, "org-admin", 10.5, GRANT, given)
    written = own_demo.ask("select count(*) from assignment where role = 'CURRICULUM_SPECIALIST' and reason is null")
    reading = await ask(own_demo, "org-admin", 600, "{ me { standing } }")
    fresh = await ask(own_demo, "org-admin", 9, GRANT, given)
    [error] = old["errors"]

    assert error["extensions"] == {
        "code": "FRESH_SIGN_IN_REQUIRED", "maxAge": 600, "prompt": "login", "signIn": "/session/sign-in?fresh=true",
    }  # fmt: skip
    assert "Войдите заново" in error["message"]
    assert reading["data"]["me"]["standing"] == "ACTIVE"
    assert fresh["data"]["grantAssignment"]["userErrors"] == []
    after = own_demo.ask("select count(*) from assignment where role = 'CURRICULUM_SPECIALIST' and reason is null")
    assert after[0][0] == written[0][0] + 1


async def test_who_may_not_do_it_is_not_sent_to_sign_in(demo: Demo) -> None:
    """Rights first: a teacher is refused as ever."""
    answer = await ask(demo, "teacher", 60, GRANT, granting())

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]


def test_sign_in_of_unknown_age_is_not_fresh() -> None:
    """A foreign provider that writes no `auth_time` cannot say that it was just now."""
    context = open_context(Viewer(), None, {}, clock.now)

    with pytest.raises(FreshSignInRequired):
        need_fresh_sign_in(context)


async def test_browser_signs_in_afresh_and_comes_back(own_demo: Demo) -> None:
    """Signed in already, the person is asked by the provider again. A renewed token is as old as the sign-in."""
    browser = Browser.at(own_demo)
    async with browser.http:
        await browser.sign_in("org-admin")
        silent = await browser.http.get((await browser.http.get("/session/sign-in")).headers["location"])
        answer = await browser.http.get("/session/sign-in?fresh=true&next=/graphiql")
        asked = await browser.http.get(answer.headers["location"])

        own_demo.ask("update provider.refresh_families set auth_time = auth_time - interval '20 minutes'")
        own_demo.ask("update session.browser_session set tokens_expire_at = vhod.now()")
        await browser.session()
        renewed = await browser.http.post(
            "/graphql", json={"query": GRANT, "variables": {"i": granting()}}, headers=browser.headers()
        )

    assert renewed.json()["errors"][0]["extensions"]["code"] == "FRESH_SIGN_IN_REQUIRED"
    assert path_of(silent.headers["location"]) == "/session/callback"
    assert path_of(asked.headers["location"]) == "/oidc/login"
