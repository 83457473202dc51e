"""Plays the cases of period, year and final marks, and of the published report card."""

from collections.abc import Callable, Iterable
from typing import Any

from domain.scoring.results import Basis, MarkPolicy, Proposal, YearSoFar, course_mark, period_mark, year_mark

Case = dict[str, Any]


def play_period(case: Case) -> list[Any]:
    return shown(period_mark(Basis(*case["sums"]), MarkPolicy(**case.get("policy", {}))))


def play_year(case: Case) -> list[Any]:
    return shown(year_mark(YearSoFar(assessed(case["periods"]), case.get("awaited", 0))))


def play_final(case: Case) -> list[Any]:
    given = case.get("year"), case.get("exam"), case.get("senior", [])
    return shown(course_mark(case["grade"], case["subject"], *given))


def play_report_card(case: Case) -> int | None:
    return year_mark(YearSoFar(assessed(case["quarters"]))).value


def assessed(periods: Iterable[int | str]) -> tuple[int, ...]:
    return tuple(mark for mark in periods if isinstance(mark, int))


def shown(proposal: Proposal) -> list[Any]:
    return ["-" if proposal.value is None else proposal.value, proposal.ground.value]


FAMILIES: dict[str, Callable[[Case], Any]] = {
    "period_mark": play_period,
    "year_mark": play_year,
    "final_mark": play_final,
    "report_card": play_report_card,
}
