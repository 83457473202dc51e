"""Files as schools have them: the header is found wherever it stands, and everything else is read or told."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from domain.imports import journal_pages, people
from domain.imports.headers import HeaderWords
from domain.imports.issues import IssueCode, UnreadableFileError
from domain.imports.journal_pages import YearOf, read_page
from domain.imports.messages import message
from domain.imports.people import PersonRow, read_people
from domain.imports.tables import Table, read_table

TODAY = date(2026, 12, 1)
HEADER = "ФИО;Дата рождения;Класс"
ROW = "Хвостов Пётр Первович;01.02.2012;7А"
CHILD = ("Хвостов", "Пётр", "Первович", date(2012, 2, 1), "7А")


def read(content: bytes | str, words: HeaderWords = people.WORDS) -> Table:
    return read_table(content.encode() if isinstance(content, str) else content, words)


def children(content: bytes | str) -> list[PersonRow]:
    return list(read_people(read(content), TODAY).rows)


def told(row: PersonRow) -> tuple[Any, ...]:
    assert row.name
    return row.name.last, row.name.first, row.name.middle, row.birth_date, str(row.class_name)


def codes(issues: Any) -> list[str]:
    return [issue.code.value for issue in issues]


def book(fill: Callable[[Any], None], *others: tuple[str, list[Sequence[object]]]) -> bytes:
    """A workbook whose first sheet is filled by a function; further sheets by their rows."""
    made = Workbook()
    fill(made.worksheets[0])
    for name, rows in others:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    written = BytesIO()
    made.save(written)
    return written.getvalue()


def rows(*lines: Sequence[object]) -> Callable[[Any], None]:
    def fill(sheet: Any) -> None:
        for line in lines:
            sheet.append(line)

    return fill


def titled(sheet: Any) -> None:
    """A title merged over the table, and a bordered column without a title."""
    rows(["Список обучающихся 7А класса"], HEADER.split(";"), ROW.split(";"))(sheet)
    sheet.merge_cells("A1:C1")
    sheet["D2"].number_format = "0.00"


def two_rows(sheet: Any) -> None:
    """«Родитель 1» above its columns, the others merged over both rows."""
    rows(
        ["ФИО", "Дата рождения", "Класс", "Родитель 1", None],
        [None, None, None, "ФИО", "Телефон"],
        [*ROW.split(";"), "Хвостова Анна", "8 913 000-11-22"],
    )(sheet)
    for merged in ("A1:A2", "B1:B2", "C1:C2", "D1:E1"):
        sheet.merge_cells(merged)


FOUND: dict[str, bytes | str] = {
    "a blank header cell at the end": f"№;{HEADER};\n1;{ROW};",
    "two blank header cells at the end": f"{HEADER};;\n{ROW};;",
    "a blank header cell in the middle": f"ФИО;;Дата рождения;Класс\n{ROW.replace(';', ';;', 1)}",
    "an empty column of a workbook": book(rows(["ФИО", None, "Дата рождения", "Класс", ""], ["Хвостов Пётр Первович", None, datetime(2012, 2, 1), "7А"])),  # noqa: DTZ001, E501
    "a title above": f"Список обучающихся 7А класса;;\n{HEADER}\n{ROW}",
    "a title and an empty line above": f"МБОУ СОШ № 5\n\n;Список 7А;\n{HEADER}\n{ROW}",
    "a merged title": book(titled),
    "sep=;": f"sep=;\n{HEADER}\n{ROW}",
    "sep=| and quoted": f'"sep=|"\r\n{HEADER}\n{ROW}'.replace(";", "|"),
    "a line break in a header cell": f'"ФИО\nобучающегося",Дата рождения,Класс\n{ROW}'.replace(";", ","),
    "a two-row header": book(two_rows),
    "a two-row header of text": f"ФИО;Дата;Класс\n;рождения;\n{ROW}",
    "numbered columns": f"{HEADER}\n1;2;3\n{ROW}",
    "UTF-16 with tabs": f"{HEADER}\r\n{ROW}\r\n".replace(";", "\t").encode("utf-16"),
    "UTF-16 without a mark": f"{HEADER}\r\n{ROW}\r\n".encode("utf-16-le"),
    "UTF-16, the other way round": f"\ufeff{HEADER}\r\n{ROW}\r\n".encode("utf-16-be"),
    "a decomposed header": "ФИО;Дата рождения;Класс;Мобильныи\u0306 телефон\n" + ROW,
    "a quoted comma in a file of commas": f'{HEADER};Адрес\n{ROW};"Мира, 5"'.replace(";", ","),
}  # fmt: skip


@pytest.mark.parametrize("content", FOUND.values(), ids=FOUND)
def test_one_child_is_read_from_an_ordinary_file(content: bytes | str) -> None:
    """One row, the child as they are, and nothing that keeps them out."""
    found = children(content)

    assert [told(row) for row in found] == [CHILD]
    assert [issue for row in found for issue in row.issues if issue.fatal] == []


def test_second_sheet_is_read_where_the_first_is_no_list_and_both_are_told() -> None:
    """The sheet that has a header is the table; rows of every other are counted."""
    content = book(rows(["Памятка"], ["Заполните лист «7А»"]), ("7А", [HEADER.split(";"), ROW.split(";")]))
    table = read(content)

    assert (table.sheet, [told(row) for row in read_people(table, TODAY).rows]) == ("7А", [CHILD])
    assert [(issue.code, issue.column, issue.details, issue.fatal) for issue in table.issues] == [
        (IssueCode.SHEET_LEFT_ASIDE, "Sheet", {"rows": 2}, False)
    ]


def test_header_of_two_rows_gives_the_parent_a_name_and_a_phone() -> None:
    """A group and its column are one title: «Родитель 1» and «Телефон»."""
    [row] = children(book(two_rows))

    assert [(one.name.first, one.phone) for one in row.guardians] == [("Анна", "+79130001122")]


@pytest.mark.parametrize(
    "content",
    [
        "Журнал 7А, алгебра;;;;\n№;ФИО;01.09.2026;03.09.2026;05.10.2026\n1;Иванов Иван;5;4;5",
        "№;ФИО;Сентябрь;;Октябрь\n;;1;3;5\n1;Иванов Иван;5;4;5",
        "№;ФИО;Сентябрь 2026;;Октябрь 2026\n;;1;3;5\n1;Иванов Иван;5;4;5",
        "№;ФИО;1 сентября;3 сен.;5 окт\n1;Иванов Иван;5;4;5",
    ],
    ids=["title", "months above days", "months with years", "months in words"],
)
def test_journal_page_is_read_below_a_title_and_a_row_of_months(content: str) -> None:
    """Three dated columns and one pupil with three marks."""
    page = read_page(read(content, journal_pages.WORDS), year_of=YearOf(date(2026, 9, 1), date(2026, 10, 25)))

    assert [column.held_on for column in page.columns] == [date(2026, 9, 1), date(2026, 9, 3), date(2026, 10, 5)]
    assert [(row.number, row.name, len(row.entries), row.issues) for row in page.rows] == [(1, "Иванов Иван", 3, ())]


def test_first_pupil_of_a_page_is_no_numbering_of_columns() -> None:
    """1; 2; 3: number one has a two and a three."""
    page = read_page(read("№;01.09.2026;03.09.2026\n1;2;3", journal_pages.WORDS))

    assert [(row.number, len(row.entries)) for row in page.rows] == [(1, 2)]


@pytest.mark.parametrize("written", ["8‑913‑000‑11‑22", "8–913–000–11–22", "8 (913)\u00a0000−11−22"])
def test_phone_with_typographic_hyphens_is_a_phone(written: str) -> None:
    """One form, whatever stands between its digits."""
    [row] = children(f"{HEADER};Телефон\n{ROW};{written}")

    assert (row.phone, row.issues) == ("+79130001122", ())


def test_bad_contact_is_left_out_and_told_and_the_child_is_not() -> None:
    """Phone, e-mail, gender, SNILS and a representative: each says what is wrong with it, none is fatal."""
    header = f"{HEADER};Телефон;E-mail;Пол;СНИЛС;Родитель 1;Родитель 1 степень;Родитель 2"
    [row] = children(f"{header}\n{ROW};12;нет;?;123;Хвостова Вера;бабушка;Хвостов1 Пётр")

    assert codes(row.issues) == [
        "GENDER_UNREADABLE", "SNILS_UNREADABLE", "PHONE_UNREADABLE", "EMAIL_UNREADABLE", "RELATION_UNKNOWN",
        "GUARDIAN_LEFT_OUT", "NAME_CHARACTER", "GUARDIAN_LEFT_OUT",
    ]  # fmt: skip
    assert not any(issue.fatal for issue in row.issues)
    assert (told(row), row.guardians) == (CHILD, ())


@pytest.mark.parametrize("surname", ["Кузнецова‐Штейн", "Кузнецова‑Штейн", "Кузнецова-Штейн", "КУЗНЕЦОВА–ШТЕЙН"])
def test_surname_with_any_hyphen_is_one_name(surname: str) -> None:
    """U+2010, U+2011, the dash of a word processor: kept as the plain hyphen."""
    [row] = children(f"{HEADER}\n{surname} Анна;01.02.2012;7‐А")

    assert row.name
    assert (row.name.last, str(row.class_name), row.issues) == ("Кузнецова-Штейн", "7А", ())


def test_decomposed_cells_are_read_composed() -> None:
    """«Орлов Андрей» of a PDF, «5Й» of another system, and the column of phones is known."""
    content = "ФИО;Дата рождения;Класс;Мобильныи\u0306 телефон\nОрлов Андреи\u0306;01.02.2015;5И\u0306;89130001122"
    [row] = children(content)

    assert row.name
    assert (row.name.first, str(row.class_name), row.phone) == ("Андрей", "5Й", "+79130001122")
    assert read_people(read(content), TODAY).issues == ()


def test_names_in_columns_of_their_own_are_not_taken_apart() -> None:
    """A last name of two words stays one."""
    [row] = children("Фамилия;Имя;Отчество;Дата рождения;Класс\nСанта Мария;Анна;Вагиф кызы;01.02.2012;7А")

    assert row.name
    assert (row.name.last, row.name.first, row.name.middle) == ("Санта Мария", "Анна", "Вагиф кызы")


@pytest.mark.parametrize(
    ("content", "row", "found"),
    [
        ("Кто;Где\nИванов Иван;7А", 1, "2 ячеек, известных названий нет"),
        ("Список\n\nФИО;Телефон\nИванов Иван;8", 3, "ФИО | Телефон"),
    ],
)
def test_refusal_says_what_was_read_as_header(content: str, row: int, found: str) -> None:
    """Row and titles; a row of which no title is known may be a child and is counted only."""
    table = read(content)
    with pytest.raises(UnreadableFileError) as refused:
        read_people(table, TODAY)
    issue = refused.value.about(table.read_as_header).issue
    _, russian = message(issue.code, issue.details)

    assert issue.details == {"header_row": row, "header_found": found}
    assert russian.endswith(f"Заголовком считается строка {row}, в ней: {found}.")


def test_refusal_names_the_sheet() -> None:
    """Of a workbook the sheet as well."""
    table = read(book(rows(["ФИО", "Телефон"], ["Иванов", "8"])))

    assert table.read_as_header == {"header_sheet": "Sheet", "header_row": 1, "header_found": "ФИО | Телефон"}


def test_every_column_says_how_it_was_understood() -> None:
    """Title, meaning, and how many cells are filled in; a column without a title that holds something as well."""
    table = read(f"№;{HEADER};Цвет;\n1;{ROW};синий;да\n2;{ROW};;")

    assert [(one.place, one.title, one.meaning, one.filled) for one in table.columns] == [
        (1, "№", "number", 2), (2, "ФИО", "name", 2), (3, "Дата рождения", "birth_date", 2), (4, "Класс", "class", 2),
        (5, "Цвет", None, 1), (6, "", None, 1),
    ]  # fmt: skip
    assert [(issue.code, issue.column, issue.details) for issue in table.issues] == [
        (IssueCode.COLUMN_NAMELESS, "6", {"rows": 1})
    ]


def hidden_and_merged(sheet: Any) -> None:
    rows(HEADER.split(";"), ROW.split(";"), ["Второв Иван", "02.02.2012"], ["Третьев Лев", "03.02.2012"])(sheet)
    sheet.merge_cells("C2:C4")
    sheet.row_dimensions[3].hidden = True


def test_hidden_rows_are_rows_and_a_merged_class_is_the_class_of_all() -> None:
    """Nobody vanishes by a filter or a merged cell; hidden rows are told."""
    table = read(book(hidden_and_merged))
    found = read_people(table, TODAY).rows

    assert [(row.row.number, str(row.class_name), row.issues) for row in found] == [
        (2, "7А", ()), (3, "7А", ()), (4, "7А", ())
    ]  # fmt: skip
    assert [(issue.code, issue.details) for issue in table.issues] == [(IssueCode.ROWS_HIDDEN, {"rows": 1})]


@pytest.mark.parametrize(
    ("cells", "issues"),
    [
        (["Хвостов\nПётр", "01.02.2012", "7А"], ["CELL_SUSPICIOUS"]),
        (["Хвостов Пётр", "01.02.2012\n02.02.2012", "7А"], ["CELL_SUSPICIOUS", "DATE_UNREADABLE"]),
        (["Хвостов Пётр", "01.02.2012", "7А\t7Б"], ["CELL_SUSPICIOUS", "CLASS_UNREADABLE"]),
        (["=B2", "01.02.2012", "7А"], ["FORMULA"]),
        (["Хвостов Пётр", "=TODAY()", "7А"], ["FORMULA"]),
    ],
)
def test_cell_of_a_workbook_that_is_no_value_keeps_its_row_out(cells: list[object], issues: list[str]) -> None:
    """A line break in a name or a date, a formula: told with the row, which is counted."""
    [row] = children(book(rows(HEADER.split(";"), cells)))

    assert codes(row.issues) == issues
    assert any(issue.fatal for issue in row.issues)


def test_phone_by_formula_is_left_out_and_told() -> None:
    """A formula is never worked out, and keeps nobody out where it stands for a contact."""
    [row] = children(f"{HEADER};Телефон\n{ROW};=A1")

    assert [(issue.code, issue.fatal) for issue in row.issues] == [(IssueCode.FORMULA, False)]
    assert told(row) == CHILD


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        (f'{HEADER}\n{ROW}\n"{ROW}\n{ROW}\n', IssueCode.FILE_DAMAGED, 3),
        (f'{HEADER}\n"{ROW}\n{ROW}"\n{ROW}\n', IssueCode.FILE_DAMAGED, 2),
        (f'{HEADER}\nХвостов Пётр;01.02.2012;"7А\nВторов Иван;02.02.2012;7А"', IssueCode.FILE_DAMAGED, 2),
        (f'{HEADER}\n{ROW}\n"Хвостов" Пётр;01.02.2012;7А\n', IssueCode.FILE_DAMAGED, 3),
        (f'{HEADER}\n{ROW}\n"Второв\nИван";01.02.2012;7А\n', IssueCode.FILE_DAMAGED, 3),
        (f"{HEADER}\n{ROW}\nВторов".encode()[:-1] + b"\xff;\n" + ROW.encode(), IssueCode.TEXT_DAMAGED, 3),
    ],
    ids=["mark not closed", "mark closed later", "in the last column", "mark in a word", "line break", "broken byte"],
)
def test_damaged_file_is_refused_with_its_row(content: bytes | str, code: IssueCode, row: int) -> None:
    """Rows inside a cell would be gone without a word: nothing of the file is taken in."""
    with pytest.raises(UnreadableFileError) as refused:
        children(content)

    assert (refused.value.issue.code, refused.value.issue.details) == (code, {"row": row})
    assert f"в строке {row}" in message(code, refused.value.issue.details)[1]


def test_row_with_a_separator_too_many_stays_out() -> None:
    """Its cells may have slipped: it is refused, the others are not."""
    good, slipped = children(f"{HEADER}\n{ROW}\nВторов;Иван;01.02.2012;7А")

    assert good.issues == ()
    assert codes(slipped.issues)[0] == "ROW_TOO_LONG"
    assert slipped.issues[0].fatal


def test_comment_of_two_lines_is_no_damage() -> None:
    """In a column that means nothing here a line break is ordinary, also in a file of commas."""
    [row] = children(f'{HEADER};Примечание\n{ROW};"на дому\nс октября"')

    assert (told(row), row.issues) == (CHILD, ())
