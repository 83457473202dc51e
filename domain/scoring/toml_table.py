"""A TOML table read key by key: what is absent, of the wrong kind or left over is an error with its place."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from domain.errors import BadUserInput

MOST_POINTS = 10_000
"""Consistency goes through every whole number of points, so there is an end to them."""

Choice = TypeVar("Choice", bound=StrEnum)


class BadMethodology(BadUserInput):
    """A methodology that no rating can be made with; `place` is the path of what is wrong."""

    def __init__(self, place: str, english: str, russian: str) -> None:
        super().__init__(f"Methodology, {place}: {english}.", f"Методика, {place}: {russian}.")
        self.place = place


class TomlTable:
    """A TOML table that is read key by key: what is absent, of the wrong kind or left over is a BadMethodology."""

    def __init__(self, values: Mapping[str, Any], place: str = "") -> None:
        self.left, self.place = dict(values), place

    def at(self, key: str) -> str:
        """Give the path of a key."""
        return f"{self.place}.{key}" if self.place else key

    def has(self, key: str) -> bool:
        """Tell whether the key is there and was not read yet."""
        return key in self.left

    def take(self, key: str, kind: type | tuple[type, ...]) -> Any:
        """Read a value that must be there."""
        if key not in self.left:
            raise BadMethodology(self.at(key), "is missing", "значение не указано")
        value = self.left.pop(key)
        if not isinstance(value, kind) or isinstance(value, bool) != (kind is bool):
            raise BadMethodology(self.at(key), f"{value!r} is of the wrong kind", f"{value!r}: значение другого вида")
        return value

    def text(self, key: str) -> str:
        """Read a text that is not empty."""
        if not (text := str(self.take(key, str)).strip()):
            raise BadMethodology(self.at(key), "is empty", "значение пусто")
        return text

    def number(self, key: str) -> Fraction:
        """Read a number exactly as it is written: 24.5 is 49/2."""
        value = self.take(key, (int, Decimal))
        if not Decimal(value).is_finite():
            raise BadMethodology(self.at(key), "is no number", "это не число")
        return Fraction(value)

    def number_or(self, key: str, default: Fraction) -> Fraction:
        """Read a number that may be absent."""
        return self.number(key) if self.has(key) else default

    def maximum(self) -> Fraction | None:
        """Read `maximum`, a number above zero; absent where none was published."""
        if not self.has("maximum"):
            return None
        if (maximum := self.positive("maximum")) > MOST_POINTS:
            raise BadMethodology(self.at("maximum"), f"is above {MOST_POINTS}", f"больше {MOST_POINTS}")
        return maximum

    def positive(self, key: str) -> Fraction:
        """Read a number above zero."""
        if (number := self.number(key)) <= 0:
            raise BadMethodology(self.at(key), f"{number} is not above zero", f"{number}: нужно число больше нуля")
        return number

    def choice(self, key: str, choices: type[Choice], default: Choice | None = None) -> Choice:
        """Read one of the words that there are."""
        if default is not None and not self.has(key):
            return default
        word = self.text(key)
        if word not in set(choices):
            words = ", ".join(choices)
            raise BadMethodology(self.at(key), f"{word} is none of {words}", f"{word}: нужно одно из {words}")
        return choices(word)

    def tables(self, key: str) -> Iterator["TomlTable"]:
        """Read a list of tables; their paths carry their codes where they have one."""
        for number, values in enumerate(self.take(key, list), start=1):
            if not isinstance(values, dict):
                raise BadMethodology(self.at(key), "is no list of tables", "нужен список таблиц")
            yield TomlTable(values, f"{self.at(key)}[{values.get('code', number)}]")

    def end(self) -> None:
        """Refuse keys that nobody read."""
        for key in self.left:
            raise BadMethodology(self.at(key), "is not a known key", "такого ключа нет")
