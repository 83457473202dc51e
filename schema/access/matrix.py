"""The matrix: who sees what, roles across and every field of the built schema down; as CSV, JSON and for reading."""

import csv
import json
from collections.abc import Callable
from io import StringIO

from auth.permissions import Permission, roles_with
from domain.roles import ReachKind, Role
from schema import build_schema
from schema.engine.access.field_rules import FieldRule, field_rules
from schema.people.role_words import ROLE_WORDS

EVERYBODY = "all"
REACHES = {
    ReachKind.PUBLIC: EVERYBODY,
    ReachKind.SELF: "self",
    ReachKind.CHILDREN: "own children",
    ReachKind.CLASS_GROUPS: "own class",
    ReachKind.SUBJECT_GROUPS: "own groups",
    ReachKind.ORGANISATION: "own organisation",
    ReachKind.ORGANISATION_TREE: "own municipality or region",
    ReachKind.PERSONS: "named persons",
    ReachKind.CONSENT: "by consent",
}
AS_GUESTS = frozenset({Role.MAIL_USER, Role.ORG_MAILBOX})
"""Roles that wait for what they are for."""

LEGEND = f"""\
# Who sees what

Made by `make matrix` from the tables that the server runs (`auth/permissions.py`, the types in `schema/`), and proved
by `tests/access`. A cell says by which reach a role comes to see the field: `{EVERYBODY}` (everybody, even unsigned),
`self`, `own children`, `own class`, `own groups` (the subject groups that one teaches), `own organisation` (without its
branches), `own municipality or region` (all below it), `named persons` (a supervision case or a named grant, for its
days), `by consent` (whoever has consented, for that purpose); each with what it is tied to, as a child with its class
and its teachers. A role that is held with several reaches has them all in the cell, divided by `;`.
An empty cell: never. `masked`: only what is needed to recognise the value. An edge shows those of the objects behind it
that one may see. Several roles see the union of what each sees by itself. A restriction (court ban, objection) between
two persons beats every cell; the client's scopes and the level of the account can only take away. Every role has what
GUEST has, and whoever is signed in what SIGNED_IN has. {" and ".join(sorted(AS_GUESTS))} see what a guest sees, until
there are messages.

Classes: P0 public, P1 internal, P2 personal, P3 special. Rules: PUBLIC for everybody; WITH_ROW wherever the object is
visible; GUARDED by the permission named.
"""


def matrix(form: str) -> str:
    """The matrix as `csv`, as `json`, or as `md` for reading. Raises ValueError for any other form."""
    if form not in FORMS:
        raise ValueError("the matrix comes as csv, json or md, not as " + form)
    return FORMS[form](lines())


def lines() -> list[FieldRule]:
    """One line a field, in the order of types and of their fields."""
    return list(field_rules(build_schema().graphql))


def cell(line: FieldRule, role: Role) -> str:
    """Where a role sees a field, in words; empty: never."""
    return "; ".join(f"{'masked, ' if one.masked else ''}{REACHES[one.reach]}" for one in line.openings[role])


def permission(line: FieldRule) -> str:
    """What the field needs: `full`, or `full / masked`."""
    return " / ".join(filter(None, (", ".join(line.permissions), line.masked)))


def _as_csv(found: list[FieldRule]) -> str:
    text = StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["type", "field", "rule", "permission", "class", *Role])
    for line in found:
        named = [line.type_name, line.field, line.rule.name, permission(line), line.sensitivity.name]
        table.writerow([*named, *(cell(line, role) for role in Role)])
    return text.getvalue()


def _as_json(found: list[FieldRule]) -> str:
    """`roles` with their names, `reaches` in words, `fields` with the cells that are not empty."""
    told = {
        "roles": [{"role": role, "english": ROLE_WORDS[role][0], "russian": ROLE_WORDS[role][1]} for role in Role],
        "reaches": REACHES,
        "fields": [_told(line) for line in found],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _told(line: FieldRule) -> dict[str, object]:
    cells = {
        role.value: [{"reach": one.reach.value, "masked": one.masked} for one in seen]
        for role, seen in line.openings.items()
        if seen
    }
    return {
        "type": line.type_name, "field": line.field, "rule": line.rule.name, "permissions": line.permissions,
        "masked": line.masked, "class": line.sensitivity.name, "why": line.why, "description": line.description,
        "cells": cells,
    }  # fmt: skip


def _as_markdown(found: list[FieldRule]) -> str:
    parts = [LEGEND, _holders()]
    for type_name in dict.fromkeys(line.type_name for line in found):
        mine = [line for line in found if line.type_name == type_name]
        parts.append("\n".join([f"## {type_name}", "", *_head("Field", "Rule", "Class"), *map(_row, mine), ""]))
    return "\n".join(parts)


def _holders() -> str:
    """Who has which permission, whatever it opens."""
    rows = [
        f"| `{one}` | " + " | ".join("x" if role in roles_with(one) else "" for role in Role) + " |"
        for one in Permission
    ]
    return "\n".join(["## Permissions", "", *_head("Permission"), *rows, ""])


def _head(*titles: str) -> list[str]:
    names = [*titles, *Role]
    return ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]


def _row(line: FieldRule) -> str:
    rule = f"{line.rule.name}<br>`{permission(line)}`" if line.permissions else line.rule.name
    cells = [cell(line, role) for role in Role]
    return "| " + " | ".join([f"`{line.field}`", rule, line.sensitivity.name, *cells]) + " |"


FORMS: dict[str, Callable[[list[FieldRule]], str]] = {"csv": _as_csv, "json": _as_json, "md": _as_markdown}
