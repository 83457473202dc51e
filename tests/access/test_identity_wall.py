"""Accounts through the wall alone: who may settle a mismatch and end a link, without the application."""

from uuid import uuid4

import pytest

from domain.records import IdentityMismatch
from tests.access.cases import Cases
from tests.access.door import Door
from tests.access.test_family_wall import said

pytestmark = pytest.mark.anyio

SETTLE = "update identity_mismatch set linked = true, decided_by_id = :by, decided_at = vhod.now() where id = :id"
UNLINK = "select vhod.unlink_person(:who, :place)"


@pytest.mark.parametrize(
    ("name", "school", "answer"),
    [
        ("administrator", "A", "decided once"),
        ("administrator", "B", "0 rows"),
        ("principal", "A", "0 rows"),
        ("teacher", "A", "0 rows"),
        ("stranger", "A", "0 rows"),
    ],
)
async def test_mismatch_is_settled_by_the_administrator_of_its_place(
    name: str, school: str, answer: str, door: Door, cases: Cases
) -> None:
    """Nobody else reaches the row; and what was decided stays as it was, also for the administrator."""
    [row, *_] = cases.world.rows.where(IdentityMismatch, organisation_id=cases.world.schools[school].id)
    by = cases.of(name).expected.who.person or uuid4()

    assert answer in await said(door, cases, name, SETTLE, id=row.id, by=by)


async def test_signature_of_another_is_refused(door: Door, cases: Cases) -> None:
    """A decision stands in the name of who made it."""
    [row, *_] = cases.world.rows.where(IdentityMismatch, organisation_id=cases.world.schools["A"].id)

    assert "row-level security" in await said(door, cases, "administrator", SETTLE, id=row.id, by=uuid4())


@pytest.mark.parametrize(
    ("name", "of", "answer"),
    [
        ("administrator", ("pupil", "A"), "1 rows"),
        ("administrator", ("pupil", "B"), "one's own organisation"),
        ("administrator", ("pupil B", "A"), "one's own organisation"),
        ("administrator", ("administrator", "A"), "one's own organisation"),
        ("principal", ("pupil", "A"), "one's own organisation"),
    ],
)
async def test_links_are_ended_by_the_administrator_of_who_is_there(
    name: str, of: tuple[str, str], answer: str, door: Door, cases: Cases
) -> None:
    """Of those who work or learn at the organisation, not of others, not one's own; and by nobody else."""
    who, place = cases.world.people[of[0]].id, cases.world.schools[of[1]].id

    assert answer in await said(door, cases, name, UNLINK, who=who, place=place)
