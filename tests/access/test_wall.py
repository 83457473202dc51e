"""The second wall alone: with the application's filter off no foreign row comes out, and it is no narrower."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text, true
from sqlalchemy.exc import ProgrammingError

from auth.visibility import Shape
from auth.wall import paths, policies
from schema.mapping import plan
from tests.access.cases import OTHERS, PAIRS, SINGLE, Cases
from tests.access.door import Door, open_door
from tests.access.examination import examine
from tests.access.wall import TYPES_OF, due, given_out, rows_without_context, told
from tests.access.world import World

pytestmark = pytest.mark.anyio

WALLED = [*TYPES_OF, "subject_group_member"]
NAMES = [*SINGLE.values(), *PAIRS, "everything", *OTHERS]
UNREADABLE = ["audit_entry", "access_entry"]


@pytest.fixture(scope="module")
async def door_without_wall(world_database: str, world: World) -> AsyncIterator[Door]:
    """The application as a role that row-level security does not hold back."""
    async with open_door(world_database, role="vhod_keeper") as opened:
        yield opened


@pytest.mark.parametrize("name", NAMES)
async def test_tables_give_out_exactly_the_rows_of_the_viewer(name: str, door: Door, cases: Cases) -> None:
    """Whole tables, selected without any condition, hold what the viewer may see and not one row more."""
    case = cases.of(name)
    async with told(door, case.account) as connection:
        found = await given_out(connection, WALLED)

    expected = due(case.expected)
    assert {table: len(found[table] - expected[table]) for table in WALLED} == dict.fromkeys(WALLED, 0)
    assert {table: len(expected[table] - found[table]) for table in WALLED} == dict.fromkeys(WALLED, 0)


@pytest.mark.usefixtures("by_reference")
@pytest.mark.parametrize("name", [*SINGLE.values(), "everything", "banned parent", "parent of departed"])
async def test_endpoint_without_its_filter_gives_out_no_foreign_row(
    name: str, door: Door, cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same rows are asked for by id, while the application believes that everybody may see everything."""
    plan.row_plan.cache_clear()
    monkeypatch.setattr(plan, "rows", lambda *_: true())
    monkeypatch.setattr(Shape, "grants", _everything(Shape.grants))
    case, asked = cases.of(name), [item for item in cases.items() if item.type_name in _one_type_a_table()]
    reached = due(case.expected)

    answers = await door.nodes("id", [item.id for item in asked], case.account)
    plan.row_plan.cache_clear()

    found = {one["id"] for answer in answers for one in answer.data["nodes"] if one}
    table_of = {name: table for table, names in TYPES_OF.items() for name in names}
    known = {item.id: item.row.id in reached[table_of[item.type_name]] for item in asked}
    assert found == {identifier for identifier, reachable in known.items() if reachable}


def _everything(grants: Any) -> Any:
    """What the wall is told stays as it is; the executor's question "may they at all" is always answered yes."""

    def patched(self: Shape, permission: Any) -> Any:
        return grants(self, permission) or (frozenset({("nobody", "NOTHING")}) if _asked_by_executor() else frozenset())

    return patched


def _asked_by_executor() -> bool:
    import inspect

    return any(frame.function == "load" for frame in inspect.stack()[2:4])


def _one_type_a_table() -> set[str]:
    return {names[0] for names in TYPES_OF.values()}


@pytest.mark.parametrize("name", [*SINGLE.values(), "everything", "banned parent", "parent of departed"])
async def test_answers_without_the_wall_are_the_same(name: str, door_without_wall: Door, cases: Cases) -> None:
    """The filter leaves nothing to the wall: as a role that passes it, every cell is still as expected."""
    assert await examine(door_without_wall, cases.of(name), cases.items()) == []


async def test_transaction_that_says_nothing_of_who_asks_sees_no_row(door: Door) -> None:
    """A request that forgot its context gets nothing instead of everything."""
    found = await rows_without_context(door.services.engine, WALLED)

    assert found == dict.fromkeys(WALLED, 0)


async def test_anonymous_caller_gets_no_row_of_any_walled_table(door: Door, cases: Cases) -> None:
    """GUEST reaches nothing that the wall stands around."""
    async with told(door, None) as connection:
        found = await given_out(connection, WALLED)

    assert found == {table: set() for table in WALLED}


@pytest.mark.parametrize("name", ["everything", "banned parent"])
@pytest.mark.parametrize("table", ["restriction", "external_identity"])
async def test_what_rights_rest_on_is_read_only_while_they_are_worked_out(
    table: str, name: str, door: Door, cases: Cases
) -> None:
    """Bans and accounts come out for nobody, not even for those whom they are about."""
    async with told(door, cases.of(name).account) as connection:
        found = await given_out(connection, [table])

    assert found == {table: set()}


async def test_parts_of_a_partitioned_table_are_walled_like_the_whole(door: Door, world_database: str) -> None:
    """Whoever names the partition of a year instead of the table gets no more by it."""
    parts = await _names(
        world_database,
        "select inhrelid::regclass::text from pg_inherits"
        " where inhparent in ('mark'::regclass, 'attendance_record'::regclass)",
    )
    open_parts = []
    for part in parts:
        async with door.services.engine.connect() as connection:
            try:
                open_parts += [part] if await connection.scalar(text(f"select count(*) from {part}")) else []
            except ProgrammingError:
                continue  # no right to read it at all is as good as a wall

    assert len(parts) > 10
    assert open_parts == []


async def test_tables_without_a_wall_are_the_public_ones(world_database: str) -> None:
    """Every other table of the application has row-level security, and its owner is bound too."""
    query = """select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
               and not relispartition and not (relrowsecurity and relforcerowsecurity)
               and has_table_privilege('vhod_app', oid, 'select')"""
    open_tables = set(await _names(world_database, query))

    assert open_tables - {"alembic_version"} == PUBLIC_AND_PLAIN


PUBLIC_AND_PLAIN = {"organisation", "subject", "grading_period", "access_version"}
"""P0, and the version numbers, which say nothing of anybody but that they exist."""


@pytest.mark.parametrize("table", UNREADABLE)
@pytest.mark.parametrize(
    "statement", ["select count(*) from {}", "update {} set action = ''", "delete from {}", "truncate {}"]
)
async def test_logs_can_be_added_to_and_nothing_else(statement: str, table: str, door: Door) -> None:
    """The application cannot read, change or forget what was recorded."""
    wrong = statement.format(table).replace("action", "action" if table == "audit_entry" else "operation")
    async with door.services.engine.connect() as connection:
        with pytest.raises(ProgrammingError, match="permission denied"):
            await connection.execute(text(wrong))


async def test_application_role_owns_nothing_and_passes_no_wall(world_database: str) -> None:
    """vhod_app has no table, function or schema of its own, no BYPASSRLS, and is a member of nobody who has."""
    query = """select relname::text from pg_class where relowner = 'vhod_app'::regrole
               union all select proname::text from pg_proc where proowner = 'vhod_app'::regrole
               union all select nspname::text from pg_namespace where nspowner = 'vhod_app'::regrole
               union all select rolname::text from pg_roles where pg_has_role('vhod_app', oid, 'member')
                         and (rolsuper or rolbypassrls or rolcreaterole or rolname <> 'vhod_app')"""

    assert await _names(world_database, query) == []


async def test_application_role_deletes_nothing(world_database: str) -> None:
    """Rows are ended, never deleted; what it may write at all is named one by one."""
    query = """select relname || ' ' || privilege from pg_class
               cross join unnest(array['delete', 'truncate', 'references', 'trigger']) as privilege
               where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')
               and has_table_privilege('vhod_app', oid, privilege)"""

    assert await _names(world_database, query) == []


async def test_policies_in_the_database_are_those_that_the_anchors_give(world_database: str, door: Door) -> None:
    """The frozen migration is fresh: the same text, as PostgreSQL itself prints it."""
    stored = dict(await _rows(world_database, "select tablename, qual from pg_policies where policyname = 'reading'"))

    fresh = await _printed(world_database, policies())
    assert {table: _plain(text) for table, text in stored.items()} == {
        table: _plain(text) for table, text in fresh.items()
    }


async def test_paths_in_the_database_are_those_that_the_anchors_give(world_database: str, door: Door) -> None:
    """The functions that follow paths for the policies are as fresh as the policies."""
    query = (
        "select proname::text, prosrc from pg_proc where pronamespace = 'vhod'::regnamespace and prosrc like '%via_%'"
    )
    stored = {name: _plain(source) for name, source in await _rows(world_database, query)}

    assert stored == {name: _plain(source) for name, source in paths().items()}


def _plain(sql: str) -> str:
    """Without line breaks, and without names of columns that nobody refers to."""
    return re.sub(r" AS \w+(?=\))|\s+", " ", sql).replace(" )", ")").strip()


async def _printed(owner_url: str, conditions: dict[str, str]) -> dict[str, str]:
    """Policies as PostgreSQL prints them: made beside the real ones, and taken back."""
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.connect() as connection, connection.begin() as transaction:
        for table, condition in conditions.items():
            connection.exec_driver_sql(f"create policy fresh on {table} for select to vhod_app using ({condition})")
        found = connection.execute(text("select tablename, qual from pg_policies where policyname = 'fresh'")).all()
        transaction.rollback()
    engine.dispose()
    return {row.tablename: row.qual for row in found}


async def _rows(owner_url: str, query: str) -> list[Any]:
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return found


async def _names(owner_url: str, query: str) -> list[str]:
    return [row[0] for row in await _rows(owner_url, query)]
