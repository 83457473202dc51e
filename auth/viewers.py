"""Viewers: from a verified caller to the person and the assignments that are live now."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from auth.previews import previewed
from auth.viewer import OWN_ASSIGNMENT, PUBLIC_ASSIGNMENT, Caller, LiveAssignment, Viewer
from domain.recent import Recent
from domain.records.consents import ConsentPurpose
from domain.roles import ReachKind, Role

CACHED = 10_000
JUDGED_BY_LESSON = frozenset({ReachKind.SUBJECT_GROUPS, ReachKind.CLASS_GROUPS})
"""Reaches whose assignments still count for the lessons of their days. Management is judged now."""

SAY_WHO_LOADS = text(
    "select set_config('vhod.issuer', :issuer, true), set_config('vhod.subject', :subject, true),"
    " set_config('vhod.loading', 'on', true)"
)
PERSON = text(
    "select person_id, set_config('vhod.person', person_id::text, true) from external_identity"
    " where issuer = :issuer and subject = :subject"
)
ASSIGNMENTS = text(
    "select id, role, reach, organisation_id, class_group_id, subject_group_id, subject_person_id,"
    " valid_from, valid_to,"
    " live_from <= vhod.now() as live,"
    " case when live_from > vhod.now() then live_from else live_until end as changes_at"
    " from assignment where person_id = :person and live_from is not null"
    " and (live_until is null or live_until > vhod.now())"
    " order by valid_from, id"
)
# Longer than any correction window and reopening; whatever was ended by somebody is over at once.
LAPSED = text(
    "select id, role, reach, organisation_id, class_group_id, subject_group_id, subject_person_id, valid_from, valid_to"
    " from assignment where person_id = :person and live_from is not null and ended_at is null"
    " and live_until between vhod.now() - interval '400 days' and vhod.now() order by valid_from, id"
)
CHILDREN = text(
    "select student_id as id, live_from <= vhod.now() as live,"
    " case when live_from > vhod.now() then live_from else live_until end as changes_at"
    " from guardianship where guardian_id = :person and (live_until is null or live_until > vhod.now())"
    " order by student_id"
)
RESTRICTED = text(
    "select subject_person_id as id, live_from <= vhod.now() as live,"
    " case when live_from > vhod.now() then live_from else live_until end as changes_at"
    " from restriction where person_id = :person and (live_until is null or live_until > vhod.now())"
    " order by subject_person_id"
)
WAITING = text("select id from session.waiting_account where issuer = :issuer and subject = :subject")
SERVICE = text(
    "select id, purpose from service_client where issuer = :issuer and client_id = :subject and closed_at is null"
)
VERSION = text("select version from access_version where person_id = :person")


class Viewers:
    """Loads viewers, and keeps them until their version moves or a date of theirs comes.

    The version is compared within each request's own transaction (schema side): what stands here may be old, what is
    answered is not. Unknown callers are not kept: a confirmation must work at once.
    """

    def __init__(self, engine: AsyncEngine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        self._kept: Recent[Caller, Viewer] = Recent(CACHED)

    def over(self, engine: AsyncEngine) -> "Viewers":
        """The same viewers, kept together with these, for whoever has connections of their own to load them by."""
        others = Viewers(engine, self._clock)
        others._kept = self._kept
        return others

    async def viewer(self, caller: Caller | None) -> Viewer:
        """The viewer for a caller; None is the anonymous caller."""
        if caller is None:
            return Viewer()
        kept = self._kept.get(caller)
        if kept is not None and (kept.changes_at is None or self._clock() < kept.changes_at):
            return kept
        return await self.reload(caller)

    async def again(self, viewer: Viewer) -> Viewer:
        """The viewer worked out anew; nobody in particular stays so. Raises as `reload`."""
        return viewer if viewer.caller is None else await self.reload(viewer.caller)

    async def reload(self, caller: Caller) -> Viewer:
        """Work out the viewer anew, whatever is kept. Raises Forbidden for a preview that they may not have."""
        async with self._engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            async with connection.begin():
                viewer = previewed(await _load(connection, caller))
        if viewer.person_id is None and viewer.purpose is None:
            return viewer
        return self._kept.keep(caller, viewer)


async def _load(connection: AsyncConnection, caller: Caller) -> Viewer:
    who = {"issuer": caller.issuer, "subject": caller.subject}
    if caller.is_service:
        return await _service(connection, caller, who)
    await connection.execute(SAY_WHO_LOADS, who)
    found = (await connection.execute(PERSON, who)).first()
    if found is None:
        return Viewer(caller=caller, account_id=(await connection.execute(WAITING, who)).scalar())
    person = {"person": found.person_id}
    assignments = (await connection.execute(ASSIGNMENTS, person)).all()
    children = (await connection.execute(CHILDREN, person)).all()
    restricted = (await connection.execute(RESTRICTED, person)).all()
    lapsed = [_assignment(row) for row in (await connection.execute(LAPSED, person)).all()]
    held = [_assignment(row) for row in assignments if row.live]
    allowed = tuple(one for one in held if caller.may_hold(one.role))
    changes = [row.changes_at for row in (*assignments, *children, *restricted) if row.changes_at is not None]
    return Viewer(
        caller=caller,
        person_id=found.person_id,
        version=(await connection.execute(VERSION, person)).scalar() or 0,
        assignments=(PUBLIC_ASSIGNMENT, OWN_ASSIGNMENT, *allowed),
        children=tuple(row.id for row in children if row.live),
        restricted=tuple(row.id for row in restricted if row.live),
        changes_at=min(changes, default=None),
        withheld=len(allowed) < len(held),
        lapsed=tuple(one for one in lapsed if caller.may_hold(one.role) and one.reach in JUDGED_BY_LESSON),
    )


async def _service(connection: AsyncConnection, caller: Caller, who: dict[str, str]) -> Viewer:
    """Another system. Whom it reaches, and whether it is still registered, the statements themselves look up."""
    found = (await connection.execute(SERVICE, who)).first()
    if found is None:
        return Viewer(caller=caller)
    held = LiveAssignment(Role.SYSTEM_CLIENT, ReachKind.CONSENT, service_client_id=found.id)
    return Viewer(caller=caller, assignments=(PUBLIC_ASSIGNMENT, held), purpose=ConsentPurpose(found.purpose))


def _assignment(row: Any) -> LiveAssignment:
    return LiveAssignment(
        role=Role(row.role),
        reach=ReachKind(row.reach),
        id=row.id,
        organisation_id=row.organisation_id,
        class_group_id=row.class_group_id,
        subject_group_id=row.subject_group_id,
        subject_person_id=row.subject_person_id,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
