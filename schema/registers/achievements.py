"""Achievements: olympiads and competitions of students, and the mutation that adds one."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry
from sqlalchemy import func, select
from sqlmodel import col

from auth.permissions import Permission as P
from domain import records
from domain.records.achievements import AchievementKind, AchievementLevel, AchievementResult
from domain.records.classes import EnrolmentKind
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.enums import explained
from schema.engine.mapping.declare import column, mapped, one, structure, value
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.inputs import ACTING, KEY, asked
from schema.engine.mutations.mutation import mutation
from schema.engine.mutations.user_errors import UserError, invalid
from schema.engine.node import Node
from schema.named_later import ClassGroupLater, OrganisationLater, StudentLater
from schema.people.roles import Role
from schema.registers.audited import Audited
from schema.registers.entries import Entry, acting_at, add, found, needed_text, optional_text

if TYPE_CHECKING:
    from schema.engine.context import Context

MOST_PLACE = 100_000

explained(
    AchievementKind,
    "What a student took part in (вид мероприятия).",
    OLYMPIAD="Olympiad (олимпиада).",
    COMPETITION="Competition (конкурс).",
    CONFERENCE="Conference (конференция).",
    SPORT="Sports (спортивное соревнование).",
)
explained(
    AchievementLevel,
    "How wide the circle was (уровень мероприятия).",
    SCHOOL="School (школьный).",
    MUNICIPAL="Municipality (муниципальный).",
    REGIONAL="Region (региональный).",
    FEDERAL="Country (всероссийский).",
    INTERNATIONAL="International (международный).",
)
explained(
    AchievementResult,
    "How far the student got (результат).",
    WINNER="Winner (победитель).",
    PRIZE="Prize (призёр).",
    PARTICIPANT="Took part (участник).",
)


@mapped(
    records.Achievement,
    "An achievement of a student (достижение), with the school and class of that time. Only ever added to.",
    Access(P.ACHIEVEMENT_SEE),
)
class Achievement(Node):
    """An achievement."""

    kind: AchievementKind = column("What it was (вид).")
    level: AchievementLevel = column("How wide the circle was (уровень).")
    result: AchievementResult = column("How far the student got (результат).")
    title: str = column("What it is called (название).")
    place: int | None = column("Place (место), where places are given.")
    happened_on: date = column("Day (дата).")
    document: str | None = column("Diploma or certificate (документ).")
    recorded_at: datetime = column("When it was entered (когда внесено).")
    role: Role | None = column("Under which role (от имени какой роли).")
    student: StudentLater | None = one("Whose (обучающийся).", by=records.Achievement.student_id)
    class_group: ClassGroupLater | None = one("In which class then (класс).", by=records.Achievement.class_group_id)
    organisation: OrganisationLater | None = one(
        "At which school then (школа).", by=records.Achievement.organisation_id
    )


@strawberry.input(description="An achievement to add (внести достижение).")
class RecordAchievementInput:
    """Input of recordAchievement."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    student_id: strawberry.ID = strawberry.field(description="Id of the Student (обучающийся).")
    kind: AchievementKind = strawberry.field(description="What it was (вид).")
    level: AchievementLevel = strawberry.field(description="How wide the circle was (уровень).")
    result: AchievementResult = strawberry.field(description="How far the student got (результат).")
    title: str = strawberry.field(description="What it is called (название), 1 to 300 characters.")
    happened_on: date = strawberry.field(description="Day (дата).")
    place: int | None = asked("Place (место), from 1.", None)
    document: str | None = asked("Diploma or certificate (документ), at most 200 characters.", None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure("What became of an achievement to add (результат внесения достижения).")
class AchievementPayload:
    """Payload of recordAchievement."""

    achievement: Achievement | None = value("The achievement (достижение).", PUBLIC)
    user_errors: list[UserError] = value("Why nothing was recorded; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


@mutation(
    RecordAchievementInput,
    AchievementPayload,
    "Add an achievement of a student (внести достижение), with the school and class of its day.",
    Access(write=P.ACHIEVEMENT_WRITE),
    sensitivity=Sensitivity.P2,
)
async def record_achievement(context: "Context", given: RecordAchievementInput) -> Outcome:
    """Mutation.recordAchievement."""
    student = (await found(context, "Student", given.student_id, "studentId"))["id"]
    _check(context, given)
    organisation, class_group = await _place_then(context, student, given.happened_on)
    by = await acting_at(context, P.ACHIEVEMENT_WRITE, organisation, given)
    values = {
        "student_id": student,
        "organisation_id": organisation,
        "class_group_id": class_group,
        "kind": given.kind,
        "level": given.level,
        "result": given.result,
        "title": needed_text(context, given.title, "title", 300),
        "place": given.place,
        "happened_on": given.happened_on,
        "document": optional_text(context, given.document, "document", 200),
    }
    return [await add(context, Entry(records.Achievement, values, Audited.ACHIEVEMENT_RECORD, by))]


def _check(context: "Context", given: RecordAchievementInput) -> None:
    if given.place is not None and not 1 <= given.place <= MOST_PLACE:
        raise invalid("OUT_OF_RANGE", context.say("A place from 1.", "Место начиная с 1."), "place")
    if given.happened_on > context.clock().date():
        raise invalid("DATES", context.say("It has not happened yet.", "Это ещё не состоялось."), "happenedOn")


async def _place_then(context: "Context", student: UUID, day: date) -> tuple[UUID, UUID]:
    """School and class of the main enrolment on that day."""
    place = records.Enrolment
    statement: Any = select(col(place.organisation_id), col(place.class_group_id)).where(
        col(place.student_id) == student,
        col(place.kind) == EnrolmentKind.MAIN,
        col(place.valid_from) <= day,
        func.coalesce(col(place.valid_to) > day, True),
    )
    rows = await context.statements.write(statement)
    if not rows:
        told = context.say(
            "Not enrolled anywhere you see on that day.", "В этот день не числится в доступной вам школе."
        )
        raise invalid("NOT_ENROLLED", told, "happenedOn")
    return rows[0].organisation_id, rows[0].class_group_id
