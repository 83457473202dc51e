"""A mark is given, corrected, withdrawn and given again: by whom, until when, and what is said when it may not be."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from api.seed import demo_ids
from domain import clock
from tests.schema.demo import id_of
from tests.schema.writing import NOW, ZONE, Pen, codes

pytestmark = pytest.mark.anyio

DAY = "2026-11-19"
GRANT = """
insert into assignment
  (person_id, role, reach, organisation_id, subject_group_id, valid_from, valid_to, awaits_confirmation)
values (:person, 'TEACHER', 'SUBJECT_GROUPS', :school, :subject_group, :since, :until, false)
"""


async def empty_cell(pen: Pen, day: str = DAY) -> dict[str, Any]:
    """An input that names the first student's cell of a day in which nothing stands."""
    pen.clear(day)
    line, lesson = await pen.line(1), await pen.lesson(day)
    return {"lineId": line["id"], "lessonId": lesson["id"]}


async def given_mark(pen: Pen, cell: dict[str, Any], value: int = 4, **more: Any) -> dict[str, Any]:
    """A mark that the teacher has given."""
    payload = await pen.do("writeMark", **cell, value=value, **more)
    assert payload["userErrors"] == []
    return payload["mark"]  # type: ignore[no-any-return]


async def test_teacher_corrects_a_mark_and_the_parent_sees_the_history(pen: Pen) -> None:
    """The line's mean follows; both versions stay, with who, when, under which role, why."""
    pen.clear(DAY)
    parents = (await pen.page("legal-representative"))["lines"][0]
    cell = {"lineId": parents["id"], "lessonId": (await pen.lesson(DAY))["id"]}
    first = await given_mark(pen, cell, 3)
    second = await pen.do("writeMark", **cell, value=5, version=1, reason="Ошиблась строкой")
    after = (await pen.page("legal-representative"))["lines"][0]

    assert second["userErrors"] == []
    assert second["mark"] | {"value": 5, "version": 2, "id": first["id"]} == second["mark"]
    assert after["markSum"] == parents["markSum"] + 5
    assert [(v["value"], v["version"], v["reason"], v["role"]) for v in after["history"][-2:]] == [
        (3, 1, None, "TEACHER"),
        (5, 2, "Ошиблась строкой", "TEACHER"),
    ]
    assert after["history"][-1]["recordedBy"]["displayName"] == "Примерова Вера Тестовна"


async def test_withdrawn_mark_stays_in_the_history_and_can_be_given_again(pen: Pen) -> None:
    """Nothing stands then; the next mark of the cell goes on with the id and the versions."""
    cell = await empty_cell(pen)
    first = await given_mark(pen, cell, 2)
    withdrawn = await pen.do("withdrawMark", markId=first["id"], version=1)
    gone = await pen.line(1)
    again = await given_mark(pen, cell, 4)
    line = await pen.line(1)

    assert (withdrawn["userErrors"], withdrawn["mark"]) == ([], None)
    assert first["id"] not in [mark["id"] for mark in gone["marks"]]
    assert (again["id"], again["version"]) == (first["id"], 3)
    assert [version["value"] for version in line["history"] if version["heldOn"] == DAY] == [2, None, 4]


async def test_same_value_again_is_no_new_version(pen: Pen) -> None:
    """Only a real change is kept and audited."""
    cell = await empty_cell(pen)
    await given_mark(pen, cell, 4)
    again = await given_mark(pen, cell, 4, version=1)

    assert again["version"] == 1
    assert len(pen.audited("journal:mark:write")) == 1


async def test_retry_with_the_same_key_writes_once(pen: Pen) -> None:
    """The answer is that of the first time, also when the mark has been corrected since."""
    cell, key = await empty_cell(pen), str(uuid4())
    first = await pen.do("writeMark", **cell, value=4, clientMutationId=key)
    again = await pen.do("writeMark", **cell, value=4, clientMutationId=key)
    other = await pen.do("writeMark", **cell, value=5, clientMutationId=key)

    assert first["mark"]["version"] == again["mark"]["version"] == 1
    assert codes(other) == ["KEY_REUSED"]


async def test_mark_that_somebody_has_changed_is_not_overwritten(pen: Pen) -> None:
    """The conflict shows what stands and its version; seeing nothing is a version too."""
    cell = await empty_cell(pen)
    mark = await given_mark(pen, cell, 4)
    for seen in (None, 2):
        [error] = (await pen.do("writeMark", **cell, value=5, version=seen))["userErrors"]

        assert (error["code"], error["path"]) == ("VERSION_CONFLICT", ["input"])
        assert (error["current"]["id"], error["currentVersion"]) == (mark["id"], 1)


async def test_mark_withdrawn_by_somebody_else_is_a_conflict_without_an_object(pen: Pen) -> None:
    """Nothing stands any more: the client sends null next."""
    cell = await empty_cell(pen)
    mark = await given_mark(pen, cell, 4)
    await pen.do("withdrawMark", markId=mark["id"], version=1)
    [error] = (await pen.do("writeMark", **cell, value=5, version=1))["userErrors"]
    twice = await pen.do("withdrawMark", markId=mark["id"], version=1)

    assert (error["code"], error["current"], error["currentVersion"]) == ("VERSION_CONFLICT", None, None)
    assert codes(twice) == ["VERSION_CONFLICT"]


MOMENTS = {
    "before the day": (datetime(2026, 11, 18, 23, 59, tzinfo=ZONE), "LESSON_NOT_HELD_YET"),
    "on the day": (datetime(2026, 11, 19, 0, 0, tzinfo=ZONE), None),
    "on the seventh day": (datetime(2026, 11, 26, 23, 59, tzinfo=ZONE), None),
    "after it": (datetime(2026, 11, 27, 0, 0, tzinfo=ZONE), "LESSON_WINDOW_CLOSED"),
    "after the period": (datetime(2026, 12, 31, 0, 0, tzinfo=ZONE), "LESSON_WINDOW_CLOSED"),
}


@pytest.mark.parametrize(("now", "code"), MOMENTS.values(), ids=MOMENTS)
async def test_window_of_a_lesson_is_kept(pen: Pen, now: datetime, code: str | None) -> None:
    """Outside it the refusal says the moment, and who can open the page again."""
    cell = await empty_cell(pen)
    pen.now = now
    payload = await pen.do("writeMark", **cell, value=5)

    assert codes(payload) == ([code] if code else [])
    assert (payload["mark"] is None) is bool(code)
    for error in payload["userErrors"]:
        early = code == "LESSON_NOT_HELD_YET"
        assert error["opensAt"] == ("2026-11-19T00:00:00+07:00" if early else None)
        assert error["closedAt"] == (None if early else "2026-11-27T00:00:00+07:00")
        assert error["reopenableBy"] == ([] if early else ["DEPUTY_HEAD"])


async def test_period_that_closed_first_is_what_the_refusal_names(own_pen: Pen) -> None:
    """The last lesson of a quarter has less than a week."""
    own_pen.demo.ask("update grading_period set ends_on = '2026-11-20' where starts_on <= '2026-11-20'::date")
    cell = await empty_cell(own_pen)
    own_pen.now = datetime(2026, 11, 26, 12, tzinfo=ZONE)
    [error] = (await own_pen.do("writeMark", **cell, value=5))["userErrors"]

    assert (error["code"], error["closedAt"]) == ("PERIOD_CLOSED", "2026-11-26T00:00:00+07:00")


VALUES = {
    "above the scale": ({"value": 6}, "VALUE_OUT_OF_SCALE"),
    "below the scale": ({"value": 0}, "VALUE_OUT_OF_SCALE"),
    "a five for a credit": ({"value": 5, "scale": "PASS_FAIL"}, "VALUE_OUT_OF_SCALE"),
    "not assessed in a lesson": ({"value": 5, "scale": "NOT_ASSESSED"}, "VALUE_OUT_OF_SCALE"),
    "a third mark of a cell": ({"value": 5, "position": 3}, "POSITION"),
    "a remark of a page": ({"value": 5, "remark": "а" * 501}, "TEXT_TOO_LONG"),
    "a remark with NUL": ({"value": 5, "remark": "\0"}, "TEXT_UNFIT"),
    "a reason of a page": ({"value": 5, "reason": "а" * 501}, "TEXT_TOO_LONG"),
}


@pytest.mark.parametrize(("changes", "code"), VALUES.values(), ids=VALUES)
async def test_mark_that_cannot_stand_is_refused(pen: Pen, changes: dict[str, Any], code: str) -> None:
    """Nothing is stored, and the code says what is wrong."""
    cell = await empty_cell(pen)
    payload = await pen.do("writeMark", **cell, **changes)

    assert codes(payload) == [code]
    assert pen.demo.ask("select 1 from mark_version where held_on = cast(:day as date)", day=DAY) == []


async def test_credit_has_no_weight_and_two_marks_fit_a_cell(pen: Pen) -> None:
    """A pass does not enter the mean; 5/4 are two positions of one column."""
    cell = await empty_cell(pen)
    before = await pen.line(1)
    first = await given_mark(pen, cell, 5)
    second = await given_mark(pen, cell, 4, position=2)
    credit = await given_mark(pen, await empty_cell(pen, "2026-11-20"), 1, scale="PASS_FAIL")
    line = await pen.line(1)

    assert (first["position"], second["position"]) == (1, 2)
    assert (credit["weight"], credit["scale"]) == (0, "PASS_FAIL")
    assert len(line["marks"]) == len(before["marks"]) + 3 - sum(m["heldOn"] == "2026-11-20" for m in before["marks"])


async def test_remark_is_kept_unless_it_is_sent(pen: Pen) -> None:
    """Left out it stays, null removes it."""
    cell = await empty_cell(pen)
    await given_mark(pen, cell, 4, remark="Без ошибок")
    kept = await given_mark(pen, cell, 5, version=1)
    removed = await given_mark(pen, cell, 5, version=2, remark=None)

    assert (kept["remark"], removed["remark"], removed["version"]) == ("Без ошибок", None, 3)


async def test_cancelled_lesson_and_departed_student_take_no_marks(own_pen: Pen) -> None:
    """Neither was there."""
    cell = await empty_cell(own_pen)
    own_pen.demo.ask("update lesson set status = 'CANCELLED' where held_on = '2026-11-19'")
    cancelled = await own_pen.do("writeMark", **cell, value=5)
    own_pen.demo.ask("update lesson set status = 'HELD' where held_on = '2026-11-19'")
    own_pen.demo.ask("update journal_line set left_on = '2026-11-18'")
    left = await own_pen.do("writeMark", **cell, value=5)

    assert codes(cancelled) == ["LESSON_CANCELLED"]
    assert codes(left) == ["STUDENT_LEFT"]


FORBIDDEN = ["legal-representative", "student", "homeroom-teacher", "stranger"]
NOT_FOUND = ["org-admin", "guest", "municipal-coordinator", "namesake", "teacher-parent"]


@pytest.mark.parametrize("viewer", [*FORBIDDEN, *NOT_FOUND, None])
async def test_nobody_else_writes_a_mark(pen: Pen, viewer: str | None) -> None:
    """Who sees the page is told that they may not; who does not see it is told that there is none."""
    lines = (await pen.page("legal-representative"))["lines"]
    cell = {"lineId": lines[0]["id"], "lessonId": (await pen.lesson(DAY))["id"]}
    answer = await pen.ask("writeMark", viewer, **cell, value=5)

    if viewer in NOT_FOUND:
        [error] = answer.data["done"]["userErrors"]
        assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "lineId"])
    else:
        assert answer.codes == ["FORBIDDEN" if viewer in FORBIDDEN else "UNAUTHENTICATED"]
    assert pen.audited("journal:mark:write") == []


async def test_client_without_the_write_scope_writes_nothing(pen: Pen) -> None:
    """The client's scopes are an upper bound, for a mark as well."""
    cell = await empty_cell(pen)
    variables = {"i": {"clientMutationId": str(uuid4()), **cell, "value": 5}}
    document = "mutation ($i: WriteMarkInput!) { writeMark(input: $i) { userErrors { code } } }"
    answer = await pen.demo.query(document, variables, "teacher", scope="openid education:read")

    assert answer.codes == ["FORBIDDEN"]


async def test_deputy_head_writes_in_anothers_journal_only_with_a_reason(pen: Pen) -> None:
    """An override is a version with a reason, never silent."""
    cell = await empty_cell(pen)
    [error] = (await pen.do("writeMark", "deputy-head", **cell, value=5, reason="  "))["userErrors"]
    written = await pen.do("writeMark", "deputy-head", **cell, value=5, reason="По решению комиссии")
    history = (await pen.line(1))["history"]

    assert (error["code"], error["path"]) == ("REASON_NEEDED", ["input", "reason"])
    assert written["userErrors"] == []
    assert (history[-1]["role"], history[-1]["reason"]) == ("DEPUTY_HEAD", "По решению комиссии")
    [(detail, role)] = pen.audited("journal:mark:write")
    assert (detail["marks"], detail["reason"], role) == (1, "По решению комиссии", "DEPUTY_HEAD")


async def test_homeroom_teacher_writes_marks_in_other_subjects_only_where_the_school_says_so(own_pen: Pen) -> None:
    """A switch of the policy, off by default."""
    cell = await empty_cell(own_pen)
    before = await own_pen.ask("writeMark", "homeroom-teacher", **cell, value=5)
    school = id_of("Organisation", "school")
    version = own_pen.demo.ask("select coalesce(max(version), 0) from organisation_policy where organisation_id = :o",
                           o=demo_ids()["school"])[0][0]  # fmt: skip
    await own_pen.do(
        "updateOrganisationPolicy", "org-admin", organisationId=school, version=version, homeroomWritesMarks=True
    )
    after = await own_pen.do("writeMark", "homeroom-teacher", **cell, value=5)

    assert before.codes == ["FORBIDDEN"]
    assert after["userErrors"] == []


async def test_own_child_is_marked_and_the_audit_says_so(own_pen: Pen) -> None:
    """Allowed, and flagged for the deputy head."""
    own_pen.demo.ask(
        "insert into guardianship (student_id, guardian_id, kind, valid_from)"
        " values (:student, :teacher, 'PARENT', '2020-01-01')",
        student=demo_ids()["person-student"],
        teacher=demo_ids()["person-teacher"],
    )
    lesson = await own_pen.lesson("2026-11-20")
    own_pen.clear("2026-11-20")
    lines = (await own_pen.page())["lines"]
    own = next(line for line in lines if line["student"]["id"] == id_of("Student", "person-student"))
    other = next(line for line in lines if line["id"] != own["id"])
    for line in (own, other):
        payload = await own_pen.do("writeMark", lineId=line["id"], lessonId=lesson["id"], value=5)
        assert payload["userErrors"] == []

    assert [detail.get("own_child") for detail, _ in own_pen.audited("journal:mark:write")] == [True, None]


async def test_several_roles_have_to_be_named(own_pen: Pen) -> None:
    """A teacher who is deputy head too says as whom; the one named is stored."""
    own_pen.demo.ask(
        "insert into assignment (person_id, role, reach, organisation_id, valid_from, awaits_confirmation)"
        " values (:teacher, 'DEPUTY_HEAD', 'ORGANISATION', :school, '2026-09-01', false)",
        teacher=demo_ids()["person-teacher"],
        school=demo_ids()["school"],
    )
    cell = await empty_cell(own_pen)
    [error] = (await own_pen.do("writeMark", **cell, value=5))["userErrors"]
    named = {one["role"]: one["id"] for one in error["candidates"]}
    as_teacher = await own_pen.do("writeMark", **cell, value=5, actingAssignmentId=named["TEACHER"])
    unfit = await own_pen.do("writeMark", **cell, value=4, version=1, actingAssignmentId=f"Assignment:{uuid4()}")

    assert (error["__typename"], error["path"]) == ("AmbiguousAssignment", ["input", "actingAssignmentId"])
    assert sorted(named) == ["DEPUTY_HEAD", "TEACHER"]
    assert as_teacher["userErrors"] == []
    assert codes(unfit) == ["ACTING_ASSIGNMENT"]


async def test_substitute_writes_for_the_days_of_the_substitution_after_it_has_ended(own_pen: Pen) -> None:
    """They read nothing any more, but what they held is theirs to write while its window is oown_pen."""
    ids, today = demo_ids(), clock.today(ZONE)
    cell = await empty_cell(own_pen, "2026-12-04")
    own_pen.demo.ask(
        "update grading_period p set ends_on = :day from journal j where j.grading_period_id = p.id and j.id = :page",
        day=max(today, NOW.date()) + timedelta(days=30),
        page=ids["journal-7a-algebra"],
    )
    later = await own_pen.lesson("2026-12-03")
    for lesson, day in ((cell, today - timedelta(days=3)), ({"lessonId": later["id"]}, today - timedelta(days=1))):
        key = lesson["lessonId"].removeprefix("Lesson:")
        own_pen.demo.ask("update lesson set held_on = :day, number = 9 where id = :key", day=day, key=key)
    own_pen.demo.ask(
        GRANT,
        person=ids["person-teacher-parent"],
        school=ids["school"],
        subject_group=ids["group-7a-algebra"],
        since=today - timedelta(days=5),
        until=today - timedelta(days=1),
    )
    own_pen.now = clock.now()
    within = await own_pen.do("writeMark", "teacher-parent", **cell, value=5)
    after = cell | {"lessonId": later["id"]}
    beyond = await own_pen.ask("writeMark", "teacher-parent", **after, value=5)
    page = await own_pen.demo.query("query P($id: ID!) { journal(id: $id) { id } }",
                                {"id": id_of("Journal", "journal-7a-algebra")}, "teacher-parent")  # fmt: skip

    assert within["userErrors"] == []
    assert beyond.codes == ["FORBIDDEN"]
    assert page.data["journal"] is None
    assert (await own_pen.line(1))["history"][-1]["value"] == 5


async def test_teacher_appointed_later_does_not_write_for_lessons_before(own_pen: Pen) -> None:
    """Judged by the day of the lesson, in both directions."""
    own_pen.demo.ask(
        "update assignment set valid_from = '2026-11-20' where person_id = :teacher and subject_group_id = :group",
        teacher=demo_ids()["person-teacher"],
        group=demo_ids()["group-7a-algebra"],
    )
    before = await own_pen.ask("writeMark", **await empty_cell(own_pen, "2026-11-19"), value=5)
    after = await own_pen.do("writeMark", **await empty_cell(own_pen, "2026-11-20"), value=5)

    assert before.codes == ["FORBIDDEN"]
    assert after["userErrors"] == []


async def test_restricted_line_is_not_there_for_the_banned_teacher(pen: Pen) -> None:
    """A court ban beats the role: the child's line cannot be written, and is not said to exist."""
    ids = demo_ids()
    [(line, lesson, day)] = pen.demo.ask(
        "select l.id, e.id, e.held_on from journal_line l join lesson e on e.journal_id = l.journal_id"
        " join subject_group g on g.id = l.subject_group_id join subject s on s.id = g.subject_id"
        " where l.student_id = :child and s.code = 'GEOGRAPHY' order by e.held_on limit 1",
        child=ids["pupil-banned-for-guardian"],
    )
    pen.now = datetime(day.year, day.month, day.day, 15, tzinfo=ZONE)
    cell = {"lineId": f"JournalLine:{line}", "lessonId": f"Lesson:{lesson}"}
    payload = await pen.do("writeMark", "banned-guardian-teacher", **cell, value=5)

    assert codes(payload) == ["NOT_FOUND"]


async def test_application_role_changes_and_removes_no_mark(pen: Pen) -> None:
    """Insert-only by grant: what stands is made of versions by the keeper's triggers."""
    granted = pen.demo.ask(
        "select table_name, privilege_type from information_schema.role_table_grants where grantee = 'vhod_app'"
        " and table_name in ('mark', 'mark_version', 'attendance_record', 'attendance_version', 'lesson_version')"
    )

    assert {kind for _, kind in granted} == {"SELECT", "INSERT"}
    assert {table for table, kind in granted if kind == "INSERT"} == {
        "mark_version", "attendance_version", "lesson_version",
    }  # fmt: skip
