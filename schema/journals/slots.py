"""Columns for marks in a lesson, and the kinds of work that they are for."""

from collections.abc import Iterator
from uuid import UUID

import strawberry
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from auth.permissions import Permission as P
from domain import records
from domain.errors import BadUserInput
from domain.records.policies import WorkCode
from schema.engine.access.rule import Access
from schema.engine.enums import explained
from schema.engine.mapping.declare import column, filters, mapped, one
from schema.engine.node import Node
from schema.named_later import LessonLater, OrganisationLater

explained(
    WorkCode,
    "Kinds of work that every school knows (виды работ).",
    LESSON="Work in the lesson (работа на уроке).",
    HOMEWORK="Homework (домашняя работа).",
    INDEPENDENT="Independent work (самостоятельная работа).",
    TEST="Test (контрольная работа).",
    LABORATORY="Laboratory work (лабораторная работа).",
    PROJECT="Project (проект).",
    DICTATION="Dictation (диктант).",
    CREDIT="Credit (зачёт).",
    MAKE_UP="Making up what was missed (отработка): may stand beside an absence.",
)


@mapped(
    records.WorkType,
    "A kind of work with the weight of its marks (вид работы): of the catalogue, or a school's own.",
    Access(P.CALENDAR_SEE, public=True),
)
class WorkType(Node):
    """A kind of work."""

    code: WorkCode = column("Which kind of the catalogue (код).")
    name: str = column("Name (название), such as `Контрольная работа`.")
    letter: str = column("Short sign for the column's head (буква), such as `К`.")
    weight: int = column("Weight that its columns have unless told otherwise (вес), 0 to 100.")
    organisation: OrganisationLater | None = one(
        "Whose own it is (организация); null in the catalogue.", by=records.WorkType.organisation_id
    )


@filters(organisation=("organisation", "With the kinds of work of this organisation, which go before (организация)."))
def offered(row: type[records.WorkType], organisation: strawberry.ID | None = None) -> Iterator[ColumnElement[bool]]:
    """The catalogue; with an organisation its own kinds instead of the catalogue's of the same code."""
    if organisation is None:
        yield col(row.organisation_id).is_(None)
        return
    own, named = aliased(records.WorkType), _organisation(organisation)
    replaced = select(col(own.id)).where(col(own.organisation_id) == named, col(own.code) == col(row.code)).exists()
    yield or_(col(row.organisation_id) == named, (col(row.organisation_id).is_(None)) & ~replaced)


def _organisation(identifier: str) -> UUID:
    kind, _, key = identifier.partition(":")
    try:
        if kind == "Organisation":
            return UUID(key)
    except ValueError:
        pass
    raise BadUserInput("This is not an id of Organisation.", "Это не идентификатор Organisation.")


@mapped(
    records.AssessmentSlot,
    "A column for marks in a lesson (колонка журнала): a kind of work with its weight. A lesson may have several.",
    Access(P.LESSON_SEE),
)
class AssessmentSlot(Node):
    """A column for marks."""

    number: int = column("Which of the lesson's columns (номер колонки), from 1.")
    work_type: WorkType | None = one("What the marks are for (вид работы).", by=records.AssessmentSlot.work_type_id)
    weight: int = column("How much its marks count in the mean (вес), 0 to 100.")
    code: str | None = column("Short code in the column's head (код колонки); not an absence.")
    title: str | None = column("What was done (название работы).")
    version: int = column("Version: send it back when you change the column (версия).")
    lesson: LessonLater | None = one("In which lesson (урок).", by=records.AssessmentSlot.lesson_id)
    due_lesson: LessonLater | None = one(
        "The lesson in which homework is due (урок, к которому задано): the time for its marks is counted from there.",
        by=records.AssessmentSlot.due_lesson_id,
    )
