"""Servers as processes: started as in production, killed as by a power cut."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from tests import clock
from tests.conftest import CHECKOUT
from tests.faults.ground import Site

PATIENCE_SECONDS = 60.0


@contextmanager
def served(site: Site, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """The real thing: `python -m api serve`, by the tests' clock, ready; ended in the end."""
    command = [sys.executable, "-m", "tests.serving", "serve", *words]
    process = subprocess.Popen(command, cwd=CHECKOUT, env=_own() | site.environment, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        wait_until_ready(site)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_ready(site: Site) -> None:
    """Ask until the answer is yes."""
    until = time.monotonic() + PATIENCE_SECONDS
    with httpx2.Client(base_url=f"http://127.0.0.1:{site.port}", timeout=5) as caller:
        while time.monotonic() < until:
            try:
                if caller.get("/readyz").status_code == 200:
                    return
            except httpx2.TransportError:
                time.sleep(0.02)
    raise AssertionError("the server did not get ready")


def _own() -> dict[str, str]:
    foreign = ("VHOD_", "DATABASE_", "APP_", "PROVIDER_", "PUBLIC_")
    own = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return own | clock.handed_on()


@dataclass
class Mortal:
    """A server of a site that is killed and started again, many times."""

    launcher: Any
    site: Site
    log: Path
    process: int = 0
    kills: int = 0

    def start(self) -> None:
        """Start it; it is ready a moment later."""
        environment = self.site.environment | {"LOG": str(self.log)}
        self.launcher.stdin.write(json.dumps(environment) + "\n")
        self.launcher.stdin.flush()
        self.process = int(self.launcher.stdout.readline())

    def ready(self) -> None:
        """Wait until it listens."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.site.port), timeout=1).close()
            except OSError:
                if not self.alive():  # it found no database: its supervisor starts it again
                    self.start()
                time.sleep(0.01)
            else:
                return
        raise AssertionError(f"the server did not get ready: {self.log.read_text()[-2000:]}")

    def kill(self) -> None:
        """SIGKILL: nothing of it runs any more, not a line."""
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        while self.alive():
            time.sleep(0.002)
        self.kills += 1

    def alive(self) -> bool:
        """Whether the process is there."""
        try:
            os.kill(self.process, 0)
        except ProcessLookupError:
            return False
        return True


@contextmanager
def launching() -> Iterator[Any]:
    """The launcher, ready."""
    command = [sys.executable, "-m", "tests.faults.launcher"]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=CHECKOUT, env=_own(), **pipes) as launcher:
        assert launcher.stdout is not None
        assert launcher.stdout.readline() == "ready\n"
        yield launcher


@contextmanager
def mortal(launcher: Any, site: Site, log: Path) -> Iterator[Mortal]:
    """A started server; whichever process serves in the end is killed."""
    server = Mortal(launcher, site, log)
    server.start()
    try:
        server.ready()
        yield server
    finally:
        if server.alive():
            server.kill()
