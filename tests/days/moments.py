"""The moments at which everything must hold: days that are none like the others, a minute before and after midnight."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from tests.clock import ZONE


@dataclass(frozen=True)
class Moment:
    """A moment, and what is the matter with it."""

    at: datetime
    title: str

    def __str__(self) -> str:
        zone = "UTC" if self.at.tzinfo is UTC else "Красноярск"
        return f"{self.at:%Y-%m-%d %H:%M} {zone}: {self.title}"


def _moment(day: str, hour: str, title: str, zone: tzinfo = ZONE) -> Moment:
    return Moment(datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=zone), title)


AFTER, BEFORE, NOON = "00:01", "23:59", "12:00"
MOMENTS = [
    _moment("2025-11-01", NOON, "рабочая суббота по постановлению, каникулы"),
    _moment("2026-03-01", AFTER, "14 лет родившимся 29 февраля 2012 года"),
    _moment("2026-05-17", AFTER, "14 лет ученице демонстрации"),
    _moment("2026-09-01", AFTER, "1 сентября"),
    _moment("2026-09-01", AFTER, "1 сентября", UTC),
    _moment("2026-09-02", BEFORE, "второй день года"),
    _moment("2026-10-30", BEFORE, "последний день четверти"),
    _moment("2026-11-05", AFTER, "осенние каникулы", UTC),
    _moment("2026-11-09", AFTER, "первый день четверти"),
    _moment("2026-11-22", BEFORE, "воскресенье"),
    _moment("2026-12-01", NOON, "обычный вторник"),
    _moment("2026-12-25", BEFORE, "последний день четверти", UTC),
    _moment("2026-12-31", BEFORE, "31 декабря"),
    _moment("2026-12-31", BEFORE, "31 декабря", UTC),
    _moment("2027-01-01", AFTER, "1 января"),
    _moment("2027-01-03", NOON, "зимние каникулы"),
    _moment("2027-01-09", AFTER, "9 января", UTC),
    _moment("2027-01-11", AFTER, "первый день четверти"),
    _moment("2027-02-20", AFTER, "рабочая суббота"),
    _moment("2027-02-22", NOON, "понедельник, за который работали в субботу"),
    _moment("2027-05-26", BEFORE, "последний учебный день"),
    _moment("2027-07-15", NOON, "июль"),
    _moment("2027-08-31", BEFORE, "последний день учебного года"),
    _moment("2028-02-28", BEFORE, "28 февраля високосного года"),
    _moment("2028-02-29", AFTER, "29 февраля"),
    _moment("2028-02-29", BEFORE, "29 февраля", UTC),
    _moment("2029-09-01", NOON, "1 сентября, суббота"),
    _moment("2030-02-28", BEFORE, "канун 18-летия родившихся 29 февраля 2012 года"),
    _moment("2030-03-01", AFTER, "18 лет родившимся 29 февраля 2012 года"),
]
_FEW = {"2026-09-01 00:01", "2027-07-15 12:00", "2028-02-29 00:01"}
FEW = [one for one in MOMENTS if f"{one.at.astimezone(ZONE):%Y-%m-%d %H:%M}" in _FEW]
"""Those that `make test` tries each time."""
