"""What a transaction tells the database of its viewer: the settings that the row-level policies read."""

from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from auth.permissions import WRITE_PERMISSIONS, Permission
from auth.viewer import Viewer
from auth.wall import READING_PERMISSIONS
from domain.roles import ReachKind

# Never in one statement with a query: policies may be evaluated before the setting is there.
ENTER = text(
    "select set_config('vhod.person', :person, true), set_config('vhod.reach', :reach, true),"
    " set_config('vhod.restricted', :restricted, true),"
    " (select version from access_version where person_id = cast(nullif(:person, '') as uuid))"
)


async def enter(connection: AsyncConnection, viewer: Viewer, *, writes: bool = False) -> bool:
    """Say in this transaction who asks. False when the viewer is out of date: reload, and begin again.

    The version is read in the snapshot that all further statements of the transaction use. Only a transaction that
    writes is told what the viewer may write.
    """
    row = (await connection.execute(ENTER, settings_of(viewer, writes=writes))).one()
    return viewer.person_id is None or (row[3] or 0) == viewer.version


def settings_of(viewer: Viewer, *, writes: bool = False) -> dict[str, Any]:
    """The values of the settings: a person, what each permission reaches, and from whom the person is kept."""
    reach = _reach(viewer, READING_PERMISSIONS)
    if writes:
        reach |= _reach(viewer.writer, WRITE_PERMISSIONS)
    return {
        "person": str(viewer.person_id) if viewer.person_id else "",
        "reach": orjson.dumps(reach).decode(),
        "restricted": orjson.dumps([str(person) for person in viewer.restricted]).decode(),
    }


def _reach(viewer: Viewer, permissions: frozenset[Permission]) -> dict[str, dict[str, list[str]]]:
    held = sorted(permission for permission in permissions if viewer.shape.grants(permission))
    return {permission.value: _reached(viewer, permission) for permission in held}


def _reached(viewer: Viewer, permission: Permission) -> dict[str, list[str]]:
    held = viewer.shape.grants(permission)
    return {
        kind.value: [str(identifier) for identifier in viewer.ids(kind, [role for role, k in held if k is kind])]
        for kind in ReachKind
        if any(k is kind for _, k in held)
    }
