"""Rows of figures, registers and families that somebody tries to add in the database itself, and who may add them."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

from domain.catalogue.ids import methodology_id
from domain.records import (
    Achievement,
    Consent,
    EmploymentRecord,
    Guardianship,
    GuardianshipProposal,
    ObservationApproval,
    ObservationVersion,
    Organisation,
    Person,
    Rating,
    RatingDecision,
    Record,
    RehabilitationMeasure,
    RehabilitationReport,
    ScreeningParticipation,
)
from domain.records.organisations import OrganisationKind
from domain.roles import Role
from tests.access.relations import Relation
from tests.access.rows import Rows

OWN, CLASS, PLACE = Relation.OWN, Relation.OWN_CLASS, Relation.OWN_ORGANISATION
_FIGURES = (Role.ORG_ADMIN, Role.MUNICIPAL_COORDINATOR, Role.REGIONAL_COORDINATOR, Role.GENERAL_EDUCATION_SPECIALIST)

MAY_KEEP: dict[type[Record], dict[Role, Relation]] = {
    # domain.md 2.3 rows 1, 11, 17, 18: observations of what is theirs; issue 4 item 2: approved up the tree.
    ObservationVersion: dict.fromkeys(_FIGURES, PLACE),
    ObservationApproval: {Role.MUNICIPAL_COORDINATOR: PLACE, Role.REGIONAL_COORDINATOR: PLACE},
    # Row 17: ratings.
    Rating: {Role.REGIONAL_COORDINATOR: PLACE},
    # Issue 11 section 4: published and withdrawn by those who rate.
    RatingDecision: {Role.REGIONAL_COORDINATOR: PLACE},
    # Row 16 consents; from 14 the student, 152-FZ.
    Consent: {Role.STUDENT: OWN, Role.LEGAL_REPRESENTATIVE: OWN},
    # Rows 10, 7, 6 and 13: each register has its one keeper.
    EmploymentRecord: {Role.HR_SPECIALIST: PLACE},
    Achievement: {Role.TALENT_OPERATOR: PLACE},
    RehabilitationMeasure: {Role.REHABILITATION_OPERATOR: PLACE},
    RehabilitationReport: {Role.REHABILITATION_OPERATOR: PLACE},
    ScreeningParticipation: {Role.SCREENING_SPECIALIST: PLACE},
    # Issue 5 item 5: the homeroom teacher of the class, whoever keeps accounts or enrols at the organisation.
    GuardianshipProposal: {Role.HOMEROOM_TEACHER: CLASS, Role.ORG_ADMIN: PLACE, Role.ENROLMENT_OPERATOR: PLACE},
}
"""Who may add rows of each kind, and how these must stand to them: from domain.md, by hand."""

FILLED: dict[type[Record], set[str]] = {
    ObservationVersion: {"recorded_at"},
    ObservationApproval: {"decided_at"},
    Rating: {"created_at"},
    RatingDecision: {"decided_at"},
    Consent: {"id", "given_at", "revoked_by_id", "revoked_at", "live_from", "live_until"},
    GuardianshipProposal: {
        "id", "student_name", "proposed_at", "accepted", "decided_by_id", "decided_at", "reason", "live_from",
        "live_until",
    },
}  # fmt: skip
"""Columns that the database fills: nobody gives them."""

Values = dict[str, Any]


def kept(rows: Rows, record: type[Record]) -> Iterator[Values]:
    """Rows of this kind, wherever there could be one."""
    for values in _MADE.get(record, _again(record))(rows):
        yield {name: value for name, value in values.items() if name not in FILLED.get(record, ())}


def _again(record: type[Record]) -> Callable[[Rows], Iterator[Values]]:
    """The same row once more, under another id."""

    def made(rows: Rows) -> Iterator[Values]:
        for row in rows.all(record):
            yield {**row.model_dump(), "id": uuid4()}

    return made


def _figures(rows: Rows) -> Iterator[Values]:
    """The next version of each figure."""
    for row in rows.all(ObservationVersion):
        yield {**row.model_dump(), "id": uuid4(), "version": row.version + 1, "reason": "tried"}


def _ratings(rows: Rows) -> Iterator[Values]:
    """A rating of schools in every region, and in places that are none."""
    for number, row in enumerate(rows.all(Organisation)):
        if row.kind is OrganisationKind.REGION or number < 6:
            yield {
                "id": uuid4(), "methodology_id": methodology_id("tried", "1"), "methodology_code": "tried",
                "methodology_digest": "tried", "period": "2026", "region_id": row.id,
                "rated_kind": OrganisationKind.SCHOOL, "version": 1, "inputs_digest": "tried", "digest": "tried",
                "canonical": b"tried", "known_at": rows.today,
            }  # fmt: skip


def _decisions(rows: Rows) -> Iterator[Values]:
    """That a rating is published, in every region and in places that are none; the wall asks before there is one."""
    for values in _ratings(rows):
        yield {"id": uuid4(), "rating_id": values["id"], "region_id": values["region_id"], "action": "PUBLISH"}


def _families(rows: Rows) -> Iterator[Values]:
    """Each declined proposal once more, not yet decided; of a person who is named as they are called."""
    for row in rows.all(GuardianshipProposal):
        if not rows.where(Guardianship, guardian_id=row.guardian_id, student_id=row.student_id):
            yield {**row.model_dump(), "guardian_name": _name(rows, row.guardian_id)}


def _consents(rows: Rows) -> Iterator[Values]:
    """Each consent once more; of whoever speaks for themselves the database takes none by others, whoever they are."""
    for row in rows.all(Consent):
        if row.given_by_id != row.person_id:
            yield row.model_dump()


def _name(rows: Rows, key: UUID) -> str:
    person = rows.one(Person, key)
    return " ".join(part for part in (person.last_name, person.first_name, person.middle_name) if part)


_MADE: dict[type[Record], Callable[[Rows], Iterator[Values]]] = {
    ObservationVersion: _figures,
    Rating: _ratings,
    RatingDecision: _decisions,
    GuardianshipProposal: _families,
    Consent: _consents,
}
