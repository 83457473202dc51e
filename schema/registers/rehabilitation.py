"""Rehabilitation programmes (ИПРА), their measures, what was reported of them. Special data: readings are recorded."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

from auth.permissions import Permission as P
from domain import records
from domain.records.rehabilitation import MeasureOutcome
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.enums import explained
from schema.engine.mapping.declare import column, many, mapped, one, structure, value
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.inputs import ACTING, KEY, asked
from schema.engine.mutations.mutation import mutation
from schema.engine.mutations.user_errors import UserError, invalid
from schema.engine.node import Node
from schema.named_later import OrganisationLater
from schema.people.roles import Role
from schema.registers.audited import Audited
from schema.registers.entries import Entry, acting_at, add, found, needed_text, optional_text

if TYPE_CHECKING:
    from schema.engine.context import Context

RULE = Access(P.REHABILITATION_READ, why="Health is for the family and for who carries the programme out.")

explained(
    MeasureOutcome,
    "What became of a measure (исполнение мероприятия).",
    DONE="Carried out (исполнено).",
    PARTLY="Carried out in part (исполнено частично).",
    REFUSED="The family declined it (отказ законного представителя).",
    NOT_DONE="Not carried out (не исполнено).",
)


@mapped(
    records.RehabilitationReport,
    "A report on a measure (отчёт об исполнении). A later one stands beside the earlier ones.",
    RULE,
)
class RehabilitationReport(Node):
    """A report."""

    outcome: MeasureOutcome = column("What became of the measure (исполнение).")
    executed_on: date = column("Day (дата).")
    note: str | None = column("Note (примечание).")
    recorded_at: datetime = column("When it was entered (когда внесено).")
    role: Role | None = column("Under which role (от имени какой роли).")


@mapped(records.RehabilitationMeasure, "A measure that the school plans for a programme (мероприятие ИПРА).", RULE)
class RehabilitationMeasure(Node):
    """A measure."""

    name: str = column("What is to be done (мероприятие).")
    due_on: date = column("Until when (срок).")
    recorded_at: datetime = column("When it was entered (когда внесено).")
    reports: list[RehabilitationReport] | None = many(
        "Reports on it (отчёты), oldest first; at most 100.",
        by=records.RehabilitationReport.measure_id,
        order=("recorded_at", "id"),
        usually=3,
    )


@mapped(
    records.RehabilitationProgramme,
    "The part on education of a child's programme of rehabilitation (ИПРА, раздел образования). Special data.",
    RULE,
)
class RehabilitationProgramme(Node):
    """A programme."""

    student_name: str = column("Whose (обучающийся): the name alone, without a card.")
    number: str = column("Number of the extract (номер выписки).")
    starts_on: date = column("First day (с какого дня).")
    ends_on: date | None = column("First day on which it no longer holds (с какого дня уже не действует).")
    education_part: str = column("What it asks of the school (условия обучения).")
    organisation: OrganisationLater | None = one(
        "Which school carries it out (школа).", by=records.RehabilitationProgramme.organisation_id
    )
    measures: list[RehabilitationMeasure] | None = many(
        "What the school plans (мероприятия), by term; at most 100.",
        by=records.RehabilitationMeasure.programme_id,
        order=("due_on", "id"),
        usually=10,
    )


@strawberry.input(description="A measure to plan (запланировать мероприятие ИПРА).")
class PlanRehabilitationMeasureInput:
    """Input of planRehabilitationMeasure."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    programme_id: strawberry.ID = strawberry.field(description="Id of the RehabilitationProgramme (программа).")
    name: str = strawberry.field(description="What is to be done (мероприятие), 1 to 500 characters.")
    due_on: date = strawberry.field(description="Until when (срок).")
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@strawberry.input(description="What became of a measure (отчитаться об исполнении мероприятия ИПРА).")
class ReportRehabilitationMeasureInput:
    """Input of reportRehabilitationMeasure."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    measure_id: strawberry.ID = strawberry.field(description="Id of the RehabilitationMeasure (мероприятие).")
    outcome: MeasureOutcome = strawberry.field(description="What became of it (исполнение).")
    executed_on: date = strawberry.field(description="Day (дата).")
    note: str | None = asked("Note (примечание), at most 500 characters.", None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure("What became of a measure to plan or a report (результат записи по ИПРА).")
class RehabilitationPayload:
    """Payload of planRehabilitationMeasure and reportRehabilitationMeasure."""

    measure: RehabilitationMeasure | None = value("The measure with its reports (мероприятие).", PUBLIC)
    user_errors: list[UserError] = value("Why nothing was recorded; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


@mutation(
    PlanRehabilitationMeasureInput,
    RehabilitationPayload,
    "Plan a measure for a programme (запланировать мероприятие ИПРА).",
    Access(write=P.REHABILITATION_WRITE),
    sensitivity=Sensitivity.P3,
)
async def plan_rehabilitation_measure(context: "Context", given: PlanRehabilitationMeasureInput) -> Outcome:
    """Mutation.planRehabilitationMeasure."""
    programme = await found(context, "RehabilitationProgramme", given.programme_id, "programmeId")
    by = await acting_at(context, P.REHABILITATION_WRITE, programme["organisation_id"], given)
    values = {
        "programme_id": programme["id"],
        "student_id": programme["student_id"],
        "organisation_id": programme["organisation_id"],
        "name": needed_text(context, given.name, "name", 500),
        "due_on": given.due_on,
    }
    return [await add(context, Entry(records.RehabilitationMeasure, values, Audited.REHABILITATION_PLAN, by))]


@mutation(
    ReportRehabilitationMeasureInput,
    RehabilitationPayload,
    "Report what became of a measure (отчитаться об исполнении). Reports are never changed: a later one is added.",
    Access(write=P.REHABILITATION_WRITE),
    sensitivity=Sensitivity.P3,
)
async def report_rehabilitation_measure(context: "Context", given: ReportRehabilitationMeasureInput) -> Outcome:
    """Mutation.reportRehabilitationMeasure."""
    measure = await found(context, "RehabilitationMeasure", given.measure_id, "measureId")
    by = await acting_at(context, P.REHABILITATION_WRITE, measure["organisation_id"], given)
    if given.executed_on > context.clock().date():
        raise invalid("DATES", context.say("It has not happened yet.", "Это ещё не состоялось."), "executedOn")
    values = {
        "measure_id": measure["id"],
        "student_id": measure["student_id"],
        "organisation_id": measure["organisation_id"],
        "outcome": given.outcome,
        "executed_on": given.executed_on,
        "note": optional_text(context, given.note, "note", 500),
    }
    await add(context, Entry(records.RehabilitationReport, values, Audited.REHABILITATION_REPORT, by))
    return [f"RehabilitationMeasure:{measure['id']}"]
