"""Outcome: what became of the request at hand, told by whoever knows it, read when the answer is out."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from domain.errors import Code

OK = "OK"
OTHER = "OTHER"
ABANDONED = "ABANDONED"
"""The client went before there was an answer."""

BY_STATUS = {
    400: Code.BAD_REQUEST,
    401: Code.UNAUTHENTICATED,
    403: Code.FORBIDDEN,
    405: Code.BAD_REQUEST,
    406: Code.BAD_REQUEST,
    413: Code.BAD_REQUEST,
    415: Code.BAD_REQUEST,
    500: Code.INTERNAL,
    503: Code.UNAVAILABLE,
}
KNOWN = frozenset(code.value for code in Code)


@dataclass
class Outcome:
    """Kind of operation, which executor answered, the first error's code. Every word is of a small fixed set."""

    operation: str = "none"
    executor: str = "none"
    code: str | None = None

    def note_errors(self, errors: list[Any] | None) -> None:
        """Remember the code of the first error; one that the catalogue does not have is OTHER."""
        if errors:
            code = (getattr(errors[0], "extensions", None) or {}).get("code")
            self.code = code if code in KNOWN else OTHER

    def word(self, status: int | None) -> str:
        """One word for the answer, by its error or else by its status."""
        if self.code is not None:
            return self.code
        if status is None:
            return ABANDONED
        if status < 400:
            return OK
        return "RATE_LIMITED" if status == 429 else BY_STATUS.get(status, OTHER)


CURRENT: ContextVar[Outcome | None] = ContextVar("outcome", default=None)


def outcome() -> Outcome:
    """The outcome of the request at hand; outside of one, one that nobody reads."""
    return CURRENT.get() or Outcome()
