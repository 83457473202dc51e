"""Rows that cannot be read are set aside with line, column and reason; nothing is lost."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue.tables import BadTable, Line, parse_table

HEADER = ("region", "percent", "year")
Row = tuple[str, Fraction | None, int]


def row(line: Line) -> Row:
    return line.text("region"), line.number_or_none("percent"), line.whole("year")


def test_row_that_cannot_be_read_is_named_and_the_others_are_read() -> None:
    """Line, column, what stood there, and why, in both languages."""
    cells = [HEADER, ["Москва", "78.57", "2023"], ["", "1", "2023"], ["Тыва", "много", "2023"], ["Коми", "1", "23.5"]]
    table = parse_table("pages.csv", cells, HEADER, row)

    assert table.rows == (("Москва", Fraction(7857, 100), 2023),)
    assert [(bad.line, bad.column, bad.raw) for bad in table.problems] == [
        (3, "region", ""), (4, "percent", "много"), (5, "year", "23.5"),
    ]  # fmt: skip
    assert table.problems[1].english == '"много" is not a number'
    assert table.problems[1].russian == "«много» не число"


def test_table_with_a_bad_row_is_refused_as_a_whole_when_it_must_be_complete() -> None:
    """Every row is named, not only the first."""
    cells = [HEADER, ["", "1", "2023"], ["Тыва", "1", "year"]]

    with pytest.raises(BadTable, match=r"line 2, region: .*; pages.csv, line 3, year") as refused:
        parse_table("pages.csv", cells, HEADER, row).complete()
    assert "строка 2" in refused.value.russian


@pytest.mark.parametrize("cells", [[], [["percent", "region", "year"]], [["region", "percent"]]])
def test_table_with_another_header_is_refused(cells: list[list[str]]) -> None:
    """Then no column means anything."""
    with pytest.raises(BadTable, match="needs columns region, percent, year"):
        parse_table("pages.csv", cells, HEADER, row)


def test_row_with_a_cell_too_few_is_set_aside() -> None:
    """Cells that slipped are not read as something else."""
    table = parse_table("pages.csv", [HEADER, ["Москва", "2023"]], HEADER, row)

    assert table.rows == ()
    assert [bad.english for bad in table.problems] == ["has 2 cells, not 3"]


def test_empty_cell_is_missing_and_a_comma_is_a_decimal_sign() -> None:
    """Missing is not zero."""
    table = parse_table("pages.csv", [HEADER, ["Тыва", "", "2023"], ["Коми", "2,5", "2023"]], HEADER, row)

    assert [percent for _, percent, _ in table.rows] == [None, Fraction(5, 2)]


@given(st.lists(st.lists(st.text(max_size=4), max_size=4), max_size=8))
def test_every_row_is_either_read_or_set_aside(lines: list[list[str]]) -> None:
    """Whatever stands in the file."""
    table = parse_table("any.csv", [HEADER, *lines], HEADER, row)

    assert len(table.rows) + len(table.problems) == len(lines)
