"""The private PostgreSQL survives what happens to processes on real machines."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from api.postgres import PostgresUnavailableError, PrivateServer, private_postgres, programs
from api.postgres.place import find_place

CHECKOUT = Path(__file__).parents[2]
HOLDER = """
import sys
from pathlib import Path
from api.postgres import private_postgres
with private_postgres(Path(sys.argv[1]), durable=False) as server:
    print(server.url("postgres", "postgres"), flush=True)
    sys.stdin.read()
"""
ONLY_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")


@contextmanager
def throwaway_folder(parent: Path) -> Iterator[Path]:
    """A folder that the server's account may enter; pytest's own are closed to it."""
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="trial-", dir=parent))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        place = find_place(folder / "postgres")
        shutil.rmtree(place.root)
        shutil.rmtree(place.sockets, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """The folder of a server that is made already and stopped."""
    with throwaway_folder(CHECKOUT / ".state") as trial:
        with private_postgres(trial / "postgres", durable=False):
            pass
        yield trial / "postgres"


@contextmanager
def holder(folder: Path, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Another process that uses the server: the process, and the address that it got."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        cwd=CHECKOUT,
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.communicate(timeout=60)


def ask(url: str, query: str) -> list[str]:
    """First column of the answer, as text."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        return [str(row[0]) for row in cursor] if cursor.description else []


def started_at(url: str) -> str:
    """When the server started: tells one server process from the next."""
    return ask(url, "select pg_postmaster_start_time()")[0]


def postmaster(server: PrivateServer) -> int:
    """Process id of the server, from its pid file (it answers, so the file is true)."""
    return int((server.place.data / "postmaster.pid").read_text().split()[0])


def is_stopped(server: PrivateServer) -> bool:
    """Nobody answers at the server's address."""
    try:
        ask(server.url("postgres", "postgres"), "select 1")
    except psycopg.OperationalError:
        return True
    return False


def test_first_start_makes_a_server_and_the_next_one_keeps_its_data() -> None:
    """Data written in one run are there in the next; between runs nothing runs."""
    with throwaway_folder(CHECKOUT / ".state") as trial:
        with private_postgres(trial / "postgres", durable=True) as server:
            ask(server.url("postgres", "postgres"), "create table kept as select 7 as number")
        stopped = is_stopped(server)
        with private_postgres(trial / "postgres", durable=True) as server:
            kept = ask(server.url("postgres", "postgres"), "select number from kept")
            fsync = ask(server.url("postgres", "postgres"), "show fsync")

    assert stopped
    assert kept == ["7"]
    assert fsync == ["on"]


def test_second_process_joins_and_the_last_one_stops(folder: Path) -> None:
    """Two processes share one server, which lives until the second leaves."""
    with holder(folder) as (_, theirs):
        with private_postgres(folder, durable=False) as server:
            same = started_at(server.url("postgres", "postgres")) == started_at(theirs)
        still_up = not is_stopped(server)

    assert same
    assert still_up
    assert is_stopped(server)


def test_six_processes_at_once_get_one_server(folder: Path) -> None:
    """Whoever comes first starts it; the others wait and join."""
    command = [sys.executable, "-c", HOLDER, str(folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, cwd=CHECKOUT, **pipes) for _ in range(6)]  # type: ignore[call-overload]
    try:
        addresses = [process.stdout.readline().strip() for process in processes]
        starts = {started_at(address) for address in addresses}
    finally:
        codes = [(process.communicate(timeout=60), process.returncode)[1] for process in processes]

    assert len(starts) == 1
    assert codes == [0] * 6


def test_server_of_a_killed_holder_is_joined_and_stopped(folder: Path) -> None:
    """After kill -9 of the only user the server is left over; the next user adopts it."""
    with holder(folder) as (process, theirs):
        before = started_at(theirs)
        process.kill()
        process.wait()
    with private_postgres(folder, durable=False) as server:
        after = started_at(server.url("postgres", "postgres"))

    assert after == before
    assert is_stopped(server)


def test_killed_server_is_started_again(folder: Path) -> None:
    """kill -9 of PostgreSQL leaves a pid file and, where nobody reaps, a zombie: the next start gets through."""
    with private_postgres(folder, durable=False) as server:
        first = started_at(server.url("postgres", "postgres"))
        os.kill(postmaster(server), signal.SIGKILL)
    with private_postgres(folder, durable=False) as server:
        second = started_at(server.url("postgres", "postgres"))

    assert first != second


@pytest.mark.parametrize("content", ["{pid}\n", "", "999999999\n"], ids=["of a living process", "cut", "of nobody"])
def test_stale_pid_file_is_no_hindrance(folder: Path, content: str) -> None:
    """After a container restart the pid file names whatever process has that number now."""
    place = find_place(folder)
    pid_file = place.data / "postmaster.pid"
    pid_file.write_text(content.format(pid=os.getpid()))
    os.chown(pid_file, place.account.uid, place.account.gid)
    with private_postgres(folder, durable=False) as server:
        answer = ask(server.url("postgres", "postgres"), "select 1")

    assert answer == ["1"]


def test_russian_text_does_not_depend_on_the_callers_locale() -> None:
    """Under LC_ALL=C the database still knows Cyrillic, and folded names sort in one order."""
    query = """
        select name from (values ('ежевика'), ('Жуков'), ('Ёжиков'), ('Абрамов'), ('Ежов')) names (name)
        where name ilike '%В%'
        order by replace(casefold(name collate pg_unicode_fast), 'ё', 'е') collate "C"
    """
    with throwaway_folder(CHECKOUT / ".state") as trial, holder(trial / "postgres", LC_ALL="C", LANG="C") as (_, url):
        names = ask(url, query)
        provider = ask(
            url, "select datlocprovider::text || ' ' || datlocale from pg_database where datname = 'template1'"
        )

    assert names == ["Абрамов", "ежевика", "Ёжиков", "Ежов", "Жуков"]
    assert provider == ["b C.UTF-8"]


def test_long_path_gets_its_socket_elsewhere() -> None:
    """A unix socket's path may have 107 bytes; the data stay in the long folder."""
    with throwaway_folder(Path(tempfile.gettempdir())) as trial:
        with private_postgres(trial / "длинная-папка" / ("x" * 90), durable=False) as server:
            answer = ask(server.url("postgres", "postgres"), "select 1")
        sockets = server.place.sockets
        shutil.rmtree(sockets)

    assert answer == ["1"]
    assert sockets != server.place.home
    assert server.place.root.name == "x" * 90


@ONLY_ROOT
def test_closed_folder_stays_closed() -> None:
    """In a clone under a home of mode 700 root keeps the data outside and opens nothing."""
    with throwaway_folder(Path(tempfile.gettempdir())) as trial:
        trial.chmod(0o700)
        with private_postgres(trial / "postgres", durable=False) as server:
            answer = ask(server.url("postgres", "postgres"), "select 1")
        mode = trial.stat().st_mode & 0o777

    assert answer == ["1"]
    assert mode == 0o700
    assert trial not in server.place.home.parents


@ONLY_ROOT
def test_closed_programs_are_copied(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the account cannot run the installed programs, a copy with its libraries runs."""
    reaches = programs.Account.reaches
    closed = lambda account, path: programs.WHEEL not in path.parts and reaches(account, path)  # noqa: E731
    monkeypatch.setattr(programs.Account, "reaches", closed)
    found = programs.find_programs(find_place(folder).account)
    version = find_place(folder).account.run([found / "postgres", "--version"])
    shutil.rmtree(found.parents[2])

    assert "site-packages" not in str(found)
    assert version.stdout.startswith("postgres (PostgreSQL) 18")


def test_missing_wheel_says_what_to_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A production installation has no PostgreSQL inside: the message names DATABASE_URL."""
    monkeypatch.setattr(programs, "WHEEL", "no_such_wheel")

    with (
        pytest.raises(PostgresUnavailableError, match="no DATABASE_URL is set"),
        private_postgres(folder, durable=True),
    ):
        pass
