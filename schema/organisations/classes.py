"""Classes, subject groups and who belongs to them; subjects and grading periods. Internal; the calendar is public."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, select
from sqlmodel import col
from strawberry.types import Info

from auth.permissions import Permission as P
from domain import records
from domain.records.classes import EnrolmentKind, PeriodScheme
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.enums import explained
from schema.engine.mapping.declare import column, computed, filters, many, mapped, one
from schema.engine.mapping.rows import Row, row_of
from schema.engine.mapping.storage import Worked
from schema.engine.node import Node
from schema.journals.windows import PERIODS, PeriodFacts, period_facts
from schema.named_later import JournalLater, OrganisationLater
from schema.people.users import StaffPosition, Student

if TYPE_CHECKING:
    from schema.engine.context import Context

ORDER = Access(P.STUDENT_CARD_READ, why="Orders are of the personal file, not of the class list.")

explained(
    PeriodScheme,
    "How a school divides its year (вид учебных периодов).",
    QUARTER="Quarter (четверть).",
    TRIMESTER="Trimester (триместр).",
    HALF_YEAR="Half-year (полугодие).",
)
explained(
    EnrolmentKind,
    "What kind of place a student has (вид зачисления).",
    MAIN="The main one; there is one at a time (основное).",
    EXTRA="Extra education (дополнительное образование).",
    NETWORK="Network form with another organisation (сетевая форма).",
)


def _closes_at(_: "Context", __: Row, facts: PeriodFacts) -> datetime:
    return facts.closes_at


def _closed_at(_: "Context", __: Row, facts: PeriodFacts) -> datetime | None:
    return facts.closed_at


@mapped(
    records.GradingPeriod,
    "A quarter, trimester or half-year of an organisation (учебный период).",
    Access(P.CALENDAR_SEE, public=True),
)
class GradingPeriod(Node):
    """A grading period."""

    name: str = column("Name (название), such as `2 четверть`.")
    scheme: PeriodScheme = column("Quarter, trimester or half-year (вид периода).")
    number: int = column("Number within the school year (номер).")
    school_year: int = column("Year in which the school year begins: 2026 means 2026/2027 (учебный год).")
    starts_on: date = column("First day (первый день).")
    ends_on: date = column("Last day (последний день).")

    @computed(
        "From when nothing of the period may be written any more (когда закрывается), unless a page is opened again.",
        PUBLIC,
        sensitivity=Sensitivity.P0,
        known=Worked(_closes_at, ("id",), facts=PERIODS),
    )
    async def closes_at(self, info: Info) -> datetime:
        return (await period_facts(info.context, row_of(self).keys["id"])).closes_at

    @computed(
        "When it was closed by hand (когда закрыт досрочно); null: it closes by itself.",
        PUBLIC,
        sensitivity=Sensitivity.P0,
        known=Worked(_closed_at, ("id",), facts=PERIODS),
    )
    async def closed_at(self, info: Info) -> datetime | None:
        return (await period_facts(info.context, row_of(self).keys["id"])).closed_at


@mapped(records.Subject, "A school subject (учебный предмет).", Access(P.SUBJECT_SEE, public=True))
class Subject(Node):
    """A subject of the catalogue."""

    code: str = column("Code of the catalogue (код).")
    name: str = column("Name (название).")


@mapped(records.Enrolment, "A student's place in a class (зачисление).", Access(P.STUDENT_SEE))
class Enrolment(Node):
    """An enrolment."""

    kind: EnrolmentKind = column("Main, extra or network (вид).")
    student: Student | None = one("Who (обучающийся).", by=records.Enrolment.student_id)
    class_group: "ClassGroup | None" = one("In which class (класс).", by=records.Enrolment.class_group_id)
    organisation: OrganisationLater | None = one("Where (организация).", by=records.Enrolment.organisation_id)
    valid_from: date = column("First day (с какого дня).")
    valid_to: date | None = column("First day on which it no longer holds; null: open (с какого дня уже не действует).")
    order_number: str | None = column("Order by which it began (номер приказа о зачислении или переводе).", ORDER)
    ordered_on: date | None = column("Day of that order (дата приказа).", ORDER)
    end_order_number: str | None = column("Order by which it ended (номер приказа об отчислении или переводе).", ORDER)
    end_ordered_on: date | None = column("Day of that order (дата приказа).", ORDER)
    end_reason: str | None = column("Why the student left (причина выбытия).", ORDER)


@filters(on=("grading_period", "The page of the period in which this day lies (на дату)."))
def _journals_of(row: type[records.Journal], on: date | None = None) -> Iterator[ColumnElement[bool]]:
    """The page of the period in which a day lies."""
    if on is not None:
        period = records.GradingPeriod
        yield col(row.grading_period_id).in_(
            select(col(period.id)).where(col(period.starts_on) <= on, col(period.ends_on) >= on)
        )


@filters(school_year=("school_year", "Year in which the school year begins (учебный год)."))
def _of_year(row: type[records.SubjectGroup], school_year: int | None = None) -> Iterator[ColumnElement[bool]]:
    if school_year is not None:
        yield col(row.school_year) == school_year


@mapped(
    records.SubjectGroup,
    "Those who are taught one subject together in one school year: a class or a part of it (группа по предмету).",
    Access(P.SUBJECT_GROUP_SEE),
)
class SubjectGroup(Node):
    """A subject group."""

    name: str = column("Name (название), such as `7А · Алгебра`.")
    school_year: int = column("Year in which the school year begins (учебный год).")
    subject: Subject | None = one("What is taught (предмет).", by=records.SubjectGroup.subject_id)
    class_group: "ClassGroup | None" = one("The class (класс).", by=records.SubjectGroup.class_group_id)
    organisation: OrganisationLater | None = one("Where (организация).", by=records.SubjectGroup.organisation_id)
    teacher: StaffPosition | None = one("Who teaches it (учитель).", by=records.SubjectGroup.teacher_id)
    journals: list[JournalLater] | None = many(
        "Its journal pages (страницы журнала), one a period; `on` gives the page of that day's period; at most 100.",
        by=records.Journal.subject_group_id,
        order=("school_year", "grading_period_id", "id"),
        where=_journals_of,
        usually=2,
    )


@mapped(
    records.ClassGroup,
    "A class (класс). It keeps its id over the years; name and grade are those of its latest school year.",
    Access(P.CLASS_GROUP_SEE),
)
class ClassGroup(Node):
    """A class."""

    name: str = column("Name (название), such as `7А`.")
    grade_level: int = column("Grade, 1 to 12 (параллель).")
    letter: str = column("Letter (литера).")
    school_year: int = column("Year in which that school year begins (учебный год).")
    profile: str | None = column("Profile of the senior grades (профиль).")
    organisation: OrganisationLater | None = one("Where (организация).", by=records.ClassGroup.organisation_id)
    subject_groups: list[SubjectGroup] | None = many(
        "Its subject groups that you may see (группы по предметам), by name; at most 200.",
        by=records.SubjectGroup.class_group_id,
        order=("school_year", "name", "id"),
        most=200,
        where=_of_year,
        usually=20,
    )
    enrolments: list[Enrolment] | None = many(
        "Who belongs to the class, past and present (зачисления); at most 200.",
        by=records.Enrolment.class_group_id,
        order=("valid_from", "id"),
        most=200,
        usually=30,
    )
