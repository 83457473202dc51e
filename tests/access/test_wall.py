"""The second wall alone: with the application's filter off no foreign row comes out, and it is no narrower."""

import re
import sys
from collections.abc import AsyncIterator
from types import FrameType
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text, true
from sqlalchemy.exc import ProgrammingError

from auth.permissions import WRITE_PERMISSIONS
from auth.visibility import Shape
from auth.wall import READING_PERMISSIONS, adding, changing, paths, policies, writing
from schema.engine.mapping import plan
from tests.access.cases import OTHERS, PAIRS, SINGLE, Cases
from tests.access.door import Door, open_door
from tests.access.examination import examine
from tests.access.registers import SERVICES
from tests.access.wall import TYPES_OF, due, given_out, rows_without_context, told
from tests.access.world import World

pytestmark = pytest.mark.anyio

WALLED = [*TYPES_OF, "subject_group_member"]
NAMES = [*SINGLE.values(), *PAIRS, "everything", *OTHERS, *SERVICES]
UNREADABLE = ["access_entry"]
ADDED_TO = [*UNREADABLE, "audit_entry"]


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
    asking: FrameType = sys._getframe(2)
    return any(frame is not None and frame.f_code.co_name == "load" for frame in (asking, asking.f_back))


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
        "select inhrelid::regclass::text from pg_inherits join pg_class on oid = inhparent"
        " where relkind = 'p' and relnamespace = 'public'::regnamespace",
    )
    open_parts = []
    for part in parts:
        async with door.services.engine.connect() as connection:
            try:
                open_parts += [part] if await connection.scalar(text(f"select count(*) from {part}")) else []
            except ProgrammingError:
                continue  # no right to read it at all is as good as a wall

    assert len(parts) > 60
    assert open_parts == []


async def test_tables_without_a_wall_are_the_public_ones(world_database: str) -> None:
    """Every other table of the application has row-level security, and its owner is bound too."""
    query = """select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
               and not relispartition and not (relrowsecurity and relforcerowsecurity)
               and has_table_privilege('vhod_app', oid, 'select')"""
    open_tables = set(await _names(world_database, query))

    assert open_tables - {"alembic_version"} == PUBLIC_AND_PLAIN


CATALOGUE = {
    "catalogue_source", "catalogue_remark", "indicator", "indicator_target", "indicator_baseline", "procedure_group",
    "procedure", "procedure_indicator", "methodology", "methodology_section", "methodology_level", "methodology_input",
}  # fmt: skip
PUBLIC_AND_PLAIN = {
    "service_client",
    "subject",
    "grading_period",
    "work_type",
    "calendar_day",
    "access_version",
} | CATALOGUE
"""P0, and the version numbers, which say nothing of anybody but that they exist."""


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        *(("select count(*) from {}", table) for table in UNREADABLE),
        ("select detail from {}", "audit_entry"),
        *(
            (statement, table)
            for statement in ("update {} set action = ''", "delete from {}", "truncate {}")
            for table in ADDED_TO
        ),
    ],
)
async def test_logs_can_be_added_to_and_nothing_else(statement: str, table: str, door: Door) -> None:
    """The application cannot change or forget what was recorded; of the audit it reads all but the payload."""
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


KINDS = {
    "reading": ("select", "using ({0})", policies),
    "writing": ("select", "using ({0})", writing),
    "adding": ("insert", "with check ({0})", adding),
    "changing": ("update", "using ({0}) with check ({0})", changing),
}
"""How each kind of policy is made, and who says what it asks for."""

AT_THE_ORGANISATION = "organisation_id in (select vhod.organisations('{}'))"
SETTLED: dict[str, dict[str, str | None]] = {
    "reading": {
        **dict.fromkeys(("organisation_policy", "period_closing"), "true"),
        "rating": "published or region_id in (select vhod.organisations('rating.draft:see'))",
        **dict.fromkeys(("rating_entry", "rating_remark"), "rating_id in (select r.id from rating r)"),
    },
    "writing": {"rating": "region_id in (select vhod.organisations('rating:compute'))"},
    "adding": {
        "organisation_policy": AT_THE_ORGANISATION.format("policy:write"),
        "period_closing": AT_THE_ORGANISATION.format("period:close"),
        **dict.fromkeys(("audit_entry", "access_entry", "import_file", "import_run", "import_row")),
        "guardianship_proposal": None,
        **dict.fromkeys(("import_source_row", "rating_entry", "rating_remark")),
    },
    "changing": {
        "organisation_policy": AT_THE_ORGANISATION.format("policy:write"),
        "period_closing": AT_THE_ORGANISATION.format("period:close"),
        "assignment": None, "import_run": None, "guardianship": None, "guardianship_proposal": None,
        "identity_mismatch": None,
    },
}  # fmt: skip
"""Policies of what a school settles in public, written out by hand; None: no anchor says it, tried one by one."""


@pytest.mark.parametrize("kind", KINDS)
async def test_policies_in_the_database_are_those_that_the_anchors_give(kind: str, world_database: str) -> None:
    """The frozen migrations are fresh: the same text, as PostgreSQL itself prints it, for every way to use a table."""
    command, clause, made = KINDS[kind]
    by_hand = SETTLED[kind]
    conditions = {**made(), **{table: condition for table, condition in by_hand.items() if condition}}

    stored = await _policies(world_database, kind)
    fresh = await _printed(world_database, command, clause, conditions)

    assert {table: text for table, text in stored.items() if by_hand.get(table, "") is not None} == fresh


async def test_every_policy_is_of_a_known_kind(world_database: str) -> None:
    """A policy by another name would be compared with nothing."""
    query = "select distinct policyname::text from pg_policies where 'vhod_app' = any(roles)"

    assert set(await _names(world_database, query)) - set(KINDS) == {
        "own",
        "granting",
        "importing",
        "amending",
        "consented",
        "granting_below",
        "changing_below",
        "opening_a_case",
        "enrolling",
        "withdrawing",
    }


async def test_paths_in_the_database_are_those_that_the_anchors_give(world_database: str, door: Door) -> None:
    """The functions that follow paths for the policies are as fresh as the policies."""
    query = (
        "select proname::text, prosrc from pg_proc where pronamespace = 'vhod'::regnamespace and prosrc like '%via_%'"
    )
    stored = {name: _plain(source) for name, source in await _rows(world_database, query)}

    assert stored == {name: _plain(source) for name, source in paths().items()}


def _plain(sql: str | None) -> str:
    """Without line breaks, and without names of columns that nobody refers to."""
    return re.sub(r" AS \w+(?=\))|\s+", " ", sql or "").replace(" )", ")").strip()


Printed = dict[str, tuple[str, str]]
"""By table: what rows it lets out or through, and what it asks of written rows."""


async def _policies(owner_url: str, name: str) -> Printed:
    query = f"select tablename, qual, with_check from pg_policies where policyname = '{name}'"
    return {table: (_plain(qual), _plain(check)) for table, qual, check in await _rows(owner_url, query)}


async def _printed(owner_url: str, command: str, clause: str, conditions: dict[str, str]) -> Printed:
    """Policies as PostgreSQL prints them: made beside the real ones, and taken back."""
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.connect() as connection, connection.begin() as transaction:
        for table, condition in conditions.items():
            made = f"create policy fresh on {table} for {command} to vhod_app {clause.format(condition)}"
            connection.exec_driver_sql(made)
        query = "select tablename, qual, with_check from pg_policies where policyname = 'fresh'"
        found = connection.exec_driver_sql(query).all()
        transaction.rollback()
    engine.dispose()
    return {row.tablename: (_plain(row.qual), _plain(row.with_check)) for row in found}


async def _rows(owner_url: str, query: str) -> list[Any]:
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return found


async def _names(owner_url: str, query: str) -> list[str]:
    return [row[0] for row in await _rows(owner_url, query)]


REACHED = {
    "persons": "person_ids", "class_groups": "class_group_ids", "subject_groups": "subject_group_ids",
}  # fmt: skip


@pytest.mark.parametrize("name", ["everything", "banned parent", "coordinator"])
async def test_ids_cut_out_of_the_setting_are_those_that_parsing_it_gives(name: str, door: Door, cases: Cases) -> None:
    """The policies read the viewer's reach as text; whoever parses it finds the same, for every permission."""
    differing = " union all ".join(
        f"select '{permission} {parsed}' where array(select vhod.{parsed}('{permission}') order by 1)"
        f" <> array(select distinct unnest(vhod.{cut}('{permission}')) order by 1)"
        for permission in sorted(READING_PERMISSIONS | WRITE_PERMISSIONS)
        for parsed, cut in REACHED.items()
    )
    organisations = " union all ".join(
        # An organisation under two roles, its own and one from above, is told twice by the one, once by the other.
        f"select '{permission}' where array(select distinct vhod.organisations('{permission}') order by 1) <> array("
        f"select unnest(vhod.organisation_ids('{permission}')) union select vhod.organisations_below('{permission}')"
        f" order by 1)"
        for permission in sorted(READING_PERMISSIONS)
    )
    async with told(door, cases.of(name).account, writes=True) as connection:
        reached = await connection.scalar(text("select cardinality(vhod.person_ids('account:see'))"))
        found = (await connection.execute(text(f"{differing} union all {organisations}"))).all()

    assert reached
    assert found == []
