"""Movement through the wall alone: who may enrol, end a place, enter a person, be told of a number."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.snils_indexing import index_all
from domain.records import Enrolment
from domain.roles import Role
from tests.access.cases import SINGLE, Cases
from tests.access.door import Door
from tests.access.wall import told

pytestmark = pytest.mark.anyio

ADD = """insert into enrolment (student_id, organisation_id, class_group_id, kind, valid_from)
  values (:student, :school, :class, 'EXTRA', :day)"""
END = "update enrolment set valid_to = :day, end_reason = 'tried' where id = :id"
ENTER = "insert into person (last_name, first_name, provenance) values ('Tried', 'Tried', :provenance)"
FIND = "select * from vhod.find_by_snils(:hash)"
OTHERS = ("deputy", "homeroom", "administrator", "parent")


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


def place_in(cases: Cases, of: str) -> Enrolment:
    """A place in a class that has no end."""
    places = cases.world.rows.where(Enrolment, class_group_id=cases.world.classes[of].id, valid_to=None)
    return places[0]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("name", "of", "answer"),
    [
        ("enrolment operator", "7A", "1 rows"),
        ("enrolment operator", "B", "row-level security"),
        ("enrolment desk", "7A", "1 rows"),
        ("enrolment desk", "B", "1 rows"),
        ("enrolment desk", "D", "row-level security"),
        *((name, "7A", "row-level security") for name in OTHERS),
    ],
)
async def test_place_is_given_by_operators_in_their_own_classes(
    name: str, of: str, answer: str, door: Door, cases: Cases
) -> None:
    """Of their school, or of those below their municipality; a class of another school is nobody's of theirs."""
    world = cases.world
    values = {"student": world.people["in 7B"].id, "class": world.classes[of].id, "day": world.rows.today}

    assert answer in await said(door, cases, name, ADD, **values, school=world.classes[of].organisation_id)


async def test_place_is_tied_to_a_class_of_its_organisation_and_has_no_end_yet(door: Door, cases: Cases) -> None:
    """Neither another school's class under one's own school, nor a place that has ended before anybody saw it."""
    world = cases.world
    values = {"student": world.people["in 7B"].id, "school": world.schools["A"].id, "day": world.rows.today}
    ended = ADD.replace("valid_from)", "valid_from, valid_to)").replace(":day)", ":day, :day + 1)")

    crossed = await said(door, cases, "enrolment operator", ADD, **values, **{"class": world.classes["B"].id})
    at_once = await said(door, cases, "enrolment operator", ended, **values, **{"class": world.classes["7A"].id})
    oneself = values | {"student": cases.of("enrolment operator").expected.who.person, "class": world.classes["7A"].id}

    assert "belongs to the organisation" in crossed
    assert "row-level security" in at_once
    assert "row-level security" in await said(door, cases, "enrolment operator", ADD, **oneself)


@pytest.mark.parametrize(
    ("name", "of", "rows"),
    [
        ("enrolment operator", "7A", "1 rows"),
        ("enrolment desk", "7A", "1 rows"),
        ("enrolment operator", "B", "0 rows"),
        ("enrolment desk", "B", "1 rows"),
        ("enrolment desk", "D", "0 rows"),
        *((name, "7A", "0 rows") for name in OTHERS),
    ],
)
async def test_place_is_ended_by_operators_alone(name: str, of: str, rows: str, door: Door, cases: Cases) -> None:
    """Whoever only sees it ends nothing."""
    place = place_in(cases, of)

    assert await said(door, cases, name, END, id=place.id, day=cases.world.rows.today) == rows


async def test_place_that_was_ended_is_not_opened_again(door: Door, cases: Cases) -> None:
    """An end is an order: a new place begins by another."""
    place = place_in(cases, "7A")
    opened = await said(door, cases, "enrolment operator", END, id=place.id, day=None)
    other = "update enrolment set class_group_id = class_group_id, order_number = 'tried' where id = :id"

    assert "row-level security" in opened
    assert "permission denied" in await said(door, cases, "enrolment operator", other, id=place.id)


@pytest.mark.parametrize(
    ("name", "provenance", "answer"),
    [
        ("enrolment operator", "ENTERED", "1 rows"),
        ("enrolment operator", "PUBLISHED", "row-level security"),
        *((name, "ENTERED", "row-level security") for name in OTHERS),
    ],
)
async def test_person_is_entered_by_operators_alone(
    name: str, provenance: str, answer: str, door: Door, cases: Cases
) -> None:
    """And as what they are: entered by hand."""
    assert answer in await said(door, cases, name, ENTER, provenance=provenance)


@pytest.mark.parametrize("name", ["enrolment operator", "enrolment desk", *OTHERS])
async def test_what_follows_from_a_place_is_written_and_told_where_the_operator_reaches(
    name: str, door: Door, cases: Cases
) -> None:
    """The keeper's functions ask once more: for a place at another school, and for who is no operator, nothing."""
    elsewhere, here = place_in(cases, "D"), place_in(cases, "7A")
    mine = name.startswith("enrolment")
    settling = "select * from vhod.settle_enrolment(:id, '{}')"
    asking = {
        "select * from vhod.groups_left_out(:id)": {"id": elsewhere.id},
        "select * from vhod.periods_reached_back(:id, '2000-01-01')": {"id": elsewhere.class_group_id},
        "select 1 where vhod.enrolment_conflict(:id, :at, 'MAIN', '2000-01-01') is not null": {
            "id": elsewhere.student_id, "at": elsewhere.organisation_id,
        },
        "select * from vhod.snils_not_indexed('\\x00000000', '\\x00000001', 100)": {},
    }  # fmt: skip

    assert "not yours" in await said(door, cases, name, settling, id=elsewhere.id)
    assert "not yours" in await said(door, cases, name, "select vhod.leave_enrolment(:id)", id=elsewhere.id)
    assert ("not yours" in await said(door, cases, name, settling, id=here.id)) is not mine
    for statement, values in asking.items():
        assert await said(door, cases, name, statement, **values) == "0 rows", statement


async def test_no_other_role_enrols_or_is_told_of_a_number(door: Door, cases: Cases) -> None:
    """Every role alone, at school A: neither a place in its class, nor a person found."""
    world, pupil = cases.world, cases.world.people["pupil B"]
    await index_all(door.services.engine, door.services.snils)
    values = {"student": world.people["in 7B"].id, "class": world.classes["7A"].id, "day": world.rows.today}
    finding = {"hash": door.services.snils.hash(pupil.snils or "")}
    adding = values | {"school": world.schools["A"].id}
    answers = {
        name: (await said(door, cases, name, ADD, **adding), await said(door, cases, name, FIND, **finding))
        for name in SINGLE.values()
    }

    assert answers.pop(SINGLE[Role.ENROLMENT_OPERATOR]) == ("1 rows", "1 rows")
    assert {name for name, (added, found) in answers.items() if "row-level security" not in added} == set()
    assert {found for _, found in answers.values()} == {"0 rows"}


async def test_number_is_answered_to_operators_and_not_past_a_restriction(door: Door, cases: Cases) -> None:
    """Of any school; the rest, and an operator who is kept from the person, are told nothing."""
    pupil, index = cases.world.people["pupil B"], door.services.snils
    assert pupil.snils is not None
    await index_all(door.services.engine, index)
    finding = text(FIND).bindparams(hash=index.hash(pupil.snils))
    kept_from = text("select set_config('vhod.restricted', :ids, true)").bindparams(ids=f'["{pupil.id}"]')
    found = {}
    for name in ("enrolment operator", *OTHERS):
        async with told(door, cases.of(name).account, writes=True) as connection:
            found[name] = [row.person_id for row in await connection.execute(finding)]
            await connection.execute(kept_from)
            assert (await connection.execute(finding)).all() == []

    assert found == {"enrolment operator": [pupil.id], **{name: [] for name in OTHERS}}
