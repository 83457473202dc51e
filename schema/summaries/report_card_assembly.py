"""How a report card is put together: what the viewer may see of a year, in a constant number of statements."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.periods import school_year_days
from domain.records.classes import EnrolmentKind
from domain.scoring.report_cards import Period, SubjectYear, proposed_course, proposed_year
from domain.scoring.results import MarkPolicy, Proposal, period_mark
from schema.engine.mapping.rows import Row, row_of
from schema.scales import MarkScale, SummaryMarkKind
from schema.summaries.places import came_in
from schema.summaries.proposals import basis_of, mark_policy, shown
from schema.summaries.report_cards import CellStatus, ReportCard, ReportCardCell, ReportCardRow

if TYPE_CHECKING:
    from schema.engine.context import Context

CERTIFICATE_GRADE = 11
SENIOR_KINDS = (SummaryMarkKind.PERIOD, SummaryMarkKind.YEAR)


@dataclass(frozen=True)
class Placed:
    """A journal line, and the page on which it stands."""

    line: Any
    page: Row


@dataclass(frozen=True)
class Year:
    """What the viewer may see of a student's school year at one school."""

    organisation_id: UUID
    marks: list[Row]
    placed: list[Placed]
    class_group_id: UUID | None
    came_in: dict[UUID, date | None]
    """First day in a group of the subject, by subject."""
    objects: dict[UUID, Any]
    """The marks as objects, by id: a cell shows the mark itself."""


async def report_card(
    context: "Context", student: UUID, school_year: int, organisation: UUID | None
) -> ReportCard | None:
    """The card of a year at the named school, else at that of the main enrolment; None when nothing is known of it."""
    key = student, school_year
    executor, by = context.executor, ("student_id", "school_year")
    marks, lines, enrolments = await asyncio.gather(
        executor.load_list("SummaryMark", by, key),
        executor.load_list("JournalLine", by, key),
        executor.load_list("Enrolment", ("student_id",), key[:1], ("valid_from", "id")),
    )
    main = _main(enrolments, school_year)
    school = organisation or (main.keys["organisation_id"] if main else _only_school([*marks, *lines]))
    if school is None:
        return None
    year = await _year(context, school, [marks, lines], main)
    return await _card(context, year, key)


async def _year(context: "Context", school: UUID, found: list[list[Any]], main: Row | None) -> Year:
    marks, lines = ([one for one in rows if row_of(one).keys["organisation_id"] == school] for rows in found)
    pages = await context.executor.load_all_named("Journal", [(row_of(line).keys["journal_id"],) for line in lines])
    placed = [Placed(line, row_of(page)) for line, page in zip(lines, pages, strict=True) if page is not None]
    at_school = main is not None and main.keys["organisation_id"] == school
    classes = [main.keys["class_group_id"]] if main is not None and at_school else _classes([*lines, *marks])
    days = await _came_in(context, placed)
    return Year(
        organisation_id=school,
        came_in=days,
        marks=[row_of(mark) for mark in marks],
        # A student who changed groups stands on two pages of one period: the page that was not left counts.
        placed=sorted(placed, key=lambda one: row_of(one.line).values["left_on"] is None),
        class_group_id=classes[-1] if classes else None,
        objects={row_of(mark).keys["id"]: mark for mark in marks},
    )


async def _came_in(context: "Context", placed: list[Placed]) -> dict[UUID, date | None]:
    """By subject: since when the student is in its groups, those on whose pages they stand."""
    subjects: dict[UUID, list[tuple[UUID, UUID]]] = {}
    for one in placed:
        keys = row_of(one.line).keys
        subjects.setdefault(one.page.keys["subject_id"], []).append((keys["student_id"], keys["subject_group_id"]))
    days = await asyncio.gather(*(came_in(context, places) for places in subjects.values()))
    return {subject: next(iter(found.values())) for subject, found in zip(subjects, days, strict=True)}


async def _card(context: "Context", year: Year, key: tuple[UUID, int]) -> ReportCard:
    executor, (_, school_year) = context.executor, key
    school, periods, policy, class_group = await asyncio.gather(
        executor.load_named("Organisation", (year.organisation_id,)),
        executor.load_list(
            "GradingPeriod", ("organisation_id", "school_year"), (year.organisation_id, school_year), ("number", "id")
        ),
        mark_policy(context, year.organisation_id),
        _none() if year.class_group_id is None else executor.load_named("ClassGroup", (year.class_group_id,)),
    )
    grade = _grade(class_group, school_year)
    senior = await _senior(context, key) if grade == CERTIFICATE_GRADE else []
    today = context.clock().astimezone(ZoneInfo(row_of(school).values["time_zone"])).date()
    columns = _of_scheme(periods, year)
    rows = _Rows(context, year, columns, policy, grade, today, senior)
    subjects = await executor.load_all_named("Subject", [(one,) for one in rows.subject_ids()])
    return ReportCard(
        school_year=school_year,
        class_name=None if grade is None else f"{grade}{row_of(class_group).values['letter']}",
        grade_level=grade,
        organisation=school,
        periods=columns,
        rows=[rows.row(subject) for subject in sorted(filter(None, subjects), key=_by_name)],
    )


async def _senior(context: "Context", key: tuple[UUID, int]) -> list[Row]:
    """Marks of this year and the one before, at whatever school, as far as they are known here."""
    student, year = key
    by = ("student_id", "school_year")
    years = await asyncio.gather(
        *(context.executor.load_list("SummaryMark", by, (student, one)) for one in (year - 1, year))
    )
    return [row_of(mark) for marks in years for mark in marks if row_of(mark).values["kind"] in SENIOR_KINDS]


@dataclass(frozen=True)
class _Rows:
    """Fills the rows of one card. No I/O."""

    context: "Context"
    year: Year
    periods: list[Any]
    policy: MarkPolicy
    grade_level: int | None
    today: date
    senior: list[Row]

    def subject_ids(self) -> list[UUID]:
        """Subjects that have a mark or a page."""
        found = [row.keys["subject_id"] for row in (*self.year.marks, *(one.page for one in self.year.placed))]
        return list(dict.fromkeys(found))

    def row(self, subject: Any) -> ReportCardRow:
        """One subject's row."""
        kind, known, identifier = SummaryMarkKind, self._known(row_of(subject)), row_of(subject).keys["id"]
        periods = [Period(row_of(one).keys["id"], row_of(one).values["ends_on"]) for one in self.periods]
        year = proposed_year(known, periods, self.today)
        final = None if self.grade_level is None else proposed_course(known)
        return ReportCardRow(
            subject=subject,
            periods=[self._period(identifier, known, one) for one in self.periods],
            year=self._cell(kind.YEAR, self._mark(identifier, kind.YEAR), year),
            exam=self._cell(kind.EXAM, self._mark(identifier, kind.EXAM), None),
            final=self._cell(kind.FINAL, self._mark(identifier, kind.FINAL), final),
        )

    def _period(self, subject: UUID, known: SubjectYear, period: Any) -> ReportCardCell:
        identifier = row_of(period).keys["id"]
        sums = known.sums.get(identifier)
        proposal = None if sums is None else period_mark(sums, self.policy)
        mark = self._mark(subject, SummaryMarkKind.PERIOD, identifier)
        return self._cell(SummaryMarkKind.PERIOD, mark, proposal, period)

    def _cell(
        self, kind: SummaryMarkKind, mark: Row | None, proposal: Proposal | None, period: Any = None
    ) -> ReportCardCell:
        told = None if proposal is None else shown(self.context, proposal)
        status, scale, stands = CellStatus.NONE, None, None
        if mark is not None:
            status, scale, stands = CellStatus.CONFIRMED, mark.values["scale"], mark.values["value"]
        elif told is not None and told.scale is not None:
            status, scale, stands = CellStatus.PROPOSED, told.scale, told.value
        return ReportCardCell(
            kind=kind,
            grading_period=period,
            status=status,
            scale=scale,
            value=stands,
            mark=None if mark is None else self.year.objects[mark.keys["id"]],
            proposal=told,
        )

    def _mark(self, subject: UUID, kind: SummaryMarkKind, period: UUID | None = None) -> Row | None:
        place = (subject, kind, period)
        return next((row for row in self.year.marks if _place(row) == place), None)

    def _known(self, subject: Row) -> SubjectYear:
        identifier, kind = subject.keys["id"], SummaryMarkKind
        marks = [row for row in self.year.marks if row.keys["subject_id"] == identifier]
        senior = [points(row) for row in self.senior if row.keys["subject_id"] == identifier]
        pages = [one for one in self.year.placed if one.page.keys["subject_id"] == identifier]
        return SubjectYear(
            subject=subject.values["code"],
            grade_level=self.grade_level or 0,
            confirmed={row.keys["grading_period_id"]: points(row) for row in _of(marks, kind.PERIOD)},
            sums={one.page.keys["grading_period_id"]: basis_of(one.line) for one in pages},
            year=next((points(row) for row in _of(marks, kind.YEAR)), None),
            exam=next((points(row) for row in _of(marks, kind.EXAM)), None),
            senior=tuple(mark for mark in senior if mark is not None),
            known_from=self.year.came_in.get(identifier),
        )


def points(row: Row) -> int | None:
    """The mark on the five-point scale; None for a pass, for not assessed and exempt."""
    value: int | None = row.values["value"]
    return value if row.values["scale"] is MarkScale.FIVE_POINT else None


def _of(marks: Iterable[Row], kind: SummaryMarkKind) -> list[Row]:
    return [row for row in marks if row.values["kind"] is kind]


def _place(row: Row) -> tuple[UUID, SummaryMarkKind, UUID | None]:
    return row.keys["subject_id"], row.values["kind"], row.keys["grading_period_id"]


def _main(enrolments: list[Any], school_year: int) -> Row | None:
    """The main enrolment of that year; of several, the last."""
    days = school_year_days(school_year)
    found = [
        row
        for row in map(row_of, enrolments)
        if row.values["kind"] is EnrolmentKind.MAIN
        and row.values["valid_from"] < (days.end or date.max)
        and (row.values["valid_to"] is None or row.values["valid_to"] > days.start)
    ]
    return found[-1] if found else None


def _only_school(rows: list[Any]) -> UUID | None:
    schools = {row_of(one).keys["organisation_id"] for one in rows}
    return schools.pop() if len(schools) == 1 else None


def _classes(rows: list[Any]) -> list[UUID]:
    return [key for one in rows if (key := row_of(one).keys["class_group_id"]) is not None]


def _of_scheme(periods: list[Any], year: Year) -> list[Any]:
    """Periods of the schemes by which this student is taught; all of them where nothing says which."""
    used = {one.page.keys["grading_period_id"] for one in year.placed}
    used |= {row.keys["grading_period_id"] for row in year.marks}
    schemes = {row_of(one).values["scheme"] for one in periods if row_of(one).keys["id"] in used}
    return [one for one in periods if not schemes or row_of(one).values["scheme"] in schemes]


def _grade(class_group: Any, school_year: int) -> int | None:
    """Grade of the class in that year: its card shows that of its latest one."""
    if class_group is None:
        return None
    values = row_of(class_group).values
    return int(values["grade_level"] - (values["school_year"] - school_year))


def _by_name(subject: Any) -> str:
    name: str = row_of(subject).values["name"]
    return name.casefold().replace("ё", "е")


async def _none() -> None:
    return None
