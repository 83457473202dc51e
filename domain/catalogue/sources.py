"""Acts and decks that set or print an indicator, and where print differs from print."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from domain.catalogue.documents import STRICT, read_document
from domain.catalogue.findings import CatalogueFindingCode
from domain.findings import Finding

FILE = "sources.toml"


class SourceKind(StrEnum):
    """What kind of paper it is; slides bind nobody."""

    PASSPORT = "PASSPORT"
    ORDER = "ORDER"
    DECREE = "DECREE"
    LETTER = "LETTER"
    SLIDES = "SLIDES"


class Print(NamedTuple):
    """What one deck (`where`, a source's code) prints of an act."""

    where: str
    what: str


@dataclass(frozen=True)
class Source:
    """An act or a deck. `printed` is its name in the files of targets."""

    __pydantic_config__ = STRICT

    code: str
    kind: SourceKind
    russian: str
    english: str
    printed: str | None = None
    issued_on: date | None = None
    prints: tuple[Print, ...] = ()


@dataclass(frozen=True)
class Sources:
    """All acts and decks. ValueError when a code stands twice."""

    __pydantic_config__ = STRICT

    source: tuple[Source, ...]

    def __post_init__(self) -> None:
        if len(self._by_code) < len(self.source):
            raise ValueError("the code of a source stands twice")

    def __iter__(self) -> Iterator[Source]:
        return iter(self.source)

    def __getitem__(self, code: str) -> Source:
        return self._by_code[code]

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def of_print(self, printed: str) -> Source | None:
        """Give the act that a file names in these words."""
        return next((source for source in self.source if source.printed == printed), None)

    def findings(self) -> Iterator[Finding]:
        """Report acts that our decks print differently."""
        for source in self.source:
            if len({what for _, what in source.prints}) > 1:
                prints = "; ".join(f"{where}: {what}" for where, what in source.prints)
                yield Finding(
                    CatalogueFindingCode.ACT_PRINTED_DIFFERENTLY,
                    f"sources/{source.code}",
                    f"{source.english} is printed differently ({prints}); look it up before you cite it.",
                    f"{source.russian}: в источниках напечатано по-разному ({prints}); проверьте перед ссылкой.",
                )

    @cached_property
    def _by_code(self) -> dict[str, Source]:
        return {source.code: source for source in self.source}


def load_sources() -> Sources:
    """Read the acts and decks."""
    return read_document(FILE, Sources)
