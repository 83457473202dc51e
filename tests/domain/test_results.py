"""Results of periods, years and courses: cases worked out by hand, the published card, and what holds for any marks."""

import csv
import tomllib
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.scoring.report_cards import Period, SubjectYear
from domain.scoring.results import Basis, MarkPolicy, YearSoFar, period_mark, year_mark
from tests.domain.families.results import FAMILIES

CASES = Path(__file__).with_name("cases")
CARD = Path(__file__).parents[2] / "api" / "seed" / "data" / "kiasuo_report_card_9A.csv"
FILES = ("period_marks", "year_marks", "final_marks", "report_card")

MARKS = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 10)), min_size=3, max_size=30)
POLICIES = st.lists(st.integers(101, 500), min_size=3, max_size=3, unique=True).map(
    lambda cuts: MarkPolicy(*sorted(cuts, reverse=True))
)


def cases() -> list[Any]:
    documents = {name: tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8")) for name in FILES}
    return [
        pytest.param(document["family"], case, id=f"{name}: {case['situation']}")
        for name, document in documents.items()
        for case in document["case"]
    ]


def basis_of(marks: list[tuple[int, int]]) -> Basis:
    return Basis(sum(mark * weight for mark, weight in marks), sum(weight for _, weight in marks), len(marks))


@pytest.mark.parametrize(("family", "case"), cases())
def test_result_is_what_was_worked_out_by_hand(family: str, case: dict[str, Any]) -> None:
    """Each case names its situation and its source."""
    answer = FAMILIES[family](case)

    assert answer == case["expected"]


def test_cases_of_the_report_card_are_the_published_rows() -> None:
    """The cases were not typed from memory: every row of the file is one, and its final column is empty."""
    with CARD.open(encoding="utf-8", newline="") as file:
        printed = list(csv.DictReader(file))
    document = tomllib.loads((CASES / "report_card.toml").read_text(encoding="utf-8"))

    quarters = [[row[f"quarter_{number}"] for number in range(1, 5)] for row in printed]
    assert [case["situation"] for case in document["case"]] == [row["subject"] for row in printed]
    assert [[str(mark) for mark in case["quarters"]] for case in document["case"]] == [
        [mark for mark in row if mark] for row in quarters
    ]
    assert [str(case["expected"]) for case in document["case"]] == [row["year"] for row in printed]
    assert {(row["exam"], row["final"]) for row in printed} == {("", "")}


PERIODS = FIRST, SECOND, THIRD = tuple(
    Period(UUID(int=number), day)
    for number, day in enumerate((date(2026, 10, 30), date(2026, 12, 25), date(2027, 3, 26)))
)
SUMS = Basis(13, 3, 3)


@pytest.mark.parametrize(
    ("situation", "known", "awaited"),
    [
        ("nothing yet", SubjectYear("ALGEBRA", 7), 1),
        ("taught in the first, not confirmed", SubjectYear("ALGEBRA", 7, sums={FIRST.id: SUMS}), 2),
        ("confirmed on a page", SubjectYear("ALGEBRA", 7, {FIRST.id: 5}, {FIRST.id: SUMS}), 1),
        ("confirmed as not assessed", SubjectYear("ALGEBRA", 7, {FIRST.id: None, SECOND.id: 4, THIRD.id: 4}), 0),
        ("came in the second", SubjectYear("ALGEBRA", 7, {SECOND.id: 4}, known_from=date(2026, 11, 9)), 2),
        ("came during the first", SubjectYear("ALGEBRA", 7, {SECOND.id: 4}, known_from=date(2026, 10, 30)), 1),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_period_is_awaited_unless_it_is_known_that_nothing_comes(
    situation: str, known: SubjectYear, awaited: int
) -> None:
    """Seen on 10 February: two periods are over, the third runs."""
    so_far = known.so_far(PERIODS, date(2027, 2, 10))

    assert so_far.awaited == awaited, situation


@given(MARKS, POLICIES)
def test_period_mark_is_the_highest_whose_cut_off_the_exact_mean_reaches(
    marks: list[tuple[int, int]], policy: MarkPolicy
) -> None:
    """Said once more with fractions, mark by mark."""
    basis = basis_of(marks)
    mean = Fraction(basis.total, basis.weight)
    cut_offs = {5: policy.cut_off_5, 4: policy.cut_off_4, 3: policy.cut_off_3}

    assert period_mark(basis, policy).value == max(
        [mark for mark, cut in cut_offs.items() if mean >= Fraction(cut, 100)], default=2
    )


@given(MARKS, st.integers(1, 4), POLICIES)
def test_better_mark_never_makes_a_worse_period(marks: list[tuple[int, int]], before: int, policy: MarkPolicy) -> None:
    """One mark raised by a point, all else equal."""
    worse, better = basis_of([*marks, (before, 1)]), basis_of([*marks, (before + 1, 1)])
    low, high = period_mark(worse, policy).value, period_mark(better, policy).value

    assert low is not None
    assert high is not None
    assert low <= high


@given(st.lists(st.integers(2, 5), min_size=1, max_size=4), st.randoms())
def test_year_lies_within_its_periods_whatever_their_order(periods: list[int], dice: Any) -> None:
    """Never more than half a point from the exact mean, and a half is not below it."""
    shuffled = dice.sample(periods, len(periods))
    value = year_mark(YearSoFar(tuple(periods))).value

    assert value == year_mark(YearSoFar(tuple(shuffled))).value
    assert value is not None
    assert min(periods) <= value <= max(periods)
    assert -Fraction(1, 2) < value - Fraction(sum(periods), len(periods)) <= Fraction(1, 2)
