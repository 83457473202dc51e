"""The server as a process: it starts from nothing, finishes what runs, and leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import psycopg
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from api.postgres import private_postgres
from api.postgres.place import SOCKET, find_place
from tests.faults.ports import free_port

CHECKOUT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60
SERVICE_RESTART = 1012
HALF_A_REQUEST = (
    b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
    b'Content-Length: 27\r\n\r\n{"query": '
)
OTHER_HALF = b'"{ __typename }"}'


@pytest.fixture(scope="module")
def environment() -> Iterator[dict[str, str]]:
    """Environment of a development server with a migrated private database of its own and a free port."""
    state = Path(tempfile.mkdtemp(prefix="serve-", dir=CHECKOUT / ".state"))
    state.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    own = {name: value for name, value in os.environ.items() if not name.startswith(("VHOD_", "DATABASE_", "APP_"))}
    yield own | {"VHOD_STATE": str(state), "PORT": str(port)}
    shutil.rmtree(find_place(state / "postgres").root)
    shutil.rmtree(state, ignore_errors=True)


def vhod(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run a verb to its end."""
    command = [sys.executable, "-m", "api", *words]
    return subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)


@contextmanager
def server(environment: dict[str, str], *words: str) -> Iterator[tuple[subprocess.Popen[str], httpx2.Client]]:
    """A running server that says it is ready, and a caller of it."""
    assert vhod(environment, "migrate").returncode == 0
    command = [sys.executable, "-m", "api", "serve", *words]
    process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{environment['PORT']}", timeout=5) as caller:
            wait_until_ready(process, caller)
            yield process, caller
    finally:
        process.kill()
        process.communicate()


def wait_until_ready(process: subprocess.Popen[str], caller: httpx2.Client) -> None:
    """Ask until the answer is yes; a process that ended never will."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended"
        try:
            if caller.get("/readyz").status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.05)
    raise AssertionError("the server did not get ready")


def wait_until_closed(port: int) -> None:
    """Ask for connections until none is given any more."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.02)
    raise AssertionError("the server goes on taking connections")


def database_answers(environment: dict[str, str]) -> bool:
    """Whether the private server of this environment still runs."""
    sockets = find_place(Path(environment["VHOD_STATE"]) / "postgres").sockets
    try:
        psycopg.connect(host=str(sockets), user="postgres", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return (sockets / SOCKET).exists()


def test_server_ends_in_order_on_sigterm(environment: dict[str, str]) -> None:
    """SIGTERM: sockets are closed, what runs is finished, exit code 0, and the private database is stopped."""
    port = int(environment["PORT"])
    with (
        server(environment) as (process, caller),
        socket.create_connection(("127.0.0.1", port), timeout=20) as late,
        connect(f"ws://127.0.0.1:{port}/graphql", subprotocols=[Subprotocol("graphql-transport-ws")]) as follower,
    ):
        answer = caller.get("/livez")
        late.sendall(HALF_A_REQUEST)
        assert late.recv(1024).startswith(b"HTTP/1.1 100 ")  # the application waits for the rest
        process.send_signal(signal.SIGTERM)
        wait_until_closed(port)
        with pytest.raises(ConnectionClosed) as left:
            follower.recv(timeout=20)
        late.sendall(OTHER_HALF)
        finished = late.recv(65536)
        said, _ = process.communicate(timeout=PATIENCE_SECONDS)

    assert answer.headers.get("x-request-id")
    assert "server" not in answer.headers
    assert finished.startswith(b"HTTP/1.1 200 ")
    assert left.value.rcvd is not None
    assert left.value.rcvd.code == SERVICE_RESTART
    assert process.returncode == 0
    assert said.rstrip().endswith("stopped")
    assert not database_answers(environment)


def test_busy_port_is_told_at_once(environment: dict[str, str]) -> None:
    """The second copy says which port and how to take another."""
    with socket.create_server(("127.0.0.1", int(environment["PORT"]))):
        refused = vhod(environment, "serve")

    assert refused.returncode == 1
    assert refused.stderr.splitlines() == [
        f"vhod: 127.0.0.1:{environment['PORT']}: Address already in use; PORT=... takes another port"
    ]


def test_demo_in_use_is_not_forgotten(environment: dict[str, str]) -> None:
    """reset works on a stopped demo only, then starts from empty."""
    folder = Path(environment["VHOD_STATE"]) / "postgres"
    with private_postgres(folder, durable=False):
        refused = vhod(environment, "reset")
    done = vhod(environment, "reset")

    assert (refused.returncode, done.returncode) == (1, 0)
    assert "in use" in refused.stderr
    assert not find_place(folder).data.exists()
    assert (folder / "start.lock").exists() or find_place(folder).root != folder


@pytest.mark.parametrize(
    "verb", ["run", "serve", "migrate", "seed", "backup", "restore", "reset", "grant", "token", "sdl", "matrix"]
)
def test_every_verb_has_help_with_an_example(environment: dict[str, str], verb: str) -> None:
    """Help starts nothing and shows one line to copy."""
    shown = vhod(environment, verb, "--help")

    assert shown.returncode == 0
    assert f"example: python -m api {verb}" in shown.stdout


# --- Several processes, and what the supervisor's page tells of them


def workers_of(process: subprocess.Popen[str]) -> set[int]:
    """Ids of the worker processes: the children that multiprocessing has started, without its own tracker."""
    found = set()
    for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
        if b"spawn_main" in Path("/proc", child, "cmdline").read_bytes():
            found.add(int(child))
    return found


def figure(port: int, name: str) -> float:
    """One figure of the metrics page, summed over its labels."""
    page = httpx2.get(f"http://127.0.0.1:{port}/metrics").text
    return sum(float(line.rpartition(" ")[2]) for line in page.splitlines() if line.startswith(name))


def answered(caller: httpx2.Client) -> int:
    """Status of an anonymous question; a connection that a killed worker held is simply made anew."""
    try:
        return caller.post(
            "/graphql", json={"query": "{ me { standing } }"}, headers={"Connection": "close"}
        ).status_code
    except httpx2.TransportError:
        return 0


def test_killed_worker_is_replaced_and_its_counts_stay(environment: dict[str, str]) -> None:
    """The other one serves meanwhile; the page of figures is one for all, at its own address only. SIGTERM ends all."""
    with free_port() as port:
        own = environment | {"VHOD_METRICS_PORT": str(port)}
        with server(own, "--workers", "2") as (process, caller):
            assert [answered(caller) for _ in range(20)] == [200] * 20
            before, victims = figure(port, "vhod_graphql_requests_total"), workers_of(process)
            os.kill(min(victims), signal.SIGKILL)
            meanwhile = [answered(caller) for _ in range(20)]
            until = time.monotonic() + PATIENCE_SECONDS
            while len(workers_of(process) - {min(victims)}) < 2 and time.monotonic() < until:
                time.sleep(0.1)
            after = figure(port, "vhod_graphql_requests_total")
            public = caller.get("/metrics").status_code
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=PATIENCE_SECONDS)

    assert before == 20
    assert meanwhile.count(200) >= 19
    assert after == before + meanwhile.count(200)
    assert public == 404
    assert process.returncode == 0
    assert not database_answers(environment)
