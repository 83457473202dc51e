"""Plays the cases of ratings: places, entries, points of a value, findings of a methodology, published tables, ways."""

from typing import Any

from domain.scoring.consistency import check_methodology
from domain.scoring.distance import distance_to_rank
from domain.scoring.inputs import Inputs
from domain.scoring.published import Published, compare_with_published
from domain.scoring.ranking import Ties, rank_of_values
from domain.scoring.rating import Rating, rate
from tests.domain.ratings import inputs_of, methodology, observed, published_rating, published_table, value


def places(case: dict[str, Any]) -> list[int | str]:
    """The place of each of `values`, "-" for no data and no place."""
    values = [value(text) for text in case["values"]]
    ranks = rank_of_values(values, Ties(case.get("ties", "DENSE")))
    return ["-" if each is None else ranks[each] for each in values]


def rated(case: dict[str, Any]) -> Rating:
    """The case's only organisation under a methodology of the house, with `changes` in its file."""
    inputs = Inputs.of(observed("we", code, value(text)) for code, text in case["inputs"].items())
    return rate(methodology(case["methodology"], case.get("changes")), inputs)


def entry(case: dict[str, Any]) -> dict[str, Any]:
    """What the organisation gets in a section; what it does not get is left out."""
    rating = rated(case)
    found = rating.entry(case["section"], "we")
    row = {
        "points": None if found.points is None else str(found.points),
        "percent": rating.shown_percent(found),
        "level": found.level and found.level.code,
        "known": f"{found.known}/{found.needed}",
        "findings": [finding.code.value for finding in found.findings],
    }
    return {name: cell for name, cell in row.items() if cell not in (None, [])}


def points(case: dict[str, Any]) -> str | None:
    """The points that a value of an indicator earns."""
    given = value(case["value"])
    assert given is not None
    earned = methodology(case["methodology"]).indicator(case["indicator"]).rule.points(given)
    return None if earned is None else str(earned)


def findings(case: dict[str, Any]) -> list[str]:
    """Code and place of what a methodology says about itself; `only` these codes, if any are named."""
    found = check_methodology(methodology(case["methodology"], case.get("changes")))
    return [f"{each.code} {each.place}" for each in found if each.code in case.get("only", [each.code])]


def published(case: dict[str, Any]) -> dict[str, Any]:
    """The published table of a section beside ours: how many places, and every difference.

    `printed = { rank = .., percent = .. }` stands in for what was printed of `organisation`.
    """
    rating = published_rating("chelyabinsk-quality")
    rows = list(published_table(case["section"]))
    if "printed" in case:
        rows = [row._replace(**case["printed"]) if row.organisation == case["organisation"] else row for row in rows]
    found = compare_with_published(rating, rows)
    ranks = {each.rank for each in rating.table(case["section"])}
    return {"rows": len(rows), "places": len(ranks), "differences": [f"{each.code} {each.place}" for each in found]}


def published_total(case: dict[str, Any]) -> list[str]:
    """A published total beside the group points of the same municipality."""
    row = Published("total", case["organisation"], percent=case["percent"])
    found = compare_with_published(published_rating("chelyabinsk-quality"), [row])
    return [f"{each.code} {each.place}" for each in found if each.place.startswith(f"total.{case['organisation']}.")]


def way_up(case: dict[str, Any]) -> dict[str, Any]:
    """What a municipality of the published data is wanting for a better place, and what would bring it alone."""
    rating = rate(methodology("chelyabinsk-quality"), Inputs.of(inputs_of("chelyabinsk-quality")))
    found = distance_to_rank(rating, case["section"], case["organisation"], case["place"])
    if found is None:
        return {"now": rating.entry(case["section"], case["organisation"]).rank}
    return {
        "now": rating.entry(case["section"], case["organisation"]).rank,
        "points": str(found.points),
        "with": list(found.holders),
        "ways": {way.indicator: str(way.value) for way in found.ways},
    }


FAMILIES = {
    "places": places,
    "entry of a rating": entry,
    "points of a value": points,
    "findings of a methodology": findings,
    "published table": published,
    "published total": published_total,
    "way up": way_up,
}
