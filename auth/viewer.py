"""Viewer: the principal who asks, with the assignments that are live now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from auth.permissions import Permission, allowed_by
from auth.services import CONSENTED
from auth.visibility import REACH_PREFIX, RESTRICTED, Shape
from domain.errors import Forbidden, NotKnownHere, Unauthenticated
from domain.records.consents import ConsentPurpose
from domain.roles import ReachKind, Role


@dataclass(frozen=True)
class LiveAssignment:
    """A role that a person holds at this moment. `id` is None for what everybody holds without a grant."""

    role: Role
    reach: ReachKind
    id: UUID | None = None
    organisation_id: UUID | None = None
    class_group_id: UUID | None = None
    subject_group_id: UUID | None = None
    subject_person_id: UUID | None = None
    service_client_id: UUID | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def target(self) -> UUID | None:
        """The id that the reach names in this assignment; None for SELF, CHILDREN and PUBLIC."""
        return {
            ReachKind.CLASS_GROUPS: self.class_group_id,
            ReachKind.SUBJECT_GROUPS: self.subject_group_id,
            ReachKind.PERSONS: self.subject_person_id,
            ReachKind.CONSENT: self.service_client_id,
            ReachKind.ORGANISATION: self.organisation_id,
            ReachKind.ORGANISATION_TREE: self.organisation_id,
        }.get(self.reach)


class Standing(StrEnum):
    """How a caller stands with us: why there are no roles, where there are none."""

    ANONYMOUS = "ANONYMOUS"
    UNKNOWN = "UNKNOWN"
    UNCONFIRMED = "UNCONFIRMED"
    NO_ROLE = "NO_ROLE"
    ACTIVE = "ACTIVE"


PUBLIC_ASSIGNMENT = LiveAssignment(Role.GUEST, ReachKind.PUBLIC)
OWN_ASSIGNMENT = LiveAssignment(Role.SIGNED_IN, ReachKind.SELF)


@dataclass(frozen=True)
class Preview:
    """As whom somebody wants to look: a role, and which of one's own assignments of it."""

    role: Role
    assignment_id: UUID | None = None


@dataclass(frozen=True)
class Caller:
    """Who a verified token speaks for, and through which client; `preview`: with only a part of their rights."""

    issuer: str
    subject: str
    client_id: str
    scopes: frozenset[str]
    level: str | None = None
    trusted: bool = False
    preview: Preview | None = None

    @property
    def is_service(self) -> bool:
        """Whether another system speaks for itself: its token names the client as the subject (RFC 9068, 2.2)."""
        return self.subject == self.client_id

    def may_hold(self, role: Role) -> bool:
        """Staff and parents need a confirmed account; a child's account is a student's and nothing else."""
        if role in UNASSURED_ROLES:
            return True
        return self.trusted and self.level != CHILD_LEVEL


UNASSURED_ROLES = frozenset({Role.STUDENT, Role.GUEST, Role.SIGNED_IN})
CHILD_LEVEL = "KD"


@dataclass(frozen=True)
class Viewer:
    """A principal and their rights now. Anonymous callers are the principal with GUEST / PUBLIC alone.

    A person, or another system: then there is no person, and a `purpose` for which people have consented to it.
    """

    caller: Caller | None = None
    person_id: UUID | None = None
    version: int = 0
    assignments: tuple[LiveAssignment, ...] = (PUBLIC_ASSIGNMENT,)
    children: tuple[UUID, ...] = ()
    restricted: tuple[UUID, ...] = ()
    changes_at: datetime | None = None
    purpose: ConsentPurpose | None = None
    account_id: UUID | None = None
    """The number of an account that nobody is linked to, for its owner to tell."""
    shown: frozenset[Permission] | None = None
    """What a preview shows at most (auth/previews.py); None outside of one."""
    withheld: bool = False
    """There are roles that the level of the account keeps back."""
    lapsed: tuple[LiveAssignment, ...] = ()
    """Assignments whose last day has passed lately: they read nothing more, but a lesson held in their days is still
    the writer's own while its window is open (a substitute's, say)."""

    @cached_property
    def writer(self) -> "Viewer":
        """The same person as whoever writes: with the assignments that have lapsed."""
        return replace(self, assignments=(*self.assignments, *self.lapsed), lapsed=())

    @cached_property
    def let_through(self) -> frozenset[Permission]:
        """What the calling client lets through at most. Anonymous callers have no client: public data only."""
        allowed = allowed_by(self.caller.scopes if self.caller else frozenset())
        return allowed if self.purpose is None else allowed & CONSENTED[self.purpose]

    @cached_property
    def permitted(self) -> frozenset[Permission]:
        """What the client and a preview let through at most."""
        return self.let_through if self.shown is None else self.let_through & self.shown

    @cached_property
    def shape(self) -> Shape:
        """What a plan for this viewer may depend on."""
        return Shape(frozenset((held.role, held.reach) for held in self.assignments), self.permitted)

    def known(self) -> UUID:
        """The person who asks. Raises Unauthenticated for nobody, NotKnownHere for an account without a person,
        Forbidden for another system: signing in again would help the first alone."""
        if self.caller is None:
            raise Unauthenticated
        if self.purpose is not None:
            raise Forbidden("Another system does this for nobody.", "Другая система этого ни за кого не делает.")
        if self.person_id is None:
            raise NotKnownHere
        return self.person_id

    @property
    def standing(self) -> Standing:
        """Why there are roles, or none."""
        if self.caller is None:
            return Standing.ANONYMOUS
        if self.purpose is not None:
            return Standing.ACTIVE
        if self.person_id is None:
            return Standing.UNKNOWN
        if any(held.id is not None for held in self.assignments):
            return Standing.ACTIVE
        return Standing.UNCONFIRMED if self.withheld else Standing.NO_ROLE

    def roles_granting(self, permission: Permission) -> frozenset[Role]:
        """Roles of this viewer that have the permission, within what the client lets through."""
        return frozenset(role for role, _ in self.shape.grants(permission))

    def ids(self, kind: ReachKind, roles: Iterable[Role]) -> list[UUID]:
        """Ids that these roles reach by one kind, in a stable order, each once."""
        wanted = frozenset(roles)
        found = [self._reached(held) for held in self.assignments if held.reach is kind and held.role in wanted]
        return sorted({identifier for group in found for identifier in group})

    def _reached(self, held: LiveAssignment) -> tuple[UUID, ...]:
        if held.reach is ReachKind.SELF:
            return (self.person_id,) if self.person_id else ()
        if held.reach is ReachKind.CHILDREN:
            return tuple(child for child in self.children if child not in self.restricted)
        target = held.target()
        return (target,) if target else ()

    def parameter(self, name: str) -> list[UUID]:
        """The value of a parameter that a condition of auth/visibility.py named."""
        if name == RESTRICTED:
            return list(self.restricted)
        kind, *roles = name.removeprefix(REACH_PREFIX).split("__")
        return self.ids(ReachKind(kind), (Role(role) for role in roles))
