"""A backup is the database, whole; it is restored into an empty one, all or nothing, and proved sound."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from api.commands import CommandError
from api.commands.backup import back_up, bring_back
from api.migrations import check_drift
from api.settings import Settings
from auth.provider.storage.signing_keys import SigningKeys
from auth.sealing import CannotUnsealError
from tests.conftest import DatabaseServer
from tests.schema.demo import seeded_template

TABLES = """
    select format('%I.%I', schemaname, tablename) from pg_tables
    where schemaname in ('public', 'provider') order by 1
"""
CONTENT = "select md5(coalesce(string_agg(t::text, ' ' order by t::text), '')) || count(*) from {table} t"
RIGHTS = "(select array_agg(item::text order by item::text) from unnest({}) item)"
OF_FUNCTION = RIGHTS.format("coalesce(proacl, acldefault('f', proowner))")
OF_TABLE = RIGHTS.format("coalesce(relacl, acldefault('r', relowner))")
POWERS = f"""
    select format('%s %s %s', tablename, policyname, qual) from pg_policies
    union all
    select format('%s %s %s', p.oid::regprocedure, r.rolname, {OF_FUNCTION})
    from pg_proc p join pg_roles r on r.oid = proowner
    where pronamespace in ('vhod'::regnamespace, 'public'::regnamespace)
    union all
    select format('%s %s %s', oid::regclass, relforcerowsecurity, {OF_TABLE})
    from pg_class
    where relnamespace in ('public'::regnamespace, 'provider'::regnamespace) and relkind in ('r', 'p', 'v')
    order by 1
"""
SECRET = "a secret key that is not in the database"


@pytest.fixture(scope="module")
def full(database_server: DatabaseServer, database_template: str) -> Iterator[str]:
    """A database with the tiny demo."""
    with seeded_template(database_server, database_template) as name, database_server.clone(name) as url:
        yield url


@pytest.fixture
def empty(database_server: DatabaseServer) -> Iterator[str]:
    """A database with nothing in it."""
    with database_server.clone("template0") as url:
        yield url


@pytest.fixture
def said() -> list[str]:
    """What a command has said."""
    return []


def settings_of(url: str) -> Settings:
    """Settings of whoever works on this database."""
    return Settings(database_url=url)


@asynccontextmanager
async def keys_of(url: str, secret: str) -> AsyncIterator[SigningKeys]:
    """The provider's keys in this database, opened with this secret."""
    engine = create_async_engine(url)
    yield SigningKeys(engine, secret)
    await engine.dispose()


def ask(url: str, query: str) -> list[Any]:
    """Every row of a query, as the owner."""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return list(connection.execute(text(query.replace(":", "\\:"))).scalars())


def test_backup_brings_everything_back(full: str, empty: str, tmp_path: Path, said: list[str]) -> None:
    """Every row of every table, every policy, owner and right; the file is for us alone."""
    file = tmp_path / "vhod.backup"
    back_up(settings_of(full), str(file), said.append)
    bring_back(settings_of(empty), str(file), said.append)
    tables = ask(full, TABLES)
    contents = [[ask(url, CONTENT.format(table=table)) for table in tables] for url in (full, empty)]

    assert len(tables) > 50
    assert ask(empty, TABLES) == tables
    assert contents[0] == contents[1]
    assert ask(empty, POWERS) == ask(full, POWERS)
    assert file.stat().st_mode & 0o777 == 0o600
    assert said[-1].endswith("every rule that triggers and foreign keys keep holds")
    check_drift(empty)


def test_full_database_is_not_touched(full: str, tmp_path: Path, said: list[str]) -> None:
    """Restoring over data is a mistake, never a wish."""
    file = tmp_path / "vhod.backup"
    back_up(settings_of(full), str(file), said.append)

    with pytest.raises(CommandError, match="is not empty"):
        bring_back(settings_of(full), str(file), said.append)
    with pytest.raises(CommandError, match="never written over"):
        back_up(settings_of(full), str(file), said.append)
    assert ask(full, "select count(*) from journal")[0] > 0


def cut(content: bytes) -> bytes:
    """Half of it."""
    return content[: len(content) // 2]


def spoiled(content: bytes) -> bytes:
    """The same with a stretch of other bytes near its end."""
    return content[:-3000] + bytes(1000) + content[-2000:]


@pytest.mark.parametrize("harm", [cut, spoiled, lambda _: b"", lambda _: b"no backup"])
def test_harmed_file_restores_nothing(
    full: str, empty: str, tmp_path: Path, said: list[str], harm: Callable[[bytes], bytes]
) -> None:
    """Half a region is worse than none."""
    file = tmp_path / "vhod.backup"
    back_up(settings_of(full), str(file), said.append)
    file.write_bytes(harm(file.read_bytes()))

    with pytest.raises(CommandError):
        bring_back(settings_of(empty), str(file), said.append)
    assert ask(empty, TABLES) == []


def test_failed_backup_leaves_no_file(empty: str, tmp_path: Path, said: list[str]) -> None:
    """What looks like a backup is one."""
    refused = make_url(empty).update_query_dict({"options": "-c role=vhod_app"}).render_as_string(False)

    with pytest.raises(CommandError, match="BYPASSRLS"):
        back_up(settings_of(refused), str(tmp_path / "vhod.backup"), said.append)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.anyio
async def test_providers_keys_stay_sealed(full: str, empty: str, tmp_path: Path, said: list[str]) -> None:
    """A backup holds the provider's keys as the database does: of no use without VHOD_SECRET_KEY."""
    file = tmp_path / "vhod.backup"
    async with keys_of(full, SECRET) as keys:
        await keys.ensure()
        kids = {key.kid for key in await keys.load()}
    back_up(settings_of(full), str(file), said.append)
    bring_back(settings_of(empty), str(file), said.append)

    async with keys_of(empty, SECRET) as keys:
        assert {key.kid for key in await keys.load()} == kids
    async with keys_of(empty, "another secret") as keys:
        with pytest.raises(CannotUnsealError):
            await keys.load()
