"""The demo in a real database, for tests that only read it, and the rows of a big one."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text

from api.seed import seed
from api.seed.demo import demo_rows
from domain.records.base import Record

ISSUER = "http://127.0.0.1:8000/oidc"
TODAY = date(2026, 11, 20)


@pytest.fixture(scope="package")
def ask(database_server: Any, database_template: str) -> Iterator[Callable[..., list[Any]]]:
    """Ask a database with the tiny demo: SQL and its parameters in, rows out."""
    with database_server.clone(database_template) as url:
        seed(url, size="tiny", issuer=ISSUER, today=TODAY, say=lambda line: None)
        with create_engine(url, poolclass=NullPool).connect() as connection:
            yield lambda query, **parameters: list(connection.execute(text(query), parameters))


@pytest.fixture(scope="package")
def demo_size_rows() -> list[Record]:
    """Everything that the demo for people is made of, without a database."""
    return demo_rows("demo", ISSUER, TODAY)
