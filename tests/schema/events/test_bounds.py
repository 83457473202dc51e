"""What holds for requests holds for those who follow: budgets, limits, oldest versions, time for a statement."""

import pytest
from sqlalchemy import text

from api.budgets.accounts import Account
from tests.schema.events.conftest import Child, Live
from tests.schema.events.followers import DIARY, data, opened
from tests.schema.writing import Pen

pytestmark = pytest.mark.anyio
DAY = "2026-11-18"
OLD = {"X-Client-Name": "diary", "X-Client-Version": "2.9.9"}
NEW = OLD | {"X-Client-Version": "2.10.0"}
DEAR = (
    "subscription { rightsChanged { me { assignments { organisation"
    + "{ branches " * 7 + "{ id }" + "}" * 7 + " } } } }"
)  # fmt: skip


async def test_each_answer_of_a_subscription_is_paid_for(live: Live, pen: Pen, child: Child) -> None:
    """What is left serves for one more answer; then the stream ends, and its cursor goes on later."""
    pen.clear(DAY)
    found = await pen.lesson(DAY)
    lesson, version = found["id"], found["version"]
    budgets = live.demo.app.state.services.budgets
    budgets._kept.clear()
    async with live.socket("legal-representative") as socket:
        first = await socket.subscribe(DIARY, id=child.student)
        cost = first["payload"]["extensions"]["cost"]["requested"]
        [spent] = [one for key, one in budgets._kept.items() if key[0] == Account.PERSON]
        spent.hand, spent.outside = cost, 0
        await pen.do("writeMark", lineId=child.line, lessonId=lesson, value=5)
        heard = data(await socket.hear())
        await pen.do("updateLesson", lessonId=lesson, version=version, homework="№ 1", reason="Забыла")
        refused, ended = await socket.hear(), await socket.hear()
        spent.hand = spent.most

    assert heard["changes"][0]["object"]["value"] == 5
    assert refused["payload"]["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert refused["payload"]["errors"][0]["extensions"]["retryAfter"] > 0
    assert ended["type"] == "complete"


async def test_a_subscription_that_is_too_dear_is_told_what_makes_it_so(live: Live) -> None:
    """Before anything is read, with the same code and paths as a request."""
    async with live.socket("teacher") as socket:
        refused = await socket.subscribe(DEAR)

    [error] = refused["payload"]
    assert (refused["type"], error["extensions"]["code"]) == ("error", "LIMIT_EXCEEDED")
    assert error["extensions"]["paths"][0]["path"].endswith("organisation" + ".branches" * 7)


async def test_a_version_that_is_no_longer_served_is_told_to_update(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a socket by its first message or its handshake, in a stream by its headers; a newer one is admitted."""
    monkeypatch.setitem(live.demo.app.state.services.minimum_versions.oldest, "diary", "2.10.0")
    signed = {"Authorization": f"Bearer {await live.demo.token('student')}"}
    told = []
    for payload, handshake in ((signed | OLD, {}), (signed, OLD)):
        async with opened(live.port, additional_headers=handshake) as socket:
            await socket.say(type="connection_init", payload=payload)
            told.append(await socket.closed())
    async with opened(live.port, additional_headers=OLD) as socket:
        admitted = await socket.init(**signed, **NEW)
    stream = await live.demo.client.post(
        "/graphql",
        json={"query": "subscription { rightsChanged { cursor } }"},
        headers=signed | OLD | {"Accept": "text/event-stream"},
    )

    assert [code for code, _ in told] == [4403, 4403]
    assert all(reason.startswith("CLIENT_OUTDATED: ") and "2.10.0" in reason for _, reason in told)
    assert admitted["type"] == "connection_ack"
    assert (stream.status_code, stream.json()["errors"][0]["extensions"]["code"]) == (403, "CLIENT_OUTDATED")


async def test_nothing_is_followed_in_a_preview(live: Live) -> None:
    """By the first message, the handshake or the headers of a stream: a preview is one answer at a time."""
    signed = {"Authorization": f"Bearer {await live.demo.token('teacher')}"}
    looking = {"Vhod-Preview-Role": "TEACHER"}
    told = []
    for payload, handshake in ((signed | looking, {}), (signed, looking)):
        async with opened(live.port, additional_headers=handshake) as socket:
            await socket.say(type="connection_init", payload=payload)
            told.append(await socket.closed())
    stream = await live.demo.client.post(
        "/graphql",
        json={"query": "subscription { rightsChanged { cursor } }"},
        headers=signed | looking | {"Accept": "text/event-stream"},
    )
    upload = await live.demo.client.post("/imports/files", headers=signed | looking)

    assert [(code, reason.partition(":")[0]) for code, reason in told] == [(4403, "PREVIEW_READS_ONLY")] * 2
    assert [one.status_code for one in (stream, upload)] == [403, 403]
    assert stream.json()["errors"][0]["extensions"]["code"] == "PREVIEW_READS_ONLY"


async def test_a_statement_of_an_answer_has_as_much_time_as_that_of_a_request(live: Live) -> None:
    """Both end by the database's own clock."""
    engines = live.demo.database.app, live.subscriptions._engine
    found = []
    for engine in engines:
        async with engine.connect() as connection:
            found.append((await connection.execute(text("show statement_timeout"))).scalar())

    assert found == ["5s", "5s"]
