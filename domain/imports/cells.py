"""Cells of a school's tables: dates, names, numbers, contacts, as people write them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from domain.identifiers import format_snils, snils_status
from domain.records.organisations import IdentifierStatus
from domain.records.users import Gender, GuardianshipKind

Kind = TypeVar("Kind")

EXCEL_DAY_ZERO = date(1899, 12, 30)
EXCEL_FIRST, EXCEL_LAST = 3_654, 73_050  # 1910 to 2099: a year alone is no serial
MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
    "декабря",
)  # fmt: skip
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?", re.ASCII)
NUMBERS = re.compile(r"(\d{1,2})[./-](\d{1,2})(?:[./-](\d{4}|\d{2}))?(?:\s*г\.?)?", re.ASCII)
WORDS = re.compile(r"(\d{1,2})\s+([а-я]{3,})\.?\s+(\d{4})(?:\s*г(?:\.|ода)?)?", re.ASCII)
NAME = re.compile(r"[А-ЯЁA-Z][А-ЯЁа-яёA-Za-z'’.()\- ]*")
EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]{2,}")
PHONE_MARKS = re.compile(r"[\s()\-.]")
LONGEST_NAME = 100

GENDERS = {
    Gender.MALE: ("м", "муж", "мужской", "m", "male"),
    Gender.FEMALE: ("ж", "жен", "женский", "f", "female"),
}
RELATIONS = {
    GuardianshipKind.PARENT: ("мать", "отец", "мама", "папа", "родитель"),
    GuardianshipKind.ADOPTIVE_PARENT: (
        "усыновитель", "удочеритель", "приемная мать", "приемный отец", "приемный родитель",
    ),
    GuardianshipKind.GUARDIAN: ("опекун", "попечитель"),
}  # fmt: skip


class UnreadableCellError(ValueError):
    """The text is not of this kind."""


@dataclass(frozen=True)
class FullName:
    """Last, first and, where there is one, middle name."""

    last: str
    first: str
    middle: str | None = None

    @property
    def fold(self) -> str:
        """Last and first name with case and ё folded away: how the same person is looked for."""
        return folded(f"{self.last} {self.first}")

    @property
    def whole_fold(self) -> str:
        """All names, folded."""
        return folded(f"{self.last} {self.first} {self.middle or ''}")


def folded(text: str) -> str:
    """Small letters, ё as е, single spaces."""
    return " ".join(text.casefold().replace("ё", "е").split())


def day(written: str, *, year: int | None = None) -> date:
    """Read 2026-09-01, 01.09.2026, 1.9.26, «1 сентября 2026 г.», or a serial of Excel; `year` where none is written.

    Raises UnreadableCellError, also for a day that no month has.
    """
    try:
        return _day(written.strip().casefold(), year)
    except (ValueError, OverflowError):
        raise UnreadableCellError(written) from None


def _day(text: str, year: int | None) -> date:
    if found := ISO.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := NUMBERS.fullmatch(text):
        return date(_year(found[3], year), int(found[2]), int(found[1]))
    if found := WORDS.fullmatch(text):
        [month] = [number for number, name in enumerate(MONTHS, start=1) if found[2] in (name, name[:3], name[:4])]
        return date(int(found[3]), month, int(found[1]))
    if text.isascii() and text.isdigit() and EXCEL_FIRST <= int(text) <= EXCEL_LAST:
        return EXCEL_DAY_ZERO + timedelta(days=int(text))
    raise ValueError(text)


def _year(written: str | None, otherwise: int | None) -> int:
    if written is None:
        if otherwise is None:
            raise ValueError("no year")
        return otherwise
    if len(written) == 4:
        return int(written)
    century = 2000 if int(written) <= 40 else 1900
    return century + int(written)


def full_name(written: str) -> FullName:
    """Read «Иванова Анна Сергеевна»: last name first; what follows the first name is the middle name."""
    text = " ".join(written.split())
    last, _, rest = text.partition(" ")
    first, _, middle = rest.partition(" ")
    if not first or len(text) > LONGEST_NAME or not all(NAME.fullmatch(_capital(part)) for part in text.split()):
        raise UnreadableCellError(written)
    return FullName(_written(last), _written(first), " ".join(map(_written, middle.split())) or None)


def _capital(part: str) -> str:
    return part[:1].upper() + part[1:]


def _written(part: str) -> str:
    """A name all in capitals or all in small letters gets its usual form; any other stands as it was written."""
    if part.isupper() or part.islower():
        return "-".join(piece[:1].upper() + piece[1:].lower() for piece in part.split("-"))
    return part


def gender(written: str) -> Gender:
    """Read «м», «жен.» and the like."""
    return _one_of(GENDERS, written)


def relation(written: str) -> GuardianshipKind:
    """Read on what ground somebody represents a child; «мать» and «отец» are parents."""
    return _one_of(RELATIONS, written)


def _one_of(words: Mapping[Kind, Sequence[str]], written: str) -> Kind:
    text = folded(written).rstrip(".")
    for kind, known in words.items():
        if text in known:
            return kind
    raise UnreadableCellError(written)


def snils(written: str) -> tuple[str, bool]:
    """Give a SNILS in its usual form, and whether its check number fits."""
    digits = re.sub(r"[\s\-]", "", written)
    if len(digits) in (9, 10) and digits.isascii() and digits.isdigit():
        digits = digits.zfill(11)  # a spreadsheet took the leading zeros
    status = snils_status(digits)
    if status not in (IdentifierStatus.VALID, IdentifierStatus.CHECK_DIGIT_FAILED):
        raise UnreadableCellError(written)
    return format_snils(digits), status is IdentifierStatus.VALID


def phone(written: str) -> str:
    """Give a telephone number as +7 and ten digits; a foreign one keeps its code."""
    bare = PHONE_MARKS.sub("", written)
    digits = bare.removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and 10 <= len(digits) <= 15):
        raise UnreadableCellError(written)
    if bare.startswith("+"):
        return bare
    if len(digits) == 11 and digits[0] in "78":
        return "+7" + digits[1:]
    if len(digits) == 10:
        return "+7" + digits
    raise UnreadableCellError(written)


def email(written: str) -> str:
    """Give an e-mail address in small letters."""
    if not EMAIL.fullmatch(written) or len(written) > 254:
        raise UnreadableCellError(written)
    return written.casefold()
