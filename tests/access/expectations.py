"""The expectations as they were written: which role sees which field of a row that stands to it in which relation.

`A|B` means each of them, `!A|B` all but them, `*` all. `Type.*` speaks of the row and of all its fields; a row that
names the field decides that field, where the row itself is visible. An edge is decided like a field; what it leads to
is decided by the rows of that type.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path

from domain.roles import Role
from tests.access.relations import Relation

FILE = Path(__file__).with_name("expectations.csv")


class Sight(IntEnum):
    """How much is seen; the union of two is the greater."""

    ABSENT = 0
    MASKED = 1
    FULL = 2


@dataclass(frozen=True)
class Expectation:
    """One line of the file, its words spelled out."""

    roles: frozenset[Role]
    fields: frozenset[str]
    relations: frozenset[Relation]
    sight: Sight
    reason: str

    def speaks_of(self, role: Role, field: str, relation: Relation) -> bool:
        """Whether it decides this field or wildcard for this role in this relation."""
        return role in self.roles and field in self.fields and relation in self.relations


@cache
def expectations() -> tuple[Expectation, ...]:
    """All lines, in the order of the file."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Expectation(
                frozenset(Role(word) for word in _words(line["role"], Role)),
                frozenset(line["field"].split("|")),
                frozenset(Relation(word) for word in _words(line["relation"], Relation)),
                Sight[line["expected"].upper()],
                line["reason"],
            )
            for line in csv.DictReader(lines)
        )


@cache
def _by_field() -> dict[str, list[Expectation]]:
    """The lines that name a field or wildcard: there are hundreds of lines, and few of them for each field."""
    found: dict[str, list[Expectation]] = {}
    for line in expectations():
        for field in line.fields:
            found.setdefault(field, []).append(line)
    return found


def speaking(role: Role, field: str, relation: Relation) -> list[Expectation]:
    """The lines that decide this field or wildcard for this role in this relation."""
    return [line for line in _by_field().get(field, ()) if line.speaks_of(role, field, relation)]


def deciding(role: Role, coordinate: str, relation: Relation) -> list[Expectation]:
    """The lines that decide a field: those that name it, else those of its type. There must be exactly one."""
    return speaking(role, coordinate, relation) or speaking(role, wildcard(coordinate), relation)


@cache
def sight(role: Role, coordinate: str, relation: Relation) -> Sight:
    """What a role sees of a field, given that it may see the row."""
    [line] = deciding(role, coordinate, relation)
    return line.sight


@cache
def sees_row(role: Role, type_name: str, relation: Relation) -> bool:
    """Whether a row of this type exists for a role."""
    [line] = speaking(role, f"{type_name}.*", relation)
    return line.sight > Sight.ABSENT


@cache
def ever(role: Role, coordinate: str, *, case: bool = False) -> bool:
    """Whether a role sees this field, or rows of this type (`Type.*`), in full in any relation.

    `case`: with a person named to it; otherwise with anything else.
    """
    type_name = coordinate.partition(".")[0]
    relations = [one for one in Relation if (one is Relation.NAMED) == case]
    if coordinate.endswith(".*"):
        return any(sees_row(role, type_name, relation) for relation in relations)
    rowless = type_name in ("Query", "Mutation", "Subscription")
    return any(
        (rowless or sees_row(role, type_name, r)) and sight(role, coordinate, r) is Sight.FULL for r in relations
    )


def wildcard(coordinate: str) -> str:
    """The type of a field, as the file writes it."""
    return coordinate.partition(".")[0] + ".*"


def _words(text: str, everything: Iterable[str]) -> list[str]:
    if text == "*":
        return list(everything)
    if text.startswith("!"):
        left_out = text[1:].split("|")
        unknown = set(left_out) - {str(word) for word in everything}
        if unknown:
            raise ValueError(f"no such word: {unknown}")
        return [word for word in everything if word not in left_out]
    return text.split("|")
