"""The federal exchange over the demo: a system signs in as itself and asks for a diary by the account's number."""

from typing import Any

import pytest

from api.stand_in import provider_config
from auth.provider.minting import mint_access_token
from auth.provider.people import load_people
from tests.schema.demo import SETTINGS, TODAY, Demo

pytestmark = pytest.mark.anyio

DIARY = """query Diary($subject: String!) {
  diary(subject: $subject) {
    marks(last: 3) { totalCount nodes { value heldOn } }
    lessons(since: "2026-11-09", until: "2026-11-20") { heldOn homework journal { className subject { name } } }
    achievements { title }
  }
}"""


async def asked_by_system(demo: Demo, subject: str) -> dict[str, Any]:
    """The body of the answer to the system of the demo, with a token as the token endpoint signs it."""
    token = await mint_access_token(demo.database.provider, provider_config(SETTINGS), "federal-system")
    sent = {"query": DIARY, "variables": {"subject": subject}}
    answer = await demo.client.post("/graphql", json=sent, headers={"Authorization": f"Bearer {token}"})
    return answer.json()  # type: ignore[no-any-return]


async def test_system_gets_marks_homework_and_timetable_of_who_has_consented(demo: Demo) -> None:
    """By the number of the account; the portfolio is another purpose, and is said to be refused."""
    assert TODAY.year == 2026
    body = await asked_by_system(demo, load_people()["student"].oid)
    diary = body["data"]["diary"]

    assert diary["marks"]["totalCount"] > 0
    assert {one["journal"]["className"] for one in diary["lessons"]} == {"7А"}
    assert any(one["homework"] for one in diary["lessons"])
    assert diary["achievements"] is None
    assert [(one["field"], one["reason"]) for one in body["extensions"]["access"]["denied"]] == [
        ("Diary.achievements", "CLIENT_SCOPE")
    ]


@pytest.mark.parametrize("who", ["child", "teacher", "nobody"])
async def test_system_gets_nothing_of_who_has_not_consented_and_cannot_tell_who_exists(demo: Demo, who: str) -> None:
    """The same answer for a child without a consent, for a teacher, and for a number that nobody has."""
    people = load_people()
    body = await asked_by_system(demo, people[who].oid if who in people else "999")

    assert body["data"] == {"diary": None}
    assert body["extensions"]["access"]["denied"] == []
