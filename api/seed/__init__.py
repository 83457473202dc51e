"""The demo: two regions from published files, and invented schools with generated people to try everything on."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, NullPool, create_engine, text

from api.seed.calendar import Calendar
from api.seed.demo import demo_rows
from api.seed.figures import store_ratings
from api.seed.ids import KRASNOYARSK, demo_ids
from api.seed.loading import SeedRefusedError, check_login, load
from api.seed.organisations import TIME_ZONES

# The stand-in's name holds its port: a demo loaded on one port knows its people on another too.
LINK = """
    insert into external_identity (issuer, subject, person_id)
    select distinct cast(:issuer as text), subject, person_id from external_identity where issuer like '%/oidc'
    on conflict (issuer, subject) do nothing
"""

__all__ = ["SeedRefusedError", "demo_ids", "seed"]


def seed(
    url: str,
    *,
    size: str = "demo",
    issuer: str,
    today: date | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Load the demo into a migrated database, in one transaction; where it is already only link accounts.

    `url` is an owner's address. `size` is `tiny` or `demo`; `issuer` is the one whose accounts the demo people sign
    in with; `today` is the day around which the current term lies, by default today in Krasnoyarsk. Raises
    SeedRefusedError for a login that row-level security binds, ValueError for a day before the demo can play.
    """
    engine = create_engine(url, poolclass=NullPool, connect_args={"application_name": "vhod seed"})
    with engine.begin() as connection:
        # Two processes that start together must not both load it.
        connection.execute(text("select pg_advisory_xact_lock(hashtext('vhod demo'))"))
        if _is_there(connection):
            linked = connection.execute(text(LINK), {"issuer": issuer}).rowcount
            say(f"The demo is there already; {linked} accounts of {issuer} were linked to its people.")
            return
        check_login(connection)
        day = today or datetime.now(ZoneInfo(TIME_ZONES[KRASNOYARSK])).date()
        counts = load(connection, demo_rows(size, issuer, day))
        counts["rating"] = store_ratings(connection, Calendar(day))
    say(f"The demo ({size}) is loaded around {day}: " + ", ".join(f"{count} {name}" for name, count in counts.items()))


def _is_there(connection: Connection) -> bool:
    query = text("select exists (select from organisation where id = :region)")
    return bool(connection.scalar(query, {"region": demo_ids()["region"]}))
