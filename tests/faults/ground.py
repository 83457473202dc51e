"""The ground of the faults: a durable PostgreSQL of our own with the demo, copied for each site that is broken."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

from api.database import DatabaseUrls
from api.postgres import PrivateServer, private_postgres
from api.postgres.cluster import Cluster
from api.postgres.place import find_place
from api.postgres.programs import find_programs
from api.seed import seed
from api.settings import Settings
from api.stand_in import provider_config
from auth.provider.minting import mint_access_token
from domain import clock
from tests.conftest import CHECKOUT, DatabaseServer
from tests.faults.ports import free_port
from tests.faults.steps import PAUSES
from tests.schema.writing import FLAGSHIP

AWAY_SECONDS = 30.0
ZONE = ZoneInfo("Asia/Krasnoyarsk")
PAGE = FLAGSHIP.removeprefix("Journal:")
WRITERS = ("teacher", "deputy-head")
"""Two people who may write on the page."""

# Whatever day it is, the page is open and has lessons of today.
OPEN = """
insert into reopening (journal_id, organisation_id, school_year, class_group_id, subject_group_id, reason, opened_by_id,
                       assignment_id, opened_at, until)
select j.id, j.organisation_id, j.school_year, j.class_group_id, j.subject_group_id, 'Проверка отказов', a.person_id,
       a.id, vhod.now() - interval '1 hour', vhod.now() + interval '30 days'
from journal j join assignment a on a.organisation_id = j.organisation_id and a.role = 'DEPUTY_HEAD'
where j.id = %s limit 1
"""
OTHER_PAGE = """
select o.id from journal o join journal j on j.organisation_id = o.organisation_id and j.school_year = o.school_year
where j.id = %s and o.id <> j.id and exists (select from journal_line l where l.journal_id = o.id and l.left_on is null)
order by o.id limit 1
"""
ADD_LESSONS = """
insert into lesson (journal_id, organisation_id, school_year, class_group_id, subject_group_id, held_on, number, status)
select j.id, j.organisation_id, j.school_year, j.class_group_id, j.subject_group_id, %(day)s, n, 'HELD'
from journal j, lateral (select coalesce(max(number), 0) as last from lesson where journal_id = j.id) before,
     lateral generate_series(before.last + 1, before.last + %(count)s) n
where j.id = %(page)s returning id
"""


@dataclass(frozen=True)
class Ground:
    """A running cluster and the name of the seeded database in it."""

    server: PrivateServer
    cluster: Cluster
    databases: DatabaseServer
    template: str

    @contextmanager
    def site(self) -> Iterator["Site"]:
        """A database with the demo and an address for its server."""
        with self.databases.clone(self.template) as url, free_port() as port:
            site = Site(make_url(url).database or "", port, self.server)
            site.prepare()
            yield site

    def restart(self, how: str) -> None:
        """Stop PostgreSQL (fast: in order, immediate: as a crash) and start it again."""
        self.cluster._control("stop", "-m", how)
        self.cluster.ensure_started(durable=True)


@dataclass(frozen=True)
class Site:
    """One database and the port of whoever serves it."""

    database: str
    port: int
    server: PrivateServer

    @property
    def settings(self) -> Settings:
        """The settings of its servers, as far as tokens go."""
        return Settings(public_address=f"http://127.0.0.1:{self.port}")

    @property
    def environment(self) -> dict[str, str]:
        """What its servers find in their environment: each role logs in by its own name, as in production."""
        urls = DatabaseUrls.of_private(self.server, self.database)
        names = {"DATABASE_URL": urls.owner, "APP_DATABASE_URL": urls.app, "PROVIDER_DATABASE_URL": urls.provider}
        return {"PORT": str(self.port)} | {name: url.render_as_string(False) for name, url in names.items()}

    def connect(self) -> psycopg.Connection[Any]:
        """The owner's connection, each statement committed at once."""
        sockets = str(self.server.place.sockets)
        return psycopg.connect(host=sockets, user="postgres", dbname=self.database, autocommit=True)

    def ask(self, query: str, given: Any = None) -> list[Any]:
        """Ask as the owner, past row-level security; where the database is away, until it is back."""
        until = time.monotonic() + AWAY_SECONDS
        while True:
            try:
                with self.connect() as connection:
                    result = connection.execute(query, given)
                    return result.fetchall() if result.description else []
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def prepare(self) -> None:
        """Its own issuer, an open page, and places to stop at."""
        self.ask("update external_identity set issuer = %s where issuer <> ''", [self.settings.stand_in_issuer])
        self.ask(OPEN, [PAGE])
        self.ask("update organisation_policy set homeroom_writes_marks = false")
        for statement in PAUSES:
            self.ask(statement)

    def lessons(self, count: int, page: str = PAGE) -> list[str]:
        """New lessons of today on the page; nobody has written anything there."""
        given = {"day": clock.today(ZONE), "count": count, "page": page}
        return [str(row[0]) for row in self.ask(ADD_LESSONS, given)]

    def lines(self, page: str = PAGE) -> list[str]:
        """The lines of a page, in their order."""
        found = self.ask(
            "select id from journal_line where journal_id = %s and left_on is null order by number", [page]
        )
        return [str(row[0]) for row in found]

    def other_page(self) -> str:
        """Another page of the same school, open as well."""
        [[page]] = self.ask(OTHER_PAGE, [PAGE])
        self.ask(OPEN, [page])
        return str(page)

    async def token(self, viewer: str) -> str:
        """An access token of a demo person, good for minutes."""
        urls, until = DatabaseUrls.of_private(self.server, self.database), time.monotonic() + AWAY_SECONDS
        while True:
            engine = create_async_engine(urls.provider)
            try:
                return await mint_access_token(engine, provider_config(self.settings), viewer)
            except OperationalError:
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(0.05)
            finally:
                await engine.dispose()


@contextmanager
def open_ground() -> Iterator[Ground]:
    """A cluster of its own, whose crash harms nobody, migrated and seeded once; removed in the end."""
    state = CHECKOUT / ".state"
    state.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="faults-", dir=state))
    folder.chmod(0o755)
    place = find_place(folder / "postgres")
    try:
        with private_postgres(folder / "postgres", durable=True) as server:
            databases = DatabaseServer(make_url(server.url("postgres", "postgres")), private=True)
            yield Ground(server, Cluster(place, find_programs(place.account)), databases, _seeded(databases))
    finally:
        shutil.rmtree(place.root, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def _seeded(databases: DatabaseServer) -> str:
    name = databases.template()
    today = clock.today(ZONE)
    url = databases.url.set(database=name).render_as_string(hide_password=False)
    seed(url, size="tiny", issuer="http://127.0.0.1:1/oidc", today=today, say=lambda line: None)
    return name
