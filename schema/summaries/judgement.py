"""Whether a summary mark may be confirmed as it was sent: each thing wrong with it is an error with its path."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from domain.writing.stays import stay_of
from domain.writing.summaries import Confirmed, SummaryWrite, refused_place, refused_summary
from schema.engine.mutations.user_errors import NotFound, UserError, VersionConflict
from schema.engine.typed_texts import REASON_MOST, stated, unfit
from schema.journals.refused import told as told_of
from schema.summaries.places import Seat

if TYPE_CHECKING:
    from schema.engine.context import Context


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
    def write(self) -> SummaryWrite | None:
        """The facts for the rules; None where there is no place."""
        if self.seat is None:
            return None
        stands = None if self.current_version is None else self.stands
        return SummaryWrite(
            scale=self.asked.scale,
            value=self.asked.value,
            withdraw=self.asked.withdraw,
            reason=self.reason,
            proposal=self.seat.proposal,
            stays=stay_of(self.seat.line),
            stands=None if stands is None else Confirmed(stands.scale, stands.value, stands.reason),
        )

    @property
    def is_unchanged(self) -> bool:
        """Whether just this stands already: then nothing is written."""
        return self.write is not None and self.write.is_unchanged


async def errors_of(context: "Context", entry: Entry, school_year: int, today: date) -> list[UserError]:
    """Everything that is wrong with one mark."""
    write = entry.write
    if write is None:
        told = context.say("No such place that you may see.", "Нет такого доступного вам места.")
        return [NotFound(code="NOT_FOUND", message=told, path=entry.path)]
    away = refused_place(write, today)
    if away is not None:
        return [told_of(context, away, entry.path)]
    of_text = unfit(context, entry.asked.reason, REASON_MOST, [*entry.path, "reason"])
    content = refused_summary(write)
    told_content = None if content is None else told_of(context, content, [*entry.path, *content.path])
    found = [_of_version(context, entry), of_text, told_content]
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


def reason_for(asked: Any, whole: str | None) -> str | None:
    """The mark's own reason, else that of the whole input."""
    return stated(asked.reason) or whole
