"""Who may keep the answer to a trusted document by GET: everybody what is for all, a browser what is its person's."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response

from auth.viewer import Viewer
from schema.engine.context import Context

PUBLIC_SECONDS = 60
FOR_EVERYBODY = f"public, max-age={PUBLIC_SECONDS}"
FOR_ONE = "private, max-age=0, must-revalidate"


def kept(request: Request, response: Response, context: Context) -> Response:
    """The answer with its ETag, or 304. Special data and answers with errors are kept by nobody, as before.

    An answer for everybody is one to a request without credentials. One for a person may be kept by their browser,
    which asks each time whether it still holds: the tag also depends on who asks and on the version of their rights.
    """
    if response.status_code != 200 or context.executor.readings.special or _has_errors(response):
        return response
    tag = entity_tag(bytes(response.body), context.viewer)
    headers = {
        "Cache-Control": FOR_EVERYBODY if context.viewer.caller is None else FOR_ONE,
        "ETag": tag,
        "Vary": response.headers["vary"],
    }
    if _holds(request, tag):
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response


def entity_tag(body: bytes, viewer: Viewer) -> str:
    """A weak tag, for the same answer may go out packed in several ways."""
    caller = viewer.caller
    who = "" if caller is None else "\0".join((caller.issuer, caller.subject, caller.client_id, str(viewer.version)))
    digest = hashlib.sha256(who.encode() + b"\n" + body).hexdigest()
    return f'W/"{digest[:32]}"'


def _has_errors(response: Response) -> bool:
    """The members of an answer stand in this order, in both executors: data, errors, extensions."""
    return not bytes(response.body).startswith(b'{"data":') or b'"errors":[' in bytes(response.body)


def _holds(request: Request, tag: str) -> bool:
    """If-None-Match, compared weakly (RFC 9110, section 13.1.2)."""
    asked = request.headers.get("if-none-match", "")
    return tag.removeprefix("W/") in {held.strip().removeprefix("W/") for held in asked.split(",")}
