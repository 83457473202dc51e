"""Ratings: `rate` makes one from inputs and a methodology. Exact, and the same inputs give the same bytes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from domain.canonical import canonical_json
from domain.findings import Finding
from domain.scoring.columns import Column, places_in
from domain.scoring.consistency import check_methodology, points_beyond, possible_points
from domain.scoring.entries import Entry, SectionEntries
from domain.scoring.findings import FindingCode
from domain.scoring.inputs import Inputs
from domain.scoring.methodology import Methodology, RatedIndicator
from domain.scoring.observations import ObservationProvenance
from domain.units import round_half_up


class RatingVersion(NamedTuple):
    """What determines every figure of a rating; with its entries, what a store keeps."""

    methodology: str
    methodology_version: str
    methodology_digest: str
    inputs_digest: str
    period: str


@dataclass(frozen=True)
class Rating:
    """Entries by section, each section from the first place down, those without a place last.

    `version` and the entries are what is stored; the same version gives the same bytes of `canonical`.
    """

    methodology: Methodology
    inputs: Inputs
    period: str
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    points: Mapping[str, Column] = field(repr=False)
    """Points of every indicator before weights, cells in the order of `inputs.organisations`."""

    @cached_property
    def _tables(self) -> Mapping[str, Mapping[str, Entry]]:
        tables: dict[str, dict[str, Entry]] = {section.code: {} for section in self.methodology.sections}
        for entry in self.entries:
            tables[entry.section][entry.organisation] = entry
        return tables

    @property
    def version(self) -> RatingVersion:
        """Name what the rating was made from."""
        how = self.methodology
        return RatingVersion(how.code, how.version, how.digest, self.inputs.digest, self.period)

    def table(self, section: str) -> tuple[Entry, ...]:
        """Give a section's entries, first place first. KeyError for an unknown section."""
        return tuple(self._tables[section].values())

    def entry(self, section: str, organisation: str) -> Entry:
        """Give one organisation's entry. KeyError where there is none."""
        return self._tables[section][organisation]

    def shown_percent(self, entry: Entry) -> str | None:
        """Give the percent as it is printed: rounded half up, once."""
        return None if entry.percent is None else str(round_half_up(entry.percent, self.methodology.percent_places))

    def canonical(self) -> bytes:
        """Give the rating as canonical JSON: what it was made from, its findings, its entries."""
        return canonical_json(
            {
                "version": self.version._asdict(),
                "status": self.methodology.status,
                "provenances": self.inputs.provenances,
                "findings": [_mention(finding) for finding in self.findings],
                "entries": [_row(entry) for entry in self.entries],
            }
        )


def rate(methodology: Methodology, inputs: Inputs, period: str = "") -> Rating:
    """Give every organisation its points, percent, level and place in every section.

    An indicator without any input is no data for everybody; inputs that the methodology does not know are named in
    the findings. Missing is never zero. Source: domain rules R1 to R5.
    """
    points = {indicator.code: _points(indicator, inputs) for indicator in methodology.indicators}
    sheets = (SectionEntries(methodology, inputs, points, section) for section in methodology.sections)
    entries = [entry for sheet in sheets for entry in sheet.entries()]
    findings = (
        *check_methodology(methodology),
        *_provenances(inputs),
        *_unused(methodology, inputs),
        *_out_of_range(methodology, inputs, points),
    )
    return Rating(methodology, inputs, period, tuple(entries), findings, points)


def restored(methodology: Methodology, inputs: Inputs, period: str, entries: tuple[Entry, ...]) -> Rating:
    """Give a stored rating its methods back. `inputs` may be a part of what it was made from, with the same names.

    Places are those that were stored: nothing is rated anew.
    """
    points = {indicator.code: _points(indicator, inputs) for indicator in methodology.indicators}
    return Rating(methodology, inputs, period, entries, (), points)


def _points(indicator: RatedIndicator, inputs: Inputs) -> Column:
    values = inputs.columns.get(indicator.code)
    return indicator.rule.column(values) if values else Column((None,) * len(inputs.organisations))


def _provenances(inputs: Inputs) -> Iterator[Finding]:
    for code, words in sorted(inputs.provenances.items()):
        if ObservationProvenance.RECONSTRUCTED in words:
            english, russian = "Reconstructed from published results.", "Восстановлено по опубликованным результатам."
            yield Finding(FindingCode.RECONSTRUCTED, f"inputs.{code}", english, russian)
        if ObservationProvenance.SYNTHETIC in words:
            yield Finding(FindingCode.SYNTHETIC, f"inputs.{code}", "Invented values.", "Вымышленные значения.")


def _unused(methodology: Methodology, inputs: Inputs) -> Iterator[Finding]:
    for code in sorted(set(inputs.columns) - {indicator.code for indicator in methodology.indicators}):
        english = "The methodology does not count this indicator: its values had no effect."
        russian = "Методика не учитывает этот показатель: его значения ни на что не повлияли."
        yield Finding(FindingCode.INPUT_UNUSED, f"inputs.{code}", english, russian)


def _out_of_range(methodology: Methodology, inputs: Inputs, points: Mapping[str, Column]) -> Iterator[Finding]:
    """Name inputs that earn less than nothing or more than their indicator can; they count as they are."""
    for indicator in methodology.indicators:
        column = points[indicator.code]
        distinct = sorted({cell for cell in column.cells if cell is not None})
        possible = distinct[places_in(possible_points(indicator.maximum), distinct, column.scale)]
        beyond = set(distinct) - set(possible)
        for place, cell in enumerate(column.cells if beyond else ()):
            if cell in beyond:
                at = f"inputs.{indicator.code}.{inputs.organisations[place]}"
                yield points_beyond(at, Fraction(cell or 0) / column.scale, indicator.maximum)


def _row(entry: Entry) -> Mapping[str, Any]:
    """An entry as it is stored: the level by its code."""
    row = {name: getattr(entry, name) for name in Entry.__slots__}
    derived = {"percent": entry.percent, "level": entry.level.code if entry.level else None}
    return row | derived | {"findings": [_mention(finding) for finding in entry.findings]}


def _mention(finding: Finding) -> list[str]:
    """A finding without its words: these may be improved, the bytes of a stored rating may not."""
    return [finding.code.value, finding.place]
