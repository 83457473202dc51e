"""Pages: connections in keyset pages, as schema/engine/mapping/pages.py has them, within the statement."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLObjectType, SelectionSetNode, get_named_type
from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    select,
)

from schema.engine.compiled.arguments import Named, parametrised
from schema.engine.compiled.compiler import Compiler, Place
from schema.engine.compiled.edges import bracketed, listed
from schema.engine.compiled.filters import Filters, filtered
from schema.engine.compiled.json_text import NULL, fixed, joined, of_key, of_object, present
from schema.engine.compiled.parameters import Asked
from schema.engine.compiled.part import Part, Scope
from schema.engine.compiled.reasons import NotCompiled, Reason
from schema.engine.compiled.table_row import TableRow
from schema.engine.compiled.visible_fields import reading
from schema.engine.mapping.pages import Window
from schema.engine.mapping.plan import seen
from schema.engine.mapping.storage import Called, Column, Derived, Many, Mapping, One, Page, Settled, Worked

TRUE, FALSE = fixed("true"), fixed("false")


@dataclass(frozen=True, eq=False)
class Numbered:
    """The rows of a page and one more, numbered from where the page begins; `scope` is about one of them."""

    scope: Scope
    number: ColumnElement[int]
    size: ColumnElement[int]
    backward: bool
    started: bool
    cursor: ColumnElement[str]
    sighted: ColumnElement[bool] | None

    @property
    def kept(self) -> ColumnElement[bool]:
        """The row is on the page, not merely the sign that more follows."""
        return self.number <= self.size

    @property
    def order(self) -> ColumnElement[int]:
        """The order in which the page shows its rows."""
        return self.number.desc() if self.backward else self.number

    def summed(self, part: Part) -> list[Any]:
        """Columns of what the rows that are kept add up to."""
        return part.columns(
            count=lambda count: func.sum(count).filter(self.kept),
            read=lambda read: func.string_agg(read, fixed(" ")).filter(self.kept),
        )


def page(compiler: Compiler, place: Place) -> Part:
    """A connection: whatever is asked for of it comes from one look at its rows, and one more for the count."""
    storage, kind = place.binding.storage, get_named_type(place.field.type)
    if not isinstance(storage, Page) or not isinstance(kind, GraphQLObjectType):
        raise TypeError(place.binding.coordinate)
    row = compiler.row(place.target)
    filters = filtered(compiler, place, storage, row)
    conditions = [*_links(place, storage, row), *filters.conditions, seen(place.target, row, compiler.shape)]
    rows = _numbered(compiler, place, storage, row, conditions, filters)
    whole, members = Part(NULL), []
    for selected in compiler.fields(kind, place.selected.below):
        if selected.name == "totalCount":
            text: ColumnElement[str] = _counted(place, storage, row, conditions)
        elif selected.name == "__typename":
            text = fixed(f'"{kind.name}"')
        else:
            part = _MEMBERS[selected.name](compiler, place, rows, selected.below)
            text = part.text
            whole.include(part)
        members.append((selected.key, text))
    whole.text = of_object(members)
    return _joined(compiler, place, rows, whole, filters)


def _counted(place: Place, storage: Page, row: TableRow, conditions: list[ColumnElement[bool]]) -> ColumnElement[str]:
    """How many rows there are in all. Its parent is two levels up, where SQLAlchemy does not look by itself."""
    counted = select(func.count()).select_from(row.__table__).where(*conditions)
    return cast(counted.correlate(*_parents(place, storage)).scalar_subquery(), Text)


def _parents(place: Place, storage: Page) -> list[Any]:
    return [place.scope.row.__table__] if storage.by and place.scope.row is not None else []


def _joined(compiler: Compiler, place: Place, rows: Numbered, whole: Part, filters: Filters) -> Part:
    """Join the page to the row it stands on. The row that only says that more follows is loaded, hence read."""
    told = reading(compiler, place.target, rows.scope.row)
    # The count is for nobody: it makes one row of them where nothing else that is asked for does.
    columns = [*rows.summed(whole), func.count().label("rows")]
    columns += [func.string_agg(read, fixed(" ")).label(f"x{number}") for number, (_, read) in enumerate(told)]
    found = place.scope.join(rows.scope.select(columns), compiler.name("p"))
    part = whole.seen_through(found, found.c.j)
    part.read += [(name, found.c[f"x{number}"]) for number, (name, _) in enumerate(told)] + filters.read
    return part


def _links(place: Place, storage: Page, row: TableRow) -> list[ColumnElement[bool]]:
    parent = place.scope.row
    return [*place.when, *([getattr(row, storage.by) == parent.id] if storage.by and parent is not None else [])]


def _numbered(
    compiler: Compiler,
    place: Place,
    storage: Page,
    row: TableRow,
    conditions: list[ColumnElement[bool]],
    filters: Filters,
) -> Numbered:
    order = [getattr(row, name) for name in storage.order]
    prefix, window, beyond = _window(compiler, place, storage, order)
    limited = (
        select(*(row.__table__.c[name] for name in _shown(place.target, storage)))
        .where(*conditions, *beyond)
        .order_by(*(column.desc() if window.backward else column for column in order))
        .limit(bindparam(f"{prefix}_limit", None, Integer))
        .correlate(*_parents(place, storage))
        .subquery(compiler.name("c"))
    )
    sort = [limited.c[name].desc() if window.backward else limited.c[name] for name in storage.order]
    numbered = select(limited, func.row_number().over(order_by=sort).label("rn")).subquery(compiler.name("n"))
    scope = Scope(TableRow(numbered), place.target)
    cursor = _cursor(bindparam(f"{prefix}_tag", None, Text), [of_key(numbered.c[name]) for name in storage.order])
    size = bindparam(f"{prefix}_size", None, Integer)
    sighted = and_(*filters.sighted) if filters.sighted else None
    return Numbered(scope, numbered.c.rn, size, window.backward, window.start is not None, cursor, sighted)


def _shown(mapping: Mapping, storage: Page) -> list[str]:
    """Columns that a row of the page may be asked for. Others the application may not even be allowed to read."""
    names = {*mapping.key, *storage.order, *(via.column for via in mapping.facet.via)}
    names.update(name for columns in mapping.facet.columns.values() for name in columns)
    for field_name, binding in mapping.bindings.items():
        kept = binding.storage
        if isinstance(kept, Column):
            names.add(kept.of or field_name)
        elif isinstance(kept, One | Settled):
            names.add(kept.by)
        elif isinstance(kept, Called):
            names.update(kept.of)
        elif isinstance(kept, Many):
            names.update(kept.match)
        elif isinstance(kept, Derived | Worked):
            names.update(kept.reads)
    return [column.name for column in mapping.facet.record.__table__.c if column.name in names]  # type: ignore[attr-defined]


def _window(
    compiler: Compiler, place: Place, storage: Page, order: list[Any]
) -> tuple[str, Window, list[ColumnElement[bool]]]:
    """The part of the list that is asked for: its form is planned, its size and start are parameters."""
    prefix, arguments, coordinate = compiler.name("a"), compiler.arguments(place), place.binding.coordinate

    def read(asked: Asked) -> tuple[Window, list[ColumnElement[bool]], Named]:
        window = Window.of(coordinate, storage.order, arguments.given(asked.variables))
        beyond = window.beyond(order)
        conditions, values = parametrised([] if beyond is None else [beyond], f"{prefix}_")
        sizes = {f"{prefix}_size": window.size, f"{prefix}_limit": window.size + 1, f"{prefix}_tag": str(window.tag)}
        return window, conditions, values | sizes

    planned, beyond, names = read(compiler.sources.asked)

    def values(asked: Asked) -> Named:
        window, _, found = read(asked)
        if found.keys() != names.keys() or window.backward != planned.backward:
            raise NotCompiled(Reason.OTHER_ARGUMENTS, coordinate)
        return found

    compiler.sources.add(values, arguments.variables)
    return prefix, planned, beyond


def _cursor(tag: ColumnElement[str], keys: list[ColumnElement[str]]) -> ColumnElement[str]:
    """As Window.cursor writes it."""
    pieces: list[Any] = ["[", tag]
    for key in keys:
        pieces += [",", key]
    return func.encode(func.convert_to(joined([*pieces, "]"]), "UTF8"), "hex")


def _nodes(compiler: Compiler, place: Place, rows: Numbered, below: list[SelectionSetNode]) -> Part:
    part = compiler.object(compiler.kind(place.target), below, rows.scope)
    part.text = _list(rows, part.text)
    return part


def _edges(compiler: Compiler, place: Place, rows: Numbered, below: list[SelectionSetNode]) -> Part:
    connection = get_named_type(place.field.type)
    if not isinstance(connection, GraphQLObjectType):
        raise TypeError(place.binding.coordinate)
    kind = get_named_type(connection.fields["edges"].type)
    if not isinstance(kind, GraphQLObjectType):
        raise TypeError(place.binding.coordinate)
    whole, members = Part(NULL), []
    for selected in compiler.fields(kind, below):
        if selected.name == "node":
            part = compiler.object(compiler.kind(place.target), selected.below, rows.scope)
            whole.include(part)
            members.append((selected.key, part.text))
        else:
            texts = {"cursor": joined(['"', rows.cursor, '"']), "__typename": fixed(f'"{kind.name}"')}
            members.append((selected.key, texts[selected.name]))
    whole.text = _list(rows, of_object(members))
    return whole


def _list(rows: Numbered, text: ColumnElement[str]) -> ColumnElement[str]:
    return bracketed(listed(text, [rows.order]).filter(rows.kept))


def _page_info(compiler: Compiler, place: Place, rows: Numbered, below: list[SelectionSetNode]) -> Part:
    kind = compiler.schema.type_map["PageInfo"]
    if not isinstance(kind, GraphQLObjectType):
        raise TypeError(kind.name)
    more = case((func.count() > rows.size, TRUE), else_=FALSE)
    started = (TRUE if rows.sighted is None else case((rows.sighted, TRUE), else_=FALSE)) if rows.started else FALSE
    texts = {
        "__typename": fixed('"PageInfo"'),
        "hasNextPage": started if rows.backward else more,
        "hasPreviousPage": more if rows.backward else started,
        "startCursor": _end(rows, rows.order),
        "endCursor": _end(rows, rows.number if rows.backward else rows.number.desc()),
    }
    return Part(of_object([(selected.key, texts[selected.name]) for selected in compiler.fields(kind, below)]))


def _end(rows: Numbered, order: ColumnElement[int]) -> ColumnElement[str]:
    """The cursor that comes first in an order; null on an empty page."""
    all_of_them = listed(rows.cursor, [order]).filter(rows.kept)
    return present(joined(['"', func.split_part(all_of_them, ",", 1), '"']), nullable=True)


_MEMBERS: dict[str, Callable[[Compiler, Place, Numbered, list[SelectionSetNode]], Part]] = {
    "nodes": _nodes,
    "edges": _edges,
    "pageInfo": _page_info,
}
