"""Field rules: who sees each field of a built schema, and by which reach; from the tables that the server runs."""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import GraphQLField, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

from auth.granting import reaches_of
from auth.permissions import permissions_of
from auth.visibility import ANCHOR_OF
from domain.records.base import Facet
from domain.roles import ReachKind, Role
from schema.engine.access.rule import AccessDirective, AccessRule, SensitivityClass
from schema.engine.mapping.check import binding_of, object_types
from schema.engine.mapping.storage import Binding, Many, Mapping, One, Page

UNGIVEN = frozenset({Role.GUEST, Role.SIGNED_IN})
"""What everybody holds without a grant."""

Kind = GraphQLObjectType | GraphQLInterfaceType


@dataclass(frozen=True)
class Opening:
    """One way to come to see a field: by which reach of a role, in full or masked. PUBLIC: everywhere."""

    reach: ReachKind
    masked: bool = False


@dataclass(frozen=True)
class FieldRule:
    """A field: its rule as it is printed, and for every role by which reaches it is seen. No reach: never."""

    type_name: str
    field: str
    rule: AccessRule
    permissions: tuple[str, ...]
    masked: str | None
    sensitivity: SensitivityClass
    why: str
    description: str
    openings: dict[Role, tuple[Opening, ...]]

    @property
    def path(self) -> str:
        """`Type.field`."""
        return f"{self.type_name}.{self.field}"


def field_rules(schema: GraphQLSchema, type_name: str | None = None) -> Iterator[FieldRule]:
    """The rules of all fields, or of one type's, in the order of types and of their fields."""
    for kind in object_types(schema):
        if type_name in (None, kind.name):
            yield from (_rule(kind, name, field) for name, field in kind.fields.items())


def field_rule(schema: GraphQLSchema, path: str) -> FieldRule | None:
    """The rule of `Type.field`; None when there is no such field."""
    type_name, _, name = path.partition(".")
    kind = schema.type_map.get(type_name)
    if type_name.startswith("__") or not isinstance(kind, Kind) or name not in kind.fields:
        return None
    return _rule(kind, name, kind.fields[name])


def _rule(kind: Kind, name: str, field: GraphQLField) -> FieldRule:
    binding = binding_of(field)
    if binding is None:
        raise TypeError(f"{kind.name}.{name} has no rule")
    # `id` stands on the interface and is the same field in all types: its row is the row of the type it is shown on.
    mapping = binding.mapping or getattr(kind.extensions["strawberry-definition"].origin, "__mapping__", None)
    [printed] = [
        one for one in field.extensions["strawberry-definition"].directives if isinstance(one, AccessDirective)
    ]
    return FieldRule(
        kind.name,
        name,
        printed.rule,
        tuple(printed.permission.split(", ")) if isinstance(printed.permission, str) else (),
        printed.masked if isinstance(printed.masked, str) else None,
        printed.sensitivity,
        binding.access.why,
        field.description or "",
        {role: tuple(_openings(role, binding, mapping)) for role in Role},
    )


def _openings(role: Role, binding: Binding, mapping: Mapping | None) -> Iterator[Opening]:
    """Where a role sees a field: nowhere, everywhere, or in the rows that its reaches tie it to."""
    found = (_opening(role, kind, binding, mapping) for kind in reaches_of(role))
    yield from dict.fromkeys(one for one in found if one is not None)


def _opening(role: Role, kind: ReachKind, binding: Binding, mapping: Mapping | None) -> Opening | None:
    granted = permissions_of(role, kind)
    needed = binding.access.writes or ((binding.permission,) if binding.permission else ())
    opened = not needed or not granted.isdisjoint(needed)
    if mapping is None or mapping.rule.public:
        return _of_public(role, kind, binding, guarded=bool(needed)) if opened else None
    if mapping.rule.read not in granted or not _ties(mapping.facet, kind):
        return None
    masked = not opened
    return Opening(kind, masked) if opened or binding.access.masked in granted else None


def _of_public(role: Role, kind: ReachKind, binding: Binding, *, guarded: bool) -> Opening | None:
    if not guarded:
        return Opening(ReachKind.PUBLIC)
    if role in UNGIVEN:
        return None  # what one sees of oneself without any role stands at `me`
    if binding.access.write or binding.mapping is None:
        return Opening(kind)
    # A list of guarded rows on a public one: open where both are within reach.
    behind = binding.target is not None and _ties(binding.target.facet, kind)
    here = isinstance(binding.storage, One) or _ties(binding.mapping.facet, kind)
    edge = isinstance(binding.storage, One | Many | Page)
    return Opening(kind) if here and (behind or not edge) else None


def _ties(facet: Facet, kind: ReachKind) -> bool:
    """Whether a reach of this kind can meet rows of the facet at all."""
    if kind not in ANCHOR_OF:
        return False
    return bool(facet.anchored(ANCHOR_OF[kind]) or facet.paths(ANCHOR_OF[kind]))
