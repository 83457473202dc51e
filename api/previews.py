"""Preview as role: the headers by which somebody asks to look with a part of their own rights (auth/previews.py)."""

from dataclasses import replace
from uuid import UUID

from starlette.datastructures import Headers

from auth.viewer import Caller, Preview
from domain.errors import BadUserInput, Unauthenticated
from domain.roles import Role

ROLE_HEADER = "vhod-preview-role"
ASSIGNMENT_HEADER = "vhod-preview-assignment"
KIND = "Assignment:"


def is_preview(headers: Headers) -> bool:
    """Whether a preview is asked for, by a known role or not."""
    return ROLE_HEADER in headers or ASSIGNMENT_HEADER in headers


def previewing(caller: Caller | None, headers: Headers) -> Caller | None:
    """The caller as they ask to look. Raises BadUserInput for headers that say no role, Unauthenticated for nobody."""
    if not is_preview(headers):
        return caller
    if caller is None:
        raise Unauthenticated
    try:
        preview = Preview(Role(headers.get(ROLE_HEADER, "")), _assignment(headers.get(ASSIGNMENT_HEADER)))
    except ValueError:
        raise BadUserInput(
            "Vhod-Preview-Role takes a role such as TEACHER, Vhod-Preview-Assignment the id of an assignment.",
            "Vhod-Preview-Role принимает роль, например TEACHER, Vhod-Preview-Assignment — идентификатор назначения.",
        ) from None
    return replace(caller, preview=preview)


def _assignment(named: str | None) -> UUID | None:
    if named is None:
        return None
    if not named.startswith(KIND):
        raise ValueError(named)
    return UUID(named.removeprefix(KIND))
