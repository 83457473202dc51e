"""Who writes and corrects, one sentence each: over a world of their own, through the door."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from domain.catalogue.ids import methodology_id
from domain.records import (
    AssessmentSlot,
    AttendanceRecord,
    IdentityMismatch,
    ImportFile,
    ImportRun,
    Journal,
    KeptMark,
    Mark,
    MarkVersion,
    Reopening,
)
from domain.roles import Role
from tests.access.cases import Cases
from tests.access.contract import global_id
from tests.access.door import Account, Door
from tests.access.examination import CANARY
from tests.access.newcomers import Newcomers, seen, visible
from tests.access.pen import line_of
from tests.access.world import World

pytestmark = pytest.mark.anyio

ERRORS = """userErrors { code path ... on VersionConflict { currentVersion
            current { id ... on Mark { value remark } ... on AttendanceRecord { code note } } } }"""
WRITE = f"""mutation Write($i: WriteMarkInput!) {{ writeMark(input: $i) {{
    mark {{ id value remark recordedBy {{ displayName }} }} line {{ id studentName mean }} keptMarks {{ id remark }}
    {ERRORS} }} }}"""
EXCUSE = f"""mutation Excuse($i: ExcuseAbsenceInput!) {{ excuseAbsence(input: $i) {{
    record {{ id code note }} line {{ id }} {ERRORS} }} }}"""
RECORD = f"""mutation Record($i: RecordAttendanceInput!) {{ recordAttendance(input: $i) {{
    record {{ id code note }} line {{ id }} {ERRORS} }} }}"""
REOPEN = "mutation Open($i: ReopenJournalInput!) { reopenJournal(input: $i) { reopening { id } userErrors { code } } }"


@pytest.fixture
def lesson(changing: World, change: Callable[..., None]) -> Callable[..., str]:
    """Adds a lesson to the page of a group, so many days from today; gives its id."""

    def add(group: str, days: int = 0, number: int = 7) -> str:
        [page] = changing.rows.where(Journal, subject_group_id=changing.groups[group].id)
        key = uuid4()
        change(
            "insert into lesson (id, journal_id, organisation_id, school_year, class_group_id, subject_group_id,"
            " held_on, number, status)"
            " select :id, id, organisation_id, school_year, class_group_id, subject_group_id, :day,"
            " (select coalesce(max(number), 0) + :number from lesson where journal_id = :page), 'HELD'"
            " from journal where id = :page",
            id=key, page=page.id, day=changing.rows.today + timedelta(days=days), number=number,
        )  # fmt: skip
        return f"Lesson:{key}"

    return add


@pytest.fixture
def count(owner: Engine) -> Callable[[], dict[str, int]]:
    """How many rows there are of all that can be written."""
    tables = (
        "mark_version", "attendance_version", "lesson_version", "summary_mark_version", "assessment_slot",
        "mark_proposal", "reopening", "period_closing", "organisation_policy", "import_run", "audit_entry",
        "assignment",
    )  # fmt: skip

    def counted() -> dict[str, int]:
        with owner.connect() as connection:
            return {table: connection.scalar(text(f"select count(*) from {table}")) or 0 for table in tables}

    return counted


def line(world: World, group: str, who: str) -> str:
    """Id of somebody's line on the page of a group."""
    return global_id("JournalLine", line_of(world.rows, world.groups[group].id, world.people[who].id))


async def write(door: Door, account: Account | None, line_id: str, lesson_id: str, **given: Any) -> Any:
    """Write a mark; gives the whole answer."""
    key = given.pop("key", None) or str(uuid4())
    values = {"clientMutationId": key, "lineId": line_id, "lessonId": lesson_id, "value": 5, **given}
    return await door.ask(WRITE, account, i=values)


def refusals(answer: Any, field: str = "writeMark") -> list[str]:
    """Codes of an answer that says no, whether as an error or as part of the answer."""
    codes = [one["extensions"]["code"] for one in answer.errors]
    found = (answer.data or {}).get(field)
    return codes + [one["code"] for one in (found or {"userErrors": []})["userErrors"]]


async def test_substitute_writes_for_the_days_of_the_replacement_and_reads_nothing_afterwards(
    open_world: Door, changing: World, newcomers: Newcomers, lesson: Callable[..., str], count: Any
) -> None:
    """The window is still open, the assignment is over: the mark is taken, the answer shows none of the page."""
    person, account = newcomers.person("substitute of last week")
    newcomers.grant(person, Role.TEACHER, changing.groups["algebra"], since=-6, until=-2)
    mine, later = lesson("algebra", -4), lesson("algebra", -1)
    pupil = line(changing, "algebra", "pupil")
    before = count()

    taken = await write(open_world, account, pupil, mine)
    again = await write(open_world, account, pupil, mine, value=4)
    not_theirs = await write(open_world, account, pupil, later)

    assert refusals(taken) == []
    assert taken.data["writeMark"] == {"mark": None, "line": None, "keptMarks": [], "userErrors": []}
    assert count()["mark_version"] == before["mark_version"] + 1
    [conflict] = again.data["writeMark"]["userErrors"]
    assert (conflict["code"], conflict["current"]) == ("VERSION_CONFLICT", None)
    assert refusals(not_theirs)
    assert [CANARY.findall(one.text) for one in (taken, again, not_theirs)] == [[], [], []]
    assert not any(visible(await seen(open_world, account, [pupil, mine, later])))


async def test_teacher_appointed_later_sees_the_earlier_lesson_and_does_not_write_in_it(
    open_world: Door, changing: World, newcomers: Newcomers, lesson: Callable[..., str]
) -> None:
    """Reading is judged now, writing by the day of the lesson."""
    person, account = newcomers.person("successor")
    newcomers.grant(person, Role.TEACHER, changing.groups["algebra"], since=-2)
    earlier, own = lesson("algebra", -4), lesson("algebra", -1)
    pupil = line(changing, "algebra", "pupil")

    assert visible(await seen(open_world, account, [earlier])) == [True]
    assert refusals(await write(open_world, account, pupil, earlier)) == ["FORBIDDEN"]
    assert refusals(await write(open_world, account, pupil, own)) == []


async def test_nothing_is_written_for_a_pupil_after_the_day_of_leaving(
    open_world: Door, changing: World, lesson: Callable[..., str], count: Any
) -> None:
    """Teacher and deputy head of the old school see the line that stayed, and add nothing to it."""
    today, departed = lesson("algebra"), line(changing, "algebra", "departed")
    before = count()
    for name in ("teacher", "deputy"):
        answer = await write(open_world, Account(changing.cast[name].subject), departed, today, reason="tried")
        assert len(refusals(answer)) == 1

    assert count() == before


@pytest.mark.parametrize("role", [Role.TEACHER, Role.HOMEROOM_TEACHER, Role.DEPUTY_HEAD])
async def test_banned_guardian_who_works_there_writes_nothing_about_the_child(
    role: Role, *, open_world: Door, changing: World, newcomers: Newcomers, lesson: Callable[..., str], count: Any
) -> None:
    """The child's line answers like a line that does not exist; that of the neighbour can be written."""
    person, account = newcomers.person("banned writer")
    target = {Role.TEACHER: changing.groups["algebra"], Role.HOMEROOM_TEACHER: changing.classes["7A"]}
    newcomers.grant(person, role, target.get(role, changing.schools["A"]), since=-30)
    newcomers.guardian(person, changing.people["banned"])
    newcomers.ban(person, changing.people["banned"])
    today, child = lesson("algebra"), line(changing, "algebra", "banned")
    absence = {"lessonId": today, "code": "ABSENT_UNEXCUSED", "reason": "tried"}

    async def record(line_id: str) -> Any:
        return await open_world.ask(RECORD, account, i={"clientMutationId": KEY, "lineId": line_id, **absence})

    before = count()
    answers = [await record(one) for one in (child, f"JournalLine:{uuid4()}")]
    mark = await write(open_world, account, child, today, reason="tried")

    assert [refusals(one, "recordAttendance") for one in answers] == [["NOT_FOUND"], ["NOT_FOUND"]]
    assert answers[0].text == answers[1].text
    assert len(refusals(mark)) == 1
    assert count() == before
    assert refusals(await record(line(changing, "algebra", "pupil")), "recordAttendance") == []


KEY = "11111111-2222-4333-8444-555555555555"


async def test_colleague_writes_into_the_own_group_alone(
    open_world: Door, changing: World, lesson: Callable[..., str], count: Any
) -> None:
    """Neither a colleague's line, nor the own line in a colleague's lesson; both answer like what does not exist."""
    account = Account(changing.cast["colleague"].subject)
    algebra, english = lesson("algebra"), lesson("english")
    before = count()
    theirs = await write(open_world, account, line(changing, "algebra", "pupil"), algebra)
    crossed = await write(open_world, account, line(changing, "english", "pupil"), algebra)
    nothing = await write(open_world, account, line(changing, "english", "pupil"), f"Lesson:{uuid4()}")

    assert [refusals(one) for one in (theirs, crossed, nothing)] == [["NOT_FOUND"]] * 3
    assert crossed.data == nothing.data
    assert count() == before
    assert refusals(await write(open_world, account, line(changing, "english", "pupil"), english)) == []


async def test_deputy_head_of_another_school_opens_closes_and_writes_nothing_here(
    open_world: Door, changing: World, newcomers: Newcomers, lesson: Callable[..., str], count: Any
) -> None:
    """Pages of another school do not exist; its periods are public, and not theirs to close."""
    person, account = newcomers.person("deputy of B")
    newcomers.grant(person, Role.DEPUTY_HEAD, changing.schools["B"])
    [page] = changing.rows.where(Journal, subject_group_id=changing.groups["algebra"].id)
    today, before = lesson("algebra"), count()
    period = f"GradingPeriod:{page.grading_period_id}"
    close = "mutation C($i: CloseGradingPeriodInput!) { closeGradingPeriod(input: $i) { userErrors { code } } }"
    opened = {"clientMutationId": str(uuid4()), "journalId": global_id("Journal", page), "reason": "tried"}

    mark = await write(open_world, account, line(changing, "algebra", "pupil"), today, reason="tried")
    reopened = await open_world.ask(REOPEN, account, i=opened)
    closed = await open_world.ask(close, account, i={"clientMutationId": str(uuid4()), "gradingPeriodId": period})

    assert refusals(mark) == ["NOT_FOUND"]
    assert refusals(reopened, "reopenJournal") == ["NOT_FOUND"]
    assert refusals(closed, "closeGradingPeriod") == ["FORBIDDEN"]
    assert count() == before


async def test_history_of_a_mark_that_was_withdrawn_stays_with_the_old_school_and_the_family(
    open_world: Door, changing: World, newcomers: Newcomers
) -> None:
    """After the transfer: the old teacher and the family read all its versions, the new school none."""
    departed = changing.people["departed"]
    person, at_new_school = newcomers.person("homeroom at the new school")
    newcomers.grant(person, Role.HOMEROOM_TEACHER, changing.classes["C"])
    group = changing.groups["algebra"].id
    versions = [
        global_id("MarkVersion", row)
        for row in changing.rows.where(MarkVersion, student_id=departed.id, subject_group_id=group, position=2)
    ]
    query = "... on MarkVersion { version value reason }"

    for name in ("parent of departed", "teacher"):
        found = await seen(open_world, Account(changing.cast[name].subject), versions, query)
        assert [(one["version"], one["value"]) for one in found] == [(1, 5), (2, None)]
        assert found[1]["reason"] is not None
    assert not any(visible(await seen(open_world, at_new_school, versions)))
    former = "... on JournalLine { leftOn history { id } }"
    [old] = await seen(
        open_world,
        Account(changing.cast["parent of departed"].subject),
        [line(changing, "algebra", "departed")],
        former,
    )
    assert old["leftOn"] is not None
    assert set(versions) < {one["id"] for one in old["history"]}


async def test_mark_that_was_refused_and_kept_is_never_seen_by_the_family(
    open_world: Door, changing: World, count: Any
) -> None:
    """The teacher is told and finds it again, the deputy head sees it; student and parent see no trace of it."""
    teacher, deputy, parent, student = (
        Account(changing.cast[name].subject) for name in ("teacher", "deputy", "parent", "child")
    )
    old = changing.rows.where(AssessmentSlot, subject_group_id=changing.groups["algebra"].id)[0]
    child, remark = line(changing, "algebra", "child"), "a remark that nobody at home reads"
    late = await write(
        open_world, teacher, child, f"Lesson:{old.lesson_id}", slotId=global_id("AssessmentSlot", old), position=2,
        remark=remark, keepRefused=True,
    )  # fmt: skip
    [kept] = late.data["writeMark"]["keptMarks"]
    asked = "... on JournalLine { keptMarks { remark } history { remark } } ... on KeptMark { remark }"

    assert kept["remark"] == remark
    assert all(visible(await seen(open_world, deputy, [kept["id"]])))
    for account in (parent, student):
        [answer] = await open_world.nodes(asked, [kept["id"], child], account)
        assert answer.data["nodes"][0] is None
        assert answer.data["nodes"][1]["keptMarks"] is None
        assert [one["field"] for one in answer.denied] == ["JournalLine.keptMarks"]
        assert remark not in answer.text
    former = [global_id("KeptMark", row) for row in changing.rows.all(KeptMark)]
    assert not any(visible(await seen(open_world, parent, former)))


async def test_note_behind_an_absence_is_not_told_to_the_teacher_by_answers_conflicts_or_history(
    open_world: Door, changing: World, lesson: Callable[..., str]
) -> None:
    """The homeroom teacher sets it; the teacher of the lesson learns that there is a reason, and no more."""
    homeroom, teacher, parent = (Account(changing.cast[name].subject) for name in ("homeroom", "teacher", "parent"))
    today, child, note = lesson("algebra"), line(changing, "algebra", "child"), "a note about health"
    given = {"clientMutationId": str(uuid4()), "lineId": child, "lessonId": today}
    set_by = await open_world.ask(EXCUSE, homeroom, i={**given, "code": "ABSENT_ILLNESS", "note": note})
    tried = {**given, "clientMutationId": str(uuid4()), "code": "LATE"}
    conflict = await open_world.ask(RECORD, teacher, i=tried)
    [history] = await open_world.nodes(HISTORY, [child], teacher)
    [at_home] = await open_world.nodes(HISTORY, [child], parent)

    assert set_by.data["excuseAbsence"]["record"]["note"] == note
    assert refusals(conflict, "recordAttendance")
    assert note not in conflict.text + history.text
    assert {one["field"] for one in history.denied} == {"AttendanceVersion.note", "AttendanceRecord.note"}
    assert note in at_home.text


HISTORY = "... on JournalLine { attendance { note } attendanceHistory { code note } }"


async def test_retry_after_the_role_has_ended_shows_nothing_of_what_was_written(
    open_world: Door, changing: World, newcomers: Newcomers, lesson: Callable[..., str], change: Callable[..., None]
) -> None:
    """The key finds the change of then; what it shows is read under the rights of now."""
    person, account = newcomers.person("dismissed")
    assignment = newcomers.grant(person, Role.TEACHER, changing.groups["algebra"])
    today, pupil, key = lesson("algebra"), line(changing, "algebra", "pupil"), str(uuid4())
    first = await write(open_world, account, pupil, today, key=key)
    change("update assignment set ended_at = vhod.now() where id = :id", id=assignment)
    retry = await write(open_world, account, pupil, today, key=key)
    another = await write(open_world, account, pupil, today, version=1)

    assert first.data["writeMark"]["mark"]["value"] == 5
    assert retry.data["writeMark"] == {"mark": None, "line": None, "keptMarks": [], "userErrors": []}
    assert refusals(another)
    assert CANARY.findall(retry.text + another.text) == []


async def test_teacher_writes_about_the_own_child_and_it_is_flagged(
    open_world: Door, changing: World, newcomers: Newcomers, lesson: Callable[..., str], owner: Engine
) -> None:
    """Allowed, under the teacher's role, and named for the deputy head."""
    person, account = newcomers.person("mother who teaches")
    newcomers.grant(person, Role.TEACHER, changing.groups["algebra"])
    newcomers.grant(person, Role.LEGAL_REPRESENTATIVE)
    newcomers.guardian(person, changing.people["child"])
    today = lesson("algebra")
    answers = [await write(open_world, account, line(changing, "algebra", who), today) for who in ("child", "pupil")]
    query = text(
        "select coalesce((detail ->> 'own_child')::boolean, false) from audit_entry where actor_id = :who order by id"
    )
    with owner.connect() as connection:
        flagged = list(connection.execute(query, {"who": person}).scalars())

    assert [refusals(one) for one in answers] == [[], []]
    assert flagged == [True, False]


ATTEMPTS: dict[str, str] = {
    "writeMark": "lineId: {line}, lessonId: {lesson}, value: 5, reason: TRIED",
    "withdrawMark": "markId: {mark}, version: 2, reason: TRIED",
    "writeJournalPage": "journalId: {journal}, reason: TRIED,"
    " lines: [{{ lineId: {line}, cells: [{{ lessonId: {lesson}, mark: {{ value: 5 }} }}] }}]",
    "linkAccount": 'mismatchId: {mismatch}, accountId: "00000000-0000-4000-8000-000000000001", reason: TRIED',
    "unlinkAccount": "organisationId: {organisation}, holderId: {student}, holderName: TRIED, reason: TRIED",
    "recordAttendance": "lineId: {line}, lessonId: {lesson}, code: LATE, reason: TRIED",
    "clearAttendance": "recordId: {record}, version: 2, reason: TRIED",
    "excuseAbsence": "lineId: {line}, lessonId: {lesson}, code: ABSENT_EXCUSED, reason: TRIED",
    "updateLesson": "lessonId: {lesson}, version: 1, topic: TRIED, reason: TRIED",
    "addAssessmentSlot": "lessonId: {lesson}, work: TEST, reason: TRIED",
    "updateAssessmentSlot": "slotId: {slot}, version: 1, title: TRIED, reason: TRIED",
    "reopenJournal": "journalId: {journal}, reason: TRIED",
    "endReopening": "reopeningId: {reopening}",
    "closeGradingPeriod": "gradingPeriodId: {period}",
    "updateOrganisationPolicy": "organisationId: {organisation}, version: 0, lessonMarkDays: 300",
    "settleKeptMark": "keptMarkId: {proposal}, accept: true, reason: TRIED",
    "confirmSummaryMarks": "journalId: {journal}, reason: TRIED, lines: [{{ lineId: {line}, value: 5, version: 2 }}]",
    "confirmCourseMarks": "subjectGroupId: {group}, kind: EXAM, reason: TRIED,"
    " students: [{{ studentId: {student}, value: 5 }}]",
    "startImport": "fileId: {file}, kind: PEOPLE",
    "cancelImport": "importRunId: {run}",
    "recordObservations": "observations:"
    " [{{ organisationId: {organisation}, indicator: FIGURE, period: YEAR, value: ONE }}]",
    "computeObservations": "organisationId: {organisation}, indicator: FIGURE, period: YEAR",
    "approveObservations": "organisationId: {organisation}, indicators: [FIGURE], period: YEAR",
    "unlockObservations": "organisationId: {organisation}, indicators: [FIGURE], period: YEAR, reason: TRIED",
    "computeRating": "methodologyId: {methodology}, regionId: {region}, ratedKind: MUNICIPALITY, period: YEAR",
    "publishRating": "ratingId: {rating}",
    "withdrawRating": "ratingId: {rating}, reason: TRIED",
}
"""Every mutation of the pen, tried at the teacher's own page of school A."""

OUTSIDERS = [
    None, "student", "parent", "parent of departed", "administrator", "coordinator", "regional coordinator",
    "pupil without a role", "stranger", "left the school", "colleague", "homeroom 7B", "homeroom", "teacher", "deputy",
]  # fmt: skip


@pytest.mark.parametrize("name", OUTSIDERS, ids=str)
async def test_nobody_changes_what_their_roles_do_not_allow(
    name: str | None, open_world: Door, changing: World, lesson: Callable[..., str], count: Any
) -> None:
    """Each mutation by each role that may not: refused, nothing written, and nothing told that may not be seen."""
    account = None if name is None else Account(changing.cast[name].subject)
    ids = {key: f'"{value}"' for key, value in _targets(changing, lesson("algebra")).items()}
    allowed = MAY.get(name or "", set())
    texts = []
    before = count()
    for field, arguments in ATTEMPTS.items():
        if field in allowed:
            continue
        asked = arguments.format(**ids).replace("TRIED", '"tried"').replace("FIGURE", '"JOURNAL_HOMEWORK"')
        asked = asked.replace("YEAR", '"2026"').replace("ONE", '"1"')
        given = f'{{ clientMutationId: "{uuid4()}", {asked} }}'
        query = f"mutation {{ {field}(input: {given}) {{ userErrors {{ code message }} }} }}"
        answer = await open_world.ask(query, account)
        codes = refusals(answer, field)
        assert codes, field
        assert set(codes) <= {"FORBIDDEN", "NOT_FOUND", "UNAUTHENTICATED", "NOT_YOURS", "REASON_RESERVED"}, field
        texts.append(answer.text)

    assert count() == before
    assert CANARY.findall("\n".join(texts)) == []


FIGURES = (
    "recordObservations", "computeObservations", "approveObservations", "unlockObservations", "computeRating",
    "publishRating", "withdrawRating",
)  # fmt: skip
_ACCOUNTS = {"linkAccount", "unlinkAccount"}
_ABSENCE = {"recordAttendance", "clearAttendance", "excuseAbsence"}
MAY: dict[str, set[str]] = {
    # domain.md 2.3: who may do it there is not tried here.
    "administrator": {"updateOrganisationPolicy", "recordObservations", "computeObservations", *_ACCOUNTS},
    "coordinator": set(FIGURES) - {"computeRating", "publishRating", "withdrawRating"},
    "regional coordinator": set(FIGURES),
    "homeroom": _ABSENCE,
    "teacher": set(ATTEMPTS) - {*FIGURES, "excuseAbsence", "reopenJournal", "endReopening", "closeGradingPeriod",
                                "updateOrganisationPolicy", "startImport", "cancelImport", *_ACCOUNTS},
    "deputy": set(ATTEMPTS) - {*FIGURES, *_ACCOUNTS, "updateOrganisationPolicy"},
}  # fmt: skip


def _targets(world: World, lesson_id: str) -> dict[str, Any]:
    """One object of each kind at the page of algebra."""
    rows, group = world.rows, world.groups["algebra"].id
    pupil = line_of(rows, group, world.people["pupil"].id)
    here = {"subject_group_id": group}
    [page] = rows.where(Journal, **here)
    at_a = {"organisation_id": world.schools["A"].id}
    return {
        "lesson": lesson_id, "line": global_id("JournalLine", pupil), "journal": global_id("Journal", page),
        "mark": global_id("Mark", rows.where(Mark, journal_line_id=pupil.id)[0]),
        "record": global_id("AttendanceRecord", rows.where(AttendanceRecord, journal_line_id=pupil.id)[0]),
        "slot": global_id("AssessmentSlot", rows.where(AssessmentSlot, **here)[0]),
        "reopening": global_id("Reopening", rows.where(Reopening, **here)[0]),
        "proposal": global_id("KeptMark", rows.where(KeptMark, **here)[0]),
        "period": f"GradingPeriod:{page.grading_period_id}", "organisation": f"Organisation:{world.schools['A'].id}",
        "group": f"SubjectGroup:{group}", "student": f"Student:{pupil.student_id}",
        "mismatch": global_id("IdentityMismatch", rows.where(IdentityMismatch, **at_a)[0]),
        "file": global_id("ImportFile", rows.where(ImportFile, **at_a)[0]),
        "run": global_id("ImportRun", rows.where(ImportRun, **at_a)[0]),
        "region": f"Organisation:{world.regions[0].id}", "rating": f"Rating:{uuid4()}",
        "methodology": f"Methodology:{methodology_id('chelyabinsk-quality', '2022')}",
    }  # fmt: skip


def test_every_mutation_is_tried_here(cases: Cases) -> None:
    """A new mutation fails here until it has been tried by everybody who may not use it."""
    roles = {"grantAssignment", "confirmAssignment", "endAssignment", "openCase"}  # tests/access/test_giving.py
    registers = {
        "giveConsent", "planRehabilitationMeasure", "recordAchievement", "recordEmployment", "recordScreening",
        "reportRehabilitationMeasure", "revokeConsent",
    }  # fmt: skip

    families = {"proposeGuardianship", "confirmGuardianship", "endGuardianship"}  # test_family_wall, test_guardianships

    # tests/access/test_enrolment_wall.py, tests/schema/test_enrolments.py
    movement = {"enrolStudent", "transferStudent", "withdrawStudent", "findPersonBySnils"}
    tried_elsewhere = roles | registers | families | movement  # tests/access/test_register_cases.py
    assert {place.name for place in cases.places["Mutation"]} - tried_elsewhere == set(ATTEMPTS)
