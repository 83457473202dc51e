"""Filters: the arguments of a list as conditions on its rows, told by the field's own `where`."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, false, select

from schema.engine.compiled.arguments import Named, parametrised
from schema.engine.compiled.compiler import Compiler, Place
from schema.engine.compiled.parameters import Asked
from schema.engine.compiled.part import Reading
from schema.engine.compiled.reasons import NotCompiled, Reason
from schema.engine.compiled.visible_fields import reading
from schema.engine.mapping.plan import seen
from schema.engine.mapping.reference import key_of
from schema.engine.mapping.storage import Many, Mapping, One, Page

PAGE = ("first", "after", "last", "before")


@dataclass
class Filters:
    """Conditions on the rows; apart from them those that do not look at the rows at all: whether a filter is blind."""

    own: list[ColumnElement[bool]] = field(default_factory=list)
    sighted: list[ColumnElement[bool]] = field(default_factory=list)
    read: list[tuple[Reading, ColumnElement[str]]] = field(default_factory=list)

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """All of them."""
        return self.own + self.sighted


def filtered(compiler: Compiler, place: Place, storage: Many | Page, row: Any) -> Filters:
    """The filters given at this place."""
    if storage.where is None:
        return Filters()
    # Sources outlast the compilation: they hold what they need, not the place with the whole statement behind it.
    arguments, prefix, where = compiler.arguments(place), compiler.name("w"), storage.where
    coordinate = place.binding.coordinate

    def conditions(asked: Asked) -> tuple[list[ColumnElement[bool]], Named]:
        given = arguments.given(asked.variables)
        return parametrised(
            where(row, **{name: item for name, item in given.items() if name not in PAGE}), f"{prefix}_"
        )

    planned, names = conditions(compiler.sources.asked)

    def values(asked: Asked) -> Named:
        found = conditions(asked)[1]
        if found.keys() != names.keys():
            raise NotCompiled(Reason.OTHER_ARGUMENTS, coordinate)
        return found

    compiler.sources.add(values, arguments.variables)
    filters = Filters(planned)
    _look(compiler, place, storage, filters)
    return filters


def _look(compiler: Compiler, place: Place, storage: Many | Page, filters: Filters) -> None:
    """Whoever filters by an object out of sight finds nothing: a list must not tell what the field does not."""
    given = compiler.arguments(place).given(compiler.sources.asked.variables)
    for name, (field_name, _) in getattr(storage.where, "filters", {}).items():
        read = place.target.bindings.get(field_name)
        if given.get(name) is None or read is None or not isinstance(read.storage, One) or read.target is None:
            continue
        if not read.target.rule.public:
            _look_at(compiler, place, name, read.target, filters)


def _look_at(compiler: Compiler, place: Place, argument: str, mapping: Mapping, filters: Filters) -> None:
    if not compiler.knows(mapping):
        filters.sighted.append(false())
        return
    prefix, arguments, row = compiler.name("f"), compiler.arguments(place), compiler.row(mapping)
    coordinate = place.binding.coordinate

    def values(asked: Asked) -> Named:
        key = key_of(mapping, str(arguments.given(asked.variables)[argument]))
        if key is None:
            raise NotCompiled(Reason.REFUSED_ARGUMENTS, coordinate)
        return {f"{prefix}_{name}": part for name, part in zip(mapping.key, key, strict=True)}

    compiler.sources.add(values, arguments.variables)
    columns = mapping.facet.record.__table__.c  # type: ignore[attr-defined]
    named = [getattr(row, name) == bindparam(f"{prefix}_{name}", None, columns[name].type) for name in mapping.key]
    visible = [*named, seen(mapping, row, compiler.shape)]
    filters.sighted.append(exists().where(*visible).select_from(row.__table__))
    for told, persons in reading(compiler, mapping, row):
        found = place.scope.join(select(persons.label("r0")).where(*visible, *place.when), compiler.name("f"))
        filters.read.append((told, found.c.r0))
