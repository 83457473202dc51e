"""The form for children: no guessing, no telling names apart, an end at the 14th birthday."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any

import httpx2
import pytest
from argon2 import PasswordHasher

from auth.provider.people import load_people
from auth.provider.store import ProviderStore
from tests.auth.provider.browser import Browser, answer
from tests.auth.provider.test_codes import parallel

pytestmark = pytest.mark.anyio
Sql = Callable[..., Awaitable[list[Any]]]
Open = Callable[..., Browser]

LOGIN, PASSWORD = "ezhik-4821", "тихий ёжик рисует луну"
REST = "update provider.login_throttles set last_attempt_at = last_attempt_at - interval '2 minutes'"


async def failures(sql: Sql, kind: str) -> int:
    """The highest counter of a kind."""
    counted: int = (await sql("select max(failures) from provider.login_throttles where kind = :kind", kind=kind))[0][0]
    return counted


async def test_eleventh_attempt_is_refused_with_the_right_password(browser: Browser, sql: Sql) -> None:
    """Ten wrong ones in an hour close the account for a quarter of an hour, pauses or not."""
    for _ in range(10):
        await browser.child_form(LOGIN, "wrong")
        await sql(REST)
    eleventh = await browser.child_form(LOGIN, PASSWORD)
    await sql(REST)
    later = await browser.child_form(LOGIN, PASSWORD)

    assert eleventh.status_code == later.status_code == 429
    assert 800 < int(eleventh.headers["retry-after"]) <= 900
    assert "Подождите 15 мин" in eleventh.text


async def test_closed_account_opens_again(browser: Browser, sql: Sql) -> None:
    """Attempts in the meantime do not prolong the block: a classmate cannot keep it closed."""
    for _ in range(15):
        await browser.child_form(LOGIN, "wrong")
    await sql(
        "update provider.login_throttles set blocked_until = blocked_until - interval '16 minutes', "
        "last_attempt_at = last_attempt_at - interval '16 minutes'"
    )
    response = await browser.child_form(LOGIN, PASSWORD)

    assert "code" in answer(response)


async def test_fifty_at_once_count_as_fifty(browser: Browser, sql: Sql) -> None:
    """Parallel attempts do not slip past each other, and few of them reach the password at all."""
    page = await browser.follow(await browser.authorize())
    answers = await parallel(50, lambda: browser.submit(page, "/login/child", login=LOGIN, password="wrong"))

    assert await failures(sql, "account") == 50
    assert await failures(sql, "account_network") == 50
    assert sum(response.status_code == 422 for response in answers) <= 10
    assert {response.status_code for response in answers} == {422, 429}


async def test_pause_grows_after_five_wrong_attempts(browser: Browser) -> None:
    """The sixth in a row has to wait, and the page says how long."""
    answers = [await browser.child_form(LOGIN, "wrong") for _ in range(7)]

    assert [response.status_code for response in answers] == [422] * 5 + [429] * 2
    assert answers[5].headers["retry-after"] == "1"
    assert answers[6].headers["retry-after"] == "2"


async def test_own_failures_are_forgiven_and_those_of_others_are_not(
    browser: Browser, new_browser: Open, sql: Sql
) -> None:
    """A child who remembers starts from zero; a guesser elsewhere does not profit from it."""
    for _ in range(3):
        await new_browser("198.51.100.7").child_form(LOGIN, "wrong")
    for _ in range(4):
        await browser.child_form(LOGIN, "wrong")
    await browser.child_form(LOGIN, PASSWORD)

    assert await failures(sql, "account") == 3
    assert await failures(sql, "account_network") == 3


async def test_network_has_a_cap_of_its_own(browser: Browser, sql: Sql) -> None:
    """A hundred failures over all names close the network, though no account."""
    await browser.child_form("first-name", "wrong")
    await sql("update provider.login_throttles set failures = 100 where kind = 'network'")
    response = await browser.child_form(LOGIN, PASSWORD)

    assert response.status_code == 429


async def test_unknown_name_looks_and_costs_like_a_known_one(
    browser: Browser, new_browser: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Same page, same status, and one password check each."""
    checked: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, password_hash: str, password: str) -> bool:
        checked.append(password_hash.rsplit("$", 2)[0])
        return bool(verify(self, password_hash, password))

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    known = await browser.child_form(LOGIN, "wrong")
    unknown = await new_browser("198.51.100.7").child_form("ezhik-9999", "wrong")

    assert [cleaned(known)] == [cleaned(unknown)]
    assert known.status_code == unknown.status_code == 422
    assert len(checked) == 2
    assert checked[0] == checked[1]


def cleaned(page: httpx2.Response) -> str:
    """A page without what differs by intent: the form's own numbers and the name that was typed."""
    lines = [line for line in page.text.splitlines() if "interaction" not in line and 'name="token"' not in line]
    return "\n".join(lines).replace('value="ezhik-9999"', f'value="{LOGIN}"')


async def test_unknown_name_is_closed_like_a_known_one(browser: Browser, sql: Sql) -> None:
    """Otherwise the lock would tell which names exist."""
    for _ in range(10):
        await browser.child_form("ezhik-9999", "wrong")
        await sql(REST)
    response = await browser.child_form("ezhik-9999", "wrong")

    assert response.status_code == 429
    assert "Подождите 15 мин" in response.text


@pytest.mark.parametrize(("login", "password"), [("", "x"), ("x", ""), ("  ", "x"), ("x" * 101, "x"), ("x", "y" * 201)])
async def test_incomplete_form_is_not_an_attempt(browser: Browser, sql: Sql, login: str, password: str) -> None:
    """Nothing is counted, nothing is hashed."""
    response = await browser.child_form(login, password)

    assert response.status_code == 422
    assert await sql("select 1 from provider.login_throttles") == []


async def test_events_hold_no_name(browser: Browser, sql: Sql) -> None:
    """A failed sign-in is recorded without what was typed."""
    await browser.child_form(LOGIN, "тайна")
    rows = [
        str(row) for row in await sql("select e::text from provider.security_events e where kind = 'sign_in_failed'")
    ]

    assert len(rows) == 1
    assert LOGIN not in rows[0]
    assert "тайна" not in rows[0]


@pytest.mark.parametrize(
    ("born", "today", "lives"),
    [
        (date(2012, 11, 23), date(2026, 11, 22), True),
        (date(2012, 11, 22), date(2026, 11, 22), False),
        (date(2012, 2, 29), date(2026, 2, 28), True),
        (date(2012, 2, 29), date(2026, 3, 1), False),
        (date(2014, 2, 28), date(2028, 2, 29), False),
        (date(2014, 3, 1), date(2028, 2, 29), True),
    ],
)
async def test_account_ends_on_the_fourteenth_birthday(
    store: ProviderStore, sql: Sql, born: date, today: date, lives: bool
) -> None:
    """The day before it lives, on the day it does not; born on 29 February, the day is 1 March."""
    child = replace(load_people()["child"], oid="2000000001", snils=None, birth_date=born)
    await store.children.create(child, "birthday-1", "пароль на день")
    subject = await store.children.check("birthday-1", "пароль на день", today)
    person = await store.children.person("2000000001", today)
    await sql("delete from provider.child_accounts where subject = '2000000001'")

    assert (subject == "2000000001") is lives
    assert (person is not None) is lives


async def test_ended_account_gets_no_more_tokens(browser: Browser, sql: Sql) -> None:
    """A blocked child's refresh token is worth nothing from that moment on."""
    redirect = await browser.child_form(LOGIN, PASSWORD)
    tokens = (await browser.redeem(answer(redirect)["code"])).json()
    await sql("update provider.child_accounts set blocked_at = vhod.now() where login = :login", login=LOGIN)
    refreshed = await browser.refresh(tokens["refresh_token"])
    signed_in = await browser.child_form(LOGIN, PASSWORD, prompt="login")
    await sql("update provider.child_accounts set blocked_at = null")

    assert refreshed.json()["error"] == "invalid_grant"
    assert signed_in.status_code == 422


async def test_password_is_hashed_anew_when_the_parameters_change(store: ProviderStore, sql: Sql) -> None:
    """At the next sign-in, without the child noticing."""
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    await sql("update provider.child_accounts set password_hash = :weak where login = :login", weak=weak, login=LOGIN)
    subject = await store.children.check(LOGIN, PASSWORD, date(2026, 11, 22))
    stored = (await sql("select password_hash from provider.child_accounts where login = :login", login=LOGIN))[0][0]

    assert subject == load_people()["child"].oid
    assert "m=19456,t=2,p=1" in stored


async def test_composed_and_decomposed_letters_are_the_same_password(store: ProviderStore) -> None:
    """Some keyboards write ё and й as two characters."""
    decomposed = PASSWORD.replace("ё", "е\u0308").replace("й", "и\u0306")

    assert decomposed != PASSWORD
    assert await store.children.check(LOGIN, decomposed, date(2026, 11, 22))
