"""Two equal copies of a school: on one everything is written by mutations, on the other by files."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import NullPool, create_engine, make_url, text

from tests.clock import USUAL
from tests.schema.demo import Demo, id_of, open_demo

PAGE = id_of("Journal", "journal-7a-algebra")
SCHOOL = id_of("Organisation", "school")
DEPUTY, OPERATOR = "deputy-head", "enrolment-operator"
MAKE_UP = "ОТР"
TODAY = USUAL.date()
"""The doors stand at the usual moment whatever day the other tests have: what may be written depends on it."""

# Whatever a page can have: lessons that were cancelled, replaced, are planned, two on a day, columns for work made up,
# students who came, left, were away in between.
VARIED = (
    "insert into organisation_policy (organisation_id, lesson_mark_days, homework_mark_days) values (:school, 366, 366)"
    " on conflict (organisation_id) do update set lesson_mark_days = 366, homework_mark_days = 366",
    "update lesson l set status = case n.place % 11 when 3 then 'CANCELLED' when 5 then 'REPLACED' when 6 then"
    " 'PLANNED'"
    " else l.status end from (select id, row_number() over (order by held_on, number) as place from lesson"
    " where journal_id = :page) n where n.id = l.id",
    "insert into lesson (journal_id, organisation_id, school_year, class_group_id, subject_group_id, held_on, number,"
    " status) select journal_id, organisation_id, school_year, class_group_id, subject_group_id, held_on, number + 1,"
    " 'HELD' from (select *, row_number() over (order by held_on) as place from lesson where journal_id = :page) l"
    " where l.place % 5 = 1",
    "insert into assessment_slot (lesson_id, journal_id, organisation_id, school_year, class_group_id,"
    " subject_group_id, number, work_type_id, weight, code)"
    " select l.id, l.journal_id, l.organisation_id, l.school_year, l.class_group_id, l.subject_group_id,"
    " 1 + coalesce((select max(s.number) from assessment_slot s where s.lesson_id = l.id), 0), w.id, w.weight, :code"
    " from lesson l cross join lateral (select id, weight from work_type where code = 'MAKE_UP'"
    " and organisation_id is null) w where l.journal_id = :page"
    " and exists (select from assessment_slot s where s.lesson_id = l.id)",
    "update journal_line l set"
    " joined_on = case when l.number % 8 in (1, 4) then d.early end,"
    " left_on = case when l.number % 8 in (2, 4) then d.late end,"
    " away = case when l.number % 8 = 3 then datemultirange(daterange(d.early, d.late)) end"
    " from (select percentile_disc(0.35) within group (order by held_on) as early,"
    " percentile_disc(0.6) within group (order by held_on) as late from lesson"
    " where journal_id = :page and held_on <= cast(:today as date)) d where l.journal_id = :page",
)


@dataclass(frozen=True)
class Sides:
    """The school behind each door."""

    pen: Demo
    file: Demo

    @property
    def both(self) -> tuple[Demo, Demo]:
        """The one and the other."""
        return self.pen, self.file


@asynccontextmanager
async def two_sides(server: Any, seeded: str) -> AsyncIterator[Sides]:
    """Vary a copy of the seeded database, copy it twice, and open both."""
    with server.clone(seeded) as varied:
        engine = create_engine(varied, poolclass=NullPool)
        with engine.begin() as connection:
            for statement in VARIED:
                given = {"page": PAGE[8:], "school": SCHOOL[13:], "code": MAKE_UP, "today": str(TODAY)}
                connection.execute(text(statement), {key: given[key] for key in given if f":{key}" in statement})
        engine.dispose()
        name = make_url(varied).database or ""
        with server.clone(name) as one, server.clone(name) as other:
            async with open_demo(one) as pen, open_demo(other) as file:
                for side in (pen, file):
                    side.bent.add("lessons are their newest version")  # VARIED makes them of every kind
                yield Sides(pen, file)
