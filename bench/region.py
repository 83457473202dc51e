"""The data: an invented region in a private PostgreSQL of the benchmark's own, loaded once and kept between runs."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL

from api.database import CONNECTION_SETTINGS, DATABASE_NAME, DatabaseUrls
from api.postgres import forget_postgres, private_postgres
from bench.place import CHECKOUT, PUBLIC_URL, BenchError, own_folder
from bench.telling import say

LOADED = "loaded"
SCHOOLS = 900
FEWEST_LARGE = 20
SCHOOLS_FOR_ONE_LARGE = 14
CHANGED = """
    select schemaname, relname from pg_stat_user_tables
    where n_ins_since_vacuum > 0 or n_mod_since_analyze > 0 order by 1, 2
"""


@dataclass(frozen=True)
class Region:
    """A loaded database. `postmaster` is the process id of its server."""

    folder: Path
    schools: int
    urls: DatabaseUrls
    postmaster: int

    @property
    def libpq(self) -> str:
        """Address for drivers that are not SQLAlchemy, with the same settings as Vhod's own connections."""
        options = "%20".join(f"-c%20{name}%3D{value}" for name, value in CONNECTION_SETTINGS.items())
        return f"postgresql://{self.urls.app.username}@/{DATABASE_NAME}?host={_socket(self.urls.app)}&options={options}"

    @property
    def owner(self) -> str:
        """The same for the owner."""
        return f"postgresql://{self.urls.owner.username}@/{DATABASE_NAME}?host={_socket(self.urls.owner)}"


@contextmanager
def loaded_region(schools: int, *, afresh: bool = False) -> Iterator[Region]:
    """Hold the server of a region of so many schools; load it first where that has not been done.

    Raises BenchError when loading fails. What was loaded by other migrations is loaded again.
    """
    folder = own_folder(f"region-{schools}")
    stamp = folder / LOADED
    if afresh or not stamp.exists() or stamp.read_text() != _structure():
        _load(folder, schools)
        stamp.write_text(_structure())
    with private_postgres(folder / "postgres", durable=True) as server:
        urls = DatabaseUrls.of_private(server, DATABASE_NAME)
        postmaster = int((server.place.data / "postmaster.pid").read_text().split("\n", 1)[0])
        region = Region(folder, schools, urls, postmaster)
        _settle(region)
        yield region


def _settle(region: Region) -> None:
    """Vacuum and analyze whatever changed since that was last done, and wait: else autovacuum does it beside us."""
    with psycopg.connect(region.owner, autocommit=True) as connection:
        changed = [sql.Identifier(*names) for names in connection.execute(CHANGED)]
        if changed:
            say(f"vacuuming {len(changed)} tables that changed")
            connection.execute(sql.SQL("vacuum (analyze) {}").format(sql.SQL(", ").join(changed)))
        connection.execute("checkpoint")


def _load(folder: Path, schools: int) -> None:
    (folder / LOADED).unlink(missing_ok=True)
    if not forget_postgres(folder / "postgres"):
        raise BenchError(f"{folder}: its PostgreSQL is in use by another run")
    say(f"loading a region of {schools} schools into {folder} (minutes; once)")
    command = [sys.executable, "-m", "api", "seed", "--size", "region", "--schools", str(schools)]
    command += ["--large", str(_large(schools))]
    environment = {"PATH": os.environ["PATH"], "VHOD_STATE": str(folder), "PUBLIC_URL": PUBLIC_URL}
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise BenchError(f"the region could not be loaded: `{' '.join(command[1:])}` ended with {done.returncode}")


def _large(schools: int) -> int:
    """How many of them are large: 20 make some 1.8 million marks; a region of 2,500 schools has ten times as many."""
    return min(schools, FEWEST_LARGE if schools <= SCHOOLS else schools // SCHOOLS_FOR_ONE_LARGE)


def _structure() -> str:
    """Hash of the migrations: data of another structure are of no use."""
    files = sorted((CHECKOUT / "migrations").rglob("*"))
    migrations = [path for path in files if path.suffix in (".py", ".sql")]
    return hashlib.sha256(b"".join(path.read_bytes() for path in migrations)).hexdigest()


def _socket(url: URL) -> str:
    return str(url.query["host"])
