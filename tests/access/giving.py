"""Giving roles: who gives which role, with which reach, who opens cases and who confirms. Asked without changing a row.

Each request names a holder, a student or an assignment with which nothing can be changed: what it is refused for says
whether the role would have been given. What the domain says (2.3 with its rules a and b, access.md 1) stands in
giving.csv, line by line, written from the document: no line of it comes from the table under test.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from auth.granting import fits
from domain.records import Assignment, Organisation
from domain.records.organisations import OrganisationKind
from domain.roles import ReachKind, Role
from tests.access.contract import global_id
from tests.access.door import Account, Answer, Door
from tests.access.examination import Case
from tests.access.world import World

Way = tuple[Role, ReachKind]

_LEARNING = frozenset({
    OrganisationKind.SCHOOL, OrganisationKind.PRESCHOOL, OrganisationKind.VOCATIONAL, OrganisationKind.EXTRA_EDUCATION,
})  # fmt: skip
_PLACES: dict[str, frozenset[OrganisationKind]] = {
    "organisation": _LEARNING,
    "municipality": frozenset({OrganisationKind.MUNICIPALITY}),
    "region": frozenset({OrganisationKind.REGION}),
    "any": frozenset(OrganisationKind),
}
"""Words of the column `at`."""


@dataclass(frozen=True)
class Line:
    """One line of giving.csv: who gives a role with a reach, at which places, who confirms it, and where that stands.

    `at` is empty for what is held without a grant.
    """

    role: Role
    reach: ReachKind
    at: frozenset[OrganisationKind]
    given_by: frozenset[Role]
    confirmed_by: frozenset[Role]
    because: str

    @property
    def way(self) -> Way:
        """The role with its reach."""
        return self.role, self.reach


_WHO = "given_by", "confirmed_by"


def _read() -> Iterator[Line]:
    with (Path(__file__).parent / "giving.csv").open(encoding="utf-8") as file:
        for one in csv.DictReader(file):
            given, confirmed = (frozenset(map(Role, one[c].split("|"))) if one[c] else frozenset() for c in _WHO)
            at = (_PLACES[word] for word in one["at"].split("|") if word != "none")
            places = frozenset[OrganisationKind]().union(*at)
            yield Line(Role(one["role"]), ReachKind(one["reach"]), places, given, confirmed, one["because"])


LINES = tuple(_read())
"""The document, line by line."""
GIVERS = (Role.ORG_ADMIN, Role.MUNICIPAL_COORDINATOR, Role.REGIONAL_COORDINATOR, Role.DEPUTY_HEAD, Role.PRINCIPAL)
"""Who gives or confirms anything."""


def _by(giver: Role, *, cases: bool) -> frozenset[Way]:
    return frozenset(one.way for one in LINES if giver in one.given_by and (one.reach is ReachKind.PERSONS) == cases)


GIVES: dict[Role, frozenset[Way]] = {by: ways for by in GIVERS if (ways := _by(by, cases=False))}
"""Whoever is not named gives nothing at all."""
OPENS: dict[Role, frozenset[Role]] = {
    by: frozenset(role for role, _ in ways) for by in GIVERS if (ways := _by(by, cases=True))
}
"""Who opens a case for whom."""
CONFIRMS: dict[Role, frozenset[Way]] = {
    by: ways for by in GIVERS if (ways := frozenset(one.way for one in LINES if by in one.confirmed_by))
}
"""The second person."""
HELD_AT: dict[Way, frozenset[OrganisationKind]] = {one.way: one.at for one in LINES if one.at}
"""At which places a role with a reach is held."""


def places_of(way: Way) -> frozenset[OrganisationKind]:
    """Kinds of places at which the server lets a role with a reach be held."""
    role, reach = way
    return frozenset(kind for kind in OrganisationKind if fits(role, reach, kind))


NOBODY = "00000000-0000-4000-8000-000000000000"
MOST = 10
"""Changes of one request."""


@dataclass(frozen=True)
class Question:
    """One change that somebody tries. `passed` is the code of what comes after the question whether they may."""

    name: str
    mutation: str
    fields: dict[str, Any]
    passed: str

    def text(self, number: int) -> str:
        """As a field of a document."""
        given = {"clientMutationId": uuid4(), **self.fields}
        fields = " ".join(f"{name}: {_literal(value)}" for name, value in given.items())
        return f"c{number}: {self.mutation}(input: {{ {fields} }}) {{ userErrors {{ code }} }}"


def _literal(value: Any) -> str:
    return str(value) if isinstance(value, Role | ReachKind) else f'"{value}"'


def grants(world: World, by: Role, ways: Iterable[Way]) -> list[Question]:
    """Give each role, with each reach, to nobody: at school A, what is for a whole municipality there."""
    school, town = world.schools["A"], world.schools["town"]
    tree = ReachKind.ORGANISATION_TREE if by is Role.REGIONAL_COORDINATOR else None
    return [given_at(town if way[1] is tree else school, way) for way in ways]


def given_at(place: Organisation, way: Way) -> Question:
    """Give a role with a reach to nobody at a place."""
    role, reach = way
    fields = {"role": role, "reach": reach, "holderId": f"StaffMember:{NOBODY}", "organisationId": _at(place)}
    return Question(f"gives {role} {reach}", "grantAssignment", fields | {"validFrom": "2026-01-01"}, "NOT_FOUND")


def cases_opened(world: World, place: Organisation, roles: Iterable[Role]) -> list[Question]:
    """Open a case about nobody for each role."""
    today = world.rows.today
    days = {"validFrom": today, "validTo": today + timedelta(days=5), "reason": "tried"}
    return [
        Question(
            f"opens {role}",
            "openCase",
            {"role": role, "holderId": f"StaffMember:{NOBODY}", "studentId": f"Student:{NOBODY}",
             "organisationId": _at(place), **days},
            "NOT_FOUND",
        )
        for role in roles
    ]  # fmt: skip


def confirmations(world: World, case: Case, ways: Iterable[Way]) -> list[Question]:
    """Confirm a role of each kind that nobody waits for, of somebody else's."""
    found = {way: _held(world, way, case.expected.who.person) for way in ways}
    return [
        Question(
            f"confirms {role} {reach}",
            "confirmAssignment",
            {"assignmentId": global_id("Assignment", row)},
            "NOTHING_TO_CONFIRM",
        )
        for (role, reach), row in found.items()
        if row is not None
    ]


def _held(world: World, way: Way, person: Any) -> Assignment | None:
    """An assignment of that kind at school A, or of its municipality, that waits for nobody."""
    places = {world.schools["A"].id, world.schools["town"].id}
    held = (row for row in world.rows.all(Assignment) if (row.role, row.reach) == way)
    return next(
        (
            row
            for row in held
            if row.organisation_id in places
            and not row.awaits_confirmation
            and row.ended_at is None
            and row.person_id != person
        ),
        None,
    )


def _at(place: Organisation) -> str:
    return f"Organisation:{place.id}"


async def codes(door: Door, account: Account | None, questions: Sequence[Question]) -> dict[str, str]:
    """What each question is refused for, by its name. An error ends its request: the others are asked again."""
    found: dict[str, str] = {}
    left = list(questions)
    while left:
        part = left[:MOST]
        text = " ".join(one.text(number) for number, one in enumerate(part))
        told = _told(await door.ask(f"mutation {{ {text} }}", account))
        found |= {one.name: told[number] for number, one in enumerate(part) if number in told}
        left = [one for one in left if one.name not in found]
    return found


def _told(answer: Answer) -> dict[int, str]:
    """Codes by the number of the question."""
    if answer.data is None:
        [error] = answer.errors
        return {int(error["path"][0][1:]): error["extensions"]["code"]}
    return {
        int(name[1:]): "".join(one["code"] for one in payload["userErrors"]) for name, payload in answer.data.items()
    }


async def differences(door: Door, account: Account | None, by: Role, questions: Sequence[Question]) -> list[str]:
    """What is let through or held back otherwise than written down; nothing when all is well."""
    found = await codes(door, account, questions)
    return [f"{by} {one.name}: {found[one.name]}" for one in questions if _is_wrong(by, one, found[one.name])]


def _is_wrong(by: Role, one: Question, code: str) -> bool:
    if one.name in expected(by):
        return code != one.passed
    # Who makes such changes is told that just this one is not theirs, everybody else that none is.
    return code in {one.passed, "PLACE_UNFIT", FORBIDDEN if one.mutation in _kinds(by) else NOT_JUST_THIS}


FORBIDDEN, NOT_JUST_THIS = "FORBIDDEN", "ROLE_NOT_GRANTABLE"


def _kinds(by: Role) -> set[str]:
    """Changes that a role makes at all."""
    tables: dict[str, dict[Role, Any]] = {"grantAssignment": GIVES, "openCase": OPENS, "confirmAssignment": CONFIRMS}
    return {mutation for mutation, table in tables.items() if by in table}


def expected(by: Role) -> set[str]:
    """Names of the questions that must be let through, by hand."""
    return {
        *(f"gives {role} {reach}" for role, reach in GIVES.get(by, ())),
        *(f"opens {role}" for role in OPENS.get(by, ())),
        *(f"confirms {role} {reach}" for role, reach in CONFIRMS.get(by, ())),
    }
