"""The catalogue: indicators with targets, baselines and sources, the procedures, and what the sources leave open."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import col

from auth.permissions import Permission as P
from domain import records
from schema.engine.access.rule import Access
from schema.engine.mapping.declare import column, derived, filters, many, mapped, one
from schema.engine.node import Node
from schema.engine.scalars import Exact
from schema.figures.exact_numbers import text_of
from schema.figures.measurement import Definition, Direction, Measures, Periodicity, TargetStatus, Unit, UnitCounted

RULE = Access(P.INDICATOR_SEE, public=True)
ENGLISH = "The same in English (по-английски)."


@mapped(records.CatalogueSource, "An act or a deck that sets or prints an indicator (источник).", RULE)
class CatalogueSource(Node):
    """A source."""

    code: str = column("Stable code (код).")
    name: str = column("Name in Russian (название).")
    english_name: str = column(ENGLISH)
    issued_on: date | None = column("Day of the act (дата).")


@mapped(records.IndicatorTarget, "What is to be reached in a year by one act (целевое значение).", RULE)
class IndicatorTarget(Node):
    """A target."""

    year: int = column("Year (год).")
    value: Exact = derived("Target in the indicator's unit (значение).", text_of("value"), "value")
    status: TargetStatus = column("Whether it binds (статус).")
    periodicity: Periodicity = column("How often it is looked at (периодичность).")
    due: date = column("Day on which it is looked at first (срок).")
    note: str | None = column("Note of the source (примечание).")
    source: CatalogueSource | None = one("By which act (источник).", by=records.IndicatorTarget.source_id)
    indicator: "Indicator | None" = one("Of which indicator (показатель).", by=records.IndicatorTarget.indicator_id)


@mapped(records.IndicatorBaseline, "The value that an act counts from (базовое значение).", RULE)
class IndicatorBaseline(Node):
    """A baseline."""

    value: Exact = derived("Value in the indicator's unit (значение).", text_of("value"), "value")
    counted_on: str = column("Day or year as the act prints it (дата).")
    source: CatalogueSource | None = one("By which act (источник).", by=records.IndicatorBaseline.source_id)


@mapped(
    records.CatalogueRemark,
    "What the sources contradict or leave open (замечание к источникам): named, not repaired.",
    RULE,
)
class CatalogueRemark(Node):
    """A remark."""

    code: str = column("Stable code, for programs (код).")
    place: str = column("Where, as a path such as `targets/DEE_TEACHERS/2025` (место).")
    message: str = column("In Russian (сообщение).")
    english_message: str = column(ENGLISH)
    indicator: "Indicator | None" = one("About which indicator (показатель).", by=records.CatalogueRemark.indicator_id)


@filters(
    year=("year", "Of this year (год)."),
    status=("status", "Only those that bind, or only those for reference (статус)."),
)
def _targets(
    row: type[records.IndicatorTarget], year: int | None = None, status: TargetStatus | None = None
) -> Iterator[ColumnElement[bool]]:
    if year is not None:
        yield col(row.year) == year
    if status is not None:
        yield col(row.status) == status


@mapped(records.Indicator, "Something that is measured (показатель): its unit, direction, and whose act it is.", RULE)
class Indicator(Node):
    """An indicator."""

    code: str = column("Stable code (код).")
    name: str = column("Name in Russian (название).")
    english_name: str = column(ENGLISH)
    unit: Unit = column("What a value is counted in (единица).")
    direction: Direction = column("Which way is better (направление).")
    decimals: int = column("Decimal places for display (знаков после запятой).")
    unit_counted: UnitCounted = column("What is counted one by one (единица счёта).")
    periodicity: Periodicity = column("How often it is taken (периодичность).")
    measures: Measures = column("What is measured (что измеряется).")
    definition: Definition = column("Whose definition it is (чьё определение).")
    numerator: str | None = column("What is counted (числитель).")
    denominator: str | None = column("Among what (знаменатель).")
    same_name: str | None = column("A name by which another indicator goes too (совпадающее название).")
    minimum: Exact | None = derived("Lower of two cut-offs (минимум).", text_of("minimum"), "minimum")
    goal: Exact | None = derived("Upper of two cut-offs (цель).", text_of("goal"), "goal")
    due: date | None = column("Day by which the cut-offs are to be reached (срок).")
    targets: list[IndicatorTarget] | None = many(
        "Targets of all acts, also those that contradict each other (целевые значения).",
        by=records.IndicatorTarget.indicator_id,
        order=("year", "id"),
        where=_targets,
        usually=10,
    )
    baselines: list[IndicatorBaseline] | None = many(
        "Values that the acts count from (базовые значения).",
        by=records.IndicatorBaseline.indicator_id,
        order=("counted_on", "id"),
        usually=5,
    )
    remarks: list[CatalogueRemark] | None = many(
        "What its sources contradict or leave open (замечания).",
        by=records.CatalogueRemark.indicator_id,
        order=("place", "code", "id"),
        usually=3,
    )


@mapped(records.ProcedureIndicator, "That a procedure looks at an indicator (связь с показателем).", RULE)
class ProcedureIndicator(Node):
    """A link."""

    definition: Definition = column("Whose link it is (чья связь).")
    indicator: Indicator | None = one("The indicator (показатель).", by=records.ProcedureIndicator.indicator_id)


@mapped(records.ProcedureGroup, "A group of procedures (группа процедур).", RULE)
class ProcedureGroup(Node):
    """A group."""

    code: str = column("Stable code (код).")
    position: int = column("Its order (порядок).")
    name: str = column("Name in Russian (название).")
    english_name: str = column(ENGLISH)


@mapped(records.Procedure, "A procedure of quality assessment (процедура оценки качества).", RULE)
class Procedure(Node):
    """A procedure."""

    number: int = column("Number, 1 to 18 (номер).")
    name: str = column("Title as printed (название).")
    federal_number: int | None = column("Number of the federal indicator (номер показателя); null: not published.")
    track: str | None = column("Track (трек); null: not published.")
    group: ProcedureGroup | None = one("Its group (группа).", by=records.Procedure.group_id)
    indicators: list[ProcedureIndicator] | None = many(
        "What it looks at (показатели).", by=records.ProcedureIndicator.procedure_id, order=("id",), usually=10
    )


@filters(
    definition=("definition", "Only published ones, or only proposals of this project (чьё определение)."),
    code=("code", "Only these codes (коды)."),
)
def listed_indicators(
    row: type[records.Indicator], definition: Definition | None = None, code: list[str] | None = None
) -> Iterator[ColumnElement[bool]]:
    """Filters of the catalogue."""
    if definition is not None:
        yield col(row.definition) == definition
    if code is not None:
        yield col(row.code).in_(code)
