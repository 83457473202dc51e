"""Regions of the federation, and the one table of the spellings in which sources print them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from domain.catalogue.documents import STRICT, read_document
from domain.catalogue.findings import CatalogueFindingCode
from domain.findings import Finding

FILE = "regions.toml"
DASHES = re.compile(r"\s*[-‐‑–—]\s*")


@dataclass(frozen=True)
class Region:
    """A region: federal two-digit number, usual names, spellings, and misreadings whose meaning is beyond doubt."""

    __pydantic_config__ = STRICT

    code: str
    russian: str
    english: str
    spellings: tuple[str, ...] = ()
    misread: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that means this region."""
        return (self.russian, *self.spellings, *self.misread)


class Resolved(NamedTuple):
    """What a printed name means. `misread` says that the print itself was wrong; no region: nobody can tell."""

    printed: str
    region: Region | None
    misread: bool = False


@dataclass(frozen=True)
class RegionNames:
    """The alias table. ValueError when one spelling means two regions."""

    __pydantic_config__ = STRICT

    source: str
    region: tuple[Region, ...]

    def __post_init__(self) -> None:
        spelled = Counter(folded(name) for region in self.region for name in region.names)
        codes = Counter(region.code for region in self.region)
        if twice := [name for name, count in (spelled + codes).items() if count > 1]:
            raise ValueError(f"stands for two regions: {', '.join(twice)}")

    def __iter__(self) -> Iterator[Region]:
        return iter(self.region)

    def resolve(self, printed: str) -> Resolved:
        """Give the region that a printed name means; case, ё and the kind of dash play no part."""
        region = self._by_name.get(folded(printed))
        misread = region is not None and folded(printed) in map(folded, region.misread)
        return Resolved(printed, region, misread)

    def doubtful(self, place: str, printed: Iterable[str]) -> Iterator[Finding]:
        """Report every name that means no region, or was read wrongly, once; `place` names the table it stands in."""
        for name in dict.fromkeys(printed):
            resolved = self.resolve(name)
            if resolved.region is None:
                yield Finding(
                    CatalogueFindingCode.REGION_UNRESOLVED,
                    f"{place}/{name}",
                    f'"{name}" is no region that we know; its rows are set aside as printed.',
                    f"«{name}»: такого региона нет в таблице названий; строки отложены, как напечатаны.",
                )
            elif resolved.misread:
                yield Finding(
                    CatalogueFindingCode.REGION_MISREAD,
                    f"{place}/{name}",
                    f'"{name}" is printed wrongly and was read as {resolved.region.english}.',
                    f"«{name}»: опечатка, прочитано как «{resolved.region.russian}».",
                )

    def absent(self, place: str, printed: Iterable[str]) -> Iterator[Finding]:
        """Report every region that a table which should hold all of them leaves out."""
        found = {resolved.region for resolved in map(self.resolve, printed)}
        for region in self.region:
            if region not in found:
                yield Finding(
                    CatalogueFindingCode.REGION_ABSENT,
                    f"{place}/{region.russian}",
                    f"{region.english} is not in the table: it has no value, which is not zero.",
                    f"{region.russian}: нет в таблице, значение отсутствует (это не ноль).",
                )

    @cached_property
    def _by_name(self) -> dict[str, Region]:
        return {folded(name): region for region in self.region for name in region.names}


def folded(name: str) -> str:
    """Give the name without what spellings differ in by chance: case, ё, spaces, the kind of dash."""
    return DASHES.sub("-", " ".join(name.split()).casefold().replace("ё", "е"))


def load_regions() -> RegionNames:
    """Read the alias table."""
    return read_document(FILE, RegionNames)
