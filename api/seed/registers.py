"""Registers of the main school beside the journal: a few entries of each kind, and a system with a consent."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from api.seed.appointments import MAIN_SCHOOL_ID, ZONE
from api.seed.calendar import Calendar, office_hours
from api.seed.cast import Cast
from api.seed.ids import MAIN, person_id, pupil_id, seed_id
from api.seed.staff import HIRED
from domain.ages import age_on
from domain.records.achievements import Achievement, AchievementKind, AchievementLevel, AchievementResult
from domain.records.base import Record
from domain.records.consents import Consent, ConsentPurpose, ServiceClient
from domain.records.rehabilitation import (
    MeasureOutcome,
    RehabilitationMeasure,
    RehabilitationProgramme,
    RehabilitationReport,
)
from domain.records.screenings import ScreeningConsent, ScreeningParticipation
from domain.records.staff_files import EmploymentEvent, EmploymentRecord, QualificationCategory
from domain.roles import Role

CLASS = seed_id("class", MAIN, "7А")
OWN_CONSENT_FROM = 14
OLYMPIADS = (
    ("Школьный этап олимпиады по математике", AchievementLevel.SCHOOL, AchievementResult.WINNER, 1),
    ("Муниципальный этап олимпиады по математике", AchievementLevel.MUNICIPAL, AchievementResult.PRIZE, 4),
)


def registers(cast: Cast, issuer: str, calendar: Calendar) -> list[Record]:
    """All entries; equal arguments give equal rows."""
    return [
        *_consent(cast, issuer, calendar),
        *_achievements(calendar),
        *_programme(calendar),
        _screening(calendar),
        *_staff_file(calendar),
    ]


def _consent(cast: Cast, issuer: str, calendar: Calendar) -> Iterator[Record]:
    """The demo student lets the federal system read the diary; below 14 a parent does."""
    system = ServiceClient(
        id=seed_id("service", "federal-system"),
        issuer=issuer,
        client_id="federal-system",
        name="Федеральная система (вымышленная)",
        purpose=ConsentPurpose.EDU_JOURNAL,
        registered_at=office_hours(calendar.prepared_on, ZONE),
    )
    yield system
    student, day = cast["student"], calendar.today - timedelta(days=10)
    decides = student.birth_date is not None and age_on(student.birth_date, day) >= OWN_CONSENT_FROM
    yield Consent(
        id=seed_id("consent", "student", "federal-system"),
        person_id=student.id,
        service_client_id=system.id,
        purpose=system.purpose,
        given_by_id=student.id if decides else person_id("legal-representative"),
        role=Role.STUDENT if decides else Role.LEGAL_REPRESENTATIVE,
        given_at=office_hours(day, ZONE),
        valid_from=day,
    )


def _achievements(calendar: Calendar) -> Iterator[Record]:
    for number, (title, level, result, place) in enumerate(OLYMPIADS):
        day = calendar.today - timedelta(days=20 - 10 * number)
        yield Achievement(
            id=seed_id("achievement", "student", number),
            student_id=person_id("student"),
            organisation_id=MAIN_SCHOOL_ID,
            class_group_id=CLASS,
            kind=AchievementKind.OLYMPIAD,
            level=level,
            result=result,
            title=f"{title} (вымышленный)",
            place=place,
            happened_on=day,
            recorded_at=office_hours(day, ZONE),
        )


def _programme(calendar: Calendar) -> Iterator[Record]:
    """A programme with one measure carried out and one to come."""
    since = calendar.year_start
    at: dict[str, Any] = {"student_id": pupil_id(MAIN, "7А", "banned"), "organisation_id": MAIN_SCHOOL_ID}
    told: dict[str, Any] = {"recorded_at": office_hours(calendar.prepared_on, ZONE)}
    programme = RehabilitationProgramme(
        id=seed_id("programme", "banned"), **at, student_name="Ученик 7А (вымышленный)", number="0000-вымышленный",
        starts_on=since, education_part="Занятия с логопедом, дополнительное время на контрольных", **told,
    )  # fmt: skip
    yield programme
    for number, (name, due) in enumerate((("Занятия с логопедом", 30), ("Повторное обследование", 240))):
        measure = RehabilitationMeasure(
            id=seed_id("measure", "banned", number), programme_id=programme.id, **at, name=name,
            due_on=since + timedelta(days=due), **told,
        )  # fmt: skip
        yield measure
        if number == 0:
            yield RehabilitationReport(
                id=seed_id("report", "banned", number), measure_id=measure.id, **at, outcome=MeasureOutcome.DONE,
                executed_on=since + timedelta(days=28), **told,
            )  # fmt: skip


def _screening(calendar: Calendar) -> Record:
    return ScreeningParticipation(
        id=seed_id("screening", "student"),
        student_id=person_id("student"),
        organisation_id=MAIN_SCHOOL_ID,
        class_group_id=CLASS,
        school_year=calendar.school_year,
        version=1,
        consent=ScreeningConsent.GIVEN,
        consent_by=Role.LEGAL_REPRESENTATIVE,
        code=seed_id("screening code", "student").hex[:12].upper(),
        recorded_at=office_hours(calendar.prepared_on, ZONE),
    )


def _staff_file(calendar: Calendar) -> Iterator[Record]:
    orders: tuple[tuple[EmploymentEvent, date, QualificationCategory | None, str], ...] = (
        (EmploymentEvent.HIRED, HIRED, None, "15-к"),
        (EmploymentEvent.QUALIFIED, calendar.prepared_on, QualificationCategory.HIGHEST, "112-к"),
    )
    for event, day, category, order in orders:
        yield EmploymentRecord(
            id=seed_id("employment", "teacher", event),
            person_id=person_id("teacher"),
            organisation_id=MAIN_SCHOOL_ID,
            event=event,
            happened_on=day,
            position="Учитель математики",
            category=category,
            education="Высшее педагогическое (вымышленное)",
            order_number=order,
            ordered_on=day,
            recorded_at=office_hours(day, ZONE),
        )
