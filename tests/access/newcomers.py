"""Newcomers: people who come into a world while the tests run, and what they see there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from domain.records import AttendanceRecord, JournalLine, Mark, Person
from domain.roles import Role
from tests.access.builder import ISSUER, REACH
from tests.access.contract import global_id
from tests.access.door import Account, Door
from tests.access.world import World


class Newcomers:
    """People who come into the world while the tests run."""

    def __init__(self, world: World, change: Callable[..., None]) -> None:
        self._world = world
        self._change = change

    def person(self, name: str) -> tuple[Any, Account]:
        """A person with a confirmed account and no role."""
        key, subject = uuid4(), f"newcomer {name} {uuid4()}"
        self._change(
            "insert into person (id, last_name, first_name, provenance) values (:id, :name, 'New', 'ENTERED')",
            id=key,
            name=name,
        )
        self._change(
            "insert into external_identity (issuer, subject, person_id) values (:issuer, :subject, :person)",
            issuer=ISSUER,
            subject=subject,
            person=key,
        )
        return key, Account(subject)

    def grant(self, person: Any, role: Role, target: Any = None, *, since: int = -5, until: int | None = None) -> Any:
        """A role from one day (counted from today) to another."""
        key, today = uuid4(), self._world.rows.today
        self._change(
            "insert into assignment (id, person_id, role, reach, organisation_id, class_group_id, subject_group_id,"
            " valid_from, valid_to, awaits_confirmation)"
            " values (:id, :person, :role, :reach, :organisation, :class, :group, :since, :until, false)",
            id=key, person=person, role=role.value, reach=REACH[role].value,
            organisation=getattr(target, "organisation_id", target.id) if target is not None else None,
            **{"class": target.id if role is Role.HOMEROOM_TEACHER else None},
            group=target.id if role is Role.TEACHER else None, since=today + timedelta(days=since),
            until=None if until is None else today + timedelta(days=until),
        )  # fmt: skip
        return key

    def guardian(self, person: Any, child: Person) -> None:
        """Make somebody the representative of a child."""
        self._change(
            "insert into guardianship (guardian_id, student_id, kind, valid_from)"
            " values (:guardian, :child, 'PARENT', :since)",
            guardian=person, child=child.id, since=self._world.rows.today - timedelta(days=200),
        )  # fmt: skip

    def ban(self, person: Any, subject: Person) -> None:
        """A court's ban."""
        self._change(
            "insert into restriction (person_id, subject_person_id, kind, act, valid_from)"
            " values (:person, :subject, 'COURT_BAN', 'act', :since)",
            person=person, subject=subject.id, since=self._world.rows.today - timedelta(days=2),
        )  # fmt: skip


async def seen(door: Door, account: Account | None, ids: list[str], selection: str = "id") -> list[Any]:
    """What comes for these ids; there must be no error."""
    answers = await door.nodes(selection, ids, account)
    assert all(answer.errors == [] for answer in answers)
    return [one for answer in answers for one in answer.data["nodes"]]


def facts(world: World, student: Person) -> list[str]:
    """Ids of everything that is noted of a student."""
    return [
        global_id(record.__name__, row)
        for record in (Mark, AttendanceRecord, JournalLine)
        for row in world.rows.where(record, student_id=student.id)
    ]


def visible(found: list[Any]) -> list[bool]:
    """Which of the objects exist for the viewer."""
    return [one is not None for one in found]
