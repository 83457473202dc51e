"""Registers of organisations come in as they are: nothing lost, nothing merged, nothing doubled."""

import csv
from collections.abc import AsyncIterator
from typing import Any

import pytest

from api.seed.files import DATA
from tests.api.imports.bringing import REGION, bring_in, codes, counts, queued, start, upload
from tests.schema.demo import Demo, id_of

pytestmark = pytest.mark.anyio

MYSCHOOL, SFERUM = "myschool_inactive_schools_raw.csv", "sferum_inactive_organisations.csv"
COORDINATOR = "regional-coordinator"
OTHER_REGION = id_of("Organisation", "other-region")


def register(name: str) -> bytes:
    return (DATA / name).read_bytes()


def edited(name: str, row: int, **cells: str) -> bytes:
    """The register with cells of one data row (from 0) changed."""
    header, *rows = csv.reader(register(name).decode("utf-8").splitlines())
    for column, cell in cells.items():
        rows[row][header.index(column)] = cell
    return "\n".join(
        ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in one) for one in [header, *rows]
    ).encode()


async def load(demo: Demo, name: str, content: bytes | None = None, **given: Any) -> dict[str, Any]:
    file = register(name) if content is None else content
    return await bring_in(demo, file, "ORGANISATIONS", COORDINATOR, name=name, organisation=REGION, **given)


def stored(demo: Demo) -> tuple[int, int]:
    [row] = demo.ask("select (select count(*) from organisation), (select count(*) from registry_issue)")
    return row[0], row[1]


@pytest.fixture(scope="module")
async def emptied(database_server: Any, import_template: str, anyio_backend: str) -> AsyncIterator[Demo]:
    """A demo without the organisations of the registers, so that they come in anew."""
    from tests.schema.demo import open_demo

    with database_server.clone(import_template) as url:
        async with open_demo(url) as opened:
            opened.ask("delete from registry_issue")
            opened.ask(
                "delete from organisation o where source like '%.csv, строка %'"
                " and not exists (select from organisation c where c.parent_id = o.id or c.branch_of_id = o.id)"
            )
            opened.ask("delete from organisation where source like '%.csv, строка %'")
            yield opened


@pytest.mark.parametrize("name", [MYSCHOOL, SFERUM])
async def test_register_that_stands_already_adds_no_organisation(name: str, demo: Demo) -> None:
    """The seed took in both: the same files again find every row, the equal ones each their own."""
    before = stored(demo)[0]
    run = await load(demo, name)

    assert run["status"] == "DONE"
    assert set(counts(run)) <= {"unchanged", "changed", "warned"}
    assert stored(demo)[0] == before


async def test_dirty_registers_come_in_whole_with_every_dirt_told(emptied: Demo) -> None:
    """Both files: 64 organisations, slipped columns, unresolved heads, bad check digits, possible duplicates apart."""
    runs = [await load(emptied, name, mode="ROW_BY_ROW") for name in (MYSCHOOL, SFERUM)]
    rows = [row for run in runs for row in run["rows"]["nodes"]]
    told = {code for row in rows for code in codes(row)}
    doubles = [row for row in rows if "POSSIBLE_DUPLICATE" in codes(row)]
    [[count]] = emptied.ask("select count(*) from organisation where source like '%.csv, строка %'")

    assert [(run["status"], run["created"], run["rejected"]) for run in runs] == [("DONE", 34, 0), ("DONE", 30, 0)]
    assert {"COLUMNS_SLIPPED", "HEAD_UNRESOLVED", "INN_CHECK_DIGIT_FAILED", "POSSIBLE_DUPLICATE", "NAME_CUT"} <= told
    assert len({row["objectId"] for row in doubles}) == len(doubles) >= 6
    assert count == 64
    assert rows[0]["raw"][0] == "0081"
    assert rows[0]["source"] is None


async def test_repeating_a_register_doubles_nothing(emptied: Demo) -> None:
    """Every row is found by what it prints, equal rows by their order; no issue is noted twice."""
    await load(emptied, MYSCHOOL)
    before = stored(emptied)
    again = await load(emptied, MYSCHOOL)

    assert (again["unchanged"], again["created"], again["changed"]) == (34, 0, 0)
    assert stored(emptied) == before


async def test_corrected_row_changes_its_organisation_and_makes_no_other(emptied: Demo) -> None:
    """The same line of a newer edition, with another number: CHANGED."""
    await load(emptied, SFERUM)
    before = stored(emptied)[0]
    run = await load(emptied, SFERUM, edited(SFERUM, 1, inn="2443006414"))

    assert (run["changed"], run["created"]) == (1, 0)
    assert stored(emptied)[0] == before


async def test_row_of_another_region_is_rejected(demo: Demo) -> None:
    """A register is taken in for the region that it is about."""
    file = edited(MYSCHOOL, 0, region="Республика Тыва")
    run = await load(demo, MYSCHOOL, file, mode="ROW_BY_ROW")
    rejected = [row for row in run["rows"]["nodes"] if row["outcome"] == "REJECTED"]

    assert [codes(row)[-1] for row in rejected] == ["OTHER_REGION"]


async def test_unknown_table_fails_with_its_reason(demo: Demo) -> None:
    """Neither of the known registers: HEADER_UNKNOWN, in words too."""
    run = await load(demo, "other.csv", b"a;b\n1;2\n")

    assert (run["status"], run["failureCode"]) == ("FAILED", "HEADER_UNKNOWN")
    assert run["failure"] == "Заголовок таблицы не распознан."


async def test_only_who_may_import_organisations_there_does(demo: Demo) -> None:
    """Neither the deputy head of a school, nor the coordinator in another region."""
    refused = [
        await upload(demo, register(SFERUM), SFERUM, viewer, organisation=place)
        for viewer, place in (("teacher", REGION), ("deputy-head", REGION), (COORDINATOR, OTHER_REGION))
    ]
    sent = await upload(demo, register(SFERUM), SFERUM, "deputy-head")
    payload = await demo.query(
        "mutation ($i: StartImportInput!) { startImport(input: $i) { importRun { id } } }",
        {"i": {"clientMutationId": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "fileId": sent.json()["fileId"],
               "kind": "ORGANISATIONS"}},
        "deputy-head",
    )  # fmt: skip

    assert [answer.status_code for answer in refused] == [403, 403, 403]
    assert payload.codes == ["FORBIDDEN"]


async def test_file_of_somebody_else_is_not_found_by_who_may_not_see_it(demo: Demo) -> None:
    """An id alone opens nothing."""
    sent = await upload(demo, register(SFERUM), SFERUM, COORDINATOR, organisation=REGION)
    payload = await start(demo, sent.json()["fileId"], "ORGANISATIONS", "deputy-head")

    assert [error["__typename"] for error in payload["userErrors"]] == ["NotFound"]


async def test_run_is_followed_by_who_sees_imports_there_and_by_nobody_else(demo: Demo) -> None:
    """A teacher asks for the run by its id and finds nothing."""
    run = await queued(demo, register(SFERUM), "ORGANISATIONS", COORDINATOR, name=SFERUM, organisation=REGION)
    await demo.app.state.imports.drain()
    found = {
        viewer: (await demo.query("query ($i: ID!) { importRun(id: $i) { status } }", {"i": run}, viewer)).data
        for viewer in ("teacher", "deputy-head", COORDINATOR)
    }

    assert [found[viewer]["importRun"] for viewer in found] == [None, None, {"status": "DONE"}]
