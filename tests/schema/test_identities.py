"""Accounts linked and unlinked by an administrator: of their own people, where one fact alone is in doubt."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from auth.provider.people import load_people
from tests.api.browser import Browser
from tests.schema.demo import Demo, id_of, open_demo

pytestmark = pytest.mark.anyio

FIELDS = "mismatch { id personName facts linked reason staffMember { id } } userErrors { code path }"
LINK = f"mutation ($i: LinkAccountInput!) {{ change: linkAccount(input: $i) {{ {FIELDS} }} }}"
UNLINK = f"mutation ($i: UnlinkAccountInput!) {{ change: unlinkAccount(input: $i) {{ {FIELDS} }} }}"
WAITING = "{ identityMismatches(decided: false) { nodes { id personName facts staffMember { id } } } }"
ME = "{ me { standing accountId assignments { role } } }"
SCHOOL = id_of("Organisation", "school")
NAMES = {key: " ".join((p.last_name, p.first_name, p.middle_name or "")) for key, p in load_people().items()}
IDENTITY = "openid fullname birthdate snils education:read"


@pytest.fixture(scope="module")
async def writable(database_server: Any, demo_template: str, anyio_backend: str) -> AsyncIterator[Demo]:
    """A demo of this module's own: it is written to."""
    with database_server.clone(demo_template) as url:
        async with open_demo(url) as opened:
            yield opened


async def change(demo: Demo, document: str, viewer: str = "org-admin", **given: object) -> Any:
    """Carry out a mutation that has an answer."""
    whole = {"clientMutationId": str(uuid4()), "reason": "Паспорт предъявлен", **given}
    return (await demo.query(document, {"i": whole}, viewer)).data["change"]


def unlinking(holder: str, **changes: object) -> dict[str, Any]:
    """A valid input."""
    return {
        "organisationId": SCHOOL, "holderId": id_of("StaffMember", f"person-{holder}"), "holderName": NAMES[holder],
    } | changes  # fmt: skip


def codes(answer: Any) -> list[str]:
    return [error["code"] for error in answer["userErrors"]]


async def me(demo: Demo, viewer: str) -> Any:
    return (await demo.query(ME, viewer=viewer)).data["me"]


async def unknown(demo: Demo, key: str, held: str) -> tuple[str, Any]:
    """A person in doubt signs in by an application; gives the number they tell, and the mismatch that is listed."""
    account = load_people()[key]
    demo.ask(
        f"update person set {held} where id = (select person_id from external_identity where subject = :s)",
        s=account.oid,
    )
    demo.ask("delete from external_identity where subject = :s", s=account.oid)
    await demo.client.post("/session/link", headers=await demo.headers(key, scope=IDENTITY))
    nodes = (await demo.query(WAITING, viewer="org-admin")).data["identityMismatches"]["nodes"]
    own = demo.ask(
        "select m.id::text from identity_mismatch m join session.waiting_account w on w.id = account_id"
        " where subject = :s",
        s=account.oid,
    )
    [found] = [node for node in nodes if node["id"].removeprefix("IdentityMismatch:") in {row.id for row in own}]
    return (await me(demo, key))["accountId"], found


async def test_administrator_vouches_for_one_fact(writable: Demo) -> None:
    """A name after a marriage: the owner tells the number, the administrator links, the next request has the roles."""
    told, found = await unknown(writable, "teacher", "last_name = 'Девичья'")
    given = {"mismatchId": found["id"], "accountId": told}
    other = await change(writable, LINK, **given | {"accountId": str(uuid4())})
    silent = await change(writable, LINK, **given, reason="  ")
    key = str(uuid4())
    made = [await change(writable, LINK, **given, clientMutationId=key) for _ in range(2)]
    again = await change(writable, LINK, **given)
    after = await me(writable, "teacher")
    audited = writable.ask("select action from audit_entry where object_id = :id", id=found["id"][17:])

    assert (found["facts"], found["personName"].split()[0]) == (["NAME"], "Девичья")
    assert found["staffMember"]["id"] == id_of("StaffMember", "person-teacher")
    assert (codes(other), codes(silent)) == (["NOT_FOUND"], ["TEXT_UNFIT"])
    assert made[0] == made[1]
    assert (codes(made[0]), made[0]["mismatch"]["linked"]) == ([], True)
    assert codes(again) == ["ALREADY_SETTLED"]
    assert (after["standing"], after["accountId"]) == ("ACTIVE", None)
    assert [row.action for row in audited] == ["person:identity:link"]


async def test_too_much_doubt_is_not_vouched_for(writable: Demo) -> None:
    """Another SNILS, or two facts: the records are mended first, by whoever keeps them."""
    for key, held in (
        ("homeroom-teacher", "snils = '000-000-998 98'"),
        ("curriculum-specialist", "last_name = 'Иная', birth_date = null"),
    ):
        told, found = await unknown(writable, key, held)
        answer = await change(writable, LINK, mismatchId=found["id"], accountId=told)

        assert codes(answer) == ["NOT_LINKABLE"]
        assert (await me(writable, key))["standing"] == "UNKNOWN"


async def test_unlinked_account_is_out_at_once_and_stays_out(writable: Demo) -> None:
    """Its browser too; its next sign-in changes nothing, until an administrator links it again."""
    browser = Browser.at(writable)
    async with browser.http:
        await browser.sign_in("deputy-head")
        slip = await change(writable, UNLINK, **unlinking("deputy-head", holderName=NAMES["teacher"]))
        made = await change(writable, UNLINK, **unlinking("deputy-head"))
        session = await browser.session()
        await browser.sign_in("deputy-head")
        again = (await browser.ask(ME)).json()["data"]["me"]
    none = await change(writable, UNLINK, **unlinking("deputy-head"))
    back = await change(writable, LINK, mismatchId=made["mismatch"]["id"], accountId=again["accountId"])

    assert (codes(slip), codes(made), codes(none)) == (["NOT_FOUND"], [], ["NOT_LINKED"])
    assert session == {"signedIn": False}
    assert (again["standing"], made["mismatch"]["facts"]) == ("UNKNOWN", ["UNLINKED"])
    assert codes(back) == []
    assert (await me(writable, "deputy-head"))["standing"] == "ACTIVE"


async def test_accounts_are_the_administrators_of_their_own(writable: Demo) -> None:
    """Not one's own, not those of another place, and nobody else's business: the principal sees no list."""
    own = await change(writable, UNLINK, **unlinking("org-admin"))
    elsewhere = await change(
        writable, UNLINK, **unlinking("regional-coordinator", holderId=id_of("Person", "person-regional-coordinator"))
    )
    given = {"clientMutationId": str(uuid4()), "reason": "Просто так", **unlinking("teacher")}
    refused = await writable.query(UNLINK, {"i": given}, "principal")
    listed = (await writable.query(WAITING, viewer="principal")).data["identityMismatches"]

    assert (codes(own), codes(elsewhere)) == (["OWN_ACCOUNT"], ["NOT_FOUND"])
    assert refused.codes == ["FORBIDDEN"]
    assert listed is None
