"""Who confirms and who ends a role, as domain.md 2.3 (rules a and b) and access.md 1 have it. Written by hand."""

from domain.records import Assignment
from domain.roles import ReachKind, Role

HEADS = frozenset({Role.PRINCIPAL, Role.DEPUTY_HEAD})
MUNICIPALITY = frozenset({Role.MUNICIPAL_COORDINATOR})
REGION = frozenset({Role.REGIONAL_COORDINATOR})
COORDINATORS = MUNICIPALITY | REGION

CONFIRMED_BY = {(Role.TEACHER, ReachKind.SUBJECT_GROUPS): HEADS, (Role.PRINCIPAL, ReachKind.PERSONS): MUNICIPALITY}
"""Of the roles that wait for somebody in the world."""

WATCHERS = frozenset({Role.EXPERT, Role.AUDITOR, Role.AUTHORITY_VIEWER})
WITH_A_DESK = frozenset({Role.ENROLMENT_OPERATOR, Role.REHABILITATION_OPERATOR, Role.TALENT_OPERATOR})


def may_confirm(assignment: Assignment, by: Role) -> bool:
    """Whether one role is the second person for another."""
    return by in CONFIRMED_BY[assignment.role, assignment.reach]


def may_end(assignment: Assignment, by: Role) -> bool:
    """Whether one role ends another, where it is at the right place."""
    return by in _ended_by(assignment.role, assignment.reach)


def _ended_by(role: Role, reach: ReachKind) -> frozenset[Role]:
    """Those who give or confirm it. Who watches over a school, or heads it, is not sent away by its administrator."""
    if reach is ReachKind.PERSONS:
        return MUNICIPALITY
    if reach is ReachKind.ORGANISATION_TREE:
        return COORDINATORS if role in WITH_A_DESK else REGION - {role}
    if role in WATCHERS | {Role.PRINCIPAL}:
        return COORDINATORS
    if role is Role.GENERAL_EDUCATION_SPECIALIST:
        return MUNICIPALITY | {Role.ORG_ADMIN}
    return COORDINATORS | {Role.ORG_ADMIN} if role is Role.ORG_ADMIN else frozenset({Role.ORG_ADMIN})
