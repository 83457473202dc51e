"""Who is to be enrolled: somebody with a card, named with birth date, or a new person. Never a second card for one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from sqlalchemy import Text, Uuid, column, func, insert, select

from domain import records
from domain.birth_dates import check_birth_date
from domain.identifiers import format_snils, snils_status
from domain.person_names import LONGEST_NAME as NAME_MOST
from domain.person_names import name_part
from domain.records.organisations import IdentifierStatus
from domain.refused_values import RefusedValueError
from domain.text import folded
from schema.engine.mapping.reference import key_of
from schema.engine.mutations.user_errors import Refusal, invalid, not_found
from schema.enrolments.places import new_key
from schema.registers.entries import needed_text, optional_text

if TYPE_CHECKING:
    from schema.engine.context import Context

T = TypeVar("T")
PERSON_TYPES = ("Student", "Person")


def checked_snils(context: "Context", printed: str, field: str = "snils") -> str:
    """The number as it is stored. Refuses one that no SNILS can be."""
    if snils_status(printed) is not IdentifierStatus.VALID:
        told = context.say(
            "This is no SNILS: 11 digits, of which the last two check the others.",
            "Это не СНИЛС: нужно 11 цифр, последние две - контрольное число.",
        )
        raise invalid("SNILS_INVALID", told, field)
    return format_snils("".join(character for character in printed if character.isdigit()))


async def who_is_enrolled(context: "Context", given: Any, organisation: UUID) -> tuple[UUID, bool]:
    """Key of the person, and whether their card was made just now."""
    names = _names(context, given)
    if given.person_id is not None:
        return await _known(context, given, " ".join(filter(None, names.values()))), False
    today = context.clock().date()
    _judged(context, "birthDate", lambda: check_birth_date(given.birth_date, today))
    return await _new(context, given, names, organisation), True


async def _known(context: "Context", given: Any, name: str) -> UUID:
    types = context.executor.types
    key = next((found for kind in PERSON_TYPES if (found := key_of(types[kind], given.person_id))), None)
    person = None if key is None else UUID(str(key[0]))
    if person == context.viewer.person_id:
        told = context.say("Nobody enrols themselves.", "Собственное зачисление оформляет другой человек.")
        raise invalid("OWN_ENROLMENT", told, "personId")
    if given.snils is not None:
        told = context.say(
            "A SNILS is given for a new person; this one has a card.",
            "СНИЛС указывают для нового человека; у этого уже есть карта.",
        )
        raise invalid("SNILS_OF_NEWCOMER", told, "snils")
    asked = func.vhod.is_enrollable(person, name, given.birth_date).label("so")
    if person is None or not (await context.statements.write(select(asked)))[0].so:
        told = context.say(
            "Nobody with this id, this name and this birth date.", "Нет человека с таким id, именем и датой рождения."
        )
        raise not_found(told, "personId")
    return person


async def _new(context: "Context", given: Any, names: dict[str, str | None], organisation: UUID) -> UUID:
    snils = None if given.snils is None else checked_snils(context, given.snils)
    hashed = None if snils is None else context.hash_snils(snils)
    name = " ".join(filter(None, names.values()))
    alike = f"{names['last_name']} {names['first_name']}"
    # Two that enter one person at the same moment: the second finds the card of the first.
    lock = func.pg_advisory_xact_lock(func.hashtextextended(f"cards {snils or folded(alike)}", 0))
    await context.statements.write(select(lock))
    known = func.vhod.known_as(organisation, name, given.birth_date, hashed).table_valued(
        column("code", Text), column("person_id", Uuid)
    )
    for row in await context.statements.write(select(known.c.code, known.c.person_id)):
        raise _card_known(context, row)
    key = await new_key(context)
    card = {"birth_date": given.birth_date, "gender": given.gender, "snils": snils, "snils_index": hashed}
    await context.statements.write(insert(records.Person).inline().values(id=key, **names, **card))
    return key


def _names(context: "Context", given: Any) -> dict[str, str | None]:
    middle = optional_text(context, given.middle_name, "middleName", NAME_MOST)
    last = needed_text(context, given.last_name, "lastName", NAME_MOST)
    first = needed_text(context, given.first_name, "firstName", NAME_MOST)
    return {
        "last_name": _judged(context, "lastName", lambda: name_part(last)),
        "first_name": _judged(context, "firstName", lambda: name_part(first)),
        "middle_name": None if middle is None else _judged(context, "middleName", lambda: name_part(middle)),
    }


def _judged(context: "Context", field: str, judge: Callable[[], T]) -> T:
    """What a rule makes of a value; its refusal under the field that the value came in."""
    try:
        return judge()
    except RefusedValueError as refused:
        raise invalid(refused.code, context.say(refused.english, refused.russian), field) from None


def _card_known(context: "Context", row: Any) -> Refusal:
    if row.code == "SNILS_KNOWN":
        told = context.say(
            "Somebody with this SNILS has a card: find them by findPersonBySnils and name them in `personId`.",
            "Человек с таким СНИЛС уже есть: найдите его через findPersonBySnils и укажите в `personId`.",
        )
        return invalid("SNILS_KNOWN", told, "snils")
    told = context.say(
        f"Somebody with this name and birth date has learned here: name Student:{row.person_id} in `personId`.",
        f"Человек с таким именем и датой рождения здесь уже учился: укажите Student:{row.person_id} в `personId`.",
    )
    return invalid("STUDENT_KNOWN", told, "lastName")
