"""What holds for any window, event and count; the worked cases are in `cases/activity*.toml`."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue.activity_rules import load_activity_rules
from domain.scoring.activity import Event, Window, activity, count_events, window_days, window_instants
from domain.scoring.cut_offs import CutOffs, Standing
from domain.scoring.observations import (
    Change,
    Count,
    Counted,
    UnitCounted,
    UnitsDiffer,
    change,
    count_organisations,
    difference,
)

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
ZONES = st.sampled_from(["Asia/Krasnoyarsk", "Asia/Yekaterinburg", "Europe/Kaliningrad", "Asia/Kamchatka"]).map(
    ZoneInfo
)
ORGANISATIONS = st.lists(
    st.tuples(st.sampled_from([True, False, None]), st.integers(0, 3)), max_size=8
).map(
    lambda rows: [
        Counted(str(place), meets, str(head) if head < place else None) for place, (meets, head) in enumerate(rows)
    ]
)  # fmt: skip


@given(DAYS)
def test_week_ends_on_the_last_friday_and_has_seven_days(as_of: date) -> None:
    """And begins on a Friday."""
    days = window_days(Window.FRIDAY_WEEK, as_of)

    assert days.end is not None
    assert days.start.weekday() == days.end.weekday() == 4
    assert (days.end - days.start).days == 7
    assert days.end <= as_of < days.end + timedelta(days=7)


@given(st.datetimes(datetime(2020, 1, 2), datetime(2030, 12, 30)), ZONES, DAYS, st.sampled_from(Window))  # noqa: DTZ001 - a zone is given below
def test_instant_is_in_the_window_whether_asked_by_days_or_by_instants(
    at: datetime, zone: ZoneInfo, as_of: date, window: Window
) -> None:
    """The database compares instants, the rules compare days: they agree."""
    days = window_days(window, as_of)
    first, after = window_instants(days, zone)
    instant = at.replace(tzinfo=UTC)

    assert count_events([Event("calls", instant)], days, zone)["calls"] == (first <= instant < after)


def test_time_without_a_zone_is_refused() -> None:
    """It names no day."""
    with pytest.raises(ValueError, match="zone"):
        count_events([Event("calls", datetime(2023, 6, 9))], window_days(Window.FRIDAY_WEEK, date(2023, 6, 9)), UTC)  # noqa: DTZ001 - that is the point


@given(st.integers(0, 30), st.integers(0, 30))
def test_more_messages_never_make_less_active(fewer: int, more: int) -> None:
    """Monotone."""
    rule = load_activity_rules()["SFERUM_TEACHER_MESSAGES"]
    low, high = sorted((fewer, more))

    assert not activity(rule, {"messages": low}).active or activity(rule, {"messages": high}).active


@given(ORGANISATIONS, st.booleans(), st.randoms())
def test_organisations_are_counted_the_same_in_any_order(listed: list[Counted], apart: bool, dice: Any) -> None:
    """Order plays no part, and everybody is counted once."""
    others = list(listed)
    dice.shuffle(others)

    assert count_organisations(others, branches_apart=apart) == count_organisations(listed, branches_apart=apart)


@given(ORGANISATIONS)
def test_rolled_up_there_are_as_many_as_heads(listed: list[Counted]) -> None:
    """And apart as many as there are organisations."""
    heads = [each for each in listed if each.head is None]

    assert count_organisations(listed, branches_apart=True).of == Count(len(listed), UnitCounted.HEAD_AND_BRANCH)
    assert count_organisations(listed, branches_apart=False).of == Count(len(heads), UnitCounted.HEAD)


def test_branches_of_each_other_and_organisations_listed_twice_are_refused() -> None:
    """There is no head to count, or one too many."""
    with pytest.raises(ValueError, match="twice: a"):
        count_organisations([Counted("a", True), Counted("a", False)], branches_apart=True)
    with pytest.raises(ValueError, match="branches of each other: a, b"):
        count_organisations([Counted("a", True, "b"), Counted("b", True, "a")], branches_apart=False)


def test_share_is_not_told_while_somebody_is_unknown() -> None:
    """Unknown is neither active nor inactive."""
    known = count_organisations([Counted("a", True), Counted("b", False)], branches_apart=False)
    unknown = count_organisations([Counted("a", True), Counted("b", None)], branches_apart=False)

    assert known.percent == 50
    assert unknown.percent is None


def test_901_heads_less_785_heads_are_116_and_not_210() -> None:
    """The other figure counts branches too. Source: domain rule R11."""
    heads, active, inactive = (901, UnitCounted.HEAD), (785, UnitCounted.HEAD), (210, UnitCounted.HEAD_AND_BRANCH)

    assert difference(Count(*heads), Count(*active)) == Count(116, UnitCounted.HEAD)
    with pytest.raises(UnitsDiffer, match="HEAD_AND_BRANCH"):
        difference(Count(*heads), Count(*inactive))


@given(st.fractions(), st.fractions())
def test_change_is_the_same_seen_from_both_ends(before: Fraction, now: Fraction) -> None:
    """Up from there is down from here."""
    back = {Change.UP: Change.DOWN, Change.DOWN: Change.UP, Change.NONE: Change.NONE}
    moved = change(before, now)

    assert moved is not None
    assert change(now, before) is back[moved]


@given(st.fractions(0, 100), st.fractions(0, 100), st.fractions(0, 100))
def test_where_lower_is_better_the_cut_offs_are_mirrored(first: Fraction, second: Fraction, value: Fraction) -> None:
    """The same standing with all signs turned; the goal always asks for more than the minimum."""
    minimum, goal = sorted((first, second))
    higher, lower = CutOffs(minimum, goal), CutOffs(-minimum, -goal, lower_is_better=True)

    assert higher.standing(value) is lower.standing(-value)
    assert higher.standing(goal) is Standing.GOAL_REACHED


def test_goal_below_the_minimum_is_refused() -> None:
    """It would be reached before the minimum is."""
    with pytest.raises(ValueError, match="asks for less"):
        CutOffs(Fraction(95), Fraction(85))
