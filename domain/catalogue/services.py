"""Services that schools use, and which journal each region runs with what built in."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from domain.catalogue.documents import STRICT, read_document
from domain.catalogue.findings import CatalogueFindingCode
from domain.catalogue.regions import Region, RegionNames
from domain.catalogue.tables import Line, read_table
from domain.findings import Finding

FILE = "services.toml"
JOURNALS_FILE = "ejournal_integration_by_region.csv"
HEADER = ("number", "region", "system", "chats_and_calls", "mini_app")


class ServiceKind(StrEnum):
    """What a service is for."""

    JOURNAL = "JOURNAL"
    FEDERAL_SYSTEM = "FEDERAL_SYSTEM"
    COMMUNICATION = "COMMUNICATION"
    IDENTITY = "IDENTITY"


class Integration(StrEnum):
    """How much of something is built in; PARTIAL is neither yes nor no."""

    YES = "YES"
    NO = "NO"
    PARTIAL = "PARTIAL"


INTEGRATIONS = {"да": Integration.YES, "нет": Integration.NO, "частично (чаты)": Integration.PARTIAL}


@dataclass(frozen=True)
class Service:
    """A service with its names and every spelling of it."""

    __pydantic_config__ = STRICT

    code: str
    kind: ServiceKind
    russian: str
    english: str
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Services:
    """All services. ValueError when a spelling stands for two."""

    __pydantic_config__ = STRICT

    service: tuple[Service, ...]

    def __post_init__(self) -> None:
        names = [name for service in self.service for name in (service.russian, *service.spellings)]
        codes = [service.code for service in self.service]
        if len(set(names)) < len(names) or len(set(codes)) < len(codes):
            raise ValueError("a code or a spelling stands for two services")

    def __iter__(self) -> Iterator[Service]:
        return iter(self.service)

    def of_name(self, printed: str) -> Service | None:
        """Give the service that a source prints in these words, None for one that we do not know."""
        return self._by_name.get(printed)

    @cached_property
    def _by_name(self) -> dict[str, Service]:
        return {name: service for service in self.service for name in (service.russian, *service.spellings)}


class RegionJournal(NamedTuple):
    """A region's journal. `service` and `region` are None when the printed words mean none that we know."""

    number: int
    region: Region | None
    region_printed: str
    service: Service | None
    service_printed: str
    chats_and_calls: Integration
    mini_app: Integration


def load_services() -> Services:
    """Read the services."""
    return read_document(FILE, Services)


def load_region_journals(services: Services, regions: RegionNames) -> tuple[RegionJournal, ...]:
    """Read the table of regions and their journals."""
    return read_table(JOURNALS_FILE, HEADER, lambda line: parse_region_journal(line, services, regions))


def parse_region_journal(line: Line, services: Services, regions: RegionNames) -> RegionJournal:
    """Read a row."""
    region, system = line.text("region"), line.text("system")
    return RegionJournal(
        line.whole("number"),
        regions.resolve(region).region,
        region,
        services.of_name(system),
        system,
        INTEGRATIONS[line.one_of("chats_and_calls", INTEGRATIONS)],
        INTEGRATIONS[line.one_of("mini_app", INTEGRATIONS)],
    )


def journal_findings(journals: tuple[RegionJournal, ...]) -> Iterator[Finding]:
    """Report names of systems that mean no service we know."""
    for journal in journals:
        if journal.service is None:
            yield Finding(
                CatalogueFindingCode.SERVICE_UNKNOWN,
                f"services/{journal.region_printed}/{journal.service_printed}",
                f'"{journal.service_printed}" names no one product; it is kept as printed.',
                f"«{journal.service_printed}»: название не указывает на один продукт; сохранено, как напечатано.",
            )
