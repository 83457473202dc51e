"""Pages opened again for a while: by whom, why, and until when."""

from datetime import datetime

from auth.permissions import Permission as P
from domain import records
from schema.engine.access.rule import Access
from schema.engine.mapping.declare import column, mapped, one
from schema.engine.node import Node
from schema.named_later import JournalLater
from schema.people.users import StaffMember


@mapped(
    records.Reopening,
    "A journal page opened again for a while (повторное открытие страницы). Ended, never deleted.",
    Access(P.REOPENING_SEE),
)
class Reopening(Node):
    """A reopening."""

    reason: str = column("Why (основание).")
    opened_at: datetime = column("From when (когда открыта).")
    until: datetime = column("Until when (до какого момента).")
    opened_by: StaffMember | None = one("Who opened it (кем открыта).", by=records.Reopening.opened_by_id)
    ended_at: datetime | None = column("When it was ended by hand (когда закрыта досрочно).")
    ended_by: StaffMember | None = one("Who ended it (кем закрыта).", by=records.Reopening.ended_by_id)
    journal: JournalLater | None = one("Which page (страница журнала).", by=records.Reopening.journal_id)
