"""People of a school taken in: recognised, entered, enrolled, with those who represent them, and staff.

Nobody gets a pedagogic role by a file: students get what follows from enrolment, their representatives what follows
from representing them. Nobody enters themselves, or anything that gives themselves rights.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from api.imports.keys import new_keys
from api.imports.people_known import Person, When, look
from api.imports.people_written import Writing
from api.imports.rows import RowResult, refused
from api.imports.source import Prepared, Setting
from domain.imports.issues import Issue, IssueCode, UnreadableFileError
from domain.imports.people import Guardian, PersonRow, read_people
from domain.imports.tables import Table, TableRow
from domain.periods import DAY, school_year_days, school_year_of
from domain.person_names import FullName
from domain.records.imports import RowOutcome
from domain.records.users import GuardianshipKind
from domain.writing.enrolments import ClassFacts, Held, refused_beginning, refused_transfer
from domain.writing.refusals import Refused

SCHOOL = text("select id, kind, vhod.zone_of(id) as zone from organisation where id = :organisation")
LOCK = text("select pg_advisory_xact_lock(hashtextextended('people of ' || :organisation, 0))")
NO_SCHOOLS = frozenset(["REGION", "MUNICIPALITY", "EDUCATION_AUTHORITY"])
DETAILS = ("middle_name", "birth_date", "gender", "snils", "phone", "email")


class RowRefusedError(Exception):
    """A row stays out, or waits for a person to decide."""

    def __init__(self, code: IssueCode, column: str | None = None, outcome: RowOutcome = RowOutcome.REJECTED) -> None:
        super().__init__(code.value)
        self.issue = Issue(code, column)
        self.outcome = outcome


class PeopleOfSchool:
    """The source of one table of people."""

    batch_rows = 200

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    async def prepare(self, connection: AsyncConnection, table: Table) -> Prepared:
        """Read the table. Raises UnreadableFileError, also where the organisation has no people of its own."""
        run = self._setting.run
        school = (await connection.execute(SCHOOL, {"organisation": run.organisation_id})).one()
        if school.kind in NO_SCHOOLS:
            raise UnreadableFileError(IssueCode.TARGET_UNKNOWN)
        today = self._setting.now.astimezone(ZoneInfo(school.zone)).date()
        given_from, given_year = run.options.get("valid_from"), run.options.get("school_year")
        valid_from = date.fromisoformat(given_from) if given_from else _within(given_year, today)
        self._when = When(today, given_year or school_year_of(valid_from), valid_from)
        people = read_people(table, today)
        return Prepared(_without_repeats(people.rows), people.issues)

    async def take(self, connection: AsyncConnection, rows: Sequence[PersonRow]) -> list[RowResult]:
        """Take rows in: look once for all of them, decide one after the other, write table by table."""
        run = self._setting.run
        await connection.execute(LOCK, {"organisation": str(run.organisation_id)})
        self._known = await look(connection, run.organisation_id, rows, self._when)
        self._writing = Writing(self._setting, self._when, await new_keys(connection, 12 * len(rows)))
        results = [self._row(row) for row in rows]
        left_out = await self._writing.write(connection)
        return [_with_left_out(result, left_out) for result in results]

    def row_of(self, row: PersonRow) -> TableRow:
        """The row as it stood."""
        return row.row

    def _row(self, row: PersonRow) -> RowResult:
        if any(issue.fatal for issue in row.issues) or row.name is None:
            return refused(row.row, row.issues)
        self._writing.begin()
        self._issues = list(row.issues)
        self._met: list[tuple[Person, Person | None]] = []
        try:
            kind = self._staff(row, row.name) if row.position else self._student(row, row.name)
        except RowRefusedError as error:
            self._writing.undo()
            return refused(row.row, [*row.issues, error.issue], error.outcome)
        self._writing.keep()
        for person, guarded in self._met:
            self._known.remember(person, guarded)
        return RowResult(row.row, self._writing.outcome, self._issues, kind)

    def _student(self, row: PersonRow, name: FullName) -> str:
        if row.birth_date is None and row.snils is None:
            raise RowRefusedError(IssueCode.VALUE_MISSING, "birth_date")
        person = self._identified(row, name)
        enrolled = self._known.class_of(person) if person else None
        student = person or self._writing.person(name, row)
        self._refuse_oneself(student)
        self._enrol(row, student, enrolled)
        if person is not None:
            self._amend(person, row.name, {detail: getattr(row, detail, None) for detail in DETAILS})
        if enrolled is not None:
            self._writing.role_of_student(student, has_it=self._known.has_role(student, "STUDENT"))
        for guardian in row.guardians:
            self._represent(guardian, student, row.birth_date)
        self._met.append((student, None))
        return f"Student:{student.id}"

    def _staff(self, row: PersonRow, name: FullName) -> str:
        person = self._identified(row, name)
        member = person or self._writing.person(name, row)
        self._refuse_oneself(member)
        if row.position not in self._known.positions_of(member):
            self._writing.position(member, row.position or "")
        if person is not None:
            self._amend(person, row.name, {detail: getattr(row, detail, None) for detail in DETAILS})
        self._met.append((member, None))
        return f"StaffMember:{member.id}"

    def _refuse_oneself(self, person: Person) -> None:
        if person.id == self._setting.person_id:
            raise RowRefusedError(IssueCode.OWN_FAMILY)

    def _identified(self, row: PersonRow, name: FullName) -> Person | None:
        """Who it is: by SNILS, or by name and birth date. Anything in between is for a person to decide."""
        found = self._known.by_snils(row.snils)
        if len(found) > 1 or any(not one.agrees for one in found):
            raise RowRefusedError(IssueCode.POSSIBLE_DUPLICATE, "snils", RowOutcome.FLAGGED)
        if found:
            return found[0]
        alike = [one for one in self._known.by_name(name) if self._may_be(one, row, name)]
        if not alike:
            return None
        if len(alike) == 1 and self._surely(alike[0], row, name):
            return alike[0]
        raise RowRefusedError(IssueCode.POSSIBLE_DUPLICATE, "name", RowOutcome.FLAGGED)

    def _may_be(self, person: Person, row: PersonRow, name: FullName) -> bool:
        """The same name, and no birth date that says otherwise."""
        if row.birth_date and person.birth_date:
            return row.birth_date == person.birth_date
        # Somebody's mother of the same name is no student; a teacher may well be somebody's mother.
        return bool(row.position) or not self._known.is_guardian(person)

    def _surely(self, person: Person, row: PersonRow, name: FullName) -> bool:
        if row.snils and person.snils and row.snils != person.snils:
            return False
        if name.contradicts(person.name.middle):
            return False
        if row.birth_date and person.birth_date:
            return True
        works_here = bool(row.position and self._known.positions_of(person))
        return works_here and name.whole_fold == person.name.whole_fold

    def _enrol(self, row: PersonRow, student: Person, enrolled: Held | None) -> None:
        if row.class_name is None:
            raise RowRefusedError(IssueCode.VALUE_MISSING, "class")
        group = self._known.class_named(row.class_name)
        if group is None:
            if not self._setting.run.options.get("create_classes"):
                raise RowRefusedError(IssueCode.CLASS_UNKNOWN, "class")
            group = self._writing.class_group(row.class_name)
        if enrolled is None:
            self._refuse(refused_beginning(group, self._when.valid_from))
            self._refuse(self._known.in_the_way.get(student.id))
            self._writing.enrolment(student, group)
            self._issues.append(Issue(IssueCode.PLACED, "class", fatal=False))
        elif enrolled.class_group_id != group.id:
            self._transfer(student, enrolled, group)

    def _transfer(self, student: Person, enrolled: Held, group: ClassFacts) -> None:
        if not self._setting.run.overwrite:
            raise RowRefusedError(IssueCode.ENROLLED_IN_OTHER_CLASS, "class")
        self._refuse(refused_transfer(enrolled, group, self._when.valid_from))
        self._refuse(self._known.in_the_way.get(student.id))
        self._writing.end_enrolment(enrolled.id)
        self._writing.enrolment(student, group)
        self._issues.append(Issue(IssueCode.MOVED, "class", fatal=False))

    def _refuse(self, refused: Refused | None) -> None:
        if refused is not None:
            raise RowRefusedError(IssueCode(refused.code), "class")

    def _amend(self, person: Person, name: FullName | None, given: dict[str, Any]) -> None:
        """Fill in what was not known; change what was entered otherwise only when that is asked for."""
        if not person.visible:
            return  # entered by another school: its card is not known here
        new = {"middle_name": name.middle if name else None} | {
            detail: value for detail, value in given.items() if detail != "middle_name"
        }
        values = {detail: value for detail, value in new.items() if value and not person.has(detail, value)}
        differing = [detail for detail in values if getattr(person, detail, None) is not None]
        if differing and ("snils" in differing or not self._setting.run.overwrite):
            raise RowRefusedError(IssueCode.HAND_SET, differing[0])
        if values:
            self._writing.amend(person, values)

    def _represent(self, guardian: Guardian, student: Person, born: date | None) -> None:
        own = [one for one in self._known.guardians_of(student) if one.name.fold == guardian.name.fold]
        contacts = {"phone": guardian.phone, "email": guardian.email}
        column = f"guardian_{guardian.place}_name"
        if len(own) > 1 or any(guardian.name.contradicts(one.middle_name) for one in own):
            raise RowRefusedError(IssueCode.POSSIBLE_DUPLICATE, column, RowOutcome.FLAGGED)
        if own:
            self._amend(own[0], guardian.name, contacts)
            return
        alike = [
            one
            for one in self._known.by_name(guardian.name)
            if one.id != student.id and not guardian.name.contradicts(one.middle_name)
        ]
        same = [one for one in alike if any(value and one.has(name, value) for name, value in contacts.items())]
        if len(same) > 1:
            raise RowRefusedError(IssueCode.POSSIBLE_DUPLICATE, column, RowOutcome.FLAGGED)
        if alike and not same:
            self._issues.append(Issue(IssueCode.POSSIBLE_DUPLICATE, column, fatal=False))
        person = same[0] if same else self._writing.guardian(guardian)
        if person.id == self._setting.person_id:
            raise RowRefusedError(IssueCode.OWN_FAMILY, column)
        if same:
            self._amend(person, guardian.name, contacts)
        since = born if born and guardian.kind is GuardianshipKind.PARENT else self._when.valid_from
        self._writing.guardianship(
            person, student, guardian.kind, since, has_role=self._known.has_role(person, "LEGAL_REPRESENTATIVE")
        )
        self._met.append((person, student))


def _within(school_year: int | None, today: date) -> date:
    """The first day of places where none is given: today, or the nearest day of the school year that is named."""
    if school_year is None:
        return today
    days = school_year_days(school_year)
    return min(max(today, days.start), (days.end or date.max) - DAY)


def _with_left_out(result: RowResult, left_out: Collection[str]) -> RowResult:
    """A student of a class with subgroups is in none of them until somebody says in which: the report says so."""
    if result.object_id not in left_out:
        return result
    return replace(result, issues=[*result.issues, Issue(IssueCode.GROUPS_LEFT_OUT, "class", fatal=False)])


def _without_repeats(rows: Sequence[PersonRow]) -> list[PersonRow]:
    """Rows about somebody who stands in an earlier row already get an issue that keeps them out."""
    seen: set[Any] = set()
    kept = []
    for row in rows:
        keys = set(_identities(row))
        kept.append(replace(row, issues=(*row.issues, Issue(IssueCode.ROW_REPEATED))) if keys & seen else row)
        seen |= keys
    return kept


def _identities(row: PersonRow) -> Iterator[tuple[Any, ...]]:
    """What the row is told from others by. One person may stand there once for each position."""
    if row.snils:
        yield row.snils, row.position
    if row.name and (row.birth_date or row.position):
        yield row.name.whole_fold, row.birth_date, row.position
