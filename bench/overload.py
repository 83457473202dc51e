"""Ten times the capacity for a minute: what becomes of those who are let in, of what was acknowledged, and afterwards.

python -m bench.overload [--seconds 60] [--factor 10] [--port 8120]
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvloop

from bench.open_loop import Answers, Loop, request_bytes
from bench.place import CHECKOUT, own_folder
from bench.writer import Writer

PLACES = 2 * 2 * len(os.sched_getaffinity(0))
START_SECONDS = 120
JOURNAL = "Journal:44cd2e23-ad5e-551e-b4bf-3ab08877b814"
PAGE = """query ($id: ID!) { journal(id: $id) { className lessons { id heldOn topic }
  lines { id number studentName mean marks { id value weight } attendance { id code } } } }"""


@dataclass(frozen=True)
class Server:
    """Our server with the demo, as a stranger starts it."""

    port: int
    environment: dict[str, str]

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def ready(self) -> bool:
        """Whether it can answer questions."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def token(self, person: str) -> str:
        """An access token of a demo person."""
        command = [sys.executable, "-m", "api", "token", person]
        found = subprocess.run(command, cwd=CHECKOUT, env=self.environment, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
        return found.stdout.strip().splitlines()[-1]


@contextmanager
def served(port: int) -> Iterator[Server]:
    """Start it on a private database, end it by its own process id."""
    environment = os.environ | {"PORT": str(port), "VHOD_STATE": str(own_folder("overload")), "VHOD_LOG_FORMAT": "json"}
    server = Server(port, environment)
    with (own_folder("logs") / "overload.log").open("w") as log:
        command = [sys.executable, "-m", "api", "run"]
        process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=log, stderr=log)  # noqa: S603 - our own command
    try:
        until = time.monotonic() + START_SECONDS
        while not server.ready():
            if process.poll() is not None or time.monotonic() > until:
                sys.exit(f"the server did not start: {own_folder('logs') / 'overload.log'}")
            time.sleep(0.2)
        yield server
    finally:
        process.terminate()
        process.wait(30)


async def run(server: Server, seconds: float, factor: float) -> bool:
    """Measure and print. Whether everything is as promised."""
    token = server.token("teacher")
    asked = request_bytes(server.port, token, {"query": PAGE, "variables": {"id": JOURNAL}})
    async with Loop(server.port, asked, connections=512) as loop:
        await loop.closed(PLACES, 3.0)  # plans, prepared statements
        alone = await loop.closed(1, 3.0)
        normal = await loop.closed(PLACES, 8.0)
        _print("one at a time", alone)
        _print(f"at capacity, {PLACES} at once", normal)
        writer = Writer(server.url, server.token("teacher"), JOURNAL)
        await writer.begin()
        writing, probing = asyncio.create_task(writer.run()), asyncio.create_task(_probes(server))
        flood = await loop.open(normal.rate * factor, seconds)
        writer.stop()
        probing.cancel()
        written = await writing
        _print(f"{factor:g} times that for {seconds:g} s", flood)
        after = [await loop.closed(PLACES, 1.0) for _ in range(5)]
        for number, one in enumerate(after):
            _print(f"second {number + 1} afterwards", one)
        lost = await writer.lost()
    print(f"changes acknowledged {written}, lost or different {lost}")  # noqa: T201
    return _judge(normal, flood, after, lost)


async def _probes(server: Server) -> None:
    """Health is asked meanwhile: it must not starve."""
    slowest = 0.0
    try:
        while True:
            began = time.perf_counter()
            assert await asyncio.to_thread(server.ready)
            slowest = max(slowest, time.perf_counter() - began)
            await asyncio.sleep(0.5)
    finally:
        print(f"/readyz meanwhile, slowest: {1000 * slowest:.0f} ms")  # noqa: T201


def _judge(normal: Answers, flood: Answers, after: list[Answers], lost: int) -> bool:
    found = {
        "median of accepted within twice the normal": flood.percentile(50) <= 2 * normal.percentile(50),
        "99th of accepted within twice the normal": flood.percentile(99) <= 2 * normal.percentile(99),
        "every answer is data or 503 with Retry-After": flood.others == 0 and flood.unsent == 0,
        "nothing acknowledged is lost": lost == 0,
        "recovered within 5 s": any(one.percentile(50) <= 1.25 * normal.percentile(50) for one in after),
    }
    for what, holds in found.items():
        print(f"{'yes' if holds else 'NO '}  {what}")  # noqa: T201
    return all(found.values())


def _print(what: str, found: Answers) -> None:
    told = {
        "answered/s": round(found.rate, 1), "p50 ms": round(found.percentile(50), 1),
        "p99 ms": round(found.percentile(99), 1), "refused": found.refused,
        "refused p99 ms": round(found.refusal_percentile(99), 1), "other": found.others, "unsent": found.unsent,
        "we stalled ms": round(found.stalled),
    }  # fmt: skip
    print(f"{what:<28}", json.dumps(told), flush=True)  # noqa: T201


def main() -> None:
    """Read the arguments, measure."""
    parser = argparse.ArgumentParser(prog="python -m bench.overload", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long the overload lasts")
    parser.add_argument("--factor", type=float, default=10, help="how many times the capacity")
    parser.add_argument("--port", type=int, default=8120, help="port of the server that is measured")
    arguments = parser.parse_args()
    with served(arguments.port) as server:
        sys.exit(0 if uvloop.run(run(server, arguments.seconds, arguments.factor)) else 1)


if __name__ == "__main__":
    main()
