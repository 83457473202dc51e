"""Door: the real application before the world's database; whoever knocks has a token of an issuer of our own."""

import io
import json
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from unittest.mock import patch

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey
from sqlalchemy import make_url
from starlette.applications import Starlette

from api.app import create_app
from api.database import CONNECTION_SETTINGS, Database, DatabaseUrls, make_engine, open_database
from api.graphql import Services
from api.logs import configure_logs
from api.overload import work
from api.settings import LogFormat, Settings
from auth.issuers import Issuer
from domain import clock
from tests.access.builder import ISSUER

ALL_SCOPES = frozenset({"education:read", "education:write", "education:special"})
AUDIENCE = "vhod-api"
ADDRESS = "http://127.0.0.1:9400"
PATIENCE_SECONDS = 120.0
PATIENT_DATABASE = dict.fromkeys(("statement_timeout", "idle_in_transaction_session_timeout"), "120000")
"""What is proved is the answer. When one comes too late is tried in tests/api/test_overload.py."""


@cache
def signing_key() -> ECKey:
    """The key of the tests' issuer."""
    return ECKey.generate_key("P-256", {"kid": "access-1", "alg": "ES256", "use": "sig"})


@dataclass(frozen=True)
class Account:
    """How somebody signs in: their subject, and what the token says of client and account."""

    subject: str
    scopes: frozenset[str] = ALL_SCOPES
    trusted: bool = True
    level: str = "PR"
    client: str = "access-tests"
    preview: str | None = None

    def headers(self) -> dict[str, str]:
        """The headers of a request of theirs."""
        told = {"Authorization": f"Bearer {self.token()}"}
        return told if self.preview is None else told | {"Vhod-Preview-Role": self.preview}

    def token(self) -> str:
        """An access token as RFC 9068 has it."""
        now = clock.seconds()
        claims = {
            "iss": ISSUER, "sub": self.subject, "aud": AUDIENCE, "client_id": self.client, "iat": now - 5,
            "auth_time": now - 5,
            "exp": now + 600, "scope": " ".join(sorted(self.scopes)), "urn:esia:sbj:lvl": self.level,
            "urn:esia:sbj:is_tru": self.trusted,
        }  # fmt: skip
        return jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": "access-1"}, claims, signing_key())


@dataclass
class Answer:
    """One answer, whole: what is searched for leaks is every byte of it."""

    status: int
    headers: str
    text: str
    json: Any = field(repr=False)

    @property
    def data(self) -> Any:
        """The data."""
        return self.json.get("data")

    @property
    def errors(self) -> list[Any]:
        """The errors, none as an empty list."""
        return self.json.get("errors", [])  # type: ignore[no-any-return]

    @property
    def denied(self) -> list[dict[str, Any]]:
        """The refusals listed."""
        return self.json["extensions"]["access"]["denied"]  # type: ignore[no-any-return]


@dataclass
class Door:
    """The application in this process, and what it has logged."""

    app: Starlette
    client: httpx2.AsyncClient
    log: io.StringIO
    _heard: int = 0

    def logged(self) -> str:
        """What has been logged since this was last asked."""
        self.log.seek(self._heard)
        text = self.log.read()
        self._heard = self.log.tell()
        return text

    @property
    def services(self) -> Services:
        """What the application was composed of."""
        return self.app.state.services  # type: ignore[no-any-return]

    async def ask(self, query: str, account: Account | None = None, **variables: Any) -> Answer:
        """Ask as somebody; None asks without a token."""
        return await ask(self.client, query, account, **variables)

    async def nodes(self, selection: str, ids: Sequence[str], account: Account | None = None) -> list[Answer]:
        """Ask for objects by id, as many at a time as one request may have."""
        query = f"query Nodes($ids: [ID!]!) {{ nodes(ids: $ids) {{ {selection} }} }}"
        parts = [ids[start : start + 100] for start in range(0, len(ids), 100)]
        return [await self.ask(query, account, ids=list(part)) for part in parts]


async def ask(client: httpx2.AsyncClient, query: str, account: Account | None, **variables: Any) -> Answer:
    """One request to /graphql."""
    headers = {} if account is None else account.headers()
    answer = await client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
    told = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return Answer(answer.status_code, told, answer.text, json.loads(answer.text))


def make_settings() -> Settings:
    """Settings that trust the tests' issuer alone."""
    issuer = Issuer(issuer=ISSUER, audience=AUDIENCE, jwks_uri=f"{ISSUER}/keys")
    return Settings(configured_issuers=(issuer,), configured_stand_in=False, public_address=ADDRESS)


async def published_keys(_: str) -> bytes:
    """What the tests' issuer publishes."""
    return json.dumps({"keys": [signing_key().as_dict(private=False)]}).encode()


def make_application(owner_url: str, *, role: str | None = None) -> tuple[Starlette, Database]:
    """The application over a database; `role` serves as another database role than the application's own."""
    with patch.dict(CONNECTION_SETTINGS, PATIENT_DATABASE):
        database = open_database(DatabaseUrls.of_owner(owner_url), pool_size=2)
        if role is not None:
            url = make_url(owner_url).update_query_dict({"options": f"-c role={role}"}, append=True)
            database = Database(database.urls, make_engine(url, pool_size=2), database.provider)
    return create_app(make_settings(), database, published_keys), database


@contextmanager
def patience() -> Iterator[None]:
    """A request is waited for longer than callers wait: nothing else of the door is other than it is served."""
    before = work.READ_SECONDS, work.WRITE_SECONDS
    work.READ_SECONDS = work.WRITE_SECONDS = PATIENCE_SECONDS
    try:
        yield
    finally:
        work.READ_SECONDS, work.WRITE_SECONDS = before


@asynccontextmanager
async def open_door(owner_url: str, *, role: str | None = None) -> AsyncIterator[Door]:
    """Open the application; close its connections in the end."""
    app, database = make_application(owner_url, role=role)
    log = io.StringIO()
    transport = httpx2.ASGITransport(app=app)
    async with app.router.lifespan_context(app), httpx2.AsyncClient(transport=transport, base_url=ADDRESS) as client:
        configure_logs(LogFormat.JSON, log)
        try:
            yield Door(app, client, log)
        finally:
            configure_logs(LogFormat.TEXT, io.StringIO())
            await database.close()


def texts(answers: Iterable[Answer]) -> str:
    """Every byte of some answers."""
    return "\n".join(answer.headers + "\n" + answer.text for answer in answers)
