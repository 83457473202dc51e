"""Granting roles: who may act for whom, decided from the table alone. No I/O."""

from uuid import UUID

from auth.permissions import GRANTING, ROLE_PERMISSIONS, Permission
from auth.viewer import LiveAssignment, Viewer
from domain.roles import ReachKind, Role


def acting(viewer: Viewer, permission: Permission, organisation: UUID | None) -> list[LiveAssignment]:
    """Assignments of the viewer that let them do this at the organisation. Several: the caller must say which."""
    if permission not in viewer.permitted:
        return []
    return [
        held
        for held in viewer.assignments
        if permission in ROLE_PERMISSIONS[held.role]
        and held.reach is ReachKind.ORGANISATION
        and held.organisation_id == organisation
    ]


def grantable(role: Role, by: Role) -> bool:
    """Whether the table lets the one role give the other."""
    return by in GRANTING[role].grantable_by if role in GRANTING else False


def confirmable(role: Role, by: Role) -> bool:
    """Whether the table lets the one role confirm the other."""
    return by in GRANTING[role].confirmed_by if role in GRANTING else False


def grantors(role: Role) -> list[Role]:
    """Who may give the role, for the message of a refusal."""
    return sorted(GRANTING[role].grantable_by) if role in GRANTING else []
