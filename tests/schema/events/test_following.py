"""Whoever follows something hears of it at once, and of nothing else."""

from typing import Any
from uuid import uuid4

import pytest

from domain.horizon import Horizon
from schema.engine.stream.cursors import EventCursor, read_cursor
from tests.schema.demo import open_demo
from tests.schema.events.conftest import Child, Live
from tests.schema.events.followers import DIARY, PAGE, data, following, served
from tests.schema.events.official_clients import driven
from tests.schema.writing import FLAGSHIP, Pen

pytestmark = pytest.mark.anyio

DAY = "2026-11-20"


@pytest.fixture
async def lesson(pen: Pen) -> str:
    """The id of a lesson whose cells are empty."""
    pen.clear(DAY)
    return (await pen.lesson(DAY))["id"]  # type: ignore[no-any-return]


async def test_a_mark_reaches_the_parent_and_the_teacher_who_may_see_it(
    live: Live, pen: Pen, child: Child, lesson: str
) -> None:
    """Each is told the object that changed, read under their own rights; of another child the parent hears nothing."""
    other = await live.child("teacher", 1)
    async with live.socket("legal-representative") as parent, live.socket("teacher") as teacher:
        begun = data(await parent.subscribe(DIARY, id=child.student))
        data(await teacher.subscribe(PAGE, id=FLAGSHIP))
        await pen.do("writeMark", lineId=other.line, lessonId=lesson, value=3)
        about_another = data(await teacher.hear())
        await pen.do("writeMark", lineId=child.line, lessonId=lesson, value=2)
        told, page = data(await parent.hear()), data(await teacher.hear())

    assert (begun["changes"], begun["resyncRequired"]) == ([], False)
    assert [change["object"]["value"] for change in about_another["changes"]] == [3]
    [change] = told["changes"]
    assert (change["kind"], change["gone"], change["object"]["value"]) == ("MARK", False, 2)
    assert page["changes"] == told["changes"]


async def test_a_withdrawn_mark_is_told_as_gone(live: Live, pen: Pen, child: Child, lesson: str) -> None:
    """What a client keeps under that id is to be forgotten."""
    mark = (await pen.do("writeMark", lineId=child.line, lessonId=lesson, value=4))["mark"]
    async with live.socket("legal-representative") as parent:
        data(await parent.subscribe(DIARY, id=child.student))
        await pen.do("withdrawMark", markId=mark["id"], version=mark["version"], reason="Ошибка")
        [change] = data(await parent.hear())["changes"]

    assert change == {"kind": "MARK", "objectId": mark["id"], "gone": True, "object": None}


async def test_homework_reaches_the_diary(live: Live, pen: Pen, child: Child, lesson: str) -> None:
    """A lesson belongs to nobody, and to everybody who has a line on its page."""
    version = (await pen.lesson(DAY))["version"]
    async with live.socket("legal-representative") as parent:
        data(await parent.subscribe(DIARY, id=child.student))
        await pen.do("updateLesson", lessonId=lesson, version=version, homework="№ 215", reason="Забыла")
        [change] = data(await parent.hear())["changes"]

    assert (change["kind"], change["object"]["homework"]) == ("LESSON", "№ 215")


async def test_what_was_missed_is_told_by_cursor(live: Live, pen: Pen, child: Child, lesson: str) -> None:
    """Whoever comes back hears exactly what was committed since, once."""
    async with live.socket("legal-representative") as parent:
        begun = data(await parent.subscribe(DIARY, id=child.student))
    await pen.do("writeMark", lineId=child.line, lessonId=lesson, value=5)
    async with live.socket("legal-representative") as parent:
        missed = data(await parent.subscribe(DIARY, id=child.student, since=begun["cursor"]))
        nothing = data(await parent.subscribe(DIARY, "2", id=child.student, since=missed["cursor"]))

    assert [change["object"]["value"] for change in missed["changes"]] == [5]
    assert (nothing["changes"], nothing["resyncRequired"]) == ([], False)


async def test_a_cursor_that_cannot_be_gone_on_from_is_told_apart(live: Live, child: Child) -> None:
    """Of other rights, or of another database: read again. No cursor at all: an error with its code."""
    async with live.socket("legal-representative") as parent:
        now = read_cursor(data(await parent.subscribe(DIARY, id=child.student))["cursor"])
        other_rights = EventCursor(now.horizon, now.rights + 1)
        later = now.horizon.next + 10_000_000
        elsewhere = EventCursor(Horizon(later, later, frozenset()), now.rights)
        told = [
            data(await parent.subscribe(DIARY, str(number), id=child.student, since=str(cursor)))
            for number, cursor in enumerate((other_rights, elsewhere), 2)
        ]
        garbage = await parent.subscribe(DIARY, "4", id=child.student, since="e1.no")

    assert [news["resyncRequired"] for news in told] == [True, True]
    assert garbage["payload"]["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_what_is_unknown_and_what_is_out_of_reach_sound_alike(live: Live) -> None:
    """One null, and the end."""
    other = await live.child("teacher", 1)
    async with live.socket("legal-representative") as parent:
        answers = []
        for student in (other.student, f"Student:{uuid4()}"):
            answers.append([await parent.subscribe(DIARY, "same", id=student), await parent.hear()])

    for answer in answers:
        del answer[0]["payload"]["extensions"]["cost"]
    assert answers[0] == answers[1]
    assert answers[0][0]["payload"]["data"] == {"diaryChanged": None}
    assert answers[0][1] == {"id": "same", "type": "complete"}


async def test_whoever_lacks_the_permission_is_told_so(live: Live, child: Child) -> None:
    """The refusal is listed as in every answer."""
    async with live.socket("org-admin") as admin:
        answer = await admin.subscribe(DIARY, id=child.student)

    assert answer["payload"]["data"] == {"diaryChanged": None}
    [refused] = answer["payload"]["extensions"]["access"]["denied"]
    assert (refused["field"], refused["permission"]) == ("Subscription.diaryChanged", "student:see")


async def test_another_process_tells_the_same(live: Live, pen: Pen, child: Child, lesson: str) -> None:
    """What one server writes, followers of another hear."""
    async with (
        open_demo(live.demo.database.owner_url) as other,
        served(other.app) as port,
        following(port, await other.token("legal-representative")) as there,
        live.socket("legal-representative") as here,
    ):
        data(await there.subscribe(DIARY, id=child.student))
        data(await here.subscribe(DIARY, id=child.student))
        await pen.do("writeMark", lineId=child.line, lessonId=lesson, value=3)
        heard = [data(await one.hear())["changes"] for one in (here, there)]

    assert heard[0] == heard[1]
    assert [change["object"]["value"] for change in heard[0]] == [3]


CHANGES = """query Changes($since: String, $students: [ID!], $journals: [ID!]) {
  changes(since: $since, students: $students, journals: $journals) {
    cursor resyncRequired forget items { kind objectId gone object { id ... on Mark { value } } } } }"""


async def changes(live: Live, viewer: str, **given: Any) -> dict[str, Any]:
    """What changed for somebody."""
    return (await live.demo.query(CHANGES, given, viewer=viewer)).data["changes"]  # type: ignore[no-any-return]


async def test_whoever_was_offline_is_told_what_changed_with_tombstones(
    live: Live, pen: Pen, child: Child, lesson: str
) -> None:
    """A parent of the own child only, a teacher of the own pages, whoever names an object of that one alone."""
    other = await live.child("teacher", 1)
    kept = (await pen.do("writeMark", lineId=child.line, lessonId=lesson, value=4))["mark"]
    viewers = ("legal-representative", "teacher", "deputy-head")
    begun = {viewer: (await changes(live, viewer))["cursor"] for viewer in viewers}
    await pen.do("withdrawMark", markId=kept["id"], version=kept["version"], reason="Ошибка")
    theirs = (await pen.do("writeMark", lineId=other.line, lessonId=lesson, value=3))["mark"]
    parent, teacher = [await changes(live, viewer, since=begun[viewer]) for viewer in viewers[:2]]
    named = await changes(live, "deputy-head", since=begun["deputy-head"], students=[other.student])
    nothing = await changes(live, "legal-representative", since=parent["cursor"])

    gone = {"kind": "MARK", "objectId": kept["id"], "gone": True, "object": None}
    written = {"kind": "MARK", "objectId": theirs["id"], "gone": False, "object": {"id": theirs["id"], "value": 3}}
    assert (parent["items"], teacher["items"], named["items"]) == ([gone], [gone, written], [written])
    assert (nothing["items"], nothing["resyncRequired"]) == ([], False)


async def test_whoever_has_other_rights_than_before_reads_everything_again(live: Live) -> None:
    """Where nothing left one's reach, nothing is to be forgotten."""
    begun = (await changes(live, "legal-representative"))["cursor"]
    live.demo.ask(
        "update access_version v set version = version + 1 from guardianship g where g.guardian_id = v.person_id"
    )
    after = await changes(live, "legal-representative", since=begun)
    refused = await live.demo.query(CHANGES, viewer=None)

    assert (after["resyncRequired"], after["items"], after["forget"]) == (True, [], [])
    assert refused.codes == ["UNAUTHENTICATED"]


async def test_official_clients_of_both_protocols_follow(live: Live, child: Child) -> None:
    """graphql-ws and graphql-sse from npm hear, go on by cursor, and are refused as their protocols say."""
    status, printed = await driven(live.demo, live.port, child.student)

    assert status == 0, printed
    assert printed.splitlines()[-1] == "16 passed, 0 failed"
