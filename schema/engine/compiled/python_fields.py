"""Worked values: SQL leaves a hole with the columns that Python needs for them."""

from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, null, select

from schema.engine.compiled.compiler import Compiler, Place
from schema.engine.compiled.json_text import HOLE_SIGN, joined
from schema.engine.compiled.part import Part
from schema.engine.compiled.projection import projection
from schema.engine.compiled.python_values import Hole, Reader, facts_reader, reader_of
from schema.engine.compiled.reasons import NotCompiled, Reason
from schema.engine.mapping.plan import daily, seen
from schema.engine.mapping.storage import Column, Facts, One, Worked


def worked(compiler: Compiler, place: Place) -> Part:
    """A hole for this value."""
    storage, row = place.binding.storage, place.scope.row
    if not isinstance(storage, Worked):
        raise TypeError(place.binding.coordinate)
    values = [getattr(row, name) for name in storage.reads]
    values += [_behind(compiler, place, *path.split(".")) for path in storage.behind]
    _require_arguments(compiler, place, storage)
    show = projection(compiler.fields, place.field.type, place.selected.below)
    readers = [reader_of(value.type) for value in values]
    if storage.facts is not None:
        text, reader = _facts(compiler, place, storage.facts, storage.by)
        values.append(text)
        readers.append(reader)
    compiler.holes.append(Hole(storage, place.binding.mapping, tuple(readers), show))
    number = str(len(compiler.holes) - 1)
    content = [number, func.json_build_array(*values).cast(Text)] if values else [f"{number}[]"]
    return Part(joined([HOLE_SIGN, *content, HOLE_SIGN]))


def _require_arguments(compiler: Compiler, place: Place, storage: Worked) -> None:
    given = compiler.arguments(place).given(compiler.sources.asked.variables) if storage.when else {}
    if any(given.get(name) != value for name, value in storage.when):
        raise NotCompiled(Reason.ARGUMENTS_IN_PYTHON, place.binding.coordinate)


def _facts(compiler: Compiler, place: Place, facts: Facts, by: str) -> tuple[ColumnElement[Any], Reader]:
    """Their columns as a text of their own, which is the same for many rows; and how it is read."""
    rows = facts.rows()
    columns = rows.selected_columns
    text = cast(func.json_build_array(*columns), Text).label("facts")
    asked = rows.with_only_columns(text, maintain_column_froms=True)
    found = place.scope.join(asked.where(columns.key == getattr(place.scope.row, by), *place.when), compiler.name("h"))
    return found.c.facts, facts_reader(facts, {str(column.key): column.type for column in columns})


def _behind(compiler: Compiler, place: Place, edge: str, name: str) -> ColumnElement[Any]:
    """A column of the row that a key leads to, NULL where the viewer may not see it."""
    if place.binding.mapping is None:
        raise TypeError(f"{place.binding.coordinate} is on no row")
    leads = place.binding.mapping.bindings[edge]
    if not isinstance(leads.storage, One) or leads.target is None:
        raise TypeError(f"{place.binding.coordinate} reads behind {edge}")
    target = compiler.row(leads.target)
    field = leads.target.bindings.get(name)
    read = Column() if field is None else field.storage  # a column that no field shows, but another worked value reads
    if not isinstance(read, Column) or daily(leads.target, target, compiler.shape) is not True:
        raise NotCompiled(Reason.FIELD_IN_PYTHON, f"{place.binding.coordinate}: {edge}.{name}")
    value = getattr(target, read.of or name)
    if not compiler.knows(leads.target):
        return cast(null(), value.type)
    key = getattr(target, leads.target.key[0]) == getattr(place.scope.row, leads.storage.by)
    return select(value).where(key, seen(leads.target, target, compiler.shape)).scalar_subquery()
