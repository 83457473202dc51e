"""Plays the cases of activity: windows, events, rules, sign-ins, and what is counted."""

from typing import Any
from zoneinfo import ZoneInfo

from domain.scoring.activity import Event, Window, activity, count_events, last_login_counts, window_days
from domain.scoring.observations import Count, Counted, UnitCounted, UnitsDiffer, change, count_organisations, percent
from domain.units import exact, round_half_up
from tests.domain.families.catalogue import CATALOGUE

ANSWERS = {True: "yes", False: "no", None: "unknown"}
PRINTED = {"yes": True, "no": False, "": None}


def window(case: dict[str, Any]) -> dict[str, str]:
    days = window_days(Window(case["window"]), case["as_of"])
    return {"from": str(days.start), "until": str(days.end)}


def counted(case: dict[str, Any]) -> int:
    events = [Event("messages", at) for at in case["at"]]
    return count_events(events, window_days(Window.FRIDAY_WEEK, case["as_of"]), ZoneInfo(case["zone"]))["messages"]


def judged(case: dict[str, Any]) -> dict[str, Any]:
    found = activity(CATALOGUE().activity_rules[case["rule"]], case.get("counted"), case.get("facts"))
    failing = [f"{condition.name} {condition.asked}: {condition.found}" for condition in found.failing]
    return {"active": ANSWERS[found.active], "failing": failing}


def signed_in(case: dict[str, Any]) -> bool:
    return last_login_counts(case.get("last_login"), case["as_of"], ZoneInfo(case["zone"]))


def count(printed: list[Any]) -> Count:
    """A count as [number, unit counted]."""
    number, unit_counted = printed
    return Count(number, UnitCounted(unit_counted))


def share(case: dict[str, Any]) -> dict[str, str]:
    try:
        value = percent(count(case["numerator"]), count(case["denominator"]))
    except UnitsDiffer as refused:
        return {"refused": refused.english}
    return {"percent": "none"} if value is None else {"percent": str(value), "shown": str(round_half_up(value, 1))}


def organisations(case: dict[str, Any]) -> dict[str, Any]:
    listed = [Counted(key, PRINTED[meets], head or None) for key, meets, head in case["organisations"]]
    found = count_organisations(listed, branches_apart=case.get("branches_apart", False))
    return {"met": found.met.number, "of": found.of.number, "unknown": found.unknown, "unit": found.of.unit_counted}


def moved(case: dict[str, Any]) -> str | None:
    before, now = (exact(case[name]) if name in case else None for name in ("before", "now"))
    found = change(before, now)
    return found.value if found else None


FAMILIES = {
    "activity window": window,
    "events counted": counted,
    "activity": judged,
    "last sign-in counts": signed_in,
    "share of counts": share,
    "organisations counted": organisations,
    "change": moved,
}
