"""What becomes of a change of an enrolment: the payload of all three mutations, and the groups that were left out."""

from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import strawberry
from sqlalchemy import Text, Uuid, column, func, select
from strawberry.types import Info

from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import structure, value
from schema.engine.mapping.rows import row_of
from schema.engine.mutations.carry_out import carry_out
from schema.engine.mutations.user_errors import UserError
from schema.organisations.classes import Enrolment

if TYPE_CHECKING:
    from schema.engine.context import Context


@structure("A group of the class that the student was not put into (группа, в которую обучающийся не внесён).")
class LeftOutGroup:
    """One of several groups of a subject: somebody must say which is the student's."""

    subject_group_id: strawberry.ID = value("Id of the SubjectGroup, to be named in `subjectGroupIds` (группа).")
    name: str = value("Name of the group (название группы).")
    subject: str = value("What is taught (предмет).")


@structure("What became of a change of an enrolment (результат зачисления, перевода или отчисления).")
class EnrolmentPayload:
    """Payload of enrolStudent, transferStudent and withdrawStudent."""

    enrolment: Enrolment | None = value("The enrolment that began, or that ended by a withdrawal (зачисление).", PUBLIC)
    previous: Enrolment | None = value("The enrolment that a transfer ended (прежнее зачисление).", PUBLIC)
    student_id: strawberry.ID | None = value(
        "Id of the Student (обучающийся), whose card you see from the first day on.", PUBLIC
    )
    groups_left_out: list[LeftOutGroup] = value(
        "Groups of the class in subjects that the student has no group of yet (группы, из которых нужно выбрать): where"
        " a subject is taught in several groups, one is named in `subjectGroupIds`.",
        PUBLIC,
        usually=5,
    )
    user_errors: list[UserError] = value("Why nothing was changed; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


async def payload(info: Info, operation: str, given: Any, work: Any) -> EnrolmentPayload:
    """Carry a change out and answer it, the first time and for a retry alike."""
    context = cast("Context", info.context)
    found, errors = await carry_out(context, operation, given, work, results=2)
    enrolment, previous = [*found, None][:2]
    keys = None if enrolment is None else row_of(enrolment).keys
    return EnrolmentPayload(
        enrolment=enrolment,
        previous=previous,
        student_id=None if keys is None else strawberry.ID(f"Student:{keys['student_id']}"),
        groups_left_out=[] if keys is None else await _left_out(context, keys["id"]),
        user_errors=errors,
        client_mutation_id=given.client_mutation_id,
    )


async def _left_out(context: "Context", enrolment: UUID) -> list[LeftOutGroup]:
    groups = func.vhod.groups_left_out(enrolment).table_valued(
        column("id", Uuid), column("name", Text), column("subject", Text)
    )
    rows = await context.statements.write(select(groups.c.id, groups.c.name, groups.c.subject))
    return [
        LeftOutGroup(subject_group_id=strawberry.ID(f"SubjectGroup:{row.id}"), name=row.name, subject=row.subject)
        for row in rows
    ]
