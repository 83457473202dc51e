"""Writing through the wall alone: what the database itself lets each viewer add, and that it keeps history true."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.records import (
    AssessmentSlot,
    AttendanceVersion,
    JournalLine,
    KeptMark,
    LessonVersion,
    MarkVersion,
    PeriodClosing,
    Record,
    Reopening,
    SummaryMarkVersion,
)
from domain.roles import Role
from tests.access.cases import OTHERS, SINGLE, Cases
from tests.access.contract import RECORDS
from tests.access.door import Door
from tests.access.expected import Expected, Item
from tests.access.pen import MAY_ADD, SIGNED, Attempt, about, added, attempts, last_mark, lesson_of, line_of
from tests.access.test_wall import WALLED
from tests.access.wall import due, given_out, told

pytestmark = pytest.mark.anyio

NAMES = [*SINGLE.values(), "everything", *OTHERS]
BY_WALL = "row-level security"
VERSIONS: list[type[Record]] = [MarkVersion, AttendanceVersion, LessonVersion, SummaryMarkVersion]


@pytest.mark.parametrize("record", MAY_ADD, ids=lambda record: record.__name__)
@pytest.mark.parametrize("name", NAMES)
async def test_rows_are_added_where_the_writer_may_and_nowhere_else(
    name: str, record: type[Record], door: Door, cases: Cases
) -> None:
    """As the application's role, told who writes: in one's own journal, class or school, and about nobody kept away."""
    case, tried = cases.of(name), attempts(cases.world.rows, record)
    person = case.expected.who.person
    assert person is not None
    async with told(door, case.account, writes=True) as connection:
        said = [await added(connection, record, one.of(person)) for one in tried]

    assert len(tried) > 1
    assert {text for text in said if text and BY_WALL not in text} == set()
    assert [not text for text in said] == [one.allowed(case.expected) for one in tried]


@pytest.mark.parametrize("record", MAY_ADD, ids=lambda record: record.__name__)
async def test_nothing_is_added_in_a_transaction_that_was_not_opened_to_write(
    record: type[Record], door: Door, cases: Cases
) -> None:
    """A query has no pen: not even those of all roles at once can add a row in it."""
    case = cases.of("everything")
    person = case.expected.who.person
    assert person is not None
    async with told(door, case.account) as connection:
        said = [await added(connection, record, one.of(person)) for one in attempts(cases.world.rows, record)]

    assert all(BY_WALL in text for text in said)


@pytest.mark.parametrize("name", ["everything, client may not write", "everything, unconfirmed"])
async def test_client_and_account_that_may_not_write_have_no_pen(name: str, door: Door, cases: Cases) -> None:
    """Scopes and the level of the account bound what is told to the database, too."""
    [case] = [one for one in cases.limited() if one.name == name]
    person = case.expected.who.person
    assert person is not None
    async with told(door, case.account, writes=True) as connection:
        said = [
            await added(connection, record, one.of(person))
            for record in MAY_ADD
            for one in attempts(cases.world.rows, record)[:12]
        ]

    assert all(BY_WALL in text for text in said)


OF_AN_AUTHOR = [record for record in MAY_ADD if SIGNED & record.model_fields.keys()]


@pytest.mark.parametrize("record", OF_AN_AUTHOR, ids=lambda record: record.__name__)
@pytest.mark.parametrize("forged", ["somebody else", "nobody"])
async def test_author_cannot_be_forged(forged: str, record: type[Record], door: Door, cases: Cases) -> None:
    """Whatever is added is signed by who adds it: not by another, not by nobody."""
    case = cases.of("everything")
    author = cases.world.people["teacher"].id if forged == "somebody else" else None
    own = [one for one in attempts(cases.world.rows, record) if one.allowed(case.expected)]
    async with told(door, case.account, writes=True) as connection:
        said = [await added(connection, record, one.of(author)) for one in own]  # type: ignore[arg-type]

    assert own
    assert all(text for text in said)


@pytest.mark.parametrize("record", VERSIONS, ids=lambda record: record.__name__)
@pytest.mark.parametrize("wrong", ["a gap", "the first again", "the same again", "of another chain"])
async def test_chain_of_versions_cannot_be_broken(wrong: str, record: type[Record], door: Door, cases: Cases) -> None:
    """Each version follows the one before it, of the same mark; none is left out, none is there twice."""
    case = cases.of("deputy")
    chain = next((name for name in ("mark_id", "record_id") if name in record.model_fields), "lesson_id")
    own = [one for one in attempts(cases.world.rows, record) if one.allowed(case.expected)]
    change: dict[str, Any] = {"a gap": {"version": 9}, "the first again": {"version": 1}}.get(wrong, {})
    async with told(door, case.account, writes=True) as connection:
        for one in own:
            values = one.of(case.expected.who.person)  # type: ignore[arg-type]
            if wrong == "the same again":
                change = {"version": values["version"] - 1}
            elif wrong == "of another chain":
                change = {chain: uuid4()}
            assert await added(connection, record, {**values, **change}) != ""


@pytest.mark.parametrize("record", VERSIONS[:2] + VERSIONS[3:], ids=lambda record: record.__name__)
async def test_first_version_cannot_take_the_place_of_a_mark_that_stands_elsewhere(
    record: type[Record], door: Door, cases: Cases
) -> None:
    """A new chain that bears the id of another one would write over what a colleague wrote."""
    case, rows = cases.of("teacher"), cases.world.rows
    theirs = next(one.values for one in attempts(rows, record) if not one.allowed(case.expected))
    mine = next(one for one in attempts(rows, record) if one.allowed(case.expected)).of(case.expected.who.person)  # type: ignore[arg-type]
    chain = "record_id" if record is AttendanceVersion else "mark_id"
    fresh = {**mine, "version": 1, chain: theirs[chain], **_fresh_cell(cases, record)}
    async with told(door, case.account, writes=True) as connection:
        plainly = await added(connection, record, {**fresh, chain: uuid4()})
        stolen = await added(connection, record, fresh)

    assert plainly == ""
    assert stolen != ""


def _fresh_cell(cases: Cases, record: type[Record]) -> dict[str, Any]:
    """Where nothing stands yet in the teacher's group: the line without attendance, the second mark of it."""
    world = cases.world
    line = line_of(world.rows, world.groups["algebra"].id, world.people["classmate"].id)
    if record is MarkVersion:
        last = last_mark(world.rows, line)
        return {"journal_line_id": line.id, "student_id": line.student_id, "slot_id": last.slot_id, "position": 2}
    if record is AttendanceVersion:
        line = line_of(world.rows, world.groups["algebra"].id, world.people["moved to 7B"].id)
        return {"journal_line_id": line.id, "student_id": line.student_id}
    return {"student_id": line.student_id, "kind": "EXAM", "grading_period_id": None}


READ_ONLY = [
    "mark", "attendance_record", "lesson", "summary_mark", "journal_line", "journal", "mark_version",
    "attendance_version", "lesson_version", "summary_mark_version", "work_type", "calendar_day", "grading_period",
]  # fmt: skip


@pytest.mark.parametrize("table", READ_ONLY)
@pytest.mark.parametrize("statement", ["update {} set school_year = school_year", "delete from {}", "truncate {}"])
async def test_what_stands_and_what_stood_is_changed_by_nobody(
    statement: str, table: str, door: Door, cases: Cases
) -> None:
    """The application adds versions; it has no right to change or remove a row, whoever writes."""
    column = {"work_type": "weight", "calendar_day": "working", "grading_period": "name"}.get(table, "school_year")
    wrong = statement.format(table).replace("school_year", column)
    async with told(door, cases.of("deputy").account, writes=True) as connection:
        said = await _refused(connection, wrong)

    assert "permission denied" in said


async def _refused(connection: Any, statement: str, **values: Any) -> str:
    try:
        async with connection.begin_nested():
            result = await connection.execute(text(statement), values)
            return f"{result.rowcount} rows"
    except DBAPIError as error:
        return str(error.orig)


OF_THE_JOURNAL = {
    "subject_group": "SubjectGroup", "journal": "Journal", "lesson": "Lesson", "lesson_version": "LessonVersion",
    "assessment_slot": "AssessmentSlot", "journal_line": "JournalLine", "mark": "Mark", "mark_version": "MarkVersion",
    "attendance_record": "AttendanceRecord", "attendance_version": "AttendanceVersion", "reopening": "Reopening",
    "mark_proposal": "KeptMark",
}  # fmt: skip
"""What whoever writes in a journal must look at, by the type of its rows."""


@pytest.mark.parametrize("name", NAMES)
async def test_writing_transaction_looks_at_the_journals_once_taught_and_at_nothing_else_besides(
    name: str, door: Door, cases: Cases
) -> None:
    """What a reading one gives out, and for a teacher whose days are over the page of those days, for the lessons."""
    case = cases.of(name)
    async with told(door, case.account, writes=True) as connection:
        found = await given_out(connection, WALLED)

    wanted = due(case.expected)
    for table, type_name in OF_THE_JOURNAL.items():
        items = [Item(type_name, row) for row in cases.world.rows.all(RECORDS[type_name])]
        wanted[table] |= {item.row.id for item in items if _taught_once(case.expected, item)}
    assert {table: len(found[table] ^ wanted[table]) for table in WALLED} == dict.fromkeys(WALLED, 0)


def _taught_once(expected: Expected, item: Item) -> bool:
    held = {one.target for one in expected.who.held if one.role is Role.TEACHER}
    ties = expected.relations.ties(item.type_name, item.row)
    return any(held & one.groups and not one.about & expected.who.banned_from for one in ties)


FIXED = {
    "assessment_slot": ("lesson_id", "journal_id", "organisation_id", "subject_group_id", "class_group_id", "number"),
    "mark_proposal": ("student_id", "value", "weight", "remark", "recorded_by_id", "slot_id", "refused_with"),
    "reopening": ("journal_id", "reason", "opened_by_id", "opened_at", "until", "organisation_id"),
    "period_closing": ("organisation_id", "grading_period_id", "closed_at"),
    "mutation_key": ("person_id", "client_id", "key", "input_hash"),
}


@pytest.mark.parametrize(("table", "column"), [(table, one) for table, columns in FIXED.items() for one in columns])
async def test_what_a_row_is_about_stays_as_it_was_written(table: str, column: str, door: Door, cases: Cases) -> None:
    """A column may be renamed, a proposal settled, a reopening ended; none of them is moved or rewritten."""
    async with told(door, cases.of("deputy").account, writes=True) as connection:
        said = await _refused(connection, f"update {table} set {column} = {column}")

    assert "permission denied" in said


CHANGED: dict[str, tuple[str, type[Record], type[Record]]] = {
    "assessment_slot": ("title = 'changed'", AssessmentSlot, MarkVersion),
    "mark_proposal": ("settled_at = vhod.now()", KeptMark, KeptMark),
    "reopening": ("ended_at = vhod.now()", Reopening, Reopening),
}


@pytest.mark.parametrize("table", CHANGED)
@pytest.mark.parametrize("name", NAMES)
async def test_rows_are_changed_where_the_writer_may_and_nowhere_else(
    name: str, table: str, door: Door, cases: Cases
) -> None:
    """Slots, proposals and reopenings change under those who may add them; a substitute opens no page."""
    change, record, like = CHANGED[table]
    case = cases.of(name)
    expected = _of_now(case.expected, *(() if record is Reopening else (Role.TEACHER,)))
    wanted = {row.id for row in cases.world.rows.all(record) if _may_add_there(expected, like, row)}
    async with told(door, case.account, writes=True) as connection:
        found = (await connection.execute(text(f"update {table} set {change} returning id"))).scalars().all()
        await connection.rollback()

    assert set(found) == wanted


def _of_now(expected: Expected, *also: Role) -> Expected:
    """Without the roles that have ended, but for those of substitutes in what they may still write."""
    held = tuple(one for one in expected.who.held if one.live or one.role in also)
    return replace(expected, who=replace(expected.who, held=held), _standing={})


def _may_add_there(expected: Expected, record: type[Record], row: Any) -> bool:
    return Attempt(record, row.model_dump(), about(getattr(row, "student_id", None))).allowed(expected)


async def test_row_cannot_be_added_to_the_own_group_that_belongs_to_a_colleagues(door: Door, cases: Cases) -> None:
    """Anchors are those of the line and the lesson: whoever writes their own group on a colleague's fact is refused."""
    case, world = cases.of("teacher"), cases.world
    person = case.expected.who.person
    assert person is not None
    mine = world.groups["algebra"]
    pupils = {line.student_id for line in world.rows.where(JournalLine, subject_group_id=mine.id)}
    said: dict[str, list[str]] = {}
    async with told(door, case.account, writes=True) as connection:
        for record in (MarkVersion, AttendanceVersion, LessonVersion, SummaryMarkVersion, AssessmentSlot, KeptMark):
            foreign = [one for one in attempts(world.rows, record) if one.values["subject_group_id"] != mine.id]
            # A summary mark is of the subject: whoever stands on the own page is the teacher's to sum up.
            foreign = [one for one in foreign if record is not SummaryMarkVersion or not one.about & pupils]
            forged = {"subject_group_id": mine.id, "class_group_id": mine.class_group_id}
            texts = [
                await added(connection, record, {**one.of(person), **forged, "organisation_id": mine.organisation_id})
                for one in foreign
            ]
            said[record.__name__] = [text for text in texts if not text]

    assert {name: len(taken) for name, taken in said.items()} == dict.fromkeys(said, 0)


async def test_page_and_period_of_another_school_cannot_be_opened_or_closed_as_the_own(
    door: Door, cases: Cases
) -> None:
    """A deputy head who names their own school beside somebody else's page or period is refused."""
    case, world = cases.of("deputy"), cases.world
    person = case.expected.who.person
    assert person is not None
    taken = []
    async with told(door, case.account, writes=True) as connection:
        for record in (Reopening, PeriodClosing):
            for one in attempts(world.rows, record):
                if one.values["organisation_id"] != world.schools["A"].id:
                    forged = {**one.of(person), "organisation_id": world.schools["A"].id}
                    said = await added(connection, record, forged)
                    taken += [record.__name__] if not said else []

    assert taken == []


async def test_mark_stands_in_a_column_and_a_line_of_one_page(door: Door, cases: Cases) -> None:
    """A mark of the own line in a column of another page of the same teacher is refused."""
    case, world = cases.of("everything"), cases.world
    person: UUID | None = case.expected.who.person
    assert person is not None
    line = line_of(world.rows, world.groups["algebra"].id, world.people["pupil"].id)
    other = lesson_of(world.rows, world.groups["B"].id)
    foreign = world.rows.where(AssessmentSlot, lesson_id=other.id)[0]
    row = {**last_mark(world.rows, line).model_dump(), "id": uuid4(), "mark_id": uuid4(), "version": 1}
    row |= {"recorded_by_id": person, "slot_id": foreign.id}
    async with told(door, case.account, writes=True) as connection:
        said = [await added(connection, MarkVersion, {**row, "lesson_id": lesson}) for lesson in (line.id, other.id)]

    assert all("must stand in the line" in text for text in said)
