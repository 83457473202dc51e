"""GuardedProtocol: uvicorn's HTTP protocol that refuses for a full server before there is a request at all.

A refusal by the application costs parsing, a task and a walk through every layer: in a flood that alone would keep the
server busy, and whoever was let in would be late.
"""

import re

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.overload.refusing import STATE, Refusing

GUARDED = re.compile(rb"(?:POST|GET) /graphql(?:\?[!-~]*)? HTTP/1\.1\r\n")
UNUSUAL = re.compile(
    rb"\r\n(?:(?:transfer-encoding|upgrade|expect)[ \t]*:|connection[ \t]*:(?![ \t]*keep-alive[ \t]*\r))", re.IGNORECASE
)
LENGTH = re.compile(rb"\r\ncontent-length[ \t]*:[ \t]*(\d{1,7})[ \t]*(?=\r\n)", re.IGNORECASE)


class GuardedProtocol(HttpToolsProtocol):
    """Looks at a request that has come in one piece, as most do; whatever is unusual goes the long way round."""

    _arriving = False

    def data_received(self, data: bytes) -> None:
        """Bytes from the client."""
        refusing: Refusing | None = self.app_state.get(STATE)
        if refusing is None or not self._idle() or not is_whole_question(data):
            super().data_received(data)
            return
        if not refusing.places.full:
            refusing.places.expect()
            super().data_received(data)
            return
        self._unset_keepalive_if_required()
        refusing.note()
        self.transport.write(refusing.wire(headers_of(data)))
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        self._arriving = True
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """The last byte of a request."""
        self._arriving = False
        super().on_message_complete()

    def _idle(self) -> bool:
        """Whether these bytes begin a request, and nothing before them is still being answered."""
        answered = self.cycle is None or self.cycle.response_complete
        return answered and not self._arriving and not self.pipeline


def is_whole_question(data: bytes) -> bool:
    """Whether the bytes are one request of /graphql, all of it and nothing after it. In doubt they are not."""
    if not GUARDED.match(data):
        return False
    end = data.find(b"\r\n\r\n")
    head = data[: end + 2]
    lengths = LENGTH.findall(head)
    if end < 0 or len(lengths) != head.lower().count(b"content-length") or len(lengths) > 1 or UNUSUAL.search(head):
        return False
    return len(data) == end + 4 + (int(lengths[0]) if lengths else 0)


def headers_of(data: bytes) -> list[tuple[bytes, bytes]]:
    """Names in small letters, and values, of a request that is whole."""
    lines = data[: data.find(b"\r\n\r\n")].split(b"\r\n")[1:]
    pairs = (line.partition(b":") for line in lines)
    return [(name.strip().lower(), value.strip()) for name, _, value in pairs]
