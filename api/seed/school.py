"""An invented school at work: opens classes, finds teachers, places lessons, writes pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from uuid import UUID

from api.seed.absences import Absences, draw_absences
from api.seed.calendar import Calendar
from api.seed.cast import Cast, pupil_part
from api.seed.classes import (
    SchoolClass,
    Split,
    class_group,
    enrolment,
    grading_period,
    in_order,
    members,
    period_id,
    splits,
    subject_group,
)
from api.seed.families import Families
from api.seed.grants import Grants, assignment_id
from api.seed.ids import group_key, seed_id
from api.seed.journals import Author, Sheet, Substitution
from api.seed.pages import Page
from api.seed.people import Population
from api.seed.sizes import ClassPlan
from api.seed.staff import Staff, position_id
from api.seed.subjects import SubjectPlan
from api.seed.timetable import Slot, Timetable
from domain.periods import Quarter, usual_quarters
from domain.records.base import Record
from domain.records.classes import EnrolmentKind, SubjectGroup
from domain.records.policies import WorkCode
from domain.records.users import Person
from domain.roles import ReachKind, Role

TOPICS_A_QUARTER = 4


@dataclass(frozen=True)
class Teaching:
    """A subject group with its teacher, pupils and lessons of the week."""

    key: str
    school_class: SchoolClass
    group: SubjectGroup
    plan: SubjectPlan
    teacher: Person
    pupils: Sequence[Person]
    slots: Sequence[Slot]


@dataclass
class School:
    """One invented school; `rows` collects what it makes beside its families' and its staff's rows.

    `substitutions` stand by the key of the subject group, `pages` by that key and the page's label; all lessons of the
    week are `later` by so many days than the timetable says.
    """

    key: str
    office: Grants
    calendar: Calendar
    families: Families
    staff: Staff
    timetable: Timetable = field(default_factory=Timetable)
    classes: dict[str, SchoolClass] = field(default_factory=dict)
    work_types: Mapping[WorkCode, UUID] = field(default_factory=dict)
    substitutions: dict[str, Substitution] = field(default_factory=dict)
    pages: dict[tuple[str, str], tuple[Sheet, list[Record]]] = field(default_factory=dict)
    later: int = 0
    own_rows: list[Record] = field(default_factory=list)

    @classmethod
    def open(cls, key: str, office: Grants, calendar: Calendar, population: Population, cast: Cast) -> "School":
        """Open a school, with nobody in it yet but the quarters of this year."""
        families = Families(key, calendar, population, cast)
        staff = Staff(key, office.organisation_id, calendar, population, cast)
        school = cls(key, office, calendar, families, staff)
        school.set_quarters(usual_quarters(calendar.school_year))
        return school

    def rows(self) -> list[Record]:
        """Everything made so far."""
        on_pages = chain.from_iterable(rows for _, rows in self.pages.values())
        return [*self.families.rows, *self.staff.rows, *self.own_rows, *on_pages]

    def set_quarters(self, quarters: Iterable[Quarter]) -> None:
        """Divide a year."""
        self.own_rows += (grading_period(self.key, self.office.organisation_id, quarter) for quarter in quarters)

    def open_class(self, plan: ClassPlan) -> SchoolClass:
        """Open a class and bring up its pupils."""
        parts = pupil_part(self.key, plan.key)
        numbers = range(1, plan.pupils - len(parts) + 1)
        pupils = [self.families.pupil(plan, part.label, part) for part in parts]
        pupils += [self.families.pupil(plan, str(number)) for number in numbers]
        record = class_group(self.key, self.office.organisation_id, plan)
        opened = self.classes[plan.key] = SchoolClass(plan, record, in_order(pupils))
        self.own_rows.append(record)
        return opened

    def enrol(self, school_class: SchoolClass, pupils: Iterable[Person], since: date) -> None:
        """Enrol pupils of a class; one that has left the school was enrolled until the end of its last year."""
        gone = school_class.plan.school_year < self.calendar.school_year
        until = date(school_class.plan.school_year + 1, 7, 1) if gone else None
        for pupil in pupils:
            self.own_rows += (
                enrolment(school_class.record, pupil, since, until),
                self.office.grant(pupil.id, Role.STUDENT, ReachKind.SELF, since, until),
            )

    def welcome(self, school_class: SchoolClass, guests: Sequence[Person]) -> SchoolClass:
        """Take in pupils whose main school is another one."""
        for guest in guests:
            row = enrolment(school_class.record, guest, self.calendar.year_start, None, EnrolmentKind.EXTRA)
            self.own_rows.append(row)
        return school_class.with_guests(guests)

    def teach(self, school_class: SchoolClass, plan: SubjectPlan) -> list[Teaching]:
        """Give a class a subject: subject groups, members, teachers with their assignments, lessons of the week."""
        hours, key = plan.hours[school_class.plan.name.grade_level], school_class.plan.key
        taught = [
            (split, self.staff.teacher_of(key, plan.code, plan.department, hours, part=split.part or 1))
            for split in splits(plan, school_class.pupils)
        ]
        slots = self.timetable.place(school_class.id, [teacher.id for _, teacher in taught], hours)
        return [self._teaching(school_class, plan, split, teacher, slots) for split, teacher in taught]

    def write_pages(
        self, school_class: SchoolClass, taught: Iterable[Teaching], quarter: Quarter, label: str, since: date | None
    ) -> None:
        """Write the pages of a class in a quarter, all with the same absences."""
        days = list(self.calendar.lesson_days(quarter, since))
        absences = draw_absences(school_class.pupils, days, quarter.school_year, quarter.number)
        for teaching in taught:
            page = self._page(teaching, quarter, label, days, absences)
            self.pages[teaching.key, label] = page.sheet, list(page.rows())

    def appoint_homeroom_teacher(self, school_class: SchoolClass, teacher: Person) -> None:
        """Make a teacher responsible for a class."""
        since = self.calendar.year_start
        self.own_rows.append(
            self.office.grant(
                teacher.id, Role.HOMEROOM_TEACHER, ReachKind.CLASS_GROUPS, since, class_group_id=school_class.id
            )
        )

    def recognise_guardians(self) -> None:
        """Give everybody who represents a child here the role that goes with it."""
        for guardian_id in self.families.guardian_ids:
            since = self.calendar.year_start
            self.own_rows.append(self.office.grant(guardian_id, Role.LEGAL_REPRESENTATIVE, ReachKind.CHILDREN, since))

    def _teaching(
        self, school_class: SchoolClass, plan: SubjectPlan, split: Split, teacher: Person, slots: Sequence[Slot]
    ) -> Teaching:
        position = position_id(teacher.id, self.office.organisation_id)
        group = subject_group(self.key, school_class, plan, part=split.part, position_id=position, year=None)
        since = self.calendar.year_start
        grant = self.office.grant(teacher.id, Role.TEACHER, ReachKind.SUBJECT_GROUPS, since, subject_group_id=group.id)
        self.own_rows += (group, grant, *members(group, split.pupils, since))
        key = group_key(school_class.plan.key, plan.code, part=split.part)
        return Teaching(key, school_class, group, plan, teacher, split.pupils, slots)

    def _page(self, teaching: Teaching, quarter: Quarter, label: str, days: Sequence[date], absences: Absences) -> Page:
        first_topic = TOPICS_A_QUARTER * (quarter.number - 1)
        sheet = Sheet(
            id=journal_id(self.key, teaching.key, label),
            group=teaching.group,
            class_name=teaching.school_class.name,
            period_id=period_id(self.key, quarter),
            zone=self.office.zone,
            author=Author(teaching.teacher.id, assignment_id(teaching.teacher.id, Role.TEACHER, teaching.group.id)),
            substitution=self.substitutions.get(teaching.key),
            work_types=self.work_types,
        )
        slots = [slot.later(self.later) for slot in teaching.slots]
        return Page(sheet, teaching.plan, teaching.pupils, days, slots, self.calendar, absences, first_topic)


def journal_id(school: str, group: str, label: str) -> UUID:
    """Give the id of a page: label is `current`, `previous` or `published`."""
    return seed_id("journal", school, group, label)
