"""The words of access: roles and kinds of reach. What a role may do stands in auth/permissions.py."""

from enum import StrEnum


class Role(StrEnum):
    """Roles in the manner of KIASUO, as far as features exist for them."""

    TEACHER = "TEACHER"
    HOMEROOM_TEACHER = "HOMEROOM_TEACHER"
    DEPUTY_HEAD = "DEPUTY_HEAD"
    STUDENT = "STUDENT"
    LEGAL_REPRESENTATIVE = "LEGAL_REPRESENTATIVE"
    MUNICIPAL_COORDINATOR = "MUNICIPAL_COORDINATOR"
    ORG_ADMIN = "ORG_ADMIN"
    REGIONAL_COORDINATOR = "REGIONAL_COORDINATOR"
    GUEST = "GUEST"
    SIGNED_IN = "SIGNED_IN"


class ReachKind(StrEnum):
    """How far an assignment goes."""

    SELF = "SELF"
    CHILDREN = "CHILDREN"
    CLASS_GROUPS = "CLASS_GROUPS"
    SUBJECT_GROUPS = "SUBJECT_GROUPS"
    ORGANISATION = "ORGANISATION"
    ORGANISATION_TREE = "ORGANISATION_TREE"
    PERSONS = "PERSONS"
    PUBLIC = "PUBLIC"
