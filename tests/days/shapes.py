"""What an answer shows: the places that are filled in it, whatever stands there."""

from collections.abc import Iterator
from typing import Any

BY_CHANCE = ("attendance",)
"""Everybody may have been there on the page that an example happens to find; on that of the tour one was ill."""
LATER = ("attendance", "history", "reopenings", "proposals")
"""What happens to a page later: on the first days of a quarter it need not have happened yet."""


def shape(value: Any, place: str = "") -> Iterator[str]:
    """The fields that an answer has, as `journal.lines.marks.value`; of a list those of any item."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from (f"{place}{name}", *shape(inner, f"{place}{name}."))
    elif isinstance(value, list):
        for item in value:
            yield from shape(item, place)


def missing(usual: dict[str, set[str]], today: dict[str, set[str]], *, young: bool) -> dict[str, list[str]]:
    """By question the places that it shows on the usual day and not today."""
    found = {}
    for question in usual.keys() & today.keys():
        may_lack = LATER if young else () if ".md:" in question else BY_CHANCE
        places = [place for place in usual[question] - today[question] if not {*place.split(".")} & {*may_lack}]
        if places:
            found[question] = sorted(places)
    return found
