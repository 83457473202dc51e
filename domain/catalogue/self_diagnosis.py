"""The sheet of the school's self-diagnosis: worded levels of the published file, with what each of them asks for."""

from dataclasses import dataclass, field
from datetime import date

from domain.catalogue.documents import STRICT, BadDocument, Values, read_document
from domain.catalogue.tables import Line, read_table
from domain.scoring.accreditation import AccreditationRule
from domain.scoring.self_diagnosis import DiagnosticItem, DiagnosticLevel, Requirement

FILE = "self_diagnosis.toml"
WORDINGS_FILE = "self_diagnosis_digital_environment.csv"
LEVELS = ("level_0", "level_1", "level_2", "level_3")
HEADER = ("key_condition", "criterion", "indicator", *LEVELS)


@dataclass(frozen=True)
class Criterion:
    """A criterion of a key condition (ключевое условие), with its items."""

    key_condition: str
    criterion: str
    source: str
    items: tuple[DiagnosticItem, ...]

    @property
    def maximum(self) -> int:
        """The most points that there are."""
        return sum(item.maximum for item in self.items)


@dataclass(frozen=True)
class RequirementRow:
    """A requirement as it stands in the file."""

    __pydantic_config__ = STRICT

    fact: str
    russian: str
    english: str
    values: Values | None = None
    rule: str | None = None

    @property
    def requirement(self) -> Requirement:
        """The requirement to check by."""
        return Requirement(self.fact, self.russian, self.english, self.values, self.rule)


@dataclass(frozen=True)
class ItemRow:
    """An item's requirements by level; `row` is its place in the file of wordings."""

    __pydantic_config__ = STRICT

    row: int
    code: str
    level_1: tuple[RequirementRow, ...]
    level_2: tuple[RequirementRow, ...] = ()
    level_3: tuple[RequirementRow, ...] = ()

    @property
    def levels(self) -> tuple[tuple[RequirementRow, ...], ...]:
        """Requirements of levels 0 to 3."""
        return ((), self.level_1, self.level_2, self.level_3)


@dataclass(frozen=True)
class AccreditationRow:
    """The accreditation indicator, and how long its order is in force."""

    __pydantic_config__ = STRICT

    code: str
    points: int
    signs: tuple[str, ...]
    valid_from: date
    valid_until: date
    monitored_every_years: int
    needed: int | None = None

    @property
    def rule(self) -> AccreditationRule:
        """The rule to judge by."""
        return AccreditationRule(self.signs, self.points, self.needed)


@dataclass(frozen=True)
class SelfDiagnosisDocument:
    """The file of requirements."""

    __pydantic_config__ = STRICT

    source: str
    item: tuple[ItemRow, ...]
    accreditation: AccreditationRow


@dataclass(frozen=True)
class WordedItem:
    """A row of the published file: an item and the wording of each level, None for a level that does not exist."""

    key_condition: str
    criterion: str
    wording: str
    levels: tuple[str | None, ...] = field(default=())


def parse_worded_item(line: Line) -> WordedItem:
    """Read a row. A level after one that does not exist has nothing to stand on."""
    levels = tuple(line.optional_text(column) for column in LEVELS)
    for column, level, before in zip(LEVELS[1:], levels[1:], levels, strict=False):
        if level is not None and before is None:
            line.refuse(column, "stands above a level that does not exist", "стоит над уровнем, которого нет")
    line.text(LEVELS[0])
    line.text(LEVELS[1])
    return WordedItem(line.text("key_condition"), line.text("criterion"), line.text("indicator"), levels)


def load_self_diagnosis() -> Criterion:
    """Read the sheet. BadDocument when requirements and wordings do not have the same levels."""
    worded = read_table(WORDINGS_FILE, HEADER, parse_worded_item)
    document = read_document(FILE, SelfDiagnosisDocument)
    return join(document, worded)


def join(document: SelfDiagnosisDocument, worded: tuple[WordedItem, ...]) -> Criterion:
    """Put wordings and requirements together; both must have the same items and levels."""
    if [row.row for row in document.item] != list(range(1, len(worded) + 1)):
        raise BadDocument(FILE, [("item", f"rows must be 1 to {len(worded)}, as in {WORDINGS_FILE}")])
    items = tuple(_item(row, words) for row, words in zip(document.item, worded, strict=True))
    return Criterion(worded[0].key_condition, worded[0].criterion, document.source, items)


def load_accreditation() -> AccreditationRow:
    """Read the accreditation indicator."""
    return read_document(FILE, SelfDiagnosisDocument).accreditation


def _item(row: ItemRow, words: WordedItem) -> DiagnosticItem:
    levels = []
    for level, (wording, requirements) in enumerate(zip(words.levels, row.levels, strict=True)):
        if level and (wording is None) != (not requirements):
            raise BadDocument(FILE, [(f"item {row.code}.level_{level}", "stands in one file and not in the other")])
        if wording is not None:
            levels.append(DiagnosticLevel(level, wording, tuple(each.requirement for each in requirements)))
    return DiagnosticItem(row.code, words.wording, tuple(levels))
