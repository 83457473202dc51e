"""Legends (шкалы): when a value is good, by measure, kind of organisation and day; the cut-offs of some indicators."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from domain.catalogue.documents import STRICT, Exact, Values, read_document
from domain.catalogue.findings import CatalogueFindingCode
from domain.catalogue.indicators import Direction, Indicator
from domain.catalogue.printed_bands import as_printed
from domain.findings import Finding
from domain.records.organisations import OrganisationKind
from domain.scoring.cut_offs import CutOffs
from domain.scoring.levels import Band, Bands, Colour

FILE = "legends.toml"


class Counts(StrEnum):
    """Whether a colour counts."""

    FIRM = "FIRM"
    REFERENCE = "REFERENCE"
    NO_VALUE = "NO_VALUE"
    NO_LEGEND = "NO_LEGEND"
    NO_BAND = "NO_BAND"


class Judgement(NamedTuple):
    """What a legend says of a value. A band without FIRM is shown, but nobody is judged by its colour."""

    counts: Counts
    band: Band | None = None
    legend: "Legend | None" = None


@dataclass(frozen=True)
class LegendBand:
    """A band as it stands in the file: our reading (`values`) beside what the source prints."""

    __pydantic_config__ = STRICT

    code: str
    values: Values
    russian: str
    english: str
    printed: str
    colour: Colour | None = None
    share_percent: Exact | None = None


@dataclass(frozen=True)
class Legend:
    """The bands of a measure for a kind of organisation (None: all kinds together), since a day."""

    __pydantic_config__ = STRICT

    measure: str
    source: str
    valid_from: date
    within: Values
    band: tuple[LegendBand, ...]
    organisation_kind: OrganisationKind | None = None
    firm_from: date | None = None

    def __post_init__(self) -> None:
        if self.bands.overlaps():
            raise ValueError(f"bands of {self.place} overlap: one value must have one colour")

    @cached_property
    def bands(self) -> Bands:
        """The bands, lowest first."""
        return Bands(tuple(Band(each.code, each.values, each.russian, each.english, each.colour) for each in self.band))

    @property
    def place(self) -> str:
        """Where it stands among the legends."""
        return f"legends/{self.measure}/{self.organisation_kind or 'ALL'}/{self.valid_from}"

    def judge(self, value: Fraction, on: date) -> Judgement:
        """Tell the band of a value on a day; a value that falls into a gap has none."""
        band = next(iter(self.bands.containing(value)), None)
        if band is None:
            return Judgement(Counts.NO_BAND, None, self)
        firm = self.firm_from is None or on >= self.firm_from
        return Judgement(Counts.FIRM if firm else Counts.REFERENCE, band, self)

    def findings(self) -> Iterator[Finding]:
        """Report what the bands leave out, and shares that do not add up."""
        for gap in self.bands.gaps(self.within):
            yield Finding(
                CatalogueFindingCode.BANDS_LEAVE_GAP,
                f"{self.place}/{gap}",
                f"No band takes the values {gap}.",
                f"Значения {gap} не попадают ни в одну полосу шкалы.",
            )
        shares = [each.share_percent for each in self.band if each.share_percent is not None]
        if shares and sum(shares) != 100:
            total = sum(shares)
            yield Finding(
                CatalogueFindingCode.SHARES_DO_NOT_ADD_UP,
                self.place,
                f"The shares printed beside the bands add up to {total} %, not to 100 %.",
                f"Доли у полос шкалы в сумме дают {total} %, а не 100 %.",
            )


@dataclass(frozen=True)
class CutOffRow:
    """The two cut-offs of an indicator, and the day by which they are to be reached."""

    __pydantic_config__ = STRICT

    indicator: str
    source: str
    minimum: Exact
    goal: Exact
    due: date

    def of(self, indicator: Indicator) -> CutOffs:
        """Give the cut-offs with the indicator's direction."""
        return CutOffs(self.minimum, self.goal, indicator.direction is Direction.LOWER_IS_BETTER)


@dataclass(frozen=True)
class Legends:
    """All legends and cut-offs."""

    __pydantic_config__ = STRICT

    legend: tuple[Legend, ...]
    cut_offs: tuple[CutOffRow, ...] = ()

    def find(self, indicator: Indicator, on: date, organisation_kind: OrganisationKind | None = None) -> Legend | None:
        """Give the legend for a value of this indicator on a day.

        The kind is that of the indicator, or of the organisation whose value it is. A kind without a legend of its own
        is judged by that of all kinds; of several legends the latest that was valid by then counts.
        """
        kind = indicator.organisation_kind or organisation_kind
        measure = indicator.measure or indicator.code
        valid = [each for each in self.legend if each.measure == measure and each.valid_from <= on]
        own = [each for each in valid if each.organisation_kind is kind]
        common = [each for each in valid if each.organisation_kind is None]
        return max(own or common, key=lambda legend: legend.valid_from, default=None)

    def judge(
        self, indicator: Indicator, value: Fraction | None, on: date, organisation_kind: OrganisationKind | None = None
    ) -> Judgement:
        """Tell the band of a value and whether it counts; no value has no band, and no legend none either."""
        if value is None:
            return Judgement(Counts.NO_VALUE)
        legend = self.find(indicator, on, organisation_kind)
        return legend.judge(value, on) if legend else Judgement(Counts.NO_LEGEND)

    def cut_offs_of(self, indicator: Indicator) -> CutOffs | None:
        """Give the indicator's minimum and goal, None for one that has no two cut-offs."""
        row = next((each for each in self.cut_offs if each.indicator == indicator.code), None)
        return row.of(indicator) if row else None

    def findings(self) -> Iterator[Finding]:
        """Report what is wrong with any legend."""
        for legend in self.legend:
            yield from legend.findings()
            yield from _overlaps_in_print(legend)


def _overlaps_in_print(legend: Legend) -> Iterator[Finding]:
    for first, second in combinations(legend.band, 2):
        one, other = as_printed(first.printed), as_printed(second.printed)
        if one and other and (both := one.intersection(other)):
            yield Finding(
                CatalogueFindingCode.BANDS_OVERLAP_IN_PRINT,
                f"{legend.place}/{first.code}/{second.code}",
                f"In print «{first.printed}» and «{second.printed}» both take {both}; the outer one is read as closed.",
                f"В источнике «{first.printed}» и «{second.printed}» пересекаются: {both}; закрыта крайняя полоса.",
            )


def load_legends() -> Legends:
    """Read the legends."""
    return read_document(FILE, Legends)
