"""The check of the built schema: what has no rule, or a rule that cannot hold, does not start."""

from collections.abc import Iterator
from typing import Any

from graphql import GraphQLField, GraphQLInterfaceType, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, get_named_type

from auth.permissions import roles_with
from auth.wall import GUARDS
from domain.anchors import Anchor
from schema.engine.access.rule import AccessRule, directive, kind_of
from schema.engine.mapping.storage import Binding, Column, Derived, Lookup, Many, Mapping, One, Page, Worked


class UnsafeSchemaError(TypeError):
    """The schema is refused. The message names every coordinate at once."""


def mapping_of(graphql_type: Any) -> Mapping | None:
    """The mapping of a GraphQL type, None for what is no record."""
    definition = (graphql_type.extensions or {}).get("strawberry-definition")
    return getattr(getattr(definition, "origin", None), "__mapping__", None)


def binding_of(field: GraphQLField) -> Binding | None:
    """What a field declared, None when it declared nothing."""
    definition = (field.extensions or {}).get("strawberry-definition")
    return definition.metadata.get("binding") if definition is not None else None


def object_types(schema: GraphQLSchema) -> Iterator[GraphQLObjectType | GraphQLInterfaceType]:
    """Our types with fields, without those of introspection."""
    for name, kind in sorted(schema.type_map.items()):
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__"):
            yield kind


def link(schema: GraphQLSchema) -> dict[str, Mapping]:
    """Tell every binding where it leads. Gives the mappings by type name."""
    for kind in object_types(schema):
        for field in kind.fields.values():
            if (binding := binding_of(field)) is not None:
                binding.target = _target(field)
                _print_what_is_behind(field, binding)
    return {kind.name: mapping for kind in object_types(schema) if (mapping := mapping_of(kind))}


def check(schema: GraphQLSchema) -> None:
    """Raise UnsafeSchemaError with everything that is wrong."""
    problems = [problem for kind in object_types(schema) for problem in _of_type(kind)]
    if problems:
        raise UnsafeSchemaError("\n".join(problems))


def _target(field: GraphQLField) -> Mapping | None:
    named = get_named_type(field.type)
    if (found := mapping_of(named)) is not None or not isinstance(named, GraphQLObjectType):
        return found
    return mapping_of(get_named_type(named.fields["nodes"].type)) if "nodes" in named.fields else None


def _print_what_is_behind(field: GraphQLField, binding: Binding) -> None:
    """An edge opens what it leads to: its printed rule is that of the rows behind it."""
    target = binding.target
    if target is None or not isinstance(binding.storage, One | Many | Page | Lookup):
        return
    behind = binding.permission if binding.access.read is None else None
    printed = directive(binding.access, binding.row_rule, target.sensitivity, behind)
    field.extensions["strawberry-definition"].directives = [printed]


def _of_type(kind: GraphQLObjectType | GraphQLInterfaceType) -> Iterator[str]:
    mapping = mapping_of(kind)
    if not kind.description:
        yield f"{kind.name}: no description"
    if mapping is not None:
        yield from _of_mapping(mapping)
    for name, field in kind.fields.items():
        yield from (f"{kind.name}.{name}: {problem}" for problem in _of_field(field, mapping))


def _of_mapping(mapping: Mapping) -> Iterator[str]:
    if mapping.rule.read is None:
        yield f"{mapping.name}: no base permission"
    elif not roles_with(mapping.rule.read):
        yield f"{mapping.name}: no role has {mapping.rule.read}"
    if mapping.rule.public:
        return
    if not any(mapping.facet.anchored(anchor) or mapping.facet.paths(anchor) for anchor in Anchor):
        yield f"{mapping.name}: guarded, but tied to nothing"
    walls = [g.permission for g in GUARDS if g.facet == mapping.facet]
    if walls != [mapping.rule.read]:
        yield f"{mapping.name}: the wall guards it by {walls}, the schema by {mapping.rule.read}"


def _of_field(field: GraphQLField, mapping: Mapping | None) -> Iterator[str]:
    binding = binding_of(field)
    if not field.description:
        yield "no description"
    yield from (f"argument {name}: no description" for name, arg in field.args.items() if not arg.description)
    if binding is None:
        yield "no rule of access"
        return
    if isinstance(field.type, GraphQLNonNull) and _may_be_missing(binding):
        yield "may be missing and is non-null"
    if binding.access.masked and not (isinstance(binding.storage, Column) and binding.storage.mask):
        yield "masked, but no mask"
    if mapping is not None:
        yield from _of_storage(field, binding, mapping)
    yield from _of_filters(binding)


def _may_be_missing(binding: Binding) -> bool:
    """Refused, unreachable, or too long a list: then the field is null, and only the field."""
    edge = isinstance(binding.storage, One | Many | Page | Lookup)
    return edge or kind_of(binding.access, binding.row_rule) is AccessRule.GUARDED


def _of_storage(field: GraphQLField, binding: Binding, mapping: Mapping) -> Iterator[str]:
    columns = mapping.facet.record.model_fields
    storage = binding.storage
    if isinstance(storage, Column):
        name = storage.of or binding.name
        if name not in columns:
            yield f"no column {name}"
        elif isinstance(field.type, GraphQLNonNull) and mapping.facet.record.__table__.c[name].nullable:  # type: ignore[attr-defined]
            yield f"non-null, but column {name} may be null"
    if isinstance(storage, Derived | Worked):
        yield from (f"no column {name}" for name in storage.reads if name not in columns)
    if isinstance(storage, Many | Page) and binding.target is not None:
        theirs = binding.target.facet.record.model_fields
        wanted = (*storage.order, *(storage.by if isinstance(storage, Many) else filter(None, (storage.by,))))
        yield from (f"no column {name} in {binding.target.name}" for name in wanted if name not in theirs)


def _of_filters(binding: Binding) -> Iterator[str]:
    """A filter is a read: it may look only at fields that are visible wherever the row is."""
    where = getattr(binding.storage, "where", None)
    if where is None or binding.target is None:
        return
    arguments = list(where.__annotations__)[1:]
    tied = {name: told[0] for name, told in getattr(where, "filters", {}).items()}
    for argument in (name for name in arguments if name not in ("return",)):
        read = binding.target.bindings.get(tied.get(argument, ""))
        if read is None:
            yield f"filter {argument} is tied to no field"
        elif kind_of(read.access, read.row_rule) is AccessRule.GUARDED:
            yield f"filter {argument} reads the guarded field {read.coordinate}"
