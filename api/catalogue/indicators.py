"""Rows of indicators, their targets, sources and procedures, from the catalogue's files."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from domain.catalogue.catalogue import Catalogue
from domain.catalogue.ids import catalogue_id, indicator_id
from domain.catalogue.indicators import Indicator
from domain.catalogue.procedures import Procedure, Relation
from domain.catalogue.targets import Target
from domain.findings import Finding
from domain.measurement import Definition
from domain.records import indicators as records
from domain.records.base import Record


def indicator_rows(catalogue: Catalogue) -> Iterator[Record]:
    """Make the rows; those that others refer to come first."""
    for source in catalogue.sources:
        yield records.CatalogueSource(
            id=_source_id(source.code),
            code=source.code,
            name=source.russian,
            english_name=source.english,
            issued_on=source.issued_on,
        )
    yield from (_indicator(each, catalogue) for each in catalogue.indicators)
    yield from _targets(catalogue)
    yield from (_remark(finding, catalogue) for finding in catalogue.findings())
    yield from _procedures(catalogue)


def _indicator(each: Indicator, catalogue: Catalogue) -> records.Indicator:
    cut_offs = next((row for row in catalogue.legends.cut_offs if row.indicator == each.code), None)
    return records.Indicator(
        id=indicator_id(each.code),
        code=each.code,
        name=each.russian,
        english_name=each.english,
        unit=each.unit,
        direction=each.direction,
        decimals=each.decimals,
        unit_counted=each.unit_counted,
        periodicity=each.periodicity,
        measures=each.measures,
        definition=each.definition,
        organisation_kind=each.organisation_kind,
        numerator=each.numerator.russian if each.numerator else None,
        denominator=each.denominator.russian if each.denominator else None,
        sources=list(each.sources),
        same_name=each.same_name,
        minimum=decimal(cut_offs.minimum) if cut_offs else None,
        goal=decimal(cut_offs.goal) if cut_offs else None,
        due=cut_offs.due if cut_offs else None,
    )


def _targets(catalogue: Catalogue) -> Iterator[Record]:
    seen: Counter[tuple[str, str, int]] = Counter()
    for target in catalogue.targets.targets:
        place = (target.indicator, target.source, target.year)
        yield _target(target, catalogue_id("target", *place, seen[place]))
        seen[place] += 1
    for baseline in catalogue.targets.baselines:
        yield records.IndicatorBaseline(
            id=catalogue_id("baseline", baseline.indicator, baseline.source, baseline.on),
            indicator_id=indicator_id(baseline.indicator),
            source_id=_source_id(baseline.source),
            value=decimal(baseline.value),
            counted_on=baseline.on,
        )


def _target(target: Target, identifier: UUID) -> records.IndicatorTarget:
    return records.IndicatorTarget(
        id=identifier,
        indicator_id=indicator_id(target.indicator),
        source_id=_source_id(target.source),
        year=target.year,
        value=decimal(target.value),
        status=target.status,
        periodicity=target.periodicity,
        due=target.due,
        note=target.note,
    )


def _remark(finding: Finding, catalogue: Catalogue) -> records.CatalogueRemark:
    named = [part for part in finding.place.split("/") if part in catalogue.indicators]
    return records.CatalogueRemark(
        id=catalogue_id("remark", finding.code, finding.place, finding.english),
        indicator_id=indicator_id(named[0]) if named else None,
        code=finding.code.value,
        place=finding.place,
        message=finding.russian,
        english_message=finding.english,
    )


def _procedures(catalogue: Catalogue) -> Iterator[Record]:
    for position, group in enumerate(catalogue.procedures.groups, start=1):
        yield records.ProcedureGroup(
            id=catalogue_id("procedure_group", group.code),
            code=group.code,
            position=position,
            name=group.russian,
            english_name=group.english,
        )
    for procedure in catalogue.procedures:
        yield from _procedure(procedure)


def _procedure(procedure: Procedure) -> Iterator[Record]:
    identifier = catalogue_id("procedure", procedure.number)
    yield records.Procedure(
        id=identifier,
        number=procedure.number,
        group_id=catalogue_id("procedure_group", procedure.group),
        name=procedure.title,
        federal_number=next((link.federal_number for link in procedure.links if link.federal_number), None),
        track=next((link.track for link in procedure.links if link.track), None),
    )
    for link in procedure.links:
        for code in link.indicators:
            yield records.ProcedureIndicator(
                id=catalogue_id("procedure_indicator", procedure.number, code),
                procedure_id=identifier,
                indicator_id=indicator_id(code),
                definition=Definition.PUBLISHED if link.relation is Relation.PUBLISHED else Definition.OURS,
            )


def decimal(value: Fraction) -> Decimal:
    """Give a value of the files, which are all finite decimals. ValueError for one that is not."""
    found = Decimal(value.numerator) / value.denominator
    if Fraction(found) != value:
        raise ValueError(f"not a finite decimal: {value}")
    return found


def _source_id(code: str) -> UUID:
    return catalogue_id("source", code)
