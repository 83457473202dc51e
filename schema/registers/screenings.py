"""Psychological screening (СПТ): who consented and who took part, under codes. There is no place for answers."""

import secrets
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry
from sqlalchemy import func, select
from sqlmodel import col

from auth.permissions import Permission as P
from domain import records
from domain.ages import age_on
from domain.records.classes import EnrolmentKind
from domain.records.screenings import ScreeningConsent
from domain.roles import Role
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.enums import explained
from schema.engine.mapping.declare import column, mapped, one, structure, value
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.inputs import ACTING, KEY, asked
from schema.engine.mutations.mutation import mutation
from schema.engine.mutations.user_errors import Refusal, UserError, VersionConflict, invalid
from schema.engine.node import Node
from schema.named_later import ClassGroupLater, OrganisationLater, StudentLater
from schema.registers.audited import Audited
from schema.registers.entries import Entry, acting_at, add, found

if TYPE_CHECKING:
    from schema.engine.context import Context

FROM_AGE, OWN_CONSENT_FROM = 13, 15
"""Years: who may be asked at all, and from when the student consents instead of the guardian."""

explained(
    ScreeningConsent,
    "Whether taking part was agreed to (согласие на СПТ).",
    GIVEN="Agreed (дано).",
    REFUSED="Refused (отказ).",
)


@mapped(
    records.ScreeningParticipation,
    "A student in the screening of one school year (участие в СПТ). Special data; answers and results are never kept.",
    Access(P.SCREENING_READ, why="Participation is for the family and for who organises the screening."),
)
class ScreeningParticipation(Node):
    """A version of a participation; the last counts."""

    school_year: int = column("Year in which the school year begins (учебный год).")
    version: int = column("Number of the version, from 1; the last counts (версия).")
    consent: ScreeningConsent = column("Whether it was agreed to (согласие).")
    consent_by: Role = column("Who was asked: STUDENT from 15, LEGAL_REPRESENTATIVE below (кто давал согласие).")
    participated: bool = column("Whether the student took part (участвовал).")
    participated_on: date | None = column("Day (дата участия).")
    code: str | None = column(
        "Code that stands for the name in the screening (код участника).",
        Access(P.SCREENING_CODE_READ, why="Whoever knows names and codes knows whose answers they are."),
    )
    recorded_at: datetime = column("When it was entered (когда внесено).")
    student: StudentLater | None = one("Whose (обучающийся).", by=records.ScreeningParticipation.student_id)
    class_group: ClassGroupLater | None = one("Class then (класс).", by=records.ScreeningParticipation.class_group_id)
    organisation: OrganisationLater | None = one("School (школа).", by=records.ScreeningParticipation.organisation_id)


@strawberry.input(description="Consent to and participation in a screening (внести участие в СПТ).")
class RecordScreeningInput:
    """Input of recordScreening."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    student_id: strawberry.ID = strawberry.field(description="Id of the Student (обучающийся).")
    school_year: int = strawberry.field(description="Year in which the school year begins (учебный год).")
    consent: ScreeningConsent = strawberry.field(description="Whether it was agreed to (согласие).")
    participated_on: date | None = asked("Day on which the student took part; null: did not (дата участия).", None)
    version: int = asked("Version that you saw (версия, которую вы видели); 0 when you saw none.", 0)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure("What became of an entry of the screening register (результат записи об участии в СПТ).")
class ScreeningPayload:
    """Payload of recordScreening."""

    screening: ScreeningParticipation | None = value("The participation as it stands now (участие).", PUBLIC)
    user_errors: list[UserError] = value("Why nothing was recorded; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


@mutation(
    RecordScreeningInput,
    ScreeningPayload,
    "Enter consent and participation (внести участие в СПТ), from age 13. The code is made here, once a year.",
    Access(write=P.SCREENING_WRITE),
    sensitivity=Sensitivity.P3,
)
async def record_screening(context: "Context", given: RecordScreeningInput) -> Outcome:
    """Mutation.recordScreening."""
    student = (await found(context, "Student", given.student_id, "studentId"))["id"]
    place = await _place(context, student)
    by = await acting_at(context, P.SCREENING_WRITE, place.organisation_id, given)
    today = context.clock().date()
    age = age_on(place.birth_date, today) if place.birth_date else None
    _check(context, given, age, today)
    before = await _newest(context, student, given)
    values = {
        "student_id": student,
        "organisation_id": place.organisation_id,
        "class_group_id": place.class_group_id,
        "school_year": given.school_year,
        "version": before.version + 1 if before else 1,
        "consent": given.consent,
        "consent_by": Role.STUDENT if age is not None and age >= OWN_CONSENT_FROM else Role.LEGAL_REPRESENTATIVE,
        "code": before.code if before else secrets.token_hex(6).upper(),
        "participated": given.participated_on is not None,
        "participated_on": given.participated_on,
    }
    return [await add(context, Entry(records.ScreeningParticipation, values, Audited.SCREENING_RECORD, by))]


def _check(context: "Context", given: RecordScreeningInput, age: int | None, today: date) -> None:
    if age is not None and age < FROM_AGE:
        told = context.say(f"Screening begins at {FROM_AGE}.", f"Тестирование проводится с {FROM_AGE} лет.")
        raise invalid("TOO_YOUNG", told, "studentId")
    if given.participated_on is not None and given.consent is ScreeningConsent.REFUSED:
        told = context.say("Nobody takes part who refused.", "Отказавшиеся не участвуют.")
        raise invalid("CONSENT_NEEDED", told, "participatedOn")
    if given.participated_on is not None and given.participated_on > today:
        raise invalid("DATES", context.say("It has not happened yet.", "Это ещё не состоялось."), "participatedOn")


async def _place(context: "Context", student: UUID) -> Any:
    """School and class of the main enrolment now, and the birth date."""
    place, person = records.Enrolment, records.Person
    statement: Any = (
        select(col(place.organisation_id), col(place.class_group_id), col(person.birth_date))
        .join(person, col(person.id) == col(place.student_id))
        .where(
            col(place.student_id) == student,
            col(place.kind) == EnrolmentKind.MAIN,
            col(place.live_from) <= func.vhod.now(),
            func.coalesce(col(place.live_until) > func.vhod.now(), True),
        )
    )
    rows = await context.statements.write(statement)
    if not rows:
        told = context.say("Not enrolled at a school you see.", "Не числится в доступной вам школе.")
        raise invalid("NOT_ENROLLED", told, "studentId")
    return rows[0]


async def _newest(context: "Context", student: UUID, given: RecordScreeningInput) -> Any:
    """What stands, if anything; refuses when it is not what the sender saw."""
    table: Any = records.ScreeningParticipation.__table__  # type: ignore[attr-defined]
    statement = select(table).where(table.c.student_id == student, table.c.school_year == given.school_year)
    rows = await context.statements.write(statement.order_by(table.c.version.desc()).limit(1))
    standing = rows[0] if rows else None
    if given.version != (standing.version if standing else 0):
        current = standing and await context.executor.load_named("ScreeningParticipation", (standing.id,))
        told = context.say("It was changed since you read it.", "Запись изменилась с тех пор, как вы её видели.")
        raise Refusal(
            VersionConflict(
                code="VERSION_CONFLICT",
                message=told,
                path=["input", "version"],
                current=current,
                current_version=standing.version if standing else None,
            )
        )
    return standing
