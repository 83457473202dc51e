"""Types named before they are defined, where nouns refer to each other."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from schema.achievements import Achievement
    from schema.classes import ClassGroup, Enrolment, GradingPeriod, Subject, SubjectGroup
    from schema.consents import Consent
    from schema.journals import Journal, JournalLine
    from schema.lessons import Lesson
    from schema.logs import RecordOpening
    from schema.organisations import Organisation
    from schema.rehabilitation import RehabilitationProgramme
    from schema.report_cards import ReportCard
    from schema.screenings import ScreeningParticipation
    from schema.staff_files import EmploymentRecord
    from schema.summaries import SummaryMark, SummaryMarkVersion
    from schema.users import Assignment, StaffMember, Student

OrganisationLater = Annotated["Organisation", strawberry.lazy("schema.organisations")]
ClassGroupLater = Annotated["ClassGroup", strawberry.lazy("schema.classes")]
EnrolmentLater = Annotated["Enrolment", strawberry.lazy("schema.classes")]
SubjectGroupLater = Annotated["SubjectGroup", strawberry.lazy("schema.classes")]
JournalLater = Annotated["Journal", strawberry.lazy("schema.journals")]
JournalLineLater = Annotated["JournalLine", strawberry.lazy("schema.journals")]
AssignmentLater = Annotated["Assignment", strawberry.lazy("schema.users")]
StudentLater = Annotated["Student", strawberry.lazy("schema.users")]
ConsentLater = Annotated["Consent", strawberry.lazy("schema.consents")]
StaffMemberLater = Annotated["StaffMember", strawberry.lazy("schema.users")]
LessonLater = Annotated["Lesson", strawberry.lazy("schema.lessons")]
GradingPeriodLater = Annotated["GradingPeriod", strawberry.lazy("schema.classes")]
SubjectLater = Annotated["Subject", strawberry.lazy("schema.classes")]
SummaryMarkLater = Annotated["SummaryMark", strawberry.lazy("schema.summaries")]
SummaryMarkVersionLater = Annotated["SummaryMarkVersion", strawberry.lazy("schema.summaries")]
AchievementLater = Annotated["Achievement", strawberry.lazy("schema.achievements")]
RecordOpeningLater = Annotated["RecordOpening", strawberry.lazy("schema.logs")]
RehabilitationProgrammeLater = Annotated["RehabilitationProgramme", strawberry.lazy("schema.rehabilitation")]
ScreeningParticipationLater = Annotated["ScreeningParticipation", strawberry.lazy("schema.screenings")]
EmploymentRecordLater = Annotated["EmploymentRecord", strawberry.lazy("schema.staff_files")]
ReportCardLater = Annotated["ReportCard", strawberry.lazy("schema.report_cards")]
