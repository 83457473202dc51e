"""Indicators (показатели): what each one measures, in which unit, of whom, and by whose act."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from domain.catalogue.documents import STRICT, read_document
from domain.catalogue.findings import CatalogueFindingCode
from domain.catalogue.sources import Sources
from domain.findings import Finding
from domain.measurement import Definition, Measures, Periodicity, Unit
from domain.records.organisations import OrganisationKind
from domain.scoring.observations import Direction, UnitCounted

__all__ = ["Definition", "Direction", "Indicator", "Indicators", "Measures", "Periodicity", "Unit", "UnitCounted",
           "load_indicators"]  # fmt: skip

FILE = "indicators.toml"


class Words(NamedTuple):
    """The same in both languages."""

    russian: str
    english: str


@dataclass(frozen=True)
class Indicator:
    """One indicator. `decimals` are for display; `measure` joins one measure taken over several kinds of organisation.

    `printed` are the wordings of the sources, `same_name` a name that another indicator goes by too, `summarised_as`
    the word by which a summary (`summarised_in`) calls it where the act says something else.
    """

    __pydantic_config__ = STRICT

    code: str
    russian: str
    english: str
    unit: Unit
    direction: Direction
    decimals: int
    unit_counted: UnitCounted
    periodicity: Periodicity
    measures: Measures
    sources: tuple[str, ...]
    numerator: Words | None = None
    denominator: Words | None = None
    measure: str | None = None
    organisation_kind: OrganisationKind | None = None
    definition: Definition = Definition.PUBLISHED
    printed: tuple[str, ...] = ()
    same_name: str | None = None
    summarised_as: str | None = None
    summarised_in: str | None = None


@dataclass(frozen=True)
class Indicators:
    """All indicators. ValueError when a code or a printed wording stands for two."""

    __pydantic_config__ = STRICT

    indicator: tuple[Indicator, ...]

    def __post_init__(self) -> None:
        codes = Counter(indicator.code for indicator in self.indicator)
        wordings = Counter(wording for indicator in self.indicator for wording in indicator.printed)
        if twice := [name for name, count in (codes + wordings).items() if count > 1]:
            raise ValueError(f"stands for two indicators: {', '.join(twice)}")

    def __iter__(self) -> Iterator[Indicator]:
        return iter(self.indicator)

    def __getitem__(self, code: str) -> Indicator:
        return self._by_code[code]

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def of_wording(self, wording: str) -> Indicator | None:
        """Give the indicator that a source prints in these words; None when nobody entered them."""
        return self._by_wording.get(" ".join(wording.split()))

    def findings(self, sources: Sources) -> Iterator[Finding]:
        """Report names that mean two indicators, and words that mean another measure than the act."""
        named: dict[str, list[Indicator]] = defaultdict(list)
        for indicator in self.indicator:
            if indicator.same_name:
                named[indicator.same_name].append(indicator)
            if indicator.summarised_as and indicator.summarised_in:
                yield _summarised(indicator, sources)
        for name, sharing in named.items():
            for first, second in combinations(sharing, 2):
                yield _one_name(name, first, second)

    @cached_property
    def _by_code(self) -> dict[str, Indicator]:
        return {indicator.code: indicator for indicator in self.indicator}

    @cached_property
    def _by_wording(self) -> dict[str, Indicator]:
        return {" ".join(wording.split()): indicator for indicator in self.indicator for wording in indicator.printed}


def _one_name(name: str, first: Indicator, second: Indicator) -> Finding:
    counted = first.unit_counted is not second.unit_counted
    code = CatalogueFindingCode.UNITS_COUNTED_DIFFER if counted else CatalogueFindingCode.ONE_NAME_SEVERAL_INDICATORS
    units = f" ({first.unit_counted} and {second.unit_counted})" if counted else ""
    return Finding(
        code,
        f"indicators/{first.code}/{second.code}",
        f"{first.code} and {second.code} go by one name but count differently{units}: never compare their values.",
        f"«{name}»: два разных показателя под одним названием, значения сравнивать нельзя.",
    )


def _summarised(indicator: Indicator, sources: Sources) -> Finding:
    slides = sources[indicator.summarised_in or ""]
    word = indicator.summarised_as
    return Finding(
        CatalogueFindingCode.MEASURES_DIFFER,
        f"indicators/{indicator.code}",
        f"The act measures {indicator.measures}; «{word}» is another measure and stands in: {slides.english}.",
        f"В акте другая мера, чем «{word}» на обзорных слайдах: {slides.russian}.",
    )


def load_indicators() -> Indicators:
    """Read the catalogue of indicators."""
    return read_document(FILE, Indicators)
