"""All tables. Importing this package gives SQLModel.metadata every one of them."""

from domain.records.audit import AccessEntry, AuditEntry, MutationKey
from domain.records.base import Record
from domain.records.classes import ClassGroup, Enrolment, GradingPeriod, Subject, SubjectGroup, SubjectGroupMember
from domain.records.facets import GUARDIAN, STAFF_MEMBER, STUDENT
from domain.records.journals import AttendanceRecord, Journal, JournalLine, Lesson, Mark
from domain.records.organisations import Organisation, RegistryIssue
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
    "GUARDIAN",
    "STAFF_MEMBER",
    "STUDENT",
    "AccessEntry",
    "AccessVersion",
    "Assignment",
    "AttendanceRecord",
    "AuditEntry",
    "ClassGroup",
    "Enrolment",
    "ExternalIdentity",
    "GradingPeriod",
    "Guardianship",
    "Journal",
    "JournalLine",
    "Lesson",
    "Mark",
    "MutationKey",
    "Organisation",
    "Person",
    "Record",
    "RegistryIssue",
    "Restriction",
    "StaffPosition",
    "Subject",
    "SubjectGroup",
    "SubjectGroupMember",
]
