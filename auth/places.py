"""Who may act for an organisation or all below it: decided from the table and the tree alone. No I/O."""

from collections.abc import Collection, Iterable
from uuid import UUID

from auth.permissions import Permission, holds
from auth.viewer import LiveAssignment, Viewer
from domain.roles import ReachKind

Ancestry = Collection[UUID]
"""A place with everything above it, itself included."""


def covering(viewer: Viewer, permission: Permission, places: Iterable[tuple[UUID, Ancestry]]) -> list[LiveAssignment]:
    """Assignments under which the viewer may do this at every one of these places."""
    if permission not in viewer.permitted:
        return []
    wanted = list(places)
    return [
        held
        for held in viewer.assignments
        if holds(held.role, held.reach, permission) and all(_covers(held, *place) for place in wanted)
    ]


def _covers(held: LiveAssignment, place: UUID, ancestry: Ancestry) -> bool:
    if held.reach is ReachKind.ORGANISATION:
        return held.organisation_id == place
    return held.reach is ReachKind.ORGANISATION_TREE and held.organisation_id in ancestry
