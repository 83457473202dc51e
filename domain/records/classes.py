"""School years and periods, class groups, subject groups, and who belongs to them when."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from domain.anchors import Anchor
from domain.records.base import (
    ClassGroupId,
    Dated,
    Internal,
    OrganisationId,
    Personal,
    PersonId,
    Public,
    Record,
    SubjectGroupId,
    Via,
    choice,
    key,
    reference,
)


class PeriodScheme(StrEnum):
    """How a school divides its year."""

    QUARTER = "QUARTER"
    TRIMESTER = "TRIMESTER"
    HALF_YEAR = "HALF_YEAR"


class GradingPeriod(Record, table=True):
    """A quarter, trimester or half-year of one organisation; both days belong to it."""

    __tablename__ = "grading_period"
    __table_args__ = (
        UniqueConstraint("organisation_id", "school_year", "scheme", "number"),
        CheckConstraint("ends_on >= starts_on", name="grading_period_dates"),
    )

    id: Public[UUID] = key()
    organisation_id: OrganisationId = reference("organisation.id")
    school_year: Public[int]
    scheme: Public[PeriodScheme] = choice(PeriodScheme)
    number: Public[int]
    name: Public[str]
    starts_on: Public[date]
    ends_on: Public[date]


class Subject(Record, table=True):
    """A school subject of the common catalogue."""

    id: Public[UUID] = key()
    code: Public[str] = Field(unique=True)
    name: Public[str]


class EnrolmentKind(StrEnum):
    """A child has one main enrolment at a time; extra education and network forms run beside it."""

    MAIN = "MAIN"
    EXTRA = "EXTRA"
    NETWORK = "NETWORK"


class Enrolment(Dated, table=True):
    """A student's place in a class group of an organisation, from a day to (excluding) a day.

    The orders (приказы) by which it began and ended; a transfer ends one enrolment and begins the next by one order.
    """

    __table_args__ = (CheckConstraint("valid_to is null or valid_to > valid_from", name="enrolment_dates"),)

    id: Internal[UUID] = key()
    student_id: PersonId = reference("person.id")
    organisation_id: OrganisationId = reference("organisation.id")
    class_group_id: ClassGroupId = reference("class_group.id")
    kind: Internal[EnrolmentKind] = choice(EnrolmentKind, default=EnrolmentKind.MAIN)
    order_number: Personal[str | None] = None
    ordered_on: Personal[date | None] = None
    end_order_number: Personal[str | None] = None
    end_ordered_on: Personal[date | None] = None
    end_reason: Personal[str | None] = None


class SubjectGroupMember(Dated, table=True):
    """A student's place in a subject group. Organisation and class group are those of the student there."""

    __tablename__ = "subject_group_member"
    __table_args__ = (CheckConstraint("valid_to is null or valid_to > valid_from", name="member_dates"),)

    id: Internal[UUID] = key()
    student_id: PersonId = reference("person.id")
    subject_group_id: SubjectGroupId = reference("subject_group.id")
    organisation_id: OrganisationId = reference("organisation.id")
    class_group_id: ClassGroupId = reference("class_group.id")


class ClassGroup(Record, table=True):
    """A class (класс). Keeps its identity over the years; `grade_level` and `name` are those of `school_year`."""

    __tablename__ = "class_group"
    __table_args__ = (CheckConstraint("grade_level between 1 and 12", name="class_group_grade_level"),)

    id: ClassGroupId = key()
    organisation_id: OrganisationId = reference("organisation.id")
    school_year: Internal[int]
    grade_level: Internal[int]
    letter: Internal[str]
    name: Internal[str]
    profile: Internal[str | None] = None


class SubjectGroup(Record, table=True):
    """Those who are taught one subject together in one school year: a class group or a part of it."""

    __tablename__ = "subject_group"

    id: SubjectGroupId = key()
    organisation_id: OrganisationId = reference("organisation.id")
    class_group_id: ClassGroupId = reference("class_group.id")
    subject_id: Internal[UUID] = reference("subject.id")
    school_year: Internal[int]
    name: Internal[str]
    teacher_id: Internal[UUID | None] = reference("staff_position.id", nullable=True)


ClassGroup.via = (
    Via("id", SubjectGroup, "class_group_id", (Anchor.SUBJECT_GROUP,)),
    Via("id", Enrolment, "class_group_id", (Anchor.PERSON,)),
)
Enrolment.via = (Via("class_group_id", SubjectGroup, "class_group_id", (Anchor.SUBJECT_GROUP,)),)
SubjectGroup.via = (Via("id", SubjectGroupMember, "subject_group_id", (Anchor.PERSON,)),)
