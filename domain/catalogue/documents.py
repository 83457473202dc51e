"""TOML files of the catalogue, read into checked values: what cannot be read is named with its file and place."""

import tomllib
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from domain.catalogue.tables import DATA
from domain.errors import BadUserInput
from domain.scoring.levels import Interval
from domain.units import Points, exact

Document = TypeVar("Document")
STRICT = ConfigDict(extra="forbid")
"""A word that nobody knows is a slip of the pen, not an extension."""


class BadDocument(BadUserInput):
    """A file whose content is not what it should be; the message names every place."""

    def __init__(self, file: str, problems: list[tuple[str, str]]) -> None:
        listed = "; ".join(f"{place}: {reason}" for place, reason in problems)
        super().__init__(f"{file}: {listed}", f"{file}, ошибка в данных: {listed}")
        self.file, self.problems = file, problems


def _exact(value: Any) -> Any:
    # A float has lost what was written; TOML keeps a decimal as text: "2.5".
    if isinstance(value, bool | float):
        raise ValueError('write a number with decimals as text, for example "2.5"')  # noqa: TRY004 - pydantic reads only ValueError
    return exact(value)


def _interval(value: Any) -> Any:
    return Interval.parse(value) if isinstance(value, str) else value


Exact = Annotated[Points, BeforeValidator(_exact)]
"""An exact number: `50` or `"2.5"`, never a float."""
Values = Annotated[Interval, BeforeValidator(_interval)]
"""A band of values: `"> 50, <= 90"`."""


def read_document(name: str, shape: type[Document]) -> Document:
    """Read a file of the data folder into this shape; BadDocument when it does not fit."""
    return parse_document(name, (DATA / name).read_text(encoding="utf-8"), shape)


def parse_document(name: str, text: str, shape: type[Document]) -> Document:
    """Read TOML into this shape; `name` is for the message."""
    try:
        return TypeAdapter(shape).validate_python(tomllib.loads(text))
    except tomllib.TOMLDecodeError as broken:
        raise BadDocument(name, [("TOML", str(broken))]) from broken
    except ValidationError as broken:
        problems = [(".".join(map(str, error["loc"])) or "file", error["msg"]) for error in broken.errors()]
        raise BadDocument(name, problems) from broken
