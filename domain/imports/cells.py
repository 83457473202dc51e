"""Cells of a school's tables: dates, contacts and words, as people write them. Names: domain/person_names.py."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeAlias, TypeVar

from domain.birth_dates import check_birth_date, past_year
from domain.identifiers import format_snils, snils_status
from domain.records.organisations import IdentifierStatus
from domain.records.users import Gender, GuardianshipKind
from domain.text import TYPOGRAPHIC, folded

Kind = TypeVar("Kind")
YearMeant: TypeAlias = Callable[[int, int, int], int]

EXCEL_DAY_ZERO = date(1899, 12, 30)
EXCEL_FIRST, EXCEL_LAST = 3_654, 73_050  # 1910 to 2099: a year alone is no serial
MONTHS = (
    ("января", "январь"), ("февраля", "февраль"), ("марта", "март"), ("апреля", "апрель"), ("мая", "май"),
    ("июня", "июнь"), ("июля", "июль"), ("августа", "август"), ("сентября", "сентябрь"), ("октября", "октябрь"),
    ("ноября", "ноябрь"), ("декабря", "декабрь"),
)  # fmt: skip
CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?"
# An offset belongs to midnight alone: of any other moment it would decide which day it was.
MIDNIGHT = r"00:00(?::00(?:[.]0+)?)?(?:z|[+-]\d{2}:?\d{2})"
ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}})(?:[ t](?:{CLOCK}|{MIDNIGHT}))?", re.ASCII)
NUMBERS = re.compile(rf"(\d{{1,2}})[./-](\d{{1,2}})(?:[./-](\d{{4}}|\d{{2}}))?(?:\s*г\.?)?(?:\s+{CLOCK})?", re.ASCII)
WORDS = re.compile(r"(\d{1,2})[\s./-]+([а-я]{3,})\.?(?:[\s./-]*(\d{4}|\d{2}))?(?:\s*г(?:\.|ода|од)?)?", re.ASCII)
EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]{2,}")
PHONE_MARKS = re.compile(r"[\s()\-.]")

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


def day(written: str, *, year_of: Callable[[int], int] | None = None) -> date:
    """Read 2026-09-01, 01.09.2026, 1.9.26, «1 сентября 2026 г.», «03 май 2012», or a serial of Excel; a time of day
    behind it means nothing. `year_of` tells the year of a month where none is written; two digits are of this century.

    Raises UnreadableCellError, also for a day that no month has.
    """
    try:
        return _day(written, lambda two_digits, month, number: 2000 + two_digits, year_of)
    except (ValueError, OverflowError):
        raise UnreadableCellError(written) from None


def birth_date(written: str, today: date) -> date:
    """Read a date of birth: two digits of a year are the nearest year in the past.

    Raises UnreadableCellError, and RefusedValueError for a day on which nobody alive is born.
    """
    try:
        found = _day(written, lambda two_digits, month, number: past_year(two_digits, month, number, today), None)
    except (ValueError, OverflowError):
        raise UnreadableCellError(written) from None
    return check_birth_date(found, today)


def _day(written: str, meant: YearMeant, year_of: Callable[[int], int] | None) -> date:
    """The day; `meant` tells the year of two digits, in that month and on that day."""
    text = written.strip().translate(TYPOGRAPHIC).casefold()
    if found := ISO.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := NUMBERS.fullmatch(text):
        return _dated(found[1], int(found[2]), found[3], meant, year_of)
    if found := WORDS.fullmatch(folded(text)):
        return _dated(found[1], _month(found[2]), found[3], meant, year_of)
    if text.isascii() and text.isdigit() and EXCEL_FIRST <= int(text) <= EXCEL_LAST:
        return EXCEL_DAY_ZERO + timedelta(days=int(text))
    raise ValueError(text)


def _dated(number: str, month: int, year: str | None, meant: YearMeant, year_of: Callable[[int], int] | None) -> date:
    if year is None:
        if year_of is None:
            raise ValueError("no year")
        return date(year_of(month), month, int(number))
    return date(int(year) if len(year) == 4 else meant(int(year), month, int(number)), month, int(number))


def _month(word: str) -> int:
    """A month by its name in either case, or by the beginning of it: «май», «мая», «сент»."""
    for number, names in enumerate(MONTHS, start=1):
        if any(name.startswith(word) for name in names):
            return number
    raise ValueError(word)


def gender(written: str) -> Gender:
    """Read «м», «жен.» and the like."""
    return _one_of(GENDERS, written)


def relation(written: str) -> GuardianshipKind:
    """Read on what ground somebody represents a child; «мать» and «отец» are parents."""
    return _one_of(RELATIONS, written)


def _one_of(words: Mapping[Kind, Sequence[str]], written: str) -> Kind:
    text = folded(written).rstrip(".")
    for kind, known in words.items():
        if text in map(folded, known):
            return kind
    raise UnreadableCellError(written)


def snils(written: str) -> tuple[str, bool]:
    """Give a SNILS in its usual form, and whether its check number fits."""
    digits = re.sub(r"[\s\-]", "", written.translate(TYPOGRAPHIC))
    if len(digits) in (9, 10) and digits.isascii() and digits.isdigit():
        digits = digits.zfill(11)  # a spreadsheet took the leading zeros
    status = snils_status(digits)
    if status not in (IdentifierStatus.VALID, IdentifierStatus.CHECK_DIGIT_FAILED):
        raise UnreadableCellError(written)
    return format_snils(digits), status is IdentifierStatus.VALID


def plain_phone(written: str) -> str:
    """A number without what is only written around its digits."""
    return PHONE_MARKS.sub("", written.translate(TYPOGRAPHIC))


def phone(written: str) -> str:
    """Give a telephone number as +7 and ten digits; a foreign one keeps its code."""
    bare = plain_phone(written)
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
