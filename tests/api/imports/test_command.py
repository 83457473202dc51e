"""`python -m api import`: the same door from the command line, a table of what it came to, rejects as a file."""

import csv
from pathlib import Path

import pytest

from api.commands import CommandError
from api.commands.imports import import_file, write_template
from api.imports.rejects import harmless, rejects_file
from domain.imports.tables import read_table
from tests.api.imports.bringing import SCHOOL, lines
from tests.schema.demo import SETTINGS, Demo

pytestmark = pytest.mark.anyio

GIVEN = {"organisation": SCHOOL, "person": "deputy-head", "kind": "PEOPLE", "mode": "ROW_BY_ROW"}


async def test_file_comes_in_with_a_table_of_results_and_a_file_of_rejects(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under the rights of the person named; the rejects can be mended and sent again."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "class.csv"
    file.write_bytes(
        lines(["ФИО", "Дата рождения", "Класс", "Телефон"], ["Командов Иван", "02.03.2013", "7А", ""],
              ["Командов Олег", "завтра", "7А", "+7 900 123 45 67"])
    )  # fmt: skip
    said: list[str] = []
    settings = SETTINGS.model_copy(update={"database_url": demo.database.owner_url})
    await run_aside(import_file, settings, str(file), dict(GIVEN), said.append)
    rejects = (tmp_path / "class.rejects.csv").read_bytes()
    [row] = list(csv.reader(rejects.decode("utf-8-sig").splitlines(), delimiter=";"))

    assert "total 2  created 1" in said[1]
    assert said[2:5] == [
        "read as header: row 1", "column   1  ФИО = имя обучающегося  (2)",
        "column   2  Дата рождения = дата рождения  (2)",
    ]  # fmt: skip
    assert any("REJECTED" in line and "Это не дата." in line for line in said)
    assert row[:5] == ["Командов Олег", "завтра", "7А", "'+7 900 123 45 67", "строка 3"]


async def test_person_without_the_right_is_refused(demo: Demo, tmp_path: Path) -> None:
    """The command line opens no other door."""
    file = tmp_path / "class.csv"
    file.write_bytes(b"a;b")
    settings = SETTINGS.model_copy(update={"database_url": demo.database.owner_url})
    with pytest.raises(CommandError, match="None of your roles"):
        await run_aside(import_file, settings, str(file), GIVEN | {"person": "teacher"}, print)


async def run_aside(function: object, *given: object) -> None:
    """A command runs a loop of its own: in a thread beside that of the test."""
    import asyncio

    await asyncio.to_thread(function, *given)  # type: ignore[arg-type]


def test_template_is_written(tmp_path: Path) -> None:
    """A workbook with the header that is read."""
    said: list[str] = []
    write_template("people", str(tmp_path / "people.xlsx"), said.append)

    assert read_table((tmp_path / "people.xlsx").read_bytes()).header.cells[0] == "ФИО"
    assert len(said) == 1


@pytest.mark.parametrize("cell", ["=1+1", "+7 900", "-1", "@cmd", "\tx"])
def test_kept_cell_is_no_formula_to_a_spreadsheet(cell: str) -> None:
    """Whoever opens the rejects works out nothing; reading them again gives the cell back."""
    row = {"raw": [cell], "source": None, "sourceRow": 2, "issues": []}
    kept = rejects_file([row]).decode("utf-8-sig")

    assert harmless(cell) == f"'{cell}"
    assert kept.startswith(("'", "\"'"))
