"""The way in: the whole catalogue, read once, with everything that a reader must know about it."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.catalogue.activity_rules import ActivityRules, load_activity_rules
from domain.catalogue.documents import BadDocument
from domain.catalogue.indicators import Indicators, load_indicators
from domain.catalogue.legends import Legends, load_legends
from domain.catalogue.procedures import Procedures, load_procedures
from domain.catalogue.published import PublishedTable, motivating_monitoring, public_pages, sferum_lowest
from domain.catalogue.regions import RegionNames, load_regions
from domain.catalogue.self_diagnosis import AccreditationRow, Criterion, load_accreditation, load_self_diagnosis
from domain.catalogue.services import RegionJournal, Services, journal_findings, load_region_journals, load_services
from domain.catalogue.sources import Sources, load_sources
from domain.catalogue.target_findings import target_findings
from domain.catalogue.targets import Targets, load_targets
from domain.findings import Finding


@dataclass(frozen=True)
class Catalogue:
    """Everything that can be measured and was planned. BadDocument when one part refers to what no other has."""

    indicators: Indicators
    sources: Sources
    targets: Targets
    legends: Legends
    regions: RegionNames
    procedures: Procedures
    services: Services
    journals: tuple[RegionJournal, ...]
    activity_rules: ActivityRules
    self_diagnosis: Criterion
    accreditation: AccreditationRow
    published: tuple[PublishedTable, ...]

    def __post_init__(self) -> None:
        if problems := list(self._dangling()):
            raise BadDocument("catalogue", problems)

    def findings(self) -> Iterator[Finding]:
        """Go through every contradiction and gap of the sources."""
        yield from self.sources.findings()
        yield from self.indicators.findings(self.sources)
        yield from target_findings(self.targets, self.indicators)
        yield from self.legends.findings()
        yield from self.procedures.findings()
        yield from journal_findings(self.journals)
        for table in self.published:
            yield from table.findings

    def _dangling(self) -> Iterator[tuple[str, str]]:
        """References that lead nowhere: a slip in one file that only shows beside another."""
        measures = {name for each in self.indicators for name in (each.code, each.measure) if name}
        references = (
            (self._sources_named(), self.sources, "source"),
            (((legend.place, legend.measure) for legend in self.legends.legend), measures, "measure"),
            (self._indicators_named(), self.indicators, "indicator"),
            (self._rules_named(), self.activity_rules, "activity rule"),
        )
        for named, known, noun in references:
            for place, name in named:
                if name not in known:
                    yield place, f"{name} is no {noun} of the catalogue"

    def _sources_named(self) -> Iterator[tuple[str, str]]:
        for indicator in self.indicators:
            yield from ((f"indicators/{indicator.code}", source) for source in indicator.sources)
        yield from ((f"targets/{target.indicator}", target.source) for target in self.targets.targets)
        yield from ((legend.place, legend.source) for legend in self.legends.legend)
        yield from ((f"cut_offs/{row.indicator}", row.source) for row in self.legends.cut_offs)
        yield from ((f"activity_rules/{row.code}", row.source) for row in self.activity_rules.rule)
        yield "self_diagnosis", self.self_diagnosis.source

    def _indicators_named(self) -> Iterator[tuple[str, str]]:
        yield from ((f"cut_offs/{row.indicator}", row.indicator) for row in self.legends.cut_offs)
        yield from ((f"targets/{target.indicator}", target.indicator) for target in self.targets.targets)

    def _rules_named(self) -> Iterator[tuple[str, str]]:
        for item in self.self_diagnosis.items:
            for requirement in (each for level in item.levels for each in level.requirements):
                if requirement.rule:
                    yield f"self_diagnosis/{item.code}", requirement.rule


def load_catalogue() -> Catalogue:
    """Read all files of the data folder: some 50 ms, so read it once. BadTable or BadDocument names what is wrong."""
    indicators, sources, regions = load_indicators(), load_sources(), load_regions()
    services = load_services()
    return Catalogue(
        indicators=indicators,
        sources=sources,
        targets=load_targets(indicators, sources),
        legends=load_legends(),
        regions=regions,
        procedures=load_procedures(indicators),
        services=services,
        journals=load_region_journals(services, regions),
        activity_rules=load_activity_rules(),
        self_diagnosis=load_self_diagnosis(),
        accreditation=load_accreditation(),
        published=(
            motivating_monitoring(regions),
            public_pages(indicators, regions),
            sferum_lowest(indicators, regions),
        ),
    )
