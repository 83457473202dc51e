"""The hard cases of access, one sentence each, over a world of their own that they may change."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from domain.records import AttendanceRecord, Enrolment, JournalLine, Mark
from domain.roles import Role
from tests.access.builder import ISSUER
from tests.access.contract import global_id
from tests.access.door import Account, Door
from tests.access.newcomers import Newcomers, facts, seen, visible
from tests.access.world import World

pytestmark = pytest.mark.anyio

CARD = (
    "... on Student { id lastName phone snils { display masked } journalLines(first: 100) { totalCount nodes { id } } }"
)
FACTS = """... on Mark { id } ... on AttendanceRecord { id note } ... on JournalLine { id } ... on Enrolment { id }
           ... on Guardianship { id } ... on Guardian { id phone }"""


async def test_teacher_who_is_a_parent_at_the_school_sees_each_child_through_the_right_one_of_the_two(
    open_world: Door, changing: World, newcomers: Newcomers
) -> None:
    """The card of the own child is a parent's, the card of the neighbour at the same desk is a teacher's."""
    person, account = newcomers.person("teacher and parent")
    newcomers.grant(person, Role.TEACHER, changing.groups["algebra"])
    newcomers.grant(person, Role.LEGAL_REPRESENTATIVE)
    newcomers.guardian(person, changing.people["child"])
    child, pupil = changing.people["child"], changing.people["pupil"]
    notes = [
        global_id("AttendanceRecord", row)
        for who in (child, pupil)
        for row in changing.rows.where(
            AttendanceRecord, student_id=who.id, subject_group_id=changing.groups["algebra"].id
        )
    ]

    mine, theirs = await seen(open_world, account, [f"Student:{child.id}", f"Student:{pupil.id}"], CARD)
    my_note, their_note = await seen(open_world, account, notes, "... on AttendanceRecord { note }")

    assert (mine["phone"], mine["snils"]) == (child.phone, {"display": child.snils, "masked": False})
    assert (theirs["lastName"], theirs["phone"], theirs["snils"]) == (pupil.last_name, None, None)
    assert my_note["note"] is not None
    assert their_note["note"] is None
    assert mine["journalLines"]["totalCount"] == len(changing.rows.where(JournalLine, student_id=child.id))
    assert theirs["journalLines"]["totalCount"] == 1


@pytest.mark.parametrize(
    ("since", "until", "reaches"),
    [(1, 8, False), (0, 1, True), (-3, 4, True), (-8, 0, False)],
    ids=["before", "on the only day", "within", "after"],
)
async def test_substitute_reaches_the_group_on_the_days_of_the_replacement_alone(
    since: int, until: int, reaches: bool, *, open_world: Door, changing: World, newcomers: Newcomers
) -> None:
    """The last day is the one before `valid_to`, in the school's own time zone."""
    person, account = newcomers.person("substitute")
    newcomers.grant(person, Role.TEACHER, changing.groups["english"], since=since, until=until)
    page = facts(changing, changing.people["pupil"])
    in_group = [
        row.subject_group_id == changing.groups["english"].id
        for record in (Mark, AttendanceRecord, JournalLine)
        for row in changing.rows.where(record, student_id=changing.people["pupil"].id)
    ]

    found = visible(await seen(open_world, account, page))

    assert found == [reaches and inside for inside in in_group]


async def test_homeroom_teacher_of_a_split_class_sees_both_halves_and_their_teachers_one_each(
    open_world: Door, changing: World, newcomers: Newcomers
) -> None:
    """English is taught in two groups, one with a guest: a teacher has the group, the homeroom teacher the class."""
    person, account = newcomers.person("teacher of the first half")
    newcomers.grant(person, Role.TEACHER, changing.groups["english"])
    homeroom = Account(changing.cast["homeroom"].subject)
    first, second = (
        changing.rows.where(JournalLine, subject_group_id=changing.groups[half].id) for half in ("english", "english 2")
    )
    lines = [global_id("JournalLine", row) for row in (*first, *second)]
    of_class = [row.class_group_id == changing.classes["7A"].id for row in (*first, *second)]

    assert of_class.count(False) == 1
    assert visible(await seen(open_world, homeroom, lines)) == of_class
    assert visible(await seen(open_world, account, lines)) == [True] * len(first) + [False] * len(second)


async def test_transfer_in_mid_year_leaves_the_line_at_the_old_school_and_the_card_at_the_new_one(
    open_world: Door, changing: World, newcomers: Newcomers
) -> None:
    """The old page keeps the line with the day of leaving; the new class has the student; the family reads all."""
    departed = changing.people["departed"]
    old, new = (
        changing.rows.where(JournalLine, student_id=departed.id, subject_group_id=changing.groups[name].id)[0]
        for name in ("algebra", "C")
    )
    asked = [f"Student:{departed.id}", global_id("JournalLine", old), global_id("JournalLine", new)]
    person, at_new_school = newcomers.person("homeroom at C")
    newcomers.grant(person, Role.HOMEROOM_TEACHER, changing.classes["C"])
    selection = "__typename ... on JournalLine { studentName leftOn student { id } }"

    at_old_school = await seen(open_world, Account(changing.cast["teacher"].subject), asked, selection)
    family = Account(changing.cast["parent of departed"].subject)

    assert visible(at_old_school) == [False, True, False]
    assert at_old_school[1] == {
        "__typename": "JournalLine",
        "studentName": old.student_name,
        "leftOn": str(old.left_on),
        "student": None,
    }
    assert visible(await seen(open_world, at_new_school, asked)) == [True, False, True]
    assert visible(await seen(open_world, family, asked)) == [True, True, True]


async def test_municipal_coordinator_drills_down_to_classes_of_the_municipality_and_to_no_person(
    open_world: Door, changing: World
) -> None:
    """Schools and their classes, branch included; nothing next door, and nobody by name."""
    query = """{ organisations(first: 15) { pageInfo { hasNextPage } nodes {
        id staff { totalCount } classGroups { id subjectGroups { id } enrolments { id } } } } }"""
    answer = await open_world.ask(query, Account(changing.cast["coordinator"].subject))
    found = {one["id"]: one for one in answer.data["organisations"]["nodes"]}
    classes = {name: found[f"Organisation:{school.id}"]["classGroups"] for name, school in changing.schools.items()}

    assert answer.data["organisations"]["pageInfo"] == {"hasNextPage": False}
    assert {name: None if one is None else len(one) for name, one in classes.items()} == {
        "town": 0, "next_town": None, "A": 2, "A2": 1, "B": 1, "C": None, "D": None,
    }  # fmt: skip
    assert all(one["staff"] is None for one in found.values())
    assert all(c["subjectGroups"] is None and c["enrolments"] is None for one in classes.values() for c in one or [])


@pytest.mark.parametrize("teaches", [False, True], ids=["only a parent", "teaches there too"])
async def test_guardian_banned_by_court_sees_nothing_of_the_child_anywhere(
    teaches: bool, open_world: Door, changing: World, newcomers: Newcomers
) -> None:
    """No list, count, page, lesson or id gives away the child; the other pupils stay visible."""
    person, account = newcomers.person("banned")
    newcomers.grant(person, Role.LEGAL_REPRESENTATIVE)
    newcomers.guardian(person, changing.people["banned"])
    newcomers.guardian(person, changing.people["classmate"])
    newcomers.ban(person, changing.people["banned"])
    for role, target in (
        (
            (Role.TEACHER, changing.groups["algebra"]),
            (Role.HOMEROOM_TEACHER, changing.classes["7A"]),
            (Role.DEPUTY_HEAD, changing.schools["A"]),
        )
        if teaches
        else ()
    ):
        newcomers.grant(person, role, target)
    child = changing.people["banned"]
    hidden = [f"{kind}:{child.id}" for kind in ("Student", "Person", "StaffMember", "Guardian")] + facts(
        changing, child
    )
    hidden += [global_id("Enrolment", row) for row in changing.rows.where(Enrolment, student_id=child.id)]
    hidden.append(f"Guardian:{changing.people['mother of banned'].id}")
    [classmate] = await seen(open_world, account, [f"Student:{changing.people['classmate'].id}"], CARD)
    texts = [
        child.last_name,
        child.phone,
        child.email,
        *(line.student_name for line in changing.rows.where(JournalLine, student_id=child.id)),
    ]

    everything = await open_world.ask(EVERYWHERE, account, school=f"Organisation:{changing.schools['A'].id}")

    assert not any(visible(await seen(open_world, account, hidden, FACTS + " id")))
    assert classmate["snils"]["masked"] is False
    assert [words for words in texts if words in everything.text] == []
    assert everything.errors == []
    lines = [page["lines"] for page in everything.data["journals"]["nodes"]]
    assert len(lines) == everything.data["journals"]["totalCount"]
    assert sum(len(one) for one in lines) == len(
        [
            row
            for row in changing.rows.all(JournalLine)
            if row.student_id != child.id
            and (
                row.organisation_id == changing.schools["A"].id
                if teaches
                else row.student_id == changing.people["classmate"].id
            )
        ]
    )


EVERYWHERE = """query Everywhere($school: ID!) {
  me { children { displayName guardianships { guardian { displayName phone } } } }
  journals(first: 30) { totalCount nodes { id
    lines { id studentName student { displayName } marks { value } attendance { code } }
    lessons { marks { student { displayName } line { studentName } } attendance { student { displayName } } } } }
  organisation(id: $school) { classGroups { enrolments { student {
    displayName phone email guardianships { guardian { displayName phone } } } } } }
}"""


async def test_ban_beats_every_assignment_but_the_own_one_of_its_subject(
    open_world: Door, changing: World, newcomers: Newcomers, change: Callable[..., None]
) -> None:
    """Of two students who must not meet, each still reads their own record, and the banned one not the other's."""
    child, other = changing.people["in 7B"], changing.people["two schools"]
    accounts = {}
    for who in (child, other):
        accounts[who.id] = Account(f"own account {who.id}")
        change(
            "insert into external_identity (issuer, subject, person_id) values (:issuer, :subject, :person)",
            issuer=ISSUER,
            subject=accounts[who.id].subject,
            person=who.id,
        )
        newcomers.grant(who.id, Role.STUDENT)
    newcomers.grant(other.id, Role.HOMEROOM_TEACHER, changing.classes["7B"])
    before = visible(await seen(open_world, accounts[other.id], [f"Student:{child.id}"]))
    newcomers.ban(other.id, child)

    assert before == [True]
    assert visible(await seen(open_world, accounts[other.id], [f"Student:{child.id}", f"Student:{other.id}"])) == [
        False,
        True,
    ]
    assert all(visible(await seen(open_world, accounts[child.id], [f"Student:{child.id}", *facts(changing, child)])))


async def test_guardianship_ends_at_midnight_of_the_eighteenth_birthday_where_the_child_goes_to_school(
    open_world: Door, changing: World, newcomers: Newcomers, owner: Engine, change: Callable[..., None]
) -> None:
    """On the day before, the parent reads; from the birthday on, not: in the school's time zone, by itself."""
    person, account = newcomers.person("parent of an adult to be")
    newcomers.grant(person, Role.LEGAL_REPRESENTATIVE)
    child = changing.people["pupil D"]
    newcomers.guardian(person, child)
    until = """select live_until = (birth_date + interval '18 years')::timestamp at time zone 'Asia/Krasnoyarsk'
               from guardianship g join person p on p.id = student_id where guardian_id = :who"""
    sees = []
    for days in (1, 0):
        change(
            "update person set birth_date = (vhod.now() at time zone 'Asia/Krasnoyarsk')::date + cast(:days as int)"
            " - interval '18 years' where id = :id",
            id=child.id,
            days=days,
        )
        sees += visible(await seen(open_world, account, [f"Student:{child.id}"]))
        with owner.connect() as connection:
            assert connection.scalar(text(until), {"who": person}) is True

    assert sees == [True, False]


async def test_deputy_head_of_the_head_organisation_sees_nothing_of_the_branch(
    open_world: Door, changing: World, newcomers: Newcomers
) -> None:
    """ORGANISATION is the organisation itself: a branch has its own people, and the other way round."""
    person, of_branch = newcomers.person("deputy of the branch")
    newcomers.grant(person, Role.DEPUTY_HEAD, changing.schools["A2"])
    pupils = [f"Student:{changing.people[name].id}" for name in ("pupil", "pupil A2")]

    assert visible(await seen(open_world, Account(changing.cast["deputy"].subject), pupils)) == [True, False]
    assert visible(await seen(open_world, of_branch, pupils)) == [False, True]


@pytest.mark.parametrize("how", ["ended by hand", "deleted by date", "banned", "identity moved"])
async def test_revocation_counts_from_the_very_next_request(
    how: str, open_world: Door, changing: World, newcomers: Newcomers, change: Callable[..., None]
) -> None:
    """The viewer is kept between requests of one client, and is never used when anything about them has changed."""
    person, account = newcomers.person("revoked")
    assignment = newcomers.grant(person, Role.TEACHER, changing.groups["algebra"])
    asked = [f"Student:{changing.people['pupil'].id}"]
    before = visible(await seen(open_world, account, asked)) + visible(await seen(open_world, account, asked))
    if how == "ended by hand":
        change("update assignment set ended_at = vhod.now() where id = :id", id=assignment)
    elif how == "deleted by date":
        change(
            "update assignment set valid_to = :today where id = :id",
            id=assignment,
            today=changing.rows.today - timedelta(days=1),
        )
    elif how == "banned":
        newcomers.ban(person, changing.people["pupil"])
    else:
        change("delete from external_identity where person_id = :id", id=person)

    assert before == [True, True]
    assert visible(await seen(open_world, account, asked)) == [False]


async def test_role_given_between_two_requests_counts_in_the_second(
    open_world: Door, changing: World, newcomers: Newcomers
) -> None:
    """What is kept of a viewer holds no right back either."""
    person, account = newcomers.person("promoted")
    asked = [f"Student:{changing.people['pupil'].id}"]
    before = visible(await seen(open_world, account, asked))
    newcomers.grant(person, Role.TEACHER, changing.groups["algebra"])

    assert before == [False]
    assert visible(await seen(open_world, account, asked)) == [True]


async def test_role_that_waits_for_the_second_person_opens_nothing_until_it_is_confirmed(
    open_world: Door, changing: World, newcomers: Newcomers, change: Callable[..., None]
) -> None:
    """A pedagogic role takes effect when somebody else has confirmed it."""
    person, account = newcomers.person("proposed")
    assignment = newcomers.grant(person, Role.TEACHER, changing.groups["algebra"])
    change("update assignment set awaits_confirmation = true where id = :id", id=assignment)
    asked = [f"Student:{changing.people['pupil'].id}"]
    before = visible(await seen(open_world, account, asked))
    change(
        "update assignment set confirmed_at = vhod.now(), confirmed_by_id = :by where id = :id",
        id=assignment,
        by=changing.people["deputy"].id,
    )

    assert before == [False]
    assert visible(await seen(open_world, account, asked)) == [True]


async def test_parent_without_an_organisation_reads_the_child_and_no_register(
    open_world: Door, changing: World
) -> None:
    """A parent's role names no school; the reach is the child."""
    account = Account(changing.cast["parent"].subject)
    answer = await open_world.ask("{ me { assignments { role organisation { id } } children { id } } }", account)

    assert answer.data["me"]["assignments"] == [{"role": "LEGAL_REPRESENTATIVE", "organisation": None}]
    assert answer.data["me"]["children"] == [{"id": f"Student:{changing.people['child'].id}"}]


async def test_guest_gets_the_answer_of_an_anonymous_caller(open_world: Door, changing: World) -> None:
    """Signed in and unknown, or known without a role: byte for byte the public data, whatever is asked.

    How much may be asked for at once stands at the end, and is more for those who are signed in.
    """
    query = """{ organisations(first: 100) { totalCount nodes { id name staff { totalCount } registryIssues { raw }
                                                        classGroups { id } assignments { totalCount } } }
                 journals { totalCount } subjects { nodes { code } } }"""
    anonymous = await open_world.ask(query)
    unknown = await open_world.ask(query, Account("nobody knows this subject"))
    known = await open_world.ask(query, Account(changing.cast["stranger"].subject))

    told = {answer.text.partition('"cost":')[0] for answer in (anonymous, unknown, known)}
    assert len(told) == 1
    assert anonymous.data["organisations"]["totalCount"] == 10


async def test_child_at_two_schools_is_seen_at_each_with_what_belongs_there(
    open_world: Door, changing: World, newcomers: Newcomers
) -> None:
    """Both deputy heads have the card; each has the place and the lines of their own school only."""
    person, at_b = newcomers.person("deputy of B")
    newcomers.grant(person, Role.DEPUTY_HEAD, changing.schools["B"])
    child = f"Student:{changing.people['two schools'].id}"
    selection = "... on Student { enrolments { kind } journalLines { totalCount } }"
    [main] = await seen(open_world, Account(changing.cast["deputy"].subject), [child], selection)
    [extra] = await seen(open_world, at_b, [child], selection)

    assert main == {"enrolments": [{"kind": "MAIN"}], "journalLines": {"totalCount": 2}}
    assert extra == {"enrolments": [{"kind": "EXTRA"}], "journalLines": {"totalCount": 1}}


@pytest.mark.parametrize("account", [{"trusted": False}, {"level": "KD"}], ids=["not confirmed", "of a child"])
async def test_account_of_a_lower_level_keeps_the_roles_of_staff_and_parents_back(
    account: dict[str, Any], open_world: Door, changing: World
) -> None:
    """The person is known, the roles wait; a child's account never holds more than the student's."""
    subject = changing.cast["everything"].subject
    query = "{ me { standing person { id } assignments { role } children { id } } }"
    kept_back = (await open_world.ask(query, Account(subject, **account))).data["me"]
    teacher = (await open_world.ask(query, Account(changing.cast["teacher"].subject, **account))).data["me"]

    assert [one["role"] for one in kept_back["assignments"]] == ["STUDENT"]
    assert kept_back["children"] == []
    assert teacher["standing"] == "UNCONFIRMED"
    assert teacher["assignments"] == []


async def test_former_guardian_reads_nothing_from_the_day_on_which_it_ended(open_world: Door, changing: World) -> None:
    """What was a parent's is not read on afterwards, not even of the time before."""
    ward = changing.people["classmate"]

    found = await seen(
        open_world, Account(changing.cast["parent"].subject), [f"Student:{ward.id}", *facts(changing, ward)]
    )

    assert not any(visible(found))


VERSION = text("select coalesce((select version from access_version where person_id = :person), 0)")
TOUCHES = {
    "assignment": "(id, person_id, role, reach, valid_from, awaits_confirmation)"
    " values (:id, :person, 'STUDENT', 'SELF', vhod.now(), false)",
    "guardianship": "(id, guardian_id, student_id, kind, valid_from)"
    " values (:id, :person, :other, 'PARENT', vhod.now())",
    "restriction": "(id, person_id, subject_person_id, kind, act, valid_from)"
    " values (:id, :person, :other, 'OBJECTION', 'act', vhod.now())",
    "external_identity": "(id, issuer, subject, person_id) values (:id, 'https://other.test', :subject, :person)",
}


@pytest.mark.parametrize("table", TOUCHES)
async def test_version_of_access_moves_with_every_change_that_decides_what_one_may_see(
    table: str, changing: World, newcomers: Newcomers, owner: Engine
) -> None:
    """Insert, update and delete each count, for the person concerned."""
    person, _ = newcomers.person("versioned")
    key = uuid4()
    values = {"id": key, "person": person, "other": changing.people["pupil"].id, "subject": str(key)}
    same = {"external_identity": "subject", "guardianship": "kind"}.get(table, "valid_from")
    versions = []
    for statement in (
        "select 1",
        f"insert into {table} {TOUCHES[table]}",
        f"update {table} set {same} = {same} where id = :id",
        f"delete from {table} where id = :id",
    ):
        with owner.begin() as connection:
            connection.execute(
                text(statement), {name: value for name, value in values.items() if f":{name}" in statement}
            )
            versions.append(connection.scalar(VERSION, {"person": person}))

    assert versions == [versions[0] + step for step in range(4)]
