"""The files as they are: all of them load, nothing is dropped, what is doubtful is said."""

import csv
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest

from domain.catalogue.catalogue import Catalogue, load_catalogue
from domain.catalogue.documents import BadDocument
from domain.catalogue.findings import CatalogueFindingCode
from domain.catalogue.procedures import ProceduresDocument, join
from domain.catalogue.procedures import parse_procedure as parse
from domain.catalogue.published import chelyabinsk_points, published_places
from domain.catalogue.services import Integration
from domain.catalogue.tables import DATA, parse_table, read_cells
from domain.scoring.observations import ObservationProvenance

GIVEN_CAUSE_FOR = set(CatalogueFindingCode) - {
    # These cannot come from our own files; they are tried on altered ones.
    CatalogueFindingCode.TARGET_FALLS, CatalogueFindingCode.TARGET_TWICE, CatalogueFindingCode.INDICATOR_UNKNOWN,
}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def lines(name: str) -> int:
    return len(read_cells(name)) - 1


def test_every_row_of_every_table_is_there(catalogue: Catalogue) -> None:
    """Used or set aside, as many as the file has."""
    motivating, pages, sferum = catalogue.published

    assert len([target for target in catalogue.targets.targets if target.line]) == lines("targets.csv")
    assert len(catalogue.journals) == lines("ejournal_integration_by_region.csv") == 48
    assert len(list(catalogue.procedures)) == lines("chelyabinsk_procedures.csv") == 18
    assert len(catalogue.self_diagnosis.items) == lines("self_diagnosis_digital_environment.csv") == 7
    assert len(motivating.observations) == lines("motivating_monitoring_2022.csv") == 83
    assert len(pages.observations) == 2 * lines("school_public_pages_by_region.csv") == 170
    assert len(sferum.observations) + len(sferum.aside) == lines("sferum_low_regions_2023_06_09.csv") == 75
    assert len(chelyabinsk_points()) == 3 * 43


def test_no_data_file_lies_unread() -> None:
    """What the folder holds is what the loaders name; the levels belong to the methodologies."""
    source = "".join(file.read_text(encoding="utf-8") for file in DATA.parent.glob("*.py"))
    unread = [file.name for file in DATA.iterdir() if file.suffix in {".csv", ".toml"} and file.name not in source]

    assert sorted(unread) == [
        "chelyabinsk_levels.csv", "chelyabinsk_published_conditions.csv", "chelyabinsk_published_processes.csv",
    ]  # fmt: skip
    assert len(published_places("conditions")) == len(published_places("processes")) == 43


def test_missing_value_of_a_region_is_missing(catalogue: Catalogue) -> None:
    """33 regions lack one or both of their values, and none of them is zero."""
    pages = catalogue.published[1].observations
    missing = Counter(observation.organisation for observation in pages if observation.value is None)

    assert len(missing) == 33
    assert missing["Ненецкий автономный округ"] == 1
    assert not [observation for observation in pages if observation.value == 0]


def test_points_of_chelyabinsk_say_that_they_were_reconstructed() -> None:
    """Every one of them, and they are exact."""
    points = chelyabinsk_points()

    assert {observation.provenance for observation in points} == {ObservationProvenance.RECONSTRUCTED}
    assert [each.value for each in points if each.organisation == "Брединский МР"] == [16, Fraction(75, 4), 12]


def test_every_finding_stands_once_and_speaks_both_languages(catalogue: Catalogue) -> None:
    """And every code that our sources give cause for is there."""
    findings = list(catalogue.findings())
    places = Counter((finding.code, finding.place) for finding in findings)

    assert [place for place, count in places.items() if count > 1] == []
    assert all(finding.english and finding.russian for finding in findings)
    assert {finding.code for finding in findings} == GIVEN_CAUSE_FOR


def test_rows_set_aside_are_those_that_nobody_can_read(catalogue: Catalogue) -> None:
    """Two names that are no region, and one region with two values."""
    aside = Counter(observation.organisation for observation in catalogue.published[2].aside)

    assert aside == {"Чукотский край": 1, "Ивановская Республика - Ивановская": 1, "Новосибирская область": 2}


def test_journal_of_a_region_is_known_by_any_spelling(catalogue: Catalogue) -> None:
    """«ИрТех» and «ИРТех» are one; «АИС» alone is none; chats without calls are a part."""
    by_region = {journal.region_printed: journal for journal in catalogue.journals}

    assert by_region["Республика Алтай"].service == by_region["Республика Бурятия"].service
    assert by_region["Ставропольский край"].service is None
    assert by_region["Республика Карелия"].chats_and_calls is Integration.PARTIAL
    assert by_region["Красноярский край"].mini_app is Integration.NO
    assert all(journal.region for journal in catalogue.journals)


def test_procedures_stand_in_three_groups_and_have_ten_parts(catalogue: Catalogue) -> None:
    """8, 7 and 3; the summary of the motivating monitoring is made of 12 of 55."""
    groups = Counter(procedure.group for procedure in catalogue.procedures)
    monitoring = catalogue.procedures.motivating_monitoring

    assert groups == {"conditions": 8, "outcomes": 7, "processes": 3}
    assert len(catalogue.procedures.passport) == 10
    assert (len(monitoring.summary), monitoring.indicators) == (12, 55)


def test_procedure_that_goes_missing_is_noticed(catalogue: Catalogue) -> None:
    """An altered list does not fit its groups."""
    cells = read_cells("chelyabinsk_procedures.csv")
    listed = parse_table("altered.csv", cells[:-1], cells[0], parse).complete()
    procedures = catalogue.procedures
    links = tuple(link for procedure in procedures for link in procedure.links)
    document = ProceduresDocument(
        "SLIDES_003", procedures.groups, procedures.passport, links, procedures.motivating_monitoring
    )

    with pytest.raises(BadDocument, match="group processes: has 2 procedures in the list, not 3"):
        join(listed, document, catalogue.indicators)


def test_reference_that_leads_nowhere_is_refused(catalogue: Catalogue) -> None:
    """A slip in one file that only shows beside another."""
    first, *others = catalogue.legends.legend
    legends = replace(catalogue.legends, legend=(replace(first, measure="SFERUM_TEACHER", source="SLIDES_2"), *others))

    with pytest.raises(BadDocument, match=r"SLIDES_2 is no source of the catalogue; .*SFERUM_TEACHER is no measure"):
        replace(catalogue, legends=legends)


def test_files_of_the_source_are_as_they_were_published() -> None:
    """Plain CSV with one header, no cell beyond it."""
    for file in DATA.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as printed:
            widths = {len(row) for row in csv.reader(printed)}

        assert len(widths) == 1, file.name


def test_bands_of_sferum_leave_no_value_out(catalogue: Catalogue) -> None:
    """From 0 to 100 %; only the roll-out of 15.09.2022 has gaps, as it was printed."""
    gaps = [
        finding.place.split("/")[1]
        for finding in catalogue.findings()
        if finding.code is CatalogueFindingCode.BANDS_LEAVE_GAP
    ]

    assert gaps == ["MYSCHOOL_STAFF_REGISTERED"] * 3
