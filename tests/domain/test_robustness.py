"""Draws: seeded, independent of workers, and without suppositions exactly the rating itself."""

import subprocess
import sys
from fractions import Fraction

import pytest

from domain.errors import BadUserInput
from domain.scoring.inputs import Inputs
from domain.scoring.rating import Rating, rate
from domain.scoring.robustness import DRAWS_IN_BLOCK, Suppositions, robustness
from tests.domain.ratings import methodology, observed, published_rating

CHELYABINSK = "chelyabinsk-quality"
EVERYTHING = Suppositions(
    seed=7,
    draws=3 * DRAWS_IN_BLOCK + 1,
    weights=0.25,
    denominators={"conditions": [Fraction(27), Fraction(28)]},
    leave_one_out=True,
    noise=0.02,
    rounding=1,
)


def three_by_procedure() -> Rating:
    """Invented: А before Б before В, В lacks a procedure."""
    rows = {"А": 60, "Б": 59, "В": 40}
    inputs = [
        observed(key, f"procedure_{number:02}", None if (key, number) == ("В", 1) else Fraction(value))
        for key, value in rows.items()
        for number in range(1, 19)
    ]
    return rate(methodology("synthetic-by-procedure"), Inputs.of(inputs))


@pytest.mark.parametrize("code", [CHELYABINSK, "school-public-pages", "motivating-monitoring"])
def test_draws_without_suppositions_are_the_rating_itself(code: str) -> None:
    """Floating point gives every exact place again, ties included; who has no place takes no part."""
    rating = published_rating(code)

    for section in rating.methodology.sections:
        found = robustness(rating, section.code, Suppositions(seed=1, draws=3))
        placed = [entry for entry in rating.table(section.code) if entry.rank is not None]
        assert [(each.organisation, each.rank) for each in found.intervals] == [
            (entry.organisation, entry.rank) for entry in placed
        ]
        assert all(len(set(each[1:])) == 1 for each in found.intervals)


def test_same_seed_gives_the_same_draws_with_any_number_of_workers() -> None:
    """Another seed gives others."""
    rating = published_rating(CHELYABINSK)
    pair = [("Коркинский МР", "Озерский ГО")]
    found = robustness(rating, "total", EVERYTHING, pair)

    assert robustness(rating, "total", EVERYTHING, pair, workers=2) == found
    other = Suppositions(seed=8, draws=EVERYTHING.draws, weights=0.25, noise=0.02)
    assert robustness(rating, "total", other, pair).intervals != found.intervals


def test_interval_holds_its_share_and_lies_between_best_and_worst() -> None:
    """Low is the better end; every number is a place that was drawn."""
    found = robustness(published_rating(CHELYABINSK), "total", EVERYTHING)

    for each in found.intervals:
        assert 1 <= each.best <= each.low <= each.median <= each.high <= each.worst <= 43
    assert any(each.best < each.worst for each in found.intervals)


def test_duel_counts_every_draw_once() -> None:
    """59 points against 58.5 win most draws of small noise, not all; nobody beats an equal without suppositions."""
    rating = published_rating(CHELYABINSK)
    pairs = [("Озерский ГО", "Коркинский МР"), ("Коркинский МР", "Озерский ГО")]
    (duel, back) = robustness(rating, "total", Suppositions(seed=3, draws=500, noise=0.01), pairs).duels
    (even,) = robustness(rating, "total", Suppositions(3, 10), [("Озерский ГО", "Троицкий МР")]).duels

    assert duel.wins + duel.ties + duel.losses == 500
    assert Fraction(1, 2) < duel.share < 1
    assert (back.wins, back.losses) == (duel.losses, duel.wins)
    assert (even.wins, even.ties, even.losses) == (0, 10, 0)


def test_leaving_one_out_draws_exactly_the_places_without_each_indicator() -> None:
    """Three groups: with enough draws best and worst are those of the three exact ratings of two groups."""
    rating = published_rating(CHELYABINSK)
    found = robustness(rating, "total", Suppositions(seed=5, draws=100, leave_one_out=True))
    exact: dict[str, set[int]] = {}
    for left_out in rating.methodology.indicators:
        kept = [item.code for item in rating.methodology.indicators if item != left_out]
        sums = {
            key: sum((rating.inputs.value(key, code) or Fraction(0) for code in kept), start=Fraction(0))
            for key in rating.inputs.organisations
        }
        order = sorted(set(sums.values()), reverse=True)
        for key, points in sums.items():
            exact.setdefault(key, set()).add(order.index(points) + 1)

    assert {each.organisation: (each.best, each.worst) for each in found.intervals} == {
        key: (min(ranks), max(ranks)) for key, ranks in exact.items()
    }


def test_rounding_before_places_makes_neighbours_equal() -> None:
    """To whole points, 58.5 rounds half up to 59: the 8th shares the 7th place."""
    rating = published_rating(CHELYABINSK)
    found = robustness(rating, "total", Suppositions(1, 1, rounding=0), [("Озерский ГО", "Коркинский МР")])
    ranks = {each.organisation: each.median for each in found.intervals}

    assert found.duels[0].ties == 1
    assert ranks["Коркинский МР"] == ranks["Озерский ГО"] == ranks["Троицкий МР"]


def test_other_denominator_weighs_a_group_more() -> None:
    """Conditions of 27 instead of 28 bring each of its points 28/27, and move places by conditions alone not at all."""
    rating = published_rating(CHELYABINSK)
    of_27 = Suppositions(1, 1, denominators={"conditions": [Fraction(27)]})
    total, conditions = (robustness(rating, section, of_27) for section in ("total", "conditions"))

    assert all(each.median == each.rank for each in conditions.intervals)
    assert any(each.median != each.rank for each in total.intervals)


def test_share_of_the_known_is_drawn_as_a_share() -> None:
    """В lacks a procedure and is still rated by what is known of it."""
    found = robustness(three_by_procedure(), "total", Suppositions(seed=2, draws=50, weights=0.5))

    assert [(each.organisation, each.best, each.worst) for each in found.intervals] == [
        ("А", 1, 1),
        ("Б", 2, 2),
        ("В", 3, 3),
    ]


def test_suppositions_that_mean_nothing_are_refused() -> None:
    """No draw, negative noise, a group without maximum, somebody without a place."""
    with pytest.raises(BadUserInput):
        Suppositions(seed=1, draws=0)
    with pytest.raises(BadUserInput):
        Suppositions(seed=1, noise=-0.1)
    rating = published_rating("motivating-monitoring")
    with pytest.raises(BadUserInput, match="has no maximum"):
        robustness(rating, "total", Suppositions(1, 1, denominators={"monitoring": [Fraction(55)]}))
    with pytest.raises(BadUserInput, match="has no place to compare"):
        robustness(rating, "total", Suppositions(1, 1), [("Нигде", "г. Москва")])


def test_whoever_rates_without_draws_needs_no_numpy() -> None:
    """NumPy and its threads load with the first draw."""
    script = "import sys, domain.scoring.what_if, domain.scoring.robustness; sys.exit('numpy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
