"""Sentences that say a role in words, in Russian and English."""

from datetime import date
from typing import TYPE_CHECKING

from schema.engine.mapping.rows import Row
from schema.people.roles import ReachKind, Role

if TYPE_CHECKING:
    from schema.engine.context import Context

ROLE_WORDS: dict[Role, tuple[str, str]] = {
    Role.TEACHER: ("Teacher", "Учитель"),
    Role.HOMEROOM_TEACHER: ("Homeroom teacher", "Классный руководитель"),
    Role.DEPUTY_HEAD: ("Deputy head", "Завуч"),
    Role.PRINCIPAL: ("Principal", "Директор"),
    Role.STUDENT: ("Student", "Обучающийся"),
    Role.LEGAL_REPRESENTATIVE: ("Legal representative", "Законный представитель"),
    Role.MUNICIPAL_COORDINATOR: ("Municipal coordinator", "Муниципальный координатор"),
    Role.REGIONAL_COORDINATOR: ("Regional coordinator", "Региональный координатор"),
    Role.ORG_ADMIN: ("Administrator of the organisation", "Администратор организации"),
    Role.ENROLMENT_OPERATOR: ("Enrolment operator", "Оператор зачисления"),
    Role.REHABILITATION_OPERATOR: ("Operator of rehabilitation programmes", "Оператор ИПРА"),
    Role.TALENT_OPERATOR: ("Operator of the register of gifted children", "Оператор системы «Одарённые дети»"),
    Role.HR_SPECIALIST: ("Human resources specialist", "Специалист по кадрам"),
    Role.CURRICULUM_SPECIALIST: ("Curriculum specialist", "Специалист по учебным планам"),
    Role.GENERAL_EDUCATION_SPECIALIST: ("General education specialist", "Специалист по общему образованию"),
    Role.SCREENING_SPECIALIST: ("Screening specialist", "Специалист СПТ"),
    Role.MAIL_USER: ("User of the mail", "Пользователь почты"),
    Role.ORG_MAILBOX: ("Keeper of the organisation's mailbox", "Почта организации"),
    Role.EXPERT: ("Expert", "Эксперт"),
    Role.AUTHORITY_VIEWER: ("Authority", "Орган управления образованием"),
    Role.AUDITOR: ("Auditor", "Аудитор"),
    Role.SYSTEM_CLIENT: ("Another system", "Внешняя система"),
    Role.GUEST: ("Guest", "Гость"),
    Role.SIGNED_IN: ("Signed in", "Вошедший пользователь"),
}

_REACH_WORDS: dict[ReachKind, tuple[str, str]] = {
    ReachKind.SELF: ("of oneself", "о себе"),
    ReachKind.CHILDREN: ("of one's children", "о своих детях"),
    ReachKind.CLASS_GROUPS: ("in one's class", "в своём классе"),
    ReachKind.SUBJECT_GROUPS: ("in one's subject groups", "в своих группах по предмету"),
    ReachKind.ORGANISATION: ("in one's organisation, without its branches", "в своей организации, без филиалов"),
    ReachKind.ORGANISATION_TREE: (
        "in one's municipality or region, with all below it",
        "в своём муниципалитете или регионе со всеми организациями",
    ),
    ReachKind.PERSONS: ("of persons named by a case, for its days", "о названных по делу лицах, на его срок"),
    ReachKind.CONSENT: ("of those who have consented, for that purpose", "о давших согласие, для этой цели"),
    ReachKind.PUBLIC: ("always", "всегда"),
}


def reach_in_words(reach: ReachKind) -> tuple[str, str]:
    """Where a role of this reach works, in English and Russian."""
    return _REACH_WORDS[reach]


NAMED_IN_WORDS = ("subject_group.name", "class_group.name", "organisation.name")
"""What an assignment in words names of the rows behind it."""


def assignment_in_words(context: "Context", row: Row, *names: str | None) -> str:
    """`Учитель: 7А · Алгебра; Школа № 0; с 01.09.2026`; of the places (NAMED_IN_WORDS) those that the viewer sees."""
    role = context.say(*ROLE_WORDS[row.values["role"]])
    places = "; ".join(name for name in names if name)
    return f"{role}: {places}; {_dates(context, row)}" if places else f"{role}; {_dates(context, row)}"


def _dates(context: "Context", row: Row) -> str:
    since = context.say("since", "с") + " " + _day(context, row.values["valid_from"])
    end = row.values["valid_to"]
    return since if end is None else f"{since} {context.say('until', 'до')} {_day(context, end)}"


def _day(context: "Context", day: date) -> str:
    return context.say(day.isoformat(), f"{day:%d.%m.%Y}")
