"""Confirming summary marks: the marks of a page's period, and those of a subject group's year, exam and course."""

from typing import Any, cast
from uuid import UUID

import strawberry
from strawberry.types import Info

from auth.permissions import Permission as P
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.context import Context
from schema.engine.mapping.declare import computed, structure, value
from schema.engine.mutations.carry_out import carry_out
from schema.engine.mutations.inputs import ACTING, KEY, asked, input_of
from schema.engine.mutations.user_errors import UserError
from schema.scales import MarkScale, SummaryMarkKind
from schema.summaries.confirming import confirm_course, confirm_page
from schema.summaries.summary_marks import SummaryMark

SCALE = "On which scale (шкала); not assessed and exempt have no value."
VALUE = "The mark (отметка): 1 to 5, or 1 and 0 for pass and fail; null when not assessed or exempt."
WITHDRAW = "Take the confirmed mark back (отозвать): nothing stands there then. Needs a reason."
REASON = "Why this one deviates from what is proposed (основание); `reason` of the whole serves where it is left out."
VERSION = "The version that you saw (версия); null: you saw nothing there."
WHOLE_REASON = "Why (основание): for a deputy head always, else for what deviates from the proposals."


@strawberry.input(description="A period mark of a line (отметка за период).")
class PeriodMarkInput:
    """One line of confirmSummaryMarks."""

    line_id: strawberry.ID = strawberry.field(description="Id of the JournalLine (строка журнала).")
    scale: MarkScale = asked(SCALE, MarkScale.FIVE_POINT)
    value: int | None = asked(VALUE, None)
    withdraw: bool = asked(WITHDRAW, False)
    reason: str | None = asked(REASON, None)
    version: int | None = asked(VERSION, None)


@strawberry.input(description="A year, exam or final mark of a student (отметка обучающегося).")
class CourseMarkInput:
    """One student of confirmCourseMarks."""

    student_id: strawberry.ID = strawberry.field(description="Id of the Student (обучающийся).")
    scale: MarkScale = asked(SCALE, MarkScale.FIVE_POINT)
    value: int | None = asked(VALUE, None)
    withdraw: bool = asked(WITHDRAW, False)
    reason: str | None = asked(REASON, None)
    version: int | None = asked(VERSION, None)


@strawberry.input(description="Marks of a page's period to confirm (подтвердить отметки за период): all or none.")
class ConfirmSummaryMarksInput:
    """Input of confirmSummaryMarks."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    journal_id: strawberry.ID = strawberry.field(description="Id of the Journal (страница журнала).")
    lines: list[PeriodMarkInput] = strawberry.field(description="The marks, by line (по строкам); at most 60.")
    reason: str | None = asked(WHOLE_REASON, None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@strawberry.input(description="Year, exam or final marks of a subject group to confirm (годовые и т. п.): all or none.")
class ConfirmCourseMarksInput:
    """Input of confirmCourseMarks."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    subject_group_id: strawberry.ID = strawberry.field(description="Id of the SubjectGroup (группа по предмету).")
    kind: SummaryMarkKind = strawberry.field(description="YEAR, EXAM or FINAL (вид); PERIOD goes by its page.")
    students: list[CourseMarkInput] = strawberry.field(description="The marks, by student (по ученикам); at most 60.")
    reason: str | None = asked(WHOLE_REASON, None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure("What became of marks that were to be confirmed (результат подтверждения).")
class ConfirmSummaryMarksPayload:
    """Payload of both mutations."""

    summary_marks: list[SummaryMark | None] | None = value(
        "The marks as they stand now, in the order of the input (отметки); null for one that was taken back, and null"
        " in place of the list when anything was refused.",
        PUBLIC,
        Sensitivity.P2,
    )
    user_errors: list[UserError] = value(
        "Why nothing was changed, one for each thing wrong (отказы); empty when it was.", PUBLIC
    )
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


@computed(
    "Confirm the period marks of a journal page (подтвердить отметки за период): from two weeks before the period's end"
    " until it closes, or while the page is open again. What differs from the proposal needs a reason.",
    Access(write=P.SUMMARY_MARK_WRITE),
    sensitivity=Sensitivity.P2,
)
async def confirm_summary_marks(
    self: Any,
    info: Info,
    input: input_of(ConfirmSummaryMarksInput),  # type: ignore[valid-type]  # noqa: A002
) -> ConfirmSummaryMarksPayload:
    """Mutation.confirmSummaryMarks."""
    return await _payload(info, "confirmSummaryMarks", input, confirm_page, len(input.lines))


@computed(
    "Confirm year, exam or final marks of students of a subject group (подтвердить годовые, экзаменационные, итоговые):"
    " from two weeks before the end of the last period until 31 August. What differs from the proposal needs a reason.",
    Access(write=P.SUMMARY_MARK_WRITE),
    sensitivity=Sensitivity.P2,
)
async def confirm_course_marks(
    self: Any,
    info: Info,
    input: input_of(ConfirmCourseMarksInput),  # type: ignore[valid-type]  # noqa: A002
) -> ConfirmSummaryMarksPayload:
    """Mutation.confirmCourseMarks."""
    return await _payload(info, "confirmCourseMarks", input, confirm_course, len(input.students))


async def _payload(info: Info, operation: str, given: Any, work: Any, results: int) -> ConfirmSummaryMarksPayload:
    found, refusals = await carry_out(cast("Context", info.context), operation, given, work, results=results)
    return ConfirmSummaryMarksPayload(
        summary_marks=None if refusals else found, user_errors=refusals, client_mutation_id=given.client_mutation_id
    )
