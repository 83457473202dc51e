"""What an answer shows: the places that are filled in it, whatever stands there."""

from collections.abc import Iterator
from typing import Any

YOUNG = ("attendance", "history", "reopenings", "proposals")
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
    gone = {name: sorted(usual[name] - today.get(name, set())) for name in usual}
    if young:
        gone = {name: [place for place in places if not _is_late(place)] for name, places in gone.items()}
    return {name: places for name, places in gone.items() if places}


def _is_late(place: str) -> bool:
    return any(name in YOUNG for name in place.split("."))
