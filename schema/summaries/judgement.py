"""Whether a summary mark may be confirmed as it was sent: each thing wrong with it is an error with its path."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from domain.scoring.results import Proposal
from domain.writing.stays import stay_of
from schema.engine.mutations.user_errors import InvalidInput, NotFound, UserError, VersionConflict
from schema.engine.typed_texts import REASON_MOST, stated, unfit
from schema.scales import MarkScale
from schema.summaries.places import Seat

if TYPE_CHECKING:
    from schema.engine.context import Context

ALLOWED: dict[MarkScale, tuple[int | None, ...]] = {
    MarkScale.FIVE_POINT: (1, 2, 3, 4, 5),
    MarkScale.PASS_FAIL: (0, 1),
    MarkScale.NOT_ASSESSED: (None,),
    MarkScale.EXEMPT: (None,),
}
"""Values by scale."""


@dataclass(frozen=True)
class Entry:
    """One mark of the input: what was asked, for which place, what stands there, and why as the writer says."""

    asked: Any
    seat: Seat | None
    stands: Any | None
    reason: str | None
    path: list[str]

    @property
    def current_version(self) -> int | None:
        """The version that stands; None where nothing does."""
        return None if self.stands is None or self.stands.withdrawn else self.stands.version

    @property
    def is_unchanged(self) -> bool:
        """Whether just this stands already: then nothing is written."""
        if self.current_version is None or self.stands is None or self.asked.withdraw:
            return False
        same = (self.stands.scale, self.stands.value) == (self.asked.scale, self.asked.value)
        return same and self.reason in (None, self.stands.reason)


async def errors_of(context: "Context", entry: Entry, school_year: int, today: date) -> list[UserError]:
    """Everything that is wrong with one mark."""
    if entry.seat is None:
        told = context.say("No such place that you may see.", "Нет такого доступного вам места.")
        return [NotFound(code="NOT_FOUND", message=told, path=entry.path)]
    away = stay_of(entry.seat.line).refused(today)
    if away is not None:
        return [_invalid(context, away.code, (away.english, away.russian), entry.path)]
    found = [_of_version(context, entry), *_of_content(context, entry)]
    errors = [error for error in found if error is not None]
    for error in errors:
        if isinstance(error, VersionConflict) and entry.stands is not None:
            error.current = await context.executor.load_named("SummaryMark", (school_year, entry.stands.mark_id))
    return errors


def _of_version(context: "Context", entry: Entry) -> UserError | None:
    if entry.asked.version == entry.current_version:
        return None
    told = context.say(
        "Somebody has changed it since you read it.", "После того как вы это прочитали, здесь уже изменили запись."
    )
    return VersionConflict(
        code="VERSION_CONFLICT",
        message=told,
        path=[*entry.path, "version"],
        current=None,
        current_version=entry.current_version,
    )


def _of_content(context: "Context", entry: Entry) -> list[UserError | None]:
    of_text = unfit(context, entry.asked.reason, REASON_MOST, [*entry.path, "reason"])
    if entry.asked.withdraw:
        return [of_text, _of_withdrawal(context, entry)]
    return [of_text, _of_value(context, entry) or _of_deviation(context, entry)]


def _of_withdrawal(context: "Context", entry: Entry) -> UserError | None:
    if entry.current_version is None:
        told = "Nothing is confirmed here.", "Здесь ничего не подтверждено."
        return _invalid(context, "NOTHING_TO_WITHDRAW", told, [*entry.path, "withdraw"])
    if entry.reason is None:
        told = "Say why it is taken back.", "Укажите, почему отметка отзывается."
        return _invalid(context, "REASON_NEEDED", told, [*entry.path, "reason"])
    return None


def _of_value(context: "Context", entry: Entry) -> UserError | None:
    if entry.asked.value in ALLOWED[entry.asked.scale]:
        return None
    fitting = ", ".join(str(one) for one in ALLOWED[entry.asked.scale] if one is not None)
    told = f"On this scale: {fitting or 'no value'}.", f"На этой шкале: {fitting or 'без значения'}."
    return _invalid(context, "MARK_VALUE", told, [*entry.path, "value"])


def _of_deviation(context: "Context", entry: Entry) -> UserError | None:
    if entry.seat is None or entry.reason is not None or entry.is_unchanged:
        return None
    proposal = entry.seat.proposal
    if not deviates(proposal, entry.asked.scale, entry.asked.value):
        return None
    if not proposal.is_made:
        told = (
            f"It is too early for a proposal ({proposal.ground}): say why it is confirmed all the same.",
            f"Предлагать ещё рано ({proposal.ground}): укажите, почему отметка всё же подтверждается.",
        )
    else:
        proposed = "н/а" if proposal.value is None else str(proposal.value)
        told = f"{proposed} is proposed: say why not.", f"Предложено «{proposed}»: укажите причину отклонения."
    return _invalid(context, "DEVIATION_NEEDS_REASON", told, [*entry.path, "reason"])


def deviates(proposal: Proposal, scale: MarkScale, value: int | None) -> bool:
    """Whether this is not what the policy proposes. Where the policy leaves it to the teacher nothing deviates."""
    if proposal.is_free:
        return False
    proposed = MarkScale.NOT_ASSESSED if proposal.value is None else MarkScale.FIVE_POINT
    return not proposal.is_made or (scale, value) != (proposed, proposal.value)


def reason_for(asked: Any, whole: str | None) -> str | None:
    """The mark's own reason, else that of the whole input."""
    return stated(asked.reason) or whole


def _invalid(context: "Context", code: str, told: tuple[str, str], path: list[str]) -> InvalidInput:
    return InvalidInput(code=code, message=context.say(*told), path=path)
