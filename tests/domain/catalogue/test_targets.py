"""Contradictions among targets are found in altered data too, not only where we know of them."""

from dataclasses import replace

import pytest

from domain.catalogue.catalogue import Catalogue, load_catalogue
from domain.catalogue.findings import CatalogueFindingCode as Code
from domain.catalogue.indicators import Direction, Indicators
from domain.catalogue.tables import read_cells
from domain.catalogue.target_findings import target_findings
from domain.catalogue.targets import FILE, Target, Targets, parse_targets
from domain.units import exact


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def altered(targets: Targets, indicator: str, source: str, year: int, **changed: object) -> Targets:
    """The targets with one of them changed."""
    key = (indicator, source, year)
    return replace(
        targets,
        targets=tuple(
            replace(each, **changed) if (each.indicator, each.source, each.year) == key else each  # type: ignore[arg-type]
            for each in targets.targets
        ),
    )


def found(targets: Targets, indicators: Indicators) -> set[tuple[Code, str]]:
    return {(Code(finding.code), finding.place) for finding in target_findings(targets, indicators)}


def test_target_that_falls_is_found(catalogue: Catalogue) -> None:
    """Less in 2026 than in 2025."""
    targets = altered(catalogue.targets, "DEE_STUDENTS", "DEE_PASSPORT", 2026, value=exact(29))
    new = found(targets, catalogue.indicators) - found(catalogue.targets, catalogue.indicators)

    assert new == {(Code.TARGET_FALLS, "targets/DEE_STUDENTS/DEE_PASSPORT/2026")}


def test_target_of_an_act_that_differs_from_another_is_found(catalogue: Catalogue) -> None:
    """With its year and both acts."""
    targets = altered(catalogue.targets, "CONTENT_ACCESS", "ORDER_771", 2024, value=exact(50))
    new = found(targets, catalogue.indicators) - found(catalogue.targets, catalogue.indicators)

    assert new == {(Code.TARGETS_DIFFER, "targets/CONTENT_ACCESS/2024/ORDER_3427_R/ORDER_771")}


def test_target_that_stands_twice_or_for_nothing_known_is_found(catalogue: Catalogue) -> None:
    """Both are kept; neither is chosen."""
    first = catalogue.targets.targets[0]
    stray = Target("NOBODYS", "ORDER_771", 2024, exact(1), first.status)
    targets = replace(catalogue.targets, targets=(*catalogue.targets.targets, first, stray))
    new = found(targets, catalogue.indicators) - found(catalogue.targets, catalogue.indicators)

    assert new == {
        (Code.TARGET_TWICE, f"targets/{first.indicator}/{first.source}/{first.year}"),
        (Code.INDICATOR_UNKNOWN, "targets/NOBODYS"),
    }


def test_where_lower_is_better_a_falling_target_is_as_it_should_be(catalogue: Catalogue) -> None:
    """And the rising ones ask for less every year."""
    indicators = Indicators(
        tuple(
            replace(each, direction=Direction.LOWER_IS_BETTER) if each.code == "DIGITAL_PORTFOLIO" else each
            for each in catalogue.indicators
        )
    )
    new = found(catalogue.targets, indicators) - found(catalogue.targets, catalogue.indicators)

    assert new == {
        (Code.TARGET_FALLS, "targets/DIGITAL_PORTFOLIO/ORDER_3427_R/2023"),
        (Code.TARGET_FALLS, "targets/DIGITAL_PORTFOLIO/ORDER_3427_R/2024"),
    }


def test_row_of_an_unknown_act_or_indicator_is_set_aside(catalogue: Catalogue) -> None:
    """With its line and its column; the others are read."""
    cells = read_cells(FILE)
    cells[1][0], cells[2][1], cells[3][7] = "Приказ № 1", "Доля всего хорошего", "maybe"
    table = parse_targets(FILE, cells, catalogue.indicators, catalogue.sources)

    assert [(bad.line, bad.column) for bad in table.problems] == [(2, "act"), (3, "indicator"), (4, "status")]
    assert len(table.rows) == len(cells) - 4
