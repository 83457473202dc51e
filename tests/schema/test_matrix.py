"""The committed matrix is the one that the server's table gives."""

from pathlib import Path

import pytest

from schema.access.matrix import matrix

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("form", ["md", "csv"])
def test_committed_matrix_is_fresh(form: str) -> None:
    """A change of a rule shows in the review, in the words of the matrix. Run `make matrix`."""
    committed = (DOCS / f"access-matrix.{form}").read_text(encoding="utf-8")

    assert committed == matrix(form).rstrip("\n") + "\n"
