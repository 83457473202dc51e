"""A private PostgreSQL for development and tests, as long as somebody uses it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from api.postgres.cluster import Cluster
from api.postgres.locks import Users, locked
from api.postgres.place import Place, find_place
from api.postgres.programs import PostgresUnavailableError, find_programs

__all__ = ["PostgresUnavailableError", "PrivateServer", "forget_postgres", "private_postgres"]


@dataclass(frozen=True)
class PrivateServer:
    """A running server that answers on a unix socket and trusts whoever can open it."""

    place: Place

    def url(self, database: str, user: str) -> str:
        """SQLAlchemy address of a database for a user; no password is asked."""
        return f"postgresql+psycopg://{quote(user)}@/{quote(database)}?host={quote(str(self.place.sockets))}"


@contextmanager
def private_postgres(folder: Path, *, durable: bool) -> Iterator[PrivateServer]:
    """Start the folder's server or join it; stop it at the end if nobody else uses it.

    Processes that share a folder share the server. `durable=False` is for data that may be lost.
    Raises PostgresUnavailableError when the programs are missing or the server does not start.
    """
    place = find_place(folder)
    cluster = Cluster(place, find_programs(place.account))
    with locked(place.root / "start.lock"):
        users = Users(place.root / "users.lock")
        try:
            cluster.ensure_made()
            cluster.ensure_started(durable=durable)
        except BaseException:
            users.leave()
            raise
    try:
        yield PrivateServer(place)
    finally:
        with locked(place.root / "start.lock"):
            if users.leave():
                cluster.stop()


def forget_postgres(folder: Path) -> bool:
    """Remove the folder's server with all its data, stopping one that a killed user left over.

    False, and nothing is touched, while somebody uses it.
    """
    place = find_place(folder)
    with locked(place.root / "start.lock"):
        if not Users(place.root / "users.lock").leave():
            return False
        if place.data.exists():
            cluster = Cluster(place, find_programs(place.account))
            if cluster.answers():
                cluster.stop()
        shutil.rmtree(place.home)  # the locks stay: somebody may be waiting for them
    return True
