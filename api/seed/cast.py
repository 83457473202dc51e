"""The demo people who can sign in: their rows, and the parts they play. Who they are stands in people.toml."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from api.seed.calendar import Calendar, office_hours
from api.seed.ids import MAIN, PUBLISHED_CLASS, person_id, pupil_id, seed_id
from api.seed.people import synthetic_phone
from auth.provider.people import DemoPerson, load_people
from domain.records.organisations import Provenance
from domain.records.users import ExternalIdentity, Gender, Person

UNKNOWN_TO_US = frozenset(["unconfirmed", "stranger"])
"""They have an account at the issuer, and no row here."""

TEACHES = {
    ("7А", "ALGEBRA"): "teacher",
    ("8А", "ALGEBRA"): "teacher",
    ("7А", "RUSSIAN"): "homeroom-teacher",
    ("7А", "BIOLOGY"): "teacher-parent",
    ("7А", "GEOGRAPHY"): "banned-guardian-teacher",
}
"""What demo people teach at the main school, by class and subject."""

POSITIONS = {
    "teacher": "Учитель математики",
    "homeroom-teacher": "Учитель русского языка и литературы",
    "teacher-parent": "Учитель биологии",
    "banned-guardian-teacher": "Учитель географии",
    "deputy-head": "Заместитель директора по учебной работе",
    "org-admin": "Специалист по информационным системам",
    "substitute": "Учитель математики",
    "principal": "Директор",
    "enrolment-operator": "Секретарь учебной части",
    "hr-specialist": "Специалист по кадрам",
    "curriculum-specialist": "Методист",
    "talent-operator": "Педагог дополнительного образования",
    "rehabilitation-operator": "Социальный педагог",
    "screening-specialist": "Педагог-психолог",
    "mail-user": "Библиотекарь",
    "org-mailbox": "Делопроизводитель",
}


@dataclass(frozen=True)
class Part:
    """A pupil with a part to play. `label` names the id; `key` is theirs if they sign in, `guardian` their parent's."""

    label: str
    key: str | None = None
    guardian: str | None = None


PUPILS = {
    "5А": (Part("child", key="child"), Part("of-namesake", guardian="namesake")),
    "7А": (
        Part("student", key="student", guardian="legal-representative"),
        Part("banned", guardian="banned-guardian-teacher"),
    ),
    "8А": (Part("of-teacher", guardian="teacher-parent"), Part("at-two-schools")),
    PUBLISHED_CLASS: (Part("of-parent", guardian="legal-representative"),),
}
"""Pupils of the main school with a part, by class."""


class Cast:
    """The demo people whom our database knows."""

    def __init__(self, school_year: int) -> None:
        people = load_people(school_year)
        self._accounts = {key: person for key, person in people.items() if key not in UNKNOWN_TO_US}
        self._persons = {key: _person(account) for key, account in self._accounts.items()}

    def __getitem__(self, key: str) -> Person:
        return self._persons[key]

    def persons(self) -> Iterator[Person]:
        """Go through the persons' rows."""
        return iter(self._persons.values())

    def identities(self, issuer: str, calendar: Calendar) -> Iterator[ExternalIdentity]:
        """Link each person to their account at the issuer."""
        for key, account in self._accounts.items():
            yield ExternalIdentity(
                id=seed_id("identity", key),
                issuer=issuer,
                subject=account.oid,
                person_id=person_id(key),
                linked_at=office_hours(calendar.prepared_on, "Asia/Krasnoyarsk"),
            )


def pupil_part(school: str, class_key: str) -> tuple[Part, ...]:
    """List the pupils of a class who have a part to play."""
    return PUPILS.get(class_key, ()) if school == MAIN else ()


def pupil_ids_with_parts() -> frozenset[UUID]:
    """Give the pupils of the main school with a part: their pages are never empty."""
    return frozenset(
        person_id(part.key) if part.key else pupil_id(MAIN, class_key, part.label)
        for class_key, parts in PUPILS.items()
        for part in parts
    )


def _person(account: DemoPerson) -> Person:
    return Person(
        id=person_id(account.key),
        last_name=account.last_name,
        first_name=account.first_name,
        middle_name=account.middle_name,
        birth_date=account.birth_date,
        gender=Gender[account.gender.upper()],
        snils=account.snils,
        phone=synthetic_phone(int(account.oid) % 1000),
        email=f"{account.key}@example.org",
        provenance=Provenance.SYNTHETIC,
    )
