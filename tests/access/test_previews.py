"""Preview as role: never more than own rights, exactly the role's part of them, only reading, and always recorded."""

import random
from dataclasses import replace
from itertools import combinations_with_replacement
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import NullPool, create_engine, text

from auth.permissions import WRITE_PERMISSIONS, Permission
from auth.previews import previewed
from auth.row_context import settings_of
from auth.viewer import OWN_ASSIGNMENT, PUBLIC_ASSIGNMENT, Caller, LiveAssignment, Preview, Viewer
from domain.errors import Forbidden
from domain.roles import ReachKind, Role
from tests.access.cases import Cases
from tests.access.door import ALL_SCOPES, Account, Door
from tests.access.examination import examine
from tests.access.world import World

pytestmark = pytest.mark.anyio
ME = Caller("issuer", "me", "client", ALL_SCOPES, trusted=True)
GRANTED = sorted(set(Role) - {Role.GUEST, Role.SIGNED_IN, Role.SYSTEM_CLIENT})
WHOLE_SHOWN = (Role.TEACHER, Role.LEGAL_REPRESENTATIVE, Role.DEPUTY_HEAD, Role.ORG_ADMIN)
"""Tried over the application in the ordinary run; what holds for all roles is tried on the viewer."""
HELD_BY_NATURE = {
    Role.STUDENT: ReachKind.SELF,
    Role.LEGAL_REPRESENTATIVE: ReachKind.CHILDREN,
    Role.TEACHER: ReachKind.SUBJECT_GROUPS,
    Role.HOMEROOM_TEACHER: ReachKind.CLASS_GROUPS,
    Role.EXPERT: ReachKind.PERSONS,
}
NOTED = "select preview_role, fields from access_entry where client_id = 'previewing'"
CHANGE = """mutation W($i: EndAssignmentInput!) { endAssignment(input: $i) { userErrors { code } } }"""


def viewer_with(*roles: Role) -> Viewer:
    """Somebody who holds these roles, each at a place of its own."""
    held = []
    for role in roles:
        kind, place = HELD_BY_NATURE.get(role, ReachKind.ORGANISATION), uuid4()
        target: dict[ReachKind, dict[str, Any]] = {
            ReachKind.SUBJECT_GROUPS: {"subject_group_id": place},
            ReachKind.CLASS_GROUPS: {"class_group_id": place},
            ReachKind.PERSONS: {"subject_person_id": place},
            ReachKind.ORGANISATION: {"organisation_id": place},
        }
        held.append(LiveAssignment(role, kind, id=uuid4(), **target.get(kind, {})))
    own = (PUBLIC_ASSIGNMENT, OWN_ASSIGNMENT, *held)
    return Viewer(ME, uuid4(), assignments=own, children=(uuid4(),), restricted=(uuid4(),), lapsed=tuple(held))


def looking(viewer: Viewer, role: Role) -> Viewer | None:
    """The viewer in a preview; None where they may not have it."""
    try:
        return previewed(replace(viewer, caller=replace(ME, preview=Preview(role))))
    except Forbidden:
        return None


@pytest.mark.parametrize("shown", GRANTED)
def test_preview_grants_nothing_that_the_viewer_does_not_hold(shown: Role) -> None:
    """For every pair of roles: each permission reaches no more ids than before, and none of them writes."""
    granted = 0
    for roles in combinations_with_replacement(GRANTED, 2):
        viewer = viewer_with(*dict.fromkeys(roles))
        cut = looking(viewer, shown)
        if cut is None:
            assert shown not in roles
            continue
        granted += 1
        for permission in Permission:
            less, more = cut.shape.grants(permission), viewer.shape.grants(permission)
            assert less <= more
            assert not (less and permission in WRITE_PERMISSIONS)
            assert all(set(cut.ids(kind, [role])) <= set(viewer.ids(kind, [role])) for role, kind in less)
        assert (cut.restricted, cut.writer.assignments) == (viewer.restricted, cut.assignments)

    assert granted


def test_the_database_is_told_of_the_preview_alone() -> None:
    """The second wall keeps to it too: what the role may not do is not among what it reads."""
    viewer = viewer_with(Role.PRINCIPAL)
    cut = looking(viewer, Role.CURRICULUM_SPECIALIST)
    assert cut is not None

    assert "mark:see" in settings_of(viewer)["reach"]
    assert "mark:see" not in settings_of(cut)["reach"]
    assert "journal:see" in settings_of(cut)["reach"]


def test_a_role_that_is_neither_held_nor_below_ones_organisation_is_refused() -> None:
    """A teacher does not look as the principal, nor by an assignment of another."""
    teacher = viewer_with(Role.TEACHER)
    named = replace(teacher, caller=replace(ME, preview=Preview(Role.TEACHER, uuid4())))

    assert looking(teacher, Role.PRINCIPAL) is None
    with pytest.raises(Forbidden):
        previewed(named)


async def test_a_role_shows_exactly_what_it_shows_by_itself(door: Door, cases: Cases, world: World) -> None:
    """Of somebody who holds them all: hand-written expectations of the role alone, over the real application."""
    subject = world.cast["everything"].subject
    draw, items = random.Random(7), cases.items()
    kinds = sorted({one.type_name for one in items})
    asked = [draw.choice([one for one in items if one.type_name == kind]) for kind in kinds]
    asked += [one for one in items if one.type_name == "SummaryMark"]  # edges of the others lead to them
    problems = []
    for role in WHOLE_SHOWN:
        case = replace(cases.only("everything", role), account=Account(subject, preview=role.value))
        case.expected.unwriting = True
        problems += [f"{role}: {one}" for one in await examine(door, case, asked)]

    assert problems == []


async def test_whoever_reaches_a_school_sees_through_a_role_what_both_may_see(
    door: Door, cases: Cases, world: World
) -> None:
    """A deputy head as the specialist for the curriculum: the pages, and not a mark; by both executors."""
    deputy = Account(world.cast["deputy"].subject)
    looking = replace(deputy, preview="CURRICULUM_SPECIALIST")
    ids = {kind: [one.id for one in cases.items() if one.type_name == kind][:100] for kind in ("Journal", "Mark")}
    found, reasons = {}, set[str]()
    for kind, named in ids.items():
        for who, account in (("own", deputy), ("shown", looking)):
            for form, more in (("compiled", ""), ("reference", " viewerCan { writeMarks { allowed } }")):
                selection = f"__typename id ... on Lesson {{ id{more} }}"
                [answer] = await door.nodes(selection, named, account)
                reasons |= {one["reason"] for one in answer.denied if who == "shown"}
                found[kind, who, form] = {one["id"] for one in answer.data["nodes"] if one}

    assert "CLIENT_SCOPE" not in reasons
    for form in ("compiled", "reference"):
        assert found["Journal", "shown", form] == found["Journal", "own", form] != set()
        assert found["Mark", "shown", form] == set() != found["Mark", "own", form]


async def test_each_previewed_answer_is_recorded_and_nothing_is_changed(
    door: Door, world: World, world_database: str
) -> None:
    """By both executors, also where nothing of a person was read; a change is refused with a code of its own."""
    account = Account(world.cast["everything"].subject, preview="TEACHER", client="previewing")
    compiled = await door.ask("{ me { standing } }", account)
    reference = await door.ask("{ __typename roles { role } }", account)
    change = await door.ask(CHANGE, account, i={"clientMutationId": str(uuid4()), "assignmentId": "Assignment:x"})
    unknown = await door.ask("{ __typename }", replace(account, preview="NOBODY"))
    unsigned = await door.client.post(
        "/graphql", json={"query": "{ __typename }"}, headers={"Vhod-Preview-Role": "TEACHER"}
    )
    await door.services.journal.flush()
    engine = create_engine(world_database, poolclass=NullPool)
    with engine.connect() as connection:
        noted = connection.execute(text(NOTED)).all()
    engine.dispose()

    assert compiled.data == {"me": {"standing": "ACTIVE"}}
    assert reference.data["__typename"] == "Query"
    assert [tuple(one) for one in noted] == [("TEACHER", []), ("TEACHER", [])]
    assert [one["extensions"]["code"] for one in change.errors] == ["PREVIEW_READS_ONLY"]
    assert [one["extensions"]["code"] for one in unknown.errors] == ["BAD_USER_INPUT"]
    assert unsigned.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
