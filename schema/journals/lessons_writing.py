"""Changing topic, homework and state of a lesson."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry
from sqlalchemy import insert

from auth.permissions import Permission as P
from auth.viewer import LiveAssignment
from domain import records
from domain.records.journals import LessonStatus
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.mapping.declare import structure, value
from schema.engine.mutations.audit import record
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.inputs import ACTING, KEY, asked
from schema.engine.mutations.mutation import mutation
from schema.engine.mutations.user_errors import Refusal, UserError, invalid
from schema.engine.typed_texts import HOMEWORK_MOST, TOPIC_MOST, unfit
from schema.journals.audited import Audited
from schema.journals.lessons import Lesson
from schema.journals.page_actors import Actors
from schema.journals.page_cells import key_in
from schema.journals.page_mutation import REASON
from schema.journals.page_rules import Conflict
from schema.journals.page_state import lesson_to_change, place_of
from schema.journals.page_versions import kept
from schema.journals.page_writing import conflict
from schema.journals.refused import window_closed
from schema.journals.windows import page_facts

if TYPE_CHECKING:
    from schema.engine.context import Context


@strawberry.input(description="What to change of a lesson (изменить урок); what is left out stays as it is.")
class UpdateLessonInput:
    """Input of updateLesson."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    lesson_id: strawberry.ID = strawberry.field(description="Id of the lesson (урок).")
    version: int = strawberry.field(description="Version that you saw (версия, которую вы видели).")
    topic: str | None = asked("Topic (тема); null removes it.")
    homework: str | None = asked("Homework (домашнее задание); null removes it.")
    status: LessonStatus | None = asked("What became of it (состояние).")
    reason: str | None = asked(REASON, None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure("What became of the change of a lesson (результат изменения урока).")
class LessonPayload:
    """Payload of updateLesson."""

    lesson: Lesson | None = value("The lesson as you may see it now (урок).", PUBLIC)
    user_errors: list[UserError] = value("Why nothing was changed; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


@mutation(
    UpdateLessonInput,
    LessonPayload,
    "Change topic, homework or state of a lesson (изменить урок), also ahead of it, until the period closes.",
    Access(write=P.LESSON_WRITE),
    sensitivity=Sensitivity.P1,
)
async def update_lesson(context: "Context", given: UpdateLessonInput) -> Outcome:
    """Mutation.updateLesson."""
    lesson = await lesson_to_change(context, key_in(context, "Lesson", given.lesson_id), "lessonId")
    by = await lesson_actor(context, given, lesson, P.LESSON_WRITE)
    window = (await page_facts(context, lesson.journal_id)).times.of_period()
    closed = window_closed(context, window, ["input"])
    if closed is not None:
        raise Refusal(closed)
    _check_texts(context, given)
    if given.version != lesson.version:
        context.executor.forget()
        current = await context.executor.load_named("Lesson", (lesson.id,))
        raise Refusal(conflict(context, Conflict(["input", "version"], "Lesson", None, lesson.version), current))
    changed = {
        "topic": kept(given.topic, lesson.topic),
        "homework": kept(given.homework, lesson.homework),
        "status": kept(given.status, None) or lesson.status,
    }
    if any(getattr(lesson, name) != new for name, new in changed.items()):
        await _add_version(context, given, lesson, by, changed)
    return [f"Lesson:{lesson.id}"]


async def lesson_actor(context: "Context", given: Any, lesson: Any, permission: P) -> LiveAssignment:
    """The one assignment under which a lesson is changed."""
    actors = Actors(context, given)
    by = actors.choose(permission, actors.fitting(permission, place_of(lesson, lesson)))
    await actors.check()
    if by is None:
        raise TypeError("no assignment is a refusal")
    return by


def _check_texts(context: "Context", given: UpdateLessonInput) -> None:
    errors = (
        unfit(context, given.topic, TOPIC_MOST, ["input", "topic"]),
        unfit(context, given.homework, HOMEWORK_MOST, ["input", "homework"]),
    )
    found: list[UserError] = [error for error in errors if error is not None]
    if found:
        raise Refusal(*found)
    if given.status is None:
        raise invalid("STATUS", context.say("A lesson has a state.", "У урока должно быть состояние."), "status")


async def _add_version(
    context: "Context", given: UpdateLessonInput, lesson: Any, by: LiveAssignment, changed: dict[str, Any]
) -> None:
    reason = given.reason.strip() or None if given.reason else None
    copied = ("journal_id", "organisation_id", "school_year", "class_group_id", "subject_group_id")
    version = insert(records.LessonVersion).values(
        lesson_id=lesson.id,
        version=lesson.version + 1,
        recorded_by_id=context.viewer.person_id,
        assignment_id=by.id,
        role=by.role,
        recorded_at=context.clock(),
        reason=reason,
        **{name: getattr(lesson, name) for name in copied},
        **changed,
    )
    await context.statements.write(version.inline())
    fields = sorted(name for name, new in changed.items() if getattr(lesson, name) != new)
    await record(context, Audited.LESSON_UPDATE, by, lesson.id, {"changed": fields, "reason": reason})
