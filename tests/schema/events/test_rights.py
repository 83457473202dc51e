"""Rights are those of the moment: at connect, at subscribe, at every event."""

import json
from datetime import timedelta
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from tests.schema.demo import ORIGIN
from tests.schema.events.conftest import Child, Live
from tests.schema.events.followers import DIARY, PAGE, RIGHTS, data, following, opened
from tests.schema.writing import FLAGSHIP, Pen

pytestmark = pytest.mark.anyio

IDENTITY = "select person_id from external_identity where subject = :subject"
BAN = """insert into restriction (id, person_id, subject_person_id, kind, act, valid_from)
  select uuidv7(), g.guardian_id, g.student_id, 'COURT_BAN', 'вымышленный акт', '2026-01-01'
  from guardianship g where g.student_id = cast(:student as uuid) returning id, person_id"""


async def test_guardian_banned_by_court_with_an_open_subscription_hears_nothing_more(
    live: Live, pen: Pen, child: Child
) -> None:
    """The socket closes with 4403 before the next mark could be told."""
    pen.clear("2026-11-20")
    lesson = (await pen.lesson("2026-11-20"))["id"]
    async with live.socket("legal-representative") as parent:
        data(await parent.subscribe(DIARY, id=child.student))
        bans = live.demo.ask(BAN, student=child.student.partition(":")[2])
        await pen.do("writeMark", lineId=child.line, lessonId=lesson, value=2)
        ended = await parent.closed()
    for ban in bans:
        live.demo.ask("delete from restriction where id = :id", id=ban.id)

    assert ended == (4403, "RIGHTS_REVOKED")


async def test_ended_assignment_ends_what_it_opened_and_is_told(live: Live) -> None:
    """The page is closed at once; whoever follows their rights reads them anew."""
    person = "select a.id from assignment a where a.role = 'TEACHER' and a.subject_group_id ="
    group = "(select subject_group_id from journal where id = cast(:journal as uuid)) and a.live_until is null"
    held = live.demo.ask(f"{person} {group}", journal=FLAGSHIP.partition(":")[2])
    async with live.socket("teacher") as page, live.socket("teacher") as oneself:
        data(await page.subscribe(PAGE, id=FLAGSHIP))
        before = data(await oneself.subscribe(RIGHTS))
        for one in held:
            live.demo.ask("update assignment set ended_at = vhod.now() where id = :id", id=one.id)
        ended, after = await page.closed(), data(await oneself.hear())
    for one in held:
        live.demo.ask("update assignment set ended_at = null where id = :id", id=one.id)

    assert ended == (4403, "RIGHTS_REVOKED")
    assert after["resyncRequired"]
    assert len(after["me"]["assignments"]) < len(before["me"]["assignments"])


async def test_socket_closes_when_the_token_expires(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """4401, at the moment itself."""
    deliveries = live.subscriptions.deliveries
    clock = deliveries.clock
    monkeypatch.setattr(deliveries, "clock", lambda: clock() + timedelta(minutes=9, seconds=59.9))
    async with following(live.port, await live.demo.token("student", scope="education:read")) as socket:
        ended = await socket.closed()

    assert ended == (4401, "TOKEN_EXPIRED")


@pytest.mark.parametrize(
    "payload", [{}, {"Authorization": "Bearer x.y.z"}, {"Authorization": "Basic eA=="}, {"csrf": "x"}]
)
async def test_nobody_is_admitted_unsigned(live: Live, payload: dict[str, str]) -> None:
    """No credentials, or bad ones: nothing is acknowledged."""
    async with opened(live.port) as socket:
        await socket.say(type="connection_init", payload=payload)
        ended = await socket.closed()

    assert ended == (4401, "UNAUTHENTICATED")


async def test_page_of_a_foreign_origin_opens_no_socket(live: Live) -> None:
    """Browsers do not ask for sockets, so the handshake looks itself; an origin of ours may."""
    with pytest.raises(InvalidStatus) as refused:
        async with opened(live.port, origin="https://evil.example"):
            pass
    async with opened(live.port, origin=ORIGIN) as socket:
        admitted = await socket.init(Authorization=f"Bearer {await live.demo.token('student')}")

    assert refused.value.response.status_code == 403
    assert admitted["type"] == "connection_ack"


async def test_sockets_of_one_person_are_bounded(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """One too many is refused; a place that is given back serves again."""
    monkeypatch.setattr(live.subscriptions.places, "_of_one", 2)
    token = await live.demo.token("student")
    async with following(live.port, token), following(live.port, token), opened(live.port) as third:
        await third.say(type="connection_init", payload={"Authorization": f"Bearer {token}"})
        ended = await third.closed()
    async with following(live.port, token), following(live.port, token):
        pass

    assert ended[0] == 4429


@pytest.mark.parametrize(
    "message",
    [[], {"type": 1}, {"type": "subscribe"}, {"type": "subscribe", "id": "1", "payload": "x"}, {"type": "hm"}],
)
async def test_message_of_another_shape_ends_the_socket(live: Live, message: Any) -> None:
    """4400, and never a server error."""
    async with live.socket("student") as socket:
        await socket.connection.send(json.dumps(message))
        ended = await socket.closed()

    assert ended[0] == 4400


async def test_only_subscriptions_run_over_a_socket(live: Live) -> None:
    """A query is refused in the caller's language, with its code; so is what does not parse."""
    async with opened(live.port) as socket:
        await socket.init(Authorization=f"Bearer {await live.demo.token('student')}", language="ru")
        query = await socket.subscribe("{ me { standing } }")
        change = await socket.subscribe("mutation { endAssignment(input: {}) { assignment { id } } }", "2")
        broken = await socket.subscribe("subscription {", "3")
        unknown = await socket.subscribe("subscription { nothing }", "4")

    told = [(answer["type"], answer["payload"][0]["extensions"]["code"]) for answer in (query, change, broken, unknown)]
    assert told == [
        ("error", "BAD_REQUEST"),
        ("error", "BAD_REQUEST"),
        ("error", "GRAPHQL_PARSE_FAILED"),
        ("error", "GRAPHQL_VALIDATION_FAILED"),
    ]
    assert query["payload"][0]["message"] == "Это соединение — для подписок."
