"""Who may give which role, with which reach, and who confirms it: the table, and decisions from it alone. No I/O.

Nobody gives a role to themselves. A role is given from above (a strictly higher place), or by the administrator inside
an organisation. What opens personal data takes effect when a second person confirms; special data: the principal.
"""

from dataclasses import dataclass
from uuid import UUID

from auth.permissions import Permission, holds
from auth.places import Ancestry
from auth.viewer import LiveAssignment, Viewer
from domain.records.organisations import OrganisationKind
from domain.roles import ReachKind, Role


@dataclass(frozen=True)
class Granting:
    """One way to give a role: with which reach, by whom, who must confirm it (nobody: it holds at once), and `at`
    which kinds of places."""

    reach: ReachKind
    grantable_by: frozenset[Role] = frozenset()
    confirmed_by: frozenset[Role] = frozenset()
    at: frozenset[OrganisationKind] = frozenset(OrganisationKind)


_R = ReachKind
_LEARNING = frozenset(OrganisationKind) - {
    OrganisationKind.REGION, OrganisationKind.MUNICIPALITY, OrganisationKind.EDUCATION_AUTHORITY,
}  # fmt: skip
"""Where people learn: schools, preschools and the like. Offices above them have no pupils and no journals."""
_OF_A_REGION = frozenset({OrganisationKind.REGION})
_OF_A_MUNICIPALITY = frozenset({OrganisationKind.MUNICIPALITY})
_OF_EITHER = _OF_A_REGION | _OF_A_MUNICIPALITY
_ADMIN = frozenset({Role.ORG_ADMIN})
_REGION = frozenset({Role.REGIONAL_COORDINATOR})
_MUNICIPALITY = frozenset({Role.MUNICIPAL_COORDINATOR})
_AUTHORITY = _REGION | _MUNICIPALITY
_PRINCIPAL = frozenset({Role.PRINCIPAL})
_HEADS = frozenset({Role.PRINCIPAL, Role.DEPUTY_HEAD})

CASE_DAYS_MOST = 92
"""How long a case may name a person: three months, then it is opened anew, with a reason."""
HELD_INSIDE = frozenset({Role.ORG_ADMIN, Role.PRINCIPAL})
"""What an authority gives only to those who work at the organisation itself. Others work anywhere below it."""

GRANTING: dict[Role, tuple[Granting, ...]] = {
    # Pedagogic roles open personal data: the administrator proposes, the principal or a deputy head confirms.
    Role.TEACHER: (Granting(_R.SUBJECT_GROUPS, _ADMIN, _HEADS, _LEARNING),),
    Role.HOMEROOM_TEACHER: (Granting(_R.CLASS_GROUPS, _ADMIN, _HEADS, _LEARNING),),
    Role.DEPUTY_HEAD: (Granting(_R.ORGANISATION, _ADMIN, _HEADS, _LEARNING),),
    # The founder appoints; the region, or the deputy head who knows whom, confirms. A named grant opens special data.
    Role.PRINCIPAL: (
        Granting(_R.ORGANISATION, _MUNICIPALITY, _REGION | {Role.DEPUTY_HEAD}, _LEARNING),
        Granting(_R.PERSONS, frozenset({Role.DEPUTY_HEAD}), _MUNICIPALITY, _LEARNING),
    ),
    # These follow from enrolment and guardianship, not from an administrator's word.
    Role.STUDENT: (Granting(_R.SELF),),
    Role.LEGAL_REPRESENTATIVE: (Granting(_R.CHILDREN),),
    # Registrars, from above: region, municipality, school. The first of a region: `python -m api grant`.
    Role.REGIONAL_COORDINATOR: (Granting(_R.ORGANISATION_TREE, at=_OF_A_REGION),),
    Role.MUNICIPAL_COORDINATOR: (Granting(_R.ORGANISATION_TREE, _REGION, at=_OF_A_MUNICIPALITY),),
    Role.ORG_ADMIN: (Granting(_R.ORGANISATION, _AUTHORITY),),
    # Operators of a school by its administrator, of a municipal desk by the region.
    Role.ENROLMENT_OPERATOR: (
        Granting(_R.ORGANISATION, _ADMIN, _HEADS, _LEARNING),
        Granting(_R.ORGANISATION_TREE, _REGION, _MUNICIPALITY, _OF_A_MUNICIPALITY),
    ),
    Role.REHABILITATION_OPERATOR: (
        Granting(_R.ORGANISATION, _ADMIN, _PRINCIPAL, _LEARNING),
        Granting(_R.ORGANISATION_TREE, _REGION, _MUNICIPALITY, _OF_A_MUNICIPALITY),
    ),
    Role.TALENT_OPERATOR: (
        Granting(_R.ORGANISATION, _ADMIN, _HEADS, _LEARNING),
        Granting(_R.ORGANISATION_TREE, _REGION, _MUNICIPALITY, _OF_EITHER),
    ),
    Role.HR_SPECIALIST: (Granting(_R.ORGANISATION, _ADMIN, _PRINCIPAL),),
    Role.CURRICULUM_SPECIALIST: (Granting(_R.ORGANISATION, _ADMIN, at=_LEARNING),),
    # Persons only by a supervision case: the school that has the child opens it, the municipality confirms.
    Role.GENERAL_EDUCATION_SPECIALIST: (
        Granting(_R.ORGANISATION_TREE, _REGION, at=_OF_EITHER),
        Granting(_R.ORGANISATION, _ADMIN | _MUNICIPALITY),
        Granting(_R.PERSONS, _HEADS, _MUNICIPALITY, _LEARNING),
    ),
    Role.SCREENING_SPECIALIST: (Granting(_R.ORGANISATION, _ADMIN, _PRINCIPAL, _LEARNING),),
    Role.MAIL_USER: (Granting(_R.SELF, _ADMIN),),
    Role.ORG_MAILBOX: (Granting(_R.ORGANISATION, _ADMIN),),
    # A list of organisations is several assignments, each with its own dates.
    Role.EXPERT: (Granting(_R.ORGANISATION, _AUTHORITY),),
    Role.AUTHORITY_VIEWER: (Granting(_R.ORGANISATION_TREE, _REGION, at=_OF_EITHER),),
    Role.AUDITOR: (
        Granting(_R.ORGANISATION_TREE, _REGION, at=_OF_EITHER),
        # Nobody confirms their own auditor: it opens no payload, and the heads are who is audited.
        Granting(_R.ORGANISATION, _AUTHORITY),
    ),
    # Whoever consents lets the client in; held without a grant: everybody, and whoever is signed in.
    Role.SYSTEM_CLIENT: (Granting(_R.CONSENT),),
    Role.GUEST: (Granting(_R.PUBLIC),),
    Role.SIGNED_IN: (Granting(_R.SELF),),
}

ENDED_INSIDE = frozenset({Role.ORG_ADMIN, Role.STUDENT, Role.LEGAL_REPRESENTATIVE})
"""What an administrator ends inside an organisation without being able to give it."""


def reaches_of(role: Role) -> tuple[ReachKind, ...]:
    """With which reaches a role may be held; the first is the ordinary one."""
    return tuple(one.reach for one in GRANTING[role])


def granting(role: Role, reach: ReachKind | None = None) -> Granting | None:
    """The way to give a role with this reach; without a reach the ordinary one. None: there is no such way."""
    return next((one for one in GRANTING[role] if reach in (None, one.reach)), None)


def fits(role: Role, reach: ReachKind, kind: OrganisationKind) -> bool:
    """Whether a role with this reach is held at places of this kind: a desk of a municipality at no school."""
    found = granting(role, reach)
    return found is not None and kind in found.at


def acting(viewer: Viewer, permission: Permission, place: UUID | None, above: Ancestry = ()) -> list[LiveAssignment]:
    """Assignments of the viewer that let them do this at a place. Several: the caller must say which.

    `above` is everything above the place: who holds a tree acts below its root, and confirms at the root as well.
    """
    if permission not in viewer.permitted:
        return []
    return [
        held
        for held in viewer.assignments
        if holds(held.role, held.reach, permission) and _covers(held, permission, place, above)
    ]


def _covers(held: LiveAssignment, permission: Permission, place: UUID | None, above: Ancestry) -> bool:
    if held.reach is ReachKind.ORGANISATION:
        return held.organisation_id == place
    if held.reach is not ReachKind.ORGANISATION_TREE or held.organisation_id not in above:
        return False
    return permission is Permission.ASSIGNMENT_CONFIRM or held.organisation_id != place


def grantable(role: Role, reach: ReachKind, by: Role) -> bool:
    """Whether the table lets the one role give the other with this reach."""
    found = granting(role, reach)
    return found is not None and by in found.grantable_by


def confirmable(role: Role, reach: ReachKind, by: Role) -> bool:
    """Whether the table lets the one role confirm the other with this reach."""
    found = granting(role, reach)
    return found is not None and by in found.confirmed_by


def endable(role: Role, reach: ReachKind, by: Role) -> bool:
    """Whether the one role may end the other: whoever may give or confirm it, the administrator also their equals."""
    inside = by is Role.ORG_ADMIN and role in ENDED_INSIDE
    return inside or grantable(role, reach, by) or confirmable(role, reach, by)
