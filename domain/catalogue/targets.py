"""Targets (целевые значения) and baselines, by year and act, kept side by side where the acts contradict each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from domain.catalogue.documents import STRICT, Exact, read_document
from domain.catalogue.indicators import Indicators
from domain.catalogue.sources import Sources
from domain.catalogue.tables import Line, Table, parse_table, read_cells
from domain.measurement import Periodicity, TargetStatus

FILE = "targets.csv"
FURTHER_FILE = "further_targets.toml"
HEADER = ("act", "indicator", "unit", "baseline", "baseline_date", "year", "target", "status", "note")
STATUSES = {"firm", "reference"}
PERCENT = "процент"


@dataclass(frozen=True)
class Target:
    """What is to be reached in a year by one act. Unit: the indicator's.

    `periodicity` and `first_due` say when it is looked at; without a date it is due at the end of the year.
    `line` is the row of `targets.csv`, None for one that stands in no table.
    """

    __pydantic_config__ = STRICT

    indicator: str
    source: str
    year: int
    value: Exact
    status: TargetStatus
    note: str | None = None
    periodicity: Periodicity = Periodicity.YEARLY
    first_due: date | None = None
    wording: str | None = None
    line: int | None = None

    @property
    def due(self) -> date:
        """The day on which it is looked at first."""
        return self.first_due or date(self.year, 12, 31)


@dataclass(frozen=True)
class Baseline:
    """The value that an act counts from. `on` is the day as the act prints it: a year, or a full date."""

    indicator: str
    source: str
    value: Fraction
    on: str


@dataclass(frozen=True)
class FurtherTargets:
    """Targets that stand on slides."""

    __pydantic_config__ = STRICT

    target: tuple[Target, ...]


@dataclass(frozen=True)
class Targets:
    """All targets and baselines. Contradictions are kept: `target_findings` names them."""

    targets: tuple[Target, ...]
    baselines: tuple[Baseline, ...]

    def of(self, indicator: str, year: int | None = None) -> tuple[Target, ...]:
        """Give the targets of an indicator, in the order of years and acts; without a year, of all years."""
        found = [each for each in self.targets if each.indicator == indicator and year in (None, each.year)]
        return tuple(sorted(found, key=lambda target: (target.year, target.source)))

    def firm(self, indicator: str, year: int) -> tuple[Target, ...]:
        """Give what binds in a year: none, one, or several acts that may disagree."""
        return tuple(target for target in self.of(indicator, year) if target.status is TargetStatus.FIRM)

    def baselines_of(self, indicator: str) -> tuple[Baseline, ...]:
        """Give what the acts count from."""
        return tuple(baseline for baseline in self.baselines if baseline.indicator == indicator)


@dataclass(frozen=True)
class TargetRow:
    """A row of the file: a target, and the baseline printed beside it."""

    target: Target
    baseline: Baseline | None


def parse_targets(
    file: str, cells: Sequence[Sequence[str]], indicators: Indicators, sources: Sources
) -> Table[TargetRow]:
    """Read rows of cells, the header first; a row whose act or indicator nobody knows is set aside with its reason."""
    return parse_table(file, cells, HEADER, lambda line: _row(line, indicators, sources))


def join(rows: Sequence[TargetRow], further: Sequence[Target] = ()) -> Targets:
    """Put the rows of files and other targets together; a baseline printed in every row counts once."""
    baselines = dict.fromkeys(row.baseline for row in rows if row.baseline)
    return Targets((*(row.target for row in rows), *further), tuple(baselines))


def load_targets(indicators: Indicators, sources: Sources) -> Targets:
    """Read the targets of the acts and those of the slides."""
    rows = parse_targets(FILE, read_cells(FILE), indicators, sources).complete()
    return join(rows, read_document(FURTHER_FILE, FurtherTargets).target)


def _row(line: Line, indicators: Indicators, sources: Sources) -> TargetRow:
    wording, act = line.text("indicator"), line.text("act")
    indicator = indicators.of_wording(wording) or line.refuse(
        "indicator", "is no indicator we know", "показатель неизвестен"
    )
    source = sources.of_print(act) or line.refuse("act", "is no act we know", "акт неизвестен")
    line.one_of("unit", {PERCENT})
    target = Target(
        indicator=indicator.code,
        source=source.code,
        year=line.whole("year"),
        value=line.exact_number("target"),
        status=TargetStatus(line.one_of("status", STATUSES).upper()),
        note=line.optional_text("note"),
        wording=wording,
        line=line.number,
    )
    return TargetRow(target, _baseline(line, target))


def _baseline(line: Line, target: Target) -> Baseline | None:
    value = line.number_or_none("baseline")
    return None if value is None else Baseline(target.indicator, target.source, value, line.text("baseline_date"))
