"""Changing what an organisation settles for its journals."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from auth.permissions import Permission as P
from domain import records
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.mapping.declare import structure, value
from schema.engine.mutations.audit import record
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.inputs import ACTING, KEY, asked
from schema.engine.mutations.mutation import mutation
from schema.engine.mutations.user_errors import InvalidInput, Refusal, UserError, invalid, not_found
from schema.journals.page_cells import key_in
from schema.journals.page_rules import Conflict
from schema.journals.page_writing import conflict
from schema.journals.windows import SETTINGS, policy_of
from schema.organisations.audited import Audited
from schema.organisations.organisation import Organisation
from schema.organisations.policies import OrganisationPolicy
from schema.people.acting import acting_assignment

if TYPE_CHECKING:
    from schema.engine.context import Context

BOUNDS = {
    "lesson_mark_days": (0, 366),
    "homework_mark_days": (0, 366),
    "period_close_working_days": (0, 60),
    "reopening_hours": (1, 168),
    "working_days_a_week": (5, 6),
    "cut_off_5": (101, 500),
    "cut_off_4": (101, 500),
    "cut_off_3": (101, 500),
    "least_marks": (1, 20),
}
"""As the checks of the table say, both bounds included."""


@strawberry.input(description="What to settle (изменить политику); what is left out stays as it is.")
class UpdateOrganisationPolicyInput:
    """Input of updateOrganisationPolicy."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    organisation_id: strawberry.ID = strawberry.field(description="Id of the organisation (организация).")
    version: int = strawberry.field(description="Version that you saw (версия, которую вы видели); 0 for the defaults.")
    lesson_mark_days: int | None = asked("Days for marks of a lesson (дней на отметки за урок), 0 to 366.", None)
    homework_mark_days: int | None = asked("Days for marks of homework (дней на отметки за ДЗ), 0 to 366.", None)
    period_close_working_days: int | None = asked(
        "Working days until a period closes (рабочих дней до закрытия), 0 to 60.", None
    )
    reopening_hours: int | None = asked("Hours of a reopening at most (часов повторного открытия), 1 to 168.", None)
    homeroom_writes_marks: bool | None = asked(
        "Whether homeroom teachers write marks in all subjects (классный руководитель ставит отметки).", None
    )
    working_days_a_week: int | None = asked("5 or 6 (рабочих дней в неделе).", None)
    cut_off_5: int | None = asked("Mean that proposes a 5, in hundredths (порог отметки 5).", None)
    cut_off_4: int | None = asked("Mean that proposes a 4, in hundredths (порог отметки 4).", None)
    cut_off_3: int | None = asked("Mean that proposes a 3, in hundredths (порог отметки 3).", None)
    least_marks: int | None = asked("Marks without which nothing is proposed (минимум отметок), 1 to 20.", None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure("What became of the change of a policy (результат изменения политики).")
class OrganisationPolicyPayload:
    """Payload of updateOrganisationPolicy."""

    policy: OrganisationPolicy | None = value("The settings now (политика).", PUBLIC)
    organisation: Organisation | None = value("Whose they are (организация).", PUBLIC)
    user_errors: list[UserError] = value("Why nothing was changed; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


@mutation(
    UpdateOrganisationPolicyInput,
    OrganisationPolicyPayload,
    "Settle windows, working week and cut-offs of an organisation (изменить политику организации). They hold at once.",
    Access(write=P.POLICY_WRITE),
    sensitivity=Sensitivity.P0,
)
async def update_organisation_policy(context: "Context", given: UpdateOrganisationPolicyInput) -> Outcome:
    """Mutation.updateOrganisationPolicy."""
    organisation = key_in(context, "Organisation", given.organisation_id)
    if organisation is None or await context.executor.load_named("Organisation", (organisation,)) is None:
        raise not_found(context.say("No organisation with this id.", "Нет такой организации."), "organisationId")
    by = await acting_assignment(context, P.POLICY_WRITE, organisation, given, lambda _: True)
    changed = {name: new for name in SETTINGS if (new := getattr(given, name)) is not None}
    before = await policy_of(context, organisation)
    settled = {name: getattr(before, name) for name in SETTINGS} | changed
    _check(context, changed, settled)
    changed = {name: new for name, new in changed.items() if getattr(before, name) != new}
    if changed or given.version != before.version:
        await _store(context, organisation, given.version, settled)
        await record(context, Audited.POLICY_UPDATE, by, organisation, changed)
    return [f"OrganisationPolicy:{organisation}", f"Organisation:{organisation}"]


async def _store(context: "Context", organisation: UUID, seen: int, settled: dict[str, Any]) -> None:
    """One statement, so that of two who saw the same version one is told."""
    policy = records.OrganisationPolicy
    added = insert(policy).values(organisation_id=organisation, version=1, **settled)
    changed = added.on_conflict_do_update(
        index_elements=["organisation_id"],
        set_={**settled, "version": col(policy.version) + 1},
        where=col(policy.version) == seen,
    )
    stored = await context.statements.write(changed.returning(col(policy.version))) if seen >= 0 else ()
    if not stored or (seen > 0 and stored[0].version != seen + 1):
        context.executor.forget()
        current = await policy_of(context, organisation)
        shown = await context.executor.load_named("OrganisationPolicy", (organisation,))
        found = Conflict(["input", "version"], "OrganisationPolicy", None, current.version)
        raise Refusal(conflict(context, found, shown))


def _check(context: "Context", changed: dict[str, Any], settled: dict[str, Any]) -> None:
    errors: list[UserError] = []
    for name, (least, most) in BOUNDS.items():
        if name in changed and not least <= changed[name] <= most:
            told = context.say(f"From {least} to {most}.", f"От {least} до {most}.")
            errors.append(InvalidInput(code="OUT_OF_RANGE", message=told, path=["input", _camel(name)]))
    if errors:
        raise Refusal(*errors)
    if not settled["cut_off_3"] < settled["cut_off_4"] < settled["cut_off_5"]:
        told = context.say(
            "The cut-offs must rise: of a 3, of a 4, of a 5.", "Пороги должны возрастать: для 3, для 4, для 5."
        )
        raise invalid("CUT_OFFS", told, "cutOff5")


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)
