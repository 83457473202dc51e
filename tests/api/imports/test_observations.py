"""Figures from a file: every row with its result, nothing over what stands by hand or is approved, a dry run first."""

import pytest

from tests.api.imports.bringing import bring_in, codes, counts, upload
from tests.schema.demo import Demo
from tests.schema.figures import EIGHTH, REGION, REGIONAL, record, said

pytestmark = pytest.mark.anyio

HEADER = "Организация;Показатель;Период;Значение;Числитель;Знаменатель;Нет данных;Источник"
PAGES = "PUBLIC_PAGES_ACTIVE"


def table(*rows: str) -> bytes:
    """A file as an authority sends it."""
    return "\n".join([HEADER, *rows]).encode("cp1251")


async def load(demo: Demo, *rows: str, **given: object) -> dict[str, object]:
    """Bring rows in as the region's coordinator."""
    content = table(*rows)
    return await bring_in(demo, content, "OBSERVATIONS", REGIONAL, organisation=REGION, **given)


def values(demo: Demo, period: str) -> list[tuple[str, str | None, int]]:
    """What stands in a period: name, shown value, version."""
    rows = demo.ask(
        "select o.name, v.shown, v.version from observation v join organisation o on o.id = v.organisation_id"
        " where v.period = :period and v.provenance = 'IMPORTED' order by o.name",
        period=period,
    )
    return [(row.name, row.shown, row.version) for row in rows]


async def test_dry_run_tells_everything_and_writes_nothing(demo: Demo) -> None:
    """The same counts as the run that follows."""
    rows = (f"Агаповский МР;{PAGES};2031;87,5;;;;Мониторинг", f"Ашинский МР;{PAGES};2031;;9;10;;")
    tried = await load(demo, *rows, dryRun=True)
    before = values(demo, "2031")
    done = await load(demo, *rows)

    assert (counts(tried), before) == (counts(done), [])
    assert values(demo, "2031") == [("Агаповский МР", "87.5", 1), ("Ашинский МР", "90", 1)]


async def test_file_again_changes_nothing_and_a_correction_is_a_version(demo: Demo) -> None:
    """Found unchanged, then the new value after the old one."""
    await load(demo, f"Агаповский МР;{PAGES};2032;50;;;;")
    again = await load(demo, f"Агаповский МР;{PAGES};2032;50;;;;")
    corrected = await load(demo, f"Агаповский МР;{PAGES};2032;60;;;;")

    assert counts(again)["unchanged"] == counts(corrected)["changed"] == 1
    assert values(demo, "2032") == [("Агаповский МР", "60", 2)]


async def test_every_row_that_cannot_be_taken_in_says_why(demo: Demo) -> None:
    """Row by row: the good one is written, the others are kept aside with their reasons."""
    run = await load(
        demo,
        f"Агаповский МР;{PAGES};2033;50;;;;",
        f"Нигде МР;{PAGES};2033;50;;;;",
        "Агаповский МР;NO_SUCH;2033;50;;;;",
        f"Ашинский МР;{PAGES};скоро;50;;;;",
        f"Ашинский МР;{PAGES};2033;много;;;;",
        f"Ашинский МР;{PAGES};2033;101;;;;",
        f"Ашинский МР;{PAGES};2033;;1;0;;",
        f"Агаповский МР;{PAGES};2033;70;;;;",
        "Агаповский МР;CHELYABINSK_CONDITIONS;2020/2022;15;;;;",
        mode="ROW_BY_ROW",
    )
    found = [codes(row) for row in run["rows"]["nodes"]]  # type: ignore[index]

    assert [next(iter(row), "") for row in found] == [
        "", "ORGANISATION_UNKNOWN", "INDICATOR_UNKNOWN", "PERIOD_UNREADABLE", "NUMBER_UNREADABLE",
        "VALUE_OUT_OF_RANGE", "DENOMINATOR_ZERO", "ROW_REPEATED", "FIGURES_LOCKED",
    ]  # fmt: skip
    assert values(demo, "2033") == [("Агаповский МР", "50", 1)]


async def test_all_or_nothing_writes_nothing_when_one_row_is_wrong(demo: Demo) -> None:
    """The default."""
    run = await load(demo, f"Агаповский МР;{PAGES};2034;50;;;;", f"Нигде МР;{PAGES};2034;50;;;;")

    assert run["status"] == "REFUSED"
    assert values(demo, "2034") == []


async def test_missing_value_with_its_reason_is_no_zero(demo: Demo) -> None:
    """«Нет данных» is kept as such."""
    await load(demo, f"Агаповский МР;{PAGES};2035;;;;нет данных;")
    [row] = demo.ask("select * from observation where period = '2035'")

    assert (row.no_data, row.value_numerator, row.shown) == ("NOT_REPORTED", None, None)


async def test_value_by_hand_stays_unless_overwriting_is_asked_for(demo: Demo) -> None:
    """Manual work is not destroyed silently."""
    await record(demo, REGIONAL, said(EIGHTH, PAGES, period="2036", value="10"))
    refused = await load(demo, f"Коркинский МР;{PAGES};2036;20;;;;")
    same = await load(demo, f"Коркинский МР;{PAGES};2036;10;;;;")
    forced = await load(demo, f"Коркинский МР;{PAGES};2036;20;;;;", overwrite=True)

    assert codes(refused["rows"]["nodes"][0]) == ["HAND_SET"]  # type: ignore[index]
    assert counts(same)["unchanged"] == counts(forced)["changed"] == 1
    assert values(demo, "2036") == [("Коркинский МР", "20", 2)]


async def test_file_of_no_figures_fails_with_its_reason(demo: Demo) -> None:
    """A column that is needed is missing."""
    run = await bring_in(demo, b"a;b\n1;2", "OBSERVATIONS", REGIONAL, organisation=REGION)

    assert (run["status"], run["failureCode"]) == ("FAILED", "COLUMN_MISSING")


async def test_municipal_coordinator_brings_in_no_file(demo: Demo) -> None:
    """Figures come in by file from the region alone; a municipality records its own."""
    sent = await upload(demo, table(), "f.csv", "korkino-coordinator", organisation=EIGHTH)

    assert sent.status_code in {403, 404}
