"""Roles and reaches as the contract shows them."""

from domain.roles import ReachKind, Role
from schema.engine.enums import explained

explained(
    Role,
    "Roles in the manner of KIASUO (роли). What each may read stands in the access matrix.",
    TEACHER="Teacher of a subject group (учитель).",
    HOMEROOM_TEACHER="Homeroom teacher of a class (классный руководитель).",
    DEPUTY_HEAD="Deputy head for academic work (завуч).",
    PRINCIPAL="Principal (директор): answers for the organisation; special data (P3) only by a named grant.",
    STUDENT="Student (обучающийся).",
    LEGAL_REPRESENTATIVE="Parent or guardian (законный представитель).",
    ORG_ADMIN="Administrator of an organisation (администратор): accounts and roles, no marks.",
    MUNICIPAL_COORDINATOR="Coordinator of a municipality (муниципальный координатор).",
    REGIONAL_COORDINATOR="Coordinator of a region (региональный координатор): registers and figures, no persons.",
    ENROLMENT_OPERATOR="Enrolment operator (оператор зачисления): identity and documents, no marks.",
    REHABILITATION_OPERATOR="Operator of rehabilitation programmes (оператор ИПРА): children with a programme only.",
    TALENT_OPERATOR="Operator of the register of gifted children (оператор системы «Одарённые дети»): no marks.",
    HR_SPECIALIST="Human resources specialist (специалист по кадрам): staff, no students.",
    CURRICULUM_SPECIALIST="Curriculum specialist (специалист по учебным планам): classes, groups, plans; no pupils.",
    GENERAL_EDUCATION_SPECIALIST=(
        "General education specialist (специалист по общему образованию): figures; persons by a supervision case only."
    ),
    SCREENING_SPECIALIST="Specialist for psychological screening (специалист СПТ): participation, never answers.",
    MAIL_USER="User of the mail (пользователь почты): as a guest, until there are messages.",
    ORG_MAILBOX="Keeper of the organisation's mailbox (почта организации): as a guest, until there are messages.",
    EXPERT="Expert, methodologist, mentor (эксперт, методист, ментор): figures of the organisations named to them.",
    AUTHORITY_VIEWER="Authority (министр, орган управления образованием): figures and ratings, changes nothing.",
    AUDITOR="Auditor (аудитор): who did and who read what, never what stood in it.",
    SYSTEM_CLIENT="Another system (федеральная система): a person who has consented, nothing else.",
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
    PERSONS="A named person, by a supervision case or the like (названное лицо).",
    CONSENT="Persons who have consented, for a purpose (давшие согласие).",
    PUBLIC="Public data (общедоступные данные).",
)

__all__ = ["ReachKind", "Role"]
