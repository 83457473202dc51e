"""Explanations add up, ways lead where they say, what is withheld cannot be computed, suppositions leave no trace."""

from fractions import Fraction

import pytest

from domain.errors import BadUserInput
from domain.scoring.changes import Cause, changes
from domain.scoring.contributions import State, contributions, withheld_inputs
from domain.scoring.distance import distance_to_rank
from domain.scoring.explanation import explain
from domain.scoring.inputs import Inputs
from domain.scoring.observations import ObservationProvenance
from domain.scoring.rating import Rating, rate
from domain.scoring.what_if import what_if
from tests.domain.ratings import inputs_of, methodology, observed, published_rating

CHELYABINSK = "chelyabinsk-quality"
PUBLISHED = [CHELYABINSK, "school-public-pages", "motivating-monitoring"]


def by_procedure() -> Rating:
    """Three invented municipalities by invented procedures: А and Б tie in processes, В lacks the first procedure."""
    values = {"А": [60] * 15 + [80, 20, 50], "Б": [60] * 14 + [70, 20, 80, 50], "В": [40] * 18}
    inputs = [
        observed(
            key,
            f"procedure_{number:02}",
            None if (key, number) == ("В", 1) else Fraction(value),
            ObservationProvenance.SYNTHETIC,
        )
        for key, row in values.items()
        for number, value in enumerate(row, start=1)
    ]
    return rate(methodology("synthetic-by-procedure"), Inputs.of(inputs))


@pytest.mark.parametrize("code", PUBLISHED)
def test_contributions_add_up_to_the_points_of_every_entry(code: str) -> None:
    """Shares add up to one."""
    rating = published_rating(code)

    for entry in (entry for entry in rating.entries if entry.points is not None):
        parts = contributions(rating, entry.section, entry.organisation)
        assert sum(part.points or 0 for part in parts) == entry.points
        assert sum(part.share or 0 for part in parts) == (1 if entry.points else 0)


@pytest.mark.parametrize("code", PUBLISHED)
def test_every_way_to_a_better_place_leads_there(code: str) -> None:
    """Put into the inputs, the value that a way names gives the place that it was asked for."""
    rating = published_rating(code)
    asked = [(entry, place) for entry in rating.table("total")[5:40:7] for place in (1, (entry.rank or 1) - 1)]

    for entry, place in asked:
        distance = distance_to_rank(rating, "total", entry.organisation, place) if entry.rank and place else None
        for way in distance.ways if distance else ():
            supposed = what_if(rating, {(entry.organisation, way.indicator): way.value}).rating
            rank = supposed.entry("total", entry.organisation).rank
            assert rank is not None
            assert rank <= place


def test_way_to_the_next_level_leads_there() -> None:
    """One point of conditions makes Магнитогорский ГО above medium, and only just."""
    rating = published_rating(CHELYABINSK)
    found = explain(rating, "conditions", "Магнитогорский ГО").to_next_level

    assert found is not None
    assert found.level is not None
    assert (found.points, found.level.code) == (Fraction(1), "ABOVE_MEDIUM")
    supposed = what_if(rating, {("Магнитогорский ГО", found.ways[0].indicator): found.ways[0].value}).rating
    level = supposed.entry("conditions", "Магнитогорский ГО").level
    assert level is not None
    assert level.code == "ABOVE_MEDIUM"


def test_explanation_names_who_is_tied_and_who_only_looks_equal() -> None:
    """58.5 and 59 of 95 both show as 62 %, but are two places; Кусинский and Трехгорный make 59.6 differently."""
    rating = published_rating(CHELYABINSK)
    eighth, sixth = explain(rating, "total", "Коркинский МР"), explain(rating, "total", "Кусинский МР")

    assert eighth.tied == ()
    assert [entry.organisation for entry in eighth.looks_equal] == ["Озерский ГО", "Троицкий МР"]
    assert [(tie.organisation, tie.same_inputs) for tie in sixth.tied] == [("Трехгорный ГО", False)]
    assert sum((each.ours or 0) - (each.theirs or 0) for each in sixth.tied[0].differences) == 0


def test_first_place_has_no_way_up_and_the_highest_level_no_next() -> None:
    """Nothing is wanting."""
    found = explain(published_rating(CHELYABINSK), "outcomes", "Златоустовский ГО")

    assert found.entry.rank == 1
    assert found.to_next_rank is None
    assert found.to_next_level is None


def test_entry_without_a_place_is_explained_by_what_is_missing() -> None:
    """Missing inputs have no points and promise none."""
    rating = published_rating("school-public-pages")
    entry = next(entry for entry in rating.table("total") if entry.rank is None and entry.known == 1)
    found = explain(rating, "total", entry.organisation)

    assert {part.state for part in found.contributions} == {State.KNOWN, State.MISSING}
    assert (found.to_next_rank, found.to_next_level, found.tied) == (None, None, ())


def test_withheld_input_takes_another_of_its_group_with_it() -> None:
    """Alone it could be computed from the group's points; other groups stay open."""
    found = withheld_inputs(by_procedure(), "А", lambda _, indicator: indicator != "procedure_17")

    assert found == {"procedure_17", "procedure_18"}


def test_withheld_input_shows_no_number_anywhere() -> None:
    """Not in contributions, ways, ties or changes."""
    rating = by_procedure()
    seen = explain(rating, "processes", "А", lambda _, indicator: indicator != "procedure_17")
    shown = {part.indicator: part for part in seen.contributions}

    assert shown["procedure_16"].points == Fraction(36, 5)
    for code in ("procedure_17", "procedure_18"):
        assert shown[code].state is State.WITHHELD
        assert (shown[code].value, shown[code].points, shown[code].share, shown[code].headroom) == (None,) * 4
    assert [tie.same_inputs for tie in seen.tied] == [None]
    hidden = [each for each in seen.tied[0].differences if each.indicator == "procedure_17"]
    assert [(each.ours, each.theirs) for each in hidden] == [(None, None)]
    assert not {way.indicator for each in (seen.to_next_rank, seen.to_next_level) if each for way in each.ways} & {
        "procedure_17",
        "procedure_18",
    }


def test_input_that_all_may_see_is_shown_with_its_value() -> None:
    """The invented А gains 9 of 9 times 80 % by procedure 16."""
    parts = {part.indicator: part for part in contributions(by_procedure(), "procedure_16", "А")}

    assert (parts["procedure_16"].value, parts["procedure_16"].headroom) == (Fraction(80), Fraction(9, 5))


def test_supposition_moves_the_entry_and_stores_nothing() -> None:
    """Two points more in processes: 6th in total; the rating itself is as it was."""
    rating = published_rating(CHELYABINSK)
    before = rating.canonical()
    supposed = what_if(rating, {("Коркинский МР", "CHELYABINSK_PROCESSES"): Fraction(15)})
    mine = next(each for each in supposed.changes["total"] if each.after and each.after.organisation == "Коркинский МР")

    assert (mine.places, mine.cause) == (2, Cause.OWN_INPUTS)
    assert [(each.indicator, each.before, each.after) for each in mine.inputs] == [
        ("CHELYABINSK_PROCESSES", Fraction(13), Fraction(15))
    ]
    assert {each.cause for each in supposed.changes["total"]} == {Cause.OWN_INPUTS, Cause.OTHERS}
    assert supposed.changes["conditions"] == ()
    assert rating.canonical() == before


def test_supposition_of_no_data_takes_the_place_away() -> None:
    """And is not a supposition of zero."""
    rating = published_rating(CHELYABINSK)
    supposed = what_if(rating, {("Коркинский МР", "CHELYABINSK_PROCESSES"): None}).rating

    assert supposed.entry("total", "Коркинский МР").rank is None


@pytest.mark.parametrize(("organisation", "indicator"), [("Нигде", "CHELYABINSK_PROCESSES"), ("Уйский МР", "другой")])
def test_supposition_about_an_input_that_is_not_there_is_refused(organisation: str, indicator: str) -> None:
    """A slip of the pen must not become a result."""
    with pytest.raises(BadUserInput, match="There is no input to change"):
        what_if(published_rating(CHELYABINSK), {(organisation, indicator): Fraction(1)})


def test_supposition_about_a_withheld_input_is_refused() -> None:
    """Its answer would tell the input."""
    with pytest.raises(BadUserInput, match="Only an input that you may see"):
        what_if(by_procedure(), {("А", "procedure_17"): Fraction(1)}, lambda *_: False)


def test_another_methodology_is_the_cause_of_every_change() -> None:
    """Points of two methodologies are not compared as if inputs had changed."""
    rating = published_rating(CHELYABINSK)
    other = rate(methodology(CHELYABINSK, {"maximum = 95": "maximum = 96"}), rating.inputs)
    found = changes(rating, other, "total")

    assert len(found) == 43
    assert {(each.cause, each.places, each.inputs) for each in found} == {(Cause.METHODOLOGY, 0, ())}


def test_municipality_that_comes_or_goes_is_a_change() -> None:
    """With one side empty."""
    rating = published_rating(CHELYABINSK)
    fewer = rate(
        rating.methodology, Inputs.of(each for each in inputs_of(CHELYABINSK) if each.organisation != "Уйский МР")
    )
    came, gone = changes(fewer, rating, "processes"), changes(rating, fewer, "processes")

    assert [(each.before, each.after and each.after.organisation) for each in came] == [(None, "Уйский МР")]
    assert [(each.after, each.places) for each in gone] == [(None, None)]


def test_place_that_nobody_has_is_refused() -> None:
    """As is an entry that there is not."""
    rating = published_rating(CHELYABINSK)

    with pytest.raises(BadUserInput, match="Nobody has place 99"):
        distance_to_rank(rating, "total", "Уйский МР", 99)
    with pytest.raises(BadUserInput, match="no entry of Нигде"):
        explain(rating, "total", "Нигде")
