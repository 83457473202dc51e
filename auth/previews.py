"""Previews: looking as a role would, with a part of one's own rights and never with more.

Whoever holds the role is cut down to their assignments of it. Whoever reaches whole organisations keeps that reach, and
of what they may do there only what the role may do too: what a teacher never sees is not shown, and what they
themselves may not see is not shown either. The cut is in the viewer, so both executors and both walls keep to it.
"""

from dataclasses import replace

from auth.permissions import ROLE_PERMISSIONS, WRITE_PERMISSIONS, Permission
from auth.viewer import OWN_ASSIGNMENT, PUBLIC_ASSIGNMENT, LiveAssignment, Preview, Viewer
from domain.errors import Forbidden
from domain.roles import ReachKind

WHOLE = frozenset({ReachKind.ORGANISATION, ReachKind.ORGANISATION_TREE})
READING = frozenset(Permission) - WRITE_PERMISSIONS


def previewed(viewer: Viewer) -> Viewer:
    """The viewer as their caller wants to look. Raises Forbidden for a role that they can look as in neither way."""
    preview = viewer.caller.preview if viewer.caller else None
    if preview is None:
        return viewer
    own = [held for held in viewer.assignments if _is_meant(held, preview)]
    if own:
        return _cut(viewer, own, READING)
    wide = [held for held in viewer.assignments if held.reach in WHOLE]
    if wide and preview.assignment_id is None:
        return _cut(viewer, wide, READING & ROLE_PERMISSIONS[preview.role])
    raise Forbidden(
        "You hold no such assignment, and no organisation in which you could look as this role.",
        "У вас нет такого назначения и нет организации, в которой вы могли бы смотреть глазами этой роли.",
    )


def _is_meant(held: LiveAssignment, preview: Preview) -> bool:
    """Whether it was granted (not held by everybody), is of the role, and is the one named."""
    named = preview.assignment_id in (None, held.id)
    return held.id is not None and held.role is preview.role and named


def _cut(viewer: Viewer, held: list[LiveAssignment], shown: frozenset[Permission]) -> Viewer:
    """With these assignments alone, of which nothing writes."""
    with_children = any(one.reach is ReachKind.CHILDREN for one in held)
    return replace(
        viewer,
        assignments=(PUBLIC_ASSIGNMENT, OWN_ASSIGNMENT, *held),
        children=viewer.children if with_children else (),
        lapsed=(),
        shown=shown,
    )
