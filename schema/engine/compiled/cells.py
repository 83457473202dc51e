"""Cells: fields whose value is made from columns of the row itself."""

from typing import Any

from graphql import GraphQLLeafType, GraphQLNonNull, GraphQLObjectType, get_nullable_type
from sqlalchemy import ColumnElement, Text, case, cast

from schema.engine.compiled.compiler import Compiler, Place
from schema.engine.compiled.json_text import NULL, escaped, fixed, joined, of_leaf, of_object, present
from schema.engine.compiled.part import Part
from schema.engine.compiled.reasons import NotCompiled, Reason
from schema.engine.mapping.storage import Column, Derived, Mapping


def column(compiler: Compiler, place: Place) -> Part:
    """A column, or what its mask leaves of it."""
    storage, row = place.binding.storage, place.scope.row
    if not isinstance(storage, Column):
        raise TypeError(place.binding.coordinate)
    name = storage.of or place.binding.name
    value = getattr(row, name)
    if storage.mask is not None:
        return Part(_masked(compiler, place, value, storage.mask(value)))
    stored = _mapping(place).facet.record.__table__.c[name]  # type: ignore[attr-defined]
    return Part(_leaf(place, value, certain=not stored.nullable))


def derived(_: Compiler, place: Place) -> Part:
    """A value that SQL works out."""
    storage = place.binding.storage
    if not isinstance(storage, Derived):
        raise TypeError(place.binding.coordinate)
    return Part(_leaf(place, storage.expression(place.scope.row), certain=False))


def identity(_: Compiler, place: Place) -> Part:
    """The global id, as mapping/rows.py writes it. The field is the interface's: the scope knows the type."""
    mapping = place.scope.mapping
    if mapping is None:
        raise TypeError(f"{place.binding.coordinate} is on no row")
    pieces: list[Any] = [f'"{mapping.name}']
    for name in mapping.key:
        pieces += [":", cast(getattr(place.scope.row, name), Text)]
    return Part(joined([*pieces, '"']))


def _leaf(place: Place, value: ColumnElement[Any], *, certain: bool) -> ColumnElement[str]:
    kind = get_nullable_type(place.field.type)
    if not isinstance(kind, GraphQLLeafType):
        raise NotCompiled(Reason.UNKNOWN_KIND, place.binding.coordinate)
    text = of_leaf(kind, value, place.binding.coordinate)
    return present(text, nullable=not isinstance(place.field.type, GraphQLNonNull), certain=certain)


def _masked(compiler: Compiler, place: Place, value: Any, mask: ColumnElement[Any]) -> ColumnElement[str]:
    """MaskedString: its two fields, from the value or from the mask."""
    if place.full is True:
        return _shown(compiler, place, value, masked=False)
    if place.full is False:
        return _shown(compiler, place, mask, masked=True)
    return case(
        (place.full, _shown(compiler, place, value, masked=False)), else_=_shown(compiler, place, mask, masked=True)
    )


def _shown(compiler: Compiler, place: Place, value: Any, *, masked: bool) -> ColumnElement[str]:
    kind = get_nullable_type(place.field.type)
    if not isinstance(kind, GraphQLObjectType):
        raise NotCompiled(Reason.UNKNOWN_KIND, place.binding.coordinate)
    texts = {
        "__typename": fixed(f'"{kind.name}"'),
        "display": escaped(value),
        "masked": fixed("true" if masked else "false"),
    }
    members = [(selected.key, texts[selected.name]) for selected in compiler.fields(kind, place.selected.below)]
    return case((value.is_(None), NULL), else_=of_object(members))


def _mapping(place: Place) -> Mapping:
    if place.binding.mapping is None:
        raise TypeError(f"{place.binding.coordinate} is on no row")
    return place.binding.mapping
