"""Holes: values that Python works out from columns, filled into the text that SQL has built."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from sqlalchemy import ARRAY

from schema.engine.compiled.json_text import HOLE, python_type_of
from schema.engine.compiled.projection import Projection
from schema.engine.compiled.reasons import NotCompiled, Reason
from schema.engine.mapping.rows import Row
from schema.engine.mapping.storage import Facts, Mapping, Worked

if TYPE_CHECKING:
    from schema.engine.context import Context

Reader = Callable[[Any], Any]
FACTS_KEPT = 16
"""Pages or organisations of one answer are few."""


@dataclass(frozen=True)
class Hole:
    """What to do with the values that SQL gives: read them, work, show of the outcome what was asked for."""

    worked: Worked
    mapping: Mapping | None
    readers: tuple[Reader, ...]
    projection: Projection

    def fill(self, context: "Context", values: list[Any]) -> Any:
        """The value for the answer."""
        read = [None if item is None else reader(item) for reader, item in zip(self.readers, values, strict=True)]
        if self.worked.facts is not None and read[-1] is None:
            raise NotCompiled(Reason.DOUBTFUL_ANSWER, "facts")
        count = len(self.worked.reads)
        return self.projection(self.worked.work(context, self._row(read[:count]), *read[count:]))

    def _row(self, read: list[Any]) -> Row | None:
        if self.mapping is None:
            return None
        found = dict(zip(self.worked.reads, read, strict=True))
        return Row(self.mapping, found, {}, found, own=True)


def reader_of(kind: Any) -> Reader:
    """How a value of a column comes back from JSON."""
    if isinstance(kind, ARRAY):
        each = reader_of(kind.item_type)
        return lambda values: [each(value) for value in values]
    python_type = python_type_of(kind)
    for wanted, reader in _READERS.items():
        if issubclass(python_type, wanted):
            return reader or python_type
    return _as_is


def facts_reader(facts: Facts, kinds: dict[str, Any]) -> Reader:
    """How the text of facts comes back: made of it once, since the lessons of a page have the same."""
    readers = {name: reader_of(kind) for name, kind in kinds.items()}

    @lru_cache(maxsize=FACTS_KEPT)
    def read(text: str) -> Any:
        values = zip(readers.items(), orjson.loads(text), strict=True)
        return facts.read(SimpleNamespace(**{n: None if v is None else reader(v) for (n, reader), v in values}))

    return read


def _as_is(value: Any) -> Any:
    return value


_READERS: dict[type, Reader | None] = {
    Enum: None,
    UUID: UUID,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
}


def filled(text: bytes, holes: Sequence[Hole], context: "Context") -> bytes:
    """The text with every hole filled. A hole is `number[values]` between two signs."""
    if not holes:
        return text
    pieces = text.split(HOLE.encode())
    for index in range(1, len(pieces), 2):
        number, bracket, values = pieces[index].partition(b"[")
        value = holes[int(number)].fill(context, orjson.loads(bracket + values))
        pieces[index] = orjson.dumps(value)
    return b"".join(pieces)
