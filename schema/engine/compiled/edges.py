"""Edges: from a row to other rows; to one, or to a list with a declared maximum."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal_column
from sqlalchemy.dialects.postgresql import aggregate_order_by

from schema.engine.compiled.compiler import Compiler, Place
from schema.engine.compiled.filters import filtered
from schema.engine.compiled.json_text import DOUBT_SIGN, NULL, fixed, joined
from schema.engine.compiled.part import Part, Scope
from schema.engine.compiled.table_row import TableRow
from schema.engine.compiled.visible_fields import reading
from schema.engine.mapping.plan import implied, seen
from schema.engine.mapping.storage import Many, Mapping, One, Settled

NOTHING = fixed("[]")


def to_one(compiler: Compiler, place: Place, mapping: Mapping, key: Iterable[Any], scope: Scope | None = None) -> Part:
    """The object with this key; null when there is none that the viewer may see."""
    if not compiler.knows(mapping):
        return Part(NULL)
    inner, part = described(compiler, place, mapping)
    links = [getattr(inner.row, name) == value for name, value in zip(mapping.key, key, strict=True)]
    rows = inner.select(part.columns()).where(*links, *place.when, seen(mapping, inner.row, compiler.shape))
    found = (scope or place.scope).join(rows, compiler.name("o"))
    return part.seen_through(found, func.coalesce(found.c.j, NULL))


def described(compiler: Compiler, place: Place, mapping: Mapping) -> tuple[Scope, Part]:
    """A row of the type and what is asked for of it, the reading of the row included."""
    inner = compiler.scope(mapping)
    part = compiler.object(compiler.kind(mapping), place.selected.below, inner)
    part.read += reading(compiler, mapping, inner.row)
    return inner, part


def one(compiler: Compiler, place: Place) -> Part:
    """The object that a key of the row leads to."""
    storage = place.binding.storage
    assert isinstance(storage, One)
    return to_one(compiler, place, place.target, [getattr(place.scope.row, storage.by)])


def settled(compiler: Compiler, place: Place) -> Part:
    """The object of a public type that every key has, be it by default."""
    storage, mapping = place.binding.storage, place.target
    assert isinstance(storage, Settled)
    inner = Scope(TableRow(storage.rows().subquery(compiler.name("t"))), mapping)
    part = compiler.object(compiler.kind(mapping), place.selected.below, inner)
    same = getattr(inner.row, mapping.key[0]) == getattr(place.scope.row, storage.by)
    found = place.scope.join(inner.select(part.columns()).where(same, *place.when), compiler.name("o"))
    return part.seen_through(found, func.coalesce(found.c.j, DOUBT_SIGN))


def many(compiler: Compiler, place: Place) -> Part:
    """Rows that refer to this one. A list too long is a doubt: the reference says what is wrong."""
    storage = place.binding.storage
    assert isinstance(storage, Many)
    if not compiler.knows(place.target):
        return Part(NOTHING)
    inner, part = described(compiler, place, place.target)
    links = zip(storage.by, storage.match, strict=True)
    conditions = [getattr(inner.row, theirs) == getattr(place.scope.row, ours) for theirs, ours in links]
    filters = filtered(compiler, place, storage, inner.row)
    order = [getattr(inner.row, name) for name in storage.order]
    part.text = case(
        (func.count() > literal_column(str(storage.most)), DOUBT_SIGN), else_=bracketed(listed(part.text, order))
    )
    rule = _rule(compiler, place, inner, tuple(zip(storage.by, storage.match, strict=True)))
    rows = inner.select(summed(part)).where(*conditions, *place.when, *filters.conditions, *rule)
    found = place.scope.join(rows, compiler.name("l"))
    whole = part.seen_through(found, found.c.j)
    whole.read += filters.read
    return whole


def _rule(
    compiler: Compiler, place: Place, inner: Scope, links: tuple[tuple[str, str], ...]
) -> list[ColumnElement[bool]]:
    """The rule of the rows, unless that of the row they belong to has said it already."""
    owner = place.scope.mapping
    if owner is not None and implied(place.target, owner, links, compiler.shape):
        return []
    return [seen(place.target, inner.row, compiler.shape)]


def listed(text: ColumnElement[str], order: Iterable[Any]) -> ColumnElement[str]:
    """Texts of several rows with commas between."""
    return func.string_agg(text, aggregate_order_by(fixed(","), *order))


def bracketed(items: ColumnElement[str]) -> ColumnElement[str]:
    """A list of what there is."""
    return joined(["[", func.coalesce(items, fixed("")), "]"])


def summed(part: Part) -> list[Any]:
    """Columns of a part that several rows add up to."""
    return part.columns(count=func.sum, read=lambda read: func.string_agg(read, fixed(" ")))
