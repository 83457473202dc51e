"""The outbox loses nothing, whichever transaction ends first, and forgets only what is old."""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from api.events.ended_sessions import EndedSessions
from api.events.hub import Hub
from api.events.listener import Listener
from api.events.live_feed import MOST_WAITING, LiveFeed
from api.events.terms import Terms
from domain.events import Event, EventKind
from domain.horizon import Horizon
from domain.topics import RATINGS, Topic, TopicKind

pytestmark = pytest.mark.anyio

NOTE = "insert into vhod.outbox (kind, objects) values ('RATING', array[%s::uuid])"
NOTIFY = "select pg_notify('vhod_outbox', '')"


class Ear:
    """Follows ratings, and keeps what it hears."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[tuple[UUID, Horizon]] = asyncio.Queue()

    def push(self, events: Sequence[Event], horizon: Horizon) -> None:
        for event in events:
            self.heard.put_nowait((event.objects[0], horizon))

    def overflow(self, horizon: Horizon) -> None:
        raise AssertionError("nothing is lost here")

    def stop(self) -> None:
        """Nothing to stop."""


async def listening(database_url: str) -> Any:
    """A listener on this database, and an ear."""
    hub, ear = Hub(), Ear()
    hub.listen(ear, {RATINGS})
    return Listener(make_url(database_url), hub, EndedSessions()), ear


async def test_a_transaction_that_commits_late_is_not_lost(fresh_database: str) -> None:
    """The one that began first ends last: both are heard, each once, and a cursor between them holds one only."""
    listener, ear = await listening(fresh_database)
    slow, quick = uuid4(), uuid4()
    address = make_url(fresh_database).set(drivername="postgresql").render_as_string(hide_password=False)
    async with listener.running():
        await listener.listening.wait()
        async with (
            await psycopg.AsyncConnection.connect(address) as first,
            await psycopg.AsyncConnection.connect(address) as second,
        ):
            await first.execute(NOTE, [slow])
            [began] = (await (await first.execute("select pg_current_xact_id()::text")).fetchone()) or [""]
            await second.execute(NOTE, [quick])
            await second.execute(NOTIFY)
            await second.commit()
            heard_first, between = await asyncio.wait_for(ear.heard.get(), 10)
            await first.execute(NOTIFY)
            await first.commit()
            heard_second, after = await asyncio.wait_for(ear.heard.get(), 10)
            since = "select objects[1] from vhod.outbox_since(%s::pg_snapshot, 10)"
            missed = await (await second.execute(since, [str(between)])).fetchall()
            nothing = await (await second.execute(since, [str(after)])).fetchall()

    assert (heard_first, heard_second) == (quick, slow)
    assert not between.holds(int(began))
    assert after.holds(int(began))
    assert (missed, nothing) == ([(slow,)], [])


def test_old_rows_are_forgotten_and_old_cursors_know_it(fresh_database: str) -> None:
    """Whoever was away for longer is told to read everything again."""
    address = make_url(fresh_database).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as owner:
        [before] = owner.execute("select pg_current_snapshot()::text").fetchone() or [""]
        owner.execute(NOTE, [uuid4()])
        owner.execute("update vhod.outbox set happened_at = vhod.now() - interval '15 days'")
        owner.execute(NOTE, [uuid4()])
        [knew] = owner.execute("select vhod.outbox_forgot(%s::pg_snapshot)", [before]).fetchone() or [None]
        [gone] = owner.execute("select vhod.forget_outbox('14 days')").fetchone() or [None]
        [forgot] = owner.execute("select vhod.outbox_forgot(%s::pg_snapshot)", [before]).fetchone() or [None]
        [kept] = owner.execute("select count(*) from vhod.outbox").fetchone() or [None]

    assert (knew, gone, forgot, kept) == (False, 1, True, 1)


def test_a_copy_restored_on_a_younger_server_begins_anew(fresh_database: str) -> None:
    """Numbers of transactions that are still to come would be told as new again and again."""
    address = make_url(fresh_database).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute("insert into vhod.outbox (kind, objects, written) values ('RATING', '{}', '999999999999')")
        told = owner.execute("select from vhod.outbox_since('1:1:', 10)").fetchall()
        owner.execute("select vhod.forget_outbox('14 days')")
        [kept] = owner.execute("select count(*) from vhod.outbox").fetchone() or [None]

    assert (told, kept) == ([], 0)


def test_the_server_itself_cannot_read_or_write_the_outbox(fresh_database: str) -> None:
    """Only the keeper's functions do."""
    address = make_url(fresh_database).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute("set role vhod_app")
        for statement in ("select from vhod.outbox", "delete from vhod.outbox", "select from vhod.outbox_floor"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                owner.execute(statement)


@pytest.mark.parametrize(
    ("text", "transaction", "held"),
    [("10:20:10,15", 9, True), ("10:20:10,15", 10, False), ("10:20:10,15", 12, True), ("10:20:10,15", 20, False)],
)
def test_horizon_holds_what_the_database_says_it_holds(
    database_url: str, text: str, transaction: int, held: bool
) -> None:
    """Our reading of a snapshot is PostgreSQL's."""
    address = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as owner:
        asked = "select pg_visible_in_snapshot(%s::text::xid8, %s::pg_snapshot)"
        [said] = owner.execute(asked, [str(transaction), text]).fetchone() or [None]

    assert Horizon.parse(text).holds(transaction) is said is held


@pytest.mark.parametrize(
    "text", ["", "1:2", "2:1:", "1:5:7", "1:5:3,2", "1:5:3,3", "1:99999999999999999999999:", "0:1:"]
)
def test_what_is_no_snapshot_is_refused(text: str) -> None:
    """Nothing of a client's reaches the database that it could not read."""
    with pytest.raises(ValueError, match="no snapshot"):
        Horizon.parse(text)


def test_whoever_does_not_take_what_waits_is_slow_and_whoever_gets_much_at_once_is_not() -> None:
    """A queue has its bound; beyond it nothing is dropped silently."""
    told: list[str] = []
    context: Any = SimpleNamespace(viewer=SimpleNamespace(person_id=None, changes_at=None))
    terms = Terms(cast("Any", None), cast("Any", None), "", slow=lambda: told.append("slow"))
    event = Event(5, EventKind.RATING, (uuid4(),))
    horizon = Horizon(9, 9, frozenset())
    burst = LiveFeed(Hub(), EndedSessions(), cast("Any", None), context, terms)
    burst.push([event] * (MOST_WAITING + 1), horizon)
    after_burst = list(told)
    slow = LiveFeed(Hub(), EndedSessions(), cast("Any", None), context, terms)
    for _ in range(MOST_WAITING + 1):
        slow.push([event], horizon)

    assert (after_burst, told) == ([], ["slow"])


def test_a_feed_leaves_out_what_it_was_told_already() -> None:
    """What the first answer has read is not told again by the listener that comes behind."""
    hub = Hub()
    context: Any = SimpleNamespace(viewer=SimpleNamespace(person_id=uuid4(), changes_at=None))
    feed = LiveFeed(hub, EndedSessions(), cast("Any", None), context, Terms(cast("Any", None), cast("Any", None), ""))
    student = uuid4()
    feed.listen({Topic(TopicKind.STUDENT, student)})
    old, new = (Event(number, EventKind.MARK, (uuid4(),), person_id=student) for number in (5, 7))
    hub.publish([old], Horizon(6, 6, frozenset()))
    feed.caught_up(Horizon(6, 6, frozenset()))
    hub.publish([old, new], Horizon(9, 9, frozenset()))

    assert feed._waiting == [new]
