"""pg_dump and pg_restore: a whole database into one file and back, in PostgreSQL's own format."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import IO

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from api.postgres.programs import Account, PostgresUnavailableError, find_programs

DUMP = ["--format=custom", "--no-unlogged-table-data"]
SEAL = b"vhod sha-256\n"
"""What stands between a dump and its checksum; pg_restore reads neither."""
CHUNK_BYTES = 1024 * 1024
RESTORE = ["--exit-on-error", "--single-transaction"]


class DumpError(RuntimeError):
    """PostgreSQL's program did not do it; the message is its own."""


def dump(database: URL, target: IO[bytes]) -> None:
    """Write everything in the database, of one moment, and its checksum. Raises DumpError, PostgresUnavailableError."""
    command, environment = _command("pg_dump", database, DUMP)
    digest = hashlib.sha256()
    with (
        tempfile.TemporaryFile() as told,
        subprocess.Popen(command, env=environment, stdin=DEVNULL, stdout=PIPE, stderr=told) as process,  # noqa: S603
    ):
        assert process.stdout is not None
        for chunk in iter(partial(process.stdout.read, CHUNK_BYTES), b""):
            digest.update(chunk)
            target.write(chunk)
        if process.wait() != 0:
            told.seek(0)
            raise DumpError(told.read().decode(errors="replace").strip()[-2000:])
    target.write(SEAL + digest.digest())


def check(file: Path) -> None:
    """Raise DumpError unless the file is as it was written, to the byte.

    PostgreSQL has no checksum over its list of contents: a spoiled file might come back without one of its policies.
    """
    digest, length = hashlib.sha256(), file.stat().st_size - len(SEAL) - hashlib.sha256().digest_size
    with file.open("rb") as content:
        for chunk in iter(lambda: content.read(min(CHUNK_BYTES, max(0, length - content.tell()))), b""):
            digest.update(chunk)
        if content.read() != SEAL + digest.digest():
            raise DumpError("it is no backup of ours, or not all of it is here, or it was changed")


def restore(database: URL, file: Path) -> None:
    """Make everything in the file, all or nothing. Raises DumpError, PostgresUnavailableError."""
    _run("pg_restore", database, [*RESTORE, str(file)])


def owners_in(file: Path) -> set[str]:
    """Roles to whom things in the file belong. Raises DumpError for a file that is no dump."""
    lines = _run("pg_restore", None, ["--list", str(file)]).decode().splitlines()
    # `3465; 1259 16421 TABLE public person postgres`: the owner is last; comments begin with a semicolon.
    return {line.rpartition(" ")[2] for line in lines if not line.startswith(";")} - {""}


def _run(program: str, database: URL | None, words: Sequence[str]) -> bytes:
    command, environment = _command(program, database, words)
    done = subprocess.run(command, env=environment, stdin=DEVNULL, capture_output=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise DumpError(done.stderr.decode(errors="replace").strip()[-2000:])
    return done.stdout


def _command(program: str, database: URL | None, words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Command line and environment; the password goes by the latter: a command line is for everybody to see."""
    address, environment = _address(database) if database is not None else ([], {})
    own = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return [_found(program), *address, *words], own | environment


def _address(database: URL) -> tuple[list[str], dict[str, str]]:
    given = PGDialect_psycopg().create_connect_args(database)[1]  # type: ignore[no-untyped-call]
    password = given.pop("password", None)
    return [f"--dbname={make_conninfo(**given)}"], {} if password is None else {"PGPASSWORD": str(password)}


def _found(program: str) -> str:
    """The wheel's program, which is as new as the server that we are tested with, or that on the path."""
    try:
        return str(find_programs(Account(os.geteuid(), os.getegid())) / program)
    except PostgresUnavailableError:
        on_path = shutil.which(program)
        if on_path is None:
            raise PostgresUnavailableError(f"{program} is missing: install PostgreSQL's client programs") from None
        return on_path
