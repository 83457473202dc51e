"""Methodologies of the house, and files that no rating can be made with; contradictions are in `cases`."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.scoring.consistency import exact_percents, percent_level
from domain.scoring.methodology import Status
from domain.scoring.methodology_file import FOLDER, parse_methodology
from domain.scoring.toml_table import BadMethodology
from tests.domain.ratings import methodology, shipped

PATHS = sorted(FOLDER.glob("*.toml"))
MISTAKES = [
    ('status = "OWN"', "", "status", "is missing"),
    ('status = "OWN"', 'status = "OURS"', "status", "OURS is none of PUBLISHED, OWN, SYNTHETIC"),
    ('status = "OWN"', 'status = "SYNTHETIC"', "code", "exactly the codes of SYNTHETIC"),
    ('missing = "NO_PLACE"', 'missing = "ZERO"', "missing", "ZERO is none of NO_PLACE, OF_THE_KNOWN"),
    ("valid_from = 2023-07-01", 'valid_from = "2023"', "valid_from", "is of the wrong kind"),
    ('ties = "DENSE"', 'tie = "DENSE"', "tie", "is not a known key"),
    ("maximum = 4", 'maximum = "4"', "total.maximum", "is of the wrong kind"),
    ("maximum = 4", "maximum = 0", "total.maximum", "0 is not above zero"),
    ("maximum = 4", "maximum = nan", "total.maximum", "is no number"),
    ("maximum = 4", "maximum = 10001", "total.maximum", "is above 10000"),
    ("maximum = 4", "maximum = true", "total.maximum", "is of the wrong kind"),
    ("MINIMUM_REACHED = ", "MIDDLE = ", "group[active_communities].bands.MIDDLE", "is not a level"),
    ('">= 1, < 2"', '">= 3, < 4"', "group[active_communities].bands", "bands stand lowest first"),
    ('">= 1, < 2"', '"1 to 2"', "group[active_communities].bands.MINIMUM_REACHED", "not a band of values"),
    ('code = "PUBLIC_PAGES_ACTIVE"', 'code = "total"', "total", "stands twice"),
    ('code = "PUBLIC_PAGES_ACTIVE"', 'code = " "', "group[active_communities].indicator[ ].code", "is empty"),
    ('values = ">= 0, < 85", points = 0', "points = 0", "points[1].values", "is missing"),
    ('values = ">= 0, < 85"', 'values = ">= 95"', "points", "bands stand lowest first"),
    ('code = "school', 'code = school"', "TOML", "cannot be read"),
    ('missing = "NO_PLACE"', 'missing = "OF_THE_KNOWN"\nminimum_coverage = 1.5', "minimum_coverage", "at most 1"),
]


def test_file_of_a_methodology_is_named_by_code_and_year() -> None:
    """One looks for a version by its name."""
    found = {code: version.split("-")[0] for code, version in shipped()}

    assert sorted(f"{code}_{year}" for code, year in found.items()) == sorted(each.stem for each in PATHS)


@pytest.mark.parametrize(("old", "new", "place", "words"), MISTAKES, ids=[f"{row[2]}: {row[3]}" for row in MISTAKES])
def test_mistake_in_a_methodology_is_an_error_with_its_place(old: str, new: str, place: str, words: str) -> None:
    """In English and Russian; nothing is guessed, no default hides a slip."""
    with pytest.raises(BadMethodology) as error:
        methodology("school-public-pages", {old: new})

    assert place in error.value.place
    assert words in error.value.english
    assert error.value.russian.startswith("Методика, ")


def test_share_of_the_known_needs_every_maximum() -> None:
    """Without a maximum nobody can tell what a missing input could have earned."""
    with pytest.raises(BadMethodology, match="OF_THE_KNOWN needs every maximum"):
        methodology("motivating-monitoring", {"NO_PLACE": "OF_THE_KNOWN"})


def test_digest_of_a_methodology_is_that_of_its_content() -> None:
    """Comments and notation play no part, numbers do."""
    known = methodology("chelyabinsk-quality")

    assert methodology("chelyabinsk-quality", {"# As printed": "# As it was printed"}).digest == known.digest
    assert methodology("chelyabinsk-quality", {"maximum = 95": "maximum = 95.0"}).digest == known.digest
    assert methodology("chelyabinsk-quality", {"maximum = 95": "maximum = 96"}).digest != known.digest


def test_numbers_of_a_methodology_are_exact() -> None:
    """8.4 is 42/5, not the nearest binary number."""
    bands = methodology("synthetic-by-procedure").section("conditions").bands

    assert bands is not None
    assert bands.bands[1].values.lower is not None
    assert bands.bands[1].values.lower.value == Fraction(42, 5)


def test_only_the_invented_methodology_goes_down_to_procedures() -> None:
    """Nothing was published below the groups, so nothing published may claim a procedure's points."""
    by_procedure = [
        each for each in shipped().values() if any(item.code.startswith("procedure_") for item in each.indicators)
    ]

    assert [(each.code, each.status) for each in by_procedure] == [("synthetic-by-procedure", Status.SYNTHETIC)]


def test_unreadable_file_is_an_error_and_no_crash() -> None:
    """Whatever is in it."""
    for text in ("", "code = 1", "[[group]]", "= ="):
        with pytest.raises(BadMethodology):
            parse_methodology(text)


@given(st.fractions(-30, 130, max_denominator=60) | st.integers(-60, 260).map(lambda halves: Fraction(halves, 2)))
def test_exact_edges_of_percent_levels_are_where_rounding_puts_them(percent: Fraction) -> None:
    """Half up, once: 29.5 % show as 30 and are medium, at any maximum and any number of places."""
    for code in ("chelyabinsk-quality", "synthetic-by-procedure"):
        how = methodology(code)
        section = how.section("total")
        points = percent / 100 * (section.maximum or 1)
        by_edges = [band.code for band, values in exact_percents(how, section) if points in values]
        level = percent_level(how, percent)

        assert by_edges == ([level.code] if level else [])
