"""The demo: two regions from published files, and invented schools with generated people to try everything on."""

from collections.abc import Callable
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, NullPool, create_engine, text

from api.seed.calendar import Calendar
from api.seed.demo import demo_rows
from api.seed.figures import store_ratings
from api.seed.ids import KRASNOYARSK, demo_ids
from api.seed.loading import SeedRefusedError, check_login, load
from api.seed.organisations import TIME_ZONES
from api.seed.period_marks import confirm_previous_quarter
from api.seed.region import REGION_ID, RegionPlan, load_region
from api.seed.soundness import broken_rules
from api.seed.telling import of_its_age, of_its_day
from auth.provider.school_people import PARTS
from domain import clock

# The stand-in's name holds its port: a demo loaded on one port knows its people on another too.
LINK = """
    insert into external_identity (issuer, subject, person_id)
    select distinct cast(:issuer as text), subject, person_id from external_identity where issuer like '%/oidc'
    on conflict (issuer, subject) do nothing
"""

# The demo's system signs in at one issuer: the one that was started last.
LINK_SERVICE = "update service_client set issuer = :issuer where issuer like '%/oidc' and client_id = 'federal-system'"

__all__ = ["RegionPlan", "SeedRefusedError", "broken_rules_of", "demo_ids", "seed"]


def seed(  # noqa: PLR0913 - a load is the sum of these
    url: str,
    *,
    size: str = "demo",
    issuer: str,
    today: date | None = None,
    region: RegionPlan | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Load the demo into a migrated database, in one transaction; where it is already only link accounts.

    `url` is an owner's address. `size` is `tiny` or `demo`, and `region` a plan of the invented region that is to stand
    beside it; `issuer` is the one whose accounts the demo people sign in with; `today` is the day around which the
    current term lies, by default today in Krasnoyarsk. Raises SeedRefusedError for a login that row-level security
    binds, ValueError for a day before the demo can play.
    """
    engine = create_engine(url, poolclass=NullPool, connect_args={"application_name": "vhod seed"})
    zone = ZoneInfo(TIME_ZONES[KRASNOYARSK])
    day = today or clock.today(zone)
    # Of a day that is given the whole is told; of today what has happened so far.
    calendar = Calendar.around(day, None if today else clock.now())
    with engine.begin() as connection:
        # Two processes that start together must not both load it.
        connection.execute(text("select pg_advisory_xact_lock(hashtext('vhod demo'))"))
        _load_demo(connection, size, issuer, calendar, day, say)
        loads_region = region is not None and not _is_there(connection, REGION_ID)
        if region and loads_region:
            _load_region(connection, region, issuer, day, say)
    if loads_region:
        # Half a gigabyte of rows that nobody has looked at yet: else the first readers pay for it.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("vacuum (analyze)"))


def broken_rules_of(url: str, *, references: bool = True) -> dict[str, int]:
    """Count the rows of a database that break what triggers and foreign keys keep, by rule; empty: all holds."""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return broken_rules(connection, references=references)


def _load_demo(  # noqa: PLR0913, PLR0917 - as for the whole
    connection: Connection, size: str, issuer: str, calendar: Calendar, day: date, say: Callable[[str], None]
) -> None:
    if _is_there(connection, demo_ids()["region"]):
        linked = connection.execute(text(LINK), {"issuer": issuer}).rowcount
        connection.execute(text(LINK_SERVICE), {"issuer": issuer})
        say(f"The demo is there already; {linked} accounts of {issuer} were linked to its people.")
        for line in of_its_age(connection, calendar):
            say(line)
        return
    check_login(connection)
    rows = demo_rows(size, issuer, calendar)
    counts = load(connection, rows)
    confirmed = confirm_previous_quarter(connection, calendar)
    counts["summary_mark_version"] = counts.get("summary_mark_version", 0) + confirmed
    counts["rating"] = store_ratings(connection, calendar)
    loaded = ", ".join(f"{count} {name}" for name, count in counts.items())
    say(f"The demo ({size}) is loaded around {calendar.today}: {loaded}")
    for line in of_its_day(calendar, day, rows):
        say(line)


def _load_region(connection: Connection, plan: RegionPlan, issuer: str, day: date, say: Callable[[str], None]) -> None:
    say(f"The region of {plan.schools} schools, {plan.large} of them large, is being made up to {day}:")
    load_region(connection, plan, issuer=issuer, today=day, say=say)
    parts = "|".join(part.key for part in PARTS)
    say(f"Its people can sign in as school-N-{parts}, N from 1 to {plan.large}.")


def _is_there(connection: Connection, organisation_id: UUID) -> bool:
    query = text("select exists (select from organisation where id = :id)")
    return bool(connection.scalar(query, {"id": organisation_id}))
