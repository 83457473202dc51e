"""What holds for any bands; the cases of the sources are in `cases/level*.toml`."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.scoring.levels import Band, Bands, Bound, Interval
from domain.units import exact

VALUES = st.fractions(-5, 105, max_denominator=4)
BOUNDS = st.none() | st.builds(Bound, VALUES, st.booleans())
WITHIN = Interval.parse(">= 0, <= 100")


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    """Any band that holds something."""
    while True:
        try:
            return Interval(draw(BOUNDS), draw(BOUNDS))
        except ValueError:
            continue


def scale(found: list[Interval]) -> Bands:
    """These bands, lowest first."""
    ordered = sorted(
        found,
        key=lambda band: (0, Fraction(0), 0) if band.lower is None else (1, band.lower.value, not band.lower.inclusive),
    )
    return Bands(tuple(Band(str(place), values, "", "") for place, values in enumerate(ordered)))


SCALES = st.lists(intervals(), min_size=1, max_size=5).map(scale)


@given(SCALES, VALUES)
def test_value_of_the_scale_is_in_a_band_or_in_a_gap_and_never_in_both(bands: Bands, value: Fraction) -> None:
    """Gaps are exactly what no band holds."""
    in_gap = any(value in gap for gap in bands.gaps(WITHIN))

    assert (value in WITHIN and not bands.containing(value)) == in_gap


@given(SCALES, VALUES)
def test_value_is_in_two_bands_exactly_where_they_overlap(bands: Bands, value: Fraction) -> None:
    """Overlaps are exactly what two bands hold."""
    in_overlap = any(value in overlap.values for overlap in bands.overlaps())

    assert (len(bands.containing(value)) > 1) == in_overlap


@given(SCALES, VALUES, VALUES)
def test_more_points_never_reach_a_lower_level(bands: Bands, value: Fraction, other: Fraction) -> None:
    """Monotone: the level reached rises with the value, whatever the bands."""
    order = [None, *(band.code for band in bands)]
    low, high = (bands.reached(points) for points in sorted((value, other)))

    assert order.index(low.code if low else None) <= order.index(high.code if high else None)


@given(intervals())
def test_band_reads_back_as_it_is_written(interval: Interval) -> None:
    """The printed form is the form of the data files."""
    assert str(interval) == "any" or Interval.parse(str(interval)) == interval


@given(intervals(), st.fractions("1/8", 3))
def test_band_holds_a_step_exactly_when_counting_finds_one(interval: Interval, step: Fraction) -> None:
    """Between 7 and 8 lies no whole number of points, but a half does."""
    inside = Interval.parse(">= -5, <= 105").intersection(interval)
    steps = (count * step for count in range(int(-6 / step), int(106 / step) + 1))
    counted = inside is not None and any(value in inside for value in steps)

    assert counted == (inside is not None and inside.holds_multiple_of(step))


@pytest.mark.parametrize("text", ["", "50", "= 50", "> 50 < 90", "> 90, < 50", "> 50, <= 50", "> 1, > 2", "<= 5 %"])
def test_band_that_cannot_be_read_is_refused(text: str) -> None:
    """Not guessed at: an empty band and a band with two bottoms are errors too."""
    with pytest.raises(ValueError, match="band"):
        Interval.parse(text)


def test_bands_out_of_order_or_with_one_code_twice_are_refused() -> None:
    """Lowest first, each code once."""
    low, high = Interval.parse("<= 50"), Interval.parse("> 50")

    with pytest.raises(ValueError, match="lowest first"):
        Bands((Band("GOOD", high, "", ""), Band("BELOW", low, "", "")))
    with pytest.raises(ValueError, match="twice"):
        Bands((Band("GOOD", low, "", ""), Band("GOOD", high, "", "")))


def test_next_band_is_the_one_above() -> None:
    """Above the highest there is none."""
    low, high = Band("BELOW", Interval.parse("<= 50"), "", ""), Band("GOOD", Interval.parse("> 50"), "", "")

    assert Bands((low, high)).above("BELOW") == high
    assert Bands((low, high)).above("GOOD") is None
    assert exact(50) in low.values
