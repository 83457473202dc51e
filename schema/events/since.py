"""changes(since): what changed for somebody who was away, for front ends that work offline."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any, cast
from uuid import UUID

import strawberry
from strawberry.types import Info

from auth.viewer import Viewer
from domain.errors import LimitExceeded
from domain.roles import ReachKind
from domain.sensitivity import Sensitivity
from domain.topics import Topic, TopicKind, topics_of
from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import computed, structure, value
from schema.engine.mapping.pages import PAGE_MOST
from schema.engine.mapping.reference import require_key
from schema.engine.mapping.rows import row_of
from schema.engine.stream.cursors import EventCursor, read_cursor
from schema.engine.stream.outbox import Found, events_since, horizon_of
from schema.events.changed import Change, seen
from schema.events.forgetting import Left, left_since, moment_of, unseen

if TYPE_CHECKING:
    from schema.engine.context import Context

MOST = 1_000
Ids = list[strawberry.ID] | None
Named = list[tuple[str, UUID]]
STUDENTS = "Of these students' diaries (дневники); at most 100."
JOURNALS = "Of these pages (страницы журнала); at most 100."


@structure("What changed since a cursor (изменения за время отсутствия).")
class Changes:
    """Changes."""

    cursor: str = value("Ask with it next time (курсор); it serves for 14 days.", PUBLIC)
    resync_required: bool = value(
        "Whether you have to forget what you keep and read it again (нужно перечитать): your rights have changed, you"
        " were away for too long, or more changed than fits.",
        PUBLIC,
    )
    forget: list[strawberry.ID] | None = value(
        "What left your sight since the cursor (что забыть): students and pages, each with everything that you keep"
        " under it, unless something that stays leads there too. Roles, children and bans of yours that began or ended"
        " are behind it; of students and pages that you name, all that you cannot see. Also tells of ids that you never"
        " kept. Whatever else you keep, read again where `resyncRequired` says so: parts of it may be out of your"
        " sight. Null: too much, or too long ago, to be named: forget everything. At most 1,000.",
        PUBLIC,
        Sensitivity.P1,
    )
    items: list[Change] = value("Each object once (изменения); at most 1,000.", PUBLIC, Sensitivity.P1, usually=20)


@computed(
    "What changed in your diaries and on your pages since a cursor (изменения): of yourself, your children, the groups"
    " you teach and the classes you lead, or of those named. Without `since`: nothing but the cursor of now; ask for it"
    " before you read what you keep.",
    PUBLIC,
    sensitivity=Sensitivity.P2,
    cost=20,
)
async def changes(
    self: Any,
    info: Info,
    since: Annotated[str | None, strawberry.argument(description="Cursor of the last time (курсор).")] = None,
    students: Annotated[Ids, strawberry.argument(description=STUDENTS)] = None,
    journals: Annotated[Ids, strawberry.argument(description=JOURNALS)] = None,
) -> Changes:
    """Read in the transaction of the answer: the cursor holds exactly what the answer was read from."""
    context = cast("Context", info.context)
    context.viewer.known()
    begin = None if since is None else read_cursor(since)
    named = _named(context, students, journals)
    topics = await _topics(context, named)
    left = await _left(context, begin, named)
    found = await _found(context, begin, topics)
    told = await seen(context, found.events, MOST)
    resync = found.lost or told is None or left.turned
    return Changes(
        cursor=str(EventCursor(found.horizon, context.viewer.version, await moment_of(context))),
        resync_required=resync,
        forget=None if found.lost else left.ids,
        items=[] if resync or told is None else told,
    )


async def _found(context: "Context", begin: EventCursor | None, topics: frozenset[Topic]) -> Found:
    if begin is None:
        return Found((), await horizon_of(context))
    found = await events_since(context, begin.horizon, [topic.id for topic in topics if topic.id is not None])
    wanted = tuple(event for event in found.events if not topics.isdisjoint(topics_of(event)))
    return Found(wanted, found.horizon, found.lost)


async def _left(context: "Context", begin: EventCursor | None, named: Named | None) -> Left:
    """What is to be forgotten: of what was named whatever is not seen, else what the viewer's own rights led to."""
    if begin is None:
        return Left(turned=False, ids=[])
    changed = begin.rights != context.viewer.version
    if not changed and begin.moment is None:  # a subscription's, which looks at dates by itself
        return Left(turned=False, ids=[] if named is None else await unseen(context, named))
    left = await left_since(context, None if changed else begin.moment)
    return Left(changed or left.turned, left.ids if named is None else await unseen(context, named))


def _named(context: "Context", students: Ids, journals: Ids) -> Named | None:
    """What the client names; None when it names nothing."""
    if students is None and journals is None:
        return None
    keys = (("Student", students), ("Journal", journals))
    return [(kind, key) for kind, ids in keys for key in _keys(context, kind, ids)]


async def _topics(context: "Context", named: Named | None) -> frozenset[Topic]:
    """What is asked about: what was named, else what is the viewer's own."""
    if named is None:
        people, pages = _own_people(context.viewer), await _own_pages(context)
    else:
        people = [key for kind, key in named if kind == "Student"]
        pages = await _named_pages(context, [key for kind, key in named if kind == "Journal"])
    diaries = await asyncio.gather(*(_diary(context, person) for person in people))
    return frozenset().union(*diaries, *(_page(page) for page in pages))


def _keys(context: "Context", kind: str, named: Ids) -> list[UUID]:
    if len(named or ()) > PAGE_MOST:
        raise LimitExceeded(f"At most {PAGE_MOST} ids.", f"Не больше {PAGE_MOST} идентификаторов.")
    return [require_key(context.executor.types[kind], one) for one in named or ()]


def _own_people(viewer: Viewer) -> list[UUID]:
    own = [viewer.person_id] if viewer.person_id else []
    return own + [child for child in viewer.children if child not in viewer.restricted]


async def _own_pages(context: "Context") -> list[Any]:
    groups = {held.subject_group_id for held in context.viewer.assignments if held.reach is ReachKind.SUBJECT_GROUPS}
    classes = {held.class_group_id for held in context.viewer.assignments if held.reach is ReachKind.CLASS_GROUPS}
    load = context.executor.load_list
    found = await asyncio.gather(
        *(load("Journal", ("subject_group_id",), (group,)) for group in groups),
        *(load("Journal", ("class_group_id",), (one,)) for one in classes),
    )
    return [page for pages in found for page in pages]


async def _named_pages(context: "Context", keys: list[UUID]) -> list[Any]:
    found = await context.executor.load_all_named("Journal", [(key,) for key in keys])
    return [page for page in found if page is not None]


def _page(page: Any) -> frozenset[Topic]:
    keys = row_of(page).keys
    return frozenset({Topic(TopicKind.JOURNAL, keys["id"]), Topic(TopicKind.SUMMARIES, keys["subject_group_id"])})


async def _diary(context: "Context", person: UUID) -> frozenset[Topic]:
    """A student, and the pages on which the viewer sees a line of theirs."""
    lines = await context.executor.load_list("JournalLine", ("student_id",), (person,))
    pages = (Topic(TopicKind.PLAN, row_of(line).keys["journal_id"]) for line in lines)
    return frozenset({Topic(TopicKind.STUDENT, person), *pages})
