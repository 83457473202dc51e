"""Denials: cells of visible rows that were refused, for `extensions.access.denied`."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from auth.permissions import Permission, roles_with
from auth.viewer import Viewer
from domain.roles import Role

ON_ONESELF = frozenset({Role.SIGNED_IN})
"""What everybody holds on themselves is no help with somebody else's card."""


class Reason(StrEnum):
    """Why a cell was refused."""

    CLIENT_SCOPE = "CLIENT_SCOPE"
    """The application that you use was not given this right."""
    NO_ROLE = "NO_ROLE"
    """None of your roles has the permission."""
    OUT_OF_REACH = "OUT_OF_REACH"
    """A role of yours has the permission, but does not reach this object."""


@dataclass
class Denials:
    """Counts refusals by field. A count is a number of places in the answer, whether or not a value exists there."""

    viewer: Viewer
    counts: dict[tuple[str, Permission], int] = field(default_factory=dict)

    def refuse(self, coordinate: str, permission: Permission, places: int = 1) -> None:
        """Note places in the answer where a cell of a visible row was refused."""
        if places:
            key = (coordinate, permission)
            self.counts[key] = self.counts.get(key, 0) + places

    def listed(self) -> list[dict[str, Any]]:
        """One item per field coordinate, in the order of their names."""
        return [
            {
                "field": coordinate,
                "permission": permission.value,
                "reason": self._reason(permission).value,
                "anyOf": sorted(roles_with(permission) - ON_ONESELF),
                "count": count,
            }
            for (coordinate, permission), count in sorted(self.counts.items())
        ]

    def _reason(self, permission: Permission) -> Reason:
        if permission not in self.viewer.let_through:
            return Reason.CLIENT_SCOPE if self.viewer.caller else Reason.NO_ROLE
        granting = self.viewer.roles_granting(permission) - ON_ONESELF
        return Reason.OUT_OF_REACH if granting else Reason.NO_ROLE
