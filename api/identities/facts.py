"""Facts of an account that can name a person: СНИЛС, full name, date of birth, as a provider tells them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.identifiers import format_snils, snils_status
from domain.records.organisations import IdentifierStatus

LONGEST_NAME = 100
SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Facts:
    """What could be read; None for what was not told, or cannot be."""

    snils: str | None = None
    name: str | None = None
    """Last, first and middle name with one space between; one at the end where there is no middle name."""
    birth_date: date | None = None


def facts_of(told: Mapping[str, Any], subject: str | None) -> Facts:
    """Read what a provider told. `subject`: whom it must be about (OpenID Connect Core 5.3.2); None: not compared."""
    if subject is not None and told.get("sub") != subject:
        return Facts()
    names = [_part(told.get(claim)) for claim in ("family_name", "given_name", "middle_name")]
    whole = f"{names[0]} {names[1]} {names[2]}" if names[0] and names[1] else None
    return Facts(_snils(told.get("snils")), whole, _day(told.get("birthdate")))


def _part(value: object) -> str:
    text = SPACES.sub(" ", value).strip() if isinstance(value, str) else ""
    return text if len(text) <= LONGEST_NAME and text.isprintable() else ""


def _snils(value: object) -> str | None:
    """A number with its right control digits, in the form in which it is held."""
    if not isinstance(value, str) or snils_status(value) is not IdentifierStatus.VALID:
        return None
    return format_snils(re.sub(r"[^0-9]", "", value))


def _day(value: object) -> date | None:
    """ISO 8601 by the standard, DD.MM.YYYY by ESIA. Years alone, and 0000, name nobody."""
    if not isinstance(value, str):
        return None
    turned = ".".join(reversed(value.split("."))).replace(".", "-")
    try:
        return date.fromisoformat(turned) if re.fullmatch(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}", turned) else None
    except ValueError:
        return None
