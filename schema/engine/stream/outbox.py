"""The outbox as statements: what was committed since a horizon, and whether that is still known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, bindparam, text

from domain.events import Event, EventKind
from domain.horizon import Horizon

if TYPE_CHECKING:
    from schema.engine.context import Context

CHANNEL = "vhod_outbox"
MOST = 2_000
"""Rows that are told one by one; after more, everything is to be read again."""

# One statement, hence one snapshot: the horizon says exactly what the rows beside it hold. There is always a row.
COLUMNS = (
    "o.written, o.kind, o.school_year, o.person_id, o.class_group_id, o.subject_group_id, o.journal_id,"
    " o.objects, o.versions"
)
SINCE = text(
    f"select pg_current_snapshot()::text as horizon, {COLUMNS}"  # noqa: S608 - made of constants
    " from (select cast(cast(:seen as text) as pg_snapshot) as seen) s"
    " left join lateral vhod.outbox_since(s.seen, :most, cast(:concerned as uuid[])) o on true"
).bindparams(bindparam("concerned", type_=ARRAY(Uuid)), bindparam("seen", type_=Text))
NOW = text("select pg_current_snapshot()::text")
FORGOT = text("select vhod.outbox_forgot(cast(cast(:seen as text) as pg_snapshot))").bindparams(
    bindparam("seen", type_=Text)
)


@dataclass(frozen=True)
class Found:
    """Events since a horizon, and the next one. `lost`: there were more than are told, or they are forgotten."""

    events: tuple[Event, ...]
    horizon: Horizon
    lost: bool = False


async def horizon_of(context: "Context") -> Horizon:
    """What the transaction of this answer sees."""
    [[now]] = await context.statements.write(NOW)
    return Horizon.parse(now)


async def events_since(context: "Context", seen: Horizon, concerned: Iterable[UUID]) -> Found:
    """Events tied to any of these ids, in the snapshot of this answer."""
    now = await horizon_of(context)
    [[forgot]] = await context.statements.write(FORGOT.bindparams(seen=str(seen)))
    if forgot:
        return Found((), now, lost=True)
    bound = SINCE.bindparams(seen=str(seen), most=MOST + 1, concerned=sorted(set(concerned)))
    rows = [row._mapping for row in await context.statements.write(bound)]
    found = tuple(event_of(row) for row in rows if row["kind"] is not None)
    return Found((), now, lost=True) if len(found) > MOST else Found(found, now)


def event_of(row: Mapping[str, Any]) -> Event:
    """An event from its row."""
    return Event(
        transaction=int(row["written"]),
        kind=EventKind(row["kind"]),
        objects=tuple(row["objects"]),
        versions=tuple(row["versions"]),
        school_year=row["school_year"],
        person_id=row["person_id"],
        class_group_id=row["class_group_id"],
        subject_group_id=row["subject_group_id"],
        journal_id=row["journal_id"],
    )
