"""First sign-in: an account finds its person by all its facts, and by nothing less."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

import api.identities.routes
from api.identities.facts import Facts, facts_of
from api.identities.matching import Matching
from auth.claims import VerifiedClaims
from auth.issuers import Level
from auth.provider.people import DemoPerson, load_people
from domain import clock
from tests.api.browser import Browser
from tests.schema.demo import SETTINGS, Demo, open_demo

pytestmark = pytest.mark.anyio

ME = "{ me { standing accountId assignments { role } } }"
LINKS = "select person_id from external_identity where subject = :subject"
WAITING = """select facts from identity_mismatch join session.waiting_account w on w.id = account_id
             where subject = :subject"""
IDENTITY = "openid fullname birthdate snils education:read education:write"


@pytest.fixture(scope="module")
async def demo(database_server: Any, demo_template: str, anyio_backend: str) -> AsyncIterator[Demo]:
    """A demo of this module's own; each test takes people whom no other takes."""
    with database_server.clone(demo_template) as url:
        async with open_demo(url) as opened:
            yield opened


def stranger_to_us(demo: Demo, key: str, change: str = "") -> tuple[DemoPerson, Any]:
    """A demo person whose account nobody is linked to, as after an import; `change` alters what is held of them."""
    account = load_people()[key]
    [[person]] = demo.ask(LINKS, subject=account.oid)
    demo.ask("delete from external_identity where subject = :subject", subject=account.oid)
    if change:
        demo.ask(f"update person set {change} where id = :person", person=person)
    return account, person


async def link(demo: Demo, viewer: str, scope: str = IDENTITY) -> Any:
    """What an application does that keeps its own tokens."""
    return await demo.client.post("/session/link", headers=await demo.headers(viewer, scope=scope))


async def me(demo: Demo, viewer: str) -> Any:
    return (await demo.query(ME, viewer=viewer)).data["me"]


async def test_browser_of_an_unknown_account_is_its_person_at_once(demo: Demo) -> None:
    """SNILS, name and birth date agree: the page after sign-in has the roles; the link is audited, and stays."""
    account, person = stranger_to_us(demo, "teacher")
    browser = Browser.at(demo)
    async with browser.http:
        await browser.sign_in("teacher")
        first = (await browser.ask(ME)).json()["data"]["me"]
        await browser.sign_in("teacher")
    audited = demo.ask(
        "select action, actor_id, organisation_id is not null from audit_entry where object_id = :id", id=person
    )

    assert (first["standing"], first["accountId"]) == ("ACTIVE", None)
    assert "TEACHER" in [held["role"] for held in first["assignments"]]
    assert demo.ask(LINKS, subject=account.oid) == [(person,)]
    assert [tuple(row) for row in audited] == [("person:identity:match", person, True)]


async def test_application_links_by_its_token(demo: Demo) -> None:
    """A mobile application asks once; a second time nothing more happens. Nobody and a service are refused."""
    account, person = stranger_to_us(demo, "legal-representative")
    before = await me(demo, "legal-representative")
    answers = [(await link(demo, "legal-representative")).json() for _ in range(2)]
    nobody = await demo.client.post("/session/link")
    service = await link(demo, "federal-system")

    assert before["standing"] == "UNKNOWN"
    assert answers == [{"linked": True}] * 2
    assert (await me(demo, "legal-representative"))["standing"] == "ACTIVE"
    assert demo.ask(LINKS, subject=account.oid) == [(person,)]
    assert (nobody.status_code, service.status_code) == (401, 401)


@pytest.mark.parametrize(
    ("key", "change", "facts"),
    [
        ("deputy-head", "last_name = 'Другая'", ["NAME"]),
        ("principal", "birth_date = '1950-01-01'", ["BIRTH_DATE"]),
        ("org-admin", "snils = null", ["SNILS_UNKNOWN"]),
        ("auditor", "snils = '000-000-999 99'", ["SNILS"]),
        ("expert", "last_name = 'Чужая', birth_date = null", ["NAME", "BIRTH_DATE"]),
        ("hr-specialist", "birth_date = vhod.now() - interval '9 years'", ["BIRTH_DATE", "ADULT_ACCOUNT"]),
    ],
)
async def test_contradiction_links_nobody_and_is_kept(demo: Demo, key: str, change: str, facts: list[str]) -> None:
    """One fact of three that differs is enough. Which, is kept for each organisation; the account learns its number."""
    account, _ = stranger_to_us(demo, key, change)
    answer = (await link(demo, key)).json()
    found = await me(demo, key)
    kept = demo.ask(WAITING, subject=account.oid)

    assert answer == {"linked": False}
    assert demo.ask(LINKS, subject=account.oid) == []
    assert {tuple(row.facts) for row in kept} == {tuple(facts)}
    assert (found["standing"], len(found["accountId"])) == ("UNKNOWN", 36)


async def test_token_without_the_facts_names_nobody(demo: Demo) -> None:
    """What the person did not let the application know is not compared; kept is only that the account is there."""
    account, _ = stranger_to_us(demo, "mail-user")
    answer = (await link(demo, "mail-user", scope="openid education:read")).json()

    assert answer == {"linked": False}
    assert demo.ask(WAITING, subject=account.oid) == []


async def test_asking_again_and_again_is_paid_for(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each asks the provider: whoever has nothing left waits."""
    monkeypatch.setattr(api.identities.routes, "LINK_POINTS", 2_000_000_000)
    answer = await link(demo, "stranger")

    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (429, "RATE_LIMITED")
    assert int(answer.headers["retry-after"]) >= 0


async def test_two_people_with_the_same_facts_are_nobody(demo: Demo) -> None:
    """A file that was brought in twice: an administrator says which."""
    account, person = stranger_to_us(demo, "talent-operator")
    demo.ask(
        "insert into person (last_name, first_name, middle_name, birth_date, snils, provenance)"
        " select last_name, first_name, middle_name, birth_date, snils, 'SYNTHETIC' from person where id = :id",
        id=person,
    )
    await link(demo, "talent-operator")

    assert demo.ask(LINKS, subject=account.oid) == []
    assert {tuple(row.facts) for row in demo.ask(WAITING, subject=account.oid)} == {("SEVERAL",)}


async def test_childs_account_is_a_students_below_fourteen(demo: Demo) -> None:
    """It may not become whoever is 14, or holds another role; an unconfirmed adult account becomes nobody."""
    matching = Matching(demo.database.app, frozenset({SETTINGS.stand_in_issuer}))
    account, person = stranger_to_us(demo, "child")
    name = f"{account.last_name} {account.first_name} {account.middle_name or ''}"

    async def facts_against(subject: str, level: Level, born: str) -> Any:
        demo.ask("update person set birth_date = :born where id = :id", born=date.fromisoformat(born), id=person)
        own = Facts(account.snils, name, date.fromisoformat(born))
        claims = VerifiedClaims(
            SETTINGS.stand_in_issuer, subject, "vhod-spa", frozenset(), None, (), level, trusted=False,
            expires_at=clock.now(), token_id=None,
        )  # fmt: skip
        outcome = await matching.match(claims, own, "r")
        return outcome, [row.facts for row in demo.ask(WAITING, subject=subject)]

    unconfirmed = await facts_against("801", "P", "2008-01-01")
    too_old = await facts_against("802", "KD", "2008-01-01")
    child = await facts_against("803", "KD", "2015-01-01")
    second = await facts_against("804", "KD", "2015-01-01")

    assert unconfirmed == ("WAITING", [["NOT_CONFIRMED"]])
    assert too_old == ("WAITING", [["CHILD_ACCOUNT"]])
    assert child == ("LINKED", [])
    assert second == ("WAITING", [["ALREADY_LINKED"]])


def test_facts_are_read_strictly() -> None:
    """About another subject nothing is believed; a number with wrong control digits and half a date are no facts."""
    told = {
        "sub": "7", "family_name": " Ёлкина  Б ", "given_name": "Анна", "snils": "00000010104",
        "birthdate": "14.03.1984",
    }  # fmt: skip
    whole = facts_of(told, "7")

    assert whole == Facts("000-000-101 04", "Ёлкина Б Анна ", date(1984, 3, 14))
    assert facts_of(told, "8") == Facts()
    assert facts_of({**told, "snils": "112-233-445 00", "birthdate": "1984", "given_name": ""}, "7") == Facts()
