"""Types named before they are defined, where nouns refer to each other."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from schema.classes import ClassGroup, Enrolment, GradingPeriod, Subject, SubjectGroup
    from schema.journals import Journal, JournalLine
    from schema.lessons import Lesson
    from schema.organisations import Organisation
    from schema.report_cards import ReportCard
    from schema.summaries import SummaryMark, SummaryMarkVersion
    from schema.users import Assignment, StaffMember

OrganisationLater = Annotated["Organisation", strawberry.lazy("schema.organisations")]
ClassGroupLater = Annotated["ClassGroup", strawberry.lazy("schema.classes")]
EnrolmentLater = Annotated["Enrolment", strawberry.lazy("schema.classes")]
SubjectGroupLater = Annotated["SubjectGroup", strawberry.lazy("schema.classes")]
JournalLater = Annotated["Journal", strawberry.lazy("schema.journals")]
JournalLineLater = Annotated["JournalLine", strawberry.lazy("schema.journals")]
AssignmentLater = Annotated["Assignment", strawberry.lazy("schema.users")]
StaffMemberLater = Annotated["StaffMember", strawberry.lazy("schema.users")]
LessonLater = Annotated["Lesson", strawberry.lazy("schema.lessons")]
GradingPeriodLater = Annotated["GradingPeriod", strawberry.lazy("schema.classes")]
SubjectLater = Annotated["Subject", strawberry.lazy("schema.classes")]
SummaryMarkLater = Annotated["SummaryMark", strawberry.lazy("schema.summaries")]
SummaryMarkVersionLater = Annotated["SummaryMarkVersion", strawberry.lazy("schema.summaries")]
ReportCardLater = Annotated["ReportCard", strawberry.lazy("schema.report_cards")]
