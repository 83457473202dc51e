"""Where summary marks go: the places named by an input, what stands there, and what the policy proposes for them."""

from asyncio import gather
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Uuid, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlmodel import col

from auth.permissions import Permission as P
from domain import records
from domain.scoring.report_cards import SubjectYear
from domain.scoring.results import Basis, Proposal
from schema.journals.page_state import visible
from schema.scales import MarkScale, SummaryMarkKind

if TYPE_CHECKING:
    from schema.engine.context import Context

SENIOR_KINDS = (SummaryMarkKind.PERIOD, SummaryMarkKind.YEAR)


@dataclass(frozen=True)
class Column:
    """What one mutation writes for many students: the subject, and what is summed up."""

    school_year: int
    subject_id: UUID
    kind: SummaryMarkKind
    grading_period_id: UUID | None = None


@dataclass(frozen=True)
class Seat:
    """A student's place in the column: a line of the subject group, whose anchors the mark takes over."""

    line: Any
    proposal: Proposal

    @property
    def student_id(self) -> UUID:
        """Whose place it is."""
        return self.line.student_id  # type: ignore[no-any-return]


async def standing(context: "Context", column: Column, students: Collection[UUID]) -> dict[UUID, Any]:
    """The newest version in each student's place, withdrawn ones included."""
    version = records.SummaryMarkVersion
    statement = (
        select(
            col(version.student_id),
            col(version.version),
            col(version.mark_id),
            col(version.withdrawn),
            col(version.scale),
            col(version.value),
            col(version.reason),
        )
        .where(
            col(version.school_year) == column.school_year,
            col(version.student_id) == any_of(students),
            col(version.subject_id) == column.subject_id,
            col(version.kind) == column.kind,
            col(version.grading_period_id).is_not_distinct_from(column.grading_period_id),
        )
        .ext(distinct_on(col(version.student_id)))
        .order_by(col(version.student_id), col(version.version).desc())
    )
    found: Sequence[Any] = await context.statements.write(statement)
    return {row.student_id: row for row in found}


async def lines_of_page(context: "Context", journal: UUID, lines: Collection[UUID]) -> dict[UUID | None, Any]:
    """These lines of a page, by id."""
    line = records.JournalLine
    found = await visible(
        context, line, P.JOURNAL_LINE_SEE, col(line.journal_id) == journal, col(line.id) == any_of(lines)
    )
    return {row.id: row for row in found}


async def lines_of_group(context: "Context", group: UUID, students: Collection[UUID]) -> dict[UUID | None, Any]:
    """The newest line of each of these students in a subject group, by student: one not left goes before."""
    line = records.JournalLine
    wanted = (col(line.subject_group_id) == group, col(line.student_id) == any_of(students))
    found = await visible(context, line, P.JOURNAL_LINE_SEE, *wanted)
    return {row.student_id: row for row in sorted(found, key=lambda row: (row.left_on is None, row.id))}


async def pages_of_group(context: "Context", group: UUID) -> Sequence[Any]:
    """The pages of a subject group."""
    journal = records.Journal
    return await visible(context, journal, P.JOURNAL_SEE, col(journal.subject_group_id) == group)


async def periods_of(context: "Context", organisation: UUID, school_year: int, used: Collection[UUID]) -> list[Any]:
    """The periods of a year, of the scheme to which those used belong; of any where none is used."""
    period = records.GradingPeriod
    statement = (
        select(col(period.id), col(period.scheme), col(period.ends_on))
        .where(col(period.organisation_id) == organisation, col(period.school_year) == school_year)
        .order_by(col(period.number), col(period.id))
    )
    found = await context.statements.write(statement)
    schemes = {row.scheme for row in found if row.id in used}
    return [row for row in found if not schemes or row.scheme in schemes]


@dataclass(frozen=True)
class Past:
    """What is known of students in a subject: confirmed marks of two years, sums of this year's lines by period, and
    since when they are in the groups of those lines.
    """

    marks: Sequence[Any]
    sums: Mapping[UUID, Mapping[UUID, Basis]]
    since: Mapping[UUID, date | None]

    def of(self, student: UUID, column: Column, code: str, grade_level: int) -> SubjectYear:
        """One student's year."""
        mine = [row for row in self.marks if row.student_id == student]
        year = [row for row in mine if row.school_year == column.school_year]
        senior = [points(row) for row in mine if row.kind in SENIOR_KINDS]
        return SubjectYear(
            subject=code,
            grade_level=grade_level,
            confirmed={row.grading_period_id: points(row) for row in _of(year, SummaryMarkKind.PERIOD)},
            sums=self.sums.get(student, {}),
            year=next((points(row) for row in _of(year, SummaryMarkKind.YEAR)), None),
            exam=next((points(row) for row in _of(year, SummaryMarkKind.EXAM)), None),
            senior=tuple(mark for mark in senior if mark is not None),
            known_from=self.since.get(student),
        )


async def past_of(context: "Context", column: Column, students: Collection[UUID]) -> Past:
    """The subject's marks of this year and the one before, and this year's lines, as far as the writer may see them."""
    mark, line, journal = records.SummaryMark, records.JournalLine, records.Journal
    years, theirs = (column.school_year - 1, column.school_year), any_of(students)
    wanted = (
        col(mark.school_year).in_(years),
        col(mark.student_id) == theirs,
        col(mark.subject_id) == column.subject_id,
    )
    marks = await visible(context, mark, P.SUMMARY_MARK_SEE, *wanted)
    year = col(line.school_year) == column.school_year
    lines = await visible(context, line, P.JOURNAL_LINE_SEE, col(line.student_id) == theirs, year)
    pages = await visible(
        context,
        journal,
        P.JOURNAL_SEE,
        col(journal.id) == any_of({row.journal_id for row in lines}),
        col(journal.subject_id) == column.subject_id,
    )
    periods = {page.id: page.grading_period_id for page in pages}
    of_subject = [row for row in lines if row.journal_id in periods]
    sums: dict[UUID, dict[UUID, Basis]] = {}
    for row in of_subject:
        sums.setdefault(row.student_id, {})[periods[row.journal_id]] = basis_of(row)
    return Past(marks, sums, await came_in(context, {(row.student_id, row.subject_group_id) for row in of_subject}))


async def came_in(context: "Context", places: Collection[tuple[UUID, UUID]]) -> dict[UUID, date | None]:
    """The day on which each student first came into one of their groups; `places` are pairs of student and group."""
    days = await gather(*(_came_in(context, place) for place in places))
    known: dict[UUID, date | None] = {}
    for (student, _), day in zip(places, days, strict=True):
        earlier = known.get(student)
        known[student] = min(earlier, day) if earlier is not None and day is not None else day or earlier
    return known


async def _came_in(context: "Context", place: tuple[UUID, UUID]) -> date | None:
    member = records.SubjectGroupMember
    pair = (col(member.student_id), col(member.subject_group_id))

    async def load(places: list[tuple[UUID, UUID]]) -> list[date | None]:
        statement = select(*pair, func.min(col(member.valid_from)).label("since")).where(tuple_(*pair).in_(places))
        found: Sequence[Any] = await context.statements.write(statement.group_by(*pair))
        days = {(row.student_id, row.subject_group_id): row.since for row in found}
        return [days.get(one) for one in places]

    found: date | None = await context.executor.loader("first day in a subject group", load).load(place)
    return found


def basis_of(line: Any) -> Basis:
    """The exact sums of a line."""
    return Basis(line.mark_sum, line.weight_sum, line.mark_count)


def points(row: Any) -> int | None:
    """The mark on the five-point scale; None for a pass, for not assessed and exempt."""
    return row.value if row.scale is MarkScale.FIVE_POINT else None


def any_of(keys: Iterable[UUID]) -> Any:
    """One array parameter: the statement is the same for any number of keys."""
    return func.any(literal(list(keys), ARRAY(Uuid)))


def _of(rows: Iterable[Any], kind: SummaryMarkKind) -> list[Any]:
    return [row for row in rows if row.kind is kind]
