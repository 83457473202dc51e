"""Every migration after the first release can run while servers of the release before serve."""

from pathlib import Path

import pytest

from tests.api.expanding import loaded, objections, statements_of
from tests.conftest import CHECKOUT

VERSIONS = CHECKOUT / "migrations" / "versions"
BASE = {f"base_{number}" for number in range(1, 6)}
"""Before these there was nobody to be disturbed."""
NEW = [file for file in sorted(VERSIONS.glob("*.py")) if loaded(file).revision not in BASE]


@pytest.mark.parametrize("migration", NEW, ids=lambda file: file.stem)
def test_migration_expands(migration: Path) -> None:
    """It adds and fills; what removes or locks says in its file why it may."""
    module = loaded(migration)
    contracts, locks = (getattr(module, name, "") for name in ("CONTRACTS", "LOCKS"))

    assert objections(statements_of(migration), contracts=bool(contracts), locks=bool(locks)) == []
    assert all(len(reason) > 20 for reason in (contracts, locks) if reason)


HARMFUL = [
    "alter table person drop column gender",
    "drop table lesson",
    "alter table person rename column gender to sex",
    "alter table person rename to people",
    "alter table person alter column gender type integer using 1",
    "alter table person alter column gender set not null",
    "alter table person add column motto text not null",
    "alter table person add column a text, add column b text not null",
    "alter table person add constraint short check (length(motto) < 9)",
    "alter table person add foreign key (a) references b",
    "create index slow on person (gender)",
    "create unique index slow on person (gender)",
    "lock table person",
    "revoke select on person from vhod_app",
    "drop function vhod.person()",
]
HARMLESS = [
    "alter table person add column motto text",
    "alter table person add column motto text not null default ''",
    "alter table person add constraint short check (length(motto) < 9) not valid",
    "alter table person validate constraint short",
    "create index concurrently quick on person (gender)",
    "create table note (id uuid primary key, body text not null)",
    "create policy reading on person for select to vhod_app using (true)",
    "revoke all on person from public",
    "create or replace function vhod.person() returns uuid language sql return null",
]


@pytest.mark.parametrize("statement", HARMFUL)
def test_harmful_statement_is_named(statement: str) -> None:
    """Each would stop or break a server of the release before; a stated reason lets it pass."""
    assert len(objections([statement])) == 1
    assert objections([statement], contracts=True, locks=True) == []


def test_harmless_statements_pass() -> None:
    """So may whatever concerns a table that the same migration makes."""
    made = [
        "create table note (id uuid)",
        "create index notes on note (id)",
        "alter table note add check (id is not null)",
    ]
    replaced = ["drop function vhod.person()", "create function vhod.person() returns uuid language sql return null"]

    assert [objections([statement]) for statement in HARMLESS] == [[] for _ in HARMLESS]
    assert objections(made) == []
    assert objections(replaced) == []
