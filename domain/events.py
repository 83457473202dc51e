"""Event: that objects changed, and what they are tied to; never what stands in them."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class EventKind(StrEnum):
    """What changed."""

    MARK = "MARK"
    ATTENDANCE = "ATTENDANCE"
    LESSON = "LESSON"
    SUMMARY_MARK = "SUMMARY_MARK"
    ASSESSMENT_SLOT = "ASSESSMENT_SLOT"
    JOURNAL_LINE = "JOURNAL_LINE"
    REOPENING = "REOPENING"
    KEPT_MARK = "MARK_PROPOSAL"  # as the outbox calls it
    IMPORT_RUN = "IMPORT_RUN"
    RATING = "RATING"
    RIGHTS = "RIGHTS"


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the outbox: objects of one kind that one transaction changed, all tied alike.

    `transaction` tells with a Horizon whether it is new. `versions` stand beside `objects`, one each, where every
    change adds a version; elsewhere they are empty.
    """

    transaction: int
    kind: EventKind
    objects: tuple[UUID, ...]
    versions: tuple[UUID, ...] = ()
    school_year: int | None = None
    person_id: UUID | None = None
    class_group_id: UUID | None = None
    subject_group_id: UUID | None = None
    journal_id: UUID | None = None
