"""Who is active: rules with a name and a source, over a window of local time; what is unknown is not inactive."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple

from domain.periods import FRIDAY, WEEK, DateRange, last_weekday
from domain.scoring.levels import Interval
from domain.scoring.observations import all_of


class Window(StrEnum):
    """Over which days a rule looks, from the day that is asked about (`as_of`), in local time."""

    FRIDAY_WEEK = "FRIDAY_WEEK"
    LAST_365_DAYS = "LAST_365_DAYS"


class Event(NamedTuple):
    """Something that somebody did: what (a counter's name, such as `messages`), and when, with a time zone."""

    counter: str
    at: datetime


@dataclass(frozen=True)
class ActivityRule:
    """A definition of "active", to be cited by its code.

    `counts` says how many of each counter make one active (`messages = "> 10"`), `facts` what must be true besides
    (`account_confirmed`). Two rules with one name differ in their source: none of them is *the* rule.
    """

    code: str
    russian: str
    english: str
    source: str
    window: Window
    counts: Mapping[str, Interval]
    facts: tuple[str, ...] = ()


class Condition(NamedTuple):
    """One condition of a rule: what it asks for, what was found (None: unknown), and whether it is met."""

    name: str
    asked: str
    found: str | None
    met: bool | None


class Activity(NamedTuple):
    """Whether one is active; None when that cannot be told. `conditions` say why."""

    active: bool | None
    conditions: tuple[Condition, ...]

    @property
    def failing(self) -> tuple[Condition, ...]:
        """The conditions that were not met."""
        return tuple(condition for condition in self.conditions if condition.met is False)


def window_days(window: Window, as_of: date) -> DateRange:
    """Give the days that a rule looks at when asked on a day.

    A week runs from the Friday before up to, and not including, the last Friday on or before `as_of`: on a Friday it
    is the week that ended with Thursday. The last 365 days run from `as_of` less 365 days to `as_of`, both included.
    Source: domain rules R9 and R10; the edges are our proposal.
    """
    if window is Window.FRIDAY_WEEK:
        friday = last_weekday(as_of, FRIDAY)
        return DateRange(friday - WEEK, friday)
    return DateRange.through(as_of - timedelta(days=365), as_of)


def window_instants(days: DateRange, zone: tzinfo) -> tuple[datetime, datetime]:
    """Give the first instant of a closed range of local days and the first after it, for a query of stored times."""
    if days.end is None:
        raise ValueError("an endless range has no last instant")
    return datetime.combine(days.start, time(), zone), datetime.combine(days.end, time(), zone)


def count_events(events: Iterable[Event], days: DateRange, zone: tzinfo) -> Counter[str]:
    """Count what happened on these local days, by counter. ValueError for a time without a zone: it names no day."""
    counted: Counter[str] = Counter()
    for counter, at in events:
        if at.tzinfo is None:
            raise ValueError(f"the time of an event needs a zone: {at}")
        counted[counter] += at.astimezone(zone).date() in days
    return counted


def activity(
    rule: ActivityRule, counted: Mapping[str, int] | None, facts: Mapping[str, bool | None] | None = None
) -> Activity:
    """Judge one person or organisation by a rule.

    `counted` are the events of the rule's window; a counter that is not there counts 0, None says that nothing was
    measured at all. A fact that is not there is unknown.
    """
    conditions = (*_counters(rule, counted), *_facts(rule, facts or {}))
    return Activity(all_of(condition.met for condition in conditions), conditions)


def last_login_counts(last_login: datetime | None, as_of: date, zone: tzinfo) -> bool:
    """Tell whether a last sign-in lies within the last 365 days, the first of them included; never is no sign-in."""
    logins = [] if last_login is None else [Event("logins", last_login)]
    return count_events(logins, window_days(Window.LAST_365_DAYS, as_of), zone)["logins"] > 0


def _counters(rule: ActivityRule, counted: Mapping[str, int] | None) -> Iterator[Condition]:
    for counter, asked in rule.counts.items():
        if counted is None:
            yield Condition(counter, str(asked), None, None)
        else:
            found = counted.get(counter, 0)
            yield Condition(counter, str(asked), str(found), found in asked)


def _facts(rule: ActivityRule, facts: Mapping[str, bool | None]) -> Iterator[Condition]:
    for name in rule.facts:
        met = facts.get(name)
        yield Condition(name, "yes", None if met is None else "yes" if met else "no", met)
