"""Indicators, what was planned for them and by whose act, and what the sources leave open. Public (P0).

The rows come from `domain/catalogue` and are the same everywhere; ids are made from codes.
"""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ARRAY, Column, Text, UniqueConstraint
from sqlmodel import Field

from domain.measurement import Definition, Measures, Periodicity, TargetStatus, Unit
from domain.records.base import Public, Record, choice, key, reference, word
from domain.records.organisations import OrganisationKind
from domain.scoring.observations import Direction, UnitCounted


class CatalogueSource(Record, table=True):
    """An act or a deck that sets or prints an indicator."""

    __tablename__ = "catalogue_source"

    id: Public[UUID] = key()
    code: Public[str] = Field(unique=True)
    name: Public[str]
    english_name: Public[str]
    issued_on: Public[date | None] = None


class Indicator(Record, table=True):
    """An indicator (показатель). `numerator` and `denominator` are words; `minimum` and `goal` its two cut-offs."""

    id: Public[UUID] = key()
    code: Public[str] = Field(unique=True)
    name: Public[str]
    english_name: Public[str]
    unit: Public[Unit] = choice(Unit)
    direction: Public[Direction] = choice(Direction)
    decimals: Public[int]
    unit_counted: Public[UnitCounted] = choice(UnitCounted)
    periodicity: Public[Periodicity] = choice(Periodicity)
    measures: Public[Measures] = choice(Measures)
    definition: Public[Definition] = choice(Definition)
    organisation_kind: Public[OrganisationKind | None] = word(OrganisationKind)
    numerator: Public[str | None] = None
    denominator: Public[str | None] = None
    sources: Public[list[str]] = Field(sa_column=Column(ARRAY(Text), nullable=False, server_default="{}"))
    same_name: Public[str | None] = None
    minimum: Public[Decimal | None] = None
    goal: Public[Decimal | None] = None
    due: Public[date | None] = None


class IndicatorTarget(Record, table=True):
    """What is to be reached in a year by one act (целевое значение). Unit: the indicator's."""

    __tablename__ = "indicator_target"

    id: Public[UUID] = key()
    indicator_id: Public[UUID] = reference("indicator.id")
    source_id: Public[UUID] = reference("catalogue_source.id")
    year: Public[int]
    value: Public[Decimal]
    status: Public[TargetStatus] = choice(TargetStatus)
    periodicity: Public[Periodicity] = choice(Periodicity, check="target_periodicity_word")
    due: Public[date]
    note: Public[str | None] = None


class IndicatorBaseline(Record, table=True):
    """The value that an act counts from (базовое значение). `counted_on` is the day or year as the act prints it."""

    __tablename__ = "indicator_baseline"

    id: Public[UUID] = key()
    indicator_id: Public[UUID] = reference("indicator.id")
    source_id: Public[UUID] = reference("catalogue_source.id")
    value: Public[Decimal]
    counted_on: Public[str]


class CatalogueRemark(Record, table=True):
    """What the sources contradict or leave open, named and not repaired."""

    __tablename__ = "catalogue_remark"

    id: Public[UUID] = key()
    indicator_id: Public[UUID | None] = reference("indicator.id", nullable=True)
    code: Public[str]
    place: Public[str]
    message: Public[str]
    english_message: Public[str]


class ProcedureGroup(Record, table=True):
    """A group of procedures of quality assessment (группа процедур)."""

    __tablename__ = "procedure_group"

    id: Public[UUID] = key()
    code: Public[str] = Field(unique=True)
    position: Public[int]
    name: Public[str]
    english_name: Public[str]


class Procedure(Record, table=True):
    """A procedure of quality assessment (процедура оценки качества). Null: it was not published."""

    id: Public[UUID] = key()
    number: Public[int] = Field(unique=True)
    group_id: Public[UUID] = reference("procedure_group.id")
    name: Public[str]
    federal_number: Public[int | None] = None
    track: Public[str | None] = None


class ProcedureIndicator(Record, table=True):
    """That a procedure looks at an indicator, and whose link that is."""

    __tablename__ = "procedure_indicator"
    __table_args__ = (UniqueConstraint("procedure_id", "indicator_id"),)

    id: Public[UUID] = key()
    procedure_id: Public[UUID] = reference("procedure.id", index=False)
    indicator_id: Public[UUID] = reference("indicator.id")
    definition: Public[Definition] = choice(Definition, check="procedure_indicator_definition_word")
