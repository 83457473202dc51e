"""Small files that once went wrong (tests/api/imports/cases), each with what it should give. Invented people."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.imports.bringing import bring_in, codes, counts, lines, workbook
from tests.schema.demo import Demo, id_of

pytestmark = pytest.mark.anyio

CASES = Path(__file__).parent / "cases"
DEPUTY = "deputy-head"
COLUMNS = """
query Columns($id: ID!) {
  importRun(id: $id) { sheet headerRow columns { place title meaning understood day filled } }
}
"""


async def bring(demo: Demo, case: str, **given: Any) -> dict[str, Any]:
    """A table of people, row by row."""
    return await bring_in(demo, (CASES / case).read_bytes(), "PEOPLE", DEPUTY, **{"mode": "ROW_BY_ROW"} | given)


def came_to(run: dict[str, Any]) -> dict[str, int]:
    """How many rows came to what."""
    return {name: count for name, count in counts(run).items() if name != "warned"}


def noted(row: dict[str, Any]) -> list[str]:
    """What is told of a row besides where the child was placed."""
    return [code for code in codes(row) if code not in ("PLACED", "GROUPS_LEFT_OUT")]


def born(demo: Demo, last_name: str) -> list[str]:
    """Birth dates of everybody with this last name."""
    found = demo.ask("select birth_date from person where last_name = :name order by birth_date", name=last_name)
    return [row.birth_date.isoformat() for row in found]


@pytest.mark.parametrize(
    ("case", "last_name", "header_row"),
    [
        ("01-blank-header.csv", "Хвостов", 1),
        ("06-title.csv", "Титулов", 2),
        ("07-sep.csv", "Сепаров", 2),
        ("10-header-line-break.csv", "Переносов", 1),
    ],
)
async def test_ordinary_file_creates_one_child_and_says_its_header(
    case: str, last_name: str, header_row: int, demo: Demo
) -> None:
    """Blank header cells, a title above, sep=;, a line break in a header cell."""
    run = await bring(demo, case)
    told = (await demo.query(COLUMNS, {"id": run["id"]}, DEPUTY)).data["importRun"]

    assert (came_to(run), run["issues"]) == ({"created": 1}, [])
    assert born(demo, last_name) == ["2012-02-01"]
    assert told["headerRow"] == header_row


async def test_two_blank_header_cells_are_the_same_file(demo: Demo) -> None:
    """The child of the first case, found again."""
    await bring(demo, "01-blank-header.csv")
    run = await bring(demo, "01-blank-headers-2.csv")

    assert (came_to(run), run["issues"]) == ({"unchanged": 1}, [])


async def test_nobody_is_born_in_the_future(demo: Demo) -> None:
    """«30» is the nearest past year that fits, and told as unlikely; 2112 is refused with its row."""
    run = await bring(demo, "03-future-birth.csv")
    old, unborn = run["rows"]["nodes"]

    assert came_to(run) == {"created": 1, "rejected": 1}
    assert (noted(old), born(demo, "Вековой")) == (["BIRTH_DATE_UNLIKELY"], ["1930-02-01"])
    assert (noted(unborn), unborn["sourceRow"], born(demo, "Будущев")) == (["BIRTH_DATE_IN_FUTURE"], 3, [])


async def test_look_alike_letters_make_no_second_child(demo: Demo) -> None:
    """In one file the second row repeats the first; in a file of its own it finds the child."""
    run = await bring(demo, "05-lookalike.csv")
    header, _, second = (CASES / "05-lookalike.csv").read_bytes().splitlines()
    again = await bring_in(demo, b"\n".join([header, second]), "PEOPLE", DEPUTY)

    assert came_to(run) == {"created": 1, "rejected": 1}
    assert noted(run["rows"]["nodes"][1]) == ["ROW_REPEATED"]
    assert came_to(again) == {"unchanged": 1}
    assert again["rows"]["nodes"][0]["objectId"] == run["rows"]["nodes"][0]["objectId"]


@pytest.mark.parametrize(("case", "children"), [("08-midnight.csv", 3), ("09-may.csv", 2), ("11-phone-dash.csv", 2)])
async def test_every_child_is_created(case: str, children: int, demo: Demo) -> None:
    """Days with a midnight, months in words, phones with typographic hyphens."""
    run = await bring(demo, case)

    assert (came_to(run), run["issues"]) == ({"created": children}, [])
    assert [noted(row) for row in run["rows"]["nodes"]] == [[]] * children


async def test_phones_are_kept_in_one_form(demo: Demo) -> None:
    """Whatever hyphen stood between their digits."""
    await bring(demo, "11-phone-dash.csv")
    found = demo.ask("select phone from person where last_name in ('Телефонов', 'Телефонова')")

    assert [row.phone for row in found] == ["+79130001122"] * 2


async def test_patronymic_of_another_child_writes_no_mark(demo: Demo) -> None:
    """A row of a parallel class under a name that 7А has too: refused, whether found by name or by number."""
    journal = id_of("Journal", "journal-7a-algebra")
    [line] = demo.ask(
        "select l.number, p.last_name || ' ' || p.first_name as name, p.middle_name from journal_line l"
        " join person p on p.id = l.student_id where l.journal_id = :id and p.middle_name is not null"
        " order by p.last_name = 'Никитина' desc, l.number limit 1",
        id=journal[8:],
    )
    case = (CASES / "12-other-patronymic.csv").read_text().replace("Никитина Виктория", line.name)
    day = demo.ask(
        "select held_on from lesson where journal_id = :id and status = 'HELD' order by held_on limit 1", id=journal[8:]
    )[0][0]
    content = case.replace("30.11.2026", day.isoformat())
    marks = demo.ask("select count(*) from mark_version")
    by_name = await bring_in(demo, content.encode(), "JOURNAL_PAGE", DEPUTY, options={"journalId": journal})
    row = ["№", "ФИО", day.isoformat()], [line.number, f"{line.name} Чужаковна", "5"]
    by_number = await bring_in(demo, lines(*row), "JOURNAL_PAGE", DEPUTY, options={"journalId": journal})

    assert [noted(run["rows"]["nodes"][0]) for run in (by_name, by_number)] == [["PATRONYMIC_DIFFERS"]] * 2
    assert demo.ask("select count(*) from mark_version") == marks


async def test_patronymic_of_another_representative_is_asked_about(demo: Demo) -> None:
    """Also where overwriting is asked for: the same mother under another patronymic may be another woman."""
    header = ["ФИО", "Дата рождения", "Класс", "Родитель 1", "Родитель 1 степень"]
    child = ["Отчествов Лев Тестович", "01.02.2013", "7А"]
    await bring_in(demo, lines(header, [*child, "Отчествова Вера Ильинична", "мать"]), "PEOPLE", DEPUTY)
    run = await bring_in(
        demo, lines(header, [*child, "Отчествова Вера Петровна", "мать"]), "PEOPLE", DEPUTY, mode="ROW_BY_ROW",
        overwrite=True,
    )  # fmt: skip

    assert (came_to(run), noted(run["rows"]["nodes"][0])) == ({"flagged": 1}, ["POSSIBLE_DUPLICATE"])


async def test_dry_run_shows_how_every_column_is_understood(demo: Demo) -> None:
    """Titles, meanings, what is left aside; nothing is written."""
    people = demo.ask("select count(*) from person")
    content = workbook(
        ["Список 7А"], ["№", "ФИО", "Дата рождения", "Класс", "Цвет"], [1, "Пробов Лев", "01.02.2013", "7А", "синий"]
    )
    run = await bring_in(demo, content, "PEOPLE", DEPUTY, dryRun=True, name="7А.xlsx")
    told = (await demo.query(COLUMNS, {"id": run["id"]}, DEPUTY)).data["importRun"]

    assert (told["sheet"], told["headerRow"], came_to(run)) == ("Sheet", 2, {"created": 1})
    shown = ("place", "title", "meaning", "understood", "filled")
    assert [tuple(one[name] for name in shown) for one in told["columns"]] == [
        (1, "№", "number", "номер по порядку", 1), (2, "ФИО", "name", "имя обучающегося", 1),
        (3, "Дата рождения", "birth_date", "дата рождения", 1), (4, "Класс", "class", "класс", 1),
        (5, "Цвет", None, "не загружается", 1),
    ]  # fmt: skip
    assert demo.ask("select count(*) from person") == people


async def test_dry_run_of_a_page_shows_the_days_of_its_columns(demo: Demo) -> None:
    """A day without a year takes it from the page: which one is shown."""
    content = lines(["№", "ФИО", "10.11", "12 ноя"], [1, "Кто-то", "", ""])
    options = {"journalId": id_of("Journal", "journal-7a-algebra")}
    run = await bring_in(demo, content, "JOURNAL_PAGE", DEPUTY, dryRun=True, options=options)
    told = (await demo.query(COLUMNS, {"id": run["id"]}, DEPUTY)).data["importRun"]

    assert [one["day"] for one in told["columns"]] == [None, None, "2026-11-10", "2026-11-12"]


async def test_refused_file_says_what_was_read_as_header(demo: Demo) -> None:
    """Sheet, row and titles stand in the message."""
    run = await bring_in(demo, workbook(["Список"], ["ФИО", "Телефон"], ["Иванов Лев", "8"]), "PEOPLE", DEPUTY)
    [issue] = run["issues"]

    assert (run["status"], issue["code"]) == ("FAILED", "COLUMN_MISSING")
    assert issue["message"].endswith("Заголовком считается лист «Sheet», строка 2, в ней: ФИО | Телефон.")


async def test_name_is_refused_with_its_character_and_the_name_stays_in_the_row(demo: Demo) -> None:
    """The message names the character; whoever may not see people does not see the name."""
    content = lines(["ФИО", "Дата рождения", "Класс"], ["Зайцевский1 Лев", "01.02.2013", "7А"])
    run = await bring_in(demo, content, "PEOPLE", DEPUTY, mode="ROW_BY_ROW")
    [issue] = run["rows"]["nodes"][0]["issues"]

    assert (issue["code"], issue["value"]) == ("NAME_CHARACTER", None)
    assert "«1» (DIGIT ONE), по счёту 11" in issue["message"]
    assert born(demo, "Зайцевский1") == []


async def test_teacher_of_1938_is_no_newborn(demo: Demo) -> None:
    """«12.05.38» is the nearest past year."""
    content = lines(["ФИО", "Дата рождения", "Должность"], ["Ветеранов Лев Ильич", "12.05.38", "Учитель труда"])
    run = await bring_in(demo, content, "PEOPLE", DEPUTY)

    assert (came_to(run), born(demo, "Ветеранов")) == ({"created": 1}, ["1938-05-12"])


@pytest.mark.parametrize("name", ["Илһамович", "Сүлдэм", "Šimon", "Кузнецова‐Штейн"])
async def test_names_of_the_peoples_come_in_and_are_found_again(name: str, demo: Demo) -> None:
    """Created once, unchanged the second time: Python and the database fold alike."""
    content = lines(["ФИО", "Дата рождения", "Класс"], [f"{name} Лев", "01.02.2013", "7А"])
    runs = [await bring_in(demo, content, "PEOPLE", DEPUTY) for _ in range(2)]

    assert [came_to(run) for run in runs] == [{"created": 1}, {"unchanged": 1}]
