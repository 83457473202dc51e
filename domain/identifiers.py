"""Russian registry numbers (ИНН, ОГРН, СНИЛС, ОКТМО): what their check digits say. Pure, and never a rejection."""

from collections.abc import Callable, Sequence

from domain.records.organisations import IdentifierStatus

AS_HEAD = "как у головной"
"""What a register prints for a branch that shares the number of its head organisation."""

INN_10_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)
INN_12_WEIGHTS = ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8))
SNILS_UNCHECKED_UP_TO = 1_001_998
"""Numbers up to 001-001-998 were given out before the check number existed."""


def inn_status(printed: str | None) -> IdentifierStatus:
    """Judge an INN: 10 digits for an organisation, 12 for a person."""
    return _judge(printed, (10, 12), lambda digits: digits.endswith(inn_check_digits(digits)))


def ogrn_status(printed: str | None) -> IdentifierStatus:
    """Judge an OGRN (13 digits) or OGRNIP (15 digits)."""
    return _judge(printed, (13, 15), lambda digits: digits[-1] == ogrn_check_digit(digits))


def snils_status(printed: str | None) -> IdentifierStatus:
    """Judge a SNILS, with or without its hyphens and space; the oldest numbers are not checked by their rule."""
    bare = printed and printed.replace("-", "").replace(" ", "")
    return _judge(bare, (11,), _snils_agrees)


def oktmo_status(printed: str | None) -> IdentifierStatus:
    """Judge the form of an OKTMO code, 8 or 11 digits: its check digit stands outside the code and is not printed."""
    return _judge(printed, (8, 11), lambda digits: True)


def inn_check_digits(inn: str) -> str:
    """Give the check digits that the leading digits ask for: one of 10 digits, two of 12."""
    if len(inn) == 10:
        return _inn_digit(inn, INN_10_WEIGHTS)
    first, second = INN_12_WEIGHTS
    eleventh = _inn_digit(inn, first)
    return eleventh + _inn_digit(inn[:10] + eleventh, second)


def ogrn_check_digit(ogrn: str) -> str:
    """Give the last digit that the leading ones ask for: modulo 11 of 13 digits, modulo 13 of 15."""
    return str(int(ogrn[:-1]) % (len(ogrn) - 2) % 10)


def snils_check_number(snils: str) -> str:
    """Give the two check digits that the first nine of a SNILS ask for."""
    return f"{_weighted(snils[:9], range(9, 0, -1)) % 101 % 100:02}"


def oktmo_check_digit(oktmo: str) -> str:
    """Give the digit that the classifier prints beside a code: weights 1..10, and from 3 on when that gives 10."""
    for start in (1, 3):
        weights = [(start - 1 + place) % 10 + 1 for place in range(len(oktmo))]
        remainder = _weighted(oktmo, weights) % 11
        if remainder < 10:
            return str(remainder)
    return "0"


def format_snils(digits: str) -> str:
    """Print 11 digits the usual way: 112-233-445 95."""
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:9]} {digits[9:]}"


def _judge(printed: str | None, lengths: Sequence[int], agrees: Callable[[str], bool]) -> IdentifierStatus:
    printed = (printed or "").strip()
    if not printed:
        return IdentifierStatus.MISSING
    if printed.casefold() == AS_HEAD:
        return IdentifierStatus.AS_HEAD_ORGANISATION
    # str.isdigit alone would let digits of other scripts and superscripts through.
    if len(printed) not in lengths or not (printed.isascii() and printed.isdigit()):
        return IdentifierStatus.MALFORMED
    return IdentifierStatus.VALID if agrees(printed) else IdentifierStatus.CHECK_DIGIT_FAILED


def _snils_agrees(digits: str) -> bool:
    return int(digits[:9]) <= SNILS_UNCHECKED_UP_TO or digits[9:] == snils_check_number(digits)


def _inn_digit(digits: str, weights: Sequence[int]) -> str:
    return str(_weighted(digits, weights) % 11 % 10)


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))
