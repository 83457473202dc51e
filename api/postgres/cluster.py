"""One PostgreSQL cluster: made, started, asked whether it answers, stopped."""

import shlex
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

from api.postgres.place import SOCKET, Place
from api.postgres.programs import PostgresUnavailableError

PATIENCE_SECONDS = 60.0
LOCALE = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
PRIVATE = {"listen_addresses": "", "max_connections": "200"}
THROWN_AWAY = {  # tests: a crash may lose everything
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@dataclass(frozen=True)
class Cluster:
    """A server in its place. Every method but `answers` needs the lock of start and stop."""

    place: Place
    programs: Path

    def answers(self) -> bool:
        """Ask over the socket. Only an answer is believed, never a pid file."""
        return self._run("pg_isready", "-q", "-h", self.place.sockets, "-U", "postgres").returncode == 0

    def ensure_made(self) -> None:
        """Make the data folder; half a folder is never taken for a whole one."""
        if self.place.data.exists():
            return
        unfinished = self.place.home / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        made = self._run("initdb", *LOCALE, "--auth=trust", "--username=postgres", "-D", unfinished)
        if made.returncode != 0:
            raise PostgresUnavailableError(f"initdb failed: {made.stdout[-2000:]}")
        unfinished.rename(self.place.data)

    def ensure_started(self, *, durable: bool) -> None:
        """Join the server that runs, or start one over whatever a killed one left behind."""
        if self._answers_in_the_end():
            return
        self._clear_remains()
        settings = PRIVATE | ({} if durable else THROWN_AWAY)
        # Quoted twice: as an item of PostgreSQL's list, then as a word of pg_ctl's shell.
        words = [f"-c {name}={shlex.quote(value)}" for name, value in settings.items()]
        words.append("-c unix_socket_directories=" + shlex.quote(f'"{self.place.sockets}"'))
        started = self._control("start", "-l", self.place.log, "-o", " ".join(words))
        if not started or not self.answers():
            raise PostgresUnavailableError(f"PostgreSQL did not start; its log ends:\n{self._log_end()}")

    def stop(self) -> None:
        """Stop in order. A server that does not stop in time is joined by the next start."""
        self._control("stop", "-m", "fast")

    def _answers_in_the_end(self) -> bool:
        """Wait for a server that is starting, recovering or stopping: it lives but does not answer."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not (answers := self.answers()) and self._lives():
            if time.monotonic() > until:
                raise PostgresUnavailableError(f"PostgreSQL lives but is silent; its log ends:\n{self._log_end()}")
            time.sleep(0.05)
        return answers

    def _lives(self) -> bool:
        """Look for a process that works in the data folder; a zombie has no folder any more."""
        data = str(self.place.data)
        return any(_working_folder(process) == data for process in Path("/proc").glob("[0-9]*"))

    def _clear_remains(self) -> None:
        """PostgreSQL itself refuses to start over a pid file that names any process, even a zombie."""
        remains = [self.place.data / "postmaster.pid", self.place.log]
        remains += [self.place.sockets / SOCKET, self.place.sockets / f"{SOCKET}.lock"]
        for remain in remains:
            remain.unlink(missing_ok=True)

    def _control(self, verb: str, *words: str | Path) -> bool:
        wait = ["-w", "-t", str(int(PATIENCE_SECONDS)), "-s"]
        return self._run("pg_ctl", verb, "-D", self.place.data, *wait, *words).returncode == 0

    def _run(self, program: str, *words: str | Path) -> CompletedProcess[str]:
        return self.place.account.run([self.programs / program, *words], seconds=PATIENCE_SECONDS + 30)

    def _log_end(self) -> str:
        log = self.place.log
        return log.read_text(errors="replace")[-2000:] if log.exists() else "(nothing)"


def _working_folder(process: Path) -> str | None:
    try:
        return str((process / "cwd").readlink())
    except OSError:  # gone, a zombie, or somebody else's
        return None
