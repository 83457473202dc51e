"""How migrations run: one at a time, each in a transaction, never waiting long for a table that others use."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import Script
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlmodel import SQLModel

import domain.records  # noqa: F401 - fills the metadata
from api.database import APP_ROLE, database_urls
from api.settings import Settings

LOCK_NAME = "vhod migrations"


@contextmanager
def connection_to_use() -> Iterator[Connection]:
    """Take the connection that api/migrations.py lends; for the alembic command itself ask the settings."""
    lent = context.config.attributes.get("connection")
    if lent is not None:
        yield lent
        return
    with database_urls(Settings()) as urls, create_engine(urls.owner, poolclass=NullPool).connect() as connection:
        yield connection


@contextmanager
def alone(connection: Connection) -> Iterator[None]:
    """Let one process migrate this database at a time; the lock belongs to the session, not to a transaction."""
    connection.execute(text("set statement_timeout = 0; set lock_timeout = 0"))
    connection.execute(text("select pg_advisory_lock(hashtext(:name))"), {"name": LOCK_NAME})
    # A statement that queues for a busy table makes everybody else queue behind it: give up soon instead.
    connection.execute(text("set lock_timeout = '3s'"))
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(text("select pg_advisory_unlock(hashtext(:name))"), {"name": LOCK_NAME})
        connection.execute(text("reset statement_timeout; reset lock_timeout"))
        connection.commit()


def only_records(connection: Connection) -> Callable[[str | None, str, object], bool]:
    """Compare schema public only (the provider's tables are written by hand), and no partitions, which time makes."""
    partitions = set(connection.scalars(text("select relname from pg_class where relispartition")))

    def include(name: str | None, kind: str, parents: object) -> bool:
        return name is None if kind == "schema" else name not in partitions

    return include


def report(ctx: MigrationContext, step: MigrationInfo, heads: object, run_args: object) -> None:
    """Say which migration has run."""
    say = context.config.attributes.get("say")
    if say and step.is_upgrade and isinstance(step.up_revision, Script):
        say(f"migration: {step.up_revision.doc}")


def let_readiness_look(connection: Connection) -> None:
    """Show the version to the API's role, which exists once the first migration has made it."""
    role = text("select true from pg_roles where rolname = :role")
    if connection.scalar(role, {"role": APP_ROLE}) and connection.scalar(text("select to_regclass('alembic_version')")):
        connection.execute(text(f"grant select on alembic_version to {APP_ROLE}"))
    connection.commit()


def run() -> None:
    """Run whatever command of Alembic asked for."""
    with connection_to_use() as connection, alone(connection):
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            transaction_per_migration=True,
            include_schemas=True,
            include_name=only_records(connection),
            compare_type=True,
            compare_server_default=True,
            on_version_apply=report,
        )
        with context.begin_transaction():
            context.run_migrations()
        let_readiness_look(connection)


if context.is_offline_mode():
    raise SystemExit("migrations need a database: they look at what is there")
run()
