"""Persons and their cards: the facets under which the same row is shown to different viewers."""

from domain.anchors import Anchor
from domain.records.base import Via
from domain.records.classes import ClassGroup, Enrolment, SubjectGroup, SubjectGroupMember
from domain.records.organisations import Organisation
from domain.records.users import Guardianship, Person, StaffPosition


def _at_the_organisation(column: str) -> tuple[Via, ...]:
    """Whoever is taught at an organisation, and whose class or group is there, is tied to it."""
    return (
        Via(column, Enrolment, "organisation_id", (Anchor.PERSON,)),
        Via(column, ClassGroup, "organisation_id", (Anchor.CLASS_GROUP,)),
        Via(column, SubjectGroup, "organisation_id", (Anchor.SUBJECT_GROUP,)),
    )


# Staff are known to their organisation, and to the families and colleagues whose groups are there. An organisation
# is public; its paths tell at which organisations a viewer's guarded lists (classes, staff) can hold anything.
StaffPosition.via = _at_the_organisation("organisation_id")
Organisation.via = _at_the_organisation("id")
Guardianship.via = (Via("student_id", Enrolment, "student_id", (Anchor.ORGANISATION, Anchor.CLASS_GROUP)),)

# A student is reached through the places where they are enrolled now. A teacher of a group knows the whole class by
# name (the class list), and those who come to the group from other classes.
STUDENT = Person.facet(
    "Student",
    Via("id", Enrolment, "student_id", (Anchor.ORGANISATION, Anchor.CLASS_GROUP, Anchor.SUBJECT_GROUP)),
    Via("id", SubjectGroupMember, "student_id", (Anchor.SUBJECT_GROUP,)),
)

# A diary is its owner's: of the same rows as the journals, of one person.
DIARY = Person.facet("Diary")

# A member of staff is reached like the positions that they hold.
STAFF_MEMBER = Person.facet(
    "StaffMember",
    Via(
        "id",
        StaffPosition,
        "person_id",
        (Anchor.ORGANISATION, Anchor.PERSON, Anchor.CLASS_GROUP, Anchor.SUBJECT_GROUP),
    ),
    by_path_only=True,
)

# A guardian is reached like the guardianship: who may see that a child has a guardian may see who it is.
GUARDIAN = Person.facet(
    "Guardian",
    Via("id", Guardianship, "guardian_id", (Anchor.PERSON, Anchor.ORGANISATION, Anchor.CLASS_GROUP)),
    by_path_only=True,
)
