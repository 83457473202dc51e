"""Ratings of the published data, for the tests of scoring."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache

from domain.catalogue.tables import read_cells
from domain.scoring.inputs import Input, Inputs
from domain.scoring.methodology import Methodology
from domain.scoring.methodology_file import FOLDER, methodologies, parse_methodology
from domain.scoring.published import Published
from domain.scoring.rating import Rating, rate
from domain.units import exact

CHELYABINSK = ("chelyabinsk-quality", "2022")
COLUMNS = {
    "conditions_points": "CHELYABINSK_CONDITIONS",
    "outcomes_points": "CHELYABINSK_OUTCOMES",
    "processes_points": "CHELYABINSK_PROCESSES",
    "score": "MOTIVATING_MONITORING",
    "active_communities_percent": "PUBLIC_PAGES_ACTIVE",
    "engagement_index": "PUBLIC_PAGES_ENGAGEMENT",
}
FILES = {
    "chelyabinsk-quality": "chelyabinsk_group_points.csv",
    "motivating-monitoring": "motivating_monitoring_2022.csv",
    "school-public-pages": "school_public_pages_by_region.csv",
}


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


def inputs_of(code: str) -> list[Input]:
    """The published file that a methodology rates; an empty cell is no data."""
    header, *rows = read_cells(FILES[code])
    return [
        Input(row[0], COLUMNS[column], exact(cell) if cell else None)
        for row in rows
        for column, cell in zip(header[1:], row[1:], strict=True)
    ]


@cache
def published_rating(code: str) -> Rating:
    """The rating of the published file."""
    return rate(methodology(code), Inputs.of(inputs_of(code)), "as published")


def published_table(section: str) -> Iterator[Published]:
    """What was published of a Chelyabinsk group."""
    _, *rows = read_cells(f"chelyabinsk_published_{section}.csv")
    for rank, municipality, percent in rows:
        yield Published(section, municipality, int(rank), int(percent))


def value(text: str | int | None) -> Fraction | None:
    """A number of a case; "-" is no data."""
    return None if text is None or text == "-" else exact(text)
