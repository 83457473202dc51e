"""What leaves somebody's reach is named to them, and nothing that they never saw."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from auth.provider.people import load_people
from tests.schema.events.conftest import Child, Live
from tests.schema.events.test_following import changes
from tests.schema.writing import FLAGSHIP

pytestmark = pytest.mark.anyio
KEYS = {"journal": FLAGSHIP.partition(":")[2]}
TAUGHT = (
    "select a.id from assignment a where a.role = 'TEACHER' and a.live_until is null and a.subject_group_id ="
    " (select subject_group_id from journal where id = cast(:journal as uuid))"
)
NODES = "query N($ids: [ID!]!) { nodes(ids: $ids) { id } }"
MEMBERS = (
    "select 'Student:' || m.student_id from subject_group_member m join journal j"
    " on j.subject_group_id = m.subject_group_id where j.id = cast(:journal as uuid)"
)


@contextmanager
def done(live: Live, statement: str, undone: str, **given: Any) -> Iterator[None]:
    """Something that happens in the demo, and is as before afterwards."""
    live.demo.ask(statement, **given)
    try:
        yield
    finally:
        live.demo.ask(undone, **given)


async def test_a_page_that_is_taught_no_more_is_to_be_forgotten_with_its_students(live: Live, child: Child) -> None:
    """Those alone whom no other role leads to; once told, it is not told again, and a new client hears nothing."""
    begun = await changes(live, "teacher")
    held = [str(one.id) for one in live.demo.ask(TAUGHT, **KEYS)]
    members = [one for [one] in live.demo.ask(MEMBERS, **KEYS)]
    other = await changes(live, "homeroom-teacher")
    ended = "update assignment set ended_at = vhod.now() where id = any(cast(:held as uuid[]))"
    with done(live, ended, ended.replace("vhod.now()", "null"), held=held):
        told = await changes(live, "teacher", since=begun["cursor"])
        fresh = await changes(live, "teacher")
        seen = await live.demo.query(NODES, {"ids": members}, viewer="teacher")
        untouched = await changes(live, "homeroom-teacher", since=other["cursor"])

    left = {one for one, node in zip(members, seen.data["nodes"], strict=True) if node is None}
    assert told["resyncRequired"]
    assert left
    assert FLAGSHIP in told["forget"]
    assert {one for one in told["forget"] if one.startswith("Student:")} == left
    assert (fresh["forget"], untouched["forget"], untouched["resyncRequired"]) == ([], [], False)


async def test_a_child_that_a_court_keeps_away_is_to_be_forgotten(live: Live, child: Child) -> None:
    """A ban from somebody whom one never reached says nothing."""
    parent, stranger = "legal-representative", "mail-user"
    begun = {viewer: (await changes(live, viewer))["cursor"] for viewer in (parent, stranger)}
    ban = (
        "insert into restriction (id, person_id, subject_person_id, kind, act, valid_from)"
        " select gen_random_uuid(), p.id, cast(:student as uuid), 'COURT_BAN', 'test', vhod.now()::date - 1"
        " from person p"
        " where p.id in (select person_id from external_identity where subject = any(cast(:who as text[])))"
    )
    given = {"student": child.student.partition(":")[2], "who": [load_people()[one].oid for one in begun]}
    with done(live, ban, "delete from restriction where act = 'test'", **given):
        told = {viewer: await changes(live, viewer, since=begun[viewer]) for viewer in begun}

    assert told[parent]["forget"] == [child.student]
    assert told[stranger]["forget"] == []


async def test_a_reach_over_an_organisation_is_forgotten_as_a_whole_unless_its_pages_are_named(live: Live) -> None:
    """Named pages that cannot be seen are told exactly; unknown ones sound the same."""
    begun = (await changes(live, "deputy-head"))["cursor"]
    unknown = f"Journal:{'0' * 8}-0000-4000-8000-{'0' * 12}"
    before = await changes(live, "deputy-head", since=begun, journals=[FLAGSHIP, unknown])
    ended = "update assignment set ended_at = {} where role = 'DEPUTY_HEAD' and valid_to is null"
    with done(live, ended.format("vhod.now()"), ended.format("null")):
        whole = await changes(live, "deputy-head", since=begun)
        named = await changes(live, "deputy-head", since=begun, journals=[FLAGSHIP, unknown])

    assert (before["resyncRequired"], before["forget"]) == (False, [unknown])
    assert (whole["resyncRequired"], whole["forget"]) == (True, None)
    assert (named["resyncRequired"], named["forget"]) == (True, [FLAGSHIP, unknown])


async def test_a_role_that_ends_by_its_date_is_told_although_no_version_moved(live: Live) -> None:
    """Nobody ended it: its last day passed."""
    begun = (await changes(live, "teacher"))["cursor"]
    held = [str(one.id) for one in live.demo.ask(TAUGHT, **KEYS)]
    live.demo.ask("alter table assignment disable trigger user")
    lapse = "update assignment set live_until = {} where id = any(cast(:held as uuid[]))"
    try:
        with done(live, lapse.format("vhod.now()"), lapse.format("null"), held=held):
            live.demo.app.state.services.viewers._kept.clear()
            told = await changes(live, "teacher", since=begun)
    finally:
        live.demo.ask("alter table assignment enable trigger user")
        live.demo.app.state.services.viewers._kept.clear()

    assert told["resyncRequired"]
    assert FLAGSHIP in told["forget"]
