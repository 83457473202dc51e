"""Files are read as they are: encodings, delimiters, dates, letters; what is no table is refused, formulas are kept."""

from datetime import date, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook

from domain.imports import cells
from domain.imports.cells import UnreadableCellError
from domain.imports.issues import IssueCode, UnreadableFileError
from domain.imports.journal_pages import Entry, YearOf, read_cell, read_page
from domain.imports.messages import MESSAGES
from domain.imports.people import read_people
from domain.imports.tables import MOST_BYTES, Formula, read_table
from domain.imports.templates import TEMPLATES, template
from domain.records.attendance import AttendanceCode
from domain.records.users import GuardianshipKind

TODAY = date(2026, 12, 1)


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_delimited_text_is_read_in_the_encodings_and_delimiters_of_spreadsheets(encoding: str, delimiter: str) -> None:
    """The same cells whatever the file was saved as; quoted delimiters and empty lines mean nothing."""
    text = f'ФИО{delimiter}Класс\r\n\r\n"Ёлкина{delimiter} Анна"{delimiter} 7А \r\n'
    table = read_table(text.encode(encoding))

    assert table.header.cells == ("ФИО", "Класс")
    assert [(row.number, row.cells) for row in table.rows] == [(3, (f"Ёлкина{delimiter} Анна", "7А"))]


def test_workbook_is_read_as_text_with_dates_and_whole_numbers() -> None:
    """Cells as a person sees them; formulas stay formulas."""
    table = read_table(workbook(["ФИО", "Дата"], ["Иванов", datetime(2013, 5, 17)], [5.0, True], ["=1+1", "'=x"]))  # noqa: DTZ001

    assert [row.cells for row in table.rows] == [("Иванов", "2013-05-17"), ("5", "да"), ("=1+1", "=x")]
    assert isinstance(table.rows[2][0], Formula)


def bomb() -> bytes:
    """A small archive whose one part unpacks to 60 MB."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", IssueCode.FILE_EMPTY),
        (b"\r\n ; ;\r\n", IssueCode.FILE_EMPTY),
        (b"\x00\x01\x02", IssueCode.FILE_UNREADABLE),
        (b"\x98\x98;\x98", IssueCode.TEXT_UNREADABLE),
        (b"PK\x03\x04 and nothing else", IssueCode.FILE_UNREADABLE),
        (bomb(), IssueCode.FILE_TOO_LARGE),
        (b"a" * (MOST_BYTES + 1), IssueCode.FILE_TOO_LARGE),
        (b"a;b\n" * 100_010, IssueCode.FILE_TOO_LARGE),
        (b";".join([b"a"] * 2_000), IssueCode.FILE_TOO_LARGE),
    ],
    ids=["nothing", "blank", "binary", "no encoding", "broken", "bomb", "long", "many rows", "many columns"],
)
def test_what_is_no_table_is_refused_with_its_reason(content: bytes, code: IssueCode) -> None:
    """Before anything is kept of it, and without unpacking what swells."""
    with pytest.raises(UnreadableFileError) as refused:
        read_table(content)

    assert refused.value.issue.code is code


@given(st.binary(max_size=2000))
def test_any_bytes_are_a_table_or_refused(content: bytes) -> None:
    """No file makes the reader fail otherwise."""
    try:
        table = read_table(content)
    except UnreadableFileError:
        return

    assert table.header.cells


@example([["", "0\x00", ""]])  # once taken for UTF-16
@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=8), min_size=1, max_size=8))
def test_any_cells_are_read_as_people_and_as_a_page_or_refused(rows: list[list[str]]) -> None:
    """Whatever stands in cells, each row comes out once, with its issues."""
    content = "\n".join(";".join(cell.replace(";", " ").replace('"', " ") for cell in row) for row in rows).encode(
        "utf-8", "ignore"
    )
    header = "ФИО;Класс;01.09.2026;СНИЛС;Дата рождения\n".encode()
    try:
        table = read_table(header + content)
    except UnreadableFileError:
        return

    assert len(read_people(table, TODAY).rows) == len(read_page(table).rows) == len(table.rows)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2013-05-17", date(2013, 5, 17)),
        ("2013-05-17 00:00:00", date(2013, 5, 17)),
        ("17.05.2013", date(2013, 5, 17)),
        ("17.5.13", date(2013, 5, 17)),
        ("17/05/2013 г.", date(2013, 5, 17)),
        ("17 мая 2013 г.", date(2013, 5, 17)),
        ("1 сентября 2012 года", date(2012, 9, 1)),
        ("1.9.27", date(2027, 9, 1)),
        ("41411", date(2013, 5, 17)),
        ("31.02.2013", None),
        ("2013", None),
        ("17 мартобря 2013", None),
        ("завтра", None),
        ("٠١.٠٢.٢٠١٣", None),
    ],
)
def test_day_is_read_in_the_forms_that_schools_write(written: str, day: date | None) -> None:
    """Also a serial of Excel; a year alone, or a day that no month has, is none."""
    if day is None:
        with pytest.raises(UnreadableCellError):
            cells.day(written)
    else:
        assert cells.day(written) == day


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("8 (900) 123-45-67", "+79001234567"),
        ("+7 900 1234567", "+79001234567"),
        ("9001234567", "+79001234567"),
        ("+375 29 123 45 67", "+375291234567"),
        ("12345", None),
        ("нет", None),
    ],
)
def test_phone_is_read_as_one_form(written: str, number: str | None) -> None:
    """The same number however it is written is the same text."""
    if number is None:
        with pytest.raises(UnreadableCellError):
            cells.phone(written)
    else:
        assert cells.phone(written) == number


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("112-233-445 95", ("112-233-445 95", True)),
        ("11223344595", ("112-233-445 95", True)),
        ("112-233-445 96", ("112-233-445 96", False)),
        ("1223344595", ("012-233-445 95", False)),
    ],
)
def test_snils_is_read_in_its_usual_form_with_its_check(written: str, found: tuple[str, bool]) -> None:
    """A spreadsheet that took leading zeros gets them back; the check number says whether it can be right."""
    assert cells.snils(written) == found


@pytest.mark.parametrize(
    ("written", "kind"), [("Мать", GuardianshipKind.PARENT), ("ОПЕКУН", GuardianshipKind.GUARDIAN), ("бабушка", None)]
)
def test_relation_is_a_ground_of_law_or_none(written: str, kind: GuardianshipKind | None) -> None:
    """A grandmother represents a child only as a guardian."""
    if kind is None:
        with pytest.raises(UnreadableCellError):
            cells.relation(written)
    else:
        assert cells.relation(written) is kind


ILL, AWAY, LATE = AttendanceCode.ABSENT_ILLNESS, AttendanceCode.ABSENT_UNEXCUSED, AttendanceCode.LATE


@pytest.mark.parametrize(
    ("written", "entry"),
    [
        ("5", Entry((5,))), ("5/4", Entry((5, 4))), ("5 4", Entry((5, 4))), ("н", Entry((), AWAY)),
        ("H", Entry((), AWAY)),
        ("5 Н", Entry((5,), AWAY)),
        ("Н/Б", Entry((), AWAY)), ("Б", Entry((), ILL)), ("4 ОП", Entry((4,), LATE)), ("оп/3", Entry((3,), LATE)),
        ("6", IssueCode.CELL_UNREADABLE), ("5/4/3", IssueCode.CELL_UNREADABLE),
        ("54", IssueCode.CELL_UNREADABLE), ("осв", IssueCode.CELL_UNREADABLE), ("Н Б", IssueCode.CELL_UNREADABLE),
        ("/", IssueCode.CELL_UNREADABLE),
    ],
)  # fmt: skip
def test_cell_of_a_page_is_read_by_meaning(written: str, entry: Entry | IssueCode) -> None:
    """Marks, letters in any keyboard layout, a late student's mark; anything else says what is wrong."""
    assert read_cell(written) == entry


def test_date_without_a_year_takes_it_from_the_period_also_over_new_year() -> None:
    """«12.01» on a page of November to January is of the later year."""
    page = read_page(
        read_table("№;ФИО;28.12;12.01;итог\n1;Иванов;5;4;5".encode()),
        year_of=YearOf(date(2026, 11, 9), date(2027, 1, 20)),
    )

    assert [column.held_on for column in page.columns] == [date(2026, 12, 28), date(2027, 1, 12)]
    assert [issue.code for issue in page.issues] == [IssueCode.DATE_UNREADABLE]


def test_same_day_twice_is_two_lessons_of_the_day() -> None:
    """Columns of one date count in their order."""
    page = read_page(read_table(b"n;2026-09-01;2026-09-01\n1;5;4"))

    assert [column.number for column in page.columns] == [1, 2]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Кто;Где", IssueCode.COLUMN_MISSING),
        ("ФИО;Телефон", IssueCode.COLUMN_MISSING),
        ("ФИО;Класс;класс", IssueCode.COLUMN_TWICE),
    ],
)
def test_table_of_people_needs_its_columns_once(header: str, code: IssueCode) -> None:
    """Nothing is guessed from the order of columns."""
    with pytest.raises(UnreadableFileError) as refused:
        read_people(read_table(f"{header}\nИванов Иван;7А".encode()), TODAY)

    assert refused.value.issue.code is code


@pytest.mark.parametrize("name", ["people", "staff"])
def test_template_is_read_back_without_an_issue(name: str) -> None:
    """What we give out to be filled in is what we read."""
    people = read_people(read_table(template(name)), TODAY)

    assert people.issues == ()
    assert [row.issues for row in people.rows] == [()]


def test_every_issue_has_its_words_and_every_template_a_row() -> None:
    """English and Russian for each code."""
    assert set(MESSAGES) == set(IssueCode)
    assert all(english and russian for english, russian in MESSAGES.values())
    assert all(len(rows) == 2 for rows in TEMPLATES.values())
