"""Nothing vanishes: however a good file is damaged, every row that it holds is read or told, or nothing of it is."""

import re
from io import BytesIO
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from domain.imports import people
from domain.imports.issues import UnreadableFileError
from domain.imports.people import PersonRow, read_people
from domain.imports.tables import read_table
from domain.text import folded
from tests.domain.test_files_of_schools import TODAY

HEADER = "ФИО;Дата рождения;Класс;Телефон"
CHILDREN = [
    f"{last} {first};{day:02}.02.2012;7А;+7913000112{day}"
    for day, (last, first) in enumerate(
        [("Хвостов", "Пётр"), ("Второва", "Анна"), ("Третьев", "Лев"), ("Чётов", "Иван"), ("Пятова", "Ия")], start=1
    )
]
GOOD = "\r\n".join([HEADER, *CHILDREN, ""])
STRAY = '";\n\r\t,'
BLANK = re.compile(r'[\s;"]*')

damages = st.lists(
    st.tuples(st.integers(0, len(GOOD) - 1), st.sampled_from([*STRAY, ""])), min_size=1, max_size=4
)  # a character put in at a place, or the one there taken out


def damaged(places: list[tuple[int, str]]) -> str:
    text = GOOD
    for place, stray in places:
        text = text[:place] + stray + text[place + (stray == "") :]
    return text


def read(content: bytes) -> tuple[int, list[PersonRow], int] | None:
    """The row of the header, the rows below it, and how many rows are told to be left aside; None for a refusal."""
    try:
        table = read_table(content, people.WORDS)
        found = list(read_people(table, TODAY).rows)
    except UnreadableFileError:
        return None
    return table.header.number, found, sum(int(one.details["rows"]) for one in table.issues if "rows" in one.details)


def test_undamaged_every_row_is_a_child() -> None:
    """What the damage begins from is good, or the others would prove nothing."""
    found = read(GOOD.encode())

    assert found is not None
    assert [row.issues for row in found[1]] == [()] * len(CHILDREN)


@given(damages)
@example([(len(HEADER) + 2, '"')])
@example([(len(HEADER) + 2, '"'), (len(HEADER) + 40, '"')])
def test_rows_of_a_damaged_text_add_up_or_the_file_is_refused(places: list[tuple[int, str]]) -> None:
    """Quotation marks, separators and line breaks put in or taken out anywhere, up to four at once."""
    text = damaged(places)
    found = read(text.encode())
    if found is None:
        return
    header, rows, _ = found
    held = [line for line in re.split(r"\r\n|\r|\n", text)[header:] if not BLANK.fullmatch(line)]

    assert len(rows) == len(held)


@given(damages)
def test_child_of_a_damaged_text_is_one_of_the_good_ones_or_its_line_was_hit(places: list[tuple[int, str]]) -> None:
    """Whoever is read without an issue stands in one line of the damaged file, whole."""
    text = damaged(places)
    found = read(text.encode())
    lines = re.split(r"\r\n|\r|\n", text)
    for row in found[1] if found else ():
        if not row.issues and row.name:
            name = folded(f"{row.name.last} {row.name.first}")
            assert any(name in folded(line.replace('"', "")) for line in lines)


rows = st.integers(1, 6)
merges = st.lists(st.tuples(rows, rows, st.integers(1, 4), st.integers(1, 4)), max_size=3)


@given(merges, st.sets(rows), st.sets(st.tuples(rows, st.integers(1, 4))), st.sets(st.tuples(rows, st.integers(1, 4))))
def test_rows_of_a_damaged_workbook_add_up_or_the_file_is_refused(
    merged: list[tuple[int, int, int, int]], hidden: set[int], emptied: set[Any], formulas: set[Any]
) -> None:
    """Cells merged, rows hidden, cells emptied, formulas without a value: each row is read, with issues or without."""
    made = Workbook()
    sheet: Any = made.active
    for line in GOOD.split("\r\n"):
        sheet.append(line.split(";"))
    for places, value in ((emptied, None), (formulas, "=1+")):
        for row, column in places:
            sheet.cell(row, column).value = value
    for row in hidden:
        sheet.row_dimensions[row].hidden = True
    for top, bottom, left, right in merged:
        if (
            top <= bottom
            and left <= right
            and not any(sheet.cell(top, left).coordinate in one for one in sheet.merged_cells.ranges)
        ):
            sheet.merge_cells(start_row=top, end_row=bottom, start_column=left, end_column=right)
    written = BytesIO()
    made.save(written)
    found = read(written.getvalue())
    if found is None:
        return
    header, read_rows, told = found
    again: Any = load_workbook(BytesIO(written.getvalue())).active
    held = [line for line in again.iter_rows(min_row=header + 1, values_only=True) if any(line)]

    assert len(read_rows) == len(held)
    assert told >= sum(1 for row in read_rows if row.row.number in hidden)
