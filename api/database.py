"""The database as each of our roles sees it: addresses, engines, and what a role must not be able to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from sqlalchemy import URL, NullPool, create_engine, make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from api.postgres import PrivateServer, private_postgres
from api.settings import NO_DATABASE, Settings, UnsafeSettingsError

DATABASE_NAME = "vhod"
APP_ROLE = "vhod_app"
PROVIDER_ROLE = "vhod_provider"
POOL_WAIT_SECONDS = 5
CONNECTION_SETTINGS = {
    "timezone": "UTC",
    "statement_timeout": "5000",  # ms
    "lock_timeout": "2000",  # ms
    "idle_in_transaction_session_timeout": "10000",  # ms
    "client_connection_check_interval": "500",  # ms: a statement ends with the connection that waits for it
    "jit": "off",  # makes large documents three times slower
}


class UnsafeRoleError(RuntimeError):
    """The API would log in as somebody whom row-level security does not bind."""


@dataclass(frozen=True)
class DatabaseUrls:
    """SQLAlchemy addresses of one database: for the owner who migrates, the API, the provider."""

    owner: URL
    app: URL
    provider: URL

    @classmethod
    def of_private(cls, server: PrivateServer, database: str) -> Self:
        """On the private server every role logs in by its own name."""
        owner, app, provider = (make_url(server.url(database, role)) for role in ("postgres", APP_ROLE, PROVIDER_ROLE))
        return cls(owner, app, provider)

    @classmethod
    def of_owner(cls, owner: str, app: str | None = None, provider: str | None = None) -> Self:
        """Whoever has no login of their own takes the owner's and puts on their role at once."""
        return cls(
            make_url(owner),
            make_url(app) if app else _with_options(make_url(owner), {"role": APP_ROLE}),
            make_url(provider) if provider else _with_options(make_url(owner), {"role": PROVIDER_ROLE}),
        )


@dataclass(frozen=True)
class Database:
    """Connection pools of one process."""

    urls: DatabaseUrls
    app: AsyncEngine
    provider: AsyncEngine

    @property
    def owner_url(self) -> str:
        """Address for migrations and the seed, with its password."""
        return self.urls.owner.render_as_string(hide_password=False)

    async def close(self) -> None:
        """Close every connection; the object is of no use afterwards."""
        await self.app.dispose()
        await self.provider.dispose()


def open_database(urls: DatabaseUrls, *, pool_size: int) -> Database:
    """Make the pools; nobody connects before the first use."""
    return Database(urls, make_engine(urls.app, pool_size=pool_size), make_engine(urls.provider, pool_size=pool_size))


def make_engine(url: URL, *, pool_size: int) -> AsyncEngine:
    """Make a pool with our limits: a slow statement ends in 5 s, a full pool refuses after 5 s."""
    return create_async_engine(
        _with_options(url, CONNECTION_SETTINGS),
        connect_args={"application_name": "vhod", "connect_timeout": 5},
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_WAIT_SECONDS,
        pool_pre_ping=True,
    )


@contextmanager
def database_urls(settings: Settings) -> Iterator[DatabaseUrls]:
    """Take the database of DATABASE_URL; without one hold a private server with an (empty) database."""
    if settings.database_url:
        yield DatabaseUrls.of_owner(settings.database_url, settings.app_database_url, settings.provider_database_url)
        return
    if not settings.development:
        raise UnsafeSettingsError(NO_DATABASE)
    with private_postgres(settings.state / "postgres", durable=True) as server:
        _ensure_database(make_url(server.url("postgres", "postgres")))
        yield DatabaseUrls.of_private(server, DATABASE_NAME)


async def verify_role(engine: AsyncEngine, *, production: bool) -> None:
    """Raise UnsafeRoleError if the engine's user could step over row-level security.

    In production the login itself is judged too: a role put on after login can be taken off again.
    """
    async with engine.connect() as connection:
        users = (await connection.execute(text("select current_user, session_user"))).one()
        for user in dict.fromkeys(users if production else users[:1]):
            powers = (await connection.execute(text(POWERS), {"user": user})).scalars().all()
            if powers:
                raise UnsafeRoleError(f"database user {user} must not serve the API: {'; '.join(powers)}")


# Whatever a role is a member of, it can become with SET ROLE: hence pg_has_role and not equality.
POWERS = """
    select distinct power
    from pg_roles held
    cross join lateral (values
        ('it is a superuser', held.rolsuper),
        ('it may bypass row-level security', held.rolbypassrls),
        ('it owns tables', exists (
            select from pg_class
            where relowner = held.oid and relkind in ('r', 'p', 'v', 'm')
            and relnamespace = 'public'::regnamespace))
    ) as found (power, present)
    where present and pg_has_role(cast(:user as name), held.oid, 'MEMBER')
    order by power
"""


def _with_options(url: URL, settings: dict[str, str]) -> URL:
    """Add server settings to those that the address itself asks for."""
    asked = url.query.get("options", "")
    words = [asked] if isinstance(asked, str) else list(asked)
    words += [f"-c {name}={value}" for name, value in settings.items()]
    return url.update_query_dict({"options": " ".join(filter(None, words))})


def _ensure_database(maintenance: URL) -> None:
    engine = create_engine(maintenance, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        # Two processes that start together must not both create it.
        connection.execute(text("select pg_advisory_lock(hashtext('create database'))"))
        known = text("select true from pg_database where datname = :name")
        if not connection.scalar(known, {"name": DATABASE_NAME}):
            connection.execute(text(f"create database {DATABASE_NAME}"))
