"""What holds for any rating: order plays no part, better is never worse, numbers are exact, places have no holes."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadUserInput
from domain.scoring.findings import FindingCode
from domain.scoring.inputs import Inputs
from domain.scoring.methodology import Methodology
from domain.scoring.methodology_file import parse_methodology
from domain.scoring.observations import Observation, ObservationProvenance
from domain.scoring.rating import Rating, rate
from tests.domain.ratings import inputs_of, methodology, observed, published_rating, shipped

MIXED = """
code = "mixed"
version = "1"
status = "OWN"
russian = "Все правила сразу"
english = "All rules at once"
source = "tests"
valid_from = 2026-01-01
missing = "RULE"
minimum_coverage = 0.5
ties = "TIES"
[percent]
LOW = ">= 0, < 50"
HIGH = ">= 50, <= 100"
[[level]]
code = "LOW"
russian = "Низкий"
english = "Low"
[[level]]
code = "HIGH"
russian = "Высокий"
english = "High"
[[group]]
code = "first"
russian = "Первая"
english = "First"
maximum = 12
weight = 0.5
bands = { LOW = ">= 0, < 6", HIGH = ">= 6, <= 12" }
[[group.indicator]]
code = "given"
russian = "Баллы"
english = "Points"
maximum = 10
points = "AS_GIVEN"
[[group.indicator]]
code = "steps"
russian = "Шаги"
english = "Steps"
maximum = 2
ranked = true
points = [{ values = "< 50", points = 0 }, { values = ">= 50, < 90", points = 0.5 }, { values = ">= 90", points = 2 }]
[[group]]
code = "second"
russian = "Вторая"
english = "Second"
maximum = 6
[[group.indicator]]
code = "line"
russian = "Прямая"
english = "Line"
maximum = 3
weight = 2
direction = "LOWER_IS_BETTER"
points = { zero_at = 100, full_at = 10 }
[total]
maximum = 12
bands = { LOW = ">= 0, < 6", HIGH = ">= 6, <= 12" }
"""
VALUES = st.integers(0, 100).map(Fraction) | st.fractions(0, 100, max_denominator=30) | st.fractions(0, 100)
GAPPY = VALUES | st.none()
INDICATORS = ("given", "steps", "line")


def mixed(rule: str = "NO_PLACE", ties: str = "DENSE") -> Methodology:
    """A methodology with every kind of rule."""
    return parse_methodology(MIXED.replace("RULE", rule).replace("TIES", ties))


METHODOLOGIES = st.sampled_from(
    [mixed(rule, ties) for rule in ("NO_PLACE", "OF_THE_KNOWN") for ties in ("DENSE", "COMPETITION")]
)


@st.composite
def many_inputs(draw: st.DrawFn, values: st.SearchStrategy[Fraction | None] = GAPPY) -> list[Observation]:
    """Inputs of a few organisations."""
    organisations = draw(st.lists(st.sampled_from("абвгдежз"), unique=True, min_size=1))
    return [observed(organisation, code, draw(values)) for organisation in organisations for code in INDICATORS]


def plain_points(rating: Rating, section: str, organisation: str) -> Sequence[Fraction | None]:
    """Points of an organisation's inputs, one by one and the plain way."""
    found = []
    for part in rating.methodology.parts(section):
        value = rating.inputs.value(organisation, part.indicator)
        points = None if value is None else rating.methodology.indicator(part.indicator).rule.points(value)
        found.append(None if points is None else points * part.weight)
    return found


@given(METHODOLOGIES, many_inputs(), st.randoms())
def test_rating_does_not_know_the_order_of_its_inputs(how: Methodology, inputs: list[Observation], dice: Any) -> None:
    """The same inputs, shuffled, give the same bytes."""
    expected = rate(how, Inputs.of(inputs)).canonical()
    dice.shuffle(inputs)

    assert rate(how, Inputs.of(inputs)).canonical() == expected


@given(METHODOLOGIES, many_inputs())
def test_rating_is_replayed_to_the_byte(how: Methodology, inputs: list[Observation]) -> None:
    """Columns as a store delivers them, in other units, give the same bytes and the same digest."""
    known = Inputs.of(inputs)
    columns = {
        code: [
            None if (value := known.value(key, code)) is None else value * 7 for key in reversed(known.organisations)
        ]
        for code in INDICATORS
    }
    again = Inputs.of_columns([*reversed(known.organisations)], columns, 7, ObservationProvenance.ENTERED)

    assert again.digest == known.digest
    assert rate(how, again, "2026").canonical() == rate(how, known, "2026").canonical()


@given(METHODOLOGIES, many_inputs())
def test_points_and_percents_are_exact(how: Methodology, inputs: list[Observation]) -> None:
    """They are the sums of plain fractions; an entry without a place has no number at all."""
    rating = rate(how, Inputs.of(inputs))

    for entry in rating.entries:
        plain = plain_points(rating, entry.section, entry.organisation)
        assert entry.known == sum(points is not None for points in plain)
        assert entry.needed == len(plain)
        if entry.rank is None:
            assert (entry.points, entry.percent, entry.level) == (None, None, None)
            assert entry.known < entry.needed
        else:
            assert entry.points == sum(points for points in plain if points is not None)
            assert entry.percent == 100 * entry.points / (entry.maximum or 0)


@given(many_inputs(), st.sampled_from(["NO_PLACE", "OF_THE_KNOWN"]))
def test_places_are_dense_and_follow_the_percent(inputs: list[Observation], rule: str) -> None:
    """1, 2, 2, 3: no number is left out, equals share a place and nobody else does."""
    rating = rate(mixed(rule), Inputs.of(inputs))

    for section in rating.methodology.sections:
        placed = [entry for entry in rating.table(section.code) if entry.rank is not None]
        ranks = [entry.rank for entry in placed]
        assert [rank for rank, _ in groupby(ranks)] == list(range(1, len(set(ranks)) + 1))
        order = sorted({entry.percent or 0 for entry in placed}, reverse=True)
        assert ranks == [order.index(entry.percent or 0) + 1 for entry in placed]


@given(METHODOLOGIES, many_inputs(VALUES), st.data())
def test_better_value_never_worsens_a_place(how: Methodology, inputs: list[Observation], data: Any) -> None:
    """Its own points and place; and the order of all others stays as it was."""
    at = data.draw(st.integers(0, len(inputs) - 1))
    organisation, code, old = inputs[at][:3]
    better = data.draw(VALUES.map(lambda new: min(new, old) if code == "line" else max(new, old)))
    before = rate(how, Inputs.of(inputs))
    after = rate(how, Inputs.of([*inputs[:at], observed(organisation, code, better), *inputs[at + 1 :]]))

    for section in how.sections:
        old_entry, new_entry = (rating.entry(section.code, organisation) for rating in (before, after))
        assert (new_entry.points or 0) >= (old_entry.points or 0)
        assert (new_entry.rank or 0) <= (old_entry.rank or 0)
        others = [
            [entry.organisation for entry in rating.table(section.code) if entry.organisation != organisation]
            for rating in (before, after)
        ]
        assert others[0] == others[1]


@given(METHODOLOGIES, many_inputs())
def test_somebody_without_data_changes_nobody_else(how: Methodology, inputs: list[Observation]) -> None:
    """Missing is not zero: it is no place, and it takes none."""
    nobody = [observed("я", code, None) for code in INDICATORS]
    before, after = rate(how, Inputs.of(inputs)), rate(how, Inputs.of([*inputs, *nobody]))

    assert [entry for entry in after.entries if entry.organisation != "я"] == list(before.entries)
    assert {entry.rank for entry in after.entries if entry.organisation == "я"} == {None}


@pytest.mark.parametrize("code", ["chelyabinsk-quality", "motivating-monitoring", "school-public-pages"])
def test_published_data_are_rated_without_a_row_lost(code: str) -> None:
    """Every municipality or region of the file has an entry in every section; the bytes come out again."""
    rating = published_rating(code)
    organisations = {each.organisation for each in inputs_of(code)}

    for section in rating.methodology.sections:
        assert {entry.organisation for entry in rating.table(section.code)} == organisations
    assert rate(rating.methodology, Inputs.of(inputs_of(code)), "as published").canonical() == rating.canonical()


def test_published_tables_have_as_many_places_as_were_printed() -> None:
    """13, 26, 10 and 28 for conditions, outcomes, processes and the total (domain rule R3)."""
    rating = published_rating("chelyabinsk-quality")
    places = [
        len({entry.rank for entry in rating.table(section)})
        for section in ("conditions", "outcomes", "processes", "total")
    ]

    assert places == [13, 26, 10, 28]


def test_regions_with_a_missing_value_have_no_place_in_total() -> None:
    """33 of 85 regions lack one or both values; in a single group those that have its value have a place."""
    rating = published_rating("school-public-pages")
    unplaced = {
        section.code: sum(entry.rank is None for entry in rating.table(section.code))
        for section in rating.methodology.sections
    }

    assert unplaced == {"active_communities": 32, "engagement": 33, "total": 33}


def test_value_given_twice_is_refused() -> None:
    """The last one must not win by chance."""
    with pytest.raises(BadUserInput, match="Two values for indicator given of а"):
        Inputs.of([observed("а", "given", Fraction(1)), observed("а", "given", None)])
    with pytest.raises(BadUserInput, match="Two values"):
        Inputs.of_columns(["а", "а"], {"given": [1, 2]})


def test_inputs_that_nobody_counts_and_impossible_points_are_named() -> None:
    """Nothing is dropped silently, and provenance goes along."""
    inputs = Inputs.of(
        [
            observed("а", "given", Fraction(11), ObservationProvenance.RECONSTRUCTED),
            observed("а", "другой", Fraction(1), ObservationProvenance.SYNTHETIC),
        ]
    )
    found = {(each.code, each.place) for each in rate(mixed(), inputs).findings}

    assert {
        (FindingCode.POINTS_OUT_OF_RANGE, "inputs.given.а"),
        (FindingCode.INPUT_UNUSED, "inputs.другой"),
        (FindingCode.RECONSTRUCTED, "inputs.given"),
        (FindingCode.SYNTHETIC, "inputs.другой"),
    } <= found


def test_nobody_to_rate_is_an_empty_rating() -> None:
    """Not an error: a new year begins without observations."""
    for known in shipped().values():
        rating = rate(known, Inputs.of([]))

        assert rating.entries == ()


def test_unknown_section_is_a_key_error() -> None:
    """Asked by a programmer, not by a user."""
    with pytest.raises(KeyError):
        published_rating("chelyabinsk-quality").table("всё")
    with pytest.raises(KeyError):
        methodology("chelyabinsk-quality").section("всё")


def test_group_of_which_nothing_is_known_gives_no_place_whatever_its_maximum() -> None:
    """A group's own maximum may be more than its indicators' (28 and 27): the rest is not a known input."""
    generous = mixed("OF_THE_KNOWN", "DENSE")
    how = replace(
        generous, minimum_coverage=Fraction(1, 100), groups=(replace(generous.groups[0], maximum=Fraction(99)),)
    )
    rating = rate(how, Inputs.of([observed("а", "given", None), observed("б", "given", Fraction(1))]))

    assert [entry.rank for entry in rating.table("first")] == [1, None]


def test_version_of_a_rating_names_all_that_it_was_made_from() -> None:
    """Another value, another maximum or another period is another version."""
    rating = published_rating("chelyabinsk-quality")
    first = inputs_of("chelyabinsk-quality")[0]
    others = [
        rate(rating.methodology, rating.inputs.replaced({first[:2]: Fraction(1)}), "as published"),
        rate(methodology("chelyabinsk-quality", {"maximum = 95": "maximum = 96"}), rating.inputs, "as published"),
        rate(rating.methodology, rating.inputs, "2023"),
    ]

    assert len({rating.version, *(other.version for other in others)}) == 4
    assert len({rating.canonical(), *(other.canonical() for other in others)}) == 4
