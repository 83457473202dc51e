"""enrolStudent: a newcomer, or somebody with a card, gets a place in a class."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from auth.permissions import Permission as P
from domain.records.classes import EnrolmentKind
from domain.records.users import Gender
from domain.sensitivity import Sensitivity
from domain.writing.enrolments import refused_beginning
from schema.engine.access.rule import Access
from schema.engine.mapping.declare import computed
from schema.engine.mutations.audit import record
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.inputs import ACTING, KEY, asked, input_of
from schema.enrolments.answers import EnrolmentPayload, payload
from schema.enrolments.audited import Audited
from schema.enrolments.days import order_of, refuse_closed
from schema.enrolments.moves import Beginning, Wanted, lock_students
from schema.enrolments.newcomers import who_is_enrolled
from schema.enrolments.places import chosen_groups, class_named, moved, new_key, refuse_in_the_way
from schema.journals.refused import refuse
from schema.registers.entries import acting_at

if TYPE_CHECKING:
    from schema.engine.context import Context

GROUPS = (
    "Ids of subject groups for subjects that are taught in several (подгруппы), at most 50. Groups that take the whole"
    " class need not be named; what was left out stands in `groupsLeftOut`."
)
CLOSED = "Say true where days of a closed grading period are meant to change (изменить закрытый период)."


@strawberry.input(description="A student to enrol (зачислить).")
class EnrolStudentInput:
    """Input of enrolStudent."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    class_group_id: strawberry.ID = strawberry.field(description="Id of the class (класс).")
    valid_from: date = strawberry.field(description="First day, within the school year of the class (с какого дня).")
    order_number: str = strawberry.field(description="Number of the order (номер приказа), 1 to 100 characters.")
    ordered_on: date = strawberry.field(description="Day of the order (дата приказа).")
    last_name: str = strawberry.field(description="Last name (фамилия).")
    first_name: str = strawberry.field(description="First name (имя).")
    birth_date: date = strawberry.field(description="Date of birth (дата рождения).")
    middle_name: str | None = asked("Patronymic (отчество).", None)
    person_id: strawberry.ID | None = asked(
        "Id of somebody who has a card (кто уже внесён): of findPersonBySnils or a Student. Name and birth date must be"
        " those of the card. Without it a new person is entered.",
        None,
    )
    gender: Gender | None = asked("Gender of a new person (пол).", None)
    snils: str | None = asked("SNILS of a new person, with or without hyphens (СНИЛС).", None)
    kind: EnrolmentKind = asked("Main, extra or network (вид).", EnrolmentKind.MAIN)
    subject_group_ids: list[strawberry.ID] = strawberry.field(description=GROUPS, default_factory=list)
    into_closed_period: bool = asked(CLOSED, False)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@computed(
    "Enrol a student in a class of yours (зачислить). From the first day on the student stands in the class, in its"
    " groups and journals, and has the role of a student; the family is confirmed by confirmGuardianship.",
    Access(write=P.ENROLMENT_WRITE),
    sensitivity=Sensitivity.P2,
)
async def enrol_student(self: Any, info: Info, input: input_of(EnrolStudentInput)) -> EnrolmentPayload:  # type: ignore[valid-type]  # noqa: A002
    """Mutation.enrolStudent."""
    return await payload(info, "enrolStudent", input, _enrol)


async def _enrol(context: "Context", given: EnrolStudentInput) -> Outcome:
    group = await class_named(context, given.class_group_id)
    by = await acting_at(context, P.ENROLMENT_WRITE, group.organisation_id, given)
    refuse(context, refused_beginning(group, given.valid_from))
    order, chosen = await order_of(context, given, group.organisation_id), chosen_groups(context, given)
    await refuse_closed(context, group.id, given.valid_from, given, "validFrom")
    student, is_new = await who_is_enrolled(context, given, group.organisation_id)
    await lock_students(context.statements, [student])
    await refuse_in_the_way(context, Wanted(student, group.organisation_id, given.valid_from, given.kind))
    enrolment = await new_key(context)
    beginning = Beginning(enrolment, student, group, given.valid_from, given.kind, order, chosen)
    await moved(context, None, beginning)
    about = {"student": str(student), "new_person": is_new, "class_group": str(group.id), "order": order[0]}
    said = {"valid_from": str(given.valid_from), "into_closed_period": given.into_closed_period}
    await record(context, Audited.ENROLMENT_BEGIN, by, enrolment, about | said)
    return [f"Enrolment:{enrolment}"]
