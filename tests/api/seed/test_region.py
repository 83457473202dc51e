"""The region: every rule holds although it is loaded past the triggers, and its people find what is theirs."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text

from api.seed import RegionPlan, SeedRefusedError, broken_rules_of, seed
from api.seed.region import REGION_ID, load_region
from api.seed.region.places import school_id
from auth.provider.school_people import school_people, school_person
from domain.identifiers import snils_status
from domain.records.organisations import IdentifierStatus

Ask = Callable[..., list[Any]]
ISSUER = "http://127.0.0.1:8000/oidc"
TODAY = date(2026, 11, 20)
SMALL = RegionPlan(schools=6, large=1, fewest=5, most=7)


def load(url: str, plan: RegionPlan = SMALL) -> list[str]:
    said: list[str] = []
    seed(url, size="tiny", issuer=ISSUER, today=TODAY, region=plan, say=said.append)
    return said


def ask_of(url: str) -> Ask:
    def ask(query: str, **parameters: Any) -> list[Any]:
        with create_engine(url, poolclass=NullPool).begin() as connection:
            result = connection.execute(text(query), parameters)
            return list(result) if result.returns_rows else []

    return ask


@pytest.fixture(scope="module")
def region(database_server: Any, database_template: str) -> Iterator[str]:
    """Address of a database with the tiny demo and a small region; tests only read it."""
    with database_server.clone(database_template) as url:
        load(url)
        yield url


def test_every_rule_holds_after_a_load_past_the_triggers(region: str) -> None:
    """Sums, versions, anchors, days, moments, foreign keys."""
    assert broken_rules_of(region) == {}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("update journal_line set mark_sum = mark_sum + 1 where id = (select min(id::text)::uuid from journal_line)",
         "sums of a line"),
        ("update mark set held_on = held_on + 1 where id = (select min(id::text)::uuid from mark)",
         "marks stand in their line and column"),
        ("delete from mark_version where version = 2", "mark is the newest version"),
        ("delete from mark_version where version = 1", "mark_version has no gap"),
        ("update attendance_record set code = 'LATE' where code = 'ABSENT_ILLNESS'",
         "attendance_record is the newest version"),
        ("update lesson set topic = 'x' where status = 'HELD'", "lessons are their newest version"),
        ("update enrolment set live_from = live_from + interval '1 hour'", "days are moments of the place"),
        (
            "update guardianship set live_until = null",
            "representatives stand for a child until it is grown up, or until it is ended by hand",
        ),
        ("update organisation set ancestor_ids = '{}' where kind = 'SCHOOL'", "organisations know those above them"),
        ("delete from access_version", "whoever has rights has a version of them"),
        ("delete from person where id in (select student_id from enrolment)",
         "enrolment (student_id) refers to person"),
    ],
    ids=lambda value: value if " " in value and value.islower() else None,
)  # fmt: skip
def test_a_broken_rule_is_found(region: str, database_server: Any, change: str, rule: str) -> None:
    """Whatever was changed past the triggers, the data itself gives it away."""
    with database_server.clone(make_url(region).database) as url:
        with create_engine(url, poolclass=NullPool).begin() as connection:
            connection.execute(text("set local session_replication_role = replica"))
            connection.execute(text(change))

        assert rule in broken_rules_of(url)


def test_large_school_has_pages_of_the_year_that_ends_today(region: str) -> None:
    """Classes of 25, marks in five quarters, lessons planned for two weeks, some marks corrected."""
    ask = ask_of(region)
    classes = ask(
        "select count(*) as pupils from enrolment where organisation_id = :id group by class_group_id", id=school_id(1)
    )
    quarters = ask(
        "select p.school_year, p.number, count(m.id) > 0 as marks from journal j"
        " join grading_period p on p.id = j.grading_period_id join journal_line l on l.journal_id = j.id"
        " left join mark m on m.journal_line_id = l.id where j.organisation_id = :id group by 1, 2 order by 1, 2",
        id=school_id(1),
    )  # fmt: skip
    (lessons,) = ask(
        "select max(held_on) as last, bool_and((status = 'PLANNED') = (held_on > :today)) as told"
        " from lesson where organisation_id = :id", id=school_id(1), today=TODAY,
    )  # fmt: skip
    (versions,) = ask("select max(version) as most from mark_version where organisation_id = :id", id=school_id(1))

    assert {row.pupils for row in classes} == {25}
    assert SMALL.fewest <= len(classes) <= SMALL.most
    assert [tuple(row) for row in quarters] == [
        (2025, 2, True), (2025, 3, True), (2025, 4, True), (2026, 1, True), (2026, 2, True)
    ]  # fmt: skip
    assert lessons.told
    assert 10 <= (lessons.last - TODAY).days <= 14
    assert versions.most == 2


def test_no_class_of_the_region_has_two_lessons_at_once(region: str) -> None:
    """Whatever day and subject."""
    clashes = ask_of(region)(
        "select 1 from lesson e join organisation o on o.id = e.organisation_id where o.region_id = :region"
        " group by e.class_group_id, e.held_on, e.number having count(*) > 1", region=REGION_ID,
    )  # fmt: skip

    assert clashes == []


def test_people_of_a_large_school_play_their_parts(region: str) -> None:
    """The teacher teaches the student algebra; the parent is hers; the deputy head works for the school."""
    ask = ask_of(region)
    people = {
        row.subject: row
        for row in ask("select e.subject, p.* from external_identity e join person p on p.id = e.person_id")
    }
    teacher, student, parent, deputy = (people[person.oid] for person in school_people(1))
    taught = ask(
        "select s.code from assignment a join subject_group_member m on m.subject_group_id = a.subject_group_id"
        " join subject_group g on g.id = a.subject_group_id join subject s on s.id = g.subject_id"
        " where a.person_id = :teacher and m.student_id = :student and a.valid_to is null",
        teacher=teacher.id, student=student.id,
    )  # fmt: skip
    links = ask("select guardian_id from guardianship where student_id = :id", id=student.id)
    leads = ask("select role, organisation_id from assignment where person_id = :id", id=deputy.id)
    marks = ask("select count(*) from mark where student_id = :id", id=student.id)

    assert ("ALGEBRA",) in taught
    assert parent.id in {link.guardian_id for link in links}
    assert [tuple(row) for row in leads] == [("DEPUTY_HEAD", school_id(1))]
    assert marks[0][0] > 50
    assert all(
        (row.last_name, row.first_name, row.birth_date, row.snils)
        == (person.last_name, person.first_name, person.birth_date, person.snils)
        for person in school_people(1)
        for row in [people[person.oid]]
    )


def test_people_of_the_region_cannot_be_anybody(region: str) -> None:
    """A SNILS that was never issued with the right check number, no two alike, a phone code that nobody has."""
    people = ask_of(region)("select snils, phone, provenance from person")

    assert all(snils_status(person.snils) is IdentifierStatus.VALID for person in people)
    assert all(person.snils < "001-001-998" and person.phone.startswith("+7 000 ") for person in people)
    assert len({person.snils for person in people}) == len(people)
    assert {person.provenance for person in people} == {"SYNTHETIC"}


def test_equal_plans_give_equal_rows(region: str, fresh_database: str) -> None:
    """Ids and moments included."""
    load(fresh_database)
    query = (
        "select (select sum(hashtextextended(v::text, 0)) from mark_version v) as marks,"
        " (select sum(hashtextextended(l::text, 0)) from journal_line l) as lines,"
        " (select sum(hashtextextended(a::text, 0)) from attendance_version a) as absences"
    )

    assert ask_of(fresh_database)(query) == ask_of(region)(query)


def test_region_is_loaded_once(fresh_database: str) -> None:
    """Beside a demo that is there already, and never twice."""
    seed(fresh_database, size="tiny", issuer=ISSUER, today=TODAY, say=lambda line: None)
    first, again = load(fresh_database), load(fresh_database)

    assert first[0].startswith("The demo is there already")
    assert first[-1] == "Its people can sign in as school-N-teacher|student|parent|deputy-head, N from 1 to 1."
    assert len(again) == 1


def test_region_asks_for_a_superuser(fresh_database: str) -> None:
    """A login that may not switch triggers off is told so before anything is loaded."""
    with create_engine(fresh_database, poolclass=NullPool).begin() as connection:
        connection.execute(text("set local role vhod_app"))

        with pytest.raises(SeedRefusedError, match="superuser"):
            load_region(connection, SMALL, issuer=ISSUER, today=TODAY, say=print)


@pytest.mark.parametrize(
    "wrong", [{"schools": 0}, {"schools": 5, "large": 6}, {"fewest": 4}, {"most": 50}, {"large": 350}], ids=str
)
def test_plan_that_cannot_be_is_refused(wrong: dict[str, int]) -> None:
    """Before anything is loaded."""
    with pytest.raises(ValueError, match="school"):
        RegionPlan(**wrong)


@pytest.mark.parametrize("key", ["school-0-teacher", "school-10000-student", "school-1-head", "1001000015", "teacher"])
def test_nobody_else_is_a_person_of_a_school(key: str) -> None:
    """Numbers from 1 to 9999, four parts."""
    assert school_person(key) is None
