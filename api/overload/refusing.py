"""Refusing: the answer of a full server, made before any request needs it, and how many have got it."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import structlog
from starlette.datastructures import Headers
from starlette.responses import Response

from api.overload.places import Places
from api.refusals import RefusedRequest, refuse
from api.security_headers import ALWAYS, OVER_HTTPS
from domain.error_catalogue import CATALOGUE
from domain.errors import Code

RETRY_SECONDS = 1
LOG_SECONDS = 1.0
STATE = "refusing"
"""Under which the server's protocol finds it in the state of the lifespan."""


@dataclass
class Refusing:
    """Says no for these places; pages of `origins` may read it too."""

    places: Places
    origins: frozenset[str]
    https: bool
    refused: int = 0
    _told_at: float = 0.0
    _made: dict[tuple[bytes, bytes, bytes], bytes] = field(default_factory=dict)

    def answer(self, headers: Headers, code: Code = Code.UNAVAILABLE) -> Response:
        """The answer for a caller with these headers."""
        entry = CATALOGUE[code]
        retry = {"Retry-After": str(RETRY_SECONDS)}
        told = RefusedRequest(entry.status.value, entry.english, entry.russian, code, retry)
        response = refuse(told, headers)
        for name, value in {**ALWAYS, **(OVER_HTTPS if self.https else {})}.items():
            response.headers[name] = value
        if (origin := headers.get("origin")) in self.origins and origin is not None:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = "Retry-After"
            response.headers.add_vary_header("Origin")
        return response

    def wire(self, headers: Sequence[tuple[bytes, bytes]]) -> bytes:
        """The same as it goes over the wire, made once for each kind of caller: that is what makes it cheap."""
        kind = _kind(headers)
        found = self._made.get(kind)
        if found is None:
            response = self.answer(Headers(raw=list(headers)))
            head = b"".join(b"%s: %s\r\n" % pair for pair in response.raw_headers)
            found = b"HTTP/1.1 503 Service Unavailable\r\n" + head + b"\r\n" + bytes(response.body)
            if len(self._made) < 100 and sum(map(len, kind)) < 1_000:
                self._made[kind] = found
        return found

    def note(self) -> None:
        """Count one, and log how many there were, once a second: a line for each would be work of its own."""
        self.refused += 1
        self.places.send_away()
        now = time.monotonic()
        if now - self._told_at > LOG_SECONDS:
            structlog.get_logger(__name__).warning("overload", refused=self.refused, places=self.places.most)
            self._told_at = now


def _kind(headers: Iterable[tuple[bytes, bytes]]) -> tuple[bytes, bytes, bytes]:
    """What the answer depends on."""
    found = {name: value for name, value in headers if name in (b"accept", b"accept-language", b"origin")}
    return found.get(b"accept", b""), found.get(b"accept-language", b""), found.get(b"origin", b"")
