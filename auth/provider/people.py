"""Demo people: who can sign in at the stand-in. Invented; shown in development mode only."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from auth.provider.person import Person


@dataclass(frozen=True)
class DemoPerson(Person):
    """A person with the key by which documents and commands name them, and what they show.

    `login` and `passphrase` are there for a child only, who signs in by the child form.
    """

    key: str
    title: str
    shows: str
    login: str | None = None
    passphrase: str | None = None


@cache
def load_people() -> dict[str, DemoPerson]:
    """All demo people by key, in the order of the file. Raises ValueError when an oid or SNILS occurs twice."""
    tables = tomllib.loads(Path(__file__).with_name("people.toml").read_text(encoding="utf-8"))
    people = {key: DemoPerson(key=key, **table) for key, table in tables.items()}
    for name in ("oid", "snils"):
        values = [getattr(person, name) for person in people.values()]
        if len(set(values)) != len(values):
            raise ValueError(f"Two demo people have the same {name}.")
    return people
