"""The published files, as lists of cells."""

import csv
from pathlib import Path

DATA = Path(__file__).with_name("data")


def read_cells(name: str) -> list[list[str]]:
    """Read a file of the data folder: rows of cells, the header first."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))
