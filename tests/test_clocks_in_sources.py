"""SQL in our sources asks the one clock too: `vhod.now()`, `func.vhod.now()`, the provider `provider.now()`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clocks_in_text import other_clocks
from tests.conftest import CHECKOUT

FOLDERS = ("api", "auth", "schema", "domain", "bench", "migrations", "tests")
CALLS = {"now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "current_date", "current_timestamp"}
ABOUT_CLOCKS = {
    # They replace the clock, measure against the machine's, or plant another to be found.
    *("tests/clock.py", "tests/clocks_in_text.py", "tests/test_clocks_in_sources.py", "tests/api/test_one_clock.py"),
}
OF_THE_MACHINE: dict[str, str] = {}
"""Files that ask the machine's clock in SQL, and why they may."""


def clocks_in(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of every clock in the texts of a Python file (docstrings apart) and in its SQLAlchemy calls."""
    tree = ast.parse(source)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield from ((node.lineno, clock) for clock in sorted(other_clocks(node.value)))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "func":
            yield from ((node.lineno, f"func.{node.attr}") for _ in range(node.attr in CALLS))


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_source_reads_another_clock(folder: str) -> None:
    """Whoever writes SQL that judges time writes `vhod.now()`; the message says where it does not."""
    found = []
    for path in sorted((CHECKOUT / folder).rglob("*.py")):
        name = path.relative_to(CHECKOUT).as_posix()
        if name not in ABOUT_CLOCKS and name not in OF_THE_MACHINE:
            found += [f"{name}:{line}: {clock}" for line, clock in clocks_in(path.read_text(encoding="utf-8"))]

    assert found == [], "ask vhod.now() or func.vhod.now(): docs/decisions/one-clock.md"


@pytest.mark.parametrize(
    "source",
    [
        'text("select now()")',
        "select(func.now())",
        'f"where {column} > CURRENT_DATE"',
        "x = \"select 'now'::timestamptz\"",
        "select(func.current_date())",
    ],
)
def test_another_clock_in_a_source_is_named(source: str) -> None:
    """Text, expression and f-string alike."""
    assert len(list(clocks_in(source))) == 1


def test_our_clock_and_what_only_looks_like_one_pass() -> None:
    """Python's own clock has a contract of its own (tests/test_architecture.py)."""
    source = '"""Not now()."""\nx = clock.now()\ny = text("select vhod.now(), age(a, b)")\nz = func.vhod.now()\n'

    assert list(clocks_in(source)) == []


def test_every_excuse_is_used() -> None:
    """A file that asks the machine's clock no more needs no excuse."""
    paths: dict[str, Path] = {name: CHECKOUT / name for name in OF_THE_MACHINE}

    assert all(list(clocks_in(path.read_text(encoding="utf-8"))) for path in paths.values())
