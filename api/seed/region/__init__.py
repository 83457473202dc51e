"""The region: an invented one of hundreds of schools, twenty of them large, with a year of marks. Made in SQL."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

from psycopg import sql
from sqlalchemy import Connection, text

from api.seed.loading import SeedRefusedError, load
from api.seed.region.accounts import plan_account
from api.seed.region.functions import functions
from api.seed.region.places import REGION_ID, ZONE, places, plan_school
from api.seed.region.plan import PlanTable, RegionPlan, plan_tables, quarters_shown

SETTINGS = {"work_mem": "256MB", "synchronous_commit": "off", "jit": "off", "wal_compression": "on"}
CLASSES_IN_A_BLOCK = 150
NOW = "update r_now set school_year = :school_year, quarter = :quarter, first = :first, last = :last"

__all__ = ["REGION_ID", "RegionPlan", "load_region"]


def load_region(
    connection: Connection, plan: RegionPlan, *, issuer: str, today: date, say: Callable[[str], None]
) -> None:
    """Load the region into a database that holds the demo, in the transaction of the connection.

    Large tables are filled with triggers and foreign keys off; `api.seed.soundness` says whether all that they keep
    holds all the same. Raises SeedRefusedError for a login that may not switch them off.
    """
    started = time.monotonic()
    _prepare(connection, plan, issuer, today)
    load(connection, places(plan))
    _run(connection, "people", "teaching")
    say(f"  people of {plan.schools} schools: {time.monotonic() - started:.0f} s")
    connection.execute(text("set local session_replication_role = replica"))
    _run(connection, "journals")
    for quarter in quarters_shown(today):
        for first, last in _blocks(plan_school(plan)):
            block = {"school_year": quarter.school_year, "quarter": quarter.number, "first": first, "last": last}
            connection.execute(text(NOW), block)
            _run(connection, "pages")
        say(f"  quarter {quarter.number} of {quarter.school_year}: {time.monotonic() - started:.0f} s")
    connection.execute(text("set local session_replication_role = origin"))
    connection.execute(text("analyze"))


def _prepare(connection: Connection, plan: RegionPlan, issuer: str, today: date) -> None:
    if not connection.scalar(text("select rolsuper from pg_roles where rolname = current_user")):
        raise SeedRefusedError("The region is loaded with triggers off: DATABASE_URL must name a superuser.")
    _set(connection, SETTINGS)
    for statement in functions(plan.seed, ZONE):
        connection.execute(text(statement))
    for table in (*plan_tables(today, ZONE, issuer), plan_school(plan), plan_account(plan)):
        _fill(connection, table)


def _set(connection: Connection, settings: Mapping[str, str]) -> None:
    for name, value in settings.items():
        connection.execute(text("select set_config(:name, :value, true)"), {"name": name, "value": value})


def _fill(connection: Connection, table: PlanTable) -> None:
    connection.execute(text(f"create temporary table {table.name} ({table.columns}) on commit drop"))
    statement = sql.SQL("copy {} from stdin").format(sql.Identifier(table.name))
    with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:  # type: ignore[attr-defined]
        for row in table.rows:
            copy.write_row(row)
    connection.execute(text(f"analyze {table.name}"))


def _blocks(schools: PlanTable) -> Iterator[tuple[int, int]]:
    """Cut the schools into blocks of so many classes: number of the first and the last school of each."""
    first, classes = 1, 0
    for number, *_, of_school, _ in schools.rows:
        classes += of_school
        if classes >= CLASSES_IN_A_BLOCK:
            yield first, number
            first, classes = number + 1, 0
    if classes:
        yield first, len(schools.rows)


def _run(connection: Connection, *names: str) -> None:
    for name in names:
        script = Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")
        for statement in script.rstrip().removesuffix(";").split(";\n"):
            connection.execute(text(statement))
