"""Who confirms and who ends a role, as domain.md 2.3 (rules a and b) and access.md 1 have it. Written by hand."""

from domain.roles import Role

HEADS = frozenset({Role.PRINCIPAL, Role.DEPUTY_HEAD})
COORDINATORS = frozenset({Role.MUNICIPAL_COORDINATOR, Role.REGIONAL_COORDINATOR})
REGION = frozenset({Role.REGIONAL_COORDINATOR})

CONFIRMED_BY = {Role.TEACHER: HEADS}
"""Of the roles that wait for somebody in the world."""

FROM_ABOVE = {
    Role.ORG_ADMIN: COORDINATORS,
    Role.PRINCIPAL: COORDINATORS,
    Role.MUNICIPAL_COORDINATOR: REGION,
    Role.AUTHORITY_VIEWER: REGION,
    Role.EXPERT: COORDINATORS,
    Role.AUDITOR: COORDINATORS,
    Role.GENERAL_EDUCATION_SPECIALIST: COORDINATORS,
}
"""Roles that an authority gives below itself, and so may end there."""
NOT_BY_ADMINISTRATOR = frozenset({
    Role.PRINCIPAL, Role.EXPERT, Role.AUDITOR, Role.AUTHORITY_VIEWER, Role.MUNICIPAL_COORDINATOR,
    Role.REGIONAL_COORDINATOR,
})  # fmt: skip
"""Those who watch over a school, or head it, are not sent away by its administrator."""


def may_confirm(holder: Role, by: Role) -> bool:
    """Whether one role is the second person for another."""
    return by in CONFIRMED_BY[holder]


def may_end(holder: Role, by: Role) -> bool:
    """Whether one role ends another, where it is at the right place."""
    if by is Role.ORG_ADMIN:
        return holder not in NOT_BY_ADMINISTRATOR
    return by in FROM_ABOVE.get(holder, ())
