"""Why a guardianship is not proposed or confirmed: what stands between, who may not decide, what is decided."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from domain import records
from schema.engine.mutations.user_errors import invalid

if TYPE_CHECKING:
    from schema.engine.context import Context

# What exactly stands between two people is nobody's business here: a court's decision is special data.
BARS = {
    "GUARDIANSHIP_BARRED": (
        "This person cannot be entered as a representative of this student. The head of the organisation knows more.",
        "Этого человека нельзя внести как представителя этого обучающегося. Обратитесь к руководителю организации.",
    ),
    "STUDENT_ADULT": (
        "The student is 18 or older: nobody represents them by law.",
        "Обучающемуся исполнилось 18 лет: законных представителей у него нет.",
    ),
    "ALREADY_REPRESENTED": (
        "This person represents the student already.",
        "Этот человек уже представляет обучающегося.",
    ),
    "ALREADY_PROPOSED": (
        "This is proposed already and waits for a second person.",
        "Заявка уже есть и ждёт подтверждения другим человеком.",
    ),
}


async def barred(context: "Context", guardian: UUID, student: UUID, field: str, *, proposing: bool = False) -> None:
    """Refuse what stands between the two: a restriction, the age, a guardianship or (proposing) a proposal there is."""
    [row] = await context.statements.write(select(func.vhod.bar_to_guardianship(guardian, student).label("code")))
    code = row.code
    if code is None and proposing and await _waits(context, guardian, student):
        code = "ALREADY_PROPOSED"
    if code is not None:
        raise invalid(code, context.say(*BARS[code]), field)


async def _waits(context: "Context", guardian: UUID, student: UUID) -> bool:
    proposal = records.GuardianshipProposal
    statement: Any = select(col(proposal.id)).where(
        col(proposal.guardian_id) == guardian,
        col(proposal.student_id) == student,
        col(proposal.decided_at).is_(None),
    )
    return bool(await context.statements.write(statement.limit(1)))


def refuse_decided(context: "Context", held: Any, field: str) -> None:
    """A proposal is decided once."""
    if held.decided_at is not None:
        told = context.say("This proposal is decided already.", "По этой заявке уже принято решение.")
        raise invalid("ALREADY_SETTLED", told, field)


def somebody_else(context: "Context", but: Collection[UUID], field: str) -> None:
    """Who confirms is a second person: neither who proposed, nor the representative or the student."""
    if context.viewer.person_id in but:
        told = context.say(
            "Somebody else must confirm: neither who proposed it nor whom it is about.",
            "Подтвердить должен другой человек: не тот, кто предложил, и не тот, о ком заявка.",
        )
        raise invalid("SECOND_PERSON", told, field)


def refuse_oneself(context: "Context", guardian: UUID | None, field: str) -> None:
    """Nobody changes whom they represent themselves."""
    if guardian is not None and context.viewer.person_id == guardian:
        told = context.say(
            "Nobody makes or ends a guardianship of their own: ask a colleague.",
            "Своё представительство вносит и прекращает другой человек: обратитесь к коллеге.",
        )
        raise invalid("OWN_GUARDIANSHIP", told, field)
