"""What holds for any answers; the worked cases are in `cases/self_diagnosis*.toml`."""

from collections.abc import Mapping
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue.self_diagnosis import load_self_diagnosis
from domain.scoring.levels import Interval
from domain.scoring.self_diagnosis import (
    DiagnosticItem,
    DiagnosticLevel,
    Fact,
    Part,
    Requirement,
    Share,
    assess,
    assess_item,
)

SHEET = cache(load_self_diagnosis)
YES_OR_NO = (
    "phone_use_acts", "fast_internet", "safe_internet", "sferum_registered", "sferum_structure",
    "management_system", "management_system_integrated",
)  # fmt: skip
SHARES = (
    "myschool_teachers_registered", "myschool_teachers_using", "sferum_people_registered",
    "sferum_teachers_in_communities", "sferum_teachers_active", "equipment_used",
)  # fmt: skip
SHARE = st.integers(0, 40).map(lambda number: Share((Part("people", number, 40),)))
ANSWERS: st.SearchStrategy[Mapping[str, Fact]] = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(YES_OR_NO, st.booleans() | st.none()),
        **dict.fromkeys(SHARES, SHARE | st.none()),
        "equipment_match": st.integers(0, 2) | st.none(),
    },
)


def better(fact: Fact) -> Fact:
    """The best answer of the same kind."""
    if isinstance(fact, bool):
        return True
    return Share((Part("people", 40, 40),)) if isinstance(fact, Share) else 2


def known_as(name: str, fact: Fact) -> Fact:
    """An answer in place of none."""
    if fact is not None:
        return fact
    return False if name in YES_OR_NO else 0 if name == "equipment_match" else Share((Part("people", 0, 40),))


@given(ANSWERS)
def test_level_needs_every_condition_below_it(facts: Mapping[str, Fact]) -> None:
    """Cumulative: all conditions up to the level are met, and not all of the next."""
    for item, result in zip(SHEET().items, assess(SHEET().items, facts).items, strict=True):
        met = [all(each.met(facts.get(each.fact)) for each in level.requirements) for level in item.levels]

        assert all(met[: result.level + 1])
        assert result.level == item.maximum or not met[result.level + 1]
        assert bool(result.blocking) == (result.level < item.maximum)


@given(ANSWERS, st.data())
def test_better_answer_never_costs_points(facts: Mapping[str, Fact], data: st.DataObject) -> None:
    """Monotone in every fact."""
    before = assess(SHEET().items, facts).points
    name = data.draw(st.sampled_from([*YES_OR_NO, *SHARES, "equipment_match"]))
    after = assess(SHEET().items, {**facts, name: better(known_as(name, facts.get(name)))}).points

    assert after >= before


@given(ANSWERS)
def test_missing_answer_never_counts_as_more_or_less_than_it_may(facts: Mapping[str, Fact]) -> None:
    """The level is a lower bound: the worst answers in place of the missing ones give the same level."""
    names = [*YES_OR_NO, *SHARES, "equipment_match"]
    worst = {name: known_as(name, facts.get(name)) for name in names}
    known, guessed = assess(SHEET().items, facts), assess(SHEET().items, worst)

    assert known.points == guessed.points
    assert guessed.decided


def test_sheet_has_fourteen_points() -> None:
    """Seven items; level 3 of the management system does not exist."""
    items = SHEET().items

    assert [item.maximum for item in items] == [1, 1, 1, 3, 3, 3, 2]
    assert SHEET().maximum == 14


def test_answer_that_no_item_asks_for_is_refused() -> None:
    """It would be lost."""
    with pytest.raises(KeyError, match="fast_internett"):
        assess(SHEET().items, {"fast_internett": True})


def test_number_in_place_of_yes_or_no_is_refused() -> None:
    """And the other way round: neither is guessed at."""
    yes, number = Requirement("acts", "", ""), Requirement("match", "", "", Interval.parse(">= 1"))

    with pytest.raises(TypeError, match="yes or no"):
        yes.met(1)
    with pytest.raises(TypeError, match="a number"):
        number.met(True)


def test_share_of_two_populations_is_pooled_and_shows_both() -> None:
    """Not the mean of two shares."""
    share = Share((Part("students", 940, 950), Part("teachers", 10, 50)))

    assert share.percent == 95
    assert str(share) == "students 940/950, teachers 10/50: 95.00"


def test_item_with_a_gap_in_its_levels_is_refused() -> None:
    """And so is a level that asks for nothing."""
    asks = (Requirement("acts", "", ""),)

    with pytest.raises(ValueError, match="from 0"):
        DiagnosticItem("X", "", (DiagnosticLevel(0, "no"), DiagnosticLevel(2, "yes", asks)))
    with pytest.raises(ValueError, match="no requirement"):
        DiagnosticItem("X", "", (DiagnosticLevel(0, "no"), DiagnosticLevel(1, "yes")))
    assert (
        assess_item(DiagnosticItem("X", "", (DiagnosticLevel(0, "no"), DiagnosticLevel(1, "yes", asks))), {}).level == 0
    )
