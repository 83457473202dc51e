"""Rows of the matrix page: the rules of all fields in Russian words, and the filter over them."""

import re
from dataclasses import dataclass

from domain.roles import ReachKind, Role
from schema.access.matrix import permission
from schema.engine.access.field_rules import FieldRule, Opening
from schema.engine.access.rule import AccessRule

REACH_WORDS: dict[ReachKind, str] = {
    ReachKind.PUBLIC: "все",
    ReachKind.SELF: "сам",
    ReachKind.CHILDREN: "свои дети",
    ReachKind.CLASS_GROUPS: "свой класс",
    ReachKind.SUBJECT_GROUPS: "свои группы",
    ReachKind.ORGANISATION: "своя организация",
    ReachKind.ORGANISATION_TREE: "своя территория",
    ReachKind.PERSONS: "названные лица",
    ReachKind.CONSENT: "по согласию",
}
"""Shorter than in sentences: a cell of a table with two dozen columns."""
RULE_WORDS = {
    AccessRule.PUBLIC: "всем",
    AccessRule.WITH_ROW: "вместе с записью",
    AccessRule.GUARDED: "по праву",
}
RUSSIAN = re.compile(r"\(([^()]*[а-яё][^()]*)\)", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One field: Russian name, rule in words, and for every role where it is seen ('' nowhere)."""

    type_name: str
    field: str
    name: str
    rule: str
    permission: str
    sensitivity: str
    cells: dict[Role, str]


@dataclass(frozen=True)
class Filter:
    """What is asked for: a role, a type, a class of sensitivity, a text; empty is all."""

    role: Role | None = None
    type_name: str = ""
    sensitivity: str = ""
    text: str = ""
    seen: bool = False
    """Only what the role sees."""

    @property
    def any(self) -> bool:
        """Whether anything is asked for at all."""
        return bool(self.role or self.type_name or self.sensitivity or self.text)

    def takes(self, row: Row) -> bool:
        """Whether a row is asked for."""
        return (
            self.type_name in ("", row.type_name)
            and self.sensitivity in ("", row.sensitivity)
            and self.text.casefold() in f"{row.type_name}.{row.field} {row.name} {row.permission}".casefold()
            and (not (self.seen and self.role) or bool(self.role and row.cells[self.role]))
        )


def row_of(rule: FieldRule) -> Row:
    """A field's rule in words."""
    named = RUSSIAN.findall(rule.description)
    return Row(
        type_name=rule.type_name,
        field=rule.field,
        name=named[-1] if named else "",
        rule=RULE_WORDS[rule.rule],
        permission=permission(rule),
        sensitivity=rule.sensitivity.name,
        cells={role: "; ".join(map(_words, openings)) for role, openings in rule.openings.items()},
    )


def _words(opening: Opening) -> str:
    return f"под маской: {REACH_WORDS[opening.reach]}" if opening.masked else REACH_WORDS[opening.reach]
