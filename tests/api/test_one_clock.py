"""The database has one clock, and nobody but its owner can replace it (docs/decisions/one-clock.md)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, NullPool, create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from tests.clock import in_database
from tests.clocks_in_text import other_clocks

CLOCK = ("vhod.now()", "vhod.clock_timestamp()")
ROLES = ("vhod_app", "vhod_provider", "vhod_keeper")

OURS = "n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname !~ '^pg_temp'"
WRITTEN = f"""
    select p.oid::regprocedure::text as place, pg_get_functiondef(p.oid) as body
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where {OURS} and p.prokind in ('f', 'p')
    and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
    union all
    select 'policy ' || policyname || ' on ' || schemaname || '.' || tablename, concat_ws(' ', qual, with_check)
    from pg_policies
    union all
    select 'default of ' || d.adrelid::regclass || '.' || a.attname, pg_get_expr(d.adbin, d.adrelid)
    from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
    union all
    select 'constraint ' || conname || ' of ' || conrelid::regclass, pg_get_constraintdef(c.oid)
    from pg_constraint c join pg_namespace n on n.oid = c.connamespace where {OURS}
    union all
    select 'index ' || i.indexrelid::regclass, pg_get_indexdef(i.indexrelid)
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace where {OURS}
    union all
    select 'trigger ' || tgname || ' of ' || tgrelid::regclass, pg_get_triggerdef(oid) from pg_trigger
    where not tgisinternal
    union all
    select 'rule ' || r.rulename || ' of ' || r.ev_class::regclass, pg_get_ruledef(r.oid)
    from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace where {OURS}
"""


@contextmanager
def connected(url: str, role: str | None = None) -> Iterator[Connection]:
    """A transaction that is taken back, as the owner or as who signs in to serve."""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        if role is not None:
            connection.execute(text(f"set session authorization {role}"))
        yield connection
        connection.rollback()


def read_elsewhere(connection: Connection) -> dict[str, set[str]]:
    """What asks another clock, and which."""
    found = {row.place: other_clocks(row.body) for row in connection.execute(text(WRITTEN)) if row.body}
    return {place: clocks for place, clocks in found.items() if clocks and place not in CLOCK}


def test_nothing_in_the_database_reads_another_clock(database_url: str) -> None:
    """No function, policy, default, constraint, index, trigger or view; only `vhod.now()` and its twin do."""
    with connected(database_url) as connection:
        assert read_elsewhere(connection) == {}
        read = {row.place: row.body for row in connection.execute(text(WRITTEN)) if row.place in CLOCK}

    assert set(read) == set(CLOCK)
    assert all(other_clocks(body) for body in read.values())


PLANTED = {
    "function": "create function vhod.late() returns boolean language sql return now() > '2026-01-01'",
    "body": "create function vhod.late() returns date language plpgsql as $$ begin return CURRENT_DATE; end $$",
    "policy": "create policy late on person for select using (birth_date < localtimestamp)",
    "default": "alter table person add column late timestamptz default statement_timestamp()",
    "word": "create function vhod.late() returns date language plpgsql as $$ begin return 'now'::date; end $$",
    "constraint": "alter table person add constraint late check (birth_date < current_date)",
    "view": "create view late as select age(birth_date) from person",
}


@pytest.mark.parametrize("how", PLANTED)
def test_another_clock_is_found_wherever_it_stands(how: str, database_url: str) -> None:
    """Each way to write one, planted and taken back."""
    with connected(database_url) as connection:
        connection.execute(text(PLANTED[how].replace("::", "\\:\\:")))

        assert len(read_elsewhere(connection)) == 1


STATEMENTS = (
    "create or replace function vhod.now() returns timestamptz language sql stable return pg_catalog.now()",
    "drop function vhod.now()",
    "alter function vhod.clock_timestamp() set search_path = public",
    "alter function vhod.now() owner to current_user",
    "create function vhod.now(shift interval default '1 year') returns timestamptz language sql return null",
    "create function public.now() returns timestamptz language sql return null",
    "create schema of_mine",
    "alter database {database} set timezone = 'UTC'",
)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("statement", STATEMENTS)
def test_no_role_of_the_server_replaces_the_clock(role: str, statement: str, database_url: str) -> None:
    """They own neither the functions nor a schema in which another could stand."""
    made = statement.format(database=make_url(database_url).database)
    with connected(database_url, role) as connection, pytest.raises(ProgrammingError) as refused:
        connection.execute(text(made))

    assert refused.value.orig is not None
    assert getattr(refused.value.orig, "sqlstate", None) == "42501"


SETTINGS = (
    "set search_path = pg_temp, public",
    "set search_path = ''",
    "set timezone = 'Pacific/Kiritimati'",
    "set vhod.now = '2020-01-01'",
    "set vhod.moment = '2020-01-01'",
    "set vhod.shift = '-1 year'",
    "set datestyle = 'German'",
    "create function pg_temp.now() returns timestamptz language sql return timestamptz '2020-01-01'",
)


@pytest.mark.parametrize("setting", SETTINGS)
def test_no_setting_moves_the_clock(setting: str, database_url: str) -> None:
    """It is as far from the machine's as before, whatever a session of the application has set."""
    shift = text("select extract(epoch from vhod.now() - pg_catalog.now())")
    with connected(database_url, "vhod_app") as connection:
        before = connection.scalar(shift)
        connection.execute(text(setting))

        assert connection.scalar(shift) == before


def test_the_provider_reaches_the_clock_and_nothing_beside_it(database_url: str) -> None:
    """It asks functions of its own, which ask the one clock: the schema of our functions stays shut to it."""
    with connected(database_url, "vhod_provider") as connection:
        assert connection.scalar(text("select has_schema_privilege('vhod', 'usage')")) is False
        row = connection.execute(text("select provider.now() - now(), provider.clock_timestamp() - now()")).one()
    with connected(database_url) as connection:
        shift = connection.scalar(text("select vhod.now() - pg_catalog.now()"))

    assert row[0] == shift
    assert row[1] >= shift


LIVE = "select id from subject_group_member where live_from <= vhod.now()"


def test_the_planner_puts_the_clock_into_the_statement(database_url: str) -> None:
    """No function is called for a row: neither by a query nor by the policies."""
    with connected(database_url, "vhod_app") as connection:
        plan = "\n".join(connection.scalars(text(f"explain (verbose, costs off) {LIVE}")))
    with connected(database_url, "vhod_provider") as connection:
        asked = "explain (verbose, costs off) select 1 from provider.sessions where expires_at > provider.now()"
        plan += "\n".join(connection.scalars(text(asked)))

    assert len(re.findall(r"(?<!\.)\bnow\(\)", plan)) > 2
    assert not re.search(r"\b(vhod|provider)\.(now|clock_timestamp)\(", plan)


def test_the_owner_of_the_tests_database_may_replace_it(fresh_database: str) -> None:
    """So the same tests give the same result on every day; policies and defaults follow at once."""
    with connected(fresh_database) as connection:
        for statement in in_database():
            connection.execute(text(statement.replace("interval '", "interval '-10 years ")))
        made = "insert into subject (code, name) values ('X', 'X') returning 1"
        assert connection.scalar(text(made)) == 1
        ago = "select extract(year from age(pg_catalog.now(), provider.now()))"
        noted = "insert into audit_entry (request_id, action) values ('r', 'a') returning happened_at < '2020-01-01'"
        assert connection.scalar(text(ago)) >= 9
        assert connection.scalar(text(noted)) is True
