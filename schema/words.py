"""Sentences that say a role in words, in Russian and English."""

from datetime import date
from typing import TYPE_CHECKING, Any

from domain.roles import Role
from schema.mapping.rows import row_of

if TYPE_CHECKING:
    from schema.context import Context

ROLE_WORDS: dict[Role, tuple[str, str]] = {
    Role.TEACHER: ("Teacher", "Учитель"),
    Role.HOMEROOM_TEACHER: ("Homeroom teacher", "Классный руководитель"),
    Role.DEPUTY_HEAD: ("Deputy head", "Завуч"),
    Role.STUDENT: ("Student", "Обучающийся"),
    Role.LEGAL_REPRESENTATIVE: ("Legal representative", "Законный представитель"),
    Role.MUNICIPAL_COORDINATOR: ("Municipal coordinator", "Муниципальный координатор"),
    Role.REGIONAL_COORDINATOR: ("Regional coordinator", "Региональный координатор"),
    Role.ORG_ADMIN: ("Administrator of the organisation", "Администратор организации"),
    Role.GUEST: ("Guest", "Гость"),
    Role.SIGNED_IN: ("Signed in", "Вошедший пользователь"),
}


async def assignment_in_words(assignment: Any, context: "Context") -> str:
    """`Учитель: 7А · Алгебра; Школа № 0; с 01.09.2026`, as far as the viewer may see its parts."""
    row = row_of(assignment)
    parts = [await _name(context, kind, row.keys[key]) for kind, key in _PLACES]
    role = context.say(*ROLE_WORDS[row.values["role"]])
    places = "; ".join(part for part in parts if part)
    return f"{role}: {places}; {_dates(context, row)}" if places else f"{role}; {_dates(context, row)}"


_PLACES = (("SubjectGroup", "subject_group_id"), ("ClassGroup", "class_group_id"), ("Organisation", "organisation_id"))


async def _name(context: "Context", kind: str, key: Any) -> str | None:
    if key is None:
        return None
    found = await context.executor.load_named(kind, (key,))
    return None if found is None else row_of(found).values["name"]


def _dates(context: "Context", row: Any) -> str:
    since = context.say("since", "с") + " " + _day(context, row.values["valid_from"])
    end = row.values["valid_to"]
    return since if end is None else f"{since} {context.say('until', 'до')} {_day(context, end)}"


def _day(context: "Context", day: date) -> str:
    return context.say(day.isoformat(), f"{day:%d.%m.%Y}")
