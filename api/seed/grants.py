"""Assignments: who holds which role with which reach, granted and confirmed as the rules ask."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from api.seed.calendar import office_hours
from api.seed.ids import seed_id
from domain.records.users import Assignment
from domain.roles import ReachKind, Role


@dataclass(frozen=True)
class Grants:
    """The office that grants at one organisation: an administrator proposes, a second person confirms."""

    organisation_id: UUID
    zone: str
    administrator_id: UUID | None = None
    second_person_id: UUID | None = None

    def grant(  # noqa: PLR0913 - a grant is the sum of these
        self,
        person_id: UUID,
        role: Role,
        reach: ReachKind,
        since: date,
        until: date | None = None,
        *,
        class_group_id: UUID | None = None,
        subject_group_id: UUID | None = None,
    ) -> Assignment:
        """Give a role, in force from `since` to (excluding) `until`."""
        return Assignment(
            id=assignment_id(person_id, role, class_group_id or subject_group_id or self.organisation_id),
            person_id=person_id,
            role=role,
            reach=reach,
            organisation_id=None if reach is ReachKind.PUBLIC else self.organisation_id,
            class_group_id=class_group_id,
            subject_group_id=subject_group_id,
            valid_from=since,
            valid_to=until,
            granted_by_id=self.administrator_id,
            granted_at=office_hours(since, self.zone),
            confirmed_by_id=self.second_person_id,
            confirmed_at=office_hours(since, self.zone) if self.second_person_id else None,
        )


def assignment_id(person_id: UUID, role: Role, target_id: UUID) -> UUID:
    """Give the id of the assignment of a person to a role at a class, a subject group or an organisation."""
    return seed_id("assignment", person_id, role, target_id)
