"""Rows of the matrix page: the lines of schema/matrix.py with Russian words, and the filter over them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

from domain.roles import ReachKind, Role
from schema.field_rules import FieldRule, Opening
from schema.matrix import permission

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
RULE_WORDS = {"PUBLIC": "всем", "WITH_ROW": "вместе с записью", "GUARDED": "по праву"}
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

    @property
    def everybody(self) -> bool:
        """Open to all, even unsigned: such rows say little."""
        return self.cells[Role.GUEST] == REACH_WORDS[ReachKind.PUBLIC]


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


def rows_of(lines: Iterable[FieldRule], schema: GraphQLSchema) -> list[Row]:
    """The lines of the matrix in words, in their order."""
    return [_row(line, schema) for line in lines]


def _row(line: FieldRule, schema: GraphQLSchema) -> Row:
    return Row(
        type_name=line.type_name,
        field=line.field,
        name=_name(schema, line),
        rule=RULE_WORDS[line.rule.name],
        permission=permission(line),
        sensitivity=line.sensitivity.name,
        cells={role: "; ".join(map(_words, line.openings[role])) for role in Role},
    )


def _name(schema: GraphQLSchema, line: FieldRule) -> str:
    """The Russian term that a description gives in brackets, '' where it gives none."""
    kind = schema.type_map.get(line.type_name)
    if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        return ""
    found = RUSSIAN.findall(kind.fields[line.field].description or "")
    return found[-1] if found else ""


def _words(opening: Opening) -> str:
    """One way to see a field, in Russian."""
    return ("под маской: " if opening.masked else "") + REACH_WORDS[opening.reach]
