"""What the demo says of its day: where today has no lessons, and where the demo has grown old."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from api.seed.appointments import MAIN_SCHOOL_ID, ZONE
from api.seed.calendar import Calendar
from api.seed.local_acts import EXCHANGED
from domain.records.base import Record
from domain.records.corrections import Reopening
from domain.windows import end_of

YOUNG = timedelta(days=7)
"""So long after its last lesson the demo is as it was made: marks of that lesson may still be corrected."""
LAST_HELD = text("select max(held_on) from lesson where status = 'HELD' and organisation_id = :school")


def of_its_day(calendar: Calendar, today: date, rows: Iterable[Record]) -> Iterator[str]:
    """Say which day the demo takes for its own if `today` has no lessons, and what is open all the same."""
    last = calendar.exchanging(EXCHANGED).school_day
    if last is None or last == today:
        return
    yield f"On {today:%d.%m.%Y} there are no lessons: the demo's last school day is {last:%d.%m.%Y}."
    zone = ZoneInfo(ZONE)
    for row in rows:
        if isinstance(row, Reopening) and row.until > end_of(calendar.today, zone):
            until = row.until.astimezone(zone)
            yield f"The deputy head has opened 7А, algebra, again: its marks are corrected until {until:%d.%m %H:%M}."


def of_its_age(connection: Connection, calendar: Calendar) -> Iterator[str]:
    """Say that a demo was made for a day long ago, if it was."""
    last = connection.scalar(LAST_HELD, {"school": MAIN_SCHOOL_ID})
    if last is not None and calendar.today - last > YOUNG and calendar.school_day and calendar.school_day > last:
        yield (
            f"Its last school day is {last:%d.%m.%Y}, and marks of that time can no longer be corrected."
            " `make reset` forgets it; the next run makes it around today."
        )
