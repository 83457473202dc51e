"""The database as a whole: migrated, filled with the demo region, forgotten."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import URL, NullPool, create_engine, text

from api.catalogue import MethodologyChangedError
from api.commands import CommandError, Say
from api.database import DATABASE_NAME, DatabaseUrls, database_urls
from api.migrations import fill as fill_catalogue
from api.migrations import migrate
from api.postgres import forget_postgres
from api.settings import Settings
from api.snils_indexing import index_database
from auth.snils_index import SnilsIndex

FORGET = """
    drop schema if exists provider cascade;
    drop schema if exists session cascade;
    drop schema if exists budget cascade;
    drop schema if exists vhod cascade;
    drop schema public cascade;
    create schema public;
    grant usage on schema public to public;
"""


def migrate_database(settings: Settings, say: Say) -> None:
    """Bring the database to the newest version."""
    with database_urls(settings) as urls:
        migrate(urls.owner, say)
        say("the database is at the newest version")


def write_catalogue(settings: Settings, say: Say) -> None:
    """Bring the catalogue of a migrated database to that of this code."""
    with database_urls(settings) as urls:
        try:
            counts = fill_catalogue(urls.owner)
        except MethodologyChangedError as error:
            raise CommandError(str(error)) from None
        say("catalogue: " + ", ".join(f"{count} {name}" for name, count in counts.items()))


def seed_database(settings: Settings, size: str, region: Mapping[str, int], say: Say) -> None:
    """Migrate, then load the demo; as size `region` an invented region beside it, of `schools`, `large` and `seed`."""
    if not settings.development:
        raise CommandError("the demo region is for development mode only")
    if region and size != "region":
        raise CommandError("--schools, --large and --seed are for --size region")
    with database_urls(settings) as urls:
        migrate(urls.owner, say)
        fill(settings, urls, size, say, region)
        asyncio.run(index_database(urls.app, SnilsIndex(settings.secret_key)))


def check_database(settings: Settings, say: Say) -> None:
    """Ask the data whether everything holds that triggers and foreign keys keep. Raises CommandError if not."""
    from api.seed import broken_rules_of

    with database_urls(settings) as urls:
        broken = broken_rules_of(urls.owner.render_as_string(hide_password=False))
    if broken:
        raise CommandError("\n".join(f"{name}: broken by {count} rows" for name, count in broken.items()))
    say("every rule that triggers and foreign keys keep holds")


def fill(
    settings: Settings, urls: DatabaseUrls, size: str, say: Say, region: Mapping[str, int] = MappingProxyType({})
) -> None:
    """Load the demo region into a migrated database; its people sign in at the stand-in of these settings."""
    from api.seed import RegionPlan, SeedRefusedError, seed

    owner = urls.owner.render_as_string(hide_password=False)
    try:
        if size == "region":
            plan = RegionPlan(**{"large": min(RegionPlan.large, region.get("schools", RegionPlan.schools)), **region})
            seed(owner, size="demo", issuer=settings.stand_in_issuer, region=plan, say=say)
        else:
            seed(owner, size=size, issuer=settings.stand_in_issuer, say=say)
    except (SeedRefusedError, ValueError) as error:
        raise CommandError(str(error)) from None


def is_demo(urls: DatabaseUrls) -> bool:
    """Tell whether a migrated database is empty or holds the demo: nothing is put beside real data."""
    from api.seed import demo_ids

    query = text("select not exists (select from organisation) or exists (select from organisation where id = :region)")
    with create_engine(urls.owner, poolclass=NullPool).connect() as connection:
        return bool(connection.scalar(query, {"region": demo_ids()["region"]}))


def reset_database(settings: Settings, *, confirmed: bool, say: Say) -> None:
    """Forget everything: the private server's folder, or our schemas of the configured database."""
    if not settings.development:
        raise CommandError("reset forgets everything and works in development mode only")
    if not settings.database_url:
        if not forget_postgres(settings.state / "postgres"):
            raise CommandError("the private PostgreSQL is in use: stop `make run` first")
        say("the private database is forgotten")
        return
    url = DatabaseUrls.of_owner(settings.database_url).owner
    if not confirmed:
        raise CommandError(f"this would drop everything in {url.render_as_string()}: add --yes")
    _drop_schemas(url)
    say(f"database {url.database or DATABASE_NAME} is empty")


def _drop_schemas(url: URL) -> None:
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.execute(text(FORGET))
