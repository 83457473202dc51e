"""Ratings of the published data, for the tests of scoring."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache

from domain.catalogue.indicators import load_indicators
from domain.catalogue.published import chelyabinsk_points, motivating_monitoring, public_pages, published_places
from domain.catalogue.regions import load_regions
from domain.scoring.inputs import Inputs
from domain.scoring.methodology import Methodology
from domain.scoring.methodology_file import FOLDER, methodologies, parse_methodology
from domain.scoring.observations import Observation, ObservationProvenance
from domain.scoring.published import Published
from domain.scoring.rating import Rating, rate
from domain.units import exact

REGIONS = load_regions()


def observed(
    organisation: str,
    indicator: str,
    value: Fraction | None,
    provenance: ObservationProvenance = ObservationProvenance.ENTERED,
) -> Observation:
    """A value as somebody entered it."""
    return Observation(organisation, indicator, value, provenance)


@cache
def shipped() -> Mapping[tuple[str, str], Methodology]:
    """All methodologies of the house."""
    return methodologies()


def methodology(code: str, changes: Mapping[str, str] | None = None) -> Methodology:
    """A shipped methodology by its code, with texts of its file put in place of others."""
    if not changes:
        return next(each for (found, _), each in shipped().items() if found == code)
    (path,) = FOLDER.glob(f"{code}_*.toml")
    text = path.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, f"{old!r} is not in {path.name}"
        text = text.replace(old, new)
    return parse_methodology(text)


@cache
def inputs_of(code: str) -> tuple[Observation, ...]:
    """The published table that a methodology rates; an empty cell is no data."""
    match code:
        case "chelyabinsk-quality":
            return chelyabinsk_points()
        case "motivating-monitoring":
            return motivating_monitoring(REGIONS).observations
        case "school-public-pages":
            return public_pages(load_indicators(), REGIONS).observations
    raise KeyError(code)


@cache
def published_rating(code: str) -> Rating:
    """The rating of the published file."""
    return rate(methodology(code), Inputs.of(inputs_of(code)), "as published")


def published_table(section: str) -> Iterator[Published]:
    """What was published of a Chelyabinsk group."""
    for rank, municipality, percent in published_places(section):
        yield Published(section, municipality, rank, percent)


def value(text: str | int | None) -> Fraction | None:
    """A number of a case; "-" is no data."""
    return None if text is None or text == "-" else exact(text)
