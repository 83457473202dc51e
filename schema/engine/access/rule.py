"""Access: a field's rule, data only. Printed on every field as @access; acted on by the executors, never here."""

from dataclasses import dataclass, field
from enum import Enum

import strawberry
from strawberry.schema_directive import Location

from auth.permissions import Permission
from domain.sensitivity import Sensitivity


@strawberry.enum(description="How personal a value is (класс персональных данных).")
class SensitivityClass(Enum):
    """The classes of domain/sensitivity.py as clients see them."""

    P0 = strawberry.enum_value("P0", description="Public (общедоступные): register, published figures.")
    P1 = strawberry.enum_value("P1", description="Internal (внутренние): timetable, lesson topics, staff.")
    P2 = strawberry.enum_value("P2", description="Personal (персональные): names with marks, contacts, documents.")
    P3 = strawberry.enum_value("P3", description="Special (специальные): health, family circumstances, bans.")


@strawberry.enum(description="When a field can be read at all (вид правила доступа).")
class AccessRule(Enum):
    """The three kinds of rule."""

    PUBLIC = strawberry.enum_value("PUBLIC", description="By everybody, signed in or not (всем).")
    WITH_ROW = strawberry.enum_value(
        "WITH_ROW", description="Wherever the object itself is visible (вместе с записью)."
    )
    GUARDED = strawberry.enum_value(
        "GUARDED", description="Only with the permission named; otherwise null and listed as denied (по праву)."
    )


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="access",
    description="Who may read this field, or make this change (правило доступа): with this permission, or any of these."
    " Roles that have a permission: see the access matrix.",
)
class AccessDirective:
    """@access(rule, permission, masked, sensitivity)."""

    rule: AccessRule
    sensitivity: SensitivityClass
    permission: str | None = strawberry.UNSET
    masked: str | None = strawberry.UNSET


@dataclass(frozen=True)
class Access:
    """A rule: the permission that reads a field, the one that reads it masked, the one that writes it, and why.

    `or_write`: other permissions any of which writes it too, where the input decides which is needed. `unpublished`: of
    a public type, the permission that sees rows which are not published.
    """

    read: Permission | None = None
    masked: Permission | None = None
    write: Permission | None = None
    or_write: tuple[Permission, ...] = ()
    why: str = field(default="", compare=False)
    public: bool = False
    unpublished: Permission | None = None

    @property
    def writes(self) -> tuple[Permission, ...]:
        """Permissions any of which writes the field; empty for what is only read."""
        return (self.write, *self.or_write) if self.write else ()


PUBLIC = Access(public=True)
WITH_ROW = Access()


def directive(
    rule: Access, row_rule: Access | None, sensitivity: Sensitivity, behind: Permission | None = None
) -> AccessDirective:
    """How a rule is printed. `behind` is the permission of the rows that an edge leads to."""
    read = rule.read or behind or (row_rule.read if row_rule else None)
    needed = rule.writes or ((read,) if read else ())
    return AccessDirective(
        rule=AccessRule.GUARDED if behind or rule.write else kind_of(rule, row_rule),
        sensitivity=SensitivityClass[sensitivity.name],
        permission=", ".join(needed) or strawberry.UNSET,
        masked=rule.masked.value if rule.masked else strawberry.UNSET,
    )


def kind_of(rule: Access, row_rule: Access | None) -> AccessRule:
    """Which of the three kinds a rule is on a type with this row rule."""
    if rule.read is None and (rule.public or (row_rule is not None and row_rule.public)):
        return AccessRule.PUBLIC
    if rule.read is None or (row_rule is not None and rule.read == row_rule.read):
        return AccessRule.WITH_ROW
    return AccessRule.GUARDED
