"""Connections of the compiled read path: what breaks under way, and who must not get whose answer."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import psycopg
import pytest

from api import read_pipeline
from api.database import DatabaseUrls, open_database
from api.read_connections import ReadConnections
from auth.viewer import Viewer

pytestmark = pytest.mark.anyio
WHO = "select coalesce(nullif(current_setting('vhod.person', true), ''), 'nobody'), pg_backend_pid()"


@pytest.fixture
async def connections(fresh_database: str) -> AsyncIterator[ReadConnections]:
    """One connection, so that everybody meets the one before."""
    database = open_database(DatabaseUrls.of_owner(fresh_database), pool_size=1)
    opened = ReadConnections(database.app.url, size=1)
    yield opened
    await opened.aclose()
    await database.close()


async def who(connections: ReadConnections, viewer: Viewer, text: str = WHO) -> tuple[str, int]:
    """Whom the database takes for the one who asks, and which connection that was."""
    row = await connections.read(viewer, text, [])
    assert row is not None
    return (row[0] or b"").decode(), int(row[1] or 0)


async def test_rights_end_with_the_answer(connections: ReadConnections) -> None:
    """The same connection, the next caller: nothing is left of the one before."""
    somebody = Viewer(person_id=uuid4())
    first, nobody = await who(connections, somebody), await who(connections, Viewer())

    assert first[0] == str(somebody.person_id)
    assert nobody == ("nobody", first[1])


async def test_viewer_out_of_date_gets_no_row(connections: ReadConnections) -> None:
    """Their version is compared in the snapshot of the statement."""
    somebody = Viewer(person_id=uuid4())

    assert await connections.read(somebody, WHO, []) is not None
    assert await connections.read(replace(somebody, version=1), WHO, []) is None


async def test_statement_sees_one_snapshot_and_writes_nothing(connections: ReadConnections) -> None:
    """Both settings hold from the first connection on."""
    text = "select current_setting('transaction_isolation') || ', ' || current_setting('transaction_read_only'), 0"

    assert (await who(connections, Viewer(), text))[0] == "repeatable read, on"


async def test_caller_who_goes_away_takes_the_connection_along(connections: ReadConnections) -> None:
    """An answer on its way to nobody is nobody else's: the next caller has a connection of their own."""
    before = await who(connections, Viewer())
    gone = asyncio.create_task(connections.read(Viewer(person_id=uuid4()), "select 'theirs'::text, 0, pg_sleep(3)", []))
    while connections._idle:  # noqa: ASYNC110 - the driver tells nobody when it has sent something
        await asyncio.sleep(0)
    await asyncio.sleep(0.05)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    after = await who(connections, Viewer())

    assert after[0] == "nobody"
    assert after[1] != before[1]


async def test_connection_that_the_database_closed_is_replaced(
    connections: ReadConnections, fresh_database: str
) -> None:
    """Nobody notices a restart between two requests."""
    before = await who(connections, Viewer())
    with psycopg.connect(fresh_database.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("select pg_terminate_backend(%s, 2000)", [before[1]])

    assert (await who(connections, Viewer()))[1] != before[1]


async def test_refused_statement_leaves_the_connection_usable(connections: ReadConnections) -> None:
    """An error ends its transaction; a statement too long under way is not asked twice."""
    before = await who(connections, Viewer())
    for text in ("select 1/0, 0", "select from nothing_of_the_kind"):
        with pytest.raises(psycopg.Error):
            await connections.read(Viewer(person_id=uuid4()), text, [])
    with pytest.raises(UnicodeError):
        await connections.read(Viewer(person_id=uuid4()), "select $1::text, 0", ["\ud800"])

    assert await who(connections, Viewer()) == ("nobody", before[1])


async def test_statements_beyond_those_kept_are_still_answered(
    connections: ReadConnections, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was asked longest ago is forgotten on both sides, and prepared anew when it comes again."""
    monkeypatch.setattr(read_pipeline, "PREPARED", 2)
    texts = [f"select '{number}'::text, 0" for number in (1, 1, 1, 2, 2, 3, 3, 1, 1, 2, 2)]
    answers = [(await who(connections, Viewer(), text))[0] for text in texts]
    left = await connections.read(Viewer(), "select count(*) from pg_prepared_statements", [])

    assert answers == [text[8] for text in texts]
    assert left == (b"2",)


async def test_statement_that_failed_counts_as_prepared_only_if_it_was(connections: ReadConnections) -> None:
    """Values may be at fault, or the statement: neither keeps the next one from its answer."""
    for _ in range(3):
        with pytest.raises(psycopg.errors.DivisionByZero):
            await connections.read(Viewer(), "select 10 / $1::int", [0])
        with pytest.raises(psycopg.errors.UndefinedTable):
            await connections.read(Viewer(), "select from nothing_of_the_kind where $1", [True])

    assert await connections.read(Viewer(), "select 10 / $1::int", [5]) == (b"2",)


@pytest.mark.parametrize("value", [1, 40_000, 2**40, "я" * 600_000, None])
async def test_parameters_of_any_size_come_back_as_they_went(connections: ReadConnections, value: int | str) -> None:
    """A number is sent in the least room, a long text in many pieces; each is prepared by its own type."""
    kind = "text" if isinstance(value, str) else "bigint"
    answers = {await connections.read(Viewer(), f"select $1::{kind}", [given]) for given in (7, value, value, value)}

    assert answers == {(b"7",), (None if value is None else str(value).encode(),)}
