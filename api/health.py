"""Whether the process lives and whether it can serve; names of failed checks and nothing else."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from api.database import Database
from api.structure_versions import newest_version, serves

PATIENCE_SECONDS = 2.0
Check = Callable[[], Awaitable[bool]]


def health_routes(database: Database) -> list[Route]:
    """Routes for whoever supervises the process: /livez and /readyz, 200 or 503, never cached."""
    good = {newest_version()}

    async def answers() -> bool:
        async with database.app.connect() as connection:
            return bool(await connection.scalar(text("select true")))

    async def is_migrated() -> bool:
        async with database.app.connect() as connection:
            version = await connection.scalar(text("select version_num from alembic_version"))
        if version not in good and serves(version):
            good.add(version)  # once in a while, when the next release has migrated under us
        return version in good

    checks: dict[str, Check] = {"database": answers, "migrations": is_migrated}

    async def ready(_: Request) -> JSONResponse:
        failed = [name for name, check in checks.items() if not await _holds(name, check)]
        return _report(failed)

    async def live(_: Request) -> JSONResponse:
        return _report([])

    return [Route("/livez", live), Route("/readyz", ready)]


async def _holds(name: str, check: Check) -> bool:
    """Run a check; whatever goes wrong or takes too long is a failure, its reason stays in the log."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await check()
    except Exception:
        structlog.get_logger(__name__).warning("check failed", check=name, exc_info=True)
        return False


def _report(failed: list[str]) -> JSONResponse:
    body = {"status": "failed", "failed": failed} if failed else {"status": "ok"}
    return JSONResponse(body, 503 if failed else 200, {"Cache-Control": "no-store"})
