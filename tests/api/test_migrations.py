"""The migrations make what the records describe."""

from sqlalchemy import NullPool, create_engine, text

from api.migrations import check_drift, migrate
from api.structure_versions import newest_version


def test_migrated_database_does_not_differ_from_the_records(database_url: str) -> None:
    """Whoever changes a record writes a migration: alembic revision --autogenerate -m "a sentence"."""
    check_drift(database_url)

    with create_engine(database_url, poolclass=NullPool).connect() as connection:
        version = connection.scalar(text("select version_num from alembic_version"))
    assert version == newest_version()


def test_migrating_twice_changes_nothing(fresh_database: str) -> None:
    """A second run, of another process say, finds nothing to do."""
    said: list[str] = []
    migrate(fresh_database, said.append)

    assert said == []
