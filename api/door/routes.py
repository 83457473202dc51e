"""Routes of the front page: the same HTML for / and /callback, its scripts, style sheet and icon, each with an ETag."""

import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.door.page import door_page
from api.settings import Settings

FOLDER = Path(__file__).parent
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SCRIPT, STYLE, ICON = "text/javascript", "text/css", "image/svg+xml"
Serve = Callable[[Request], Awaitable[Response]]


def door_routes(settings: Settings) -> list[Route]:
    """Routes of the page and its files; they are read now, once for each process."""
    page = _kept(door_page(settings).encode(), "text/html", {"Content-Security-Policy": PAGE_POLICY})
    return [
        Route("/", page),
        Route("/callback", page),
        Route("/door/door.js", _file("door.js", SCRIPT)),
        Route("/door/session.js", _file("session.js", SCRIPT)),
        Route("/door/answer.js", _file("answer.js", SCRIPT)),
        Route("/door/door.css", _file("door.css", STYLE)),
        Route("/favicon.ico", _file("favicon.svg", ICON)),
    ]


def _file(name: str, media_type: str) -> Serve:
    return _kept((FOLDER / name).read_bytes(), media_type, {})


def _kept(body: bytes, media_type: str, more: dict[str, str]) -> Serve:
    """Serve these bytes. Browsers ask each time whether they changed: a new release shows at once."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"Cache-Control": "no-cache", "ETag": tag, **more}

    async def serve(request: Request) -> Response:
        if _has(request, tag):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=media_type, headers=headers)

    return serve


def _has(request: Request, tag: str) -> bool:
    """Whether the browser holds this very version (If-None-Match: weak or strong, one or several)."""
    asked = request.headers.get("if-none-match", "")
    return tag in {held.strip().removeprefix("W/") for held in asked.split(",")}
