"""Persons and their cards: the facets under which the same row is shown to different viewers."""

from domain.anchors import Anchor, Via
from domain.records.classes import ClassGroup, Enrolment, SubjectGroup, SubjectGroupMember
from domain.records.users import Guardianship, Person, StaffPosition

# Staff are known to their organisation, and to the families and colleagues whose groups are there.
_AT_THE_ORGANISATION = (
    Via("organisation_id", Enrolment, "organisation_id", (Anchor.PERSON,)),
    Via("organisation_id", ClassGroup, "organisation_id", (Anchor.CLASS_GROUP,)),
    Via("organisation_id", SubjectGroup, "organisation_id", (Anchor.SUBJECT_GROUP,)),
)
StaffPosition.via = _AT_THE_ORGANISATION
Guardianship.via = (Via("student_id", Enrolment, "student_id", (Anchor.ORGANISATION, Anchor.CLASS_GROUP)),)

# A student is reached through the places where they are enrolled now.
STUDENT = Person.facet(
    "Student",
    Via("id", Enrolment, "student_id", (Anchor.ORGANISATION, Anchor.CLASS_GROUP)),
    Via("id", SubjectGroupMember, "student_id", (Anchor.SUBJECT_GROUP,)),
)

# A member of staff is reached like the positions that they hold.
STAFF_MEMBER = Person.facet(
    "StaffMember",
    Via(
        "id",
        StaffPosition,
        "person_id",
        (Anchor.ORGANISATION, Anchor.PERSON, Anchor.CLASS_GROUP, Anchor.SUBJECT_GROUP),
    ),
)

# A guardian is reached like the guardianship: who may see that a child has a guardian may see who it is.
GUARDIAN = Person.facet(
    "Guardian",
    Via("id", Guardianship, "guardian_id", (Anchor.PERSON, Anchor.ORGANISATION, Anchor.CLASS_GROUP)),
)
