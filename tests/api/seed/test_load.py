"""Loading the demo: once, the same every time, on any day, past the wall or not at all."""

import json
from collections import Counter
from datetime import date
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text

from api.seed import SeedRefusedError, demo_ids, seed
from api.seed.demo import demo_rows
from domain.records import Enrolment, Lesson, MarkVersion, SubjectGroup

ISSUER = "http://127.0.0.1:8000/oidc"
TODAY = date(2026, 11, 20)
IDS = demo_ids()


CLASSES = """
    select c.name, count(*) as pupils from class_group c join enrolment e on e.class_group_id = c.id
    where c.organisation_id = :school group by c.id, c.name
"""
CLASHES = """
    select g.teacher_id from lesson l join subject_group g on g.id = l.subject_group_id
    where l.school_year = 2026 group by g.teacher_id, l.held_on, l.number having count(*) > 1
"""
TABLES = """
    select relname from pg_class where relkind in ('r', 'p') and not relispartition
    and relnamespace = 'public'::regnamespace and relname <> 'alembic_version'
"""


def load(url: str, size: str = "tiny", today: date = TODAY) -> list[str]:
    said: list[str] = []
    seed(url, size=size, issuer=ISSUER, today=today, say=said.append)
    return said


def contents(url: str) -> dict[str, list[str]]:
    """Every row of every table as text, sorted."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        tables = connection.execute(text(TABLES)).scalars().all()
        return {
            table: sorted(
                json.dumps(row, sort_keys=True, ensure_ascii=False)
                for row in connection.execute(text(f"select to_jsonb(t) from {table} t")).scalars()
            )
            for table in tables
        }


def test_second_load_changes_nothing_and_says_so(fresh_database: str) -> None:
    """Whatever the size: the demo is there."""
    load(fresh_database)
    before = contents(fresh_database)
    said = load(fresh_database, size="demo", today=date(2027, 2, 1))

    assert said[0].startswith("The demo is there already; 0 accounts of ")
    assert contents(fresh_database) == before


def test_two_databases_get_the_same_demo(fresh_database: str, database_server: Any, database_template: str) -> None:
    """Every row of every table, ids and moments included."""
    load(fresh_database)
    with database_server.clone(database_template) as other:
        load(other)

        assert contents(other) == contents(fresh_database)


def test_login_that_row_level_security_binds_is_refused(fresh_database: str) -> None:
    """With a sentence that says what to do, and with nothing loaded."""
    bound = make_url(fresh_database).update_query_dict({"options": "-c role=vhod_app"})

    with pytest.raises(SeedRefusedError, match="BYPASSRLS"):
        load(bound.render_as_string(hide_password=False))


def test_demo_for_people_is_a_school_of_fourteen_classes(fresh_database: str) -> None:
    """It fits its constraints, and nobody is at two places at once."""
    load(fresh_database, size="demo")
    with create_engine(fresh_database, poolclass=NullPool).connect() as connection:
        classes = connection.execute(text(CLASSES), {"school": IDS["school"]}).all()
        clashes = connection.execute(text(CLASHES)).all()
        siblings = connection.execute(text("select guardian_id from guardianship group by 1 having count(*) > 1")).all()
        marks = Counter(connection.execute(text("select value from mark where scale = 'FIVE_POINT'")).scalars())

    assert {row.name: row.pupils for row in classes} == {
        f"{grade}{letter}": 25 for grade in range(5, 12) for letter in "АБ"
    }
    assert clashes == []
    assert len(siblings) > 10
    assert marks[3] + marks[4] + marks[5] > 20 * marks[2]
    assert marks.keys() == {2, 3, 4, 5}


@pytest.mark.parametrize(
    "today",
    [
        date(2024, 9, 1), date(2025, 1, 3), date(2026, 9, 1), date(2026, 11, 2), date(2027, 3, 29), date(2027, 7, 15),
        date(2027, 9, 1), date(2029, 9, 1), date(2031, 12, 31),
    ],
    ids=str,
)  # fmt: skip
def test_demo_can_be_set_on_any_day(today: date) -> None:
    """In a break, in summer, on the first day of a year, after the published class has left."""
    rows = demo_rows("tiny", ISSUER, today)
    lessons = [row for row in rows if isinstance(row, Lesson) and row.school_year > 2022]
    marks = [row for row in rows if isinstance(row, MarkVersion)]
    enrolments = [row for row in rows if isinstance(row, Enrolment)]

    assert lessons
    assert all(lesson.held_on <= today for lesson in lessons if lesson.status == "HELD")
    assert all(lesson.held_on > today for lesson in lessons if lesson.status == "PLANNED")
    assert all(mark.recorded_at.date() <= today for mark in marks)
    assert len(enrolments) == 38


def test_demo_before_its_time_is_refused() -> None:
    """In 2023/24 the class of the published page was the 8А that plays another part."""
    with pytest.raises(ValueError, match="cannot be set before"):
        demo_rows("tiny", ISSUER, date(2024, 8, 31))


def test_grown_class_of_the_published_page_leaves_with_its_last_year() -> None:
    """From 2027 on its pupils are no longer enrolled, and the 11А is another class."""
    rows = demo_rows("tiny", ISSUER, date(2027, 10, 1))
    left = [row for row in rows if isinstance(row, Enrolment) and row.class_group_id == IDS["class-published"]]
    groups = [row for row in rows if isinstance(row, SubjectGroup) and row.class_group_id == IDS["class-published"]]

    assert {row.valid_to for row in left} == {date(2027, 7, 1)}
    assert {row.school_year for row in groups} == {2022}


def test_equal_arguments_give_equal_rows() -> None:
    """Without any database."""
    first, second = (demo_rows("tiny", ISSUER, TODAY) for _ in range(2))

    assert [row.model_dump() for row in first] == [row.model_dump() for row in second]
