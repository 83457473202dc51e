"""The whole demo as a list of rows: two regions, the main school, three small ones, the people who can sign in."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain

from api.seed.appointments import appointments, ban, coordinators_of_figures, main_office
from api.seed.calendar import Calendar
from api.seed.cast import Cast
from api.seed.figures import figures
from api.seed.ids import MAIN, SECOND, pupil_id
from api.seed.invented import invented_schools
from api.seed.local_acts import EXCHANGED
from api.seed.main_school import fill_main_school
from api.seed.organisations import chelyabinsk_municipalities, regions, registered
from api.seed.people import Population
from api.seed.regions import other_regions
from api.seed.registers import registers
from api.seed.report_card import published_card
from api.seed.school import School
from api.seed.sizes import SIZES
from api.seed.small_schools import PUPILS, small_school
from api.seed.subjects import subject_plans
from domain.records.base import Record
from domain.records.users import Person


def demo_rows(size: str, issuer: str, today: date | Calendar) -> list[Record]:
    """Make everything. Equal arguments give equal rows, ids included."""
    calendar = today if isinstance(today, Calendar) else Calendar.around(today)
    cast, population = Cast(calendar.school_year), Population()
    main = School.open(MAIN, main_office(), calendar.exchanging(EXCHANGED), population, cast)
    fill_main_school(main, SIZES[size], cast)
    leading = list(appointments(main.staff, calendar))
    guests = [_pupil_at_two_schools(main)]
    small = [small_school(key, calendar, population, cast, guests if key == SECOND else ()) for key in PUPILS]
    people = [*cast.persons(), *cast.identities(issuer, calendar), *leading, ban(calendar)]
    people += [*coordinators_of_figures(calendar), *figures(calendar)]
    people += published_card(main)
    people += registers(cast, issuer, calendar)
    rows = [*_places(), *people, *chain.from_iterable(school.rows() for school in (main, *small))]
    _note_by(calendar.now, rows)
    return rows


NOTED = (
    "recorded_at",
    "granted_at",
    "confirmed_at",
    "registered_at",
    "given_at",
    "closed_at",
    "opened_at",
    "linked_at",
)


def _note_by(now: datetime, rows: Iterable[Record]) -> None:
    """What the day still brings has been noted now: the demo plays the whole of today, and nothing is of the future."""
    for row in rows:
        for name in NOTED:
            noted = getattr(row, name, None)
            if noted is not None and noted > now:
                setattr(row, name, now)


def _places() -> Iterator[Record]:
    yield from regions()
    yield from other_regions()
    yield from registered()
    yield from chelyabinsk_municipalities()
    yield from invented_schools()
    yield from (plan.record for plan in subject_plans().values())


def _pupil_at_two_schools(school: School) -> Person:
    wanted = pupil_id(MAIN, "8А", "at-two-schools")
    return next(pupil for pupil in school.classes["8А"].pupils if pupil.id == wanted)
