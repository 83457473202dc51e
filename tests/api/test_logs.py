"""One line per request, and nothing in it that a log must not hold."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator

import httpx2
import pytest
import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route

from api.logs import configure_logs
from api.request_log import RequestLog
from api.settings import LogFormat

CANARY = "canary-112-233-445-95"

pytestmark = pytest.mark.anyio


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged, as JSON lines; afterwards logging is as it was."""
    root, handlers, level = logging.getLogger(), logging.getLogger().handlers[:], logging.getLogger().level
    before = structlog.get_config()
    stream = io.StringIO()
    configure_logs(LogFormat.JSON, stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)


def lines(log: io.StringIO) -> list[dict[str, object]]:
    """The log so far."""
    return [json.loads(line) for line in log.getvalue().splitlines()]


async def greet(request: Request) -> Response:
    """An ordinary answer that reads everything a caller sends."""
    await request.body()
    structlog.get_logger("api.trial").info("greeted", kind="trial")
    return PlainTextResponse(request.state.request_id)


async def fail(_: Request) -> Response:
    """An error whose text, cause and arguments hold data."""
    known: dict[str, Response] = {}
    try:
        return known[CANARY]
    except KeyError as cause:
        raise ValueError(CANARY) from cause


async def break_off(_: Request) -> Response:
    """An error after the first part of the answer has been sent."""

    async def parts() -> object:
        yield b"part"
        raise ValueError(CANARY)

    return StreamingResponse(parts())  # type: ignore[arg-type]


ROUTES = [Route("/people/{person}", greet, methods=["GET", "POST"]), Route("/fail", fail), Route("/break", break_off)]


def client() -> httpx2.AsyncClient:
    """A caller of the application with the log around it."""
    application = Starlette(routes=[*ROUTES, Mount("/oidc", routes=ROUTES)], middleware=[Middleware(RequestLog)])
    transport = httpx2.ASGITransport(app=application, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://test")


async def test_request_is_one_line_with_its_route(log: io.StringIO) -> None:
    """Method, declared path, status, milliseconds and id; other lines of the request have the id too."""
    async with client() as caller:
        answer = await caller.get("/people/17")

    greeted, request = lines(log)
    assert {name: request[name] for name in ("event", "method", "path", "status")} == {
        "event": "request",
        "method": "GET",
        "path": "/people/{person}",
        "status": 200,
    }
    assert isinstance(request["ms"], float)
    assert request["request_id"] == greeted["request_id"] == answer.headers["x-request-id"] == answer.text


async def test_mounted_route_has_its_whole_path(log: io.StringIO) -> None:
    """The provider's routes are told from the API's."""
    async with client() as caller:
        await caller.get("/oidc/people/17")

    assert lines(log)[-1]["path"] == "/oidc/people/{person}"


@pytest.mark.parametrize("given", ["abcdef12", "0d9f3a1e-1111-2222-3333-444455556666", "A" * 64])
async def test_sane_request_id_is_kept(log: io.StringIO, given: str) -> None:
    """A gateway's id goes through the whole chain."""
    async with client() as caller:
        answer = await caller.get("/people/1", headers={"X-Request-ID": given})

    assert answer.headers["x-request-id"] == given
    assert lines(log)[-1]["request_id"] == given


@pytest.mark.parametrize("given", ["short", "A" * 65, "with space12", 'quote"quote"', "../../../etc"])
async def test_strange_request_id_is_replaced(log: io.StringIO, given: str) -> None:
    """What could confuse whoever reads the log does not get there."""
    async with client() as caller:
        answer = await caller.get("/people/1", headers={"X-Request-ID": given})

    assert answer.headers["x-request-id"] != given
    assert len(answer.headers["x-request-id"]) == 32
    assert given not in log.getvalue()


async def test_nothing_that_the_caller_sends_is_logged(log: io.StringIO) -> None:
    """Query, body, headers, cookies, the person in the path: the canary is nowhere."""
    async with client() as caller:
        await caller.post(
            f"/people/{CANARY}?snils={CANARY}",
            content=CANARY,
            headers={"Authorization": f"Bearer {CANARY}", "Cookie": f"session={CANARY}", "User-Agent": CANARY},
        )

    assert len(lines(log)) == 2
    assert CANARY not in log.getvalue()


async def test_unmatched_path_is_logged_escaped_and_short(log: io.StringIO) -> None:
    """A path nobody declared is shown as it was sent, unable to forge a line."""
    async with client() as caller:
        answer = await caller.get(f"/no%0Aforged{'x' * 500}?q={CANARY}")

    [line] = lines(log)
    assert answer.status_code == 404
    assert str(line["path"]).startswith("/no%0Aforged")
    assert len(str(line["path"])) < 210


async def test_error_is_a_neutral_answer_and_a_type_with_frames(log: io.StringIO) -> None:
    """The caller gets the request's id; the log says where it failed, not with what data."""
    async with client() as caller:
        answer = await caller.get("/fail")

    failed = lines(log)[0]
    assert answer.status_code == 500
    assert answer.json()["errors"] == [
        {
            "message": "Something went wrong on our side.",
            "extensions": {"code": "INTERNAL", "requestId": answer.headers["x-request-id"]},
        }
    ]
    assert failed["error"] == "ValueError < KeyError"
    assert any("test_logs.py" in frame and frame.endswith(" fail") for frame in failed["frames"])  # type: ignore[attr-defined]
    assert CANARY not in log.getvalue() + answer.text


async def test_answer_that_breaks_off_is_logged_as_failed(log: io.StringIO) -> None:
    """After the first byte nothing neutral can be said any more: the line has the error."""
    async with client() as caller:
        await caller.get("/break")

    assert [line["event"] for line in lines(log)] == ["request failed", "request"]
    assert CANARY not in log.getvalue()


async def test_foreign_messages_lose_their_arguments(log: io.StringIO) -> None:
    """Libraries put addresses, parameters and whole exceptions into their messages."""
    logging.getLogger("sqlalchemy.engine").warning("parameters %s", CANARY)
    logging.getLogger("uvicorn.error").error("Exception in ASGI application\n%s", CANARY)
    logging.getLogger("asyncio").error(f"Task exception was never retrieved\n{CANARY}")
    logging.getLogger("library").error(ValueError(CANARY))
    try:
        int(CANARY)
    except ValueError:
        logging.getLogger("library").exception("failed")

    events = [line["event"] for line in lines(log)]
    assert events == [
        "parameters %s",
        "Exception in ASGI application",
        "Task exception was never retrieved",
        "ValueError",
        "failed",
    ]
    assert CANARY not in log.getvalue()


async def test_text_form_holds_as_little(log: io.StringIO) -> None:
    """The readable form of development goes through the same sieve, one line a message."""
    stream = io.StringIO()
    configure_logs(LogFormat.TEXT, stream)
    async with client() as caller:
        await asyncio.gather(caller.get(f"/fail?{CANARY}"), caller.get("/no%0Aforged"))

    assert CANARY not in stream.getvalue()
    assert len(stream.getvalue().splitlines()) == 3
