"""Remembered: a source of parameters with its latest values, by the variables that alone decide them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from schema.engine.compiled.arguments import Named

if TYPE_CHECKING:
    from schema.engine.compiled.parameters import Asked

KEPT = 16
"""A class asks for one week, a staff room for one period: few values come again and again."""


class Remembered:
    """Conditions are built anew to learn their parameters, which takes longer than all else about a known document."""

    def __init__(self, source: "Callable[[Asked], Named]", variables: frozenset[str]) -> None:
        self._source = source
        self._names = tuple(sorted(variables))
        self._kept: dict[Any, Named] = {}

    def __call__(self, asked: "Asked") -> Named:
        """Values by names of parameters, to be looked at and not changed. Raises what the source raises."""
        given = asked.variables.coerced
        key = tuple((name in given, _comparable(given.get(name))) for name in self._names)
        found = self._kept.get(key)
        if found is None:
            found = self._source(asked)
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[key] = found
        return found


def _comparable(value: Any) -> Any:
    """The value as part of a key: 1, 1.0 and true are three."""
    if isinstance(value, list | tuple):
        return tuple(map(_comparable, value))
    if isinstance(value, dict):
        return tuple((name, _comparable(item)) for name, item in value.items())
    return type(value), value
