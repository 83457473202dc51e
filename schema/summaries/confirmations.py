"""Confirming summary marks: the marks of a page's period, and those of a subject group's year, exam and course."""

from typing import Any
from uuid import UUID

from auth.permissions import Permission as P
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.context import Context
from schema.engine.mapping.declare import structure, value
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.mutation import mutation
from schema.engine.mutations.user_errors import UserError
from schema.summaries.confirmation_inputs import ConfirmCourseMarksInput, ConfirmSummaryMarksInput
from schema.summaries.confirming import confirm_course, confirm_page
from schema.summaries.summary_marks import SummaryMark


@structure("What became of marks that were to be confirmed (результат подтверждения).")
class ConfirmSummaryMarksPayload:
    """Payload of both mutations."""

    summary_marks: list[SummaryMark | None] | None = value(
        "The marks as they stand now, in the order of the input (отметки); null for one that was taken back, and null"
        " in place of the list when anything was refused.",
        PUBLIC,
        Sensitivity.P2,
        usually=30,
    )
    user_errors: list[UserError] = value(
        "Why nothing was changed, one for each thing wrong (отказы); empty when it was.", PUBLIC
    )
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


def _answer(found: list[Any], refusals: list[UserError]) -> dict[str, Any]:
    return {"summary_marks": None if refusals else found}


@mutation(
    ConfirmSummaryMarksInput,
    ConfirmSummaryMarksPayload,
    "Confirm the period marks of a journal page (подтвердить отметки за период): from two weeks before the period's end"
    " until it closes, or while the page is open again. What differs from the proposal needs a reason.",
    Access(write=P.SUMMARY_MARK_WRITE),
    sensitivity=Sensitivity.P2,
    cost=50,
    results=lambda given: len(given.lines),
    answer=_answer,
)
async def confirm_summary_marks(context: Context, given: ConfirmSummaryMarksInput) -> Outcome:
    """Mutation.confirmSummaryMarks."""
    return await confirm_page(context, given)


@mutation(
    ConfirmCourseMarksInput,
    ConfirmSummaryMarksPayload,
    "Confirm year, exam or final marks of students of a subject group (подтвердить годовые, экзаменационные, итоговые):"
    " from two weeks before the end of the last period until 31 August. What differs from the proposal needs a reason.",
    Access(write=P.SUMMARY_MARK_WRITE),
    sensitivity=Sensitivity.P2,
    results=lambda given: len(given.students),
    answer=_answer,
)
async def confirm_course_marks(context: Context, given: ConfirmCourseMarksInput) -> Outcome:
    """Mutation.confirmCourseMarks."""
    return await confirm_course(context, given)
