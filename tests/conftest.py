"""A database of their own for every worker, copied from a template that is migrated once."""

import hashlib
import io
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, NullPool, create_engine, make_url, text

from api.logs import configure_logs
from api.migrations import migrate
from api.postgres import private_postgres
from api.settings import LogFormat
from schema.engine.compiled.execute import CompiledReads
from tests import clock

clock.install()

CHECKOUT = Path(__file__).parents[1]
TEMPLATES_KEPT = 5
LOADED_KEPT = 8
"""More than one run of all tests makes, so that none is dropped that a session is still to copy."""
LOCALE = "locale_provider builtin builtin_locale 'C.UTF-8' encoding 'UTF8'"


@dataclass(frozen=True)
class DatabaseServer:
    """A server whose `url` is an owner's address of its maintenance database."""

    url: URL
    private: bool

    @contextmanager
    def alone(self, what: str = "databases") -> Iterator[Connection]:
        """Work on the list of databases, or on something else, while no other test session does."""
        engine = create_engine(self.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("select pg_advisory_lock(hashtext(:what))"), {"what": f"vhod test {what}"})
            yield connection

    def template(self) -> str:
        """Name of the template database of these migrations and records; made if it is missing."""
        name = f"vhod_template_{structure_hash()}"
        with self.alone() as connection:
            if name not in databases(connection, "vhod_template_"):
                unfinished = f"vhod_unfinished_{structure_hash()}"
                connection.execute(text(f"drop database if exists {unfinished} with (force)"))
                connection.execute(text(f"create database {unfinished} template template0 {LOCALE}"))
                migrate(self.url.set(database=unfinished))
                connection.execute(text(f"alter database {unfinished} rename to {name}"))
            for old in databases(connection, "vhod_template_")[TEMPLATES_KEPT:]:
                connection.execute(text(f"drop database {old} with (force)"))
        return name

    def loaded(self, template: str, key: str, load: Callable[[str], None]) -> str:
        """Name of a template database that something was loaded into; one session loads it, all that run copy it.

        `key` tells apart whatever decides what is loaded; `load` gets the owner's address.
        """
        name = f"vhod_loaded_{hashlib.sha256(f'{template} {key}'.encode()).hexdigest()[:12]}"
        with self.alone("loads") as connection:  # databases are copied meanwhile
            if name not in databases(connection, "vhod_loaded_"):
                with self.clone(template) as url:
                    load(url)
                    made = make_url(url).database
                    connection.execute(text(f"create database {name} template {made} strategy file_copy"))
            for old in databases(connection, "vhod_loaded_")[LOADED_KEPT:]:
                connection.execute(text(f"drop database {old} with (force)"))
        return name

    @contextmanager
    def clone(self, template: str) -> Iterator[str]:
        """Copy the template (30 ms) and give the copy's address; it goes by the tests' clock. Drop it in the end."""
        name = f"vhod_test_{os.getpid()}_{secrets.token_hex(4)}"
        with self.alone() as connection:
            connection.execute(text(f"create database {name} template {template} strategy file_copy"))
        try:
            url = self.url.set(database=name)
            set_clock(url)
            yield url.render_as_string(hide_password=False)
        finally:
            with self.alone() as connection:
                connection.execute(text(f"drop database {name} with (force)"))

    def drop_forgotten(self) -> None:
        """Drop the copies of killed test sessions; on a shared server their processes may be elsewhere."""
        with self.alone() as connection:
            for name in databases(connection, "vhod_test_") if self.private else ():
                if not Path("/proc", name.split("_")[2]).exists():
                    connection.execute(text(f"drop database {name} with (force)"))


def set_clock(url: URL) -> None:
    """Let a database go by the clock of the tests. Sessions that share a template began at different moments.

    An empty one, to restore into say, has no clock; what comes into it brings its own.
    """
    with create_engine(url, poolclass=NullPool).begin() as connection:
        migrated = connection.scalar(text("select to_regnamespace('vhod') is not null"))
        for statement in clock.in_database() if migrated else ():
            connection.execute(text(statement))


def databases(connection: Connection, prefix: str) -> list[str]:
    """Names that begin so, newest first."""
    query = text("select datname from pg_database where starts_with(datname, :prefix) order by oid desc")
    return list(connection.execute(query, {"prefix": prefix}).scalars())


@cache
def sources_hash() -> str:
    """Hash of all that the product is made of: of what may decide how the demo looks."""
    digest = hashlib.sha256()
    for folder in ("api", "auth", "domain", "migrations", "schema"):
        for file in sorted((CHECKOUT / folder).rglob("*")):
            if file.is_file() and file.suffix != ".pyc":
                digest.update(str(file.relative_to(CHECKOUT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def structure_hash() -> str:
    """Hash of everything that decides what a migrated database looks like."""
    files = [*(CHECKOUT / "migrations").rglob("*.*"), *(CHECKOUT / "domain" / "records").rglob("*.py")]
    files += [*(CHECKOUT / "domain" / "catalogue").rglob("*.*"), *(CHECKOUT / "domain" / "scoring").rglob("*.toml")]
    files += (CHECKOUT / "api" / "catalogue").rglob("*.py")
    files = [file for file in files if file.suffix != ".pyc"]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(str(file.relative_to(CHECKOUT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run asynchronous tests on the loop that serves in production."""
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def _logs_as_in_production() -> None:
    """structlog's own default paints each error with all its variables, which takes a second."""
    configure_logs(LogFormat.TEXT, io.StringIO())


@pytest.fixture
def by_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request is answered by the reference executor, for tests of that very one."""

    async def nothing(*_: object) -> None:
        """Plan nothing."""

    monkeypatch.setattr(CompiledReads, "prepare", nothing)


@pytest.fixture(scope="session")
def database_server() -> Iterator[DatabaseServer]:
    """The server of DATABASE_URL, or a private one whose data may be lost."""
    configured = os.environ.get("DATABASE_URL")
    if configured:
        yield DatabaseServer(make_url(configured).set(drivername="postgresql+psycopg"), private=False)
        return
    with private_postgres(CHECKOUT / ".state" / "postgres-tests", durable=False) as server:
        answer = DatabaseServer(make_url(server.url("postgres", "postgres")), private=True)
        answer.drop_forgotten()
        yield answer


@pytest.fixture(scope="session")
def database_template(database_server: DatabaseServer) -> str:
    """Name of the migrated, empty template database."""
    return database_server.template()


@pytest.fixture(scope="session")
def database_url(database_server: DatabaseServer, database_template: str) -> Iterator[str]:
    """Owner's address of this worker's database; tests that use it leave it empty (roll back)."""
    with database_server.clone(database_template) as url:
        yield url


@pytest.fixture
def fresh_database(database_server: DatabaseServer, database_template: str) -> Iterator[str]:
    """Owner's address of a new database, for a test that commits, races or listens."""
    with database_server.clone(database_template) as url:
        yield url
