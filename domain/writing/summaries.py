"""What may be confirmed as a summary mark: a value of its scale, and what is proposed or a reason why not."""

from dataclasses import dataclass
from datetime import date

from domain.records.marks import MarkScale
from domain.scoring.results import Proposal
from domain.writing.refusals import Refused
from domain.writing.stays import Stay

VALUES: dict[MarkScale, tuple[int | None, ...]] = {
    MarkScale.FIVE_POINT: (1, 2, 3, 4, 5),
    MarkScale.PASS_FAIL: (0, 1),
    MarkScale.NOT_ASSESSED: (None,),
    MarkScale.EXEMPT: (None,),
}
"""Values by scale."""

NOTHING_TO_WITHDRAW = Refused(
    "NOTHING_TO_WITHDRAW", "Nothing is confirmed here.", "Здесь ничего не подтверждено.", ("withdraw",)
)
WITHDRAWN_WITHOUT_REASON = Refused(
    "REASON_NEEDED", "Say why it is taken back.", "Укажите, почему отметка отзывается.", ("reason",)
)


@dataclass(frozen=True)
class Confirmed:
    """A summary mark that stands."""

    scale: MarkScale
    value: int | None
    reason: str | None


@dataclass(frozen=True)
class SummaryWrite:
    """A summary mark to confirm, or to take back; what is proposed for its place, and what stands there."""

    scale: MarkScale
    value: int | None
    withdraw: bool
    reason: str | None
    proposal: Proposal
    stays: Stay
    stands: Confirmed | None

    @property
    def is_unchanged(self) -> bool:
        """Whether just this stands already: then nothing is written."""
        if self.stands is None or self.withdraw:
            return False
        same = (self.stands.scale, self.stands.value) == (self.scale, self.value)
        return same and self.reason in (None, self.stands.reason)


def refused_place(write: SummaryWrite, today: date) -> Refused | None:
    """A mark is confirmed while its student is in the group, on the last day too: the rule of a lesson's marks."""
    return write.stays.refused(today)


def refused_summary(write: SummaryWrite) -> Refused | None:
    """What speaks against the mark itself."""
    if write.withdraw:
        if write.stands is None:
            return NOTHING_TO_WITHDRAW
        return WITHDRAWN_WITHOUT_REASON if write.reason is None else None
    return _of_value(write) or _of_deviation(write)


def _of_value(write: SummaryWrite) -> Refused | None:
    if write.value in VALUES[write.scale]:
        return None
    fitting = ", ".join(str(one) for one in VALUES[write.scale] if one is not None)
    return Refused(
        "MARK_VALUE",
        f"On this scale: {fitting or 'no value'}.",
        f"На этой шкале: {fitting or 'без значения'}.",
        ("value",),
        {"fitting": VALUES[write.scale]},
    )


def _of_deviation(write: SummaryWrite) -> Refused | None:
    proposal = write.proposal
    if write.reason is not None or write.is_unchanged or not deviates(proposal, write.scale, write.value):
        return None
    if not proposal.is_made:
        return Refused(
            "DEVIATION_NEEDS_REASON",
            f"It is too early for a proposal ({proposal.ground}): say why it is confirmed all the same.",
            f"Предлагать ещё рано ({proposal.ground}): укажите, почему отметка всё же подтверждается.",
            ("reason",),
            {"ground": proposal.ground},
        )
    proposed = "н/а" if proposal.value is None else str(proposal.value)
    return Refused(
        "DEVIATION_NEEDS_REASON",
        f"{proposed} is proposed: say why not.",
        f"Предложено «{proposed}»: укажите причину отклонения.",
        ("reason",),
        {"proposed": proposal.value},
    )


def deviates(proposal: Proposal, scale: MarkScale, value: int | None) -> bool:
    """Whether this is not what the policy proposes. Where the policy leaves it to the teacher nothing deviates."""
    if proposal.is_free:
        return False
    proposed = MarkScale.NOT_ASSESSED if proposal.value is None else MarkScale.FIVE_POINT
    return not proposal.is_made or (scale, value) != (proposed, proposal.value)
