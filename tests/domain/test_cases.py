"""Runs every case of `tests/domain/cases/*.toml`: situations that an expert can read, check and extend.

A file names its `family` (which function is tried), its `source`, and `[[case]]`s with a `situation`, what is given,
and `expected` (left out where the answer is "nothing"). The function that plays a family stands in
`tests/domain/families`, one file a noun, entered in the `FAMILIES` of that file: it takes the case and gives plain
TOML values to compare.
"""

import importlib
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
FILES = sorted((HERE / "cases").glob("*.toml"))
PLAYERS = sorted((HERE / "families").glob("*.py"))

Case = dict[str, Any]
Player = Callable[[Case], Any]


def families() -> Iterator[tuple[str, Player]]:
    """Every family with its player, from all the files of players."""
    for file in PLAYERS:
        yield from importlib.import_module(f"tests.domain.families.{file.stem}").FAMILIES.items()


def documents() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every case file by name, as it stands."""
    for file in FILES:
        yield file.stem, tomllib.loads(file.read_text(encoding="utf-8"))


def cases() -> Iterator[Any]:
    """Every case of every file, named by its file and its situation."""
    for name, document in documents():
        for case in document["case"]:
            yield pytest.param(document["family"], case, id=f"{name}: {case['situation']}")


@pytest.mark.parametrize(("family", "case"), list(cases()))
def test_case_comes_out_as_it_was_worked_out(family: str, case: Case) -> None:
    """What the code says is what the source, or the expert, says."""
    answer = dict(families())[family](case)

    assert answer == case.get("expected")


def test_every_file_of_cases_names_its_source() -> None:
    """A case without a source is an opinion."""
    unsourced = [
        f"{name}: {case['situation']}"
        for name, document in documents()
        for case in document["case"]
        if not case.get("source", document.get("source"))
    ]

    assert unsourced == []


def test_no_situation_stands_twice_in_a_file() -> None:
    """The situation is the name of the case."""
    for name, document in documents():
        situations = [case["situation"] for case in document["case"]]

        assert len(set(situations)) == len(situations), name


def test_every_family_has_one_player_and_every_player_a_case() -> None:
    """No cases that nothing runs, no function that no case tries."""
    played = [family for family, _ in families()]

    assert sorted(played) == sorted({document["family"] for _, document in documents()})
