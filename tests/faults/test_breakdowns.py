"""PostgreSQL breaks down under the server: stopped, crashed, full, slow. A coded error or an answer, never a lie."""

import asyncio
import time
from collections.abc import Callable
from uuid import uuid4

import pytest

from tests.faults.clients import Client, UnknownError, cell, page_input
from tests.faults.conftest import Open
from tests.faults.ground import WRITERS, Ground, Site
from tests.faults.kills import STUDENTS, end_leases, people, start_import, wait_until_ended
from tests.faults.soundness import Ledger, faults
from tests.faults.steps import failing

pytestmark = pytest.mark.anyio

TAKEN_UP_AGAIN = "select 1 from import_run where id = %s and attempts > 1"
OVER_SOON = {"UNAVAILABLE", "BUSY"}
RECOVERS_SECONDS = 20.0


async def until(holds: Callable[[], bool]) -> bool:
    """Wait until something holds; false when it takes too long."""
    last = time.monotonic() + RECOVERS_SECONDS
    while not (held := holds()) and time.monotonic() < last:  # noqa: ASYNC110 - of other processes
        await asyncio.sleep(0.05)
    return held


async def write_until(ended: asyncio.Event, hand: Client, lessons: list[str], line: str, ledger: Ledger) -> None:
    """Write a line of the page again and again; every request is known in the end."""
    version = None
    while not ended.is_set():
        key = str(uuid4())
        ledger.sent[key] = len(lessons)
        cells = {line: [cell(lesson, 4, version, remark=key) for lesson in lessons]}
        answer = await hand.insist("writeJournalPage", **page_input(cells, key))
        (ledger.refused if answer["userErrors"] else ledger.done).add(key)
        version = (version or 0) + 1


async def break_down(site: Site, hand: Client, step: str, sqlstate: str) -> None:
    """Let a page write fail at a step, and see that nothing of it is there until it is sent again."""
    [lesson], lines, key = site.lessons(1), site.lines(), str(uuid4())
    given = page_input({line: [cell(lesson, 5)] for line in lines}, key)
    with failing(site, step, sqlstate):
        with pytest.raises(UnknownError):
            await hand.once("writeJournalPage", given)
        half = site.ask("select (select count(*) from mark_version where reason = %(k)s),"
                        " (select count(*) from mutation_key where key::text = %(k)s)", {"k": key})  # fmt: skip
    again = await hand.once("writeJournalPage", given, 1)

    assert hand.told == ["UNAVAILABLE"]
    assert half == [(0, 0)]
    assert (again["userErrors"], again["journal"] is not None) == ([], True)
    assert site.ask("select count(*) from mark_version where reason = %s", [key]) == [(len(lines),)]
    assert faults(site) == []


@pytest.mark.parametrize("how", ["fast", "immediate"])
async def test_database_restarted_under_load(how: str, ground: Ground, site: Site, client: Open) -> None:
    """In order and as a crash: acknowledged writes stand, the pool recovers by itself, codes say so."""
    hands = [await client(WRITERS[n % 2]) for n in range(4)]
    lessons, lines, ledger, ended = site.lessons(2), site.lines(), Ledger(), asyncio.Event()
    load = [asyncio.create_task(write_until(ended, hand, lessons, lines[n], ledger)) for n, hand in enumerate(hands)]
    before = await until(lambda: len(ledger.done) >= len(hands))
    await asyncio.to_thread(ground.restart, how)
    known = len(ledger.done)
    recovered = await until(lambda: len(ledger.done) >= known + len(hands))
    ended.set()
    await asyncio.gather(*load)

    assert before
    assert recovered
    assert {code for hand in hands for code in hand.told} <= OVER_SOON
    assert ledger.refused == set()
    assert ledger.lies(site) == []
    assert faults(site) == []


@pytest.mark.parametrize(
    ("step", "sqlstate"),
    [
        ("key", "53100"), ("version", "53100"), ("sums", "53100"), ("audit", "53100"), ("commit", "53100"),
        ("version", "57014"), ("commit", "57014"),
    ],
)  # fmt: skip
async def test_full_disk_and_cancelled_statement_write_nothing_by_halves(
    step: str, sqlstate: str, site: Site, client: Open
) -> None:
    """The code says that trying again helps; the same key works once there is room again."""
    await break_down(site, await client("teacher"), step, sqlstate)


@pytest.mark.parametrize(("mode", "step"), [("ROW_BY_ROW", "source row"), ("ALL_OR_NOTHING", "commit of rows")])
async def test_import_goes_on_once_there_is_room_again(mode: str, step: str, site: Site, client: Open) -> None:
    """A full disk interrupts a run and undoes its batch; nothing is doubled or lost when it is taken up again."""
    deputy = await client("deputy-head")
    content, word = people()
    with failing(site, step, "53100"):
        run = await start_import(deputy, content, mode)
        await until(lambda: bool(site.ask(TAKEN_UP_AGAIN, [run.removeprefix("ImportRun:")])))
        half = site.ask("select count(*) from person where last_name = %s", [word])
    end_leases(site)
    done = await wait_until_ended(site, run)

    assert half == [(0,)]
    assert done
    assert site.ask("select count(*) from person where last_name = %s", [word]) == [(STUDENTS,)]
    assert faults(site) == []
