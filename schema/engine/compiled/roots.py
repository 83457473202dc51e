"""Roots: objects by ids given as arguments, and by keys that are known of the viewer."""

from collections.abc import Iterable
from typing import Any

from graphql import GraphQLObjectType, get_named_type
from sqlalchemy import ARRAY, Integer, Uuid, bindparam, case, column, func

from schema.engine.compiled.compiler import Compiler, Place
from schema.engine.compiled.edges import NOTHING, bracketed, described, listed, summed, to_one
from schema.engine.compiled.json_text import NULL
from schema.engine.compiled.parameters import Asked
from schema.engine.compiled.part import Part, Scope
from schema.engine.compiled.reasons import NotCompiled, Reason
from schema.engine.compiled.table_row import TableRow
from schema.engine.mapping.plan import seen
from schema.engine.mapping.reference import key_of
from schema.engine.mapping.storage import ById, Keyed, Mapping


def section(compiler: Compiler, place: Place) -> Part:
    """An object of ours without a row: its fields join the statement where it stands."""
    kind = get_named_type(place.field.type)
    if not isinstance(kind, GraphQLObjectType):
        raise NotCompiled(Reason.UNKNOWN_KIND, place.binding.coordinate)
    inner = Scope()
    part = compiler.object(kind, place.selected.below, inner)
    place.scope.joins += inner.joins
    return part


def lookup(compiler: Compiler, place: Place) -> Part:
    """A root: the object with the id given."""
    return to_one(compiler, place, place.target, _key_given(compiler, place, place.target, "id"))


def by_id(compiler: Compiler, place: Place) -> Part:
    """A root: objects of whatever type by their ids. The types are known, ids are not: see `kind_of`."""
    storage = place.binding.storage
    assert isinstance(storage, ById)
    if storage.most is not None:
        return _by_ids(compiler, place, storage.most)
    given = compiler.arguments(place).given(compiler.sources.asked.variables)["id"]
    mapping = compiler.types.get(given.partition(":")[0])
    return (
        Part(NULL) if mapping is None else to_one(compiler, place, mapping, _key_given(compiler, place, mapping, "id"))
    )


def keyed(compiler: Compiler, place: Place) -> Part:
    """Objects whose keys are known of the viewer."""
    storage, mapping, name = place.binding.storage, place.target, compiler.name("k")
    assert isinstance(storage, Keyed)
    if not compiler.knows(mapping):
        return Part(NOTHING if storage.many else NULL)
    if not storage.many:
        compiler.sources.add(lambda asked: {name: next(iter(storage.keys(asked.viewer)), None)})
        return to_one(compiler, place, mapping, [bindparam(name, None, Uuid)])
    compiler.sources.add(lambda asked: {name: list(storage.keys(asked.viewer))})
    keys = bindparam(name, None, ARRAY(Uuid))
    inner, part = described(compiler, place, mapping)
    wanted = func.unnest(keys).table_valued(column("key", Uuid), with_ordinality="n", name=compiler.name("q"))
    wanted = wanted.render_derived()
    part.text = bracketed(listed(part.text, [wanted.c.n]))
    rows = inner.select(summed(part)).where(
        getattr(inner.row, mapping.key[0]) == wanted.c.key, seen(mapping, inner.row, compiler.shape)
    )
    found = place.scope.join(rows, compiler.name("l"))
    return part.seen_through(found, found.c.j)


def _key_given(compiler: Compiler, place: Place, mapping: Mapping, argument: str) -> list[Any]:
    """The key in an id given as an argument; NULL, which finds nothing, when it is no id of the type."""
    prefix, arguments = compiler.name("k"), compiler.arguments(place)

    def values(asked: Asked) -> dict[str, Any]:
        key = key_of(mapping, str(arguments.given(asked.variables)[argument])) or (None,) * len(mapping.key)
        return {f"{prefix}_{name}": part for name, part in zip(mapping.key, key, strict=True)}

    compiler.sources.add(values, arguments.variables)
    return [bindparam(f"{prefix}_{name}", None, _type(mapping, name)) for name in mapping.key]


def _by_ids(compiler: Compiler, place: Place, most: int) -> Part:
    """Each type has a list of keys as long as the list of ids, NULL where an id is of another type."""
    name, arguments, coordinate = compiler.name("k"), compiler.arguments(place), place.binding.coordinate
    ids = arguments.given(compiler.sources.asked.variables)["ids"]
    prefixes = sorted({identifier.partition(":")[0] for identifier in ids})
    mappings = [compiler.types[prefix] for prefix in prefixes if prefix in compiler.types]
    mappings = [mapping for mapping in mappings if compiler.knows(mapping)]

    def values(asked: Asked) -> dict[str, Any]:
        given = arguments.given(asked.variables)["ids"]
        if len(given) > most:
            raise NotCompiled(Reason.REFUSED_ARGUMENTS, coordinate)
        return {f"{name}_n": list(range(len(given)))} | _columns(name, mappings, given)

    compiler.sources.add(values, arguments.variables)
    types = {"n": Integer()} | {f"{m.name}_{part}": _type(m, part) for m in mappings for part in m.key}
    lists = [bindparam(f"{name}_{column_name}", None, ARRAY(kind)) for column_name, kind in types.items()]
    columns = [column(column_name, kind) for column_name, kind in types.items()]
    wanted = func.unnest(*lists).table_valued(*columns, name=compiler.name("q")).render_derived()
    inner, whole = Scope(TableRow(wanted)), Part(NULL)
    parts = [to_one(compiler, place, m, [wanted.c[f"{m.name}_{part}"] for part in m.key], inner) for m in mappings]
    for part in parts:
        whole.include(part)
    texts = [
        case((wanted.c[f"{m.name}_{m.key[0]}"].is_not(None), part.text))
        for m, part in zip(mappings, parts, strict=True)
    ]
    whole.text = bracketed(listed(func.coalesce(*texts, NULL), [wanted.c.n]))
    found = place.scope.join(inner.select(summed(whole)), compiler.name("l"))
    return whole.seen_through(found, found.c.j)


def _columns(name: str, mappings: list[Mapping], ids: Iterable[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for mapping in mappings:
        keys = [key_of(mapping, identifier) or (None,) * len(mapping.key) for identifier in ids]
        for number, part in enumerate(mapping.key):
            found[f"{name}_{mapping.name}_{part}"] = [key[number] for key in keys]
    return found


def _type(mapping: Mapping, name: str) -> Any:
    return mapping.facet.record.__table__.c[name].type  # type: ignore[attr-defined]
