"""The contract as the tests read it: the fields of the built schema, and where their values stand in the world."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)

from domain.records import (
    Achievement,
    AssessmentSlot,
    Assignment,
    AttendanceRecord,
    AttendanceVersion,
    AuditEntry,
    ClassGroup,
    Consent,
    EmploymentRecord,
    Enrolment,
    GradingPeriod,
    Guardianship,
    GuardianshipProposal,
    IdentityMismatch,
    ImportFile,
    ImportRow,
    ImportRun,
    ImportSourceRow,
    Journal,
    JournalLine,
    KeptMark,
    Lesson,
    LessonVersion,
    Mark,
    MarkVersion,
    Observation,
    ObservationApproval,
    ObservationVersion,
    Organisation,
    OrganisationPolicy,
    Person,
    Record,
    RecordOpening,
    RegistryIssue,
    RehabilitationMeasure,
    RehabilitationProgramme,
    RehabilitationReport,
    Reopening,
    ScreeningParticipation,
    ServiceClient,
    StaffPosition,
    Subject,
    SubjectGroup,
    SummaryMark,
    SummaryMarkVersion,
    WorkType,
)
from schema.engine.limits.prices import price_of

RECORDS: dict[str, type[Record]] = {
    "Achievement": Achievement, "AuditEntry": AuditEntry, "Consent": Consent, "Diary": Person,
    "EmploymentRecord": EmploymentRecord, "RecordOpening": RecordOpening,
    "RehabilitationMeasure": RehabilitationMeasure, "RehabilitationProgramme": RehabilitationProgramme,
    "RehabilitationReport": RehabilitationReport, "ScreeningParticipation": ScreeningParticipation,
    "ServiceClient": ServiceClient,
    "AssessmentSlot": AssessmentSlot, "Assignment": Assignment, "AttendanceRecord": AttendanceRecord,
    "AttendanceVersion": AttendanceVersion, "ClassGroup": ClassGroup, "Enrolment": Enrolment,
    "GradingPeriod": GradingPeriod, "Guardian": Person, "Guardianship": Guardianship,
    "GuardianshipProposal": GuardianshipProposal, "IdentityMismatch": IdentityMismatch,
    "ImportFile": ImportFile, "ImportRow": ImportRow, "ImportRun": ImportRun, "ImportSourceRow": ImportSourceRow,
    "Journal": Journal,
    "JournalLine": JournalLine, "Lesson": Lesson, "LessonVersion": LessonVersion, "Mark": Mark,
    "KeptMark": KeptMark, "MarkVersion": MarkVersion, "Observation": Observation,
    "ObservationApproval": ObservationApproval,
    "ObservationVersion": ObservationVersion, "Organisation": Organisation,
    "OrganisationPolicy": OrganisationPolicy, "Person": Person,
    "RegistryIssue": RegistryIssue, "Reopening": Reopening, "StaffMember": Person, "StaffPosition": StaffPosition,
    "Student": Person,
    "Subject": Subject, "SubjectGroup": SubjectGroup, "SummaryMark": SummaryMark,
    "SummaryMarkVersion": SummaryMarkVersion, "WorkType": WorkType,
}  # fmt: skip
"""Which table the rows of a type are in."""

ONE = {
    "Achievement.student": "student_id", "Achievement.classGroup": "class_group_id",
    "Achievement.organisation": "organisation_id", "AuditEntry.actor": "actor_id",
    "AuditEntry.organisation": "organisation_id", "Consent.client": "service_client_id", "Consent.student": "person_id",
    "EmploymentRecord.person": "person_id", "EmploymentRecord.organisation": "organisation_id",
    "EmploymentRecord.recordedBy": "recorded_by_id", "RecordOpening.organisation": "organisation_id",
    "RecordOpening.student": "person_id", "RehabilitationProgramme.organisation": "organisation_id",
    "ScreeningParticipation.student": "student_id", "ScreeningParticipation.classGroup": "class_group_id",
    "ScreeningParticipation.organisation": "organisation_id",
    "AttendanceRecord.lesson": "lesson_id", "AttendanceRecord.line": "journal_line_id",
    "AttendanceRecord.student": "student_id", "Assignment.holder": "person_id", "Assignment.grantedBy": "granted_by_id",
    "Assignment.organisation": "organisation_id", "Assignment.classGroup": "class_group_id",
    "Assignment.subjectGroup": "subject_group_id", "ClassGroup.organisation": "organisation_id",
    "Enrolment.student": "student_id", "Enrolment.classGroup": "class_group_id",
    "Enrolment.organisation": "organisation_id", "Guardianship.guardian": "guardian_id",
    "Guardianship.student": "student_id", "GuardianshipProposal.student": "student_id",
    "GuardianshipProposal.classGroup": "class_group_id", "GuardianshipProposal.organisation": "organisation_id",
    "IdentityMismatch.staffMember": "person_id", "IdentityMismatch.organisation": "organisation_id",
    "Journal.subject": "subject_id",
    "Journal.gradingPeriod": "grading_period_id", "Journal.classGroup": "class_group_id",
    "Journal.subjectGroup": "subject_group_id", "Journal.organisation": "organisation_id",
    "JournalLine.student": "student_id", "JournalLine.journal": "journal_id", "Lesson.journal": "journal_id",
    "Lesson.subjectGroup": "subject_group_id", "Mark.lesson": "lesson_id", "Mark.line": "journal_line_id",
    "Mark.student": "student_id", "Organisation.parent": "parent_id", "Organisation.region": "region_id",
    "Organisation.municipality": "municipality_id", "Organisation.branchOf": "branch_of_id",
    "StaffPosition.person": "person_id", "StaffPosition.organisation": "organisation_id",
    "SubjectGroup.subject": "subject_id", "SubjectGroup.classGroup": "class_group_id",
    "SubjectGroup.organisation": "organisation_id", "SubjectGroup.teacher": "teacher_id",
    "AssessmentSlot.workType": "work_type_id", "AssessmentSlot.lesson": "lesson_id",
    "AssessmentSlot.dueLesson": "due_lesson_id", "AttendanceRecord.recordedBy": "recorded_by_id",
    "AttendanceVersion.recordedBy": "recorded_by_id", "AttendanceVersion.assignment": "assignment_id",
    "AttendanceVersion.lesson": "lesson_id", "LessonVersion.recordedBy": "recorded_by_id",
    "LessonVersion.assignment": "assignment_id", "Mark.recordedBy": "recorded_by_id", "Mark.slot": "slot_id",
    "KeptMark.recordedBy": "recorded_by_id", "KeptMark.settledBy": "settled_by_id",
    "KeptMark.slot": "slot_id", "KeptMark.lesson": "lesson_id", "KeptMark.line": "journal_line_id",
    "KeptMark.student": "student_id", "MarkVersion.recordedBy": "recorded_by_id",
    "MarkVersion.assignment": "assignment_id", "MarkVersion.slot": "slot_id", "MarkVersion.lesson": "lesson_id",
    "Reopening.openedBy": "opened_by_id", "Reopening.endedBy": "ended_by_id", "Reopening.journal": "journal_id",
    "SummaryMark.recordedBy": "recorded_by_id", "SummaryMark.assignment": "assignment_id",
    "SummaryMark.student": "student_id", "SummaryMark.subject": "subject_id",
    "SummaryMark.subjectGroup": "subject_group_id", "SummaryMark.gradingPeriod": "grading_period_id",
    "SummaryMarkVersion.recordedBy": "recorded_by_id", "SummaryMarkVersion.assignment": "assignment_id",
    "SummaryMarkVersion.subject": "subject_id", "SummaryMarkVersion.gradingPeriod": "grading_period_id",
    "WorkType.organisation": "organisation_id", "ImportFile.organisation": "organisation_id",
    "ImportRun.organisation": "organisation_id", "ImportRun.file": "file_id", "ImportRow.source": "id",
    "Observation.organisation": "organisation_id", "ObservationVersion.organisation": "organisation_id",
    "ObservationVersion.recordedBy": "recorded_by_id", "ObservationVersion.assignment": "assignment_id",
    "ObservationApproval.organisation": "organisation_id", "ObservationApproval.decidedBy": "decided_by_id",
}  # fmt: skip
"""Edges to one object, by the column that names it."""

SUMMED_UP = {"student_id": "student_id", "subject_group_id": "subject_group_id", "school_year": "school_year"}
MANY: dict[str, str | dict[str, str]] = {
    "Diary.achievements": "student_id", "Diary.marks": "student_id", "Diary.summaryMarks": "student_id",
    "RehabilitationProgramme.measures": "programme_id", "RehabilitationMeasure.reports": "measure_id",
    "Person.employmentRecords": "person_id", "Student.achievements": "student_id",
    "Student.consents": "person_id", "Student.openings": "person_id",
    "Student.rehabilitationProgrammes": "student_id", "Student.screenings": "student_id",
    "ClassGroup.subjectGroups": "class_group_id", "ClassGroup.enrolments": "class_group_id",
    "Journal.lessons": "journal_id", "Journal.lines": "journal_id", "JournalLine.marks": "journal_line_id",
    "JournalLine.attendance": "journal_line_id", "Lesson.marks": "lesson_id", "Lesson.attendance": "lesson_id",
    "Organisation.children": "parent_id", "Organisation.branches": "branch_of_id",
    "Organisation.registryIssues": "organisation_id", "Organisation.gradingPeriods": "organisation_id",
    "Organisation.classGroups": "organisation_id", "Organisation.staff": "organisation_id",
    "Organisation.assignments": "organisation_id",
    "StaffMember.positions": "person_id", "Student.enrolments": "student_id", "Student.guardianships": "student_id",
    "Student.journalLines": "student_id", "SubjectGroup.journals": "subject_group_id",
    "AttendanceRecord.history": "record_id", "Journal.reopenings": "journal_id",
    "JournalLine.history": "journal_line_id",
    "Journal.summaryMarks": {"subject_group_id": "subject_group_id", "grading_period_id": "grading_period_id"},
    "JournalLine.attendanceHistory": "journal_line_id", "JournalLine.keptMarks": "journal_line_id",
    "JournalLine.summaryMarks": SUMMED_UP, "JournalLine.summaryHistory": SUMMED_UP, "Lesson.slots": "lesson_id",
    "Lesson.history": "lesson_id", "Mark.history": "mark_id", "Student.summaryMarks": "student_id",
    "SummaryMark.history": "mark_id", "ImportRun.rows": "run_id", "Organisation.imports": "organisation_id",
    "Observation.history": "observation_id", "Organisation.observations": "organisation_id",
    "Organisation.observationVersions": "organisation_id", "Organisation.observationApprovals": "organisation_id",
}  # fmt: skip
"""Edges to many objects, by the column of theirs that names this one; or their columns by those of this one."""

CARD_CELL = "{ proposal { markSum } mark { id } }"
OWN_RIGHT = frozenset({
    "Student.consents", "Student.openings", "Student.rehabilitationProgrammes", "Student.screenings",
})  # fmt: skip
"""Edges that need a permission of their own: whoever reads that register need not see it on the card."""
COMPOUND = {
    "Consent.endsAt": "",
    "Diary.lessons": '(since: "DAY", until: "DAY") { id }',
    "GradingPeriod.closesAt": "",
    "GradingPeriod.closedAt": "",
    "Journal.keptMarks": " { id }",
    "JournalLine.proposedMark": " { value mean because }",
    "JournalLine.summaryMark": " { id }",
    "Observation.indicator": " { code }",
    "ObservationApproval.indicator": " { code }",
    "ObservationVersion.indicator": " { code }",
    "Organisation.liveIndicator": '(code: "JOURNAL_TOPICS", period: "2026") { period }',
    "Organisation.policy": " { version }",
    "Organisation.ratingEntries": "(first: 2) { nodes { section } }",
    "ImportRun.issues": " { code }",
    "ImportRun.columns": " { title }",
    "ImportRow.issues": " { code }",
    "Student.reportCard": f"(schoolYear: YEAR) {{ rows {{ subject {{ id }} periods {CARD_CELL} final {CARD_CELL} }} }}",
}
"""What is put together of several rows, with what is asked of it here: no object in it may be one that is not seen."""
ARGUMENTS = {"Diary.summaryMarks": "(schoolYear: YEAR)", "Student.summaryMarks": "(schoolYear: YEAR)"}
"""What must be said to ask at all."""


def _full_name(row: Any) -> str:
    return " ".join(part for part in (row.last_name, row.first_name, row.middle_name) if part)


def _mean(row: Any) -> str | None:
    if not row.weight_sum:
        return None
    return str((Decimal(row.mark_sum) / row.weight_sum).quantize(Decimal("0.01"), ROUND_HALF_UP))


def _value(row: Any) -> Any:
    """A mark's own, or an exact one as a fraction."""
    return row.value if "value" in type(row).model_fields else f"{row.value_numerator}/{row.value_denominator}"


SPECIAL: dict[str, Callable[[Any], Any]] = {
    "awaitsConfirmation": lambda row: row.awaits_confirmation and not (row.confirmed_at or row.ended_at),
    "value": _value,
    "displayName": _full_name,
    "mean": _mean,
    "progress": lambda row: 100 * row.done // row.total,
    "failure": lambda row: row.failure_code,
    "snils": lambda row: None if row.snils is None else {"display": row.snils, "masked": False},
}
IN_WORDS = "Assignment.inWords"
"""Depends on what the viewer sees of its parts: left to a test of its own."""
ACTIONS = {
    "Assignment.viewerCan": {"confirm": "Mutation.confirmAssignment", "end": "Mutation.endAssignment"},
    "Organisation.viewerCan": {"grantAssignment": "Mutation.grantAssignment"},
    "Journal.viewerCan": {"reopen": "Mutation.reopenJournal"},
    "Lesson.viewerCan": {"editLesson": "Mutation.updateLesson", "excuseAbsence": "Mutation.excuseAbsence"},
}
"""What objects say one can do with them, by the mutation that does it."""


def masked(row: Any) -> Any:
    """A СНИЛС as those see it who only need to recognise it."""
    return None if row.snils is None else {"display": "***-***-" + row.snils[8:], "masked": True}


@dataclass(frozen=True)
class Place:
    """A field of a type of the built schema."""

    coordinate: str
    name: str
    target: str
    leaf: bool
    list: bool
    paged: bool
    permission: str | None
    rule: str
    shape: str
    usually: int
    """How many objects a list is taken to have."""


def places(schema: GraphQLSchema) -> dict[str, list[Place]]:
    """The fields of every object type, by type name."""
    kinds = [kind for kind in schema.type_map.values() if isinstance(kind, GraphQLObjectType)]
    return {
        kind.name: [_place(kind, name, field) for name, field in kind.fields.items()]
        for kind in sorted(kinds, key=lambda kind: kind.name)
        if not kind.name.startswith("__")
    }


def _place(kind: GraphQLObjectType, name: str, field: GraphQLField) -> Place:
    named: Any = get_named_type(field.type)
    paged = named.name.endswith("Connection")
    edge: Any = get_named_type(named.fields["nodes"].type) if paged else named
    [printed] = [one for one in field.extensions["strawberry-definition"].directives if hasattr(one, "rule")]
    permission = printed.permission if isinstance(printed.permission, str) else None
    is_list = is_list_type(get_nullable_type(field.type))
    leaf = is_leaf_type(named)
    shape = str(field.type) if leaf else str(field.type).replace(named.name, "object")
    usually = price_of(f"{kind.name}.{name}", field).size or 1
    rule = printed.rule.name
    return Place(f"{kind.name}.{name}", name, edge.name, leaf, is_list, paged, permission, rule, shape, usually)


def column(name: str) -> str:
    """A field's name as its column has it."""
    return re.sub(r"[A-Z]|(?<=Off)\d", lambda found: "_" + found[0].lower(), name)


def as_json(value: Any) -> Any:
    """A column's value as an answer writes it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


def value_of(place: Place, row: Any) -> Any:
    """What an answer says where the field is seen in full."""
    return SPECIAL[place.name](row) if place.name in SPECIAL else as_json(getattr(row, column(place.name)))


def global_id(type_name: str, row: Any) -> str:
    """`Type:key`; facts that are kept by school year have it in their key."""
    keys = [column.name for column in row.__table__.primary_key]
    return ":".join([type_name, *(str(getattr(row, name)) for name in keys)])
