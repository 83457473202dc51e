"""Files and pages that are the same for everybody: read once for each process, sent with an ETag."""

import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Policy of our plain pages: everything from us, nothing inline."""
Serve = Callable[[Request], Awaitable[Response]]


def kept_file(path: Path, media_type: str) -> Serve:
    """Serve a file as it is now."""
    return kept(path.read_bytes(), media_type, {})


def kept(body: bytes, media_type: str, more: dict[str, str]) -> Serve:
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
