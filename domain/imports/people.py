"""People of a school in a file: students with those who represent them, and staff, one row each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from domain.class_names import ClassName, UnreadableClassNameError
from domain.imports import cells
from domain.imports.cells import FullName, UnreadableCellError
from domain.imports.headers import Columns, match_columns
from domain.imports.issues import Issue, IssueCode, UnreadableFileError
from domain.imports.tables import Formula, Table, TableRow
from domain.records.users import Gender, GuardianshipKind

T = TypeVar("T")
LONGEST_TITLE = 200
GUARDIANS = (1, 2)

KNOWN: dict[str, Sequence[str]] = {
    "last_name": ("фамилия", "last name"),
    "first_name": ("имя", "first name"),
    "middle_name": ("отчество", "middle name"),
    "name": ("ФИО", "фамилия имя отчество", "фио обучающегося", "фио ученика", "ученик", "обучающийся", "сотрудник",
             "фио сотрудника", "фио работника", "name"),
    "birth_date": ("дата рождения", "д р", "др", "рождение", "birth date"),
    "gender": ("пол", "gender"),
    "class": ("класс", "класс литера", "class"),
    "snils": ("СНИЛС", "страховой номер", "snils"),
    "phone": ("телефон", "мобильный телефон", "номер телефона", "phone"),
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


def read_people(table: Table) -> People:
    """Read students or staff; a row with a position is a member of staff. Raises UnreadableFileError."""
    columns = match_columns(table.header, KNOWN)
    if "name" not in columns and not ("last_name" in columns and "first_name" in columns):
        raise UnreadableFileError(IssueCode.COLUMN_MISSING, "ФИО")
    if "class" not in columns and "position" not in columns:
        raise UnreadableFileError(IssueCode.COLUMN_MISSING, "Класс, Должность")
    return People([_Reader(columns, row).read() for row in table.rows], columns.issues)


class _Reader:
    """Reads one row, and collects what is wrong with it."""

    def __init__(self, columns: Columns, row: TableRow) -> None:
        self._columns, self._row = columns, row
        self._issues: list[Issue] = []

    def read(self) -> PersonRow:
        position = self._columns.cell(self._row, "position")
        found = PersonRow(
            row=self._row,
            name=self._name(),
            birth_date=self._value("birth_date", cells.day, IssueCode.DATE_UNREADABLE),
            gender=self._value("gender", cells.gender, IssueCode.GENDER_UNREADABLE),
            snils=self._snils(),
            phone=self._value("phone", cells.phone, IssueCode.PHONE_UNREADABLE),
            email=self._value("email", cells.email, IssueCode.EMAIL_UNREADABLE),
            class_name=None if position else self._class(),
            position=self._position(position),
            guardians=() if position else tuple(self._guardians()),
        )
        self._check_birth_date(found)
        return PersonRow(**{**vars(found), "issues": tuple(self._issues)})

    def _text(self, name: str) -> str:
        text = self._columns.cell(self._row, name)
        if isinstance(text, Formula):
            self._note(IssueCode.FORMULA, name, text)
            return ""
        return text

    def _note(self, code: IssueCode, name: str, value: str = "", *, fatal: bool = True) -> None:
        self._issues.append(Issue(code, self._columns.title(name), value, fatal))

    def _value(self, name: str, read: Callable[[str], T], code: IssueCode) -> T | None:
        text = self._text(name)
        if not text:
            return None
        try:
            return read(text)
        except UnreadableCellError:
            self._note(code, name, text)
            return None

    def _name(self) -> FullName | None:
        if "name" in self._columns:
            return self._required("name", self._text("name"))
        parts = [self._text(part) for part in ("last_name", "first_name", "middle_name")]
        return self._required("last_name", " ".join(part for part in parts if part) if all(parts[:2]) else "")

    def _required(self, column: str, text: str) -> FullName | None:
        if not text:
            if not any(issue.code is IssueCode.FORMULA for issue in self._issues):
                self._note(IssueCode.VALUE_MISSING, column)
            return None
        try:
            return cells.full_name(text)
        except UnreadableCellError:
            self._note(IssueCode.NAME_UNREADABLE, column, text)
            return None

    def _snils(self) -> str | None:
        found = self._value("snils", cells.snils, IssueCode.SNILS_UNREADABLE)
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
        for place in GUARDIANS:
            prefix = f"guardian_{place}_"
            name = self._value(prefix + "name", cells.full_name, IssueCode.NAME_UNREADABLE)
            given: dict[str, Any] = {
                "kind": self._value(prefix + "relation", cells.relation, IssueCode.RELATION_UNKNOWN),
                "phone": self._value(prefix + "phone", cells.phone, IssueCode.PHONE_UNREADABLE),
                "email": self._value(prefix + "email", cells.email, IssueCode.EMAIL_UNREADABLE),
            }
            if name is not None:
                yield Guardian(place, name, **{**given, "kind": given["kind"] or GuardianshipKind.PARENT})
            elif any(given.values()):
                self._note(IssueCode.VALUE_MISSING, prefix + "name")

    def _check_birth_date(self, found: PersonRow) -> None:
        if found.birth_date is not None and not date(1900, 1, 1) <= found.birth_date:
            self._note(IssueCode.DATE_UNREADABLE, "birth_date", str(found.birth_date))
