"""Types named before they are defined, where nouns refer to each other."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from schema.access.logs import RecordOpening
    from schema.journals.journal import Journal, JournalLine
    from schema.journals.lessons import Lesson
    from schema.organisations.classes import ClassGroup, Enrolment, GradingPeriod, Subject, SubjectGroup
    from schema.organisations.organisation import Organisation
    from schema.people.consents import Consent
    from schema.people.users import Assignment, StaffMember, Student
    from schema.registers.achievements import Achievement
    from schema.registers.rehabilitation import RehabilitationProgramme
    from schema.registers.screenings import ScreeningParticipation
    from schema.registers.staff_files import EmploymentRecord
    from schema.summaries.report_cards import ReportCard
    from schema.summaries.summary_marks import SummaryMark, SummaryMarkVersion

OrganisationLater = Annotated["Organisation", strawberry.lazy("schema.organisations.organisation")]
ClassGroupLater = Annotated["ClassGroup", strawberry.lazy("schema.organisations.classes")]
EnrolmentLater = Annotated["Enrolment", strawberry.lazy("schema.organisations.classes")]
SubjectGroupLater = Annotated["SubjectGroup", strawberry.lazy("schema.organisations.classes")]
JournalLater = Annotated["Journal", strawberry.lazy("schema.journals.journal")]
JournalLineLater = Annotated["JournalLine", strawberry.lazy("schema.journals.journal")]
AssignmentLater = Annotated["Assignment", strawberry.lazy("schema.people.users")]
StudentLater = Annotated["Student", strawberry.lazy("schema.people.users")]
ConsentLater = Annotated["Consent", strawberry.lazy("schema.people.consents")]
StaffMemberLater = Annotated["StaffMember", strawberry.lazy("schema.people.users")]
LessonLater = Annotated["Lesson", strawberry.lazy("schema.journals.lessons")]
GradingPeriodLater = Annotated["GradingPeriod", strawberry.lazy("schema.organisations.classes")]
SubjectLater = Annotated["Subject", strawberry.lazy("schema.organisations.classes")]
SummaryMarkLater = Annotated["SummaryMark", strawberry.lazy("schema.summaries.summary_marks")]
SummaryMarkVersionLater = Annotated["SummaryMarkVersion", strawberry.lazy("schema.summaries.summary_marks")]
AchievementLater = Annotated["Achievement", strawberry.lazy("schema.registers.achievements")]
RecordOpeningLater = Annotated["RecordOpening", strawberry.lazy("schema.access.logs")]
RehabilitationProgrammeLater = Annotated["RehabilitationProgramme", strawberry.lazy("schema.registers.rehabilitation")]
ScreeningParticipationLater = Annotated["ScreeningParticipation", strawberry.lazy("schema.registers.screenings")]
EmploymentRecordLater = Annotated["EmploymentRecord", strawberry.lazy("schema.registers.staff_files")]
ReportCardLater = Annotated["ReportCard", strawberry.lazy("schema.summaries.report_cards")]
