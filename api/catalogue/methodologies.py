"""Rows of the methodologies that are shipped: their text, sections, levels, and what each of them counts."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from domain.catalogue.catalogue import Catalogue
from domain.catalogue.ids import catalogue_id, indicator_id, level_id, methodology_id
from domain.measurement import Definition, Measures, Periodicity, Unit
from domain.records import Indicator, MethodologyInput, MethodologyLevel, MethodologySection, Record
from domain.records import Methodology as MethodologyRow
from domain.scoring.levels import Band
from domain.scoring.methodology import Group, Methodology, RatedIndicator, Status
from domain.scoring.methodology_file import FOLDER, parse_methodology
from domain.scoring.observations import UnitCounted


class ShippedMethodology(NamedTuple):
    """A version with the text that says it."""

    methodology: Methodology
    text: str


def shipped_methodologies() -> list[ShippedMethodology]:
    """Read all versions of the house."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.toml"))]
    return [ShippedMethodology(parse_methodology(text), text) for text in texts]


def methodology_rows(shipped: Sequence[ShippedMethodology], catalogue: Catalogue) -> Iterator[Record]:
    """Make the rows; inputs that the catalogue does not have become indicators of ours."""
    known = {indicator.code for indicator in catalogue.indicators}
    for each in shipped:
        for indicator in each.methodology.indicators:
            if indicator.code not in known:
                known.add(indicator.code)
                yield _indicator(indicator, invented=each.methodology.status is Status.SYNTHETIC)
        yield _methodology(each)
        yield from _sections(each.methodology)
        yield from _levels(each.methodology)
        for group in each.methodology.groups:
            yield from _inputs(each.methodology, group)


def _methodology(shipped: ShippedMethodology) -> MethodologyRow:
    methodology = shipped.methodology
    return MethodologyRow(
        id=methodology_id(methodology.code, methodology.version),
        code=methodology.code,
        version=methodology.version,
        digest=methodology.digest,
        status=methodology.status,
        name=methodology.russian,
        english_name=methodology.english,
        source=methodology.source,
        valid_from=methodology.valid_from,
        text=shipped.text,
    )


def _indicator(indicator: RatedIndicator, *, invented: bool) -> Indicator:
    """What only an invented methodology counts says so in its name: it must never pass for somebody's measure."""
    russian, english = (" (вымышлено)", " (invented)") if invented else ("", "")
    return Indicator(
        id=indicator_id(indicator.code),
        code=indicator.code,
        name=indicator.russian + russian,
        english_name=indicator.english + english,
        unit=Unit.PERCENT,
        direction=indicator.direction,
        decimals=0,
        unit_counted=UnitCounted.NONE,
        periodicity=Periodicity.YEARLY,
        measures=Measures.ASSESSED,
        definition=Definition.OURS,
        sources=[],
    )


def _sections(methodology: Methodology) -> Iterator[MethodologySection]:
    for position, section in enumerate(methodology.sections, start=1):
        yield MethodologySection(
            id=catalogue_id("section", methodology.code, methodology.version, section.code),
            methodology_id=methodology_id(methodology.code, methodology.version),
            code=section.code,
            position=position,
            name=section.russian,
            english_name=section.english,
            maximum=_text(section.maximum),
        )


def _levels(methodology: Methodology) -> Iterator[MethodologyLevel]:
    bands: dict[str, Band] = {}
    for owner in (methodology.percent_bands, *(section.bands for section in methodology.sections)):
        for band in owner or ():
            bands.setdefault(band.code, band)
    for position, band in enumerate(bands.values(), start=1):
        yield MethodologyLevel(
            id=level_id(methodology.code, methodology.version, band.code),
            methodology_id=methodology_id(methodology.code, methodology.version),
            code=band.code,
            position=position,
            name=band.russian,
            english_name=band.english,
            colour=band.colour,
        )


def _inputs(methodology: Methodology, group: Group) -> Iterator[MethodologyInput]:
    for position, indicator in enumerate(group.indicators, start=1):
        yield MethodologyInput(
            id=catalogue_id("input", methodology.code, methodology.version, indicator.code),
            methodology_id=methodology_id(methodology.code, methodology.version),
            indicator_id=indicator_id(indicator.code),
            position=position,
            group_code=group.code,
            name=indicator.russian,
            english_name=indicator.english,
            weight=str(indicator.weight),
            maximum=_text(indicator.maximum),
        )


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)
