"""Field access: the rule of a field in plain words, who may read it, and why the viewer may not. Nothing about rows."""

from typing import TYPE_CHECKING, Annotated, Any, cast

import strawberry
from graphql import GraphQLSchema
from strawberry.types import Info

from auth.permissions import NEEDS_NO_SCOPE
from auth.viewer import Viewer
from domain.sensitivity import Sensitivity
from schema.engine.access.denials import ON_ONESELF, Reason
from schema.engine.access.field_rules import FieldRule, Opening, field_rule, field_rules
from schema.engine.access.rule import PUBLIC, AccessRule, SensitivityClass
from schema.engine.enums import explained
from schema.engine.mapping.declare import computed, structure, value
from schema.people.role_words import ROLE_WORDS, reach_in_words
from schema.people.roles import ReachKind, Role

if TYPE_CHECKING:
    from schema.engine.context import Context

explained(
    Reason,
    "Why a field is refused (почему отказано).",
    called="DenialReason",
    CLIENT_SCOPE="The application that you use was not given this right (приложению не дано это право).",
    NO_ROLE="None of your roles has the permission (ни одна роль не даёт этого права).",
    OUT_OF_REACH="A role of yours has the permission, but does not reach this object (объект вне области роли).",
)


@structure("A role by which a field is seen, and where (кому и где видно поле).")
class FieldOpening:
    """One way to see a field."""

    role: Role = value("The role (роль).", PUBLIC)
    reach: ReachKind = value("By which reach of it; PUBLIC: everywhere (область действия).", PUBLIC)
    masked: bool = value("Whether only a mask is shown (видна ли только маска).", PUBLIC)
    condition: str = value("The condition in words, in your language (условие словами).", PUBLIC)


@structure("Who may read a field, or make a change, and why you may not (правило доступа к полю).")
class FieldAccess:
    """The rule of a field for this viewer."""

    path: str = value("`Type.field` (поле).", PUBLIC)
    rule: AccessRule = value("The kind of rule (вид правила).", PUBLIC)
    sensitivity: SensitivityClass = value("How personal it is (класс персональных данных).", PUBLIC)
    permissions: list[str] = value("Any of these permissions opens it; none: no permission is asked (права).", PUBLIC)
    masked_permission: str | None = value("The permission that opens a mask of it (право видеть маску).", PUBLIC)
    description: str = value("What the field says (описание поля).", PUBLIC)
    openings: list[FieldOpening] = value("All roles by which it is seen, and where (кому видно).", PUBLIC, usually=20)
    mine: list[FieldOpening] = value("Those of them that you hold now (какие из них есть у вас).", PUBLIC, usually=5)
    refused: Reason | None = value(
        "Why you never see it; null when a role of yours opens it somewhere (почему вам отказано).", PUBLIC
    )
    because: str = value("All of this in one or two sentences, in your language (объяснение).", PUBLIC)


@computed(
    "Who may read a field or make a change, such as `Student.snils` or `Mutation.writeMark`, and why you may not"
    " (правило доступа к полю); null when there is no such field. Says nothing about any object."
    " Without signing in: of what everybody sees.",
    PUBLIC,
    sensitivity=Sensitivity.P0,
)
def access(
    self: Any,
    info: Info,
    path: Annotated[str, strawberry.argument(description="`Type.field`, as in the contract (поле).")],
) -> FieldAccess | None:
    """Query.access."""
    context, found = cast("Context", info.context), field_rule(_schema(info), path)
    return _told(context, found) if found is not None and _may_know(context, found) else None


@computed(
    "The rules of all fields of one type (матрица доступа по типу), as `access` tells each; empty when there is no such"
    " type.",
    PUBLIC,
    sensitivity=Sensitivity.P0,
    usually=1000,
)
def access_matrix(
    self: Any,
    info: Info,
    type_name: Annotated[str, strawberry.argument(description="Name of the type, such as `Student` (тип).")],
) -> list[FieldAccess]:
    """Query.accessMatrix."""
    context = cast("Context", info.context)
    return [_told(context, found) for found in field_rules(_schema(info), type_name) if _may_know(context, found)]


def _may_know(context: "Context", rule: FieldRule) -> bool:
    """Callers without a token do not introspect the schema: they are told of what everybody sees, nothing else."""
    return context.viewer.caller is not None or any(one.reach is ReachKind.PUBLIC for one in rule.openings[Role.GUEST])


def _schema(info: Info) -> GraphQLSchema:
    return info.schema._schema


def _told(context: "Context", rule: FieldRule) -> FieldAccess:
    mine = [(role, one) for role, seen in rule.openings.items() for one in seen if _holds(context.viewer, role, one)]
    within = [(role, one) for role, one in mine if _let_through(context.viewer, role, rule)]
    refused = None if within else Reason.CLIENT_SCOPE if mine else Reason.NO_ROLE
    return FieldAccess(
        path=rule.path,
        rule=rule.rule,
        sensitivity=rule.sensitivity,
        permissions=list(rule.permissions),
        masked_permission=rule.masked,
        description=rule.description,
        openings=[_opening(context, role, one) for role, seen in rule.openings.items() for one in seen],
        mine=[_opening(context, role, one) for role, one in within],
        refused=refused,
        because=_because(context, rule, within, refused),
    )


def _holds(viewer: Viewer, role: Role, opening: Opening) -> bool:
    """Whether the viewer has this role with this reach now. What is open to everybody is theirs as a guest."""
    if opening.reach is ReachKind.PUBLIC:
        return role is Role.GUEST
    return any(held.role is role and held.reach is opening.reach for held in viewer.assignments)


def _let_through(viewer: Viewer, role: Role, rule: FieldRule) -> bool:
    """Whether the calling client may show it in the name of the role."""
    wanted = frozenset((*rule.permissions, *((rule.masked,) if rule.masked else ())))
    through = viewer.permitted | NEEDS_NO_SCOPE.get(role, frozenset())
    return not wanted or not wanted.isdisjoint(through)


def _opening(context: "Context", role: Role, opening: Opening) -> FieldOpening:
    condition = context.say(*reach_in_words(opening.reach))
    if opening.masked:
        condition += context.say(", masked", ", под маской")
    return FieldOpening(role=role, reach=opening.reach, masked=opening.masked, condition=condition)


def _because(context: "Context", rule: FieldRule, within: list[tuple[Role, Opening]], refused: Reason | None) -> str:
    if any(one.reach is ReachKind.PUBLIC for _, one in within):
        return context.say("Everybody sees this.", "Это видно всем.")
    if refused is Reason.CLIENT_SCOPE:
        return context.say(
            "A role of yours opens this, but the application that you use was not given the right.",
            "Ваша роль открывает это поле, но приложению, через которое вы вошли, такое право не дано.",
        )
    if refused is Reason.NO_ROLE:
        return _of_others(context, rule)
    told = "; ".join(_in_words(context, role, one) for role, one in within)
    return context.say(
        f"You see this as {told}. Elsewhere: no.", f"Вы видите это так: {told}. В остальных случаях — нет."
    )


def _of_others(context: "Context", rule: FieldRule) -> str:
    """Why nobody with the viewer's roles sees it: who does."""
    others = [(role, one) for role, seen in rule.openings.items() for one in seen if role not in ON_ONESELF]
    if not others:
        return context.say("No role opens this.", "Ни одна роль этого не открывает.")
    told = "; ".join(_in_words(context, role, one) for role, one in others)
    first = context.say("None of your roles opens this.", "Ни одна ваша роль этого не открывает.")
    return f"{first} {context.say('It is opened to', 'Открыто')}: {told}."


def _in_words(context: "Context", role: Role, opening: Opening) -> str:
    condition = _opening(context, role, opening).condition
    return f"{context.say(*ROLE_WORDS[role])} ({condition})"
