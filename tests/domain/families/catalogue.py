"""Plays the cases of the catalogue: legends, cut-offs, targets, findings, names of regions."""

from dataclasses import replace
from functools import cache
from typing import Any

from domain.catalogue.catalogue import load_catalogue
from domain.records.organisations import OrganisationKind
from domain.scoring.levels import written
from domain.units import exact

CATALOGUE = cache(load_catalogue)


def judged(case: dict[str, Any]) -> dict[str, str]:
    catalogue = CATALOGUE()
    indicator = catalogue.indicators[case["indicator"]]
    legends = catalogue.legends
    if "firm_from" in case:
        legends = replace(legends, legend=tuple(replace(each, firm_from=case["firm_from"]) for each in legends.legend))
    kind = OrganisationKind(case["organisation_kind"]) if "organisation_kind" in case else None
    counts, band, _ = legends.judge(indicator, exact(case["value"]) if "value" in case else None, case["on"], kind)
    shown = {"counts": counts.value, "band": band and band.code, "colour": band and band.colour and band.colour.value}
    return {name: value for name, value in shown.items() if value}


def standing(case: dict[str, Any]) -> str | None:
    catalogue = CATALOGUE()
    cut_offs = catalogue.legends.cut_offs_of(catalogue.indicators[case["indicator"]])
    assert cut_offs
    found = cut_offs.standing(exact(case["value"]) if "value" in case else None)
    return found.value if found else None


def planned(case: dict[str, Any]) -> list[str]:
    targets = CATALOGUE().targets.of(case["indicator"], case["year"])
    return [f"{target.source} {written(target.value)} {target.status.value}" for target in targets]


def found_at(case: dict[str, Any]) -> list[str]:
    return [finding.code.value for finding in CATALOGUE().findings() if finding.place == case["place"]]


def region_of(case: dict[str, Any]) -> str | None:
    region = CATALOGUE().regions.resolve(case["name"]).region
    return region.code if region else None


FAMILIES = {
    "legend": judged,
    "cut-offs": standing,
    "targets of a year": planned,
    "catalogue finding": found_at,
    "region of a name": region_of,
}
