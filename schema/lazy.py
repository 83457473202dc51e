"""Types named before they are defined, where nouns refer to each other."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from schema.classes import ClassGroup, Enrolment, SubjectGroup
    from schema.journals import Journal, JournalLine
    from schema.organisations import Organisation
    from schema.users import Assignment, StaffMember

OrganisationLater = Annotated["Organisation", strawberry.lazy("schema.organisations")]
ClassGroupLater = Annotated["ClassGroup", strawberry.lazy("schema.classes")]
EnrolmentLater = Annotated["Enrolment", strawberry.lazy("schema.classes")]
SubjectGroupLater = Annotated["SubjectGroup", strawberry.lazy("schema.classes")]
JournalLater = Annotated["Journal", strawberry.lazy("schema.journals")]
JournalLineLater = Annotated["JournalLine", strawberry.lazy("schema.journals")]
AssignmentLater = Annotated["Assignment", strawberry.lazy("schema.users")]
StaffMemberLater = Annotated["StaffMember", strawberry.lazy("schema.users")]
