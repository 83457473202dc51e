"""Plays the cases of bands: which band holds a value, which is reached, what gaps and overlaps there are."""

from typing import Any

from domain.scoring.levels import Band, Bands, Interval
from domain.units import exact


def bands(case: dict[str, Any]) -> Bands:
    """The case's scale: `bands = { LOW = "<= 50", ... }`, lowest first."""
    return Bands(tuple(Band(code, Interval.parse(text), code, code) for code, text in case["bands"].items()))


def level_of(case: dict[str, Any]) -> list[str]:
    return [band.code for band in bands(case).containing(exact(case["value"]))]


def level_reached(case: dict[str, Any]) -> str | None:
    band = bands(case).reached(exact(case["value"]))
    return band.code if band else None


def holes(case: dict[str, Any]) -> dict[str, list[str]]:
    within = Interval.parse(case["within"]) if "within" in case else None
    return {
        "gaps": [str(gap) for gap in bands(case).gaps(within)],
        "overlaps": [f"{first} and {second}: {values}" for first, second, values in bands(case).overlaps()],
    }


FAMILIES = {"level of a value": level_of, "level reached": level_reached, "gaps and overlaps": holes}
