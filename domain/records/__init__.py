"""All tables. Importing this package gives SQLModel.metadata every one of them."""

from domain.records.achievements import Achievement
from domain.records.attendance import AttendanceRecord, AttendanceVersion
from domain.records.audit import AccessEntry, AuditEntry, MutationKey
from domain.records.base import Record
from domain.records.classes import ClassGroup, Enrolment, GradingPeriod, Subject, SubjectGroup, SubjectGroupMember
from domain.records.consents import Consent, ServiceClient
from domain.records.corrections import PeriodClosing, Reopening
from domain.records.facets import DIARY, GUARDIAN, STAFF_MEMBER, STUDENT
from domain.records.guardianship_proposals import GuardianshipProposal
from domain.records.identities import IdentityMismatch
from domain.records.imports import ImportFile, ImportRow, ImportRun, ImportSourceRow
from domain.records.indicators import (
    CatalogueRemark,
    CatalogueSource,
    Indicator,
    IndicatorBaseline,
    IndicatorTarget,
    Procedure,
    ProcedureGroup,
    ProcedureIndicator,
)
from domain.records.journals import Journal, JournalLine, Lesson, LessonVersion
from domain.records.marks import AssessmentSlot, KeptMark, Mark, MarkVersion
from domain.records.methodologies import Methodology, MethodologyInput, MethodologyLevel, MethodologySection
from domain.records.observations import Observation, ObservationApproval, ObservationVersion
from domain.records.openings import RecordOpening
from domain.records.organisations import Organisation, RegistryIssue
from domain.records.policies import CalendarDay, OrganisationPolicy, WorkType
from domain.records.ratings import Rating, RatingDecision, RatingEntry, RatingRemark
from domain.records.rehabilitation import RehabilitationMeasure, RehabilitationProgramme, RehabilitationReport
from domain.records.screenings import ScreeningParticipation
from domain.records.staff_files import EmploymentRecord
from domain.records.summaries import SummaryMark, SummaryMarkVersion
from domain.records.users import (
    AccessVersion,
    Assignment,
    ExternalIdentity,
    Guardianship,
    Person,
    Restriction,
    StaffPosition,
)

__all__ = [
    "DIARY",
    "GUARDIAN",
    "STAFF_MEMBER",
    "STUDENT",
    "AccessEntry",
    "AccessVersion",
    "Achievement",
    "AssessmentSlot",
    "Assignment",
    "AttendanceRecord",
    "AttendanceVersion",
    "AuditEntry",
    "CalendarDay",
    "CatalogueRemark",
    "CatalogueSource",
    "ClassGroup",
    "Consent",
    "EmploymentRecord",
    "Enrolment",
    "ExternalIdentity",
    "GradingPeriod",
    "Guardianship",
    "GuardianshipProposal",
    "IdentityMismatch",
    "ImportFile",
    "ImportRow",
    "ImportRun",
    "ImportSourceRow",
    "Indicator",
    "IndicatorBaseline",
    "IndicatorTarget",
    "Journal",
    "JournalLine",
    "KeptMark",
    "Lesson",
    "LessonVersion",
    "Mark",
    "MarkVersion",
    "Methodology",
    "MethodologyInput",
    "MethodologyLevel",
    "MethodologySection",
    "MutationKey",
    "Observation",
    "ObservationApproval",
    "ObservationVersion",
    "Organisation",
    "OrganisationPolicy",
    "PeriodClosing",
    "Person",
    "Procedure",
    "ProcedureGroup",
    "ProcedureIndicator",
    "Rating",
    "RatingDecision",
    "RatingEntry",
    "RatingRemark",
    "Record",
    "RecordOpening",
    "RegistryIssue",
    "RehabilitationMeasure",
    "RehabilitationProgramme",
    "RehabilitationReport",
    "Reopening",
    "Restriction",
    "ScreeningParticipation",
    "ServiceClient",
    "StaffPosition",
    "Subject",
    "SubjectGroup",
    "SubjectGroupMember",
    "SummaryMark",
    "SummaryMarkVersion",
    "WorkType",
]
