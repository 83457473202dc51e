"""Is this request by cookie really made by a page of ours?"""

import hmac

from starlette.requests import HTTPConnection

from api.sessions.cookies import csrf_token
from api.sessions.errors import ForgedRequest, ForgeryReason

CSRF_HEADER = "X-CSRF-Token"


def refuse_forgery(connection: HTTPConnection, cookie: str, csrf: str | None, origin: str) -> None:
    """Raise ForgedRequest unless the request names the session's token and comes from our own origin.

    `csrf` is the value of the header, or of `connection_init` for a socket, which can carry no header. Browsers send
    `Origin` or `Sec-Fetch-Site` with everything that is no plain navigation; whoever sends neither is refused.
    """
    if csrf is None or not hmac.compare_digest(csrf.encode(), csrf_token(cookie).encode()):
        raise ForgedRequest(ForgeryReason.TOKEN)
    from_origin, site = connection.headers.get("origin"), connection.headers.get("sec-fetch-site")
    if from_origin is None and site is None:
        raise ForgedRequest(ForgeryReason.ORIGIN)
    if from_origin not in (None, origin) or site not in (None, "same-origin"):
        raise ForgedRequest(ForgeryReason.ORIGIN)
