"""The worker: killed anywhere it neither doubles nor loses; it keeps to the rights of now, and can be stopped."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from api.database import make_engine
from api.imports.people import PeopleOfSchool
from api.imports.worker import ImportWorker
from auth.snils_index import SnilsIndex
from auth.viewers import Viewers
from domain.clock import now
from tests.api.imports.bringing import SCHOOL, counts, lines, look, queued, start, upload
from tests.schema.demo import SETTINGS, Demo, id_of

pytestmark = pytest.mark.anyio

HEADER = ("ФИО", "Дата рождения", "Класс", "Родитель 1", "Родитель 1 телефон")
DEPUTY = "deputy-head"
ROWS = 6  # each is told which subgroups somebody still has to choose


class Killed(BaseException):
    """The process is gone: nothing that handles errors may see it."""


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PeopleOfSchool, "batch_rows", 2)


@pytest.fixture(autouse=True)
async def _alone(demo: Demo) -> AsyncIterator[None]:
    """The worker of the application itself rests, so that each test decides who works and when."""
    async with demo.app.state.imports._turn:
        yield


@asynccontextmanager
async def worker(demo: Demo) -> AsyncIterator[tuple[ImportWorker, AsyncEngine]]:
    """A worker with connections of its own."""
    engine = make_engine(demo.database.urls.app, pool_size=3)
    try:
        yield ImportWorker(engine, Viewers(engine, now), now, SnilsIndex(SETTINGS.secret_key)), engine
    finally:
        await engine.dispose()


@contextmanager
def killed_at(engine: AsyncEngine, statement: int) -> Iterator[list[int]]:
    """Raise before the n-th statement, as a power cut would; gives how many were begun."""
    begun = [0]

    def count(*_: Any) -> None:
        begun[0] += 1
        if begun[0] == statement:
            raise Killed

    event.listen(engine.sync_engine, "before_cursor_execute", count)
    try:
        yield begun
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", count)


def table(word: str) -> bytes:
    """Six students of one surname, every two with the same mother."""
    names = ("Иван", "Пётр", "Олег", "Глеб", "Игорь", "Юрий")
    parents = [f"{word}а Анна", f"{word}а Вера", f"{word}а Инна"]
    rows = [
        [f"{word} {name}", "02.03.2013", "7А", parents[n // 2], f"+7000555{n // 2:04}"] for n, name in enumerate(names)
    ]
    return lines(HEADER, *rows)


def letters(number: int) -> str:
    return "".join("абвгдежзик"[int(digit)] for digit in f"{number:03}")


def entered(demo: Demo, word: str) -> tuple[int, ...]:
    """Children, parents, places, representations and roles of a surname."""
    [row] = demo.ask(
        "with child as (select id from person where last_name = :word), parent as (select id from person where"
        " last_name = :word || 'а') select (select count(*) from child), (select count(*) from parent),"
        " (select count(*) from enrolment where student_id in (select id from child)),"
        " (select count(*) from guardianship where student_id in (select id from child)),"
        " (select count(*) from assignment where person_id in (select id from child union select id from parent))",
        word=word,
    )
    return tuple(row)


def lease_is_over(demo: Demo) -> None:
    demo.ask("update import_run set lease_until = vhod.now() - interval '1 second' where status = 'RUNNING'")


@pytest.mark.parametrize("mode", ["ROW_BY_ROW", "ALL_OR_NOTHING"])
async def test_run_killed_at_any_statement_is_finished_by_another_worker_once_and_whole(mode: str, demo: Demo) -> None:
    """From the first statement on, every fourth: killed there, taken up by the next worker, nothing doubled or lost."""
    outcomes, statement = [], 1
    while True:
        word = f"Убит{letters(statement)}{'ов' if mode == 'ROW_BY_ROW' else 'ин'}"
        run = await queued(demo, table(word), "PEOPLE", DEPUTY, mode=mode)
        async with worker(demo) as (first, engine):
            with killed_at(engine, statement) as begun, suppress(Killed):
                await first.work_once()
        lease_is_over(demo)
        async with worker(demo) as (second, _):
            await second.drain()
        after = await look(demo, run, DEPUTY)
        outcomes.append((after["status"], counts(after), after["rows"]["totalCount"], entered(demo, word)))
        if begun[0] < statement:
            break
        statement += 4

    assert statement > 40
    assert outcomes == [("DONE", {"created": ROWS, "warned": ROWS}, ROWS, (6, 3, 6, 6, 9))] * len(outcomes)


async def test_two_workers_carry_a_run_out_once(demo: Demo) -> None:
    """One takes it up, the other finds nothing."""
    run = await queued(demo, table("Двоев"), "PEOPLE", DEPUTY, mode="ROW_BY_ROW")
    async with worker(demo) as (one, _), worker(demo) as (other, _):
        found = await asyncio.gather(one.work_once(), other.work_once())

    assert sorted(found) == [False, True]
    assert counts(await look(demo, run, DEPUTY)) == {"created": ROWS, "warned": ROWS}
    assert entered(demo, "Двоев") == (6, 3, 6, 6, 9)


async def test_worker_that_lost_its_lease_writes_nothing_more(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it sleeps over a batch another takes the run up: what the sleeper did is undone."""
    run = await queued(demo, table("Соннов"), "PEOPLE", DEPUTY, mode="ROW_BY_ROW")
    original = PeopleOfSchool.take

    async def slow(self: Any, connection: Any, rows: Any) -> Any:
        taken = await original(self, connection, rows)
        demo.ask(
            "update import_run set token = uuidv7(), lease_until = vhod.now() - interval '1 second' where id = :id",
            id=run[10:],
        )
        return taken

    async with worker(demo) as (sleeper, _), worker(demo) as (other, _):
        monkeypatch.setattr(PeopleOfSchool, "take", slow)
        await sleeper.work_once()
        before = entered(demo, "Соннов")
        monkeypatch.setattr(PeopleOfSchool, "take", original)
        await other.drain()

    assert before == (0, 0, 0, 0, 0)
    assert entered(demo, "Соннов") == (6, 3, 6, 6, 9)


@pytest.mark.parametrize("mode", ["ROW_BY_ROW", "ALL_OR_NOTHING"])
async def test_progress_is_read_while_it_runs(mode: str, demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of a transaction that nobody can look into."""
    run = await queued(demo, table("Шагов" if mode == "ROW_BY_ROW" else "Шагин"), "PEOPLE", DEPUTY, mode=mode)
    original, seen = PeopleOfSchool.take, []

    async def watched(self: Any, connection: Any, rows: Any) -> Any:
        seen.append(await look(demo, run, DEPUTY))
        return await original(self, connection, rows)

    monkeypatch.setattr(PeopleOfSchool, "take", watched)
    async with worker(demo) as (one, _):
        await one.drain()

    assert [(one["status"], one["progress"], one["total"]) for one in seen] == [
        ("RUNNING", 0, 6), ("RUNNING", 33, 6), ("RUNNING", 66, 6),
    ]  # fmt: skip


async def test_right_that_ends_in_the_middle_stops_the_run_there(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next batch asks again: RIGHTS_LOST; what was committed stays and is told."""
    run = await queued(demo, table("Правов"), "PEOPLE", DEPUTY, mode="ROW_BY_ROW")
    original, batches = PeopleOfSchool.take, []

    async def ending(self: Any, connection: Any, rows: Any) -> Any:
        taken = await original(self, connection, rows)
        batches.append(rows)
        return taken

    monkeypatch.setattr(PeopleOfSchool, "take", ending)
    async with worker(demo) as (one, engine):

        def end_the_right(*_: Any) -> None:
            if len(batches) == 1:
                batches.append(None)
                demo.ask("update assignment set ended_at = vhod.now() where role = 'DEPUTY_HEAD' and ended_at is null")

        event.listen(engine.sync_engine, "begin", end_the_right)
        await one.drain()
    demo.ask("update assignment set ended_at = null where role = 'DEPUTY_HEAD'")
    after = await look(demo, run, DEPUTY)

    assert (after["status"], after["failureCode"], after["done"]) == ("FAILED", "RIGHTS_LOST", 2)
    assert entered(demo, "Правов")[0] == 2


async def test_run_is_cancelled_before_and_between_batches(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was committed stays; what waits is never begun. Whoever cancels an ended run is told."""
    document = "mutation ($i: CancelImportInput!) { cancelImport(input: $i) { userErrors { code } } }"

    async def cancel(run: str) -> list[str]:
        answer = await demo.query(document, {"i": {"clientMutationId": str(uuid4()), "importRunId": run}}, DEPUTY)
        return [error["code"] for error in answer.data["cancelImport"]["userErrors"]]

    waiting = await queued(demo, table("Стоянов"), "PEOPLE", DEPUTY)
    running = await queued(demo, table("Срединов"), "PEOPLE", DEPUTY, mode="ROW_BY_ROW")
    original = PeopleOfSchool.take

    async def cancelling(self: Any, connection: Any, rows: Any) -> Any:
        if rows[0].name.first == "Олег":
            await cancel(running)
        return await original(self, connection, rows)

    monkeypatch.setattr(PeopleOfSchool, "take", cancelling)
    first = await cancel(waiting)
    async with worker(demo) as (one, _):
        await one.drain()
    ended = [await look(demo, run, DEPUTY) for run in (waiting, running)]

    assert (first, await cancel(running)) == ([], ["IMPORT_ENDED"])
    assert [(run["status"], run["done"]) for run in ended] == [("CANCELLED", 0), ("CANCELLED", 2)]
    assert (entered(demo, "Стоянов")[0], entered(demo, "Срединов")[0]) == (0, 2)


async def test_same_key_starts_one_run(demo: Demo) -> None:
    """A lost answer is asked for again."""
    sent = (await upload(demo, table("Ключов"), "file.csv", DEPUTY)).json()["fileId"]
    key = {"clientMutationId": str(uuid4())}
    runs = [await start(demo, sent, "PEOPLE", DEPUTY, **key) for _ in range(2)]

    assert runs[0]["importRun"]["id"] == runs[1]["importRun"]["id"]


async def test_starting_and_carrying_out_stand_in_the_audit(demo: Demo) -> None:
    """Who, under which assignment, what: once when it was asked for, once when it was done."""
    run = await queued(demo, table("Записов"), "PEOPLE", DEPUTY)
    async with worker(demo) as (one, _):
        await one.drain()
    log = demo.ask(
        "select action, actor_id, assignment_id is not null as named, organisation_id from audit_entry"
        " where object_id = :id order by happened_at, action",
        id=run[10:],
    )

    assert {entry.action for entry in log} == {"organisation:import:start", "organisation:import:carry_out"}
    assert {(str(entry.actor_id), entry.named, str(entry.organisation_id)) for entry in log} == {
        (id_of("Person", "person-deputy-head")[7:], True, SCHOOL[13:])
    }
