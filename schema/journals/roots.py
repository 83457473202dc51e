"""What this noun brings to the contract: pages of the journal, lessons, marks, attendance."""

from collections.abc import Iterator

import strawberry
from sqlalchemy import ColumnElement
from sqlmodel import col

from domain import records
from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import filters, lookup, mapping_of, page
from schema.engine.mapping.pages import Connection
from schema.engine.mapping.reference import require_key
from schema.engine.noun import Noun
from schema.journals import (
    attendance_writing,
    diaries,
    lessons_writing,
    marks_settling,
    marks_writing,
    page_mutation,
    reopenings_writing,
    slots_writing,
    windows_periods,
)
from schema.journals.audited import CODES, Audited
from schema.journals.journal import Journal
from schema.journals.slots import WorkType, offered
from schema.journals.window_closed import WindowClosed
from schema.organisations.classes import ClassGroup, GradingPeriod, Subject, SubjectGroup


@filters(
    class_group=("class_group", "Of this class (класс)."),
    subject=("subject", "In this subject (предмет)."),
    subject_group=("subject_group", "Of this subject group (группа по предмету)."),
    grading_period=("grading_period", "Of this period (учебный период)."),
    school_year=("school_year", "Year in which the school year begins (учебный год)."),
)
def _journals(
    row: type[records.Journal],
    class_group: strawberry.ID | None = None,
    subject: strawberry.ID | None = None,
    subject_group: strawberry.ID | None = None,
    grading_period: strawberry.ID | None = None,
    school_year: int | None = None,
) -> Iterator[ColumnElement[bool]]:
    """Class x subject x grading period, any of them left open."""
    for column, kind, given in (
        (col(row.class_group_id), ClassGroup, class_group),
        (col(row.subject_id), Subject, subject),
        (col(row.subject_group_id), SubjectGroup, subject_group),
        (col(row.grading_period_id), GradingPeriod, grading_period),
    ):
        if given is not None:
            yield column == require_key(mapping_of(kind), given)
    if school_year is not None:
        yield col(row.school_year) == school_year


class Queries:
    """Where reading begins."""

    journal: Journal | None = lookup("A journal page by id (страница журнала).")
    journals: Connection[Journal] | None = page(
        "Journal pages that you may see (страницы журнала): class x subject x period, any left open.",
        PUBLIC,
        order=("school_year", "class_name", "id"),
        where=_journals,
    )
    work_types: Connection[WorkType] | None = page(
        "Kinds of work (виды работ): the catalogue's, or an organisation's where it has its own.",
        PUBLIC,
        order=("code", "id"),
        where=offered,
    )
    diary = diaries.diary


class Mutations:
    """Where changes begin."""

    write_journal_page = page_mutation.write_journal_page
    write_mark = marks_writing.write_mark
    withdraw_mark = marks_writing.withdraw_mark
    record_attendance = attendance_writing.record_attendance
    clear_attendance = attendance_writing.clear_attendance
    excuse_absence = attendance_writing.excuse_absence
    update_lesson = lessons_writing.update_lesson
    add_assessment_slot = slots_writing.add_assessment_slot
    update_assessment_slot = slots_writing.update_assessment_slot
    reopen_journal = reopenings_writing.reopen_journal
    end_reopening = reopenings_writing.end_reopening
    close_grading_period = windows_periods.close_grading_period
    settle_kept_mark = marks_settling.settle_kept_mark


NOUN = Noun(queries=Queries, mutations=Mutations, refusals=(WindowClosed,), codes=CODES, audited=Audited)
