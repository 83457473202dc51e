"""Subscription: what somebody can follow, and be told of when it changes."""

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Annotated, Any, cast
from uuid import UUID

import strawberry
from strawberry.types import Info

from auth.permissions import Permission as P
from domain.events import EventKind
from domain.records.ratings import RatingState
from domain.sensitivity import Sensitivity
from domain.topics import RATINGS, Topic, TopicKind
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.mapping.reference import require_key
from schema.engine.mapping.rows import row_of
from schema.engine.stream.follow import Delivery, Subject, follow
from schema.engine.stream.subscribed import subscribed
from schema.events.changed import seen
from schema.events.news import DiaryChanged, ImportProgressed, JournalChanged, RatingComputed, RightsChanged
from schema.people.me import Me

if TYPE_CHECKING:
    from schema.engine.context import Context

Since = Annotated[
    str | None,
    strawberry.argument(description="Cursor of the last news that came (курсор): what was missed is told first."),
]
FIRST = "The first answer comes at once and carries the cursor; null, and the end, when there is nothing to follow."


class Subscriptions:
    """What can be followed."""

    @subscribed(
        "A student's marks, attendance, lessons with their homework, and summary marks (дневник)." + f" {FIRST}",
        Access(P.STUDENT_SEE),
        sensitivity=Sensitivity.P2,
    )
    async def diary_changed(
        self,
        info: Info,
        student_id: Annotated[strawberry.ID, strawberry.argument(description="Whose diary (обучающийся).")],
        since: Since = None,
    ) -> AsyncGenerator[DiaryChanged | None, None]:
        context = _context(info)
        async for news in follow(context, _diary(context, _key(context, "Student", student_id)), since):
            if news is None:
                yield None
            elif (told := await _told(context, news)) is not None:
                yield DiaryChanged(student=news.found, **told)

    @subscribed(
        "A page of the journal (страница журнала): its marks, attendance, lessons, columns, lines, openings."
        + f" {FIRST}",
        Access(P.JOURNAL_SEE),
        sensitivity=Sensitivity.P2,
    )
    async def journal_changed(
        self,
        info: Info,
        journal_id: Annotated[strawberry.ID, strawberry.argument(description="Which page (страница журнала).")],
        since: Since = None,
    ) -> AsyncGenerator[JournalChanged | None, None]:
        context = _context(info)
        async for news in follow(context, _page(context, _key(context, "Journal", journal_id)), since):
            if news is None:
                yield None
            elif (told := await _told(context, news)) is not None:
                yield JournalChanged(journal=news.found, **told)

    @subscribed(
        "An import until it ends (ход загрузки)." + f" {FIRST}", Access(P.IMPORT_SEE), sensitivity=Sensitivity.P1
    )
    async def import_progressed(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Which import (загрузка).")],  # noqa: A002
        since: Since = None,
    ) -> AsyncGenerator[ImportProgressed | None, None]:
        context = _context(info)
        subject = _thing(context, "ImportRun", TopicKind.IMPORT_RUN, _key(context, "ImportRun", id))
        async for news in follow(context, subject, since):
            if news is None:
                yield None
            elif news.first or news.lost or news.events:
                yield ImportProgressed(cursor=news.cursor, resync_required=news.lost, import_run=news.found)
                if row_of(news.found).values["finished_at"] is not None:
                    return

    @subscribed(
        "Ratings as they are published (опубликованные рейтинги)." + f" {FIRST}",
        PUBLIC,
        sensitivity=Sensitivity.P0,
    )
    async def rating_computed(self, info: Info, since: Since = None) -> AsyncGenerator[RatingComputed | None, None]:
        context = _context(info)
        async for news in follow(context, Subject(frozenset({RATINGS}), _always), since):
            ids = [f"Rating:{key}" for event in news.events for key in event.objects] if news else []
            # Whoever answers for them still sees those that were withdrawn since; here they are told no more.
            seen = [one for one in await context.executor.look_up_all(ids[-100:]) if one is not None]
            found = [one for one in seen if row_of(one).values["state"] is RatingState.PUBLISHED]
            if news is not None and (news.first or news.lost or found):
                yield RatingComputed(cursor=news.cursor, resync_required=news.lost, ratings=found)

    @subscribed(
        "Your own roles, children and restrictions (ваши права): whatever you show may have to go." + f" {FIRST}",
        PUBLIC,
        sensitivity=Sensitivity.P1,
    )
    async def rights_changed(self, info: Info, since: Since = None) -> AsyncGenerator[RightsChanged | None, None]:
        context = _context(info)
        person = context.viewer.known()
        async for news in follow(context, Subject(frozenset({Topic(TopicKind.RIGHTS, person)}), _always), since):
            if news is not None and (news.first or any(event.kind is EventKind.RIGHTS for event in news.events)):
                yield RightsChanged(cursor=news.cursor, resync_required=news.lost or not news.first, me=Me())


def _context(info: Info) -> "Context":
    return cast("Context", info.context)


def _key(context: "Context", kind: str, identifier: str) -> UUID:
    return require_key(context.executor.types[kind], identifier)


async def _always() -> bool:
    return True


def _thing(context: "Context", kind: str, topic: TopicKind, key: UUID) -> Subject:
    async def find() -> Any:
        return await context.executor.load_named(kind, (key,))

    return Subject(frozenset({Topic(topic, key)}), find)


def _diary(context: "Context", key: UUID) -> Subject:
    """A student, and the pages on which the student has lines that the viewer may see."""

    async def pages() -> frozenset[Topic]:
        lines = await context.executor.load_list("JournalLine", ("student_id",), (key,))
        return frozenset(Topic(TopicKind.PLAN, row_of(line).keys["journal_id"]) for line in lines)

    thing = _thing(context, "Student", TopicKind.STUDENT, key)
    return Subject(thing.topics, thing.find, pages)


def _page(context: "Context", key: UUID) -> Subject:
    """A page, and the summary marks of its subject group."""

    async def group() -> frozenset[Topic]:
        found = await context.executor.load_named("Journal", (key,))
        return frozenset({Topic(TopicKind.SUMMARIES, row_of(found).keys["subject_group_id"])})

    thing = _thing(context, "Journal", TopicKind.JOURNAL, key)
    return Subject(thing.topics, thing.find, group)


async def _told(context: "Context", news: Delivery) -> dict[str, Any] | None:
    """What a viewer hears of the news; None when there is nothing that they may hear of."""
    changes = await seen(context, news.events)
    lost = news.lost or changes is None
    if not (news.first or lost or changes):
        return None
    return {"cursor": news.cursor, "resync_required": lost, "changes": changes or []}
