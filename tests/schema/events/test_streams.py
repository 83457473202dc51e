"""Server-sent events: one request, one subscription."""

import json
from typing import Any

import pytest

from tests.schema.events.conftest import Child, Live
from tests.schema.events.followers import DIARY, RIGHTS
from tests.schema.writing import Pen

pytestmark = pytest.mark.anyio


def news(event: dict[str, str]) -> Any:
    """What an event tells."""
    return json.loads(event["data"])["data"]["diaryChanged"]


async def test_a_mark_comes_as_an_event_whose_id_goes_on(live: Live, pen: Pen, child: Child) -> None:
    """A browser that lost the connection sends the last id back, and hears what it missed."""
    pen.clear("2026-11-20")
    lesson = (await pen.lesson("2026-11-20"))["id"]
    async with await live.stream("legal-representative", DIARY, id=child.student) as events:
        first = await anext(events)
        await pen.do("writeMark", lineId=child.line, lessonId=lesson, value=2)
        second = await anext(events)
    last = {"Last-Event-ID": first["id"]}
    async with await live.stream("legal-representative", DIARY, headers=last, id=child.student) as events:
        again = await anext(events)

    assert (first["event"], news(first)["changes"]) == ("next", [])
    assert first["id"] == news(first)["cursor"]
    assert [change["object"]["value"] for change in news(second)["changes"]] == [2]
    assert news(again)["changes"] == news(second)["changes"]


async def test_streams_end_with_the_process(live: Live) -> None:
    """Whoever follows is told to come again, and the server does not wait for them."""
    hub = live.subscriptions.deliveries.hub
    async with await live.stream("student", RIGHTS) as events:
        await anext(events)
        hub.stop()
        told, end = await anext(events), await anext(events)
    hub.stopping = False

    assert json.loads(told["data"])["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert end["event"] == "complete"


@pytest.mark.parametrize(
    ("status", "given"),
    [
        (401, {"json": {"query": RIGHTS}}),
        (401, {"json": {"query": RIGHTS}, "headers": {"Authorization": "Bearer x"}}),
        (415, {"content": "query", "signed": True}),
        (400, {"json": [{"query": RIGHTS}], "signed": True}),
    ],
)
async def test_what_cannot_be_followed_is_refused_before_the_stream(
    live: Live, status: int, given: dict[str, Any]
) -> None:
    """By a status and a coded error, as everywhere."""
    headers = {"Accept": "text/event-stream"} | given.pop("headers", {})
    if given.pop("signed", False):
        headers |= await live.demo.headers("student")
    answer = await live.demo.client.post("/graphql", headers=headers, **given)

    assert answer.status_code == status
    assert answer.json()["errors"][0]["extensions"]["code"] in ("UNAUTHENTICATED", "BAD_REQUEST")


async def test_a_query_is_no_stream(live: Live) -> None:
    """It is told in the stream, and the stream ends."""
    async with await live.stream("student", "{ me { standing } }") as events:
        told, end = await anext(events), await anext(events)

    assert json.loads(told["data"])["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert end["event"] == "complete"
