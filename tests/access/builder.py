"""Builder: makes rows whose every personal value is a canary, a text that stands nowhere else."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, insert

from domain.catalogue.ids import indicator_id
from domain.records import (
    AssessmentSlot,
    Assignment,
    CalendarDay,
    ClassGroup,
    Enrolment,
    ExternalIdentity,
    GradingPeriod,
    Guardianship,
    ImportFile,
    ImportRow,
    ImportRun,
    ImportSourceRow,
    Journal,
    JournalLine,
    Lesson,
    LessonVersion,
    Observation,
    ObservationApproval,
    ObservationVersion,
    Organisation,
    OrganisationPolicy,
    PeriodClosing,
    Person,
    RegistryIssue,
    Restriction,
    StaffPosition,
    Subject,
    SubjectGroup,
    SubjectGroupMember,
    WorkType,
)
from domain.records.attendance import AttendanceCode
from domain.records.classes import EnrolmentKind, PeriodScheme
from domain.records.imports import ImportKind, ImportMode, ImportStatus, RowOutcome
from domain.records.journals import LessonStatus
from domain.records.observations import ApprovalAction
from domain.records.organisations import HeadStatus, IdentifierStatus, OrganisationKind, Provenance, RegistryIssueCode
from domain.records.policies import CATALOGUE, WorkCode
from domain.records.summaries import SummaryMarkKind
from domain.records.users import Gender, GuardianshipKind, RestrictionKind
from domain.roles import ReachKind, Role
from tests.access.history import History
from tests.access.rows import ORDER, Held, Member, Rows

ISSUER = "https://id.example.test"
REACH = {
    Role.TEACHER: ReachKind.SUBJECT_GROUPS,
    Role.HOMEROOM_TEACHER: ReachKind.CLASS_GROUPS,
    Role.DEPUTY_HEAD: ReachKind.ORGANISATION,
    Role.ORG_ADMIN: ReachKind.ORGANISATION,
    Role.MUNICIPAL_COORDINATOR: ReachKind.ORGANISATION_TREE,
    Role.REGIONAL_COORDINATOR: ReachKind.ORGANISATION_TREE,
    Role.PRINCIPAL: ReachKind.ORGANISATION,
    Role.HR_SPECIALIST: ReachKind.ORGANISATION,
    Role.TALENT_OPERATOR: ReachKind.ORGANISATION,
    Role.REHABILITATION_OPERATOR: ReachKind.ORGANISATION,
    Role.SCREENING_SPECIALIST: ReachKind.ORGANISATION,
    Role.AUDITOR: ReachKind.ORGANISATION,
    Role.STUDENT: ReachKind.SELF,
    Role.LEGAL_REPRESENTATIVE: ReachKind.CHILDREN,
    Role.ENROLMENT_OPERATOR: ReachKind.ORGANISATION,
    Role.CURRICULUM_SPECIALIST: ReachKind.ORGANISATION,
    Role.GENERAL_EDUCATION_SPECIALIST: ReachKind.ORGANISATION_TREE,
    Role.MAIL_USER: ReachKind.SELF,
    Role.ORG_MAILBOX: ReachKind.ORGANISATION,
    Role.EXPERT: ReachKind.ORGANISATION,
    Role.AUTHORITY_VIEWER: ReachKind.ORGANISATION_TREE,
}
"""With which reach a role is held where nothing else is said."""


@dataclass
class Builder:
    """One method a noun. Where a value may be missing, some row is without it."""

    rows: Rows
    cast: dict[str, Member] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: count(1))

    @property
    def history(self) -> History:
        """Writes versions."""
        return History(self)

    def canary(self, what: str) -> str:
        """A text that stands nowhere else."""
        return f"CANARY-{next(self._numbers):04d} {what}"

    @property
    def year(self) -> int:
        """The school year that today lies in."""
        return self.rows.today.year if self.rows.today.month >= 9 else self.rows.today.year - 1

    def day(self, days: int) -> date:
        """So many days from today."""
        return self.rows.today + timedelta(days=days)

    def moment(self) -> datetime:
        """A moment of its own in the recent past."""
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(self._numbers))

    def organisation(self, kind: OrganisationKind, parent: Organisation | None, **given: Any) -> Organisation:
        """A node of the tree, bare of all that may be missing unless it is given."""
        made = Organisation(
            id=uuid4(),
            kind=kind,
            name=self.canary(kind.value),
            parent_id=parent.id if parent else None,
            ogrn_status=IdentifierStatus.MISSING,
            inn_status=IdentifierStatus.MISSING,
            head_status=HeadStatus.HEAD,
            time_zone="Asia/Krasnoyarsk",
            provenance=Provenance.SYNTHETIC,
            ancestor_ids=[],
            **given,
        )
        made.region_id = made.id if kind is OrganisationKind.REGION else (parent.region_id if parent else None)
        below = parent.municipality_id if parent else None
        made.municipality_id = made.id if kind is OrganisationKind.MUNICIPALITY else below
        made.ancestor_ids = [*(parent.ancestor_ids if parent else []), made.id]
        return self.rows.add(made)

    def issue(self, organisation: Organisation) -> RegistryIssue:
        """Something wrong with the row of an organisation."""
        return self.rows.add(
            RegistryIssue(
                id=uuid4(),
                organisation_id=organisation.id,
                code=RegistryIssueCode.NAME_CUT,
                column_name=self.canary("column"),
                raw=self.canary("raw"),
            )
        )

    def person(
        self, who: str, *, child: bool = False, bare: bool = False, names: tuple[str, str] | None = None
    ) -> Person:
        """A person; a child is about twelve. `bare` leaves out what may be missing, `names` are those of another."""
        number = next(self._numbers)
        last, first = names or (self.canary(who), self.canary("first name"))
        made = Person(id=uuid4(), last_name=last, first_name=first, provenance=Provenance.SYNTHETIC)
        if not bare:
            made.middle_name = self.canary("middle name")
            made.birth_date = self.day(-12 * 365 if child else -40 * 365) + timedelta(days=number)
            made.gender = Gender.FEMALE if number % 2 else Gender.MALE
            made.snils = f"{number:03d}-{number * 7 % 1000:03d}-{number * 13 % 1000:03d} {number % 100:02d}"
            made.phone = self.canary("phone")
            made.email = self.canary("e-mail")
        return self.rows.add(made)

    def member(self, name: str, person: Person) -> Member:
        """Give a person an account, and a place in the cast."""
        made = Member(person, subject=f"subject of {name}")
        self.rows.add(
            ExternalIdentity(
                id=uuid4(), issuer=ISSUER, subject=made.subject, person_id=person.id, linked_at=self.moment()
            )
        )
        self.cast[name] = made
        return made

    def grant(
        self, member: Member, role: Role, target: Any = None, *, ended: bool = False, reach: ReachKind | None = None
    ) -> Assignment:
        """Give a role that reaches `target`: a group, a class or an organisation; None: oneself or one's children."""
        reach = reach or REACH[role]
        key, below = target.id if target is not None else None, reach is ReachKind.ORGANISATION_TREE
        member.held.append(Held(role, key, live=not ended, below=below))
        return self.rows.add(
            Assignment(
                id=uuid4(),
                person_id=member.person.id,
                role=role,
                reach=reach,
                organisation_id=getattr(target, "organisation_id", target.id) if target is not None else None,
                class_group_id=target.id if role is Role.HOMEROOM_TEACHER else None,
                subject_group_id=target.id if role is Role.TEACHER else None,
                valid_from=self.day(-60),
                valid_to=self.day(-10) if ended else None,
                reason=self.canary("reason") if ended else None,
                granted_at=self.moment(),
                awaits_confirmation=False,
            )
        )

    def case(
        self,
        member: Member,
        role: Role,
        child: Person,
        school: Organisation,
        *,
        ended: bool = False,
        waits: bool = False,
    ) -> Assignment:
        """A case that names a person: supervision, or a grant of special data. One that `waits` opens nothing yet."""
        if not waits:
            member.held.append(Held(role, child.id, live=not ended, case=True))
        return self.rows.add(
            Assignment(
                id=uuid4(),
                person_id=member.person.id,
                role=role,
                reach=ReachKind.PERSONS,
                organisation_id=school.id,
                subject_person_id=child.id,
                valid_from=self.day(-60),
                valid_to=self.day(-10 if ended else 30),
                reason=self.canary("reason of a case"),
                granted_at=self.moment(),
                awaits_confirmation=waits,
            )
        )

    def propose(self, holder: Person, group: SubjectGroup, by: Person, *, ended: bool = False) -> Assignment:
        """A teacher's role that waits for the second person; or that was ended by hand before anybody confirmed it."""
        return self.rows.add(
            Assignment(
                id=uuid4(),
                person_id=holder.id,
                role=Role.TEACHER,
                reach=REACH[Role.TEACHER],
                organisation_id=group.organisation_id,
                subject_group_id=group.id,
                valid_from=self.day(-60),
                granted_by_id=by.id,
                granted_at=self.moment(),
                awaits_confirmation=True,
                ended_by_id=by.id if ended else None,
                ended_at=self.moment() if ended else None,
            )
        )

    def position(self, person: Person, organisation: Organisation, *, ended: bool = False) -> StaffPosition:
        """Work at an organisation."""
        return self.rows.add(
            StaffPosition(
                id=uuid4(),
                person_id=person.id,
                organisation_id=organisation.id,
                title=self.canary("title"),
                valid_from=self.day(-90),
                valid_to=self.day(-12) if ended else None,
            )
        )

    def period(self, organisation: Organisation) -> GradingPeriod:
        """The quarter of an organisation in which today lies."""
        return self.rows.add(
            GradingPeriod(
                id=uuid4(),
                organisation_id=organisation.id,
                school_year=self.year,
                scheme=PeriodScheme.QUARTER,
                number=1,
                name=self.canary("period"),
                starts_on=self.day(-80),
                ends_on=self.day(10),
            )
        )

    def subject(self, code: str) -> Subject:
        """A subject of the catalogue."""
        return self.rows.add(Subject(id=uuid4(), code=code, name=self.canary(code)))

    def class_group(self, organisation: Organisation, letter: str, *, profile: str | None = None) -> ClassGroup:
        """A seventh class."""
        return self.rows.add(
            ClassGroup(
                id=uuid4(),
                organisation_id=organisation.id,
                school_year=self.year,
                grade_level=7,
                letter=letter,
                name=self.canary(f"7{letter}"),
                profile=profile,
            )
        )

    def subject_group(self, of: ClassGroup, subject: Subject, teacher: StaffPosition | None = None) -> SubjectGroup:
        """A group of a class, with its page of the journal and a lesson on it."""
        group = self.rows.add(
            SubjectGroup(
                id=uuid4(),
                organisation_id=of.organisation_id,
                class_group_id=of.id,
                subject_id=subject.id,
                school_year=of.school_year,
                name=self.canary("group"),
                teacher_id=teacher.id if teacher else None,
            )
        )
        [period] = self.rows.where(GradingPeriod, organisation_id=of.organisation_id)
        journal = self.rows.add(
            Journal(
                id=uuid4(),
                organisation_id=of.organisation_id,
                school_year=of.school_year,
                class_group_id=of.id,
                subject_group_id=group.id,
                subject_id=subject.id,
                grading_period_id=period.id,
                class_name=of.name,
                provenance=Provenance.SYNTHETIC,
                source=self.canary("source") if teacher else None,
            )
        )
        self.lesson(journal, bare=teacher is None)
        return group

    def settle(self, organisation: Organisation, period: GradingPeriod) -> None:
        """What an organisation settles for itself: policy, a kind of work, a free day, a period closed early."""
        here: dict[str, Any] = {"organisation_id": organisation.id}
        self.rows.add(OrganisationPolicy(**here, version=3, lesson_mark_days=5))
        named: dict[str, Any] = {"name": self.canary("kind of work"), "letter": self.canary("letter")}
        self.rows.add(WorkType(id=uuid4(), **here, code=WorkCode.TEST, **named, weight=4))
        free: dict[str, Any] = {"day": self.day(-5), "working": False, "name": self.canary("free day")}
        self.rows.add(CalendarDay(id=uuid4(), **here, **free))
        self.rows.add(PeriodClosing(id=uuid4(), **here, grading_period_id=period.id, closed_at=self.moment()))

    def imported(self, organisation: Organisation, by: Person) -> None:
        """A file and what became of its rows: the cells of one are kept apart, those of the other are public."""
        here: dict[str, Any] = {"organisation_id": organisation.id}
        content = self.canary("content").encode()
        sent: dict[str, Any] = {
            "content": content,
            "size": len(content),
            "sha256": self.canary("sum"),
            "uploaded_by_id": by.id,
        }
        file = ImportFile(id=uuid4(), **here, name=self.canary("file"), media_type=self.canary("type"), **sent)
        run = ImportRun(
            id=uuid4(), **here, file_id=self.rows.add(file).id, kind=ImportKind.PEOPLE, mode=ImportMode.ROW_BY_ROW,
            status=ImportStatus.DONE, total=2, done=2, created=1, rejected=1, started_by_id=by.id,
            assignment_id=uuid4(), requested_at=self.moment(),
        )  # fmt: skip
        of_run = {**here, "run_id": self.rows.add(run).id}
        rejected = ImportRow(
            id=uuid4(), **of_run, source_row=2, outcome=RowOutcome.REJECTED, object_id=self.canary("object")
        )
        self.rows.add(rejected)
        self.rows.add(
            ImportRow(
                id=uuid4(), **of_run, source_row=3, outcome=RowOutcome.CREATED, raw=[self.canary("cell of a register")]
            )
        )
        self.rows.add(ImportSourceRow(id=rejected.id, **here, cells=[self.canary("cell about a person")]))

    def measured(self, organisation: Organisation, by: Person) -> None:
        """A figure of an organisation as it stands, its version, and a decision about it."""
        here: dict[str, Any] = {
            "organisation_id": organisation.id,
            "indicator_id": indicator_id("JOURNAL_TOPICS"),
            "period": "2026",
        }
        told: dict[str, Any] = {
            **here,
            "value_numerator": 7,
            "value_denominator": 2,
            "shown": self.canary("figure"),
            "source": self.canary("source"),
            "reason": self.canary("reason of a figure"),
            "recorded_by_id": by.id,
            "recorded_at": self.moment(),
        }
        stands = self.rows.add(Observation(id=uuid4(), **told))
        self.rows.add(ObservationVersion(id=uuid4(), observation_id=stands.id, **told))
        decided: dict[str, Any] = {"reason": self.canary("reason of a decision"), "decided_at": self.moment()}
        unlocked = ObservationApproval(id=uuid4(), **here, action=ApprovalAction.UNLOCK, decided_by_id=by.id, **decided)
        self.rows.add(unlocked)

    def lesson(self, journal: Journal, *, bare: bool = False) -> Lesson:
        """A lesson of fifteen days ago, with its history; a bare one has neither topic nor homework."""
        made = self.rows.add(
            Lesson(
                id=uuid4(),
                journal_id=journal.id,
                organisation_id=journal.organisation_id,
                school_year=journal.school_year,
                class_group_id=journal.class_group_id,
                subject_group_id=journal.subject_group_id,
                held_on=self.day(-15),
                number=len(self.rows.where(Lesson, journal_id=journal.id)) + 1,
                status=LessonStatus.HELD,
                slot_code=None if bare else self.canary("code"),
                topic=None if bare else self.canary("topic"),
                homework=None if bare else self.canary("homework"),
            )
        )
        self.history.lesson(made)
        return made

    def enrol(
        self,
        student: Person,
        of: ClassGroup,
        *,
        left: bool = False,
        came: int = -70,
        kind: EnrolmentKind = EnrolmentKind.MAIN,
    ) -> Enrolment:
        """A place in a class; whoever left did so thirty days ago."""
        return self.rows.add(
            Enrolment(
                id=uuid4(),
                student_id=student.id,
                organisation_id=of.organisation_id,
                class_group_id=of.id,
                kind=kind,
                valid_from=self.day(came),
                valid_to=self.day(-30) if left else None,
                order_number=self.canary("order of coming"),
                ordered_on=self.day(came),
                end_order_number=self.canary("order of leaving") if left else None,
                end_ordered_on=self.day(-31) if left else None,
                end_reason=self.canary("why they left") if left else None,
            )
        )

    def join(
        self,
        student: Person,
        group: SubjectGroup,
        *,
        left: bool = False,
        bare: bool = False,
        present: bool = False,
        comes_from: ClassGroup | None = None,
    ) -> JournalLine:
        """A place in a subject group, and what stands on its page: line, marks, and (unless present) an absence.

        Who `comes_from` another class than the group's is on the page with that class.
        """
        class_group_id = comes_from.id if comes_from else group.class_group_id
        self.belong(student, group, class_group_id, left=left)
        [journal] = self.rows.where(Journal, subject_group_id=group.id)
        tied: dict[str, Any] = {
            "school_year": journal.school_year, "organisation_id": journal.organisation_id, "student_id": student.id,
            "class_group_id": class_group_id, "subject_group_id": group.id,
        }  # fmt: skip
        line = self.rows.add(
            JournalLine(
                id=uuid4(),
                journal_id=journal.id,
                **tied,
                number=len(self.rows.where(JournalLine, journal_id=journal.id)) + 1,
                student_name=self.canary("name on the page"),
                left_on=self.day(-15) if left else None,  # the day of the page's one lesson: they were still there
                mark_sum=0,
                weight_sum=0,
                mark_count=0,
            )
        )
        lesson = self.rows.where(Lesson, journal_id=journal.id)[0]
        tied |= {"held_on": lesson.held_on, "lesson_id": lesson.id, "journal_line_id": line.id}
        self.write_line(line, lesson, tied, bare=bare)
        if not present:
            late, ill = (AttendanceCode.LATE, None), (AttendanceCode.ABSENT_UNEXCUSED, AttendanceCode.ABSENT_ILLNESS)
            self.history.attendance(tied, *(late if bare else ill))
        return line

    def write_line(self, line: JournalLine, lesson: Lesson, tied: dict[str, Any], *, bare: bool) -> None:
        """What stands on a line: corrected, withdrawn, refused; on a bare one as little as there can be."""
        self.mark(line, tied, bare=bare)
        if bare:
            self.history.summary(line, 5, None)
            return
        self.history.summary(line, 3, 4)
        [journal] = self.rows.where(Journal, id=line.journal_id)
        if journal.subject_id == self.rows.all(Subject)[0].id:
            self.history.summary(line, 4, kind=SummaryMarkKind.FINAL)
        self.history.proposal(line, lesson, self.slot(lesson.id, 1).id)

    def belong(self, student: Person, group: SubjectGroup, class_group_id: UUID, *, left: bool = False) -> None:
        """A place in a subject group, with nothing on its page yet."""
        self.rows.add(
            SubjectGroupMember(
                id=uuid4(),
                student_id=student.id,
                subject_group_id=group.id,
                organisation_id=group.organisation_id,
                class_group_id=class_group_id,
                valid_from=self.day(-70),
                valid_to=self.day(-30) if left else None,
            )
        )

    def mark(self, line: JournalLine, tied: dict[str, Any], *, bare: bool) -> None:
        """A mark, and the sums of its line. A bare one has no weight: then the line has no mean."""
        value, weight = 2 + next(self._numbers) % 4, 0 if bare else 1 + line.number % 3
        slot = self.slot(tied["lesson_id"], weight).id
        self.history.mark(tied, slot, *((value,) if bare else (2, value)), weight=weight)
        if not bare:
            self.history.mark(tied, slot, 5, None, weight=weight, position=2)
        line.mark_sum, line.weight_sum, line.mark_count = value * weight, weight, 1

    def slot(self, lesson_id: UUID, weight: int) -> AssessmentSlot:
        """The column of a lesson for marks of this weight."""
        columns = self.rows.where(AssessmentSlot, lesson_id=lesson_id)
        found: list[AssessmentSlot] = [column for column in columns if column.weight == weight]
        if found:
            return found[0]
        [lesson] = self.rows.where(Lesson, id=lesson_id)
        return self.rows.add(
            AssessmentSlot(
                id=uuid4(),
                lesson_id=lesson.id,
                journal_id=lesson.journal_id,
                organisation_id=lesson.organisation_id,
                school_year=lesson.school_year,
                class_group_id=lesson.class_group_id,
                subject_group_id=lesson.subject_group_id,
                number=len(columns) + 1,
                work_type_id=CATALOGUE[WorkCode.LESSON],
                weight=weight,
                code=self.canary("slot code") if weight else None,
                title=self.canary("slot title") if weight else None,
            )
        )

    def guardian(self, guardian: Person, student: Person, *, ended: bool = False) -> Guardianship:
        """Who represents whom."""
        return self.rows.add(
            Guardianship(
                id=uuid4(),
                guardian_id=guardian.id,
                student_id=student.id,
                kind=GuardianshipKind.PARENT,
                valid_from=self.day(-365),
                valid_to=self.day(-20) if ended else None,
                ended_at=self.moment() if ended else None,
                end_reason=self.canary("end of a guardianship") if ended else None,
            )
        )

    def restrict(self, person: Person, subject: Person) -> Restriction:
        """A court's ban: the first sees nothing of the second."""
        return self.rows.add(
            Restriction(
                id=uuid4(),
                person_id=person.id,
                subject_person_id=subject.id,
                kind=RestrictionKind.COURT_BAN,
                act=self.canary("act of the court"),
                valid_from=self.day(-40),
            )
        )

    def write(self, connection: Connection) -> None:
        """Put all rows into the database. What its triggers make is left to them."""
        for record in ORDER:
            values = [self._values(row) for row in self.rows.all(record) if not _is_made_there(row)]
            if values:
                connection.execute(insert(record.__table__), values)  # type: ignore[attr-defined]
        self.history.learn_ids(connection)

    def _values(self, row: Any) -> dict[str, Any]:
        """The columns of a row as they are written; a lesson begins as it was at first."""
        computed = {column.name for column in row.__table__.columns if column.computed is not None}
        left_out = computed | {"live_from", "live_until"}
        if isinstance(row, JournalLine):
            left_out |= {"mark_sum", "weight_sum", "mark_count"}
        values = {name: value for name, value in row.model_dump().items() if name not in left_out}
        if isinstance(row, Lesson):
            first = self.history.first_of(row)
            values |= {"version": 1, "topic": first.topic, "homework": first.homework}
        return values


def _is_made_there(row: Any) -> bool:
    return isinstance(row, LessonVersion) and row.version == 1
