"""withdrawStudent: the last day of a student at an organisation."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from auth.permissions import Permission as P
from domain.periods import DAY
from domain.sensitivity import Sensitivity
from domain.writing.enrolments import refused_last_day
from schema.engine.access.rule import Access
from schema.engine.mapping.declare import computed
from schema.engine.mutations.audit import record
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.inputs import ACTING, KEY, asked, input_of
from schema.engine.typed_texts import REASON_MOST
from schema.enrolments.answers import EnrolmentPayload, payload
from schema.enrolments.audited import Audited
from schema.enrolments.days import order_of, refuse_closed
from schema.enrolments.enrolling import CLOSED
from schema.enrolments.moves import Ending
from schema.enrolments.places import class_named, enrolment_to_end, moved
from schema.journals.refused import refuse
from schema.registers.entries import needed_text

if TYPE_CHECKING:
    from schema.engine.context import Context


@strawberry.input(description="A student to withdraw (отчислить).")
class WithdrawStudentInput:
    """Input of withdrawStudent."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    enrolment_id: strawberry.ID = strawberry.field(description="Id of the Enrolment that ends (зачисление).")
    last_day: date = strawberry.field(description="Last day on which the student learns there (последний день).")
    reason: str = strawberry.field(description=f"Why (причина выбытия), at most {REASON_MOST} characters.")
    order_number: str = strawberry.field(description="Number of the order (номер приказа), 1 to 100 characters.")
    ordered_on: date = strawberry.field(description="Day of the order (дата приказа).")
    into_closed_period: bool = asked(CLOSED, False)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@computed(
    "Withdraw a student (отчислить). From the day after the last one the student is in no class and no group there, the"
    " role of a student ends, and the school no longer sees the card; its journals keep the line and the marks.",
    Access(write=P.ENROLMENT_WRITE),
    sensitivity=Sensitivity.P2,
)
async def withdraw_student(self: Any, info: Info, input: input_of(WithdrawStudentInput)) -> EnrolmentPayload:  # type: ignore[valid-type]  # noqa: A002
    """Mutation.withdrawStudent."""
    return await payload(info, "withdrawStudent", input, _withdraw)


async def _withdraw(context: "Context", given: WithdrawStudentInput) -> Outcome:
    held, by = await enrolment_to_end(context, given)
    group = await class_named(context, f"ClassGroup:{held.class_group_id}")
    refuse(context, refused_last_day(held, group, given.last_day))
    order = await order_of(context, given, held.organisation_id)
    reason = needed_text(context, given.reason, "reason", REASON_MOST)
    valid_to = given.last_day + DAY
    await refuse_closed(context, held.class_group_id, valid_to, given, "lastDay")
    await moved(context, Ending(held.id, valid_to, reason, order), None)
    about = {"student": str(held.student_id), "class_group": str(held.class_group_id), "order": order[0]}
    said = {"last_day": str(given.last_day), "into_closed_period": given.into_closed_period}
    await record(context, Audited.ENROLMENT_END, by, held.id, about | said)
    return [f"Enrolment:{held.id}"]
