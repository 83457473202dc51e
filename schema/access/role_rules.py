"""Role rules: what each role may do, who gives it with which reach, and who confirms it."""

from typing import TYPE_CHECKING, Any, cast

from strawberry.types import Info

from auth.granting import GRANTING, Granting
from auth.permissions import CASE_PERMISSIONS, ROLE_PERMISSIONS
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import computed, structure, value
from schema.people.role_words import ROLE_WORDS, reach_in_words
from schema.people.roles import ReachKind, Role

if TYPE_CHECKING:
    from schema.engine.context import Context


@structure("One way to give a role (способ назначения роли).")
class GrantingRule:
    """With which reach, by whom, confirmed by whom."""

    reach: ReachKind = value("How far the role then goes (область действия).", PUBLIC)
    reach_in_words: str = value("The same in words, in your language (область словами).", PUBLIC)
    grantable_by: list[Role] = value(
        "Who gives it; nobody: it follows from something else, or is named on the server (кто назначает).", PUBLIC
    )
    confirmed_by: list[Role] = value(
        "Any of these must confirm, neither who gave it nor who gets it; nobody: it holds at once (кто подтверждает).",
        PUBLIC,
    )


@structure("What a role may do and who gives it (правила роли).")
class RoleRule:
    """A line of the table of roles."""

    role: Role = value("The role (роль).", PUBLIC)
    name: str = value("Its name in your language (название роли).", PUBLIC)
    reaches: list[ReachKind] = value("With which reaches it may be held, the ordinary one first (области).", PUBLIC)
    grantings: list[GrantingRule] = value("Who gives it, with each of them (кто назначает).", PUBLIC, usually=10)
    permissions: list[str] = value("What it may do where it reaches (права).", PUBLIC)
    case_permissions: list[str] = value(
        "What it may do with a person named to it by a case, for the case's days (права по делу).", PUBLIC
    )


@computed(
    "All roles: what they may do, and who gives them (роли и кто их назначает).",
    PUBLIC,
    sensitivity=Sensitivity.P0,
    usually=25,
)
def roles(self: Any, info: Info) -> list[RoleRule]:
    """Query.roles."""
    context = cast("Context", info.context)
    return [_rule(context, role) for role in Role]


def _rule(context: "Context", role: Role) -> RoleRule:
    return RoleRule(
        role=role,
        name=context.say(*ROLE_WORDS[role]),
        reaches=[one.reach for one in GRANTING[role]],
        grantings=[_granting(context, one) for one in GRANTING[role]],
        permissions=sorted(ROLE_PERMISSIONS[role]),
        case_permissions=sorted(CASE_PERMISSIONS.get(role, ())),
    )


def _granting(context: "Context", granting: Granting) -> GrantingRule:
    return GrantingRule(
        reach=granting.reach,
        reach_in_words=context.say(*reach_in_words(granting.reach)),
        grantable_by=sorted(granting.grantable_by),
        confirmed_by=sorted(granting.confirmed_by),
    )
