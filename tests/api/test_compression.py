"""Answers are packed when the caller can unpack them, it is worth it, and no secret stands beside foreign text."""

import gzip
from collections.abc import AsyncIterator, Awaitable, Callable

import brotli
import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from api.compression import LARGE, SMALLEST, Compression, encoding

pytestmark = pytest.mark.anyio

TEXT = "Отметка по алгебре; ".encode()


async def page(request: Request) -> Response:
    """As many bytes of this type as the address says."""
    asked = request.query_params
    size, media_type = int(asked.get("size", 5000)), asked.get("type", "application/json")
    headers = {"Cache-Control": asked.get("cache", "no-store"), "ETag": '"tag"', "Vary": "Authorization"}
    return Response((TEXT * size)[:size], int(asked.get("status", 200)), headers, media_type)


async def stream(_: Request) -> Response:
    """Events one by one."""

    async def events() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield TEXT * 100

    return StreamingResponse(events(), media_type="application/json")


@pytest.fixture
async def get() -> AsyncIterator[Callable[..., Awaitable[httpx2.Response]]]:
    """Asks for a page; the encoding is brotli unless told otherwise."""
    paths = {"/page": page, "/stream": stream, "/oidc/page": page, "/session/page": page}
    app = Starlette(routes=[Route(path, made) for path, made in paths.items()], middleware=[Middleware(Compression)])
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://test") as client:

        async def ask(
            path: str = "/page", accepted: str = "br", method: str = "GET", **asked: object
        ) -> httpx2.Response:
            headers = {"Accept-Encoding": accepted}
            request = client.build_request(method, path, params={k: str(v) for k, v in asked.items()}, headers=headers)
            return await client.send(request, stream=True)

        yield ask


async def raw(response: httpx2.Response) -> bytes:
    """The body as it came over the wire."""
    return b"".join([piece async for piece in response.aiter_raw()])


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        (None, None), ("", None), ("identity", None), ("br", "br"), ("gzip", "gzip"), ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("*", "br"), ("*;q=0", None), ("br;q=0, *", "gzip"),
        ("BR", "br"), ("gzip;q=nonsense", None), ("identity, br;q=0.5", None), ("deflate", None), (";,=q", None),
    ],
)  # fmt: skip
def test_encoding_is_the_preferred_one(accepted: str | None, chosen: str | None) -> None:
    """By weight; brotli where it does not matter."""
    assert encoding(accepted) == chosen


@pytest.mark.parametrize("size", [SMALLEST, 90_000, LARGE + 1])
@pytest.mark.parametrize(("accepted", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
async def test_packed_answer_is_the_same_answer(
    get: Callable[..., Awaitable[httpx2.Response]], size: int, accepted: str, unpack: Callable[[bytes], bytes]
) -> None:
    """Small and large ones, with a true length; caches are told what the answer depends on."""
    response = await get(size=size, accepted=accepted)
    body = await raw(response)

    assert unpack(body) == (TEXT * size)[:size]
    assert response.headers["content-encoding"] == accepted
    assert response.headers["content-length"] == str(len(body))
    assert response.headers["vary"] == "Authorization, Accept-Encoding"
    assert response.headers["etag"] == 'W/"tag"'


@pytest.mark.parametrize(
    "asked",
    [
        {"size": SMALLEST - 1},
        {"type": "image/png"},
        {"type": "application/octet-stream"},
        {"type": "text/event-stream"},
        {"cache": "no-store, no-transform"},
        {"path": "/oidc/page"},
        {"path": "/session/page"},
        {"accepted": "identity"},
        {"path": "/stream"},
    ],
    ids=str,
)
async def test_answer_is_left_as_it_is(
    get: Callable[..., Awaitable[httpx2.Response]], asked: dict[str, object]
) -> None:
    """Too small, packed by nature, a stream, or with a secret in it."""
    response = await get(**asked)
    body = await raw(response)

    assert "content-encoding" not in response.headers
    assert body.startswith(TEXT)


@pytest.mark.parametrize(
    "media_type", ["application/graphql-response+json", "text/html", "text/javascript", "image/svg+xml"]
)
async def test_text_of_any_kind_is_packed(get: Callable[..., Awaitable[httpx2.Response]], media_type: str) -> None:
    """Pages, scripts, answers in both forms, also with errors."""
    assert (await get(type=media_type)).headers["content-encoding"] == "br"
    assert (await get(type=media_type, status=400)).headers["content-encoding"] == "br"


async def test_answer_without_body_stays_without(get: Callable[..., Awaitable[httpx2.Response]]) -> None:
    """A method that asks for the head alone."""
    response = await get(method="HEAD")

    assert await raw(response) == b""
