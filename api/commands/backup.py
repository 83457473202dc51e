"""A database into a file, and a file into an empty database. The file holds everything: guard it as the database."""

import os
import sys
from pathlib import Path

from sqlalchemy import URL, Connection, NullPool, create_engine, text

from api.commands import CommandError, Say
from api.database import DatabaseUrls, database_urls
from api.migrations import create_roles
from api.postgres.dumps import DumpError, check, dump, owners_in, restore
from api.settings import Settings
from api.structure_versions import newest_version

SEES_ALL = text("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
IS_SUPERUSER = text("select rolsuper from pg_roles where rolname = current_user")
THINGS = text("""
    select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
""")
MISSING_ROLES = text(
    "select name from unnest(cast(:names as text[])) name where not exists (select from pg_roles where rolname = name)"
)


def back_up(settings: Settings, name: str, say: Say) -> None:
    """Write the database into a new file that only we may read; `-` is the standard output.

    Raises CommandError; then there is no file, whatever happened.
    """
    with database_urls(settings) as urls:
        _allow(urls.owner, SEES_ALL, "backup reads every row: log in as a role with BYPASSRLS or as a superuser")
        try:
            if name == "-":
                dump(urls.owner, sys.stdout.buffer)
            else:
                size = _written(urls, Path(name))
                say(f"{name}: {size:,} bytes; it holds personal data: keep it encrypted, and VHOD_SECRET_KEY elsewhere")
        except DumpError as error:
            raise CommandError(str(error)) from None


def bring_back(settings: Settings, name: str, say: Say) -> None:
    """Fill an empty database from a file, all or nothing, and look whether what is there is sound."""
    file = Path(name)
    with database_urls(settings) as urls:
        _allow(urls.owner, IS_SUPERUSER, "restore gives functions to their owners: log in as a superuser")
        _prepare(urls.owner, file)
        try:
            restore(urls.owner, file)
        except DumpError as error:
            raise CommandError(f"nothing was restored: {error}") from None
        _look(urls.owner, say)


def _written(urls: DatabaseUrls, file: Path) -> int:
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        # Exclusive and for us alone from its first byte on; a file of this name is never written over.
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with open(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as target:  # noqa: PTH123
            dump(urls.owner, target)
            os.fsync(target.fileno())
        unfinished.replace(file)
    except FileExistsError:
        raise CommandError(f"{file} is there already: a backup is never written over") from None
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from None
    except BaseException:
        unfinished.unlink(missing_ok=True)
        file.unlink(missing_ok=True)
        raise
    return file.stat().st_size


def _allow(owner: URL, question: object, otherwise: str) -> None:
    with create_engine(owner, poolclass=NullPool).connect() as connection:
        if not connection.scalar(question):  # type: ignore[call-overload]
            raise CommandError(otherwise)


def _prepare(owner: URL, file: Path) -> None:
    """Refuse what would fail half-way: a full database, a file that is none, owners that the server does not know."""
    try:
        check(file)
        owners = owners_in(file)
    except (DumpError, OSError) as error:
        raise CommandError(f"{file}: {error}") from None
    with create_engine(owner, poolclass=NullPool).begin() as connection:
        if connection.scalar(THINGS):
            raise CommandError(f"the database {owner.database} is not empty: restore fills an empty one")
        create_roles(connection)
        missing = list(connection.scalars(MISSING_ROLES, {"names": sorted(owners)}))
    if missing:
        raise CommandError(f"things in {file} belong to roles that this server lacks: {', '.join(missing)}")


def _look(owner: URL, say: Say) -> None:
    """Tell what was restored. Raises CommandError when it breaks a rule that the database keeps."""
    from api.seed import broken_rules_of

    with create_engine(owner, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("analyze"))
        version = _version(connection)
    broken = broken_rules_of(owner.render_as_string(hide_password=False)) if version == newest_version() else {}
    if broken:
        raise CommandError("\n".join(f"restored, but {name}: broken by {count} rows" for name, count in broken.items()))
    say(f"restored at version {version}; " + _advice(version))


def _version(connection: Connection) -> str | None:
    version: str | None = connection.scalar(text("select version_num from alembic_version"))
    return version


def _advice(version: str | None) -> str:
    if version == newest_version():
        return "every rule that triggers and foreign keys keep holds"
    return "this code has another version: python -m api migrate brings an older one up"
