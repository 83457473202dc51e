"""People of a school in a file: students with those who represent them, and staff, one row each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from domain.birth_dates import is_likely_of_student
from domain.class_names import ClassName, UnreadableClassNameError
from domain.imports import cells
from domain.imports.cells import UnreadableCellError
from domain.imports.headers import Columns, HeaderWords, match_columns, meanings_of
from domain.imports.issues import Issue, IssueCode, UnreadableFileError
from domain.imports.tables import Formula, Table, TableRow
from domain.person_names import FullName, full_name, name_part
from domain.records.users import Gender, GuardianshipKind
from domain.refused_values import RefusedValueError

T = TypeVar("T")
LONGEST_TITLE = 200
GUARDIANS = (1, 2)
GUARDIAN_PARTS = ("name", "relation", "phone", "email")

KNOWN: dict[str, Sequence[str]] = {
    "last_name": ("фамилия", "last name"),
    "first_name": ("имя", "first name"),
    "middle_name": ("отчество", "middle name"),
    "name": ("ФИО", "Ф.И.О.", "фамилия имя отчество", "фио обучающегося", "фио учащегося", "фио ученика", "фио ребёнка",
             "фамилия имя отчество обучающегося", "ученик", "учащийся", "обучающийся", "сотрудник", "фио сотрудника",
             "фио работника", "name"),
    "birth_date": ("дата рождения", "дата рожд", "д р", "др", "рождение", "дата рождения обучающегося",
                   "дата рождения ребёнка", "birth date"),
    "gender": ("пол", "gender"),
    "class": ("класс", "класс литера", "class"),
    "snils": ("СНИЛС", "страховой номер", "snils"),
    "phone": ("телефон", "мобильный телефон", "номер телефона", "контактный телефон", "сотовый телефон",
              "phone"),
    "email": ("e-mail", "email", "почта", "эл почта", "электронная почта", "адрес электронной почты"),
    "position": ("должность", "position"),
    "number": ("№", "№ п/п", "номер", "no", "n"),
    **{
        f"guardian_{n}_{name}": tuple(title.format(n=number).strip() for title in titles for number in numbers)
        # Who asks for one parent only does not number them.
        for n, numbers in {1: ("1", ""), 2: ("2",)}.items()
        for name, titles in {
            "name": ("родитель {n}", "родитель {n} фио", "фио родителя {n}", "законный представитель {n}",
                     "родитель {n}: фио", "представитель {n}"),
            "relation": ("родитель {n} степень", "степень {n}", "степень родства {n}", "родитель {n} степень родства",
                         "родитель {n} кем приходится", "кем приходится {n}"),
            "phone": ("родитель {n} телефон", "телефон родителя {n}"),
            "email": ("родитель {n} e-mail", "родитель {n} email", "родитель {n} почта", "e-mail родителя {n}"),
        }.items()
    },
}  # fmt: skip


ONE_LINE = frozenset(
    ["last_name", "first_name", "middle_name", "name", "birth_date", "class", "position", "guardian_1_name",
     "guardian_2_name"]
)  # fmt: skip
WORDS = HeaderWords(
    meaning=meanings_of(KNOWN),
    is_complete=lambda names: (
        ("name" in names or {"last_name", "first_name"} <= {*names}) and not {"class", "position"}.isdisjoint(names)
    ),
    strict=ONE_LINE.__contains__,
)


@dataclass(frozen=True)
class Guardian:
    """Who represents a student, as the row has it; `place` is 1 or 2."""

    place: int
    name: FullName
    kind: GuardianshipKind
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class PersonRow:
    """A student (with a class) or a member of staff (with a position). What could not be read stands in `issues`."""

    row: TableRow
    name: FullName | None = None
    birth_date: date | None = None
    gender: Gender | None = None
    snils: str | None = None
    phone: str | None = None
    email: str | None = None
    class_name: ClassName | None = None
    position: str | None = None
    guardians: tuple[Guardian, ...] = ()
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True)
class People:
    """The rows of the file, and what was noticed of its columns."""

    rows: Sequence[PersonRow]
    issues: tuple[Issue, ...] = ()


def read_people(table: Table, today: date) -> People:
    """Read students or staff; a row with a position is a member of staff. `today` is the day at the school.

    Raises UnreadableFileError.
    """
    columns = match_columns(table.header, KNOWN)
    if "name" not in columns and not ("last_name" in columns and "first_name" in columns):
        raise UnreadableFileError(IssueCode.COLUMN_MISSING, "ФИО")
    if "class" not in columns and "position" not in columns:
        raise UnreadableFileError(IssueCode.COLUMN_MISSING, "Класс, Должность")
    return People([_Reader(columns, row, today).read() for row in table.rows], columns.issues)


class _Reader:
    """Reads one row, and collects what is wrong with it.

    Who it is and where they belong must be readable; a contact that is not is left out and told.
    """

    def __init__(self, columns: Columns, row: TableRow, today: date) -> None:
        self._columns, self._row, self._today = columns, row, today
        self._issues: list[Issue] = [*row.issues]

    def read(self) -> PersonRow:
        position = self._columns.cell(self._row, "position")
        found = PersonRow(
            row=self._row,
            name=self._name(),
            birth_date=self._birth_date(is_student=not position),
            gender=self._value("gender", cells.gender, IssueCode.GENDER_UNREADABLE, fatal=False),
            snils=self._snils(),
            phone=self._value("phone", cells.phone, IssueCode.PHONE_UNREADABLE, fatal=False),
            email=self._value("email", cells.email, IssueCode.EMAIL_UNREADABLE, fatal=False),
            class_name=None if position else self._class(),
            position=self._position(position),
            guardians=() if position else tuple(self._guardians()),
        )
        return replace(found, issues=tuple(self._issues))

    def _text(self, name: str, *, fatal: bool = True) -> str:
        text = self._columns.cell(self._row, name)
        if isinstance(text, Formula):
            self._note(IssueCode.FORMULA, name, text, fatal=fatal)
            return ""
        return text

    def _note(self, code: IssueCode, name: str, value: str = "", *, fatal: bool = True, **details: str | int) -> None:
        self._issues.append(Issue(code, self._columns.title(name), value, fatal, details))

    def _value(self, name: str, read: Callable[[str], T], code: IssueCode, *, fatal: bool = True) -> T | None:
        """What a cell says, None with an issue for what it cannot say."""
        text = self._text(name, fatal=fatal)
        if not text:
            return None
        try:
            return read(text)
        except UnreadableCellError:
            self._note(code, name, text, fatal=fatal)
        except RefusedValueError as refused:
            self._note(IssueCode(refused.code), name, text, fatal=fatal, **refused.details)
        return None

    def _name(self) -> FullName | None:
        if "name" in self._columns:
            return self._needed("name", full_name)
        last, first = self._needed("last_name", name_part), self._needed("first_name", name_part)
        middle = self._value("middle_name", name_part, IssueCode.NAME_UNREADABLE)
        return FullName(last, first, middle) if last and first else None

    def _needed(self, column: str, read: Callable[[str], T]) -> T | None:
        if not self._columns.cell(self._row, column):
            self._note(IssueCode.VALUE_MISSING, column)
        return self._value(column, read, IssueCode.NAME_UNREADABLE)

    def _birth_date(self, *, is_student: bool) -> date | None:
        born = self._value("birth_date", lambda text: cells.birth_date(text, self._today), IssueCode.DATE_UNREADABLE)
        if born and is_student and not is_likely_of_student(born, self._today):
            self._note(IssueCode.BIRTH_DATE_UNLIKELY, "birth_date", str(born), fatal=False)
        return born

    def _snils(self) -> str | None:
        found = self._value("snils", cells.snils, IssueCode.SNILS_UNREADABLE, fatal=False)
        if found is None:
            return None
        number, fits = found
        if not fits:
            # A wrong number would be taken for somebody else's: the row comes in, the number does not.
            self._note(IssueCode.SNILS_CHECK_FAILED, "snils", number, fatal=False)
            return None
        return number

    def _class(self) -> ClassName | None:
        text = self._text("class")
        if not text:
            self._note(IssueCode.VALUE_MISSING, "class")
            return None
        try:
            return ClassName.parse(text)
        except UnreadableClassNameError:
            self._note(IssueCode.CLASS_UNREADABLE, "class", text)
            return None

    def _position(self, text: str) -> str | None:
        if isinstance(text, Formula):
            self._note(IssueCode.FORMULA, "position", text)
        elif len(text) > LONGEST_TITLE:
            self._note(IssueCode.VALUE_TOO_LONG, "position", text)
        else:
            return text or None
        return None

    def _guardians(self) -> Iterator[Guardian]:
        """Representatives as far as they can be read; whoever cannot is left out, and the child is not."""
        for place in GUARDIANS:
            prefix = f"guardian_{place}_"
            name = self._value(prefix + "name", full_name, IssueCode.NAME_UNREADABLE, fatal=False)
            relation = self._columns.cell(self._row, prefix + "relation")
            kind = self._value(prefix + "relation", cells.relation, IssueCode.RELATION_UNKNOWN, fatal=False)
            contacts: dict[str, Any] = {
                "phone": self._value(prefix + "phone", cells.phone, IssueCode.PHONE_UNREADABLE, fatal=False),
                "email": self._value(prefix + "email", cells.email, IssueCode.EMAIL_UNREADABLE, fatal=False),
            }
            if name is not None and (kind or not relation):
                yield Guardian(place, name, kind or GuardianshipKind.PARENT, **contacts)
            elif any(self._columns.cell(self._row, prefix + part) for part in GUARDIAN_PARTS):
                self._note(IssueCode.GUARDIAN_LEFT_OUT, prefix + "name", fatal=False)
