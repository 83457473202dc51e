"""Ratings: `rate` makes one from inputs and a methodology. Exact, and the same inputs give the same bytes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, cached_property
from typing import Any, NamedTuple

from domain.canonical import canonical_json
from domain.scoring.columns import Column, known_counts, weighted_sums
from domain.scoring.consistency import check_methodology, level_disagreement
from domain.scoring.findings import Finding, FindingCode
from domain.scoring.inputs import Inputs
from domain.scoring.levels import Band
from domain.scoring.methodology import Methodology, Missing, Part, RatedIndicator, Section
from domain.scoring.ranking import rank_of_values
from domain.units import Points, round_half_up


@dataclass(frozen=True, slots=True)
class Entry:
    """The place of one organisation in one section. All numbers exact, None where there is no data for them.

    `points` are those of the known inputs, `maximum` is what these could have earned, `percent` (0..100) their ratio.
    `known` of `needed` inputs were there. Places are given by `points`, or by the share of the known (OF_THE_KNOWN).
    """

    section: str
    organisation: str
    points: Points | None
    maximum: Points | None
    percent: Fraction | None
    level: Band | None
    rank: int | None
    known: int
    needed: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Rating:
    """Entries by section, each section from the first place down, those without a place last.

    A stored version is the methodology's code, version and digest, the inputs' digest, the period and the entries:
    they determine every byte of `canonical`.
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
                "methodology": {
                    name: getattr(self.methodology, name) for name in ("code", "version", "digest", "status")
                },
                "inputs": {"digest": self.inputs.digest, "provenances": self.inputs.provenances},
                "period": self.period,
                "findings": self.findings,
                "entries": [_row(entry) for entry in self.entries],
            }
        )


class _Measure(NamedTuple):
    """What follows from points alone; the same for all who have them."""

    points: Points
    maximum: Points | None
    percent: Fraction | None
    level: Band | None
    findings: tuple[Finding, ...]


class _Sum(NamedTuple):
    """An organisation's points in a section, in units that all share; `value` decides the place."""

    value: int | Fraction | None
    points: int | Fraction
    maximum: Points | None
    missing: tuple[str, ...]


def rate(methodology: Methodology, inputs: Inputs, period: str = "") -> Rating:
    """Give every organisation its points, percent, level and place in every section.

    An indicator without any input is no data for everybody; inputs that the methodology does not know are named in
    the findings. Missing is never zero. Source: domain rules R1 to R5.
    """
    points = {indicator.code: _points(indicator, inputs) for indicator in methodology.indicators}
    entries = [entry for section in methodology.sections for entry in _section(methodology, inputs, points, section)]
    findings = (
        *check_methodology(methodology),
        *_provenances(inputs),
        *_unused(methodology, inputs),
        *_out_of_range(methodology, inputs, points),
    )
    return Rating(methodology, inputs, period, tuple(entries), findings, points)


def _points(indicator: RatedIndicator, inputs: Inputs) -> Column:
    values = inputs.columns.get(indicator.code)
    return indicator.rule.column(values) if values else Column((None,) * len(inputs.organisations))


def _section(methodology: Methodology, inputs: Inputs, points: Mapping[str, Column], section: Section) -> list[Entry]:
    parts = methodology.parts(section.code)
    sums, scale = _sums(methodology, points, section, parts)
    ranks = rank_of_values((each.value for each in sums), methodology.ties)
    measure = _measure(methodology, section, scale)
    entries = [_entry(section, inputs, place, each, len(parts), ranks, measure) for place, each in enumerate(sums)]
    # Organisations come in ascending order, and sorting keeps it among those who share a place.
    return sorted(entries, key=lambda entry: (entry.rank is None, entry.rank))


def _entry(  # noqa: PLR0913, PLR0917  one row of a table has as many columns as it has
    section: Section,
    inputs: Inputs,
    place: int,
    each: _Sum,
    needed: int,
    ranks: Mapping[int | Fraction, int],
    measure: Callable[[int | Fraction, Points | None], _Measure],
) -> Entry:
    organisation, known = inputs.organisations[place], needed - len(each.missing)
    lacking = _lacking(section, inputs, place, each.missing) if each.missing else ()
    if each.value is None:
        return Entry(section.code, organisation, None, None, None, None, None, known, needed, lacking)
    of_points = measure(each.points, each.maximum)
    findings = (*of_points.findings, *lacking)
    return Entry(section.code, organisation, *of_points[:4], ranks[each.value], known, needed, findings)


def _sums(
    methodology: Methodology, points: Mapping[str, Column], section: Section, parts: Sequence[Part]
) -> tuple[list[_Sum], int]:
    """Add up a section for everybody, in units of `1/scale`."""
    columns = [points[part.indicator] for part in parts]
    sums, scale = weighted_sums(columns, [part.weight for part in parts])
    known = known_counts(columns)
    return [
        _Sum(total, total, section.maximum, ())
        if known[place] == len(parts)
        else _incomplete(methodology, points, section, parts, place, total)
        for place, total in enumerate(sums)
    ], scale


def _incomplete(  # noqa: PLR0913, PLR0917  the missing-data rule reads all that a sum is made from
    methodology: Methodology,
    points: Mapping[str, Column],
    section: Section,
    parts: Sequence[Part],
    place: int,
    total: int | Fraction,
) -> _Sum:
    """Apply the methodology's rule for missing inputs to one organisation's sum."""
    missing = tuple(part for part in parts if points[part.indicator].cells[place] is None)
    codes = tuple(part.indicator for part in missing)
    if methodology.missing is Missing.NO_PLACE or section.maximum is None:
        return _Sum(None, total, None, codes)
    lost = sum((_maximum(methodology, part) for part in missing), start=Fraction(0))
    left = section.maximum - lost
    if left <= 0 or left < methodology.minimum_coverage * section.maximum:
        return _Sum(None, total, None, codes)
    return _Sum(total * section.maximum / left, total, left, codes)


def _maximum(methodology: Methodology, part: Part) -> Fraction:
    return part.weight * (methodology.indicator(part.indicator).maximum or 0)


def _measure(
    methodology: Methodology, section: Section, scale: int
) -> Callable[[int | Fraction, Points | None], _Measure]:
    """Give the function from a sum in units of `1/scale` to percent and level, which remembers its answers."""

    @cache
    def measure(total: int | Fraction, maximum: Points | None) -> _Measure:
        points = Fraction(total) / scale
        percent = 100 * points / maximum if maximum else None
        # Bands are of the whole maximum: a share of the known is carried over to it.
        of_whole = points if maximum is None or section.maximum is None else points * section.maximum / maximum
        level = section.bands.reached(of_whole) if section.bands else None
        return _Measure(points, maximum, percent, level, tuple(_doubts(methodology, section, of_whole)))

    return measure


def _doubts(methodology: Methodology, section: Section, points: Points) -> Iterator[Finding]:
    place = f"{section.code}.{points}"
    yield from level_disagreement(methodology, section, points, place)
    if section.maximum is not None and not 0 <= points <= section.maximum:
        yield _beyond(place, points, section.maximum)
    elif section.bands and not section.bands.containing(points):
        yield Finding(
            FindingCode.POINTS_BETWEEN_BANDS,
            place,
            f"{points} points lie outside every printed band; the level is the highest whose lower bound is reached.",
            f"{points} баллов не попадают ни в одну полосу; взят старший уровень, нижняя граница которого достигнута.",
        )


def _lacking(section: Section, inputs: Inputs, place: int, missing: Sequence[str]) -> tuple[Finding, ...]:
    """Tell apart what nobody reported and what was reported but earns no known points."""
    reported = [code for code in missing if (column := inputs.columns.get(code)) and column.cells[place] is not None]
    absent = [code for code in missing if code not in reported]
    findings = []
    if absent:
        names = ", ".join(absent)
        english, russian = f"No data for: {names}.", f"Нет данных: {names}."
        findings.append(Finding(FindingCode.INPUT_MISSING, f"{section.code}.inputs", english, russian))
    if reported:
        names = ", ".join(reported)
        english, russian = f"No step of points takes the value of: {names}.", f"Значение вне шкалы баллов: {names}."
        findings.append(Finding(FindingCode.VALUE_WITHOUT_POINTS, f"{section.code}.inputs", english, russian))
    return tuple(findings)


def _provenances(inputs: Inputs) -> Iterator[Finding]:
    for code, words in sorted(inputs.provenances.items()):
        if "RECONSTRUCTED" in words:
            english, russian = "Reconstructed from published results.", "Восстановлено по опубликованным результатам."
            yield Finding(FindingCode.RECONSTRUCTED, f"inputs.{code}", english, russian)
        if "SYNTHETIC" in words:
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
        highest = None if indicator.maximum is None else indicator.maximum * column.scale
        for place, cell in enumerate(column.cells):
            if cell is not None and (cell < 0 or (highest is not None and cell > highest)):
                earned = Fraction(cell) / column.scale
                yield _beyond(f"inputs.{indicator.code}.{inputs.organisations[place]}", earned, indicator.maximum)


def _beyond(place: str, points: Points, maximum: Points | None) -> Finding:
    return Finding(
        FindingCode.POINTS_OUT_OF_RANGE,
        place,
        f"{points} points lie outside 0 to {maximum}; they count as they are.",
        f"{points} баллов вне пределов от 0 до {maximum}; учтены как есть.",
    )


def _row(entry: Entry) -> Mapping[str, Any]:
    """An entry as it is stored: the level by its code."""
    row = {name: getattr(entry, name) for name in Entry.__slots__}
    return row | {"level": entry.level.code if entry.level else None}
