"""Slips of the pen in the TOML files are refused with file and place."""

from typing import Any

import pytest

from domain.catalogue.activity_rules import ActivityRules
from domain.catalogue.documents import BadDocument, parse_document
from domain.catalogue.indicators import Indicators
from domain.catalogue.legends import Legends
from domain.catalogue.regions import RegionNames
from domain.catalogue.services import Services
from domain.catalogue.tables import DATA

LEGEND = """
[[legend]]
measure = "SFERUM_TEACHERS"
source = "SLIDES_002"
valid_from = 2023-05-25
within = ">= 0, <= 100"
band = [
    { code = "LOW", values = "<= 10", printed = "≤10%", russian = "Ниже", english = "Low" },
    { code = "GOOD", values = "> 10", printed = "≥10%", russian = "Хороший", english = "Good" },
]
"""


@pytest.mark.parametrize(
    ("slip", "by", "said"),
    [
        ("valid_from =", "valid_form =", "legend.0.valid_f"),
        ('"<= 10"', "10.5", "legend.0.band.0.values"),
        ('"<= 10"', '"up to 10"', "not a band of values"),
        ('"> 10"', '">= 10"', "overlap"),
        ('code = "GOOD"', 'code = "LOW"', "twice"),
        ("2023-05-25", "2023-13-25", "TOML"),
    ],
)
def test_slip_in_a_legend_is_named_with_its_place(slip: str, by: str, said: str) -> None:
    """The file is refused; nothing of it is half read."""
    assert parse_document("legends.toml", LEGEND, Legends).legend

    with pytest.raises(BadDocument, match=said) as refused:
        parse_document("legends.toml", LEGEND.replace(slip, by), Legends)
    assert refused.value.english.startswith("legends.toml: ")


@pytest.mark.parametrize(
    ("name", "shape", "table"),
    [
        ("regions.toml", RegionNames, "region"),
        ("indicators.toml", Indicators, "indicator"),
        ("services.toml", Services, "service"),
        ("activity_rules.toml", ActivityRules, "rule"),
    ],
)
def test_entry_that_stands_twice_is_refused(name: str, shape: Any, table: str) -> None:
    """One name must mean one thing."""
    text = (DATA / name).read_text(encoding="utf-8")
    first = text.split(f"[[{table}]]")[1]

    with pytest.raises(BadDocument, match=r"twice|stands for two"):
        parse_document(name, f"{text}\n[[{table}]]{first.split('# ')[0]}", shape)


def test_number_with_decimals_is_text() -> None:
    """A float has lost what was written."""
    cut_offs = '\n[[cut_offs]]\nindicator = "X"\nsource = "Y"\nminimum = 1.2\ngoal = 2\ndue = 2023-07-01\n'

    with pytest.raises(BadDocument, match="write a number with decimals as text"):
        parse_document("legends.toml", LEGEND + cut_offs, Legends)
