"""Who of the region asks what: found in the data, so that every question meets a large school and a full week."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import psycopg
from psycopg.rows import dict_row

from auth.provider.school_people import school_people
from bench.place import ISSUER, BenchError
from bench.questions import ASKED, Asker, GlobalId, Question
from bench.region import Region

ASKING_SCHOOLS = 8

PERSON = "select person_id from external_identity where issuer = %s and subject = %s"
# The page with the most marks among those that the teacher has now or had this year.
PAGE = """
    select l.journal_id from assignment a
    join journal_line l on l.subject_group_id = a.subject_group_id
    where a.person_id = %s and a.live_from <= vhod.now() and (a.live_until is null or a.live_until > vhod.now())
    group by l.journal_id order by sum(l.mark_count) desc, l.journal_id limit 1
"""
CLASS = """
    select e.class_group_id, c.school_year from enrolment e join class_group c on c.id = e.class_group_id
    where e.student_id = %s order by e.valid_from desc limit 1
"""
# The week of this school year in which the pupil had the most marks.
WEEK = """
    select date_trunc('week', held_on)::date monday from mark where student_id = %s and school_year = %s
    group by 1 order by count(*) desc, 1 desc limit 1
"""
RATINGS = "select to_regclass('rating_entry') is not null stored"
RATING = """
    select rating_id, array_agg(section order by first) sections from (
        select rating_id, section, min(section_position) first, count(*) entries from rating_entry group by 1, 2) s
    group by 1 order by sum(entries) desc, rating_id limit 1
"""


def find_questions(region: Region) -> tuple[list[Question], list[str]]:
    """The questions that this region can be asked, and why others cannot.

    Raises BenchError where somebody who should be in the data is not.
    """
    with psycopg.connect(region.owner, row_factory=dict_row) as connection:
        schools = [_SchoolPeople(connection, number) for number in range(1, _large_schools(connection) + 1)]
        found = [
            Question("small", tuple(one.about_me() for one in schools)),
            Question("diary", tuple(one.diary() for one in schools)),
            Question("journal", tuple(one.page() for one in schools)),
        ]
        rating = _rating(connection)
        missing = [] if rating else ["rating: this region has no stored rating"]
        if rating:
            found.append(Question("rating", tuple(Asker(one.subject("teacher"), rating) for one in schools)))
    return sorted(found, key=lambda question: ASKED.index(question.name)), missing


def subjects_of(questions: Iterable[Question]) -> list[str]:
    """Everybody who asks, each once."""
    return sorted({asker.subject for question in questions for asker in question.askers})


def _large_schools(connection: Any) -> int:
    """How many schools have people who can sign in, at most as many as we need."""
    known = (
        connection.execute(PERSON, (ISSUER, next(school_people(number)).oid)).fetchone()
        for number in range(1, ASKING_SCHOOLS + 1)
    )
    count = sum(1 for one in known if one is not None)
    if not count:
        raise BenchError(f"nobody of issuer {ISSUER} is in the data: load them again by --afresh")
    return count


def _rating(connection: Any) -> dict[str, Any] | None:
    if not connection.execute(RATINGS).fetchone()["stored"]:
        return None
    row = connection.execute(RATING).fetchone()
    return row and {"rating": GlobalId("Rating", str(row["rating_id"])), "sections": row["sections"]}


class _SchoolPeople:
    """The people of one large school and what they ask for."""

    def __init__(self, connection: Any, number: int) -> None:
        self._connection = connection
        self._subjects = {person.key.rpartition(f"school-{number}-")[2]: person.oid for person in school_people(number)}

    def subject(self, part: str) -> str:
        """Subject of the token of `teacher`, `student`, `parent` or `deputy-head`."""
        return self._subjects[part]

    def about_me(self) -> Asker:
        """A deputy head: who am I, where, with which roles."""
        return Asker(self.subject("deputy-head"), {"person": GlobalId("Person", self._person("deputy-head"))})

    def diary(self) -> Asker:
        """A pupil: my week."""
        person = self._person("student")
        group = self._one(CLASS, person)
        year = group["school_year"]
        monday: date = self._one(WEEK, person, year)["monday"]
        days = {"since": monday.isoformat(), "until": (monday + timedelta(days=6)).isoformat()}
        group_id = GlobalId("ClassGroup", str(group["class_group_id"]))
        return Asker(self.subject("student"), {"class": group_id, "year": year, **days})

    def page(self) -> Asker:
        """A teacher: a page of my journal."""
        found = self._one(PAGE, self._person("teacher"))
        return Asker(self.subject("teacher"), {"journal": GlobalId("Journal", str(found["journal_id"]))})

    def _person(self, part: str) -> str:
        found = self._one(PERSON, ISSUER, self.subject(part))
        return str(found["person_id"])

    def _one(self, statement: str, *values: Any) -> Any:
        found = self._connection.execute(statement, values).fetchone()
        if found is None:
            raise BenchError(f"the data do not hold what the questions need: load them again by --afresh ({statement})")
        return found
