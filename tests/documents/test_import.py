"""The file that the tour brings in comes to what the tour says."""

import asyncio
from pathlib import Path

import pytest

from api.commands.imports import import_file
from tests.documents.steps import CHECKOUT, blocks
from tests.schema.demo import SETTINGS, Demo, id_of

pytestmark = pytest.mark.anyio

GIVEN = {
    "organisation": id_of("Organisation", "school"),
    "person": "deputy-head",
    "kind": "PEOPLE",
    "mode": "ROW_BY_ROW",
    "dryRun": True,
}


async def test_file_of_the_tour_comes_to_what_is_shown(
    own_demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every line that stands below it is said; the rejects are kept."""
    shown = {block.language: block.text for block in blocks(CHECKOUT / "docs/tour.md")}
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "list.csv"
    file.write_text(shown["csv"], encoding="utf-8")
    said: list[str] = []
    settings = SETTINGS.model_copy(update={"database_url": own_demo.database.owner_url})
    await asyncio.to_thread(import_file, settings, str(file), dict(GIVEN), said.append)

    assert len(shown["text"].splitlines()) == 4
    assert [line for line in shown["text"].splitlines() if line not in said] == []
    assert (tmp_path / "list.rejects.csv").exists()
