"""Answers are packed for whoever can unpack them: brotli, else gzip, from a kilobyte on.

Why that is safe here (BREACH): an attacker who learns a secret from the length of packed answers needs a page that
makes the victim's browser ask, with the victim's credentials and text of the attacker's choice in the answer. No other
site can ask us with credentials: by cookie a request needs the session's CSRF token, by GET a cookie is not looked at,
and a bearer token is added by nobody but the client that has it. The two parts that do mix secrets with what an address
says are left alone: pages and tokens of the provider, and answers about the session.
"""

import re
import zlib
from functools import lru_cache, partial

import brotli
from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SMALLEST = 1024
LARGE = 128 * 1024
"""From here on packing takes more than a millisecond: a thread does it while the loop serves others."""

# Measured on answers of 8 and 90 KB: 0.07 and 0.7 ms to a quarter of the size; the next level takes twice that for 2 %.
BROTLI_QUALITY = 3
GZIP_LEVEL = 4
GZIP_WINDOW = 31  # zlib's largest window, with the header of gzip

PACKED = re.compile(r"(?:text/(?!event-stream)|application/(?:[\w.-]+\+)?(?:json|xml|javascript)|image/svg)")
UNTOUCHED = ("/oidc", "/session")


class Compression:
    """Packs answers that are sent in one piece; streams, and what is packed already, pass as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request through."""
        if scope["type"] != "http" or scope["path"].startswith(UNTOUCHED):
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Packing(send, encoding(Headers(scope=scope).get("accept-encoding"))).send)


class _Packing:
    """Holds the head of an answer back until its body is known."""

    def __init__(self, send: Send, chosen: str | None) -> None:
        self._send = send
        self._chosen = chosen
        self._head: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if _may_be_packed(message):
                self._head = message
            else:
                await self._send(message)
            return
        if self._head is not None:
            head, self._head = self._head, None
            message = await self._packed(head, message)
            await self._send(head)
        await self._send(message)

    async def _packed(self, head: Message, message: Message) -> Message:
        """The body packed where it is worth it, the head changed accordingly."""
        body = message.get("body", b"")
        if message["type"] != "http.response.body" or message.get("more_body", False) or len(body) < SMALLEST:
            return message
        headers = MutableHeaders(scope=head)
        headers.add_vary_header("Accept-Encoding")
        if self._chosen is None:
            return message
        pack = partial(_pack, self._chosen, body)
        packed = pack() if len(body) < LARGE else await to_thread.run_sync(pack)
        headers["Content-Encoding"], headers["Content-Length"] = self._chosen, str(len(packed))
        if headers.get("etag", "").startswith('"'):
            headers["ETag"] = "W/" + headers["etag"]  # the same answer, not the same bytes
        return {**message, "body": packed}


def _pack(chosen: str, body: bytes) -> bytes:
    if chosen == "br":
        packed: bytes = brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
        return packed
    packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, GZIP_WINDOW)
    return packer.compress(body) + packer.flush()


def _may_be_packed(head: Message) -> bool:
    headers = Headers(raw=head["headers"])
    return (
        head["status"] not in (204, 206, 304)
        and "content-encoding" not in headers
        and "no-transform" not in headers.get("cache-control", "")
        and PACKED.match(headers.get("content-type", "")) is not None
    )


@lru_cache(maxsize=256)
def encoding(accepted: str | None) -> str | None:
    """The encoding that this header Accept-Encoding prefers, brotli where it does not matter; None: none of ours."""
    weights = dict(_weight(item) for item in (accepted or "")[:1000].split(","))
    offered = {name: weights.get(name, weights.get("*", 0.0)) for name in ("br", "gzip")}
    best = max(offered, key=lambda name: offered[name])
    return best if offered[best] > 0 and offered[best] >= weights.get("identity", 0.0) else None


def _weight(item: str) -> tuple[str, float]:
    name, _, weight = item.strip().lower().partition(";")
    given = weight.strip().removeprefix("q=")
    return name.strip(), float(given) if re.fullmatch(r"[01](\.\d{0,3})?", given, re.ASCII) else float(not given)
