"""What the viewer can do with assignments, and why."""

from typing import TYPE_CHECKING
from uuid import UUID

from auth.granting import acting, confirmable, endable
from auth.permissions import Permission as P
from auth.places import Ancestry
from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import structure, value
from schema.engine.mapping.rows import Row
from schema.engine.mutations.viewer_can import Action

if TYPE_CHECKING:
    from schema.engine.context import Context


@structure("What you can do with an assignment (действия с назначением).")
class AssignmentActions:
    """Actions on an assignment."""

    confirm: Action = value("Confirm it as the second person (подтвердить).", PUBLIC)
    end: Action = value("End it now (прекратить).", PUBLIC)


@structure("What you can do at an organisation (действия в организации).")
class OrganisationActions:
    """Actions at an organisation."""

    grant_assignment: Action = value("Give roles to its staff (назначать роли).", PUBLIC)


ASSIGNMENT_ACTIONS_READ = (
    "role", "reach", "awaits_confirmation", "confirmed_at", "ended_at", "person_id", "granted_by_id", "organisation_id",
)  # fmt: skip
"""Columns that decide what can be done with an assignment."""

ABOVE = ("organisation.ancestor_ids",)
"""What stands behind an assignment that decides as well: everything above its organisation."""


def organisation_actions(context: "Context", row: Row) -> OrganisationActions:
    """From the viewer and the row alone: no I/O."""
    allowed = bool(acting(context.viewer, P.ASSIGNMENT_GRANT, row.keys["id"], row.keys["ancestor_ids"]))
    return OrganisationActions(grant_assignment=_action(context, allowed, "assignment:grant"))


def assignment_actions(context: "Context", row: Row, above: list[UUID] | None) -> AssignmentActions:
    """From the viewer, the row and what is above its organisation (ABOVE) alone: no I/O."""
    return AssignmentActions(confirm=_confirm(context, row, above or ()), end=_end(context, row, above or ()))


def _confirm(context: "Context", row: Row, above: Ancestry) -> Action:
    values, viewer = row.values, context.viewer
    if not values["awaits_confirmation"] or values["confirmed_at"] or values["ended_at"]:
        return Action(allowed=False, because=context.say("Nothing waits for confirmation.", "Подтверждать нечего."))
    if viewer.person_id in (row.keys["person_id"], row.keys["granted_by_id"]):
        return Action(
            allowed=False, because=context.say("Somebody else must confirm.", "Подтвердить должен другой человек.")
        )
    held = acting(viewer, P.ASSIGNMENT_CONFIRM, row.keys["organisation_id"], above)
    return _action(
        context, any(confirmable(values["role"], values["reach"], one.role) for one in held), "assignment:confirm"
    )


def _end(context: "Context", row: Row, above: Ancestry) -> Action:
    if row.values["ended_at"]:
        return Action(allowed=False, because=context.say("It has ended already.", "Уже прекращено."))
    if context.viewer.person_id == row.keys["person_id"]:
        return Action(
            allowed=False, because=context.say("Nobody changes roles of their own.", "Свои роли менять нельзя.")
        )
    held = acting(context.viewer, P.ASSIGNMENT_END, row.keys["organisation_id"], above)
    given = row.values["role"], row.values["reach"]
    return _action(context, any(endable(*given, one.role) for one in held), "assignment:end")


def _action(context: "Context", allowed: bool, permission: str) -> Action:
    if allowed:
        return Action(
            allowed=True, because=context.say(f"A role of yours has {permission}.", f"Ваша роль даёт {permission}.")
        )
    told = context.say(f"None of your roles has {permission} here.", f"Ни одна ваша роль здесь не даёт {permission}.")
    return Action(allowed=False, because=told)
