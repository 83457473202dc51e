"""Granting, confirming and ending roles: the mutations of the first release."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry
from sqlalchemy import insert, select, update
from sqlmodel import col

from auth.granting import Granting, confirmable, endable, grantable, granting, reaches_of
from auth.permissions import Permission as P
from domain import records
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.mapping.declare import structure, value
from schema.engine.mapping.rows import row_of
from schema.engine.mutations.audit import record
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.fresh_sign_in import need_fresh_sign_in
from schema.engine.mutations.inputs import ACTING, KEY, asked
from schema.engine.mutations.mutation import mutation
from schema.engine.mutations.user_errors import Refusal, UserError, invalid, not_found
from schema.organisations.kinds import KIND_WORDS
from schema.people.acting import acting_assignment
from schema.people.assignment_holders import find_named, holder_named
from schema.people.assignment_refusals import StateConflict
from schema.people.audited import Audited
from schema.people.role_words import reach_in_words
from schema.people.roles import ReachKind, Role
from schema.people.users import Assignment

if TYPE_CHECKING:
    from schema.engine.context import Context


@strawberry.input(description="A role to give to a member of staff (назначить роль).")
class GrantAssignmentInput:
    """Input of grantAssignment."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    holder_id: strawberry.ID = strawberry.field(
        description="Id of the StaffMember who gets the role (кому). A coordinator sees no staff and names whoever has"
        " told their id: that of `me { person { id } }`."
    )
    role: Role = strawberry.field(description="The role (роль).")
    organisation_id: strawberry.ID = strawberry.field(description="Id of the organisation (где).")
    valid_from: date = strawberry.field(description="First day (с какого дня).")
    reach: ReachKind | None = asked(
        "With which reach, where the role has several (see `roles`); otherwise the ordinary one (область действия).",
        None,
    )
    valid_to: date | None = asked("First day on which it no longer holds (с какого дня уже не действует).", None)
    subject_group_id: strawberry.ID | None = asked("Id of the subject group that a teacher gets (группа).", None)
    class_group_id: strawberry.ID | None = asked("Id of the class that a homeroom teacher gets (класс).", None)
    reason: str | None = asked("Why (основание).", None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@strawberry.input(description="A role to confirm as the second person (подтвердить роль).")
class ConfirmAssignmentInput:
    """Input of confirmAssignment."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    assignment_id: strawberry.ID = strawberry.field(description="Id of the assignment (назначение).")
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@strawberry.input(description="A role to end now (прекратить роль). It stays in the history.")
class EndAssignmentInput:
    """Input of endAssignment."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    assignment_id: strawberry.ID = strawberry.field(description="Id of the assignment (назначение).")
    reason: str = strawberry.field(description="Why (основание).")
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure("What became of a change of a role (результат изменения роли).")
class AssignmentPayload:
    """Payload of all three mutations."""

    assignment: Assignment | None = value("The assignment as you may see it now (назначение).", PUBLIC)
    user_errors: list[UserError] = value("Why nothing was changed; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


@mutation(
    GrantAssignmentInput,
    AssignmentPayload,
    "Give a role to a member of staff (назначить роль). Pedagogic roles take effect when a second person confirms.",
    Access(write=P.ASSIGNMENT_GRANT),
    sensitivity=Sensitivity.P1,
)
async def grant_assignment(context: "Context", given: GrantAssignmentInput) -> Outcome:
    """Mutation.grantAssignment."""
    how = _way(context, given)
    organisation = await find_named(context, "Organisation", given.organisation_id, "organisationId")
    by = await acting_assignment(
        context, P.ASSIGNMENT_GRANT, organisation, given, lambda role: grantable(given.role, how.reach, role)
    )
    await _check_place(context, how, organisation)
    need_fresh_sign_in(context)
    holder = await holder_named(context, given, by, organisation)
    _check_holder_and_dates(context, given, holder)
    values = {
        "person_id": holder,
        "role": given.role,
        "reach": how.reach,
        "organisation_id": organisation,
        **await _target(context, given, how, organisation),
        "valid_from": given.valid_from,
        "valid_to": given.valid_to,
        "reason": given.reason,
        "granted_by_id": context.viewer.person_id,
        "granted_at": context.clock(),
        "awaits_confirmation": bool(how.confirmed_by),
    }
    [made] = await context.statements.write(
        insert(records.Assignment).values(**values).returning(col(records.Assignment.id))
    )
    await record(context, Audited.ASSIGNMENT_GRANT, by, made.id, {"role": given.role.value, "person": str(holder)})
    return [f"Assignment:{made.id}"]


@mutation(
    ConfirmAssignmentInput,
    AssignmentPayload,
    "Confirm a role as the second person (подтвердить роль): neither who granted it nor who holds it.",
    Access(write=P.ASSIGNMENT_CONFIRM),
    sensitivity=Sensitivity.P1,
)
async def confirm_assignment(context: "Context", given: ConfirmAssignmentInput) -> Outcome:
    """Mutation.confirmAssignment."""
    held = await _locked(context, given.assignment_id)
    by = await acting_assignment(
        context,
        P.ASSIGNMENT_CONFIRM,
        held.organisation_id,
        given,
        lambda role: confirmable(held.role, held.reach, role),
    )
    need_fresh_sign_in(context)
    if context.viewer.person_id in (held.person_id, held.granted_by_id):
        told = context.say(
            "Somebody else must confirm: neither who granted the role nor who holds it.",
            "Подтвердить должен другой человек: не тот, кто назначил, и не тот, кому назначено.",
        )
        raise invalid("SECOND_PERSON", told, "assignmentId")
    if not held.awaits_confirmation or held.ended_at is not None:
        raise await _conflict(context, "NOTHING_TO_CONFIRM", held.id)
    if held.confirmed_at is not None:
        raise await _conflict(context, "ALREADY_CONFIRMED", held.id)
    values = {"confirmed_by_id": context.viewer.person_id, "confirmed_at": context.clock()}
    await context.statements.write(update(records.Assignment).where(_is(held.id)).values(**values))
    await record(context, Audited.ASSIGNMENT_CONFIRM, by, held.id, {"role": held.role.value})
    return [f"Assignment:{held.id}"]


@mutation(
    EndAssignmentInput,
    AssignmentPayload,
    "End a role now (прекратить роль). The next request of its holder is already answered without it.",
    Access(write=P.ASSIGNMENT_END),
    sensitivity=Sensitivity.P1,
)
async def end_assignment(context: "Context", given: EndAssignmentInput) -> Outcome:
    """Mutation.endAssignment."""
    held = await _locked(context, given.assignment_id)
    by = await acting_assignment(
        context, P.ASSIGNMENT_END, held.organisation_id, given, lambda role: endable(held.role, held.reach, role)
    )
    if held.person_id == context.viewer.person_id:
        raise invalid("OWN_ASSIGNMENT", _own_role(context), "assignmentId")
    if held.ended_at is not None:
        raise await _conflict(context, "ALREADY_ENDED", held.id)
    values = {"ended_by_id": context.viewer.person_id, "ended_at": context.clock(), "reason": given.reason}
    await context.statements.write(update(records.Assignment).where(_is(held.id)).values(**values))
    await record(context, Audited.ASSIGNMENT_END, by, held.id, {"role": held.role.value, "reason": given.reason})
    return [f"Assignment:{held.id}"]


async def _locked(context: "Context", identifier: str) -> Any:
    """The stored assignment, kept from others until the change is done."""
    key = await find_named(context, "Assignment", identifier, "assignmentId")
    [held] = await context.statements.write(
        select(records.Assignment.__table__).where(_is(key)).with_for_update()  # type: ignore[attr-defined]
    )
    return held


def _is(key: UUID) -> Any:
    return col(records.Assignment.id) == key


def _check_holder_and_dates(context: "Context", given: GrantAssignmentInput, holder: UUID) -> None:
    if holder == context.viewer.person_id:
        raise invalid("OWN_ASSIGNMENT", _own_role(context), "holderId")
    if given.valid_to is not None and given.valid_to <= given.valid_from:
        told = context.say("`validTo` must be after `validFrom`.", "`validTo` должна быть позже `validFrom`.")
        raise invalid("DATES", told, "validTo")


def _own_role(context: "Context") -> str:
    return context.say("Nobody changes roles of their own.", "Свои роли менять нельзя.")


def _way(context: "Context", given: GrantAssignmentInput) -> Granting:
    """The way to give the role with this reach."""
    found = granting(given.role, given.reach)
    if found is None:
        ways = [(reach, *reach_in_words(reach)) for reach in reaches_of(given.role)]
        told = context.say(
            f"The role works {'; '.join(f'{english} (`{reach}`)' for reach, english, _ in ways)}.",
            f"Эта роль действует {'; '.join(f'{russian} (`{reach}`)' for reach, _, russian in ways)}.",
        )
        raise invalid("REACH_NOT_HELD", told, "reach")
    return found


async def _check_place(context: "Context", how: Granting, organisation: UUID) -> None:
    """A role of a municipality or a region is not held at a school, nor the other way round."""
    place = col(records.Organisation.id) == organisation
    [found] = await context.statements.write(select(col(records.Organisation.kind)).where(place))
    if found.kind not in how.at:
        words = [KIND_WORDS[kind] for kind in sorted(how.at)]
        english, russian = (", ".join(one[language] for one in words) for language in (0, 1))
        told = context.say(
            f"The role is held with this reach at: {english}.", f"С такой областью роль даётся здесь: {russian}."
        )
        raise invalid("PLACE_UNFIT", told, "organisationId")


TARGETS = {
    ReachKind.SUBJECT_GROUPS: ("SubjectGroup", "subject_group_id", "subjectGroupId"),
    ReachKind.CLASS_GROUPS: ("ClassGroup", "class_group_id", "classGroupId"),
}


async def _target(context: "Context", given: Any, how: Granting, organisation: UUID) -> dict[str, UUID]:
    """The group or class that the role reaches: named, visible, and of the same organisation."""
    if how.reach not in TARGETS:
        return {}
    kind, column, field = TARGETS[how.reach]
    if (identifier := getattr(given, column)) is None:
        told = context.say(f"This role needs `{field}`.", f"Для этой роли нужно указать `{field}`.")
        raise invalid("TARGET_MISSING", told, field)
    found = await context.executor.look_up(context.executor.types[kind], identifier)
    if found is None:
        raise not_found(context.say("Nothing with this id.", "Нет объекта с таким id."), field)
    if row_of(found).keys["organisation_id"] != organisation:
        told = context.say("It belongs to another organisation.", "Это относится к другой организации.")
        raise invalid("TARGET_ELSEWHERE", told, field)
    return {column: row_of(found).keys["id"]}


async def _conflict(context: "Context", code: str, identifier: UUID) -> Refusal:
    told = {
        "ALREADY_CONFIRMED": ("It is confirmed already.", "Уже подтверждено."),
        "ALREADY_ENDED": ("It has ended already.", "Уже прекращено."),
        "NOTHING_TO_CONFIRM": ("Nothing waits for confirmation here.", "Здесь нечего подтверждать."),
    }[code]
    current = await context.executor.load_named("Assignment", (identifier,))
    return Refusal(StateConflict(code=code, message=context.say(*told), path=["input"], current=current))
