"""Templates: workbooks that a school fills in, with the header that is read and one invented row."""

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

STUDENTS = (
    ("ФИО", "Дата рождения", "Пол", "Класс", "СНИЛС", "Телефон", "E-mail",
     "Родитель 1", "Родитель 1 степень", "Родитель 1 телефон", "Родитель 1 e-mail",
     "Родитель 2", "Родитель 2 степень", "Родитель 2 телефон", "Родитель 2 e-mail"),
    ("Образцова Проба Тестовна", "17.05.2013", "ж", "7А", "", "", "",
     "Образцова Вера Ильинична", "мать", "+7 000 000-00-01", "vera@example.org", "", "", "", ""),
)  # fmt: skip
STAFF = (
    ("ФИО", "Должность", "Дата рождения", "Пол", "СНИЛС", "Телефон", "E-mail"),
    ("Примеров Опыт Тестович", "Учитель математики", "01.09.1980", "м", "", "+7 000 000-00-02", "opyt@example.org"),
)
JOURNAL_PAGE = (("№", "ФИО", "01.09", "03.09", "05.09"), ("1", "Образцова Проба", "5", "Н", "4/5"))

OBSERVATIONS = (
    ("Организация", "ОГРН", "Показатель", "Период", "Значение", "Числитель", "Знаменатель", "Нет данных", "Источник"),
    ("Примерный район", "", "PUBLIC_PAGES_ACTIVE", "2026", "87,5", "", "", "", "Мониторинг"),
)

TEMPLATES: dict[str, Sequence[Sequence[str]]] = {
    "people": STUDENTS,
    "staff": STAFF,
    "journal-page": JOURNAL_PAGE,
    "observations": OBSERVATIONS,
}


def template(name: str) -> bytes:
    """Make a template as XLSX. Every cell is text: a spreadsheet must not make numbers of dates and phones."""
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise TypeError("a new workbook has a sheet")
    for line in TEMPLATES[name]:
        sheet.append(list(line))
    for place, title in enumerate(TEMPLATES[name][0], start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = max(12, len(title) + 4)
        for cell in sheet[letter]:
            cell.number_format = "@"
        sheet[f"{letter}1"].font = Font(bold=True)
    sheet.freeze_panes = "A2"
    written = BytesIO()
    book.save(written)
    return written.getvalue()
