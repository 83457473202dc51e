"""findPersonBySnils: who has this number, for an operator who enrols a newcomer. Recorded before it is answered.

A mutation and not a query: a query's transaction writes nothing, and its audit could be lost with its answer. Here the
entry stands in the transaction that is committed before the answer goes out, found or not.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import strawberry
from sqlalchemy import ARRAY, BigInteger, Date, DateTime, Text, Uuid, column, func, select
from strawberry.types import Info

from auth.permissions import Permission as P
from auth.permissions import holds
from auth.viewer import LiveAssignment
from domain.errors import RateLimited
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.mapping.declare import computed, structure, value
from schema.engine.mutations.audit import record
from schema.engine.mutations.inputs import ACTING, asked, input_of
from schema.engine.mutations.user_errors import InvalidInput, Refusal, UserError
from schema.enrolments.audited import Audited
from schema.enrolments.newcomers import checked_snils
from schema.named_later import OrganisationLater
from schema.people.acting import chosen

if TYPE_CHECKING:
    from schema.engine.context import Context

WITHIN = timedelta(hours=1)
FOUND_MOST = 60
"""Look-ups in an hour that find somebody: a busy day of an enrolment campaign."""
MISSED_MOST = 10
"""Look-ups in an hour that find nobody: slips of the pen, and no way through the thousands that a mask leaves."""


@strawberry.input(description="A number to look up (СНИЛС для поиска).")
class FindPersonBySnilsInput:
    """Input of findPersonBySnils."""

    snils: str = strawberry.field(description="The whole number, with or without hyphens and space (СНИЛС).")
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure(
    "Somebody found by their SNILS (найденный человек): what is needed to recognise them and no more. Class, contacts,"
    " documents and marks are told to nobody by a number (152-FZ, article 5: no more data than the purpose needs)."
)
class FoundPerson:
    """A person, wherever they learn."""

    person_id: strawberry.ID = value("Id for `personId` of enrolStudent (условный номер человека).")
    name: str = value("Last, first and middle name (фамилия, имя, отчество).", PUBLIC, Sensitivity.P2)
    birth_date: date | None = value("Date of birth (дата рождения).", PUBLIC, Sensitivity.P2)
    learns_at: list[OrganisationLater] = value(
        "Where they learn now or soon (где учится).", PUBLIC, Sensitivity.P2, usually=2
    )


@structure("Who was found by a SNILS (результат поиска по СНИЛС).")
class FoundPersonPayload:
    """Payload of findPersonBySnils."""

    person: FoundPerson | None = value(
        "Who has this number; null: nobody here, or somebody who is kept from you (человек).", PUBLIC
    )
    user_errors: list[UserError] = value("Why nothing was looked up; empty when it was (отказы).", PUBLIC)


@computed(
    "Find a person by the exact SNILS, to enrol them (поиск по СНИЛС). It finds people of other organisations too: that"
    " is how a newcomer keeps one card. Every look-up is recorded before it is answered, and whoever the record is"
    f" about sees it. At most {FOUND_MOST} in an hour that find somebody and {MISSED_MOST} that find nobody:"
    " RATE_LIMITED says when to go on.",
    Access(write=P.SNILS_LOOKUP),
    sensitivity=Sensitivity.P2,
)
async def find_person_by_snils(
    self: Any,
    info: Info,
    input: input_of(FindPersonBySnilsInput),  # type: ignore[valid-type]  # noqa: A002
) -> FoundPersonPayload:
    """Mutation.findPersonBySnils."""
    context, given = cast("Context", info.context), cast("FindPersonBySnilsInput", input)
    context.viewer.known()
    try:
        by = await _acting(context, given)
        number = checked_snils(context, given.snils)
    except Refusal as refusal:
        return FoundPersonPayload(person=None, user_errors=refusal.errors)
    await _spend(context)
    found = await _found(context, number)
    await _note(context, by, found)
    return await _answer(context, found)


async def _acting(context: "Context", given: FindPersonBySnilsInput) -> LiveAssignment:
    allowed = P.SNILS_LOOKUP in context.viewer.permitted
    fitting = [one for one in context.viewer.assignments if allowed and holds(one.role, one.reach, P.SNILS_LOOKUP)]
    return await chosen(context, fitting, P.SNILS_LOOKUP, given.acting_assignment_id)


async def _spend(context: "Context") -> None:
    """Raises RateLimited when the hour's look-ups are spent; of two at once the second counts the first."""
    lock = func.pg_advisory_xact_lock(func.hashtextextended(f"snils {context.viewer.person_id}", 0))
    await context.statements.write(select(lock))
    spent = func.vhod.snils_looked_up(context.clock() - WITHIN).table_valued(
        column("found", BigInteger), column("missed", BigInteger), column("first", DateTime(timezone=True))
    )
    [row] = await context.statements.write(select(spent.c.found, spent.c.missed, spent.c.first))
    if row.found >= FOUND_MOST or row.missed >= MISSED_MOST:
        raise RateLimited(max(1, int((row.first + WITHIN - context.clock()).total_seconds())))


async def _found(context: "Context", number: str) -> list[Any]:
    people = func.vhod.find_by_snils(context.hash_snils(number)).table_valued(
        column("person_id", Uuid),
        column("full_name", Text),
        column("birth_date", Date),
        column("learns_at", ARRAY(Uuid)),
    )
    rows = await context.statements.write(
        select(people.c.person_id, people.c.full_name, people.c.birth_date, people.c.learns_at)
    )
    return list(rows)


async def _note(context: "Context", by: LiveAssignment, found: list[Any]) -> None:
    """Who looked, and whom they found. The number itself is kept nowhere."""
    people: list[UUID] = [row.person_id for row in found]
    about = people[0] if len(people) == 1 else None
    await record(context, Audited.SNILS_LOOK_UP, by, about, {"found": bool(people), "people": [str(p) for p in people]})
    context.executor.readings.note("FoundPerson.name", Sensitivity.P2, people)


async def _answer(context: "Context", found: list[Any]) -> FoundPersonPayload:
    if len(found) > 1:
        told = context.say(
            "Several people are kept under this number: their schools must mend the cards.",
            "Под этим номером внесены несколько человек: их школы должны исправить карты.",
        )
        shared = InvalidInput(code="SNILS_SHARED", message=told, path=["input", "snils"])
        return FoundPersonPayload(person=None, user_errors=[shared])
    return FoundPersonPayload(person=await _person(context, found[0]) if found else None, user_errors=[])


async def _person(context: "Context", row: Any) -> FoundPerson:
    places = await context.executor.load_all_named("Organisation", [(key,) for key in row.learns_at])
    return FoundPerson(
        person_id=strawberry.ID(f"Person:{row.person_id}"),
        name=row.full_name,
        birth_date=row.birth_date,
        learns_at=[place for place in places if place is not None],
    )
