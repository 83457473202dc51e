"""How summary marks are confirmed: locked, judged one by one, refused with every error named, or written together."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from auth.permissions import Permission as P
from auth.viewer import LiveAssignment
from auth.writing import Place
from domain.scoring.report_cards import Period, SubjectYear, proposed_course, proposed_year
from domain.scoring.results import Proposal, ProposalGround, period_mark
from domain.summary_windows import SummaryWindow, window_of_period, window_of_year
from schema.engine.mapping.reference import key_of
from schema.engine.mapping.rows import Row, row_of
from schema.engine.mutations.audit import record
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.user_errors import Refusal, UserError, invalid, not_found
from schema.engine.typed_texts import stated
from schema.journals.page_actors import Actors
from schema.journals.page_state import lock_page
from schema.journals.windows import page_facts
from schema.scales import SummaryMarkKind
from schema.summaries.audited import Audited
from schema.summaries.confirmation_inputs import ConfirmCourseMarksInput, ConfirmSummaryMarksInput
from schema.summaries.judgement import Entry, errors_of, reason_for
from schema.summaries.places import (
    Column,
    Past,
    Seat,
    basis_of,
    lines_of_group,
    lines_of_page,
    pages_of_group,
    past_of,
    periods_of,
    standing,
)
from schema.summaries.proposals import mark_policy
from schema.summaries.refusals import duplicates, in_the_way, not_now
from schema.summaries.writing import write_versions

if TYPE_CHECKING:
    from schema.engine.context import Context

MOST = 60


@dataclass(frozen=True)
class Task:
    """One mutation at work: what it writes, for whom, where, under which assignment, and while when."""

    context: "Context"
    given: Any
    listed: tuple[str, str]
    """Names of the list of the input, and of the id in each of its items."""
    asked: list[Any]
    place: Row
    column: Column
    acting: LiveAssignment
    window: SummaryWindow
    today: date
    policy_version: int


async def confirm_page(context: "Context", given: ConfirmSummaryMarksInput) -> Outcome:
    """Write the period marks of a page."""
    page = await _found(context, "Journal", given.journal_id, "journalId")
    _check_number(context, given.lines, "lines")
    journal, period = page.keys["id"], page.keys["grading_period_id"]
    today = await _today(context, page)
    acting = await _acting(context, given, page, today)
    await lock_page(context, journal)
    context.executor.forget()
    policy = await mark_policy(context, page.keys["organisation_id"])
    ends_on = row_of(await context.executor.load_named("GradingPeriod", (period,))).values["ends_on"]
    window = window_of_period((await page_facts(context, journal)).times, ends_on)
    column = Column(page.values["school_year"], page.keys["subject_id"], SummaryMarkKind.PERIOD, period)
    keys = [_key(context, "JournalLine", one.line_id) for one in given.lines]
    lines = await lines_of_page(context, journal, [key for key in keys if key is not None])
    seats = [_seat(lines.get(key), lambda line: period_mark(basis_of(line), policy)) for key in keys]
    listed = "lines", "lineId"
    task = Task(context, given, listed, given.lines, page, column, acting, window, today, policy.version)
    return await _confirm(task, seats)


async def confirm_course(context: "Context", given: ConfirmCourseMarksInput) -> Outcome:
    """Write year, exam or final marks of a subject group."""
    group = await _found(context, "SubjectGroup", given.subject_group_id, "subjectGroupId")
    _check_number(context, given.students, "students")
    _check_kind(context, given.kind)
    today = await _today(context, group)
    acting = await _acting(context, given, group, today)
    pages = await pages_of_group(context, group.keys["id"])
    for key in sorted([*(page.id for page in pages), group.keys["id"]]):
        await lock_page(context, key)
    context.executor.forget()
    organisation, year = group.keys["organisation_id"], group.values["school_year"]
    periods = await periods_of(context, organisation, year, [page.grading_period_id for page in pages])
    column = Column(year, group.keys["subject_id"], given.kind)
    keys = [_key(context, "Student", one.student_id) for one in given.students]
    students = [key for key in keys if key is not None]
    lines = await lines_of_group(context, group.keys["id"], students)
    course = await _course(context, group, column, [Period(one.id, one.ends_on) for one in periods], today)
    past = await past_of(context, column, students)
    seats = [_seat(lines.get(key), lambda line: course.proposal(past, line.student_id)) for key in keys]
    zone = ZoneInfo(await _time_zone(context, group))
    last = max((one.ends_on for one in periods), default=date(year + 1, 5, 26))
    policy = await mark_policy(context, organisation)
    task = Task(
        context, given, ("students", "studentId"), given.students, group, column, acting,
        window_of_year(year, last, zone), today, policy.version,
    )  # fmt: skip
    return await _confirm(task, seats)


@dataclass(frozen=True)
class Course:
    """What proposals for a year and a course depend on, besides the student."""

    column: Column
    subject: str
    grade_level: int
    periods: list[Period]
    today: date

    def proposal(self, past: Past, student: UUID) -> Proposal:
        """What is proposed for a student; an exam is never proposed."""
        known: SubjectYear = past.of(student, self.column, self.subject, self.grade_level)
        if self.column.kind is SummaryMarkKind.YEAR:
            return proposed_year(known, self.periods, self.today)
        if self.column.kind is SummaryMarkKind.FINAL:
            return proposed_course(known)
        return Proposal(None, ProposalGround.NO_RULE)


async def _course(context: "Context", group: Row, column: Column, periods: list[Period], today: date) -> Course:
    subject = row_of(await context.executor.load_named("Subject", (column.subject_id,))).values["code"]
    class_group = row_of(await context.executor.load_named("ClassGroup", (group.keys["class_group_id"],))).values
    grade_level = class_group["grade_level"] - (class_group["school_year"] - column.school_year)
    return Course(column, subject, grade_level, periods, today)


async def _confirm(task: Task, seats: list[Seat | None]) -> Outcome:
    """Judge every mark, then write all that changes anything."""
    context, column = task.context, task.column
    stands = await standing(context, column, [seat.student_id for seat in seats if seat is not None])
    whole, (listed, named) = stated(task.given.reason), task.listed
    entries = [
        Entry(asked, seat, stands.get(seat.student_id) if seat else None, reason_for(asked, whole), path)
        for place, (asked, seat) in enumerate(zip(task.asked, seats, strict=True))
        for path in [["input", listed, str(place)]]
    ]
    errors: list[UserError] = [*not_now(context, task.window), *duplicates(context, entries, named)]
    for entry in entries:
        errors += await errors_of(context, entry, column.school_year, task.today)
    if errors:
        raise Refusal(*errors)
    with in_the_way(context, listed):
        written = await write_versions(context, column, task.acting, task.policy_version, entries)
    await _record(task, entries, written)
    return [f"SummaryMark:{column.school_year}:{written[entry.seat.student_id]}" for entry in entries if entry.seat]


async def _record(task: Task, entries: list[Entry], written: dict[UUID, UUID]) -> None:
    """One entry for the whole: which marks, of what kind; a mark of the writer's own child is flagged."""
    column, changed = task.column, [entry for entry in entries if entry.seat and not entry.is_unchanged]
    if not changed:
        return
    students = [entry.seat.student_id for entry in changed if entry.seat]
    detail: dict[str, Any] = {
        "kind": column.kind.value,
        "school_year": column.school_year,
        "period": str(column.grading_period_id) if column.grading_period_id else None,
        "marks": [str(written[student]) for student in students],
        "reason": stated(task.given.reason),
    }
    if set(students) & set(task.context.viewer.children):
        detail["own_child"] = True
    await record(task.context, Audited.SUMMARY_MARK_CONFIRM, task.acting, task.place.keys["id"], detail)


async def _acting(context: "Context", given: Any, row: Row, today: date) -> LiveAssignment:
    """The assignment under which it is confirmed: one that holds today; a past substitution confirms nothing."""
    keys = row.keys
    place = Place(keys["organisation_id"], keys["class_group_id"], _group_of(row), today)
    actors = Actors(context, given)
    chosen = actors.choose(P.SUMMARY_MARK_WRITE, actors.fitting(P.SUMMARY_MARK_WRITE, place))
    await actors.check()
    if chosen is None:
        raise LookupError("check() lets nobody through without an assignment")
    return chosen


def _group_of(row: Row) -> UUID:
    """The subject group of a page, or the group itself."""
    return row.keys["id" if row.mapping.name == "SubjectGroup" else "subject_group_id"]  # type: ignore[no-any-return]


def _seat(line: Any, propose: Any) -> Seat | None:
    return None if line is None else Seat(line, propose(line))


async def _today(context: "Context", row: Row) -> date:
    return context.clock().astimezone(ZoneInfo(await _time_zone(context, row))).date()


async def _time_zone(context: "Context", row: Row) -> str:
    school = await context.executor.load_named("Organisation", (row.keys["organisation_id"],))
    return row_of(school).values["time_zone"]  # type: ignore[no-any-return]


async def _found(context: "Context", kind: str, identifier: str, field: str) -> Row:
    found = await context.executor.look_up(context.executor.types[kind], identifier)
    if found is None:
        told = context.say(
            f"No {kind} with this id that you may see.", f"Нет доступного вам объекта {kind} с таким id."
        )
        raise not_found(told, field)
    return row_of(found)


def _key(context: "Context", kind: str, identifier: str) -> UUID | None:
    key = key_of(context.executor.types[kind], identifier)
    return None if key is None else key[0]


def _check_number(context: "Context", asked: list[Any], field: str) -> None:
    if 0 < len(asked) <= MOST:
        return
    told = context.say(f"From 1 to {MOST} marks at a time.", f"За один раз от 1 до {MOST} отметок.")
    raise invalid("HOW_MANY", told, field)


def _check_kind(context: "Context", kind: SummaryMarkKind) -> None:
    if kind is SummaryMarkKind.PERIOD:
        told = context.say(
            "Period marks are confirmed on their page: confirmSummaryMarks.",
            "Отметки за период подтверждаются на странице журнала: confirmSummaryMarks.",
        )
        raise invalid("KIND", told, "kind")
