"""How a row stands to a role that somebody holds, in the words of expectations.csv.

This is the twin of anchors and reaches, in plain Python over rows in memory: it shares no code with the product.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.records import (
    Assignment,
    ClassGroup,
    Consent,
    Enrolment,
    Guardianship,
    GuardianshipProposal,
    IdentityMismatch,
    Journal,
    JournalLine,
    Organisation,
    Person,
    StaffPosition,
    SubjectGroup,
    SubjectGroupMember,
)
from domain.roles import Role
from tests.access.rows import Held, Rows

Ids = frozenset[UUID]
NONE: Ids = frozenset()


class Relation(StrEnum):
    """The relations of the expectations."""

    OWN = "own"
    OWN_CLASS = "own_class"
    NAMED = "named"
    OWN_ORGANISATION = "own_organisation"
    FORMERLY_OWN = "formerly_own"
    OTHER_ORGANISATION = "other_organisation"
    OTHER_MUNICIPALITY = "other_municipality"
    OTHER_REGION = "other_region"
    PUBLIC = "public"


@dataclass(frozen=True)
class Ties:
    """What a row is tied to now, and was formerly. `about` are those whom it tells something of: a ban counts them."""

    people: Ids = NONE
    pupils: Ids = NONE
    groups: Ids = NONE
    classes: Ids = NONE
    organisations: Ids = NONE
    past: Ids = NONE
    about: Ids = NONE


@dataclass(frozen=True)
class Standpoint:
    """Who looks: the person, their children (now and formerly), whom they are banned from, and their roles."""

    person: UUID | None = None
    children: Ids = NONE
    past_children: Ids = NONE
    banned_from: Ids = NONE
    held: tuple[Held, ...] = (Held(Role.GUEST),)


@dataclass
class Relations:
    """Works out ties and relations within one world."""

    rows: Rows
    _places: dict[UUID, tuple[UUID | None, UUID | None]] = field(default_factory=dict)
    _ties: dict[tuple[str, int], list[Ties]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._places = {row.id: (row.municipality_id, row.region_id) for row in self.rows.all(Organisation)}

    def standpoint(self, person: UUID, held: Iterable[Held], banned_from: Iterable[UUID]) -> Standpoint:
        """Where somebody of the cast stands."""
        wards = self.rows.where(Guardianship, guardian_id=person)
        live = frozenset(ward.student_id for ward in self.rows.live(wards))
        banned = frozenset(banned_from)
        past = frozenset(ward.student_id for ward in wards) - live
        everybody = (Held(Role.GUEST), Held(Role.SIGNED_IN))
        return Standpoint(person, live - banned, past, banned, (*everybody, *held))

    def ties(self, type_name: str, row: Any) -> list[Ties]:
        """All ways in which a row is tied to anything; none: it is not of this type. Worked out once for each row."""
        found = self._ties.get((type_name, id(row)))
        if found is None:
            found = self._ties[type_name, id(row)] = list(_TIES.get(type_name, _fact)(self.rows, row))
        return found

    def of(self, role: Held, who: Standpoint, ties: Ties) -> Relation:
        """The relation of a row to one role of somebody."""
        if role.role is Role.GUEST:
            return Relation.PUBLIC
        if role.role is Role.SIGNED_IN:
            return Relation.OWN if who.person in ties.people else self._distance(ties, None)
        if role.role is Role.SYSTEM_CLIENT:
            return self._to_service(role, ties)
        if role.role in (Role.STUDENT, Role.LEGAL_REPRESENTATIVE):
            return self._to_family(role, who, ties)
        return self._to_staff(role, who, ties)

    def _to_service(self, role: Held, ties: Ties) -> Relation:
        given = self.rows.where(Consent, service_client_id=role.target)
        live = {one.person_id for one in self.rows.live(given)}
        if live & (ties.people | ties.pupils):
            return Relation.OWN
        past = {one.person_id for one in given} & (ties.people | ties.pupils)
        return Relation.FORMERLY_OWN if past else self._distance(ties, None)

    def _to_family(self, role: Held, who: Standpoint, ties: Ties) -> Relation:
        student = role.role is Role.STUDENT
        mine = frozenset({who.person}) - {None} if student else who.children
        if mine & (ties.people | ties.pupils):
            return Relation.OWN
        if not student and who.past_children & (ties.people | ties.pupils):
            return Relation.FORMERLY_OWN
        places = [row for child in mine for row in self.rows.where(Enrolment, student_id=child)]
        live = self.rows.live(places)
        for near, tied, column in (
            (Relation.OWN_CLASS, ties.classes, "class_group_id"),
            (Relation.OWN_ORGANISATION, ties.organisations, "organisation_id"),
        ):
            if {getattr(row, column) for row in live} & tied:
                return near
            if {getattr(row, column) for row in places} & tied:
                return Relation.FORMERLY_OWN
        return self._distance(ties, next((row.organisation_id for row in live), None))

    def _to_staff(self, role: Held, who: Standpoint, ties: Ties) -> Relation:
        found = self._reached(role, ties)
        if found:
            return found
        formerly = any(self._reached(old, ties) for old in who.held if old.role is role.role and not old.live)
        if formerly or ties.past & self._own_places(role):
            return Relation.FORMERLY_OWN
        home = self._home(role)
        return Relation.OWN_ORGANISATION if home in ties.organisations else self._distance(ties, home)

    def _reached(self, role: Held, ties: Ties) -> Relation | None:
        target = role.target
        if role.case:
            return self._of_case(role, ties)
        if role.role is Role.TEACHER:
            if target in ties.groups:
                return Relation.OWN
            return Relation.OWN_CLASS if self._class_of(target) in ties.classes else None
        if role.role is Role.HOMEROOM_TEACHER:
            return Relation.OWN_CLASS if target in ties.classes else None
        if role.below:
            below = any(target in self._places[one] for one in ties.organisations)
            return Relation.OWN_ORGANISATION if below else None
        return Relation.OWN_ORGANISATION if target in ties.organisations else None

    def _of_case(self, role: Held, ties: Ties) -> Relation | None:
        """What is about the named person, and the class and the organisation where that person learns now."""
        if role.target in ties.people | ties.pupils:
            return Relation.NAMED
        places = self.rows.live(self.rows.where(Enrolment, student_id=role.target))
        if ties.people | ties.pupils | ties.groups:
            return None
        wanted, column = (ties.classes, "class_group_id") if ties.classes else (ties.organisations, "organisation_id")
        return Relation.NAMED if {getattr(row, column) for row in places} & wanted else None

    def _own_places(self, role: Held) -> Ids:
        extra = {self._class_of(role.target)} if role.role is Role.TEACHER else set()
        return frozenset({role.target, *extra} - {None})  # type: ignore[arg-type]

    def _class_of(self, group: UUID | None) -> UUID | None:
        found = self.rows.one(SubjectGroup, group)
        place: UUID | None = found.class_group_id if found else None
        return place

    def _home(self, role: Held) -> UUID | None:
        if role.case:
            return None
        for record in (SubjectGroup, ClassGroup):
            found = self.rows.one(record, role.target)
            if found is not None:
                place: UUID = found.organisation_id
                return place
        return role.target

    def _distance(self, ties: Ties, home: UUID | None) -> Relation:
        places = [self._places[one] for one in ties.organisations | ties.past if one in self._places]
        if not places:
            return Relation.PUBLIC
        if home is None:
            return Relation.OTHER_ORGANISATION
        town, region = self._places[home]
        if any(place[0] == town for place in places):
            return Relation.OTHER_ORGANISATION
        return Relation.OTHER_MUNICIPALITY if any(place[1] == region for place in places) else Relation.OTHER_REGION


def _fact(_: Rows, row: Any) -> Iterator[Ties]:
    """A fact about a student: tied to what stood on it when it was written, and each version to what it says."""
    about = frozenset({row.student_id})
    yield Ties(about, NONE, *_places(row), about=about)


def _places(row: Any) -> tuple[Ids, Ids, Ids]:
    return _set(row.subject_group_id), _set(row.class_group_id), frozenset({row.organisation_id})


def _of_journal(_: Rows, row: Any) -> Iterator[Ties]:
    """What is settled about a page among those who work in it."""
    yield Ties(NONE, NONE, *_places(row))


def _enrolment(_: Rows, row: Enrolment) -> Iterator[Ties]:
    about = frozenset({row.student_id})
    yield Ties(
        about, classes=frozenset({row.class_group_id}), organisations=frozenset({row.organisation_id}), about=about
    )


def _page(rows: Rows, row: Any) -> Iterator[Ties]:
    """A journal page or its lesson: families have it as long as their child has a line on it."""
    journal = row.id if isinstance(row, Journal) else row.journal_id
    pupils = frozenset(line.student_id for line in rows.where(JournalLine, journal_id=journal))
    yield Ties(NONE, pupils, *_places(row))


def _group(rows: Rows, row: SubjectGroup) -> Iterator[Ties]:
    members = rows.live(rows.where(SubjectGroupMember, subject_group_id=row.id))
    lines = rows.where(JournalLine, subject_group_id=row.id)
    pupils = frozenset(one.student_id for one in (*members, *lines))
    yield Ties(NONE, pupils, frozenset({row.id}), frozenset({row.class_group_id}), frozenset({row.organisation_id}))


def _class(_: Rows, row: ClassGroup) -> Iterator[Ties]:
    yield Ties(classes=frozenset({row.id}), organisations=frozenset({row.organisation_id}))


def _student(rows: Rows, row: Person) -> Iterator[Ties]:
    """Whoever is or was enrolled somewhere."""
    places = rows.where(Enrolment, student_id=row.id)
    if places:
        yield _with_places(rows, row.id, frozenset({row.id}), frozenset({row.id}))


def _with_places(rows: Rows, student: UUID, people: Ids, about: Ids) -> Ties:
    """Tied to the places of a student, those of now apart from those of the past."""
    enrolments = rows.where(Enrolment, student_id=student)
    members = rows.where(SubjectGroupMember, student_id=student)
    groups = frozenset(one.subject_group_id for one in rows.live(members))
    classes = frozenset(one.class_group_id for one in rows.live(enrolments))
    organisations = frozenset(one.organisation_id for one in rows.live(enrolments))
    ever = {one.subject_group_id for one in members}
    ever |= {place for one in enrolments for place in (one.class_group_id, one.organisation_id)}
    return Ties(people, NONE, groups, classes, organisations, frozenset(ever) - groups - classes - organisations, about)


def _guardian(rows: Rows, row: Person) -> Iterator[Ties]:
    """Whoever represents a child now, tied to the places of each such child; who it is tells something of the child."""
    for ward in rows.live(rows.where(Guardianship, guardian_id=row.id)):
        child = ward.student_id
        both = frozenset({child, row.id})
        yield _with_places(rows, child, both, both)


def _guardianship(rows: Rows, row: Guardianship) -> Iterator[Ties]:
    both = frozenset({row.guardian_id, row.student_id})
    yield _with_places(rows, row.student_id, both, both)


def _guardianship_proposal(_: Rows, row: GuardianshipProposal) -> Iterator[Ties]:
    """Where the student learned on that day; it tells something of both."""
    both = frozenset({row.guardian_id, row.student_id})
    yield Ties(both, classes=_set(row.class_group_id), organisations=_set(row.organisation_id), about=both)


def _staff_member(rows: Rows, row: Person) -> Iterator[Ties]:
    """Whoever works somewhere; those who have left are tied to the past alone."""
    mine = frozenset({row.id})
    for position in rows.where(StaffPosition, person_id=row.id):
        place = frozenset({position.organisation_id})
        now = bool(rows.live([position]))
        yield Ties(mine, organisations=place if now else NONE, past=NONE if now else place, about=mine)


def _position(_: Rows, row: StaffPosition | IdentityMismatch) -> Iterator[Ties]:
    mine = frozenset({row.person_id})
    yield Ties(mine, organisations=frozenset({row.organisation_id}), about=mine)


def _account(_: Rows, row: Person) -> Iterator[Ties]:
    yield Ties(frozenset({row.id}), about=frozenset({row.id}))


def _assignment(_: Rows, row: Assignment) -> Iterator[Ties]:
    mine = frozenset({row.person_id})
    yield Ties(mine, NONE, _set(row.subject_group_id), _set(row.class_group_id), _set(row.organisation_id), about=mine)


def _of_person(_: Rows, row: Any) -> Iterator[Ties]:
    """An entry about somebody, kept at an organisation: of whoever they are, and where they were then."""
    whom = frozenset({row.person_id})
    yield Ties(whom, organisations=_set(getattr(row, "organisation_id", None)), about=whom)


def _of_student(_: Rows, row: Any) -> Iterator[Ties]:
    """An entry of a register of students, with school and (mostly) class of that time."""
    whom = frozenset({row.student_id})
    of = _set(getattr(row, "class_group_id", None))
    yield Ties(whom, classes=of, organisations=frozenset({row.organisation_id}), about=whom)


def _of_organisation(_: Rows, row: Any) -> Iterator[Ties]:
    yield Ties(organisations=_set(row.id if isinstance(row, Organisation) else row.organisation_id))


def _nothing(_: Rows, __: Any) -> Iterator[Ties]:
    yield Ties()


def _set(value: UUID | None) -> Ids:
    return NONE if value is None else frozenset({value})


_TIES: dict[str, Callable[[Rows, Any], Iterator[Ties]]] = {
    "Achievement": _of_student,
    "AssessmentSlot": _page,
    "Assignment": _assignment,
    "AuditEntry": _of_organisation,
    "CalendarDay": _of_organisation,
    "ClassGroup": _class,
    "Consent": _of_person,
    "Diary": _account,
    "EmploymentRecord": _of_person,
    "Enrolment": _enrolment,
    "GradingPeriod": _of_organisation,
    "Guardian": _guardian,
    "Guardianship": _guardianship,
    "GuardianshipProposal": _guardianship_proposal,
    "IdentityMismatch": _position,
    "ImportFile": _of_organisation,
    "ImportRow": _of_organisation,
    "ImportRun": _of_organisation,
    "ImportSourceRow": _of_organisation,
    "Journal": _page,
    "Lesson": _page,
    "LessonVersion": _page,
    "Observation": _of_organisation,
    "ObservationApproval": _of_organisation,
    "ObservationVersion": _of_organisation,
    "Organisation": _of_organisation,
    "OrganisationPolicy": _of_organisation,
    "PeriodClosing": _of_organisation,
    "Person": _account,
    "RecordOpening": _of_person,
    "RehabilitationMeasure": _of_student,
    "RehabilitationProgramme": _of_student,
    "RehabilitationReport": _of_student,
    "RegistryIssue": _of_organisation,
    "Reopening": _of_journal,
    "ScreeningParticipation": _of_student,
    "ServiceClient": _nothing,
    "StaffMember": _staff_member,
    "StaffPosition": _position,
    "Student": _student,
    "Subject": _nothing,
    "SubjectGroup": _group,
    "WorkType": _of_organisation,
}
