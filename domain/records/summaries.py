"""Summary marks: what a period, a year, an exam and a course come to, as the teacher confirmed it."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, Uuid, text
from sqlmodel import Field

from domain.records.base import ClassGroupId, Internal, OrganisationId, Personal, PersonId, SubjectGroupId, word
from domain.records.facts import Written
from domain.records.marks import MarkScale


class SummaryMarkKind(StrEnum):
    """What a summary mark sums up."""

    PERIOD = "PERIOD"
    YEAR = "YEAR"
    EXAM = "EXAM"
    FINAL = "FINAL"


SUMMARY_SCALE = (
    "(scale = 'FIVE_POINT' and value between 1 and 5) or (scale = 'PASS_FAIL' and value in (0, 1))"
    " or (scale in ('NOT_ASSESSED', 'EXEMPT') and value is null)"
)
KINDS = "kind in ('PERIOD', 'YEAR', 'EXAM', 'FINAL') and (kind = 'PERIOD') = (grading_period_id is not null)"


class SummaryFact(Written):
    """A summary mark in its place: student x subject x school year x what it sums up.

    `basis_*` are the exact sums that the proposal came from: the marks of the period, or the marks of the periods of
    the year. A value that differs from the proposal has a reason.
    """

    id: Internal[UUID] = Field(default=None, sa_type=Uuid, sa_column_kwargs={"server_default": text("uuidv7()")})
    school_year: Internal[int]
    student_id: PersonId
    organisation_id: OrganisationId
    class_group_id: ClassGroupId | None = None
    subject_group_id: SubjectGroupId | None = None
    subject_id: Internal[UUID]
    kind: Internal[SummaryMarkKind] = word(SummaryMarkKind, default=SummaryMarkKind.PERIOD)
    grading_period_id: Internal[UUID | None] = None
    scale: Internal[MarkScale] = word(MarkScale, default=MarkScale.FIVE_POINT)
    value: Personal[int | None] = None
    proposed: Personal[int | None] = None
    basis_sum: Personal[int | None] = None
    basis_weight: Personal[int | None] = None
    basis_count: Personal[int | None] = None
    policy_version: Internal[int | None] = None


class SummaryMark(SummaryFact, table=True):
    """A period, year, exam or final mark that stands now; a trigger keeps this table from the versions."""

    __tablename__ = "summary_mark"
    __table_args__ = (
        PrimaryKeyConstraint("school_year", "id"),
        UniqueConstraint(
            "school_year",
            "student_id",
            "subject_id",
            "kind",
            "grading_period_id",
            name="summary_mark_place",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(SUMMARY_SCALE, name="summary_mark_scale"),
        CheckConstraint(KINDS, name="summary_mark_kind"),
        ForeignKeyConstraint(["subject_id"], ["subject.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(["grading_period_id"], ["grading_period.id"], ondelete="RESTRICT"),
        Index("ix_summary_mark_group", "subject_group_id", "kind", "grading_period_id"),
        {"postgresql_partition_by": "RANGE (school_year)"},
    )


class SummaryMarkVersion(SummaryFact, table=True):
    """What stood in that place from one moment on: only ever added to. `withdrawn`: nothing stood there then."""

    __tablename__ = "summary_mark_version"
    __table_args__ = (
        PrimaryKeyConstraint("school_year", "id"),
        UniqueConstraint(
            "school_year",
            "student_id",
            "subject_id",
            "kind",
            "grading_period_id",
            "version",
            name="summary_mark_version_place",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(f"withdrawn or {SUMMARY_SCALE}", name="summary_mark_version_scale"),
        CheckConstraint(KINDS, name="summary_mark_version_kind"),
        CheckConstraint("version > 0", name="summary_mark_version_number"),
        Index("ix_summary_mark_version_mark", "mark_id", "version"),
        {"postgresql_partition_by": "RANGE (school_year)"},
    )

    mark_id: Internal[UUID] = Field(default=None, sa_column_kwargs={"server_default": text("uuidv7()")})
    withdrawn: Internal[bool] = Field(default=False, sa_column_kwargs={"server_default": "false"})
