"""follow: one subscription from its first answer to its end, each answer under the rights of that moment."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from domain.errors import Forbidden
from domain.events import Event, EventKind
from domain.topics import Topic, topics_of
from schema.engine.stream.cursors import EventCursor, read_cursor
from schema.engine.stream.feed import Batch, Feed
from schema.engine.stream.outbox import Found, events_since, horizon_of

if TYPE_CHECKING:
    from schema.engine.context import Context


@dataclass(frozen=True)
class Subject:
    """What is followed: how to find it under the rights of now, and which topics are about it.

    `topics` are known before anything is read; `more` are worked out when it has been found, and when lines move.
    """

    topics: frozenset[Topic]
    find: Callable[[], Awaitable[Any]]
    more: Callable[[], Awaitable[frozenset[Topic]]] | None = None


@dataclass(frozen=True)
class Delivery:
    """What is to be answered: the subject as found, and events since the last answer. `lost`: read all again."""

    found: Any
    events: tuple[Event, ...]
    cursor: str
    lost: bool
    first: bool


async def follow(context: "Context", subject: Subject, since: str | None) -> AsyncGenerator[Delivery | None, None]:
    """Answer at once, then whenever something happens. None once, and the end, for what the viewer may not see.

    Raises Forbidden when the rights to see it end on the way.
    """
    begin = None if since is None else read_cursor(since)
    feed = context.open_feed()
    feed.listen(subject.topics)
    topics = subject.topics
    async with aclosing(feed.batches()) as batches:
        async for batch in batches:
            found = await subject.find()
            if found is None:
                if batch.first:
                    yield None
                    return
                raise _revoked(feed)
            if subject.more is not None and (batch.first or _lines_moved(batch)):
                topics = subject.topics | await subject.more()
                feed.listen(topics)
            delivery = await _delivery(context, feed, batch, begin, topics, found)
            del found, batch  # thousands wait here for the next batch: what was read for this one goes
            yield delivery
            del delivery


async def _delivery(
    context: "Context", feed: Feed, batch: Batch, begin: EventCursor | None, topics: Collection[Topic], found: Any
) -> Delivery:
    rights = context.viewer.version
    if batch.horizon is None:
        told = await _backlog(context, begin, topics)
        feed.caught_up(told.horizon)
        lost = told.lost or (begin is not None and begin.rights != rights)
        events, horizon = () if lost else told.events, told.horizon
    else:
        events, horizon, lost = batch.events, batch.horizon, batch.overflow
    context.cursor = str(EventCursor(horizon, rights))
    return Delivery(found, events, context.cursor, lost, batch.first)


async def _backlog(context: "Context", begin: EventCursor | None, topics: Collection[Topic]) -> Found:
    if begin is None:
        return Found((), await horizon_of(context))
    ids = [topic.id for topic in topics if topic.id is not None]
    if not ids:  # something that all the region hears of: what is new is found in its list
        return Found((), await horizon_of(context), lost=True)
    found = await events_since(context, begin.horizon, ids)
    wanted = tuple(event for event in found.events if not set(topics).isdisjoint(topics_of(event)))
    return Found(wanted, found.horizon, found.lost)


def _lines_moved(batch: Batch) -> bool:
    return any(event.kind is EventKind.JOURNAL_LINE for event in batch.events)


def _revoked(feed: Feed) -> Forbidden:
    feed.revoked()
    return Forbidden(
        "Your rights have changed: you may not follow this any more.",
        "Ваши права изменились: следить за этим больше нельзя.",
    )
