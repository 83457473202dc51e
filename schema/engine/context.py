"""Context: what a resolver may use. One for a request, one viewer, one transaction."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncConnection

from auth.viewer import Viewer
from domain.errors import Busy
from domain.scoring.draws import DrawJob
from domain.scoring.robustness import RankInterval
from schema.engine.access.denials import Denials
from schema.engine.limits.gauge import Cost
from schema.engine.limits.purse import Purse
from schema.engine.mapping.reference import Executor
from schema.engine.mapping.storage import Mapping
from schema.engine.statements import Statements
from schema.engine.stream.feed import Feed

Draw = Callable[[DrawJob], Awaitable[tuple[RankInterval, ...]]]
"""Draws a rating again and again, outside of the process that serves."""


async def _nobody_draws(_: DrawJob) -> tuple[RankInterval, ...]:
    raise Busy


def _nobody_tells() -> Feed:
    raise Busy


def _nobody_hashes(_: str) -> bytes:
    raise Busy


async def _nothing_to_settle() -> None:
    """Queries and mutations are settled by the transport."""


class Language(StrEnum):
    """In which language messages are."""

    RUSSIAN = "ru"
    ENGLISH = "en"


@dataclass
class Context:
    """The viewer, how to load and refuse, the transaction, and what to say in which language."""

    viewer: Viewer
    executor: Executor
    denials: Denials
    statements: Statements
    request_id: str
    clock: Callable[[], datetime]
    language: Language = Language.ENGLISH
    operation: str | None = None
    draw: Draw = _nobody_draws
    hash_snils: Callable[[str], bytes] = _nobody_hashes
    """The keyed hash by which a SNILS is stored and found: its key is the server's."""
    purse: Purse | None = None
    """What the caller may still spend; None where nobody keeps a budget."""
    cost: Cost | None = None
    """Of the operation, once it is measured."""
    open_feed: Callable[[], Feed] = _nobody_tells
    signed_in_at: datetime | None = None
    """When the person last proved who they are; None where nobody says."""
    fresh_for: timedelta = timedelta(minutes=10)
    """How long that counts as just now."""
    settle: Callable[[], Awaitable[None]] = _nothing_to_settle
    """Ends the transaction of one event's answer, before the answer goes out."""
    cursor: str | None = None
    """From where to go on after this event."""

    def say(self, english: str, russian: str) -> str:
        """The text in the caller's language."""
        return russian if self.language is Language.RUSSIAN else english


def open_context(
    viewer: Viewer, connection: AsyncConnection | None, types: dict[str, Mapping], clock: Callable[[], datetime]
) -> Context:
    """The context of a request whose transaction has been told who asks; None once it is over."""
    denials = Denials(viewer)
    statements = Statements(connection)
    executor = Executor(viewer=viewer, fetch=statements, denials=denials, types=types)
    return Context(viewer, executor, denials, statements, request_id="", clock=clock)


def renew_context(context: Context, viewer: Viewer, connection: AsyncConnection, types: dict[str, Mapping]) -> None:
    """Begin another answer of a subscription: with the viewer of now, nothing loaded, nothing refused yet."""
    _take_over(context, open_context(viewer, connection, types, context.clock))


def rest_context(context: Context, types: dict[str, Mapping]) -> None:
    """End an answer of a subscription: until the next one nothing is kept of what was loaded for it."""
    _take_over(context, open_context(context.viewer, None, types, context.clock))


def _take_over(context: Context, fresh: Context) -> None:
    context.viewer, context.executor = fresh.viewer, fresh.executor
    context.denials, context.statements = fresh.denials, fresh.statements
