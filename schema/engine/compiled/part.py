"""Part: the JSON text of something, with what has to be counted and recorded of it; Scope: where parts are joined."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Label,
    Select,
    case,
    func,
    literal_column,
    outerjoin,
    select,
    true,
)
from sqlalchemy.sql.selectable import LateralFromClause

from auth.permissions import Permission
from domain.sensitivity import Sensitivity
from schema.engine.compiled.table_row import TableRow
from schema.engine.mapping.storage import Mapping

Refusal = tuple[str, Permission]
"""Coordinate and permission, as schema/engine/access/denials.py counts them."""
Reading = tuple[str, Sensitivity]
"""What is read and how personal it is, as schema/engine/access/readings.py notes it."""

Count = ColumnElement[int]
Persons = ColumnElement[str]


@dataclass
class Part:
    """Text, never SQL NULL; places refused within it; persons read of within it (ids with spaces, NULL: no reading)."""

    text: ColumnElement[str]
    denied: dict[Refusal, Count] = field(default_factory=dict)
    read: list[tuple[Reading, Persons]] = field(default_factory=list)

    def refuse(self, refusal: Refusal, count: Count) -> None:
        """Count places where a cell is refused."""
        self.denied[refusal] = self.denied[refusal] + count if refusal in self.denied else count

    def include(self, other: "Part") -> None:
        """Count what is in a part of this one."""
        for refusal, count in other.denied.items():
            self.refuse(refusal, count)
        self.read += other.read

    def columns(
        self, count: Callable[[Any], Any] = lambda count: count, read: Callable[[Any], Any] = lambda read: read
    ) -> list[Label[Any]]:
        """Columns of a sub-select, `j` the text. `count` and `read` sum up where there are several rows."""
        counts = [count(item).label(f"d{number}") for number, item in enumerate(self.denied.values())]
        reads = [read(item).label(f"r{number}") for number, (_, item) in enumerate(self.read)]
        return [self.text.label("j"), *counts, *reads]

    def seen_through(self, joined: FromClause, text: ColumnElement[str]) -> "Part":
        """The same from outside the sub-select that has these columns; no row counts nothing."""
        counts: dict[Refusal, Count] = {
            name: func.coalesce(joined.c[f"d{i}"], ZERO) for i, name in enumerate(self.denied)
        }
        return Part(text, counts, [(name, joined.c[f"r{i}"]) for i, (name, _) in enumerate(self.read)])

    def only_if(self, condition: ColumnElement[bool], otherwise: ColumnElement[str]) -> "Part":
        """The part where the condition holds."""
        counts: dict[Refusal, Count] = {
            name: case((condition, count), else_=ZERO) for name, count in self.denied.items()
        }
        reads: list[tuple[Reading, Persons]] = [(name, case((condition, read))) for name, read in self.read]
        return Part(case((condition, self.text), else_=otherwise), counts, reads)


NOWHERE = select(literal_column("1").label("one")).subquery("nowhere")
"""One row about nothing, for what has no row of its own: whatever is joined to it may find none."""
ZERO: ColumnElement[int] = literal_column("0", Integer)
ONE: ColumnElement[int] = literal_column("1", Integer)


@dataclass
class Scope:
    """One level of the statement: the row that it is about, if any, and the sub-selects joined to it."""

    row: TableRow | None = None
    mapping: Mapping | None = None
    joins: list[LateralFromClause] = field(default_factory=list)

    def join(self, statement: Select[Any], name: str) -> LateralFromClause:
        """Join a sub-select that may look at this scope's row."""
        self.joins.append(statement.lateral(name))
        return self.joins[-1]

    def select(self, columns: Iterable[Any]) -> Select[Any]:
        """Select from the row with all that is joined to it."""
        tables = [NOWHERE if self.row is None else self.row.__table__, *self.joins]
        return select(*columns).select_from(reduce(lambda left, right: outerjoin(left, right, true()), tables))
