"""The demo region behind a real server of two processes, for judges that come over the network."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx2

from tests.conftest import CHECKOUT
from tests.faults.ports import free_port
from tests.judges.workshop import CACHE

PATIENCE_SECONDS = 180
FOREIGN = ("VHOD_", "DATABASE_", "APP_", "PROVIDER_", "PUBLIC_", "PORT", "HOST", "OTEL_")


@dataclass(frozen=True)
class Served:
    """A running server; tokens are made by its own command line."""

    url: str
    environment: dict[str, str]

    @property
    def graphql(self) -> str:
        """Address of the API."""
        return f"{self.url}/graphql"

    def token(self, person: str) -> str:
        """An access token of a demo person."""
        command = [sys.executable, "-m", "api", "token", person]
        made = subprocess.run(command, cwd=CHECKOUT, env=self.environment, capture_output=True, text=True, check=True)
        return made.stdout.strip()


@contextmanager
def served() -> Iterator[Served]:
    """Serve a new demo from a state of our own."""
    with free_port() as port:
        own = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        environment = own | {"VHOD_STATE": str(CACHE / "state"), "PORT": str(port)}
        # From empty: what an older checkout left there may have other migrations.
        reset = [sys.executable, "-m", "api", "reset"]
        subprocess.run(reset, cwd=CHECKOUT, env=environment, stdout=subprocess.DEVNULL, check=True)
        command = [sys.executable, "-m", "api", "serve", "--demo", "--workers", "2"]
        with (CACHE / "server.log").open("w") as log:
            process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            found = Served(f"http://127.0.0.1:{port}", environment)
            _wait(found, process)
            yield found
        finally:
            process.terminate()
            process.wait(30)


def _wait(found: Served, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended: {(CACHE / 'server.log').read_text()[-2000:]}")
        try:
            if httpx2.get(f"{found.url}/readyz").status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.2)
    raise RuntimeError("the server did not get ready")
