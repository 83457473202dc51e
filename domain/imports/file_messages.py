"""What the issues of a file as a whole say, in English and Russian, and what was read as its header."""

from collections.abc import Mapping

from domain.imports.issues import IssueCode

OF_FILES: dict[IssueCode, tuple[str, str]] = {
    IssueCode.FILE_UNREADABLE: (
        "The file is no table that can be read: CSV or XLSX.",
        "Файл не читается как таблица: нужен CSV или XLSX.",
    ),
    IssueCode.FILE_TOO_LARGE: (
        "The file unpacks to more than is read.",
        "Файл при распаковке больше допустимого.",
    ),
    IssueCode.FILE_EMPTY: (
        "The file has no rows.",
        "В файле нет строк.",
    ),
    IssueCode.FILE_DAMAGED: (
        "The file is damaged in row {row}: a quotation mark is missing or too many, or a cell holds other rows.",
        "Файл повреждён в строке {row}: потеряна или лишняя кавычка, либо в одну ячейку попали другие строки.",
    ),
    IssueCode.TEXT_DAMAGED: (
        "The text is damaged in row {row}: it is no UTF-8 there.",
        "Текст повреждён в строке {row}: там не UTF-8.",
    ),
    IssueCode.TEXT_UNREADABLE: (
        "The encoding of the text is none that is read here: UTF-8, UTF-16 or Windows-1251.",
        "Кодировка текста не распознана: читаются UTF-8, UTF-16 и Windows-1251.",
    ),
    IssueCode.HEADER_UNKNOWN: (
        "The header is none that is known here.",
        "Заголовок таблицы не распознан.",
    ),
    IssueCode.COLUMN_MISSING: (
        "A column that is needed is not there.",
        "Нет обязательного столбца.",
    ),
    IssueCode.COLUMN_TWICE: (
        "Two columns mean the same.",
        "Два столбца означают одно и то же.",
    ),
    IssueCode.TARGET_UNKNOWN: (
        "There is no such journal page that you may write.",
        "Нет такой страницы журнала, доступной вам для записи.",
    ),
    IssueCode.REGION_UNKNOWN: (
        "The organisation lies in no region.",
        "Организация не относится ни к одному региону.",
    ),
    IssueCode.COLUMN_UNKNOWN: (
        "This column means nothing here and is left aside.",
        "Столбец не распознан и не загружается.",
    ),
    IssueCode.COLUMN_NAMELESS: (
        "A column without a title holds {rows} values: they are left aside.",
        "В столбце без названия заполнено ячеек: {rows}; они не загружаются.",
    ),
    IssueCode.SHEET_LEFT_ASIDE: (
        "This sheet is not read: {rows} rows.",
        "Этот лист не загружается: строк {rows}.",
    ),
    IssueCode.ROWS_HIDDEN: (
        "{rows} rows are hidden in the spreadsheet; they are taken in like the others.",
        "Скрытых строк в таблице: {rows}; они загружаются наравне с остальными.",
    ),
}
READ_AS_HEADER = (
    " Read as header: {sheet}row {row}, where stands: {found}.",
    " Заголовком считается {sheet}строка {row}, в ней: {found}.",
)


def read_as_header(details: Mapping[str, str | int]) -> tuple[str, str]:
    """The sentence on `header_row`, `header_found` and perhaps `header_sheet`; empty where nothing is known of them."""
    if "header_row" not in details:
        return "", ""
    sheet = details.get("header_sheet")
    told = {"row": details["header_row"], "found": details["header_found"]}
    return (
        READ_AS_HEADER[0].format(sheet=f"sheet «{sheet}», " if sheet else "", **told),
        READ_AS_HEADER[1].format(sheet=f"лист «{sheet}», " if sheet else "", **told),
    )
