"""Who may write in a lesson: the assignments that cover its place and its day. Pure: decided from the table alone."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from auth.permissions import Permission, holds
from auth.viewer import LiveAssignment, Viewer
from domain.roles import ReachKind, Role


@dataclass(frozen=True)
class Place:
    """Where something is written: the anchors of the row, and the day of the lesson."""

    organisation_id: UUID
    class_group_id: UUID
    subject_group_id: UUID
    day: date


def writers(
    viewer: Viewer, permission: Permission, place: Place, *, homeroom_writes_marks: bool = False
) -> list[LiveAssignment]:
    """Assignments under which the viewer may write there. Several: they must say which.

    Whoever teaches is judged by the day of the lesson, so that a substitute may still write what they held, and
    nobody what was held before them. Management is judged now.
    """
    if permission not in viewer.permitted:
        return []
    return [
        held
        for held in viewer.writer.assignments
        if holds(held.role, held.reach, permission)
        and _covers(viewer, held, place)
        and (homeroom_writes_marks or not (held.role is Role.HOMEROOM_TEACHER and permission is Permission.MARK_WRITE))
    ]


def must_explain(held: LiveAssignment) -> bool:
    """Whether what is written under this assignment needs a reason: it is somebody else's journal."""
    return held.role is Role.DEPUTY_HEAD


def may_excuse(held: LiveAssignment) -> bool:
    """Whether reasons of absence are this role's business."""
    return holds(held.role, held.reach, Permission.ATTENDANCE_EXCUSE)


def _covers(viewer: Viewer, held: LiveAssignment, place: Place) -> bool:
    if held.reach is ReachKind.ORGANISATION:
        return held.organisation_id == place.organisation_id and held in viewer.assignments
    if held.reach is ReachKind.SUBJECT_GROUPS:
        return held.subject_group_id == place.subject_group_id and _holds_on(held, place.day)
    if held.reach is ReachKind.CLASS_GROUPS:
        return held.class_group_id == place.class_group_id and _holds_on(held, place.day)
    return False


def _holds_on(held: LiveAssignment, day: date) -> bool:
    begun = held.valid_from is not None and held.valid_from <= day
    return begun and (held.valid_to is None or day < held.valid_to)
