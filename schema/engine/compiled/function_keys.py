"""Called: objects whose keys a function of the database gives; one, or a list with a declared maximum."""

from typing import Any

from sqlalchemy import ColumnElement, Uuid, bindparam, case, column, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from schema.engine.compiled.arguments import Named
from schema.engine.compiled.compiler import Compiler, Place
from schema.engine.compiled.edges import bracketed, described, listed, summed, to_one
from schema.engine.compiled.json_text import DOUBT_SIGN
from schema.engine.compiled.parameters import Asked
from schema.engine.compiled.part import Part
from schema.engine.mapping.plan import seen
from schema.engine.mapping.storage import Called


def called(compiler: Compiler, place: Place) -> Part:
    """What the function finds, as far as the viewer may see it."""
    storage = place.binding.storage
    assert isinstance(storage, Called)
    call = _call(compiler, place, storage)
    if storage.most is None:
        return to_one(compiler, place, place.target, [select(call).scalar_subquery()])
    return _list(compiler, place, call, storage.most)


def _call(compiler: Compiler, place: Place, storage: Called) -> ColumnElement[Any]:
    prefix, arguments = compiler.name("g"), compiler.arguments(place)

    def values(asked: Asked) -> Named:
        given = storage.given(asked.viewer, **arguments.given(asked.variables))
        return {f"{prefix}_{number}": value for number, value in enumerate(given)}

    compiler.sources.add(values)
    own = [getattr(place.scope.row, name) for name in storage.of]
    given = [bindparam(f"{prefix}_{number}", None, kind) for number, kind in enumerate(storage.types)]
    return storage.function(*own, *given)


def _list(compiler: Compiler, place: Place, call: Any, most: int) -> Part:
    """The function is called once, for the keys and their number. A list too long is a doubt."""
    keys = call.table_valued(column("key", Uuid), with_ordinality="n", name=compiler.name("q")).render_derived()
    all_of_them = func.array_agg(aggregate_order_by(keys.c.key, keys.c.n)).label("called")
    found = place.scope.join(select(all_of_them).where(*place.when), compiler.name("l"))
    wanted = (
        func.unnest(found.c.called)
        .table_valued(column("key", Uuid), with_ordinality="n", name=compiler.name("q"))
        .render_derived()
    )
    inner, part = described(compiler, place, place.target)
    part.text = case(
        (func.cardinality(found.c.called) > most, DOUBT_SIGN), else_=bracketed(listed(part.text, [wanted.c.n]))
    )
    same = getattr(inner.row, place.target.key[0]) == wanted.c.key
    rows = inner.select(summed(part)).where(same, seen(place.target, inner.row, compiler.shape))
    shown = place.scope.join(rows, compiler.name("l"))
    return part.seen_through(shown, shown.c.j)
