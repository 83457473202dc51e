"""Cases: a school lets one named student be read, by a specialist or its principal, for days and with a reason."""

from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry
from sqlalchemy import func, insert, select
from sqlmodel import col

from auth.granting import CASE_DAYS_MOST, grantable
from auth.permissions import Permission as P
from domain import records
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import Access
from schema.engine.mutations.audit import record
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.fresh_sign_in import need_fresh_sign_in
from schema.engine.mutations.inputs import ACTING, KEY, asked
from schema.engine.mutations.mutation import mutation
from schema.engine.mutations.user_errors import Refusal, invalid, not_found
from schema.engine.typed_texts import REASON_MOST, stated, unfit
from schema.people.acting import acting_assignment
from schema.people.assignment_holders import find_named, holder_of_role
from schema.people.assignments import AssignmentPayload
from schema.people.audited import Audited
from schema.people.roles import ReachKind, Role

if TYPE_CHECKING:
    from schema.engine.context import Context


@strawberry.input(description="A student whose record somebody may read for some days (открыть дело).")
class OpenCaseInput:
    """Input of openCase."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    role: Role = strawberry.field(
        description="GENERAL_EDUCATION_SPECIALIST: the education record; PRINCIPAL: its special data too (роль)."
    )
    holder_id: strawberry.ID = strawberry.field(
        description="Id of whoever gets it and holds this role for the organisation already (кому)."
    )
    student_id: strawberry.ID = strawberry.field(description="Id of the Student (обучающийся).")
    organisation_id: strawberry.ID = strawberry.field(description="Id of the student's organisation (где).")
    valid_from: date = strawberry.field(description="First day (с какого дня).")
    valid_to: date = strawberry.field(
        description=f"First day on which it no longer holds; at most {CASE_DAYS_MOST} days later"
        " (с какого дня уже не действует)."
    )
    reason: str = strawberry.field(description="Why, such as the number of an order; no names (основание).")
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@mutation(
    OpenCaseInput,
    AssignmentPayload,
    "Let one student's record be read for some days (открыть дело надзора). It takes effect when the municipality"
    " confirms; every reading is written to the access journal.",
    Access(write=P.CASE_OPEN),
    sensitivity=Sensitivity.P2,
)
async def open_case(context: "Context", given: OpenCaseInput) -> Outcome:
    """Mutation.openCase."""
    organisation = await find_named(context, "Organisation", given.organisation_id, "organisationId")
    by = await acting_assignment(
        context, P.CASE_OPEN, organisation, given, lambda role: grantable(given.role, ReachKind.PERSONS, role)
    )
    need_fresh_sign_in(context)
    _check(context, given)
    student = await _student(context, given)
    holder = await holder_of_role(context, given, organisation)
    if holder == context.viewer.person_id:
        told = context.say("Nobody changes roles of their own.", "Свои роли менять нельзя.")
        raise invalid("OWN_ASSIGNMENT", told, "holderId")
    values = {
        "person_id": holder,
        "role": given.role,
        "reach": ReachKind.PERSONS,
        "organisation_id": organisation,
        "subject_person_id": student,
        "valid_from": given.valid_from,
        "valid_to": given.valid_to,
        "reason": given.reason,
        "granted_by_id": context.viewer.person_id,
        "granted_at": context.clock(),
        "awaits_confirmation": True,
    }
    adding = insert(records.Assignment).values(**values).returning(col(records.Assignment.id))
    [made] = await context.statements.write(adding)
    about = {"role": given.role.value, "person": str(holder), "subject": str(student)}
    await record(context, Audited.CASE_OPEN, by, made.id, about)
    return [f"Assignment:{made.id}"]


async def _student(context: "Context", given: OpenCaseInput) -> UUID:
    """A student whom the viewer sees and who learns where a role of theirs opens cases."""
    found = await find_named(context, "Student", given.student_id, "studentId")
    here = select(func.vhod.students_in_reach(P.CASE_OPEN.value).label("id")).subquery()
    if not await context.statements.write(select(here.c.id).where(here.c.id == found)):
        told = context.say("The student does not learn here.", "Этот обучающийся здесь не учится.")
        raise not_found(told, "studentId")
    return found


def _check(context: "Context", given: OpenCaseInput) -> None:
    """A case has an end within reach and a reason that says something."""
    most = given.valid_from + timedelta(days=CASE_DAYS_MOST)
    if not given.valid_from < given.valid_to <= most:
        told = context.say(
            f"`validTo` must be 1 to {CASE_DAYS_MOST} days after `validFrom`.",
            f"`validTo` должна быть позже `validFrom` на 1–{CASE_DAYS_MOST} дн.",
        )
        raise invalid("DATES", told, "validTo")
    if stated(given.reason) is None:
        raise invalid("REASON_NEEDED", context.say("Say why.", "Укажите основание."), "reason")
    if (found := unfit(context, given.reason, REASON_MOST, ["input", "reason"])) is not None:
        raise Refusal(found)
