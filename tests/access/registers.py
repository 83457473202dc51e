"""Registers of the world: files, achievements, programmes, screening, consents and logs, each value a canary."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from domain.records import (
    Achievement,
    AuditEntry,
    ClassGroup,
    Consent,
    EmploymentRecord,
    GuardianshipProposal,
    IdentityMismatch,
    Organisation,
    Person,
    RecordOpening,
    RehabilitationMeasure,
    RehabilitationProgramme,
    RehabilitationReport,
    ScreeningParticipation,
    ServiceClient,
)
from domain.records.achievements import AchievementKind, AchievementLevel, AchievementResult
from domain.records.consents import ConsentPurpose
from domain.records.rehabilitation import MeasureOutcome
from domain.records.screenings import ScreeningConsent
from domain.records.staff_files import EmploymentEvent, QualificationCategory
from domain.records.users import GuardianshipKind
from domain.roles import Role
from tests.access.builder import ISSUER, Builder
from tests.access.rows import Held, Member

SERVICES = {"journal service": ConsentPurpose.EDU_JOURNAL, "portfolio service": ConsentPurpose.KID_EDUCATION}
"""Other systems, by the purpose that they ask for."""


@dataclass
class Registers:
    """One method a noun. Where a value may be missing, some row is without it."""

    build: Builder

    def _recorded(self, by: Person | None) -> dict[str, Any]:
        return {"recorded_by_id": by.id if by else None, "role": None, "recorded_at": self.build.moment()}

    def employment(self, person: Person, organisation: Organisation, by: Person, *, bare: bool = False) -> None:
        """An entry of a staff file."""
        build = self.build
        build.rows.add(
            EmploymentRecord(
                id=uuid4(), person_id=person.id, organisation_id=organisation.id, event=EmploymentEvent.HIRED,
                happened_on=build.day(-90), position=build.canary("position"), order_number=build.canary("order"),
                ordered_on=build.day(-91), category=None if bare else QualificationCategory.FIRST,
                education=None if bare else build.canary("education"), **self._recorded(None if bare else by),
            )
        )  # fmt: skip

    def achievement(self, student: Person, of: ClassGroup, *, bare: bool = False) -> None:
        """An achievement."""
        build = self.build
        build.rows.add(
            Achievement(
                id=uuid4(), student_id=student.id, organisation_id=of.organisation_id,
                class_group_id=None if bare else of.id, kind=AchievementKind.OLYMPIAD, level=AchievementLevel.REGIONAL,
                result=AchievementResult.WINNER, title=build.canary("olympiad"), place=None if bare else 1,
                happened_on=build.day(-20), document=None if bare else build.canary("diploma"), **self._recorded(None),
            )
        )  # fmt: skip

    def family(self, guardian: Person, student: Person, of: ClassGroup, by: Person) -> None:
        """A proposal of who represents a student; it was declined."""
        build = self.build
        build.rows.add(
            GuardianshipProposal(
                id=uuid4(), guardian_id=guardian.id, student_id=student.id, organisation_id=of.organisation_id,
                class_group_id=of.id, student_name=build.canary("proposed for"), guardian_name=build.canary("proposed"),
                kind=GuardianshipKind.GUARDIAN, valid_from=build.day(-40), valid_to=build.day(40),
                proposed_by_id=by.id, proposed_at=build.moment(), accepted=False, decided_by_id=by.id,
                decided_at=build.moment(), reason=build.canary("declined"),
            )
        )  # fmt: skip

    def mismatch(self, person: Person, organisation: Organisation, by: Person) -> None:
        """An account that could have been this person's; it turned out to be another's."""
        build = self.build
        build.rows.add(
            IdentityMismatch(
                id=uuid4(), account_id=uuid4(), person_id=person.id, organisation_id=organisation.id,
                person_name=build.canary("who seems to be"), facts=["NAME"], noticed_at=build.moment(), linked=False,
                decided_by_id=by.id, decided_at=build.moment(), reason=build.canary("somebody else"),
            )
        )  # fmt: skip

    def programme(self, student: Person, organisation: Organisation, by: Person, *, bare: bool = False) -> None:
        """A programme of rehabilitation with a measure and a report on it."""
        build = self.build
        tied: dict[str, Any] = {"student_id": student.id, "organisation_id": organisation.id}
        programme = build.rows.add(
            RehabilitationProgramme(
                id=uuid4(), **tied, student_name=build.canary("name"), number=build.canary("extract"),
                starts_on=build.day(-200), ends_on=None if bare else build.day(165),
                education_part=build.canary("what is needed"), **self._recorded(None),
            )
        )  # fmt: skip
        measure = build.rows.add(
            RehabilitationMeasure(
                id=uuid4(), programme_id=programme.id, **tied, name=build.canary("measure"), due_on=build.day(30),
                **self._recorded(by),
            )
        )  # fmt: skip
        build.rows.add(
            RehabilitationReport(
                id=uuid4(), measure_id=measure.id, **tied, outcome=MeasureOutcome.PARTLY, executed_on=build.day(-3),
                note=None if bare else build.canary("note of a report"), **self._recorded(by),
            )
        )  # fmt: skip

    def screening(self, student: Person, of: ClassGroup, by: Person, *, took_part: bool = True) -> None:
        """A participation in the screening of this year."""
        build = self.build
        build.rows.add(
            ScreeningParticipation(
                id=uuid4(), student_id=student.id, organisation_id=of.organisation_id, class_group_id=of.id,
                school_year=build.year, version=1, consent=ScreeningConsent.GIVEN,
                consent_by=Role.LEGAL_REPRESENTATIVE, code=build.canary("code of the screening"),
                participated=took_part, participated_on=build.day(-8) if took_part else None, **self._recorded(by),
            )
        )  # fmt: skip

    def changed(self, organisation: Organisation, by: Person) -> None:
        """An entry of the audit; its payload comes out for nobody."""
        build = self.build
        build.rows.add(
            AuditEntry(
                id=uuid4(), happened_at=build.moment(), request_id=build.canary("request"), actor_id=by.id,
                assignment_id=uuid4(), client_id=build.canary("client"), organisation_id=organisation.id,
                action=build.canary("action"), object_id=uuid4(), detail={"reason": build.canary("payload")},
            )
        )  # fmt: skip

    def opened(self, person: Person, organisation: Organisation | None, by: Person | None) -> None:
        """That a record was opened."""
        build = self.build
        build.rows.add(
            RecordOpening(
                id=uuid4(), entry_id=uuid4(), happened_at=build.moment(), person_id=person.id,
                organisation_id=organisation.id if organisation else None, actor_id=by.id if by else None,
                client_id=build.canary("client") if by is None else None, roles=[build.canary("role")],
                special=by is None, fields=[build.canary("kind of data")],
            )
        )  # fmt: skip

    def service(self, name: str) -> ServiceClient:
        """Another system, which signs in as itself; one that is closed has no place in the cast."""
        closed = name not in SERVICES
        made = ServiceClient(
            id=uuid4(), issuer=ISSUER, client_id=f"client {name}", name=self.build.canary(name),
            purpose=SERVICES.get(name, ConsentPurpose.KID_SCHOOL), registered_at=self.build.moment(),
            closed_at=self.build.moment() if closed else None,
        )  # fmt: skip
        if not closed:
            nobody = Person(id=uuid4(), last_name=name, first_name=name)
            held = [Held(Role.SYSTEM_CLIENT, made.id)]
            self.build.cast[name] = Member(nobody, subject=made.client_id, held=held, service=True)
        return self.build.rows.add(made)

    def consent(self, student: Person, to: ServiceClient, by: Person, *, over: bool = False) -> None:
        """A consent of a guardian, or one whose days are over."""
        build = self.build
        build.rows.add(
            Consent(
                id=uuid4(), person_id=student.id, service_client_id=to.id, purpose=to.purpose, given_by_id=by.id,
                role=Role.STUDENT if by is student else Role.LEGAL_REPRESENTATIVE, given_at=build.moment(),
                valid_from=build.day(-50),
                valid_to=build.day(-11) if over else None,
            )
        )  # fmt: skip
