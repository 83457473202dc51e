"""Measures of how journals are kept, counted live: aggregates by organisation, no persons, small groups left out."""

from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, literal_column, select, text

from domain.measurement import Unit
from domain.reporting_periods import reporting_days

COUNTED = frozenset({"JOURNAL_TOPICS", "JOURNAL_HOMEWORK", "JOURNAL_MARKS_IN_TIME", "JOURNAL_MARKS_PER_STUDENT"})
"""What the journals tell. Whether attendance is closed and when parents signed in is kept nowhere."""


class LiveFigure(NamedTuple):
    """One count: of the whole, or of a part of it. No numbers: nothing to count, or `suppressed`."""

    organisation_id: UUID
    whole: bool
    numerator: int | None
    denominator: int | None
    suppressed: bool

    def value(self, unit: Unit) -> Fraction | None:
        """Give the value in the indicator's unit; None where there is nothing to divide by."""
        if self.numerator is None or not self.denominator:
            return None
        return Fraction((100 if unit is Unit.PERCENT else 1) * self.numerator, self.denominator)


def live_figures(code: str, place: UUID, period: str) -> tuple[Select[Any], dict[str, Any]]:
    """Give the statement and its parameters: the whole of an organisation and each part directly below it.

    Of what the viewer reaches there. The database answers whoever may see observations, and nobody else. BadPeriod.
    """
    return _counted("live_indicator", code, place, period)


def stored_figures(code: str, place: UUID, period: str) -> tuple[Select[Any], dict[str, Any]]:
    """Give the same as it is stored: with everything below, the same whoever asks.

    Organisations of fewer than five persons are in neither whole nor part. The database answers whoever may write
    observations there, and nobody else. Raises BadPeriod.
    """
    return _counted("computed_indicator", code, place, period)


def _counted(function: str, code: str, place: UUID, period: str) -> tuple[Select[Any], dict[str, Any]]:
    days = reporting_days(period)
    names = ("organisation_id", "whole", "numerator", "denominator", "suppressed")
    source = text(f"vhod.{function}(:code, :place, :first, :until)").bindparams(
        bindparam("code"), bindparam("place"), bindparam("first"), bindparam("until")
    )
    statement: Any = select(*(literal_column(name).label(name) for name in names)).select_from(source)
    end: date | None = days.end
    parameters = {"code": code, "place": place, "first": days.start, "until": end}
    ordered: Select[Any] = statement.order_by(text("whole desc, organisation_id"))
    return ordered, parameters
