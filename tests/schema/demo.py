"""The demo behind the whole application, in this process: real database, real tokens, no socket."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx2
import pytest
from sqlalchemy import NullPool, create_engine, text
from starlette.applications import Starlette

import api.app
import api.graphql
from api.app import create_app
from api.database import Database, DatabaseUrls, open_database
from api.seed import broken_rules_of, demo_ids, seed
from api.settings import Settings
from api.stand_in import provider_config
from auth.provider.minting import DEFAULT_SCOPE, mint_access_token
from schema import Contract, build_schema
from schema.engine.context import Context, open_context
from tests.clock import MOMENT, ZONE
from tests.conftest import sources_hash

TODAY = MOMENT.astimezone(ZONE).date()
ORIGIN = "https://diary.example.org"
SETTINGS = Settings(public_address="http://127.0.0.1:9555", allowed_origins=(ORIGIN,), secret_key="k" * 40)
TOKEN_SERVES_SECONDS = 300  # half of its life


@dataclass(frozen=True)
class Answer:
    """What came back, and how many statements were run for it."""

    response: httpx2.Response
    contexts: list[Context]

    @property
    def body(self) -> dict[str, Any]:
        return self.response.json()  # type: ignore[no-any-return]

    @property
    def data(self) -> dict[str, Any]:
        """What was asked for; there must be no error."""
        assert "errors" not in self.body, self.body["errors"]
        return self.body["data"]  # type: ignore[no-any-return]

    @property
    def errors(self) -> list[dict[str, Any]]:
        return self.body.get("errors") or []

    @property
    def codes(self) -> list[str]:
        return [error["extensions"]["code"] for error in self.errors]

    @property
    def denied(self) -> list[dict[str, Any]]:
        return self.body["extensions"]["access"]["denied"]  # type: ignore[no-any-return]

    @property
    def statements(self) -> int:
        """Statements of the document, without the one that tells the database who asks; compiled, it is one."""
        return sum(context.statements.count for context in self.contexts) if self.contexts else 1


class Itself(httpx2.AsyncBaseTransport):
    """How the application reaches its own stand-in: without a socket."""

    inner: httpx2.ASGITransport

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return await self.inner.handle_async_request(request)


@dataclass
class Demo:
    """The application over a seeded database."""

    app: Starlette
    client: httpx2.AsyncClient
    database: Database
    contexts: list[Context] = field(default_factory=list)
    bent: set[str] = field(default_factory=set)
    """Rules that a test itself has broken, past the product, to come to its situation."""
    _tokens: dict[tuple[str, str, str], tuple[str, float]] = field(default_factory=dict)

    async def token(self, viewer: str, client_id: str = "vhod-spa", scope: str = DEFAULT_SCOPE) -> str:
        """An access token of a demo person."""
        key = (viewer, client_id, scope)
        kept, made_at = self._tokens.get(key, ("", 0.0))
        if not kept or time.monotonic() - made_at > TOKEN_SERVES_SECONDS:
            kept = await mint_access_token(self.database.provider, provider_config(SETTINGS), viewer, client_id, scope)
            self._tokens[key] = kept, time.monotonic()
        return kept

    async def headers(self, viewer: str | None, language: str = "ru", **which: str) -> dict[str, str]:
        """The headers of a viewer's request; None is the anonymous caller."""
        told = {"Accept-Language": language}
        return told if viewer is None else told | {"Authorization": f"Bearer {await self.token(viewer, **which)}"}

    async def query(
        self,
        document: str,
        variables: dict[str, Any] | None = None,
        viewer: str | None = "teacher",
        language: str = "ru",
        **which: str,
    ) -> Answer:
        """Run a document as a demo person."""
        self.contexts.clear()
        told = await self.headers(viewer, language, **which)
        response = await self.client.post("/graphql", json={"query": document, "variables": variables}, headers=told)
        return Answer(response, list(self.contexts))

    async def flush(self) -> None:
        """Write the readings that wait."""
        await self.app.state.services.journal.flush()

    def must_be_sound(self) -> None:
        """What `restore` and `seed --check` judge by calls no state broken that the product itself has made."""
        if self.ask("select 1 from audit_entry where request_id is not null limit 1"):
            broken = broken_rules_of(self.database.owner_url, references=False)
            assert broken.keys() <= self.bent, broken

    def ask(self, query: str, **parameters: Any) -> list[Any]:
        """Ask the database as its owner, past row-level security."""
        with create_engine(self.database.owner_url, poolclass=NullPool).begin() as connection:
            result = connection.execute(text(query), parameters)
            return list(result) if result.returns_rows else []


def id_of(kind: str, name: str) -> str:
    """The global id of a row of the demo."""
    return f"{kind}:{demo_ids()[name]}"


@contextmanager
def seeded_template(server: Any, template: str) -> Iterator[str]:
    """Name of a database with the tiny demo, to be copied; made once for all sessions of these sources and moment."""

    def load(url: str) -> None:
        seed(url, size="tiny", issuer=SETTINGS.stand_in_issuer, today=TODAY, say=lambda line: None)

    yield server.loaded(template, f"tiny demo {sources_hash()} {MOMENT.isoformat()}", load)


@cache
def contract() -> Contract:
    """The contract, put together once for all applications of this process: no test of the demo changes it."""
    return build_schema()


@asynccontextmanager
async def open_demo(url: str, *, pool_size: int = 4) -> AsyncIterator[Demo]:
    """The application over this database, running; contexts of its requests are kept to be looked at."""
    database = open_database(DatabaseUrls.of_owner(url), pool_size=pool_size)
    opened: list[httpx2.AsyncClient] = []

    async def fetch(address: str) -> bytes:
        return (await opened[0].get(address)).content

    itself = Itself()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api.app, "build_schema", contract)
        app = create_app(SETTINGS, database, fetch, transport=itself)
    transport = itself.inner = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url=SETTINGS.public_url) as client,
    ):
        opened.append(client)
        demo = Demo(app, client, database)
        with _watched(demo.contexts):
            yield demo
        demo.must_be_sound()
    await database.close()


@contextmanager
def _watched(contexts: list[Context]) -> Iterator[None]:
    """Keep each context that the reference executor opens."""
    original = open_context

    def watched(*given: Any) -> Context:
        contexts.append(original(*given))
        return contexts[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api.graphql, "open_context", watched)
        yield
