"""Answers that do not come, and answers that must not be believed: the retry learns what happened."""

import asyncio
import json
from uuid import uuid4

import pytest

from tests.faults.clients import PAGE, UnknownError, cell, page_input
from tests.faults.conftest import Open
from tests.faults.ground import Site
from tests.faults.soundness import faults
from tests.faults.steps import holding

pytestmark = pytest.mark.anyio

TWO = """
mutation Two($i: WriteMarkInput!, $j: WriteJournalPageInput!) {
  first: writeMark(input: $i) { mark { value } userErrors { code } }
  second: writeJournalPage(input: $j) { journal { id keptMarks { id } } userErrors { code } }
}
"""


def written(site: Site, key: str) -> int:
    """How many versions carry a key."""
    return int(site.ask("select count(*) from mark_version where reason = %s", [key])[0][0])


@pytest.mark.parametrize("step", ["key", "version", "audit", "answer", "commit"])
async def test_connection_that_is_cut_before_the_answer(step: str, site: Site, client: Open) -> None:
    """The client half-closes, then goes, while its request stands at a step; the retry tells and acts once."""
    hand, [lesson], lines, key = await client("teacher"), site.lessons(1), site.lines(), str(uuid4())
    given = page_input({line: [cell(lesson, 5)] for line in lines}, key)
    with holding(site, step) as reached:
        _, writer = await asyncio.open_connection("127.0.0.1", site.port)
        body = json.dumps({"query": PAGE, "variables": {"i": given}}).encode()
        token = f"Authorization: Bearer {await site.token('teacher')}"
        head = f"POST /graphql HTTP/1.1\r\nHost: localhost\r\n{token}\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}X-Request-ID: {key}-0\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        stood_there = await asyncio.to_thread(reached, lambda: False)
        writer.write_eof()
        writer.transport.abort()
    answer = await hand.insist("writeJournalPage", **given)

    assert stood_there
    assert answer["userErrors"] == []
    assert answer["journal"] is not None
    assert written(site, key) == len(lines)
    assert faults(site) == []


async def test_no_field_says_done_when_another_undid_the_whole_transaction(site: Site, client: Open) -> None:
    """Two changes in a document; reading the second's payload fails in the database, and takes the first along."""
    hand, lessons, line = await client("teacher"), site.lessons(2), site.lines()[0]
    keys = [str(uuid4()), str(uuid4())]
    mark = {"lineId": f"JournalLine:{line}", "lessonId": f"Lesson:{lessons[0]}", "value": 5, "reason": keys[0]}
    given = {"i": {"clientMutationId": keys[0]} | mark, "j": page_input({line: [cell(lessons[1], 4)]}, keys[1])}
    headers = {"Authorization": f"Bearer {await site.token('teacher')}"}
    with holding(site, "answer"):
        response = await hand.http.post("/graphql", json={"query": TWO, "variables": given}, headers=headers)
    body, stands = response.json(), [written(site, key) for key in keys]
    said_done = [name for name, key in zip(("first", "second"), keys, strict=True)
                 if (body.get("data") or {}).get(name)]  # fmt: skip
    [again] = [await hand.insist("writeMark", **given["i"])]

    assert body["errors"]
    assert stands == [0, 0]
    assert said_done == []
    assert (again["userErrors"], again["mark"]["value"]) == ([], 5)
    assert faults(site) == []


async def test_answer_of_a_retry_is_that_of_the_first_time(site: Site, client: Open) -> None:
    """The answer came, the client lost it: the same objects, nothing done again, also after others wrote."""
    hand, [lesson], line = await client("teacher"), site.lessons(1), site.lines()[0]
    given = {"clientMutationId": str(uuid4()), "lineId": f"JournalLine:{line}", "lessonId": f"Lesson:{lesson}"}
    first = await hand.once("writeMark", given | {"value": 5})
    await hand.insist("writeMark", **given | {"clientMutationId": str(uuid4()), "value": 3, "version": 1})
    again = await hand.once("writeMark", given | {"value": 5}, 1)

    assert again["userErrors"] == []
    assert again["mark"] == first["mark"] | {"value": 3, "version": 2}
    with pytest.raises(UnknownError):
        await hand.once("writeMark", given | {"value": 6, "clientMutationId": "no key"}, 2)
