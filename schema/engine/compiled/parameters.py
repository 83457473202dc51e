"""Parameters: where the value of each parameter of a statement comes from, request by request."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from graphql.execution.values import VariableValues
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql.compiler import SQLCompiler

from auth.viewer import Viewer
from auth.visibility import REACH_PREFIX, RESTRICTED
from domain.recent import Recent
from schema.engine.compiled.arguments import Named

DIALECT = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]  # SQLAlchemy has none
"""Native parameters ($1): the text goes to the server as it is."""
KEPT = 16
"""A class asks for one week, a staff room for one period: few values come again and again."""


@dataclass(frozen=True)
class Asked:
    """What the values of one request's parameters are made of."""

    viewer: Viewer
    variables: VariableValues


Source = Callable[[Asked], Named]


class Remembered:
    """Conditions are built anew to learn their parameters, which takes longer than all else about a known document."""

    def __init__(self, source: Source, variables: frozenset[str]) -> None:
        self._source = source
        self._names = tuple(sorted(variables))
        self._kept: Recent[Any, Named] = Recent(KEPT)

    def __call__(self, asked: Asked) -> Named:
        """Values by names of parameters, to be looked at and not changed. Raises what the source raises."""
        given = asked.variables.coerced
        key = tuple((name in given, _comparable(given.get(name))) for name in self._names)
        found = self._kept.get(key)
        return self._kept.keep(key, self._source(asked)) if found is None else found


@dataclass
class Sources:
    """Collects sources while a document is compiled; those that never change are asked once."""

    asked: Asked
    fixed: Named = field(default_factory=dict)
    changing: list[Source] = field(default_factory=list)

    def add(self, source: Source, variables: frozenset[str] | None = None) -> Named:
        """Add a source that depends on these variables alone; None: on the viewer too. Gives its values of now."""
        values = source(self.asked)
        if variables is None:
            self.changing.append(source)
        elif variables:
            self.changing.append(Remembered(source, variables))
        else:
            self.fixed.update(values)
        return values


@dataclass(frozen=True)
class Parameters:
    """The values of a statement in the order of $1, $2 …"""

    names: tuple[str, ...]
    dress: tuple[Callable[[Any], Any] | None, ...]
    fixed: Named
    changing: tuple[Source, ...]

    @classmethod
    def of(cls, statement: SQLCompiler, sources: Sources) -> "Parameters":
        """Those of a rendered statement."""
        names = tuple(statement.positiontup or ())
        types = [statement.binds[name].type for name in names]
        dress = tuple(kind.dialect_impl(DIALECT).bind_processor(DIALECT) for kind in types)
        return cls(names, dress, dict(statement.params) | sources.fixed, tuple(sources.changing))

    def values(self, asked: Asked) -> list[Any]:
        """For one request. Raises what the sources raise."""
        found = dict(self.fixed)
        for source in self.changing:
            found.update(source(asked))
        raw = [asked.viewer.parameter(name) if _is_viewer(name) else found[name] for name in self.names]
        return [dress(value) if dress else value for dress, value in zip(self.dress, raw, strict=True)]


def _is_viewer(name: str) -> bool:
    return name == RESTRICTED or name.startswith(REACH_PREFIX)


def _comparable(value: Any) -> Any:
    """The value as part of a key: 1, 1.0 and true are three."""
    if isinstance(value, list | tuple):
        return tuple(map(_comparable, value))
    if isinstance(value, dict):
        return tuple((name, _comparable(item)) for name, item in value.items())
    return type(value), value
