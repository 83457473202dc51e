"""Named steps of a writing at which a server can be stopped: by triggers and locks of the test's database alone.

The product knows nothing of them. A step is a statement that reaches a table (or the commit itself); whoever reaches
a step that is held waits there, and can be killed, or fails there with an error of PostgreSQL's choosing.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.ground import Site

LOCKS = 20261122
PATIENCE_SECONDS = 20.0

REACH = f"""
create function faults.reach() returns trigger language plpgsql security definer set search_path = faults, pg_temp as $$
declare state text;
begin
  perform pg_advisory_xact_lock_shared({LOCKS}, hashtext(tg_argv[0]));
  select sqlstate into state from failing where step = tg_argv[0];
  if state = 'SLEEP' then perform pg_sleep(30);
  elsif found then raise exception 'could not extend file: made by a test' using errcode = state; end if;
  return null;
end $$
"""
STEPS = {
    "key": "before insert on mutation_key",
    "column": "before insert on assessment_slot",
    "version": "before insert on mark_version",
    "mark": "before insert on mark",
    "sums": "before update on journal_line",
    "attendance": "before insert on attendance_version",
    "audit": "before insert on audit_entry",
    "kept key": "before update on mutation_key",
    "proposal": "before insert on mark_proposal",
    "run": "before update on import_run",
    "row": "before insert on import_row",
    "source row": "before insert on import_source_row",
    "person": "before insert on person",
    "enrolment": "before insert on enrolment",
    "assignment": "before insert on assignment",
}
AT_COMMIT = {"commit": "mutation_key", "commit of rows": "import_row"}
"""Deferred triggers run inside COMMIT: whoever is killed there may have written, and nobody was told."""

PAUSES = [
    "create schema faults",
    "create table faults.failing (step text primary key, sqlstate text not null)",
    REACH,
    *(
        f"create trigger aa_fault_{number} {where} for each statement execute function faults.reach('{step}')"
        for number, (step, where) in enumerate(STEPS.items())
    ),
    *(
        f"create constraint trigger aa_fault_commit after insert on {table} deferrable initially deferred"
        f" for each row execute function faults.reach('{step}')"
        for step, table in AT_COMMIT.items()
    ),
]
TABLES = {"rights": "access_version", "answer": "mark_proposal"}
"""Steps that only read: held by a lock on a table that nothing before it touches."""

WAITING = """
select count(*) from pg_locks l join pg_database d on d.oid = l.database
where d.datname = current_database() and not l.granted and case when %(table)s::text is null
  then l.locktype = 'advisory' and l.classid = %(lock)s and l.objid = (hashtext(%(step)s)::bigint & 4294967295)::oid
  else l.relation = to_regclass(%(table)s) end
"""

Reached = Callable[[Callable[[], bool]], bool]


@contextmanager
def holding(site: "Site", step: str) -> Iterator[Reached]:
    """Let nobody pass a step. Gives a function that waits until somebody stands there, or `ended()`; tells which."""
    with site.connect() as holder, site.connect() as watcher:
        if step in TABLES:
            holder.execute("begin")
            holder.execute(f"lock table {TABLES[step]} in access exclusive mode")
        else:
            holder.execute("select pg_advisory_lock(%s, hashtext(%s))", [LOCKS, step])

        def reached(ended: Callable[[], bool]) -> bool:
            until = time.monotonic() + PATIENCE_SECONDS
            given = {"table": TABLES.get(step), "lock": LOCKS, "step": step}
            while time.monotonic() < until and not ended():
                found = watcher.execute(WAITING, given).fetchone()
                if found and found[0]:
                    return True
                time.sleep(0.005)
            return False

        yield reached


@contextmanager
def failing(site: "Site", step: str, sqlstate: str) -> Iterator[None]:
    """Let everybody who reaches a step fail with this SQLSTATE; SLEEP: let them be slow."""
    site.ask("insert into faults.failing values (%s, %s)", [step, sqlstate])
    try:
        yield
    finally:
        site.ask("delete from faults.failing")
