"""Tables that were published, as observations: what has no clear region or stands twice is set aside, not guessed."""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from domain.catalogue.findings import CatalogueFindingCode
from domain.catalogue.indicators import Indicators
from domain.catalogue.regions import RegionNames
from domain.catalogue.tables import Line, read_table
from domain.findings import Finding
from domain.scoring.levels import written
from domain.scoring.observations import Observation, ObservationProvenance

POINTS_FILE = "chelyabinsk_group_points.csv"
GROUPS = ("conditions", "outcomes", "processes")
MOTIVATING_FILE = "motivating_monitoring_2022.csv"
PAGES_FILE = "school_public_pages_by_region.csv"
PAGES = ("active_communities_percent", "engagement_index")
SFERUM_FILE = "sferum_low_regions_2023_06_09.csv"


class PublishedTable(NamedTuple):
    """A table: what can be used, what is set aside until somebody decides, and why."""

    file: str
    observations: tuple[Observation, ...]
    aside: tuple[Observation, ...]
    findings: tuple[Finding, ...]


class PublishedPlace(NamedTuple):
    """A place in a published rating: dense rank, and the percent as printed (whole, rounded half up)."""

    rank: int
    municipality: str
    percent: int


def chelyabinsk_points() -> tuple[Observation, ...]:
    """Points of 43 municipalities by group, reconstructed from published percents and ranks; never say "published"."""
    header = ("municipality", *(f"{group}_points" for group in GROUPS))
    rows = read_table(POINTS_FILE, header, _chelyabinsk_row)
    return tuple(observation for row in rows for observation in row)


def published_places(group: str) -> tuple[PublishedPlace, ...]:
    """Give the printed rating of `conditions` or of `processes`; the other group was not printed."""
    return read_table(f"chelyabinsk_published_{group}.csv", ("rank", "municipality", "percent"), _place)


def motivating_monitoring(regions: RegionNames) -> PublishedTable:
    """Total score of the regions, August 2022."""
    source = _Source(MOTIVATING_FILE, "2022-08", "SLIDES_003")
    rows = read_table(
        MOTIVATING_FILE,
        ("region", "score"),
        lambda line: [_observed(source, line.text("region"), "MOTIVATING_MONITORING", line.exact_number("score"))],
    )
    table = _sorted_out(MOTIVATING_FILE, rows, regions)
    absent = regions.absent(MOTIVATING_FILE, (observation.organisation for observation in table.observations))
    return table._replace(findings=(*table.findings, *absent))


def public_pages(indicators: Indicators, regions: RegionNames) -> PublishedTable:
    """Active pages of schools and engagement, by region; a third of the regions have no value."""
    source = _Source(PAGES_FILE, "2023", "SLIDES_002")

    def row(line: Line) -> list[Observation]:
        region = line.text("region")
        return [
            _observed(source, region, _code(line, indicators, page, page), line.number_or_none(page)) for page in PAGES
        ]

    return _sorted_out(PAGES_FILE, read_table(PAGES_FILE, ("region", *PAGES), row), regions)


def sferum_lowest(indicators: Indicators, regions: RegionNames) -> PublishedTable:
    """The fifteen lowest regions by each of five measures, 9 June 2023: a region that is not listed is not zero."""
    source = _Source(SFERUM_FILE, "2023-06-09", "SLIDES_002")

    def row(line: Line) -> list[Observation]:
        code = _code(line, indicators, line.text("indicator"), "indicator")
        return [_observed(source, line.text("region"), code, line.exact_number("percent"))]

    return _sorted_out(SFERUM_FILE, read_table(SFERUM_FILE, ("indicator", "region", "percent"), row), regions)


class _Source(NamedTuple):
    file: str
    period: str
    deck: str


def _observed(source: _Source, region: str, indicator: str, value: Fraction | None) -> Observation:
    return Observation(region, indicator, value, ObservationProvenance.PUBLISHED, source.period, source.deck)


def _code(line: Line, indicators: Indicators, wording: str, column: str) -> str:
    indicator = indicators.of_wording(wording)
    return indicator.code if indicator else line.refuse(column, "is no indicator we know", "показатель неизвестен")


def _chelyabinsk_row(line: Line) -> list[Observation]:
    municipality = line.text("municipality")
    return [
        Observation(
            municipality,
            f"CHELYABINSK_{group.upper()}",
            line.exact_number(f"{group}_points"),
            ObservationProvenance.RECONSTRUCTED,
            "2020/2022",
            "SLIDES_003",
        )
        for group in GROUPS
    ]


def _place(line: Line) -> PublishedPlace:
    return PublishedPlace(line.whole("rank"), line.text("municipality"), line.whole("percent"))


def _sorted_out(file: str, rows: Iterable[list[Observation]], regions: RegionNames) -> PublishedTable:
    """Give regions their usual names; rows of unknown regions and rows that contradict each other go aside."""
    printed = [observation for row in rows for observation in row]
    named: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    aside: list[Observation] = []
    for observation in printed:
        region = regions.resolve(observation.organisation).region
        if region is None:
            aside.append(observation)
        else:
            named[region.russian, observation.indicator].append(observation._replace(organisation=region.russian))
    twice = [found for found in named.values() if len(found) > 1]
    findings = (
        *regions.doubtful(file, (observation.organisation for observation in printed)),
        *(_twice(file, found) for found in twice),
    )
    once = tuple(found[0] for found in named.values() if len(found) == 1)
    return PublishedTable(file, once, (*aside, *(each for found in twice for each in found)), findings)


def _twice(file: str, found: list[Observation]) -> Finding:
    values = ", ".join("-" if each.value is None else written(each.value) for each in found)
    return Finding(
        CatalogueFindingCode.REGION_TWICE,
        f"{file}/{found[0].indicator}/{found[0].organisation}",
        f"{found[0].organisation} stands {len(found)} times ({values}); none is used until somebody decides.",
        f"{found[0].organisation}: {len(found)} строки ({values}); ни одна не используется до решения человека.",
    )
