"""Roles and reaches as the contract shows them."""

from domain.roles import ReachKind, Role
from schema.enums import explained

explained(
    Role,
    "Roles in the manner of KIASUO (роли). What each may read stands in the access matrix.",
    TEACHER="Teacher of a subject group (учитель).",
    HOMEROOM_TEACHER="Homeroom teacher of a class (классный руководитель).",
    DEPUTY_HEAD="Deputy head for academic work (завуч).",
    STUDENT="Student (обучающийся).",
    LEGAL_REPRESENTATIVE="Parent or guardian (законный представитель).",
    MUNICIPAL_COORDINATOR="Coordinator of a municipality (муниципальный координатор).",
    REGIONAL_COORDINATOR="Coordinator of a region (региональный координатор): registers and figures, no persons.",
    ORG_ADMIN="Administrator of an organisation (администратор): accounts and roles, no marks.",
    GUEST="Everybody, signed in or not (гость): public data.",
    SIGNED_IN="Whoever is signed in and known (вошедший пользователь): their own account.",
)
explained(
    ReachKind,
    "How far an assignment goes (область действия роли).",
    SELF="Oneself (сам).",
    CHILDREN="Children whom one represents now (свои дети).",
    CLASS_GROUPS="A class (класс).",
    SUBJECT_GROUPS="A subject group (группа по предмету).",
    ORGANISATION="An organisation without its branches (организация).",
    ORGANISATION_TREE="An organisation with all below it (организация с подведомственными).",
    PERSONS="A named person (названное лицо).",
    PUBLIC="Public data (общедоступные данные).",
)

__all__ = ["ReachKind", "Role"]
