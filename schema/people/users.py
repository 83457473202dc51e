"""People as their viewers see them: oneself, students, staff, guardians; and the roles they hold."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated

import strawberry
from sqlalchemy import ColumnElement
from sqlmodel import col
from strawberry.types import Info

from auth.permissions import Permission as P
from domain import records
from domain.sensitivity import Sensitivity
from schema.engine.access.masked import MaskedString
from schema.engine.access.rule import Access
from schema.engine.mapping.behind import behind
from schema.engine.mapping.declare import column, computed, derived, filters, many, mapped, one, page
from schema.engine.mapping.pages import Connection
from schema.engine.mapping.reference import require_key
from schema.engine.mapping.rows import row_of
from schema.engine.mapping.storage import Worked
from schema.engine.node import Node
from schema.named_later import (
    AchievementLater,
    ClassGroupLater,
    ConsentLater,
    EmploymentRecordLater,
    EnrolmentLater,
    JournalLineLater,
    OrganisationLater,
    RecordOpeningLater,
    RehabilitationProgrammeLater,
    ReportCardLater,
    ScreeningParticipationLater,
    SubjectGroupLater,
    SummaryMarkLater,
)
from schema.people.assignment_actions import ABOVE, ASSIGNMENT_ACTIONS_READ, AssignmentActions, assignment_actions
from schema.people.awaiting import AWAITING, awaiting
from schema.people.kinds import Gender, GuardianshipKind, Provenance
from schema.people.person_names import NAMES, full_name, last_five
from schema.people.role_words import NAMED_IN_WORDS, assignment_in_words
from schema.people.roles import ReachKind, Role
from schema.summaries.report_card_assembly import report_card

OWN_RECORD = Access(P.OWN_RECORD_READ, why="Who a record is about may read all of it: 152-FZ, article 14.")


@mapped(records.Person, "Your own account (ваша учётная запись).", Access(P.ACCOUNT_SEE))
class Person(Node):
    """Oneself."""

    display_name: str = derived("Full name (фамилия, имя, отчество).", full_name, *NAMES)
    last_name: str = column("Last name (фамилия).")
    first_name: str = column("First name (имя).")
    middle_name: str | None = column("Patronymic (отчество).")
    birth_date: date | None = column("Date of birth (дата рождения).")
    snils: MaskedString | None = column(
        "Insurance number (СНИЛС).", Access(P.DOCUMENTS_READ, masked=P.DOCUMENTS_MASKED), mask=last_five
    )
    phone: str | None = column("Telephone (телефон).", Access(P.CONTACTS_READ))
    email: str | None = column("E-mail (электронная почта).", Access(P.CONTACTS_READ))
    employment_records: list[EmploymentRecordLater] | None = many(
        "Your staff file (личное дело), by day; at most 200.",
        by=records.EmploymentRecord.person_id,
        order=("happened_on", "id"),
        most=200,
        usually=10,
    )


@mapped(records.GUARDIAN, "Who represents a child (законный представитель).", Access(P.GUARDIANSHIP_SEE))
class Guardian(Node):
    """A person as the guardian of a child that the viewer reaches."""

    display_name: str = derived("Full name (фамилия, имя, отчество).", full_name, *NAMES)
    phone: str | None = column("Telephone (телефон).", Access(P.CONTACTS_READ))
    email: str | None = column("E-mail (электронная почта).", Access(P.CONTACTS_READ))


@mapped(
    records.Guardianship,
    "Who represents which child, from when to when (законное представительство).",
    Access(P.GUARDIANSHIP_SEE),
)
class Guardianship(Node):
    """The link between guardian and child."""

    kind: GuardianshipKind = column("On what ground (основание).")
    guardian: Guardian | None = one("Who represents (представитель).", by=records.Guardianship.guardian_id)
    student: "Student | None" = one("Who is represented (ребёнок).", by=records.Guardianship.student_id)
    valid_from: date = column("First day (с какого дня).")
    valid_to: date | None = column(
        "First day on which it no longer holds; it ends at 18 anyway (с какого дня уже не действует)."
    )
    ended_at: datetime | None = column("When it was ended by hand (когда прекращено).")
    end_reason: str | None = column("Why it was ended (основание прекращения).")


@filters(school_year=("school_year", "Year in which the school year begins: 2026 means 2026/2027 (учебный год)."))
def of_school_year(row: type[records.SummaryMark], school_year: int) -> Iterator[ColumnElement[bool]]:
    """Summary marks of one school year."""
    yield col(row.school_year) == school_year


@mapped(
    records.STUDENT,
    "A person as a student of an organisation that you reach (обучающийся).",
    Access(P.STUDENT_SEE),
)
class Student(Node):
    """A student's card."""

    display_name: str = derived("Full name (фамилия, имя, отчество).", full_name, *NAMES)
    last_name: str = column("Last name (фамилия).")
    first_name: str = column("First name (имя).")
    middle_name: str | None = column("Patronymic (отчество).")
    birth_date: date | None = column("Date of birth (дата рождения).", Access(P.STUDENT_CARD_READ))
    gender: Gender | None = column("Gender (пол).", Access(P.STUDENT_CARD_READ))
    snils: MaskedString | None = column(
        "Insurance number (СНИЛС): in full for the family, masked for the deputy head.",
        Access(P.DOCUMENTS_READ, masked=P.DOCUMENTS_MASKED),
        mask=last_five,
    )
    phone: str | None = column("Telephone (телефон).", Access(P.CONTACTS_READ))
    email: str | None = column("E-mail (электронная почта).", Access(P.CONTACTS_READ))
    provenance: Provenance = column("Whether the person is real or invented for demonstration (происхождение).")
    enrolments: list[EnrolmentLater] | None = many(
        "Places in classes, past and present (зачисления), newest first; at most 100.",
        by=records.Enrolment.student_id,
        order=("valid_from", "id"),
        usually=5,
    )
    guardianships: list[Guardianship] | None = many(
        "Who represents the student (законные представители); at most 100.",
        by=records.Guardianship.student_id,
        order=("valid_from", "id"),
        usually=3,
    )
    journal_lines: Connection[JournalLineLater] | None = page(
        "Lines in journals that you may see (строки журналов), newest school year last.",
        by=records.JournalLine.student_id,
        order=("school_year", "id"),
    )
    summary_marks: list[SummaryMarkLater] | None = many(
        "Confirmed period, year, exam and final marks of a school year that you may see (итоговые); at most 400.",
        by=records.SummaryMark.student_id,
        order=("kind", "id"),
        most=400,
        where=of_school_year,
        usually=60,
    )

    achievements: list[AchievementLater] | None = many(
        "Olympiads and competitions (достижения), oldest first; at most 200.",
        by=records.Achievement.student_id,
        order=("happened_on", "id"),
        most=200,
        usually=10,
    )
    rehabilitation_programmes: list[RehabilitationProgrammeLater] | None = many(
        "Programmes of rehabilitation (ИПРА), oldest first: special data; at most 100.",
        OWN_RECORD,
        by=records.RehabilitationProgramme.student_id,
        order=("starts_on", "id"),
        usually=3,
    )
    screenings: list[ScreeningParticipationLater] | None = many(
        "Participation in psychological screening (СПТ), by year and version; special data; at most 100.",
        OWN_RECORD,
        by=records.ScreeningParticipation.student_id,
        order=("school_year", "version", "id"),
        usually=5,
    )
    openings: Connection[RecordOpeningLater] | None = page(
        "Who opened this record (кто обращался к данным), oldest first; daily work of the own class is not listed.",
        OWN_RECORD,
        by=records.RecordOpening.person_id,
        order=("happened_at", "id"),
    )
    consents: list[ConsentLater] | None = many(
        "Consents to release the record to other systems (согласия), oldest first; at most 100.",
        OWN_RECORD,
        by=records.Consent.person_id,
        order=("given_at", "id"),
        usually=3,
    )

    @computed(
        "Report card of a school year (табель успеваемости), as far as you may see its marks; null when nothing is"
        " known. It is that of the school of the main enrolment unless `organisationId` names another.",
        Access(P.SUMMARY_MARK_SEE),
        sensitivity=Sensitivity.P2,
        cost=50,
    )
    async def report_card(
        self,
        info: Info,
        school_year: Annotated[
            int, strawberry.argument(description="Year in which the school year begins: 2026 means 2026/2027 (год).")
        ],
        organisation_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Id of the school (организация).")
        ] = None,
    ) -> ReportCardLater | None:
        types, named = info.context.executor.types, organisation_id
        school = None if named is None else require_key(types["Organisation"], named)
        return await report_card(info.context, row_of(self).keys["id"], school_year, school)


@mapped(records.STAFF_MEMBER, "A person as a member of staff (сотрудник).", Access(P.STAFF_SEE))
class StaffMember(Node):
    """A member of staff as colleagues and families see them."""

    display_name: str = derived("Full name (фамилия, имя, отчество).", full_name, *NAMES, sensitivity=Sensitivity.P1)
    positions: list["StaffPosition"] | None = many(
        "What they work as (должности); at most 100.",
        by=records.StaffPosition.person_id,
        order=("valid_from", "id"),
        usually=3,
    )


@mapped(records.StaffPosition, "A person's work at an organisation (должность).", Access(P.STAFF_SEE))
class StaffPosition(Node):
    """A position."""

    title: str = column("What the person works as (должность).")
    person: StaffMember | None = one("Who (сотрудник).", by=records.StaffPosition.person_id)
    organisation: OrganisationLater | None = one("Where (организация).", by=records.StaffPosition.organisation_id)
    valid_from: date = column("First day (с какого дня).")
    valid_to: date | None = column("First day on which it no longer holds (с какого дня уже не действует).")


@mapped(
    records.Assignment,
    "A role of a person with its reach and dates, and who granted it (назначение роли). Ended, never deleted.",
    Access(P.ASSIGNMENT_SEE),
)
class Assignment(Node):
    """An assignment."""

    role: Role = column("The role (роль).")
    reach: ReachKind = column("How far it goes (область действия).")
    holder: StaffMember | None = one(
        "Who holds it, where you may see their card (кому).", by=records.Assignment.person_id
    )
    organisation: OrganisationLater | None = one("Where (организация).", by=records.Assignment.organisation_id)
    class_group: ClassGroupLater | None = one(
        "The class that it reaches (класс).", by=records.Assignment.class_group_id
    )
    subject_group: SubjectGroupLater | None = one(
        "The subject group that it reaches (группа по предмету).", by=records.Assignment.subject_group_id
    )
    granted_by: StaffMember | None = one(
        "Who granted it, where you may see their card (кем назначено).", by=records.Assignment.granted_by_id
    )
    valid_from: date = column("First day (с какого дня).")
    valid_to: date | None = column("First day on which it no longer holds; null: open (с какого дня уже не действует).")
    reason: str | None = column("Why it was granted or ended (основание).", Access(P.ASSIGNMENT_REASON_READ))
    granted_at: datetime = column("When it was granted (когда назначено).")
    awaits_confirmation: bool = derived(
        "Whether it waits for a second person now: not confirmed and not ended (ждёт подтверждения).",
        awaiting,
        *AWAITING,
    )
    confirmed_at: datetime | None = column("When a second person confirmed it (когда подтверждено).")
    ended_at: datetime | None = column("When it was ended by hand (когда прекращено).")

    @computed(
        "The assignment in words, in your language (роль словами).",
        sensitivity=Sensitivity.P1,
        known=Worked(assignment_in_words, ("role", "valid_from", "valid_to"), NAMED_IN_WORDS),
    )
    async def in_words(self, info: Info) -> str:
        names = await behind(info.context.executor, self, NAMED_IN_WORDS)
        return assignment_in_words(info.context, row_of(self), *names)

    @computed(
        "What you can do with it (что вы можете сделать).",
        sensitivity=Sensitivity.P1,
        known=Worked(assignment_actions, ASSIGNMENT_ACTIONS_READ, ABOVE),
    )
    async def viewer_can(self, info: Info) -> AssignmentActions:
        return assignment_actions(info.context, row_of(self), *await behind(info.context.executor, self, ABOVE))
