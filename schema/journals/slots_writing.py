"""Adding and changing columns for marks."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry
from sqlalchemy import and_, func, insert, or_, select, text, update
from sqlmodel import col

from auth.permissions import Permission as P
from auth.viewer import LiveAssignment
from domain import records
from domain.records.attendance import AttendanceCode
from domain.records.policies import WorkCode
from domain.sensitivity import Sensitivity
from domain.writing.columns import refused_due, refused_kind, refused_number, refused_weight
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.mapping.declare import structure, value
from schema.engine.mutations.audit import record
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.inputs import ACTING, KEY, asked
from schema.engine.mutations.mutation import mutation
from schema.engine.mutations.user_errors import Refusal, UserError, not_found
from schema.engine.typed_texts import CODE_MOST, TOPIC_MOST, stated, unfit
from schema.journals.audited import Audited
from schema.journals.lessons import Lesson
from schema.journals.lessons_writing import lesson_actor
from schema.journals.page_cells import key_in
from schema.journals.page_mutation import REASON
from schema.journals.page_rules import Conflict
from schema.journals.page_state import lesson_to_change, one_visible
from schema.journals.page_versions import kept
from schema.journals.page_writing import conflict
from schema.journals.refused import refuse, window_closed
from schema.journals.slots import AssessmentSlot
from schema.journals.windows import page_facts

if TYPE_CHECKING:
    from schema.engine.context import Context

WEIGHT_CHANGED = "Изменён вес колонки"

REWEIGH = """
insert into mark_version (mark_id, slot_id, position, scale, value, weight, remark, organisation_id, class_group_id,
  subject_group_id, student_id, journal_line_id, lesson_id, held_on, version, assignment_id, role, school_year,
  recorded_by_id, recorded_at, reason)
select id, slot_id, position, scale, value, :weight, remark, organisation_id, class_group_id, subject_group_id,
  student_id, journal_line_id, lesson_id, held_on, version + 1, cast(:assignment_id as uuid), :role, school_year,
  cast(:recorded_by_id as uuid), cast(:recorded_at as timestamptz), :reason
from mark where school_year = :school_year and slot_id = :slot and scale = 'FIVE_POINT' and weight <> :weight
"""

DUE = "Id of the lesson in which homework is due (урок, к которому задано); only for HOMEWORK."
WEIGHT = "Weight of its marks (вес), 0 to 100; left out: that of the kind of work."


@strawberry.input(description="A column to add to a lesson (добавить колонку).")
class AddAssessmentSlotInput:
    """Input of addAssessmentSlot."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    lesson_id: strawberry.ID = strawberry.field(description="Id of the lesson (урок).")
    work: WorkCode = strawberry.field(description="Kind of work (вид работы).")
    weight: int | None = asked(WEIGHT, None)
    code: str | None = asked("Short code in its head (код колонки).", None)
    title: str | None = asked("What was done (название работы).", None)
    due_lesson_id: strawberry.ID | None = asked(DUE, None)
    reason: str | None = asked(REASON, None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@strawberry.input(description="What to change of a column (изменить колонку); what is left out stays as it is.")
class UpdateAssessmentSlotInput:
    """Input of updateAssessmentSlot."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    slot_id: strawberry.ID = strawberry.field(description="Id of the column (колонка).")
    version: int = strawberry.field(description="Version that you saw (версия, которую вы видели).")
    work: WorkCode | None = asked("Kind of work (вид работы).", None)
    weight: int | None = asked("Weight of its marks (вес), 0 to 100: those that stand are weighed anew.", None)
    code: str | None = asked("Short code in its head (код колонки); null removes it.")
    title: str | None = asked("What was done (название работы); null removes it.")
    due_lesson_id: strawberry.ID | None = asked(DUE)
    reason: str | None = asked(REASON, None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure("What became of the change of a column (результат изменения колонки).")
class AssessmentSlotPayload:
    """Payload of both mutations."""

    slot: AssessmentSlot | None = value("The column as you may see it now (колонка).", PUBLIC)
    lesson: Lesson | None = value("Its lesson (урок).", PUBLIC)
    user_errors: list[UserError] = value("Why nothing was changed; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


@mutation(
    AddAssessmentSlotInput,
    AssessmentSlotPayload,
    "Add a column for marks to a lesson (добавить колонку): a test, homework that is due later, work made up.",
    Access(write=P.MARK_WRITE),
    sensitivity=Sensitivity.P1,
)
async def add_assessment_slot(context: "Context", given: AddAssessmentSlotInput) -> Outcome:
    """Mutation.addAssessmentSlot."""
    lesson = await lesson_to_change(context, key_in(context, "Lesson", given.lesson_id), "lessonId")
    by = await lesson_actor(context, given, lesson, P.MARK_WRITE)
    due = await _due(context, lesson, given.work, key_in(context, "Lesson", given.due_lesson_id))
    await _check_window(context, lesson, due.held_on if due else None)
    _check(context, given)
    slot = records.AssessmentSlot
    taken = select(func.count(), func.max(col(slot.number))).where(col(slot.lesson_id) == lesson.id)
    [(there, last)] = await context.statements.write(taken)
    refuse(context, refused_number(there))
    work = await _work(context, lesson.organisation_id, given.work)
    copied = ("journal_id", "organisation_id", "school_year", "class_group_id", "subject_group_id")
    values = {
        "lesson_id": lesson.id,
        "number": (last or 0) + 1,
        "work_type_id": work.id,
        "weight": work.weight if given.weight is None else given.weight,
        "code": given.code,
        "title": given.title,
        "due_lesson_id": due.id if due else None,
        **{name: getattr(lesson, name) for name in copied},
    }
    [made] = await context.statements.write(insert(slot).values(**values).returning(col(slot.id)))
    await _record(context, given, by, Audited.SLOT_ADD, made.id, {"work": given.work.value, "weight": values["weight"]})
    return [f"AssessmentSlot:{made.id}", f"Lesson:{lesson.id}"]


@mutation(
    UpdateAssessmentSlotInput,
    AssessmentSlotPayload,
    "Change a column for marks (изменить колонку). A new weight makes a new version of each mark that stands in it.",
    Access(write=P.MARK_WRITE),
    sensitivity=Sensitivity.P1,
)
async def update_assessment_slot(context: "Context", given: UpdateAssessmentSlotInput) -> Outcome:
    """Mutation.updateAssessmentSlot."""
    key = key_in(context, "AssessmentSlot", given.slot_id)
    before = await one_visible(context, records.AssessmentSlot, P.LESSON_SEE, key)
    if before is None:
        raise not_found(context.say("No column with this id that you may see.", "Нет доступной вам колонки."), "slotId")
    lesson = await lesson_to_change(context, before.lesson_id, "slotId")
    by = await lesson_actor(context, given, lesson, P.MARK_WRITE)
    slot = await one_visible(context, records.AssessmentSlot, P.LESSON_SEE, key)
    if slot is None or slot.version != given.version:
        raise await _slot_conflict(context, slot)
    _check(context, given)
    changed = await _changed(context, given, lesson, slot)
    if changed:
        statement = update(records.AssessmentSlot).where(col(records.AssessmentSlot.id) == slot.id)
        await context.statements.write(statement.values(**changed, version=slot.version + 1))
        await _reweigh(context, given, slot, by, changed)
        fields = sorted(changed)
        await _record(context, given, by, Audited.SLOT_UPDATE, slot.id, {"changed": fields})
    return [f"AssessmentSlot:{slot.id}", f"Lesson:{lesson.id}"]


async def _changed(context: "Context", given: UpdateAssessmentSlotInput, lesson: Any, slot: Any) -> dict[str, Any]:
    """The columns that get another value. Both the time that the marks had and the one they would get must run."""
    stored = select(col(records.WorkType.code)).where(col(records.WorkType.id) == slot.work_type_id)
    [(code,)] = await context.statements.write(stored)
    work = await _work(context, slot.organisation_id, given.work) if given.work else None
    named = kept(given.due_lesson_id, f"Lesson:{slot.due_lesson_id}" if slot.due_lesson_id else None)
    due_key = key_in(context, "Lesson", named)
    before = await one_visible(context, records.Lesson, P.LESSON_SEE, slot.due_lesson_id)
    refuse(context, refused_kind(code, given.work or code, await _beside(context, slot)))
    due = await _due(context, lesson, given.work or code, due_key)
    for counted in (before, due):
        await _check_window(context, lesson, counted.held_on if counted else None)
    weight = given.weight if given.weight is not None else (work.weight if work else slot.weight)
    wanted = {
        "work_type_id": work.id if work else slot.work_type_id,
        "weight": weight,
        "code": kept(given.code, slot.code),
        "title": kept(given.title, slot.title),
        "due_lesson_id": due.id if due else None,
    }
    return {name: new for name, new in wanted.items() if getattr(slot, name) != new}


async def _beside(context: "Context", slot: Any) -> list[AttendanceCode]:
    """The attendance beside which marks of the column stand."""
    mark, record = records.Mark, records.AttendanceRecord
    year = col(mark.school_year) == slot.school_year
    same = (col(record.school_year) == col(mark.school_year), col(record.lesson_id) == col(mark.lesson_id))
    line = col(record.journal_line_id) == col(mark.journal_line_id)
    found = select(col(record.code)).join(mark, and_(*same, line)).where(year, col(mark.slot_id) == slot.id)
    return [row.code for row in await context.statements.write(found.distinct())]


async def _reweigh(context: "Context", given: Any, slot: Any, by: LiveAssignment, changed: dict[str, Any]) -> None:
    if "weight" not in changed:
        return
    await context.statements.write(
        text(REWEIGH).bindparams(
            weight=changed["weight"],
            slot=slot.id,
            school_year=slot.school_year,
            assignment_id=by.id,
            role=by.role.value,
            recorded_by_id=context.viewer.person_id,
            recorded_at=context.clock(),
            reason=stated(given.reason) or WEIGHT_CHANGED,
        )
    )


async def _due(context: "Context", lesson: Any, work: WorkCode, key: UUID | None) -> Any | None:
    """The lesson in which homework is due: of the same group, not before the one in which it was given."""
    if key is None:
        return None
    due = await one_visible(context, records.Lesson, P.LESSON_SEE, key)
    if due is None or due.subject_group_id != lesson.subject_group_id:
        raise not_found(context.say("No such lesson of this group.", "Нет такого урока этой группы."), "dueLessonId")
    refuse(context, refused_due(work, lesson.held_on, due.held_on))
    return due


async def _check_window(context: "Context", lesson: Any, due_on: date | None) -> None:
    """Columns may be planned ahead, and changed while their marks may be written."""
    times = (await page_facts(context, lesson.journal_id)).times
    window = replace(times.of_marks(lesson.held_on, due_on), opens_at=None)
    closed = window_closed(context, window, ["input"])
    if closed is not None:
        raise Refusal(closed)


def _check(context: "Context", given: Any) -> None:
    errors: list[UserError | None] = [
        unfit(context, given.code, CODE_MOST, ["input", "code"]),
        unfit(context, given.title, TOPIC_MOST, ["input", "title"]),
    ]
    found = [error for error in errors if error is not None]
    if found:
        raise Refusal(*found)
    refuse(context, refused_weight(given.weight))


async def _work(context: "Context", organisation: UUID, code: WorkCode) -> Any:
    """The organisation's own kind of this work, or the catalogue's."""
    work = records.WorkType
    offered = or_(col(work.organisation_id) == organisation, col(work.organisation_id).is_(None))
    statement = select(work.__table__).where(col(work.code) == code, offered)  # type: ignore[attr-defined]
    return (await context.statements.write(statement.order_by(col(work.organisation_id).nulls_last())))[0]


async def _slot_conflict(context: "Context", slot: Any) -> Refusal:
    context.executor.forget()
    current = None if slot is None else await context.executor.load_named("AssessmentSlot", (slot.id,))
    version = None if slot is None else slot.version
    return Refusal(conflict(context, Conflict(["input", "version"], "AssessmentSlot", None, version), current))


async def _record(
    context: "Context", given: Any, by: LiveAssignment, action: Audited, identifier: UUID, detail: dict[str, Any]
) -> None:
    reason = stated(given.reason)
    await record(context, action, by, identifier, detail | ({"reason": reason} if reason else {}))
