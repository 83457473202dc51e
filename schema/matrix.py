"""The matrix: who sees what, roles across and every field of the built schema down, from the tables the server runs."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from graphql import GraphQLField, GraphQLInterfaceType, GraphQLObjectType

from auth.granting import reaches_of
from auth.permissions import Permission, permissions_of, roles_with
from auth.visibility import ANCHOR_OF
from domain.anchors import Facet
from domain.roles import ReachKind, Role
from schema import build_schema
from schema.access import AccessDirective
from schema.mapping.check import binding_of, object_types
from schema.mapping.storage import Binding, Many, Mapping, One, Page

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
IMPLICIT = frozenset({Role.GUEST, Role.SIGNED_IN})
"""What everybody holds without a grant."""

LEGEND = f"""\
# Who sees what

Made by `make matrix` from the tables that the server runs (`auth/permissions.py`, the types in `schema/`), and proved
by `tests/access`. A cell says by which reach a role comes to see the field: `{EVERYBODY}` (everybody, even unsigned),
`self`, `own children`, `own class`, `own groups` (the subject groups that one teaches), `own organisation` (without its
branches), `own municipality or region` (all below it), `named persons` (a supervision case or a named grant, for its
days), `by consent` (whoever has consented, for that purpose); each with what it is tied to, as a child with its class
and its teachers.
An empty cell: never. `masked`: only what is needed to recognise the value. An edge shows those of the objects behind it
that one may see. Several roles see the union of what each sees by itself. A restriction (court ban, objection) between
two persons beats every cell; the client's scopes and the level of the account can only take away. Every role has what
GUEST has, and whoever is signed in what SIGNED_IN has.

Classes: P0 public, P1 internal, P2 personal, P3 special. Rules: PUBLIC for everybody; WITH_ROW wherever the object is
visible; GUARDED by the permission named.
"""


@dataclass(frozen=True)
class Line:
    """One field: its rule, and for every role in which rows it is seen."""

    type_name: str
    field: str
    rule: str
    permission: str
    sensitivity: str
    cells: tuple[str, ...]


def matrix(form: str) -> str:
    """The matrix as `csv`, or as `md` for reading. Raises ValueError for any other form."""
    if form not in ("csv", "md"):
        raise ValueError(f"the matrix comes as csv or md, not as {form}")
    found = list(lines())
    return _as_csv(found) if form == "csv" else _as_markdown(found)


def lines() -> Iterator[Line]:
    """One line a field, in the order of types and of their fields."""
    for kind in object_types(build_schema().graphql):
        for name, field in kind.fields.items():
            yield _line(kind, name, field)


def _line(kind: GraphQLObjectType | GraphQLInterfaceType, name: str, field: GraphQLField) -> Line:
    binding = binding_of(field)
    if binding is None:
        raise TypeError(f"{kind.name}.{name} has no rule")
    # `id` stands on the interface and is the same field in all types: its row is the row of the type it is shown on.
    mapping = binding.mapping or getattr(kind.extensions["strawberry-definition"].origin, "__mapping__", None)
    [printed] = [
        one for one in field.extensions["strawberry-definition"].directives if isinstance(one, AccessDirective)
    ]
    permissions = [one for one in (printed.permission, printed.masked) if isinstance(one, str)]
    cells = tuple(_cell(role, binding, mapping) for role in Role)
    return Line(kind.name, name, printed.rule.name, " / ".join(permissions), printed.sensitivity.name, cells)


def _cell(role: Role, binding: Binding, mapping: Mapping | None) -> str:
    """Where a role sees a field: nowhere, everywhere, or in the rows that its reach ties it to."""
    found = (_reached(role, kind, binding, mapping) for kind in reaches_of(role))
    return "; ".join(dict.fromkeys(cell for cell in found if cell))


def _reached(role: Role, kind: ReachKind, binding: Binding, mapping: Mapping | None) -> str:
    granted = permissions_of(role, kind)
    needed = binding.access.writes or ((binding.permission,) if binding.permission else ())
    if mapping is None or mapping.rule.public:
        closed = needed and granted.isdisjoint(needed)
        return "" if closed else _of_public(role, kind, binding, guarded=bool(needed))
    if mapping.rule.read not in granted or not _ties(mapping.facet, kind):
        return ""
    if not needed or not granted.isdisjoint(needed):
        return REACHES[kind]
    return f"masked, {REACHES[kind]}" if binding.access.masked in granted else ""


def _of_public(role: Role, kind: ReachKind, binding: Binding, *, guarded: bool) -> str:
    if not guarded:
        return EVERYBODY
    if role in IMPLICIT:
        return ""  # what one sees of oneself without any role stands at `me`
    if binding.access.write or binding.mapping is None:
        return REACHES[kind]
    # A list of guarded rows on a public one: open where both are within reach.
    behind = binding.target is not None and _ties(binding.target.facet, kind)
    here = isinstance(binding.storage, One) or _ties(binding.mapping.facet, kind)
    edge = isinstance(binding.storage, One | Many | Page)
    return REACHES[kind] if here and (behind or not edge) else ""


def _ties(facet: Facet, kind: ReachKind) -> bool:
    """Whether a reach of this kind can meet rows of the facet at all."""
    if kind not in ANCHOR_OF:
        return False
    return bool(facet.anchored(ANCHOR_OF[kind]) or facet.paths(ANCHOR_OF[kind]))


def _as_csv(found: list[Line]) -> str:
    text = StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["type", "field", "rule", "permission", "class", *Role])
    for line in found:
        table.writerow([line.type_name, line.field, line.rule, line.permission, line.sensitivity, *line.cells])
    return text.getvalue()


def _as_markdown(found: list[Line]) -> str:
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


def _row(line: Line) -> str:
    rule = f"{line.rule}<br>`{line.permission}`" if line.permission else line.rule
    return "| " + " | ".join([f"`{line.field}`", rule, line.sensitivity, *line.cells]) + " |"
