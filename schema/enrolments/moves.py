"""Students who come, move and leave: what the change of an enrolment does, for one student or for many, at every door.

A place ends, the next begins, groups, lines and the role of a student follow. Mutations and imports call this alone.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from sqlalchemy import insert, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from domain.records import Enrolment
from domain.records.classes import EnrolmentKind
from domain.writing.enrolments import CONFLICTS, ClassFacts
from domain.writing.refusals import Refused, RefusedError

if TYPE_CHECKING:
    from schema.engine.statements import Statements

EXCLUSION_VIOLATION = "23P01"
NO_ORDER: tuple[None, None] = (None, None)

STANDING_IN_THE_WAY = text("""
select a.student_id, vhod.enrolment_conflict(a.student_id, a.organisation_id, a.kind, a.since, a.ending) as code
from jsonb_to_recordset(cast(:asked as jsonb)) a
  (student_id uuid, organisation_id uuid, kind text, since date, ending uuid)
""")
LOCK = text("select count(pg_advisory_xact_lock(hashtextextended(n, 0))) from unnest(cast(:names as text[])) n")
LEAVE = text("select vhod.leave_enrolment(e) from unnest(cast(:enrolments as uuid[])) e")
SETTLE = text("""
select a.enrolment, g.group_id
from jsonb_to_recordset(cast(:asked as jsonb)) a (place int, enrolment uuid, chosen uuid[])
cross join lateral vhod.settle_enrolment(a.enrolment, a.chosen) as g (group_id) order by a.place
""")
LEFT_OUT = text("""
select e as enrolment, g.id, g.name, g.subject
from unnest(cast(:enrolments as uuid[])) e cross join lateral vhod.groups_left_out(e) g
""")


@dataclass(frozen=True)
class Beginning:
    """An enrolment to begin: its key, whose, in which class, from which day, by which order; `chosen` groups."""

    key: UUID
    student_id: UUID
    group: ClassFacts
    valid_from: date
    kind: EnrolmentKind = EnrolmentKind.MAIN
    order: tuple[str, date] | tuple[None, None] = NO_ORDER
    chosen: Sequence[UUID] = ()


@dataclass(frozen=True)
class Ending:
    """An enrolment to end: from which day on it holds no more, why, by which order."""

    key: UUID
    valid_to: date
    reason: str
    order: tuple[str, date] | tuple[None, None] = NO_ORDER


@dataclass(frozen=True)
class Wanted:
    """A place that somebody is to get; `ending` is the one that ends for it."""

    student_id: UUID
    organisation_id: UUID
    since: date
    kind: EnrolmentKind = EnrolmentKind.MAIN
    ending: UUID | None = None


@dataclass
class Moved:
    """What followed: the groups that were joined, by enrolment."""

    joined: dict[UUID, set[UUID]] = field(default_factory=dict)


async def lock_students(statements: "Statements", students: Collection[UUID]) -> None:
    """Of two changes of one student the second sees what the first has made, whichever door they come through."""
    names = sorted(f"enrolments of {student}" for student in students)
    await statements.write(LOCK.bindparams(names=names))


async def in_the_way(statements: "Statements", wanted: Sequence[Wanted]) -> dict[UUID, Refused]:
    """Why students cannot get a place, by student: another place that they have holds then."""
    if not wanted:
        return {}
    asked = orjson.dumps([vars(one) for one in wanted]).decode()
    rows = await statements.write(STANDING_IN_THE_WAY.bindparams(asked=asked))
    return {row.student_id: CONFLICTS[row.code] for row in rows if row.code is not None}


async def move(statements: "Statements", endings: Sequence[Ending], beginnings: Sequence[Beginning]) -> Moved:
    """End places, begin others, and do all that follows. Raises RefusedError where the database has the last word."""
    await _end(statements, endings)
    await _begin(statements, beginnings)
    if endings:
        await statements.write(LEAVE.bindparams(enrolments=[one.key for one in endings]))
    return Moved(await _settle(statements, beginnings))


async def groups_left_out(statements: "Statements", enrolments: Collection[UUID]) -> Mapping[UUID, Sequence[Any]]:
    """By enrolment: groups of the class in subjects of which the student has no group yet."""
    found: dict[UUID, list[Any]] = {}
    for row in await statements.write(LEFT_OUT.bindparams(enrolments=list(enrolments))) if enrolments else ():
        found.setdefault(row.enrolment, []).append(row)
    return found


async def _end(statements: "Statements", endings: Sequence[Ending]) -> None:
    row = Enrolment
    for one in endings:
        number, day = one.order
        values = {"valid_to": one.valid_to, "end_order_number": number, "end_ordered_on": day, "end_reason": one.reason}
        await statements.write(update(row).where(col(row.id) == one.key).values(**values))


async def _begin(statements: "Statements", beginnings: Sequence[Beginning]) -> None:
    if not beginnings:
        return
    try:
        await statements.write(insert(Enrolment).inline().values([_values(one) for one in beginnings]))
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", None) != EXCLUSION_VIOLATION:
            raise
        raise RefusedError(CONFLICTS["ENROLLED_ELSEWHERE"]) from error


def _values(beginning: Beginning) -> dict[str, Any]:
    number, day = beginning.order
    return {
        "id": beginning.key,
        "student_id": beginning.student_id,
        "organisation_id": beginning.group.organisation_id,
        "class_group_id": beginning.group.id,
        "kind": beginning.kind,
        "valid_from": beginning.valid_from,
        "order_number": number,
        "ordered_on": day,
    }


async def _settle(statements: "Statements", beginnings: Sequence[Beginning]) -> dict[UUID, set[UUID]]:
    joined: dict[UUID, set[UUID]] = {one.key: set() for one in beginnings}
    if not beginnings:
        return joined
    # In their order: the next number on a page goes to the next of the list.
    asked = [
        {"place": place, "enrolment": one.key, "chosen": [str(key) for key in one.chosen]}
        for place, one in enumerate(beginnings)
    ]
    for row in await statements.write(SETTLE.bindparams(asked=orjson.dumps(asked).decode())):
        joined[row.enrolment].add(row.group_id)
    return joined
