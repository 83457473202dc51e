"""transferStudent: from one class to another of the same organisation, in one change."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from auth.permissions import Permission as P
from domain.sensitivity import Sensitivity
from domain.writing.enrolments import refused_transfer
from schema.engine.access.rule import Access
from schema.engine.mapping.declare import computed
from schema.engine.mutations.audit import record
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.inputs import ACTING, KEY, asked, input_of
from schema.engine.typed_texts import REASON_MOST
from schema.enrolments.answers import EnrolmentPayload, payload
from schema.enrolments.audited import Audited
from schema.enrolments.days import order_of, refuse_closed
from schema.enrolments.enrolling import CLOSED, GROUPS
from schema.enrolments.moves import Beginning, Ending, Wanted
from schema.enrolments.places import (
    chosen_groups,
    class_named,
    enrolment_to_end,
    moved,
    new_key,
    refuse_in_the_way,
)
from schema.journals.refused import refuse
from schema.registers.entries import optional_text

if TYPE_CHECKING:
    from schema.engine.context import Context


@strawberry.input(description="A student to transfer to another class (перевести в другой класс).")
class TransferStudentInput:
    """Input of transferStudent."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    enrolment_id: strawberry.ID = strawberry.field(description="Id of the Enrolment that ends (прежнее зачисление).")
    class_group_id: strawberry.ID = strawberry.field(description="Id of the new class (новый класс).")
    valid_from: date = strawberry.field(description="First day in the new class (с какого дня).")
    order_number: str = strawberry.field(description="Number of the order (номер приказа), 1 to 100 characters.")
    ordered_on: date = strawberry.field(description="Day of the order (дата приказа).")
    reason: str | None = asked(f"Why (причина), at most {REASON_MOST} characters.", None)
    subject_group_ids: list[strawberry.ID] = strawberry.field(description=GROUPS, default_factory=list)
    into_closed_period: bool = asked(CLOSED, False)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@computed(
    "Transfer a student to another class of the same organisation (перевести): one enrolment ends and the next begins"
    " on the same day. Marks stay where they were given; the old pages keep the line with the day of leaving.",
    Access(write=P.ENROLMENT_WRITE),
    sensitivity=Sensitivity.P2,
)
async def transfer_student(self: Any, info: Info, input: input_of(TransferStudentInput)) -> EnrolmentPayload:  # type: ignore[valid-type]  # noqa: A002
    """Mutation.transferStudent."""
    return await payload(info, "transferStudent", input, _transfer)


async def _transfer(context: "Context", given: TransferStudentInput) -> Outcome:
    held, by = await enrolment_to_end(context, given)
    group = await class_named(context, given.class_group_id)
    refuse(context, refused_transfer(held, group, given.valid_from))
    order, chosen = await order_of(context, given, group.organisation_id), chosen_groups(context, given)
    reason = optional_text(context, given.reason, "reason", REASON_MOST) or context.say("Transfer", "Перевод")
    for changed in (held.class_group_id, group.id):
        await refuse_closed(context, changed, given.valid_from, given, "validFrom")
    wanted = Wanted(held.student_id, group.organisation_id, given.valid_from, held.kind, held.id)
    await refuse_in_the_way(context, wanted)
    enrolment = await new_key(context)
    beginning = Beginning(enrolment, held.student_id, group, given.valid_from, held.kind, order, chosen)
    await moved(context, Ending(held.id, given.valid_from, reason, order), beginning)
    about = {"student": str(held.student_id), "previous": str(held.id), "class_group": str(group.id), "order": order[0]}
    said = {"valid_from": str(given.valid_from), "into_closed_period": given.into_closed_period}
    await record(context, Audited.ENROLMENT_TRANSFER, by, enrolment, about | said)
    return [f"Enrolment:{enrolment}", f"Enrolment:{held.id}"]
