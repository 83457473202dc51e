"""Plays the cases of registry numbers."""

from typing import Any

from domain.identifiers import (
    inn_check_digits,
    inn_status,
    ogrn_status,
    oktmo_check_digit,
    snils_check_number,
    snils_status,
)

STATUSES = {"inn": inn_status, "ogrn": ogrn_status, "snils": snils_status}
DIGITS = {"inn": inn_check_digits, "oktmo": oktmo_check_digit, "snils": snils_check_number}


def status(case: dict[str, Any]) -> str:
    return STATUSES[case["kind"]](case["printed"]).value


def digits(case: dict[str, Any]) -> str:
    return DIGITS[case["kind"]](case["number"])


FAMILIES = {"identifier": status, "check digits": digits}
