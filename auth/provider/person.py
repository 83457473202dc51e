"""A person as the provider knows them, and the claims that a scope opens."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Level = Literal["KD", "PR", "P"]
"""Account level in ESIA's words: KD child, PR confirmed, P simplified or standard."""


@dataclass(frozen=True)
class Person:
    """One account. `oid` consists of digits and is the subject of tokens; `snils` has the form 123-456-789 00."""

    oid: str
    last_name: str
    first_name: str
    middle_name: str | None
    birth_date: date
    gender: Literal["male", "female"]
    snils: str | None
    trusted: bool
    level: Level

    @property
    def name(self) -> str:
        """Full name in the Russian order: last, first, middle."""
        return " ".join(part for part in (self.last_name, self.first_name, self.middle_name) if part)


def esia_subject(person: Person) -> dict[str, Any]:
    """The object `urn:esia:sbj` of ESIA's id_token: the number is a JSON number, `is_tru` is there only when true."""
    subject: dict[str, Any] = {
        "urn:esia:sbj:oid": int(person.oid),
        "urn:esia:sbj:typ": "P",
        "urn:esia:sbj:nam": f"OID.{person.oid}",
        "urn:esia:sbj:lvl": person.level,
    }
    return subject | ({"urn:esia:sbj:is_tru": True} if person.trusted else {})


def userinfo_claims(person: Person, scopes: Container[str]) -> dict[str, Any]:
    """Claims about a person that these scopes open; always at least `sub`."""
    claims: dict[str, Any] = {"sub": person.oid, "urn:esia:sbj": esia_subject(person)}
    if "fullname" in scopes or "profile" in scopes:
        claims |= {"name": person.name, "family_name": person.last_name, "given_name": person.first_name}
        claims |= {"middle_name": person.middle_name} if person.middle_name else {}
    if "profile" in scopes:
        claims["gender"] = person.gender
    if "birthdate" in scopes or "profile" in scopes:
        claims["birthdate"] = person.birth_date.isoformat()
    if "snils" in scopes and person.snils:
        claims["snils"] = person.snils
    return claims
