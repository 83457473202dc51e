"""Period marks: proposed by the policy, confirmed by the teacher, corrected in the open, seen by the family."""

import asyncio
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import uuid4

import pytest

from api.seed import demo_ids
from domain.records import OrganisationPolicy
from domain.scoring.results import MarkPolicy
from tests.schema.conftest import Query
from tests.schema.demo import Demo, id_of

pytestmark = pytest.mark.anyio

FLAGSHIP, SCHOOL = id_of("Journal", "journal-7a-algebra"), demo_ids()["school"]
MARK = "id kind scale value proposed basisSum basisWeight basisCount policyVersion version reason role"
LINE = """
  id studentName markSum weightSum markCount leftOn
  proposedMark { scale value because explanation mean markSum weightSum markCount }
"""
PAGE = f"""
query Page($id: ID!) {{
  journal(id: $id) {{
    lines {{
      {LINE}
      student {{ id }}
      summaryMark {{ {MARK} recordedBy {{ displayName }} history {{ version value withdrawn reason role }} }}
      summaryMarks {{ id kind value }}
      summaryHistory {{ version value withdrawn }}
    }}
    summaryMarks {{ id value student {{ id }} }}
  }}
}}
"""
CONFIRM = f"""
mutation Confirm($i: ConfirmSummaryMarksInput!) {{
  change: confirmSummaryMarks(input: $i) {{
    clientMutationId
    summaryMarks {{ {MARK} student {{ id }} gradingPeriod {{ id }} history {{ version value withdrawn reason role }} }}
    userErrors {{
      __typename code message path
      ... on VersionConflict {{ currentVersion current {{ id }} }}
      ... on WindowClosed {{ closedAt opensAt reopenableBy }}
    }}
  }}
}}
"""


@pytest.fixture
async def ending(own_demo: Demo) -> Demo:
    """A demo in which the current period ends in five days: its marks may be confirmed."""
    end_period(own_demo, "vhod.now()::date + 5")
    return own_demo


def end_period(demo: Demo, day: str) -> None:
    """Let the period of the flagship page end on a day; its days before follow, its lessons stay where they are."""
    demo.bent.add("lessons lie in their period")
    demo.ask(
        f"update grading_period set ends_on = {day}, starts_on = least(starts_on, {day})"
        " where id = (select grading_period_id from journal where id = :id)",
        id=demo_ids()["journal-7a-algebra"],
    )


async def lines_of(demo: Demo, viewer: str = "teacher") -> list[dict[str, Any]]:
    return (await demo.query(PAGE, {"id": FLAGSHIP}, viewer)).data["journal"]["lines"]  # type: ignore[no-any-return]


def as_proposed(line: dict[str, Any], **changes: object) -> dict[str, Any]:
    """Confirm just what is proposed for a line."""
    proposed = line["proposedMark"]
    return {"lineId": line["id"], "scale": proposed["scale"], "value": proposed["value"]} | changes


def asking(*lines: dict[str, Any], **changes: object) -> dict[str, Any]:
    return {"clientMutationId": str(uuid4()), "journalId": FLAGSHIP, "lines": list(lines)} | changes


async def confirm(demo: Demo, given: dict[str, Any], viewer: str = "teacher", language: str = "ru") -> dict[str, Any]:
    return (await demo.query(CONFIRM, {"i": given}, viewer, language)).data["change"]  # type: ignore[no-any-return]


def codes(change: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [(error["code"], error["path"][1:]) for error in change["userErrors"]]


def versions(demo: Demo) -> int:
    return int(demo.ask("select count(*) from summary_mark_version where school_year = 2026")[0][0])


def another(line: dict[str, Any]) -> int:
    """A value that is not proposed."""
    return 3 if line["proposedMark"]["value"] != 3 else 4


def test_policy_without_settings_is_that_of_the_record() -> None:
    """The defaults of proposals are the defaults of the table."""
    settled = OrganisationPolicy(organisation_id=SCHOOL, version=0)

    for name in ("cut_off_5", "cut_off_4", "cut_off_3", "least_marks", "version"):
        assert getattr(MarkPolicy(), name) == getattr(settled, name)


async def test_every_line_shows_what_is_proposed_and_why(query: Query) -> None:
    """From the exact sums of the line, under the school's cut-offs; too few marks are said to be too few."""
    lines = (await query(PAGE, {"id": FLAGSHIP})).data["journal"]["lines"]

    assert len(lines) == 8
    for line in lines:
        proposed, count = line["proposedMark"], line["markCount"]
        assert (proposed["markSum"], proposed["weightSum"]) == (line["markSum"], line["weightSum"])
        if count < 3:
            assert (proposed["scale"], proposed["value"], proposed["because"]) == (
                "NOT_ASSESSED",
                None,
                "TOO_FEW_MARKS",
            )
            assert str(count) in proposed["explanation"]
        else:
            mean = Fraction(line["markSum"], line["weightSum"])
            by_hand = next((mark for mark in (5, 4, 3) if mean >= Fraction(2 * mark - 1, 2)), 2)
            assert (proposed["scale"], proposed["value"], proposed["because"]) == ("FIVE_POINT", by_hand, "MEAN")
        assert line["summaryMark"] is None
    assert {line["proposedMark"]["because"] for line in lines} == {"MEAN", "TOO_FEW_MARKS"}


async def test_teacher_confirms_a_whole_page_and_the_family_sees_its_own(ending: Demo) -> None:
    """All lines at once, each with its basis; parent and student read one mark, who confirmed it, and its history."""
    lines = await lines_of(ending)
    done = await confirm(ending, asking(*(as_proposed(line) for line in lines)))
    after = await lines_of(ending)
    family = await lines_of(ending, "legal-representative")
    page = (await ending.query(PAGE, {"id": FLAGSHIP}, "legal-representative")).data["journal"]
    [entry] = ending.ask("select role, detail from audit_entry e join assignment a on a.id = e.assignment_id"
                         " where action = 'student:summary_mark:confirm'")  # fmt: skip

    assert done["userErrors"] == []
    assert [mark["student"]["id"] for mark in done["summaryMarks"]] == [line["student"]["id"] for line in lines]
    for line, mark in zip(lines, done["summaryMarks"], strict=True):
        proposed = line["proposedMark"]
        assert (mark["kind"], mark["scale"], mark["value"]) == ("PERIOD", proposed["scale"], proposed["value"])
        assert (mark["proposed"], mark["version"], mark["role"]) == (proposed["value"], 1, "TEACHER")
        assert mark["basisCount"] == line["markCount"]
    assert [line["summaryMark"]["id"] for line in after] == [mark["id"] for mark in done["summaryMarks"]]
    assert [line["summaryMark"] for line in family] == [
        line["summaryMark"] for line in after if line["id"] == family[0]["id"]
    ]
    assert [mark["id"] for mark in page["summaryMarks"]] == [family[0]["summaryMark"]["id"]]
    assert family[0]["summaryMark"]["recordedBy"] == {"displayName": "Примерова Вера Тестовна"}
    assert (entry.role, len(entry.detail["marks"]), entry.detail.get("own_child")) == ("TEACHER", 8, None)


async def test_deviation_needs_a_reason_and_keeps_it(ending: Demo) -> None:
    """Without a reason nothing is written; with one, of the mark or of the whole, the mark keeps it."""
    first, second, *_ = await lines_of(ending)
    odd = [as_proposed(line, scale="FIVE_POINT", value=another(line)) for line in (first, second)]
    refused = await confirm(ending, asking(*odd))
    stored = versions(ending)
    done = await confirm(ending, asking(odd[0] | {"reason": " Олимпиада "}, odd[1], reason="Решение педсовета"))

    assert codes(refused) == [("DEVIATION_NEEDS_REASON", ["lines", str(place), "reason"]) for place in (0, 1)]
    assert refused["summaryMarks"] is None
    assert stored == 0
    assert [mark["reason"] for mark in done["summaryMarks"]] == ["Олимпиада", "Решение педсовета"]
    assert [mark["proposed"] for mark in done["summaryMarks"]] == [
        line["proposedMark"]["value"] for line in (first, second)
    ]


async def test_exempt_and_pass_deviate_from_a_proposal(ending: Demo) -> None:
    """What the policy did not propose is a deviation on whatever scale."""
    first, second, *_ = await lines_of(ending)
    odd = as_proposed(first, scale="EXEMPT", value=None), as_proposed(second, scale="PASS_FAIL", value=1)
    refused = await confirm(ending, asking(*odd))
    done = await confirm(ending, asking(*odd, reason="Приказ 17"))

    assert [code for code, _ in codes(refused)] == ["DEVIATION_NEEDS_REASON"] * 2
    assert [(mark["scale"], mark["value"]) for mark in done["summaryMarks"]] == [("EXEMPT", None), ("PASS_FAIL", 1)]


async def test_where_no_mark_has_weight_the_teacher_decides_without_a_reason(ending: Demo) -> None:
    """Passes count as marks and weigh nothing: the policy has no say."""
    [line, *_] = await lines_of(ending)
    ending.bent.add("sums of a line")
    ending.ask(
        "update journal_line set mark_sum = 0, weight_sum = 0, mark_count = 4 where id = :id", id=line["id"][12:]
    )
    done = await confirm(ending, asking({"lineId": line["id"], "scale": "PASS_FAIL", "value": 1}))

    assert done["userErrors"] == []
    assert done["summaryMarks"][0]["proposed"] is None


async def test_every_error_is_named_and_nothing_is_written(ending: Demo) -> None:
    """A wrong line does not hide the next one, and the right ones wait for the whole."""
    lines = await lines_of(ending)
    given = asking(
        as_proposed(lines[0]),
        as_proposed(lines[1], scale="FIVE_POINT", value=6),
        as_proposed(lines[2], scale="NOT_ASSESSED", value=5),
        as_proposed(lines[3], version=1),
        as_proposed(lines[0]),
        {"lineId": f"JournalLine:{uuid4()}", "value": 5},
        {"lineId": "nonsense", "value": 5},
        as_proposed(lines[4], withdraw=True),
        as_proposed(lines[5], reason="x" * 501),
    )
    refused = await confirm(ending, given)

    assert sorted(codes(refused)) == [
        ("DUPLICATE_PLACE", ["lines", "4", "lineId"]),
        ("MARK_VALUE", ["lines", "1", "value"]),
        ("MARK_VALUE", ["lines", "2", "value"]),
        ("NOTHING_TO_WITHDRAW", ["lines", "7", "withdraw"]),
        ("NOT_FOUND", ["lines", "5"]),
        ("NOT_FOUND", ["lines", "6"]),
        ("TEXT_TOO_LONG", ["lines", "8", "reason"]),
        ("VERSION_CONFLICT", ["lines", "3", "version"]),
    ]
    assert versions(ending) == 0


@pytest.mark.parametrize("number", [0, 61])
async def test_no_marks_and_too_many_are_refused(ending: Demo, number: int) -> None:
    """A page at a time."""
    refused = await confirm(ending, asking(*[{"lineId": f"JournalLine:{uuid4()}", "value": 5}] * number))

    assert codes(refused) == [("HOW_MANY", ["lines"])]


async def test_deputy_head_overrides_in_the_open(ending: Demo) -> None:
    """Only with a reason, under the version seen; the teacher's version stays in the history that the family reads."""
    [line, *_] = await lines_of(ending, "legal-representative")
    [made] = (await confirm(ending, asking(as_proposed(line))))["summaryMarks"]
    changed = as_proposed(line, scale="FIVE_POINT", value=another(line), version=1)
    silent = await confirm(ending, asking(changed | {"reason": "своя"}), "deputy-head")
    done = await confirm(ending, asking(changed, reason="Апелляция"), "deputy-head")
    [seen] = await lines_of(ending, "legal-representative")

    assert codes(silent) == [("REASON_NEEDED", ["reason"])]
    assert [(mark["id"], mark["version"], mark["role"]) for mark in done["summaryMarks"]] == [
        (made["id"], 2, "DEPUTY_HEAD")
    ]
    assert [(one["version"], one["value"], one["reason"], one["role"]) for one in seen["summaryMark"]["history"]] == [
        (1, made["value"], None, "TEACHER"),
        (2, another(line), "Апелляция", "DEPUTY_HEAD"),
    ]


async def test_stale_version_is_told_what_stands(ending: Demo) -> None:
    """Both ways of being stale: nothing was seen where something stands, and an old number."""
    [line, *_] = await lines_of(ending)
    [made] = (await confirm(ending, asking(as_proposed(line))))["summaryMarks"]
    odd = as_proposed(line, scale="FIVE_POINT", value=another(line), reason="пересмотр")
    blind, old = await confirm(ending, asking(odd)), await confirm(ending, asking(odd | {"version": 7}))

    for refused in (blind, old):
        [error] = refused["userErrors"]
        assert error["__typename"] == "VersionConflict"
        assert (error["currentVersion"], error["current"]) == (1, {"id": made["id"]})


async def test_of_two_who_confirm_at_once_one_is_told(ending: Demo) -> None:
    """Teacher and deputy head in the same moment: one writes, the other conflicts and can go on with the version."""
    [line, *_] = await lines_of(ending)
    odd = as_proposed(line, scale="FIVE_POINT", value=another(line), reason="по итогам")
    both = await asyncio.gather(
        confirm(ending, asking(odd, reason="учитель")),
        confirm(ending, asking(odd | {"value": 2}, reason="завуч"), "deputy-head"),
    )
    [lost] = [place for place, change in enumerate(both) if change["userErrors"]]
    again = await confirm(
        ending,
        asking(odd | {"value": 2 if lost else another(line), "version": 1}, reason="ещё раз"),
        ("teacher", "deputy-head")[lost],
    )

    assert codes(both[lost]) == [("VERSION_CONFLICT", ["lines", "0", "version"])]
    assert [mark["version"] for mark in again["summaryMarks"]] == [2]
    assert [one["version"] for one in again["summaryMarks"][0]["history"]] == [1, 2]


async def test_mark_taken_back_is_given_again_as_the_same_mark(ending: Demo) -> None:
    """Taking back needs a reason and leaves a version; the next one goes on counting."""
    [line, *_] = await lines_of(ending, "legal-representative")
    [made] = (await confirm(ending, asking(as_proposed(line))))["summaryMarks"]
    back = {"lineId": line["id"], "withdraw": True, "version": 1}
    silent = await confirm(ending, asking(back))
    gone = await confirm(ending, asking(back | {"reason": "Не тот ученик"}))
    [between] = await lines_of(ending, "legal-representative")
    [again] = (await confirm(ending, asking(as_proposed(line))))["summaryMarks"]

    assert codes(silent) == [("REASON_NEEDED", ["lines", "0", "reason"])]
    assert (gone["userErrors"], gone["summaryMarks"]) == ([], [None])
    assert between["summaryMark"] is None
    assert [(one["version"], one["withdrawn"]) for one in between["summaryHistory"]] == [(1, False), (2, True)]
    assert (again["id"], again["version"]) == (made["id"], 3)


async def test_retry_acts_once_and_what_stands_already_is_not_written_again(ending: Demo) -> None:
    """The same key gives the same marks; another key with the same content adds no version and no audit entry."""
    lines = await lines_of(ending)
    given = asking(*(as_proposed(line) for line in lines))
    first, retry = await confirm(ending, given), await confirm(ending, given)
    same = await confirm(ending, asking(*(as_proposed(line, version=1) for line in lines)))
    reused = await confirm(ending, given | {"lines": given["lines"][:1]})
    entries = ending.ask("select count(*) from audit_entry where action = 'student:summary_mark:confirm'")

    assert first == retry
    assert [mark["id"] for mark in same["summaryMarks"]] == [mark["id"] for mark in first["summaryMarks"]]
    assert codes(reused) == [("KEY_REUSED", ["clientMutationId"])]
    assert versions(ending) == len(lines)
    assert entries[0][0] == 1


async def test_two_weeks_before_the_end_is_too_early_before(own_demo: Demo) -> None:
    """Refused with the moment at which it opens, and nobody can open it sooner but by opening the page."""
    end_period(own_demo, "vhod.now()::date + 20")
    [line, *_] = await lines_of(own_demo)
    [error] = (await confirm(own_demo, asking(as_proposed(line))))["userErrors"]
    [opens] = own_demo.ask(
        "select (ends_on - 14)::timestamp at time zone 'Asia/Krasnoyarsk' from grading_period"
        " where id = (select grading_period_id from journal where id = :id)",
        id=demo_ids()["journal-7a-algebra"],
    )

    assert (error["__typename"], error["code"], error["reopenableBy"]) == ("WindowClosed", "SUMMARY_NOT_OPEN_YET", [])
    assert error["closedAt"] is None
    assert datetime.fromisoformat(error["opensAt"]) == opens[0]


async def test_closed_period_says_since_when_and_opens_for_a_reopened_page_only(own_demo: Demo) -> None:
    """The teacher is told who can open it; while the page is open again, it is confirmed as ever."""
    end_period(own_demo, "vhod.now()::date - 30")
    [line, *_] = await lines_of(own_demo)
    [error] = (await confirm(own_demo, asking(as_proposed(line))))["userErrors"]
    [even] = (await confirm(own_demo, asking(as_proposed(line), reason="надо"), "deputy-head"))["userErrors"]
    reopen(own_demo)
    done = await confirm(own_demo, asking(as_proposed(line)))

    assert (error["code"], error["reopenableBy"], error["opensAt"]) == ("PERIOD_CLOSED", ["DEPUTY_HEAD"], None)
    assert error["closedAt"]
    assert even["code"] == "PERIOD_CLOSED"
    assert done["userErrors"] == []


def reopen(demo: Demo) -> None:
    """Open the flagship page again for an hour."""
    demo.ask(
        "insert into reopening (journal_id, organisation_id, school_year, class_group_id, subject_group_id, reason,"
        " opened_by_id, assignment_id, opened_at, until) select id, organisation_id, school_year, class_group_id,"
        " subject_group_id, 'проверка', :by, gen_random_uuid(), vhod.now() - interval '1 minute',"
        " vhod.now() + interval '1 hour'"
        " from journal where id = :id",
        id=demo_ids()["journal-7a-algebra"],
        by=demo_ids()["person-deputy-head"],
    )


@pytest.mark.parametrize("viewer", ["homeroom-teacher", "legal-representative", "student"])
async def test_who_only_reads_the_page_is_forbidden(ending: Demo, viewer: str) -> None:
    """The page is visible, confirming it is not theirs."""
    answer = await ending.query(CONFIRM, {"i": asking({"lineId": "any", "value": 5})}, viewer)

    assert answer.codes == ["FORBIDDEN"]


@pytest.mark.parametrize("viewer", ["teacher-parent", "org-admin", "municipal-coordinator", "namesake"])
async def test_who_cannot_see_the_page_finds_none(ending: Demo, viewer: str) -> None:
    """Unknown and unreachable are the same."""
    refused = await confirm(ending, asking({"lineId": "any", "value": 5}), viewer)

    assert codes(refused) == [("NOT_FOUND", ["journalId"])]


async def test_stranger_must_sign_in(ending: Demo) -> None:
    """Nothing is changed by nobody."""
    answer = await ending.query(CONFIRM, {"i": asking({"lineId": "any", "value": 5})}, None)

    assert answer.codes == ["UNAUTHENTICATED"]


async def test_teacher_whose_assignment_has_lapsed_confirms_nothing(ending: Demo) -> None:
    """A lesson of their days may still be corrected elsewhere; what a period comes to is the present teacher's."""
    [line, *_] = await lines_of(ending)
    ending.ask(
        "update assignment set valid_from = vhod.now()::date - 60, valid_to = vhod.now()::date - 1"
        " where role = 'TEACHER' and person_id = :person and subject_group_id = :group",
        person=demo_ids()["person-teacher"],
        group=demo_ids()["group-7a-algebra"],
    )
    refused = await confirm(ending, asking(as_proposed(line)))

    assert codes(refused) == [("NOT_FOUND", ["journalId"])]


async def test_nothing_is_confirmed_for_a_student_who_has_left(ending: Demo) -> None:
    """The line stays, and is closed."""
    [line, *_] = await lines_of(ending)
    ending.ask("update journal_line set left_on = vhod.now()::date - 2 where id = :id", id=line["id"][12:])
    refused = await confirm(ending, asking(as_proposed(line)))

    assert codes(refused) == [("STUDENT_LEFT", ["lines", "0"])]


async def test_last_day_in_the_group_is_one_for_summary_marks_too(ending: Demo) -> None:
    """It was refused by a rule of its own (`<=`); the day before the first one is refused as well."""
    [line, *_] = await lines_of(ending)
    today, about = "cast(vhod.now() at time zone 'Asia/Krasnoyarsk' as date)", {"id": line["id"][12:]}
    ending.ask(f"update journal_line set joined_on = {today} + 1 where id = :id", **about)
    early = await confirm(ending, asking(as_proposed(line)))
    ending.ask(f"update journal_line set joined_on = {today}, left_on = {today} where id = :id", **about)
    last = await confirm(ending, asking(as_proposed(line)))

    assert codes(early) == [("STUDENT_NOT_JOINED", ["lines", "0"])]
    assert codes(last) == []


async def test_mark_of_an_own_child_is_flagged_for_the_deputy_head(ending: Demo) -> None:
    """Allowed, and to be found in the audit."""
    [line, *_] = await lines_of(ending)
    ending.ask(
        "insert into guardianship (guardian_id, student_id, kind, valid_from) values (:g, :s, 'PARENT', '2020-09-01')",
        g=demo_ids()["person-teacher"],
        s=line["student"]["id"][8:],
    )
    done = await confirm(ending, asking(as_proposed(line)))
    [entry] = ending.ask("select detail from audit_entry where action = 'student:summary_mark:confirm'")

    assert done["userErrors"] == []
    assert entry.detail["own_child"] is True


async def test_place_held_by_another_group_is_a_conflict_not_a_crash(ending: Demo) -> None:
    """The other group's mark is not the teacher's to see: they are sent to the deputy head."""
    [line, *_] = await lines_of(ending)
    ending.ask(
        "insert into summary_mark_version (school_year, student_id, organisation_id, subject_id, kind,"
        " grading_period_id, value) select l.school_year, l.student_id, l.organisation_id, j.subject_id, 'PERIOD',"
        " j.grading_period_id, 5 from journal_line l join journal j on j.id = l.journal_id where l.id = :id",
        id=line["id"][12:],
    )
    refused = await confirm(ending, asking(as_proposed(line)))

    assert codes(refused) == [("VERSION_CONFLICT", ["lines"])]
    assert versions(ending) == 1


async def test_statements_of_a_page_do_not_grow_with_its_lines(ending: Demo) -> None:
    """One line or eight: the database is asked as often."""
    lines = await lines_of(ending)
    one = await ending.query(CONFIRM, {"i": asking(as_proposed(lines[0]))})
    rest = await ending.query(CONFIRM, {"i": asking(*(as_proposed(line) for line in lines[1:]))})

    assert one.data["change"]["userErrors"] == rest.data["change"]["userErrors"] == []
    assert one.statements == rest.statements


async def test_messages_are_in_the_language_of_the_caller(ending: Demo) -> None:
    """Codes are the same, words are not."""
    [line, *_] = await lines_of(ending)
    odd = asking(as_proposed(line, scale="FIVE_POINT", value=another(line)))
    [russian] = (await confirm(ending, odd))["userErrors"]
    [english] = (await confirm(ending, odd | {"clientMutationId": str(uuid4())}, language="en"))["userErrors"]

    assert russian["code"] == english["code"]
    assert "укажите причину" in russian["message"]
    assert "say why" in english["message"]
