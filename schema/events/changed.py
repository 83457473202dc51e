"""Change: one object that changed, as far as the viewer may see that it did, and as it is now."""

import asyncio
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, cast

import strawberry
from strawberry.types import Info

from domain.events import Event, EventKind
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC
from schema.engine.enums import explained
from schema.engine.mapping.declare import computed, structure, value
from schema.engine.node import Node

if TYPE_CHECKING:
    from schema.engine.context import Context

MOST_CHANGES = 200
"""Changes that one event tells one by one; after more, everything is to be read again."""

explained(
    EventKind,
    "What kind of object changed (вид изменения).",
    MARK="A mark (отметка): entered, corrected or withdrawn.",
    ATTENDANCE="A record of attendance (посещаемость): entered, corrected or taken back.",
    LESSON="A lesson (урок): new, or its topic, homework or status changed.",
    SUMMARY_MARK="A period, year, exam or final mark (итоговая отметка).",
    ASSESSMENT_SLOT="A column for marks (колонка журнала).",
    JOURNAL_LINE="A student's line (строка журнала): new, or the student has left.",
    REOPENING="A page was opened again, or closed (открытие страницы).",
    KEPT_MARK="A mark that was refused and kept (отклонённая отметка).",
    IMPORT_RUN="An import (загрузка).",
    RATING="A rating (рейтинг): published.",
    RIGHTS="Somebody's roles, children or restrictions (права).",
)

VERSIONED = {
    EventKind.MARK: ("MarkVersion", "Mark"),
    EventKind.ATTENDANCE: ("AttendanceVersion", "AttendanceRecord"),
    EventKind.SUMMARY_MARK: ("SummaryMarkVersion", "SummaryMark"),
}
"""The version stays when the object is withdrawn: whoever may see the one may hear of the other."""

ITSELF = {
    EventKind.LESSON: "Lesson",
    EventKind.ASSESSMENT_SLOT: "AssessmentSlot",
    EventKind.JOURNAL_LINE: "JournalLine",
    EventKind.REOPENING: "Reopening",
    EventKind.KEPT_MARK: "KeptMark",
}


@structure("One object that changed (изменение).")
class Change:
    """A change."""

    kind: EventKind = value("What kind of object it is (вид).", PUBLIC)
    object_id: strawberry.ID = value("Its id, also when it is gone (идентификатор).", PUBLIC, Sensitivity.P1)

    @computed(
        "Whether it is there no more (больше нет): withdrawn, or out of your sight. Forget what you keep of it.",
        PUBLIC,
        sensitivity=Sensitivity.P1,
    )
    async def gone(self, info: Info) -> bool:
        return await _now(info, self.object_id) is None

    @computed(
        "The object as it is now and as you may see it (объект); null when it is gone.",
        PUBLIC,
        sensitivity=Sensitivity.P2,
    )
    async def object(self, info: Info) -> Node | None:
        return cast("Node | None", await _now(info, self.object_id))


async def seen(context: "Context", events: Iterable[Event], most: int = MOST_CHANGES) -> list[Change] | None:
    """Changes that the viewer may hear of, each object once; None when there are too many to be told one by one."""
    named = dict(pair for event in events for pair in _named(event))
    if len(named) > most:
        return None
    keys = [witness for witness, _ in named.values()]
    found = await asyncio.gather(*(context.executor.load_named(kind, key) for kind, key in keys))
    witnessed = zip(named.items(), found, strict=True)
    return [Change(kind=kind, object_id=id_) for (id_, (_, kind)), there in witnessed if there is not None]


Witness = tuple[str, tuple[Any, ...]]


def _named(event: Event) -> Iterator[tuple[strawberry.ID, tuple[Witness, EventKind]]]:
    """The id of each object, and the row by which a viewer may hear of it; of several versions the last."""
    if event.kind in VERSIONED:
        version_type, object_type = VERSIONED[event.kind]
        for key, version in zip(event.objects, event.versions, strict=True):
            witness = version_type, (event.school_year, version)
            yield strawberry.ID(f"{object_type}:{event.school_year}:{key}"), (witness, event.kind)
    elif event.kind in ITSELF:
        for key in event.objects:
            yield strawberry.ID(f"{ITSELF[event.kind]}:{key}"), ((ITSELF[event.kind], (key,)), event.kind)


async def _now(info: Info, identifier: str) -> Any:
    [found] = await cast("Context", info.context).executor.look_up_all([identifier])
    return found
