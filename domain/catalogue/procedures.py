"""The 18 procedures of quality assessment in three groups, and as much of their links as the sources give."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.catalogue.documents import STRICT, BadDocument, read_document
from domain.catalogue.findings import CatalogueFindingCode
from domain.catalogue.indicators import Indicators
from domain.catalogue.tables import Line, read_table
from domain.findings import Finding

FILE = "procedures.toml"
TITLES_FILE = "chelyabinsk_procedures.csv"
HEADER = ("number", "group", "title")
GROUPS = {"conditions", "outcomes", "processes"}


class Relation(StrEnum):
    """Whose link between a procedure and an indicator it is."""

    PUBLISHED = "PUBLISHED"
    OURS = "OURS"


@dataclass(frozen=True)
class ProcedureGroup:
    """A group of procedures, and how many there should be."""

    __pydantic_config__ = STRICT

    code: str
    russian: str
    english: str
    procedures: int


@dataclass(frozen=True)
class PassportPart:
    """One of the ten parts of a procedure's passport."""

    __pydantic_config__ = STRICT

    code: str
    russian: str
    english: str


@dataclass(frozen=True)
class Link:
    """Procedure to indicators of the catalogue, to a federal indicator's number, to a track."""

    __pydantic_config__ = STRICT

    procedure: int
    relation: Relation
    indicators: tuple[str, ...] = ()
    federal_number: int | None = None
    track: str | None = None


@dataclass(frozen=True)
class MotivatingMonitoring:
    """How many indicators it has, and the numbers of those that make its summary."""

    __pydantic_config__ = STRICT

    indicators: int
    summary: tuple[int, ...]


@dataclass(frozen=True)
class ProceduresDocument:
    """The file of groups and links."""

    __pydantic_config__ = STRICT

    source: str
    group: tuple[ProcedureGroup, ...]
    passport: tuple[PassportPart, ...]
    link: tuple[Link, ...]
    motivating_monitoring: MotivatingMonitoring


@dataclass(frozen=True)
class Procedure:
    """A procedure by number, its group and title as printed, and its links."""

    number: int
    group: str
    title: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Procedures:
    """All of them, with the groups and the parts of a passport."""

    procedures: tuple[Procedure, ...]
    groups: tuple[ProcedureGroup, ...]
    passport: tuple[PassportPart, ...]
    motivating_monitoring: MotivatingMonitoring

    def __iter__(self) -> Iterator[Procedure]:
        return iter(self.procedures)

    def findings(self) -> Iterator[Finding]:
        """Report what the data do not give."""
        for procedure in self.procedures:
            if not any(link.relation is Relation.PUBLISHED for link in procedure.links):
                yield Finding(
                    CatalogueFindingCode.PROCEDURE_LINK_MISSING,
                    f"procedures/{procedure.number}",
                    "No federal indicator and no track of this procedure were published.",
                    "Федеральный показатель и трек этой процедуры не опубликованы.",
                )
            if any(link.relation is Relation.OURS for link in procedure.links):
                yield Finding(
                    CatalogueFindingCode.PROCEDURE_LINK_OURS,
                    f"procedures/{procedure.number}",
                    "The indicators of this procedure are a proposal of this project, not the Chelyabinsk ones.",
                    "Показатели этой процедуры предложены этим проектом, это не показатели Челябинской области.",
                )
        given, parts = 1, len(self.passport)
        yield Finding(
            CatalogueFindingCode.PASSPORT_INCOMPLETE,
            "procedures",
            f"Of the {parts} parts of a passport only {given} (the name) was published; no points by procedure.",
            f"Из {parts} частей паспорта опубликована {given} (наименование); баллов по процедурам нет.",
        )


def parse_procedure(line: Line) -> Procedure:
    """Read a row of the published list."""
    return Procedure(line.whole("number"), line.one_of("group", GROUPS), line.text("title"))


def load_procedures(indicators: Indicators) -> Procedures:
    """Read the list and its links. BadDocument when groups or links do not fit the list."""
    return join(read_table(TITLES_FILE, HEADER, parse_procedure), read_document(FILE, ProceduresDocument), indicators)


def join(listed: tuple[Procedure, ...], document: ProceduresDocument, indicators: Indicators) -> Procedures:
    """Give every procedure its links; a group of another size than said, or a link to nothing, is a BadDocument."""
    if problems := list(_problems(listed, document, indicators)):
        raise BadDocument(FILE, problems)
    linked = tuple(
        Procedure(
            each.number, each.group, each.title, tuple(link for link in document.link if link.procedure == each.number)
        )
        for each in listed
    )
    return Procedures(linked, document.group, document.passport, document.motivating_monitoring)


def _problems(
    listed: tuple[Procedure, ...], document: ProceduresDocument, indicators: Indicators
) -> Iterator[tuple[str, str]]:
    numbers, sizes = Counter(each.number for each in listed), Counter(each.group for each in listed)
    for number in (number for number, count in numbers.items() if count > 1):
        yield f"procedure {number}", "stands twice in the list"
    for group in document.group:
        if sizes[group.code] != group.procedures:
            yield f"group {group.code}", f"has {sizes[group.code]} procedures in the list, not {group.procedures}"
    for link in document.link:
        if link.procedure not in numbers:
            yield f"link of procedure {link.procedure}", "no such procedure in the list"
        for code in (code for code in link.indicators if code not in indicators):
            yield f"link of procedure {link.procedure}", f"{code} is no indicator of the catalogue"
