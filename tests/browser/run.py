"""Starts a demo server with a state folder of its own and drives its pages in Chromium: `make browser`.

Not part of `make test`: it needs a Chromium (/usr/bin/chromium, or the path in CHROMIUM). Packages come from the lock
into .state/browser; screenshots of the last run lie there too.
"""

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from api.postgres.place import find_place
from tests.node import node_command

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]
CACHE = CHECKOUT / ".state" / "browser"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
READY_SECONDS = 120
DRIVE_SECONDS = 600
SCRIPTS = ("drive.mjs", "graphiql.mjs")


def main() -> None:
    """Run the checks; the exit code is theirs."""
    if not Path(CHROMIUM).exists():
        sys.exit(f"No Chromium at {CHROMIUM}: install it, or name another with CHROMIUM=/path/to/chromium")
    node, npm = node_command()
    folder = installed(npm)
    screenshots = CACHE / "screenshots"
    shutil.rmtree(screenshots, ignore_errors=True)
    screenshots.mkdir(parents=True)
    with served() as origin:
        told = {"ORIGIN": origin, "CHROMIUM": CHROMIUM, "SCREENSHOTS": str(screenshots)}
        codes = [drive(node, script, folder, os.environ | told) for script in SCRIPTS]
    sys.exit(max(codes))


def drive(node: str, script: str, folder: Path, environment: dict[str, str]) -> int:
    """Run one script; gives its exit code."""
    print(script, flush=True)  # noqa: T201 - a command that talks
    return subprocess.run([node, script], cwd=folder, env=environment, timeout=DRIVE_SECONDS, check=False).returncode


def installed(npm: list[str]) -> Path:
    """A folder with the packages of the lock and our scripts; `npm ci` runs only if the lock has changed."""
    folder = CACHE / hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(HERE / name, folder)
        subprocess.run([*npm, "ci", "--silent"], cwd=folder, timeout=300, check=True)
        (folder / "done").touch()
    for script in (*HERE.glob("*.mjs"), HERE.parent / "relying_party" / "checks.mjs"):
        shutil.copy(script, folder)
    return folder


@contextmanager
def served() -> Iterator[str]:
    """Origin of a demo server on a free port; in the end nothing of it is left."""
    (CHECKOUT / ".state").mkdir(exist_ok=True)
    state = Path(tempfile.mkdtemp(prefix="browser-", dir=CHECKOUT / ".state"))
    state.chmod(0o755)  # a private PostgreSQL of root runs as another user
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    foreign = ("VHOD_", "DATABASE_", "APP_", "PROVIDER_", "PUBLIC_", "HOST", "PORT")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    process = subprocess.Popen(
        [sys.executable, "-m", "api", "serve", "--demo"],
        cwd=CHECKOUT,
        env=environment | {"VHOD_STATE": str(state), "PORT": str(port)},
        stdout=(state / "log").open("w"),
        stderr=subprocess.STDOUT,
    )
    try:
        wait_until_ready(process, f"http://127.0.0.1:{port}", state / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)
        shutil.rmtree(find_place(state / "postgres").root, ignore_errors=True)
        shutil.rmtree(state, ignore_errors=True)


def wait_until_ready(process: subprocess.Popen[bytes], origin: str, log: Path) -> None:
    """Ask until the demo is loaded and served; a process that ended never will."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            if httpx2.get(f"{origin}/readyz", timeout=5).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    sys.exit(f"the server did not get ready:\n{log.read_text()}")


if __name__ == "__main__":
    main()
