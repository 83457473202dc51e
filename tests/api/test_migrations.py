"""The migrations make what the records describe."""

import pytest
from sqlalchemy import NullPool, create_engine, text

from api.commands import CommandError
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


def test_structure_of_other_code_is_named(fresh_database: str) -> None:
    """An older checkout, or a database from before the base: said in a sentence, and nothing is changed."""
    engine = create_engine(fresh_database, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '2026_11_22_previews'"))

    with pytest.raises(CommandError, match=r"2026_11_22_previews.*make reset"):
        migrate(fresh_database)

    with engine.connect() as connection:
        assert connection.scalar(text("select version_num from alembic_version")) == "2026_11_22_previews"
