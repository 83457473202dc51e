"""Families through the wall alone: who may add a proposal, decide it, end a guardianship, without the application."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.records import Guardianship, GuardianshipProposal, Person
from tests.access.cases import Cases
from tests.access.door import Door
from tests.access.wall import told

pytestmark = pytest.mark.anyio

ADD = """insert into guardianship_proposal (guardian_id, student_id, organisation_id, class_group_id, guardian_name,
  kind, valid_from, proposed_by_id) values (:guardian, :student, :school, :class, :name, 'PARENT', :day, :by)"""


async def said(door: Door, cases: Cases, viewer: str, statement: str, **values: Any) -> str:
    """What the database says to a statement of the application's role for this viewer; it is taken back."""
    async with told(door, cases.of(viewer).account, writes=True) as connection:
        attempt = await connection.begin_nested()
        try:
            done = await connection.execute(text(statement), values)
        except DBAPIError as error:
            return str(error.orig)
        finally:
            await attempt.rollback()
        return f"{done.rowcount} rows"


@pytest.mark.parametrize(
    ("name", "forged", "answer"),
    [
        ("homeroom", False, "1 rows"),
        ("administrator", False, "1 rows"),
        ("homeroom", True, "row-level security"),
        ("teacher", False, "row-level security"),
        ("deputy", False, "row-level security"),
        ("parent", False, "row-level security"),
        ("stranger", False, "row-level security"),
    ],
)
async def test_proposal_is_added_by_those_who_propose_and_in_their_own_name(
    name: str, forged: bool, answer: str, door: Door, cases: Cases
) -> None:
    """Homeroom of the class and administrator of the school; signed by another it is refused like any other's."""
    world, who = cases.world, cases.of(name).expected.who.person
    guardian: Person = world.people["teacher"] if name != "teacher" else world.people["colleague"]
    full = " ".join(part for part in (guardian.last_name, guardian.first_name, guardian.middle_name) if part)
    values = {
        "guardian": guardian.id, "student": world.people["pupil"].id, "school": world.schools["A"].id,
        "class": world.classes["7A"].id, "name": full, "day": world.rows.today,
        "by": uuid4() if forged else who,
    }  # fmt: skip

    assert answer in await said(door, cases, name, ADD, **values)


@pytest.mark.parametrize(("name", "rows"), [("deputy", "1 rows"), ("homeroom", "0 rows"), ("parent", "0 rows")])
async def test_guardianship_is_ended_by_those_who_confirm_alone(name: str, rows: str, door: Door, cases: Cases) -> None:
    """Of a child who learns at their school; the family itself ends nothing."""
    people = cases.world.people
    [row] = cases.world.rows.where(Guardianship, guardian_id=people["other parent"].id, student_id=people["child"].id)
    ending = "update guardianship set ended_at = vhod.now(), ended_by_id = :by, end_reason = 'tried' where id = :id"

    assert await said(door, cases, name, ending, id=row.id, by=cases.of(name).expected.who.person) == rows


async def test_decided_proposal_stays_as_it_was_decided(door: Door, cases: Cases) -> None:
    """Also for who may decide: declined once, it is not accepted later."""
    pupil = cases.world.people["pupil"].id
    [row] = cases.world.rows.where(GuardianshipProposal, student_id=pupil)
    accepting = (
        "update guardianship_proposal set accepted = true, decided_by_id = :by, decided_at = vhod.now() where id = :id"
    )

    by = cases.of("principal").expected.who.person
    assert "decided once" in await said(door, cases, "principal", accepting, id=row.id, by=by)
