"""Confirming summary marks: the marks of a page's period, and those of a subject group's year, exam and course."""

from typing import Any, cast
from uuid import UUID

from strawberry.types import Info

from auth.permissions import Permission as P
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.context import Context
from schema.engine.mapping.declare import computed, structure, value
from schema.engine.mutations.carry_out import carry_out
from schema.engine.mutations.inputs import input_of
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
