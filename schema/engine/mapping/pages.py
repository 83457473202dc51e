"""Connections: keyset pages with opaque cursors that are stable while rows come and go."""

import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
import strawberry
from sqlalchemy import bindparam, tuple_
from strawberry.types import Info

from domain.errors import BadCursor, BadUserInput, LimitExceeded
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import computed, structure, value

NodeType = TypeVar("NodeType")
PAGE_MOST = 100
PAGE_DEFAULT = 20


@structure("Where a page ends and whether more follows (границы страницы).")
class PageInfo:
    """As the Relay specification has it."""

    has_next_page: bool = value("More after this page (есть ли ещё после).", PUBLIC)
    has_previous_page: bool = value("More before this page (есть ли ещё до).", PUBLIC)
    start_cursor: str | None = value("Cursor of the first item (курсор первого).", PUBLIC)
    end_cursor: str | None = value("Cursor of the last item (курсор последнего).", PUBLIC)


@structure("An item of a page with its cursor (элемент страницы).")
class Edge(Generic[NodeType]):
    """As the Relay specification has it."""

    cursor: str = value("Where this item stands (курсор).", PUBLIC)
    node: NodeType = value("The item (элемент).", PUBLIC)


@structure("A page of a list; only what you may see is in it and is counted (страница списка).")
class Connection(Generic[NodeType]):
    """As the Relay specification has it, with `nodes` beside `edges`."""

    edges: list[Edge[NodeType]] = value("Items with cursors (элементы с курсорами).", PUBLIC)
    nodes: list[NodeType] = value("Items (элементы).", PUBLIC)
    page_info: PageInfo = value("Where the page ends (границы страницы).", PUBLIC)
    counter: strawberry.Private[Any]

    @computed(
        "How many there are in all that you may see (всего видимых).", PUBLIC, sensitivity=Sensitivity.P1, cost=10
    )
    async def total_count(self, info: Info) -> int:
        return await self.counter()  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Window:
    """Which part of an ordered list is asked for. `tag` binds cursors to the list, its order and its filters."""

    size: int
    backward: bool
    start: list[Any] | None
    tag: int

    @classmethod
    def of(cls, coordinate: str, order: tuple[str, ...], arguments: dict[str, Any]) -> "Window":
        """Take the page's arguments out of `arguments`; what is left are the filters."""
        first, last = arguments.pop("first", None), arguments.pop("last", None)
        after, before = arguments.pop("after", None), arguments.pop("before", None)
        _check(first, last, after, before)
        tag = zlib.crc32(repr((coordinate, order, sorted(arguments.items()))).encode())
        backward = last is not None
        cursor = before if backward else after
        asked = last if backward else first
        return cls(asked or PAGE_DEFAULT, backward, _keys_of(cursor, tag, len(order)) if cursor else None, tag)

    def cursor(self, keys: list[Any]) -> str:
        """The cursor of an item: its sort keys in hexadecimal, with the tag of the list.

        It is not signed: whoever invents one gets another part of the rows that they may see anyway.
        """
        return orjson.dumps([self.tag, *keys], default=str).hex()

    def beyond(self, columns: list[Any]) -> Any:
        """The condition of rows past the cursor, in the direction of the page."""
        if self.start is None:
            return None
        row = tuple_(*columns)
        start = tuple_(*(_bound(column, key) for column, key in zip(columns, self.start, strict=True)))
        return row < start if self.backward else row > start


def _check(first: int | None, last: int | None, after: str | None, before: str | None) -> None:
    if first is not None and last is not None:
        raise BadUserInput("Give `first` or `last`, not both.", "Укажите `first` или `last`, но не оба.")
    if (after is not None and last is not None) or (before is not None and last is None):
        raise BadUserInput(
            "`after` goes with `first`, `before` goes with `last`.",
            "`after` указывается с `first`, `before` — с `last`.",
        )
    asked = first if first is not None else last
    if asked is not None and asked < 1:
        raise BadUserInput("A page has at least 1 item.", "На странице не меньше 1 элемента.")
    if asked is not None and asked > PAGE_MOST:
        raise LimitExceeded(
            f"A page has at most {PAGE_MOST} items; {asked} were asked for.",
            f"На странице не больше {PAGE_MOST} элементов, запрошено {asked}.",
        )


def _bound(column: Any, key: Any) -> Any:
    """A sort key as its column has it. What does not fit was not made by us."""
    kind: type = column.type.python_type
    readers: dict[type, Callable[[Any], Any]] = {UUID: UUID, date: date.fromisoformat, datetime: datetime.fromisoformat}
    try:
        read = readers.get(kind, lambda found: found)(key)
    except (ValueError, TypeError, AttributeError):
        raise BadCursor from None
    if not isinstance(read, kind) or (isinstance(read, str) and "\0" in read):
        raise BadCursor
    return bindparam(None, read, type_=column.type)


def _keys_of(cursor: str, tag: int, count: int) -> list[Any]:
    try:
        found = orjson.loads(bytes.fromhex(cursor))
    except ValueError:
        raise BadCursor from None
    if not isinstance(found, list) or len(found) != count + 1 or found[0] != tag:
        raise BadCursor
    return found[1:]


def nothing() -> Connection[Any]:
    """A page without anything on it."""

    async def none() -> int:
        return 0

    return connection([], Window(size=0, backward=False, start=None, tag=0), none)


def connection(
    found: list[tuple[Any, list[Any]]], window: Window, counter: Callable[[], Awaitable[int]]
) -> Connection[Any]:
    """The page of what was found: one more than its size where more follows. `counter` counts all when asked to."""
    kept, more = found[: window.size], len(found) > window.size
    kept = kept[::-1] if window.backward else kept
    edges = [Edge(cursor=window.cursor(keys), node=item) for item, keys in kept]
    info = PageInfo(
        has_next_page=window.start is not None if window.backward else more,
        has_previous_page=more if window.backward else window.start is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return Connection(edges=edges, nodes=[edge.node for edge in edges], page_info=info, counter=counter)
