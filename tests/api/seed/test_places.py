"""The demo's organisations: counted against the files, each in its place."""

from collections.abc import Callable
from typing import Any

from api.seed import demo_ids
from domain.identifiers import inn_status, ogrn_status
from domain.records.organisations import IdentifierStatus

Ask = Callable[..., list[Any]]
IDS = demo_ids()


def test_every_registered_organisation_is_there(ask: Ask) -> None:
    """34 and 30 organisations of the registers, 43 municipalities of Chelyabinsk."""
    per_source = ask(
        "select split_part(source, ',', 1), count(*) from organisation where provenance = 'PUBLISHED'"
        " and kind not in ('REGION', 'MUNICIPALITY') group by 1",
    )  # fmt: skip
    municipalities = ask(
        "select r.name, count(*) from organisation m join organisation r on r.id = m.region_id"
        " where m.kind = 'MUNICIPALITY' group by 1 order by 1",
    )  # fmt: skip

    assert dict(per_source) == {"myschool_inactive_schools_raw.csv": 34, "sferum_inactive_organisations.csv": 30}
    assert dict(municipalities) == {"Красноярский край": 25, "Челябинская область": 43}


def test_issues_of_the_registers_are_kept_by_code(ask: Ask) -> None:
    """As many as the parser finds, each at its organisation, with what was printed."""
    counted = ask("select code, count(*) from registry_issue group by 1")
    printed = ask(
        "select i.raw, o.name, o.inn_status from registry_issue i join organisation o on o.id = i.organisation_id"
        " where code = 'INN_CHECK_DIGIT_FAILED'",
    )  # fmt: skip

    assert dict(counted) == {
        "COLUMNS_SLIPPED": 4,
        "OGRN_MISSING": 4,
        "INN_CHECK_DIGIT_FAILED": 1,
        "HEAD_UNRESOLVED": 21,
        "POSSIBLE_DUPLICATE": 6,
        "NAME_CUT": 30,
    }
    assert printed == [("2644003911", "КГБПОУ «Красноярский политехнический техникум»", "CHECK_DIGIT_FAILED")]


def test_organisations_stand_in_their_places(ask: Ask) -> None:
    """Every school has a municipality and a region; a branch below its head stays in the municipality."""
    lost = ask(
        "select name from organisation where kind not in ('REGION', 'MUNICIPALITY')"
        " and (municipality_id is null or region_id is null)",
    )  # fmt: skip
    placed = ask(
        "select id, municipality_id, region_id, parent_id, time_zone from organisation where id = any(:ids)",
        ids=[IDS["school"], IDS["second-school"], IDS["other-region-school"], IDS["branch"]],
    )  # fmt: skip

    assert lost == []
    assert {row.id: tuple(row)[1:] for row in placed} == {
        IDS["school"]: (IDS["municipality"], IDS["region"], IDS["municipality"], "Asia/Krasnoyarsk"),
        IDS["branch"]: (IDS["municipality"], IDS["region"], IDS["school"], "Asia/Krasnoyarsk"),
        IDS["second-school"]: (
            IDS["second-municipality"], IDS["region"], IDS["second-municipality"], "Asia/Krasnoyarsk",
        ),
        IDS["other-region-school"]: (
            IDS["other-region-municipality"], IDS["other-region"], IDS["other-region-municipality"],
            "Asia/Yekaterinburg",
        ),
    }  # fmt: skip


def test_invented_schools_have_numbers_that_nobody_has(ask: Ask) -> None:
    """Right check digits, a region code that does not exist."""
    schools = ask("select name, ogrn, inn from organisation where provenance = 'SYNTHETIC' and inn is not null")

    assert len(schools) == 3
    assert all("вымышленная" in school.name for school in schools)
    assert all(ogrn_status(school.ogrn) is inn_status(school.inn) is IdentifierStatus.VALID for school in schools)
    assert {(school.ogrn[3:5], school.inn[:2]) for school in schools} == {("00", "00")}


def test_every_named_id_is_that_of_a_row(ask: Ask) -> None:
    """demo_ids() points at nothing that is not there."""
    tables = {"class": "class_group", "group": "subject_group", "journal": "journal", "person": "person",
              "pupil": "person"}  # fmt: skip
    missing = [
        name
        for name, row_id in IDS.items()
        if not ask(f"select 1 from {tables.get(name.split('-')[0], 'organisation')} where id = :id", id=row_id)
    ]

    assert missing == []
