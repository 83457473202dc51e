"""Giving roles: who gives which role, with which reach, who opens cases and who confirms. Asked without changing a row.

Each request names a holder, a student or an assignment with which nothing can be changed: what it is refused for says
whether the role would have been given. The tables are written by hand: domain.md 2.3 (rules a and b), access.md 1.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from domain.records import Assignment, Organisation
from domain.roles import ReachKind, Role
from tests.access.contract import global_id
from tests.access.door import Account, Answer, Door
from tests.access.examination import Case
from tests.access.world import World

R, A = Role, ReachKind  # the tables below name little else
Way = tuple[Role, ReachKind]

GIVES: dict[Role, frozenset[Way]] = {
    # Rule a: inside the organisation. What watches over it or heads it, and the families' roles, are not theirs.
    R.ORG_ADMIN: frozenset({
        (R.TEACHER, A.SUBJECT_GROUPS), (R.HOMEROOM_TEACHER, A.CLASS_GROUPS), (R.MAIL_USER, A.SELF),
        *((role, A.ORGANISATION) for role in (
            R.DEPUTY_HEAD, R.ENROLMENT_OPERATOR, R.REHABILITATION_OPERATOR, R.TALENT_OPERATOR, R.HR_SPECIALIST,
            R.CURRICULUM_SPECIALIST, R.GENERAL_EDUCATION_SPECIALIST, R.SCREENING_SPECIALIST, R.ORG_MAILBOX,
        )),
    }),
    # Row 18 registers school administrators; the founder appoints heads and sends experts and auditors.
    R.MUNICIPAL_COORDINATOR: frozenset(
        (role, A.ORGANISATION)
        for role in (R.ORG_ADMIN, R.PRINCIPAL, R.GENERAL_EDUCATION_SPECIALIST, R.EXPERT, R.AUDITOR)
    ),
    # Row 17 registers municipal coordinators, and whoever works for a municipality as a whole.
    R.REGIONAL_COORDINATOR: frozenset({
        *((role, A.ORGANISATION) for role in (R.ORG_ADMIN, R.EXPERT, R.AUDITOR)),
        *((role, A.ORGANISATION_TREE) for role in (
            R.MUNICIPAL_COORDINATOR, R.ENROLMENT_OPERATOR, R.REHABILITATION_OPERATOR, R.TALENT_OPERATOR,
            R.GENERAL_EDUCATION_SPECIALIST, R.AUTHORITY_VIEWER, R.AUDITOR,
        )),
    }),
}  # fmt: skip
"""Whoever is not named gives nothing at all."""

OPENS: dict[Role, frozenset[Role]] = {
    # Row 11: persons for supervision cases only; row 20: special data by named grant, nobody's own word.
    R.DEPUTY_HEAD: frozenset({R.GENERAL_EDUCATION_SPECIALIST, R.PRINCIPAL}),
    R.PRINCIPAL: frozenset({R.GENERAL_EDUCATION_SPECIALIST}),
}
"""Who opens a case for whom."""

_PEDAGOGIC = frozenset({
    (R.TEACHER, A.SUBJECT_GROUPS), (R.HOMEROOM_TEACHER, A.CLASS_GROUPS), (R.DEPUTY_HEAD, A.ORGANISATION),
    (R.ENROLMENT_OPERATOR, A.ORGANISATION), (R.TALENT_OPERATOR, A.ORGANISATION), (R.AUDITOR, A.ORGANISATION),
})  # fmt: skip
CONFIRMS: dict[Role, frozenset[Way]] = {
    # access.md 1: pedagogic grants are confirmed by the principal or a deputy head, special data by the principal.
    R.DEPUTY_HEAD: _PEDAGOGIC | {(R.PRINCIPAL, A.ORGANISATION)},
    R.PRINCIPAL: _PEDAGOGIC | {
        (role, A.ORGANISATION) for role in (R.REHABILITATION_OPERATOR, R.HR_SPECIALIST, R.SCREENING_SPECIALIST)
    },
    # Whom a region or a school names for a municipality's children, the municipality confirms.
    R.MUNICIPAL_COORDINATOR: frozenset({
        (R.PRINCIPAL, A.PERSONS), (R.GENERAL_EDUCATION_SPECIALIST, A.PERSONS),
        *((role, A.ORGANISATION_TREE) for role in (R.ENROLMENT_OPERATOR, R.REHABILITATION_OPERATOR, R.TALENT_OPERATOR)),
    }),
    R.REGIONAL_COORDINATOR: frozenset({(R.PRINCIPAL, A.ORGANISATION)}),
}  # fmt: skip
"""The second person."""

GIVERS = (R.ORG_ADMIN, R.MUNICIPAL_COORDINATOR, R.REGIONAL_COORDINATOR, R.DEPUTY_HEAD, R.PRINCIPAL)
"""Who gives or confirms anything."""

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


def grants(place: Organisation, ways: Iterable[Way]) -> list[Question]:
    """Give each role, with each reach, to nobody."""
    since = "2026-01-01"
    return [
        Question(
            f"gives {role} {reach}",
            "grantAssignment",
            {"role": role, "reach": reach, "holderId": f"StaffMember:{NOBODY}", "organisationId": _at(place),
             "validFrom": since},
            "NOT_FOUND",
        )
        for role, reach in ways
    ]  # fmt: skip


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
    return code in {one.passed, FORBIDDEN if one.mutation in _kinds(by) else NOT_JUST_THIS}


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
