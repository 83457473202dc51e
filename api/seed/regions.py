"""The regions of the federation as nodes of the register: whom the ratings of regions rate."""

from collections.abc import Iterator

from api.seed.ids import CHELYABINSK, KRASNOYARSK, seed_id
from domain.catalogue.regions import Region, load_regions
from domain.records.organisations import Organisation, OrganisationKind, Provenance

MOSCOW_TIME = "Europe/Moscow"
ZONES = {
    "Europe/Kaliningrad": ("39",),
    "Europe/Simferopol": ("91",),
    "Europe/Kirov": ("43",),
    "Europe/Volgograd": ("34",),
    "Europe/Astrakhan": ("30",),
    "Europe/Saratov": ("64",),
    "Europe/Ulyanovsk": ("73",),
    "Europe/Samara": ("18", "63"),
    "Asia/Yekaterinburg": ("02", "45", "56", "59", "66", "72", "74", "86", "89"),
    "Asia/Omsk": ("55",),
    "Asia/Barnaul": ("04", "22"),
    "Asia/Novosibirsk": ("54",),
    "Asia/Novokuznetsk": ("42",),
    "Asia/Tomsk": ("70",),
    "Asia/Krasnoyarsk": ("17", "19", "24"),
    "Asia/Irkutsk": ("03", "38"),
    "Asia/Chita": ("75",),
    "Asia/Yakutsk": ("14", "28"),
    "Asia/Vladivostok": ("25", "27", "79"),
    "Asia/Magadan": ("49",),
    "Asia/Sakhalin": ("65",),
    "Asia/Kamchatka": ("41",),
    "Asia/Anadyr": ("87",),
}
"""IANA zone of the region's capital by federal number; all others keep Moscow time."""
OF_CODE = {code: zone for zone, codes in ZONES.items() for code in codes}
DEMO_REGIONS = frozenset({KRASNOYARSK, CHELYABINSK})
"""Regions with municipalities and schools of their own; they are made beside these."""


def other_regions() -> Iterator[Organisation]:
    """Make the regions of which this deployment holds nothing but their published figures."""
    names = load_regions()
    for region in names:
        if region.russian not in DEMO_REGIONS:
            yield _node(region, names.source)


def _node(region: Region, source: str) -> Organisation:
    return Organisation(
        id=seed_id("region", region.russian),
        kind=OrganisationKind.REGION,
        name=region.russian,
        time_zone=OF_CODE.get(region.code, MOSCOW_TIME),
        provenance=Provenance.PUBLISHED,
        source=source,
        ancestor_ids=[],  # kept by the database
    )
