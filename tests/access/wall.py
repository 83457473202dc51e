"""The wall from within: what tables give out in a transaction of the application's role that was told who asks."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from auth.row_context import enter
from auth.viewer import Caller
from domain.records import JournalLine, SubjectGroupMember
from domain.roles import Role
from tests.access.builder import ISSUER
from tests.access.contract import RECORDS
from tests.access.door import Account, Door
from tests.access.expected import Expected, Item
from tests.access.relations import Relation, Ties

PUBLIC_TABLES = {"service_client", "organisation", "organisation_policy", "subject", "grading_period", "work_type"}
TYPES_OF = {
    str(record.__tablename__): [name for name, other in RECORDS.items() if other is record]
    for record in RECORDS.values()
    if record.__tablename__ not in PUBLIC_TABLES
}
"""Which types show the rows of a walled table; a person has four."""


def caller(account: Account) -> Caller:
    """Who an account speaks for, as the endpoint has it."""
    return Caller(ISSUER, account.subject, account.client, account.scopes, account.level, account.trusted)


@asynccontextmanager
async def told(door: Door, account: Account | None, *, writes: bool = False) -> AsyncIterator[AsyncConnection]:
    """A transaction that was told who asks, as a request's is; one that `writes` is told what they may write."""
    viewer = (
        await door.services.viewers.reload(caller(account)) if account else await door.services.viewers.viewer(None)
    )
    async with door.services.engine.connect() as connection, connection.begin():
        assert await enter(connection, viewer, writes=writes)
        yield connection


async def given_out(connection: AsyncConnection, tables: Sequence[str]) -> dict[str, set[UUID]]:
    """All ids that come out of tables."""
    return {table: set((await connection.execute(text(f"select id from {table}"))).scalars()) for table in tables}


def due(expected: Expected) -> dict[str, set[UUID]]:
    """What should come out: rows that some type of theirs shows to this standpoint, and members to reach them by."""
    found = {
        table: {
            row.id for name in names for row in expected.rows.all(RECORDS[name]) if expected.visible(Item(name, row))
        }
        for table, names in TYPES_OF.items()
    }
    found["journal_line"] |= {row.id for row in _lines(expected)}
    found["subject_group_member"] = {row.id for row in _members(expected)}
    return found


def _lines(expected: Expected) -> list[Any]:
    """A system that may read pages finds them by the lines of those who have consented to it."""
    held = [role for role in expected.roles if role.role is Role.SYSTEM_CLIENT and "Lesson" not in expected.hidden]
    return [
        row
        for row in expected.rows.all(JournalLine)
        for role in held
        if expected.relations.of(role, expected.who, Ties(frozenset({row.student_id}))) is Relation.OWN
    ]


def _members(expected: Expected) -> list[Any]:
    """A link is let through no further than the path that uses it: own groups of a teacher, one's own or a child's.

    With a case of supervision, the named person's.
    """
    reaching = (Role.TEACHER, Role.STUDENT, Role.LEGAL_REPRESENTATIVE)
    near = (Relation.OWN, Relation.NAMED)
    kept = []
    for row in expected.rows.live(expected.rows.all(SubjectGroupMember)):
        one = frozenset({row.student_id})
        ties = Ties(one, groups=frozenset({row.subject_group_id}), about=one)
        held = [
            role
            for role in expected.roles
            if role.role in reaching or (role.case and role.role is Role.GENERAL_EDUCATION_SPECIALIST)
        ]
        if not one & expected.who.banned_from and any(
            expected.relations.of(role, expected.who, ties) in near for role in held
        ):
            kept.append(row)
    return kept


async def rows_without_context(engine: AsyncEngine, tables: Sequence[str]) -> dict[str, int]:
    """How many rows a transaction sees that said nothing of who asks."""
    async with engine.connect() as connection, connection.begin():
        return {table: await connection.scalar(text(f"select count(*) from {table}")) or 0 for table in tables}
