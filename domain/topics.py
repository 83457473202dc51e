"""Topics: what a subscription listens to, and which topics an event concerns."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from domain.events import Event, EventKind


class TopicKind(StrEnum):
    """What a topic is about."""

    STUDENT = "STUDENT"
    JOURNAL = "JOURNAL"
    PLAN = "PLAN"
    """Lessons and columns of a journal page: what concerns all who have a line on it."""
    SUMMARIES = "SUMMARIES"
    """Summary marks of a subject group."""
    IMPORT_RUN = "IMPORT_RUN"
    RATINGS = "RATINGS"
    RIGHTS = "RIGHTS"


class Topic(NamedTuple):
    """A kind and the id it is about; ratings are one topic for all."""

    kind: TopicKind
    id: UUID | None = None


RATINGS = Topic(TopicKind.RATINGS)


def topics_of(event: Event) -> Iterator[Topic]:
    """All topics under which somebody may wait for the event."""
    if event.kind is EventKind.RIGHTS:
        yield Topic(TopicKind.RIGHTS, event.person_id)
    elif event.kind is EventKind.IMPORT_RUN:
        yield from (Topic(TopicKind.IMPORT_RUN, run) for run in event.objects)
    elif event.kind is EventKind.RATING:
        yield RATINGS
    else:
        yield from _of_the_journal(event)


def _of_the_journal(event: Event) -> Iterator[Topic]:
    if event.person_id is not None:
        yield Topic(TopicKind.STUDENT, event.person_id)
    if event.journal_id is not None:
        yield Topic(TopicKind.JOURNAL, event.journal_id)
        if event.person_id is None:
            yield Topic(TopicKind.PLAN, event.journal_id)
    if event.kind is EventKind.SUMMARY_MARK and event.subject_group_id is not None:
        yield Topic(TopicKind.SUMMARIES, event.subject_group_id)
