"""A certified relying-party library (openid-client, npm) drives our provider over real HTTP."""

import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

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
from tests.node import run_script, served

HERE = Path(__file__).parent
EXPECTED_CHECKS = 67


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


def test_openid_client_drives_the_whole_flow(fresh_database: str) -> None:
    """Discovery, code flow, refresh, rotation of keys, logout and the negatives, as the library judges them."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = ProviderConfig(f"{origin}/oidc", "vhod-api", "a key for tests, not for life", True)
        with served(provider_with_controls(config, fresh_database), listener):
            variables = {
                "ISSUER": config.issuer,
                "CONTROL": f"{origin}/test",
                "WEB_SECRET": development_secret(config, "vhod-web"),
            }
            run = run_script(HERE, "drive.mjs", variables)
    sys.stdout.write(run.stdout)
    counted = re.search(r"(\d+) passed, (\d+) failed", run.stdout)

    assert run.returncode == 0, run.stdout + run.stderr
    assert counted is not None
    assert (int(counted[1]), int(counted[2])) == (EXPECTED_CHECKS, 0)
