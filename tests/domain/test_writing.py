"""What may be written, judged from facts alone: days of a stay, lessons, marks beside absences, places in classes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from domain.imports.issues import IssueCode
from domain.imports.messages import MESSAGES
from domain.records.attendance import AttendanceCode
from domain.records.classes import EnrolmentKind
from domain.records.journals import LessonStatus
from domain.records.marks import MarkScale
from domain.records.policies import WorkCode
from domain.scoring.results import Proposal, ProposalGround
from domain.windows import PageTimes, Shut
from domain.writing import cells
from domain.writing.cells import AttendanceWrite, CellWrite, MarkPlace, MarkWrite, Place, beside_absences, refused
from domain.writing.columns import refused_due, refused_kind, refused_number, refused_weight
from domain.writing.doors import FILE, PEN
from domain.writing.enrolments import (
    ClassFacts,
    Held,
    refused_beginning,
    refused_closed,
    refused_ending,
    refused_last_day,
    refused_order,
    refused_transfer,
)
from domain.writing.stays import Stay
from domain.writing.summaries import Confirmed, SummaryWrite, refused_summary

HELD_ON = date(2026, 11, 18)
DAY = timedelta(days=1)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TIMES = PageTimes(ZoneInfo("Asia/Krasnoyarsk"), 7, 7, datetime(2026, 12, 30, tzinfo=UTC))
AWAY, ILL = AttendanceCode.ABSENT_UNEXCUSED, AttendanceCode.ABSENT_ILLNESS


def cell(**given: Any) -> CellWrite:
    """A mark in the first column of a lesson that was held."""
    usual: dict[str, Any] = {
        "place": ("line", "lesson"),
        "column": "first",
        "held_on": HELD_ON,
        "status": LessonStatus.HELD,
    }
    return CellWrite(**usual | {"stay": Stay(), "marks": (MarkWrite(5),)} | given)


@pytest.mark.parametrize(
    ("stay", "code"),
    [
        (Stay(), None),
        (Stay(first=HELD_ON), None),
        (Stay(first=HELD_ON + DAY), "STUDENT_NOT_JOINED"),
        (Stay(last=HELD_ON), None),
        (Stay(last=HELD_ON - DAY), "STUDENT_LEFT"),
        (Stay(away=((HELD_ON, HELD_ON + DAY),)), "STUDENT_LEFT"),
        (Stay(away=((HELD_ON - DAY, HELD_ON),)), None),
    ],
)
def test_first_and_last_day_of_a_stay_count(stay: Stay, code: str | None) -> None:
    """Both ends belong to it; the day of coming back is a day in the group."""
    found = stay.refused(HELD_ON)

    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"marks": (MarkWrite(6),)}, ["VALUE_OUT_OF_SCALE"]),
        ({"marks": (MarkWrite(2, MarkScale.PASS_FAIL),)}, ["VALUE_OUT_OF_SCALE"]),
        ({"marks": (MarkWrite(5, position=3),)}, ["POSITION"]),
        ({"status": LessonStatus.CANCELLED}, ["LESSON_CANCELLED"]),
        ({"status": LessonStatus.REPLACED}, ["LESSON_REPLACED"]),
        ({"status": LessonStatus.REPLACED, "marks": (MarkWrite(None),)}, []),
        ({"status": LessonStatus.PLANNED}, []),
        ({"stay": Stay(last=HELD_ON - DAY), "marks": (MarkWrite(None),)}, []),
        ({"held_on": date(2026, 11, 21)}, ["LESSON_NOT_HELD_YET"]),
        ({"marks": (), "attendance": AttendanceWrite(AWAY), "held_on": date(2026, 11, 21)}, ["LESSON_NOT_HELD_YET"]),
        ({"marks": (), "attendance": AttendanceWrite(ILL, reason=True), "held_on": date(2026, 11, 21)}, []),
    ],
)
def test_cell_is_judged_alike_at_every_door(given: dict[str, Any], expected: list[str]) -> None:
    """To take away is always possible; to give needs a lesson that took place, and a student who was there."""
    for door in (PEN, FILE):
        assert [one.code for one in refused(cell(**given), TIMES, NOW, door)] == expected


def test_file_is_excused_from_closing_and_from_nothing_else_of_a_cell() -> None:
    """History comes in after its windows closed; a lesson that has not been held is early everywhere."""
    late = NOW + timedelta(days=20)

    assert [one.code for one in refused(cell(), TIMES, late, PEN)] == [Shut.LESSON_WINDOW_CLOSED]
    assert refused(cell(), TIMES, late, FILE) == []
    assert refused(cell(), TIMES, NOW - timedelta(days=9), FILE) != []


@pytest.mark.parametrize(
    ("given", "stands", "marked", "refuses"),
    [
        ({}, None, False, False),
        ({}, AWAY, False, True),
        ({}, AttendanceCode.LATE, False, False),
        ({"make_up": True}, AWAY, False, False),
        ({"attendance": AttendanceWrite(AWAY)}, None, False, True),
        ({"attendance": AttendanceWrite(AWAY), "make_up": True}, None, False, False),
        ({"attendance": AttendanceWrite(AWAY), "make_up": True}, None, True, True),
        ({"marks": (), "attendance": AttendanceWrite(ILL)}, None, True, True),
        ({"marks": (), "attendance": AttendanceWrite(AttendanceCode.LATE)}, ILL, True, False),
        ({"attendance": AttendanceWrite(None)}, AWAY, False, False),
        ({"marks": (MarkWrite(None),), "attendance": AttendanceWrite(AWAY)}, None, False, False),
    ],
)
def test_mark_beside_a_full_absence(
    given: dict[str, Any], stands: AttendanceCode | None, marked: bool, refuses: bool
) -> None:
    """Whichever came first; a mark for work made up is excused, an absence in its column is not."""
    marks: dict[MarkPlace, Place] = {("line", "second", 1): ("line", "lesson")} if marked else {}
    found = list(beside_absences([cell(**given)], {("line", "lesson"): stands}, marks))

    assert found == ([(0, cells.MARK_WITH_ABSENCE)] if refuses else [])


def test_mark_that_the_same_writing_takes_away_is_no_obstacle() -> None:
    """What would stand then counts, not what stands now."""
    withdrawn = cell(marks=(MarkWrite(None),), column="second")
    absent = cell(marks=(), attendance=AttendanceWrite(AWAY))
    marks: dict[MarkPlace, Place] = {("line", "second", 1): ("line", "lesson")}

    assert list(beside_absences([withdrawn, absent], {}, marks)) == []
    assert [number for number, _ in beside_absences([absent], {}, marks)] == [0]


SCHOOL, OTHER = UUID(int=1), UUID(int=2)
GROUP = ClassFacts(UUID(int=11), SCHOOL, 2026, "7А")
PLACE = Held(UUID(int=21), UUID(int=22), SCHOOL, UUID(int=12), EnrolmentKind.MAIN, date(2026, 9, 1), None)


@pytest.mark.parametrize(
    ("group", "place", "day", "code"),
    [
        (GROUP, PLACE, date(2026, 9, 2), None),
        (GROUP, PLACE, date(2026, 9, 1), "DATES"),
        (GROUP, PLACE, date(2027, 9, 1), "NOT_IN_SCHOOL_YEAR"),
        (ClassFacts(PLACE.class_group_id, SCHOOL, 2026, "7Б"), PLACE, date(2026, 9, 2), "SAME_CLASS"),
        (ClassFacts(GROUP.id, OTHER, 2026, "7А"), PLACE, date(2026, 9, 2), "TARGET_ELSEWHERE"),
        (GROUP, Held(**vars(PLACE) | {"valid_to": date(2026, 12, 1)}), date(2026, 11, 2), "ALREADY_ENDED"),
    ],
)
def test_transfer(group: ClassFacts, place: Held, day: date, code: str | None) -> None:
    """To another class of the school, later than the first day in the old one, while that place has no end."""
    found = refused_transfer(place, group, day)

    assert (found.code if found else None) == code


def test_days_of_a_place_lie_in_the_school_year_of_its_class() -> None:
    """The first day of the next school year is of another class."""
    assert refused_beginning(GROUP, date(2026, 9, 1)) is None
    assert [refused_beginning(GROUP, day) is None for day in (date(2026, 8, 31), date(2027, 9, 1))] == [False, False]
    assert refused_last_day(PLACE, GROUP, date(2027, 8, 31)) is None
    assert getattr(refused_last_day(PLACE, GROUP, date(2027, 9, 1)), "code", None) == "NOT_IN_SCHOOL_YEAR"
    assert getattr(refused_last_day(PLACE, GROUP, date(2026, 8, 31)), "code", None) == "DATES"
    assert refused_ending(PLACE) is None


def test_only_a_file_needs_no_order_and_reaches_into_closed_periods() -> None:
    """What a door is excused from stands beside its name; an order of a day to come is none."""
    today, closed = NOW.date(), [NOW - DAY]

    assert refused_order(today, today, PEN) is None
    assert [refused_order(None, today, door) is None for door in (PEN, FILE)] == [False, True]
    assert [refused_order(today + DAY, today, door) is None for door in (PEN, FILE)] == [False, False]
    assert [refused_closed(closed, NOW, door, "validFrom", meant=False) is None for door in (PEN, FILE)] == [
        False,
        True,
    ]
    assert refused_closed(closed, NOW, PEN, "validFrom", meant=True) is None
    assert refused_closed([NOW + DAY], NOW, PEN, "validFrom", meant=False) is None


@pytest.mark.parametrize(
    ("before", "after", "beside", "refuses"),
    [
        (WorkCode.MAKE_UP, WorkCode.TEST, [AWAY], True),
        (WorkCode.MAKE_UP, WorkCode.TEST, [AttendanceCode.LATE], False),
        (WorkCode.MAKE_UP, WorkCode.MAKE_UP, [AWAY], False),
        (WorkCode.TEST, WorkCode.LESSON, [], False),
    ],
)
def test_column_for_work_made_up_stays_one_beside_absences(
    before: WorkCode, after: WorkCode, beside: list[AttendanceCode], refuses: bool
) -> None:
    """A mark comes to stand beside an absence by no other way than for work made up."""
    assert (refused_kind(before, after, beside) is not None) is refuses


def test_bounds_of_a_column_belong_to_it() -> None:
    """Weights of 0 and 100, the twentieth column, homework due on the very day."""
    assert [refused_weight(weight) is None for weight in (None, 0, 100, -1, 101)] == [True] * 3 + [False] * 2
    assert [refused_number(there) is None for there in (19, 20)] == [True, False]
    assert refused_due(WorkCode.HOMEWORK, HELD_ON, HELD_ON) is None
    assert refused_due(WorkCode.HOMEWORK, HELD_ON, HELD_ON - DAY) is not None
    assert refused_due(WorkCode.TEST, HELD_ON, HELD_ON) is not None


MEAN, FREE = Proposal(4, ProposalGround.MEAN), Proposal(None, ProposalGround.NO_RULE)
STANDS = Confirmed(MarkScale.FIVE_POINT, 4, None)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, None),
        ({"value": 5}, "DEVIATION_NEEDS_REASON"),
        ({"value": 5, "reason": "Экзамен"}, None),
        ({"value": 5, "proposal": FREE}, None),
        ({"value": 6, "reason": "Экзамен"}, "MARK_VALUE"),
        ({"value": 4, "scale": MarkScale.EXEMPT}, "MARK_VALUE"),
        ({"value": 5, "stands": Confirmed(MarkScale.FIVE_POINT, 5, "Экзамен")}, None),
        ({"withdraw": True}, "NOTHING_TO_WITHDRAW"),
        ({"withdraw": True, "stands": STANDS}, "REASON_NEEDED"),
        ({"withdraw": True, "stands": STANDS, "reason": "Ошибка"}, None),
    ],
)
def test_summary_mark(given: dict[str, Any], code: str | None) -> None:
    """What is proposed needs no reason, anything else does; what stands already is no new mark."""
    usual: dict[str, Any] = {"scale": MarkScale.FIVE_POINT, "value": 4, "withdraw": False, "reason": None}
    found = refused_summary(SummaryWrite(**usual | {"proposal": MEAN, "stays": Stay(), "stands": None} | given))

    assert (found.code if found else None) == code


def test_every_refusal_that_a_file_can_meet_is_an_issue_with_words() -> None:
    """The same code at both doors."""
    found = {
        one.code for one in (cells.OUT_OF_SCALE, cells.POSITION, cells.MARK_WITH_ABSENCE, *cells.NOT_HELD.values())
    }
    found |= {"STUDENT_NOT_JOINED", "STUDENT_LEFT", "HAND_SET", "ALREADY_ENROLLED", "ENROLLED_ELSEWHERE"}
    found |= {"NOT_IN_SCHOOL_YEAR", "ALREADY_ENDED", "DATES", Shut.LESSON_NOT_HELD_YET.value}

    assert found <= {code.value for code in IssueCode}
    assert all(len(MESSAGES[IssueCode(code)]) == 2 for code in found)
