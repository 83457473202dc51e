"""The published report card as rows, and period marks confirmed from what stands on the pages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text

from api.seed import seed
from api.seed.demo import demo_rows
from api.seed.sizes import SIZES
from domain.records.summaries import SummaryMarkVersion
from domain.scoring.results import Basis, MarkPolicy, period_mark
from tests.api.seed.conftest import ISSUER, TODAY

Ask = Callable[..., list[Any]]


def test_card_has_a_mark_for_every_printed_cell(ask: Ask) -> None:
    """42 quarters and 11 years; the dash of one quarter is a mark that says so, an empty cell is none."""
    kinds = ask("select kind, scale, count(*) from summary_mark where school_year = 2024 group by 1, 2 order by 1, 2")

    assert [tuple(row) for row in kinds] == [
        ("PERIOD", "FIVE_POINT", 41), ("PERIOD", "NOT_ASSESSED", 1), ("YEAR", "FIVE_POINT", 11)
    ]  # fmt: skip


def test_card_does_not_come_before_its_year_is_over() -> None:
    """A demo that plays in that very year has no result of it."""
    rows = demo_rows("tiny", ISSUER, date(2025, 3, 3))

    assert [row for row in rows if isinstance(row, SummaryMarkVersion)] == []


def test_previous_quarter_is_confirmed_as_proposed_but_for_what_has_a_reason(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every line of the pages of that quarter has a mark with its exact basis, by the teacher of the page."""
    monkeypatch.setitem(SIZES, "tiny", replace(SIZES["tiny"], with_previous_quarter=frozenset(["7А"])))
    seed(fresh_database, size="tiny", issuer=ISSUER, today=TODAY, say=lambda line: None)
    with create_engine(fresh_database, poolclass=NullPool).connect() as connection:
        marks = list(
            connection.execute(
                text(
                    "select m.*, l.mark_sum, l.weight_sum, l.mark_count from journal_line l join journal j"
                    " on j.id = l.journal_id join grading_period p on p.id = j.grading_period_id"
                    " left join summary_mark m on m.student_id = l.student_id and m.subject_id = j.subject_id"
                    " and m.grading_period_id = p.id where p.number = 1 and p.school_year = 2026"
                )
            )
        )

    assert len(marks) >= 8
    for mark in marks:
        proposal = period_mark(Basis(mark.mark_sum, mark.weight_sum, mark.mark_count), MarkPolicy())
        assert (mark.basis_sum, mark.basis_weight, mark.basis_count) == (
            mark.mark_sum,
            mark.weight_sum,
            mark.mark_count,
        )
        assert mark.proposed == proposal.value
        assert (mark.value == proposal.value) == (mark.reason is None)
        assert mark.role == "TEACHER"
        assert mark.assignment_id is not None
